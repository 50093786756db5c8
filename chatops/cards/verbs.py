"""What a person can do, in words: one label and one explanation per verb of the catalogue."""

from collections.abc import Callable, Mapping

from chatops.catalog import Verb
from chatops.i18n import _
from chatops.ui import Button, Confirm, Press, Tone

LABELS: Mapping[Verb, Callable[[], str]] = {
    Verb.REPLY: lambda: _("Answer"),
    Verb.NOTE: lambda: _("Note"),
    Verb.CLAIM: lambda: _("Claim"),
    Verb.RESOLVE: lambda: _("Resolve"),
    Verb.REOPEN: lambda: _("Reopen"),
    Verb.ASSIGN: lambda: _("Assign"),
    Verb.UNASSIGN: lambda: _("Unassign"),
    Verb.LEVEL: lambda: _("Level"),
    Verb.PRIORITY: lambda: _("Priority"),
    Verb.LANGUAGE: lambda: _("Language"),
    Verb.TAG: lambda: _("Tags"),
    Verb.TIER: lambda: _("Tier"),
    Verb.SNOOZE: lambda: _("Snooze"),
    Verb.NO_REPLY: lambda: _("No answer needed"),
    Verb.ESCALATE: lambda: _("Call a lead"),
    Verb.PAGE: lambda: _("Page"),
    Verb.TAKE: lambda: _("Take it"),
    Verb.ANSWER: lambda: _("Answer"),
    Verb.LATER: lambda: _("Snooze 10 min"),
    Verb.HAND_ON: lambda: _("Pass to…"),
    Verb.MERGE: lambda: _("Merge"),
    Verb.BLOCK: lambda: _("Block the buyer"),
    Verb.QUEUE: lambda: _("Queue"),
    Verb.FIND: lambda: _("Find"),
    Verb.WHO: lambda: _("Who is this?"),
    Verb.TRANSLATE: lambda: _("Translate"),
    Verb.SLA: lambda: _("Clocks"),
    Verb.MACRO: lambda: _("Macro"),
    Verb.MACRO_SEND: lambda: _("Send"),
    Verb.MACRO_EDIT: lambda: _("Edit"),
    Verb.MACRO_WRITE: lambda: _("New macro"),
    Verb.MACROS: lambda: _("Macros"),
    Verb.TRY: lambda: _("Try the rules"),
    Verb.RULES: lambda: _("Rules"),
    Verb.RULE_WRITE: lambda: _("Change a rule"),
    Verb.RULE_SAVE: lambda: _("Save"),
    Verb.RULES_BACK: lambda: _("Version before"),
    Verb.PROMISES: lambda: _("Promises"),
    Verb.PROMISES_TAKE: lambda: _("Look at it"),
    Verb.PROMISES_APPLY: lambda: _("Promise this"),
    Verb.PROMISES_BACK: lambda: _("Undo the change"),
    Verb.PROMISE_WRITE: lambda: _("Change a promise"),
    Verb.CALENDARS: lambda: _("Hours"),
    Verb.CALENDAR_WRITE: lambda: _("Change"),
    Verb.SHOPS: lambda: _("Shops"),
    Verb.OUTAGE: lambda: _("TikTok is down"),
    Verb.HOLIDAY: lambda: _("Holiday mode"),
    Verb.ROTATIONS: lambda: _("Rotations"),
    Verb.ROTA_WRITE: lambda: _("Change a rotation"),
    Verb.ROTA_SAVE: lambda: _("Save"),
    Verb.ROTATIONS_BACK: lambda: _("Undo the change"),
    Verb.DIGEST: lambda: _("Digest"),
    Verb.STATS: lambda: _("How is this counted?"),
    Verb.DIGESTS: lambda: _("Digests"),
    Verb.DIGEST_WRITE: lambda: _("Change a digest"),
    Verb.DIGEST_TRY: lambda: _("Send me the last one"),
    Verb.DIGEST_SAVE: lambda: _("Save"),
    Verb.DIGESTS_TAKE: lambda: _("Take it"),
    Verb.DIGESTS_BACK: lambda: _("Undo the change"),
    Verb.AGAIN: lambda: _("Edit again"),
    Verb.UNDO: lambda: _("Undo"),
    Verb.RETRY: lambda: _("Try again"),
    Verb.DROP: lambda: _("Drop"),
    Verb.COPY: lambda: _("Copy"),
    Verb.SPLIT: lambda: _("Split"),
    Verb.SEND_ANYWAY: lambda: _("Send anyway"),
    Verb.APPROVE: lambda: _("Approve"),
    Verb.REWORD: lambda: _("Edit"),
    Verb.INTERNAL: lambda: _("Keep inside"),
    Verb.PIN: lambda: _("On the card"),
    Verb.SEND_NOTE: lambda: _("Send to the buyer"),
    Verb.MORE: lambda: _("More…"),
    Verb.HOME: lambda: _("My desk"),
    Verb.ZONE: lambda: _("Time zone"),
    Verb.LANGUAGES: lambda: _("My languages"),
    Verb.QUIET: lambda: _("Quiet hours"),
    Verb.ONCALL: lambda: _("On call"),
    Verb.SWAP: lambda: _("Give a shift away"),
    Verb.OVERRIDE: lambda: _("Stand in"),
    Verb.ABSENT: lambda: _("Be absent"),
    Verb.PICTURE: lambda: _("Picture of the coming weeks"),
    Verb.FEED: lambda: _("My calendar"),
    Verb.SHIFT_TAKE: lambda: _("Take the shift"),
    Verb.SHIFT_DECLINE: lambda: _("I cannot"),
    Verb.SHIFT_BACK: lambda: _("Take it back"),
    Verb.HELP: lambda: _("Help"),
}

EXPLANATIONS: Mapping[Verb, Callable[[], str]] = {
    Verb.REPLY: lambda: _(
        "Write in this thread: it goes to the buyer after a few seconds. Until then you can edit or delete it."
    ),
    Verb.NOTE: lambda: _("Stays inside the team. A message that mentions a teammate stays inside, too."),
    Verb.CLAIM: lambda: _("Take the ticket, so that everybody knows who answers."),
    Verb.RESOLVE: lambda: _("Close the ticket when there is nothing left to do."),
    Verb.REOPEN: lambda: _("Open the ticket again."),
    Verb.ASSIGN: lambda: _("Give the ticket to a teammate or a team."),
    Verb.UNASSIGN: lambda: _("Make the ticket nobody's again."),
    Verb.LEVEL: lambda: _("Say what it is about: before buying, delivery, quality or a complaint."),
    Verb.PRIORITY: lambda: _("Say how much the ticket matters."),
    Verb.LANGUAGE: lambda: _("Choose the language in which this buyer is answered."),
    Verb.TAG: lambda: _("Put tags on the ticket, or take them off with a minus."),
    Verb.TIER: lambda: _("Put the buyer in a tier, for this shop: promises can be for some tiers only."),
    Verb.SNOOZE: lambda: _("Let the ticket rest until a time; it comes back then, or when the buyer writes."),
    Verb.NO_REPLY: lambda: _("The buyer needs no answer: stop the wait, and leave the ticket open."),
    Verb.ESCALATE: lambda: _("Call the leads into this thread, with a reason if you like."),
    Verb.PAGE: lambda: _("Call whoever is on call about this ticket, with a reason if you like."),
    Verb.TAKE: lambda: _("Make the ticket yours, whoever had it: nobody else is called about it."),
    Verb.ANSWER: lambda: _("Write an answer to the buyer."),
    Verb.LATER: lambda: _("Be called again in ten minutes, and nobody else until then."),
    Verb.HAND_ON: lambda: _("Let a teammate or a team be called in your place."),
    Verb.MERGE: lambda: _("Let an earlier ticket of this buyer go on with this one."),
    Verb.QUEUE: lambda: _(
        "What waits, the longest first: yours and nobody's, or everybody's; late shows what is due next."
    ),
    Verb.FIND: lambda: _("Look for tickets by a buyer's name, an order number or words."),
    Verb.TRANSLATE: lambda: _("Read what the buyer wrote in your language, or your words in the buyer's."),
    Verb.SLA: lambda: _("See what is promised for this ticket and how much time is left; why shows what was counted."),
    Verb.WHO: lambda: _("Every ticket this buyer had, in all shops."),
    Verb.BLOCK: lambda: _("Keep and show what the buyer writes, but open no tickets for it."),
    Verb.MACRO: lambda: _("Answer with prepared words in the buyer's language. Type some words to find others."),
    Verb.MACRO_SEND: lambda: _("Send the macro as you see it."),
    Verb.MACRO_EDIT: lambda: _("Change the macro's words before they go to the buyer."),
    Verb.MACROS: lambda: _(
        "Look at the library: texts, who keeps them, how often they are sent. Leads write new ones."
    ),
    Verb.MACRO_WRITE: lambda: _("Write a macro for the team, or its text in one more language."),
    Verb.TRY: lambda: _("See what the rules make of a text, as a buyer's or as an answer; nothing is sent."),
    Verb.RULES: lambda: _("Look at the rules for answers and for tickets, and change them; for leads."),
    Verb.RULE_WRITE: lambda: _("Write a rule; you see what it would change before it counts."),
    Verb.RULE_SAVE: lambda: _("Let the rule that you tried count from now on."),
    Verb.RULES_BACK: lambda: _("Let the rules count again as they were before the last change."),
    Verb.PROMISES: lambda: _("See what is promised to buyers; take a ready-made pack, or change one promise."),
    Verb.PROMISES_TAKE: lambda: _("See what a ready-made pack promises, and how many open clocks it would move."),
    Verb.PROMISES_APPLY: lambda: _("Let a ready-made pack count in place of what is promised now."),
    Verb.PROMISES_BACK: lambda: _("Let what was changed last mean again what it meant before."),
    Verb.PROMISE_WRITE: lambda: _("Change one promise, or make a new one; try first what would move."),
    Verb.CALENDARS: lambda: _("See the hours in which promises count; change them, or add public holidays."),
    Verb.CALENDAR_WRITE: lambda: _("Change hours, days unlike others, holidays; try first what would move."),
    Verb.SHOPS: lambda: _(
        "See whether TikTok can be reached for each shop, or since when it cannot, and which are on holiday."
    ),
    Verb.OUTAGE: lambda: _(
        "Say that TikTok cannot be reached for a shop, and when it can again: clocks that pause on it stand still."
    ),
    Verb.ROTATIONS: lambda: _("See who takes turns on call and how pages climb; change it, tried first."),
    Verb.ROTA_WRITE: lambda: _("Change a rotation or an escalation, or make a new one; you see what would come of it."),
    Verb.ROTA_SAVE: lambda: _("Let the rotation or escalation that you tried count from now on."),
    Verb.ROTATIONS_BACK: lambda: _("Let what was changed last mean again what it meant before."),
    Verb.DIGEST: lambda: _("Be told how today goes so far, or how other days went."),
    Verb.STATS: lambda: _("See one number, or all there are, and how it is counted."),
    Verb.DIGESTS: lambda: _("See when digests come and where; change them, tried first, or take ready-made ones."),
    Verb.DIGEST_WRITE: lambda: _("Change a digest or plan a new one; you see what would come of it."),
    Verb.DIGEST_TRY: lambda: _("Get the digest that you tried, of the days before, as a direct message."),
    Verb.DIGEST_SAVE: lambda: _("Let the digest that you tried come from now on."),
    Verb.DIGESTS_TAKE: lambda: _("Let ready-made digests come from now on."),
    Verb.DIGESTS_BACK: lambda: _("Let what was changed last mean again what it meant before."),
    Verb.AGAIN: lambda: _("Open a form again with what you wrote into it."),
    Verb.HOLIDAY: lambda: _(
        "Say on which days a shop's holiday mode is on: TikTok does not count what buyers ask then, your clocks do."
    ),
    Verb.UNDO: lambda: _("Take an answer back before it leaves."),
    Verb.RETRY: lambda: _("Send an answer again that did not reach the buyer."),
    Verb.DROP: lambda: _("Give up an answer that did not reach the buyer, so that the next one can leave."),
    Verb.COPY: lambda: _("Get the text of an answer, to change it and send it again."),
    Verb.SPLIT: lambda: _("Send an answer that is too long as several messages."),
    Verb.SEND_ANYWAY: lambda: _("Send an answer that was held so that you could think again."),
    Verb.APPROVE: lambda: _("Let an answer leave that a rule stops."),
    Verb.REWORD: lambda: _("Send other words in place of an answer that is held."),
    Verb.INTERNAL: lambda: _("React to an answer that has not left: it stays inside the team, as a note."),
    Verb.PIN: lambda: _("React to a message: its words stand on the ticket's card until you take the reaction away."),
    Verb.SEND_NOTE: lambda: _("Send a note to the buyer after all."),
    Verb.MORE: lambda: _("Everything else you can do with the ticket."),
    Verb.HOME: lambda: _("See your tickets, what waits longest, and your settings; only you see it."),
    Verb.ZONE: lambda: _("Tell where your clock is, so that “tomorrow 9” means your nine o'clock."),
    Verb.LANGUAGES: lambda: _("Tell in which languages you answer buyers."),
    Verb.QUIET: lambda: _("Tell in which hours, by your clock, nothing may call you."),
    Verb.ONCALL: lambda: _("Who is on call: now, next, mine, preview of the coming weeks, or at a time that is past."),
    Verb.SWAP: lambda: _("Ask somebody, or everybody, to take your next shift, or the one of a day you name."),
    Verb.OVERRIDE: lambda: _("Be on call for a while in place of whoever has the turn; leads say it of anybody."),
    Verb.ABSENT: lambda: _("Say when you are not there: whoever else has the turn then is on call."),
    Verb.PICTURE: lambda: _("The coming five weeks are shown as a picture in the rotation's channel, with every gap."),
    Verb.FEED: lambda: _(
        "You get a direct message with an address: your own calendar then shows who is on call. “off” takes it back."
    ),
    Verb.SHIFT_TAKE: lambda: _("Take the shift of somebody who asked for it."),
    Verb.SHIFT_DECLINE: lambda: _("Tell whoever asked that you cannot take their shift."),
    Verb.SHIFT_BACK: lambda: _("Take back what you said about being on call, from now on."),
    Verb.HELP: lambda: _("Show what works in a thread; only you see it."),
}


def label(verb: Verb) -> str:
    """Return what a button for the verb says."""
    return LABELS[verb]()


def explanation(verb: Verb) -> str:
    """Return what the verb does, in a sentence or two."""
    return EXPLANATIONS[verb]()


def button(verb: Verb, ref: str, tone: Tone = Tone.NEUTRAL, confirm: Confirm | None = None) -> Button:
    """Return the button that does `verb` to what `ref` names."""
    return Button(label(verb), Press(verb, ref), tone, confirm)
