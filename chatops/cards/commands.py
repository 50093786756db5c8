"""Commands in words: what they are called and how they are explained where one chooses them, and what they answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from chatops.cards import verbs as verb_words
from chatops.cards.verbs import label
from chatops.catalog import CATALOG, TEXT, Entry, Verb, entry
from chatops.i18n import _, language
from chatops.ui import Card, Controls, Form, Input, Paragraph, Part, Press, Quote, Tone
from chatops.words import one_line, side_by_side

_MENTION = re.compile(r"<@!?\w+>")  # as the chat platforms write one: nobody could read it

# Translators: the next ones are typed by people: lower-case letters and hyphens only, no blanks, at most 32.
NAMES: Mapping[str, Callable[[], str]] = {
    "reply": lambda: _("reply"),
    "note": lambda: _("note"),
    "claim": lambda: _("claim"),
    "resolve": lambda: _("resolve"),
    "reopen": lambda: _("reopen"),
    "assign": lambda: _("assign"),
    "unassign": lambda: _("unassign"),
    "level": lambda: _("level"),
    "priority": lambda: _("priority"),
    "language": lambda: _("language"),
    "tag": lambda: _("tag"),
    "tier": lambda: _("tier"),
    "snooze": lambda: _("snooze"),
    "no-reply": lambda: _("no-reply"),
    "escalate": lambda: _("escalate"),
    "page": lambda: _("page"),
    "pass": lambda: _("pass"),
    "merge": lambda: _("merge"),
    "block": lambda: _("block"),
    "queue": lambda: _("queue"),
    "sla": lambda: _("sla"),
    "details": lambda: _("details"),
    "find": lambda: _("find"),
    "translate": lambda: _("translate"),
    "desk": lambda: _("desk"),
    "help": lambda: _("help"),
    "text": lambda: _("text"),
    "verb": lambda: _("verb"),
    "home": lambda: _("home"),
    "zone": lambda: _("zone"),
    "languages": lambda: _("languages"),
    "quiet": lambda: _("quiet"),
    "hours": lambda: _("hours"),
    "who": lambda: _("who"),
    "tags": lambda: _("tags"),
    "when": lambda: _("when"),
    "why": lambda: _("why"),
    "ticket": lambda: _("ticket"),
    "off": lambda: _("off"),
    "which": lambda: _("which"),
    "words": lambda: _("words"),
    "macro": lambda: _("macro"),
    "macros": lambda: _("macros"),
    "try": lambda: _("try"),
    "rules": lambda: _("rules"),
    "promises": lambda: _("promises"),
    "calendars": lambda: _("calendars"),
    "shops": lambda: _("shops"),
    "outage": lambda: _("outage"),
    "digests": lambda: _("digests"),
    "digest": lambda: _("digest"),
    "stats": lambda: _("stats"),
    "rotations": lambda: _("rotations"),
    "holiday": lambda: _("holiday"),
    "days": lambda: _("days"),
    "oncall": lambda: _("oncall"),
    "show": lambda: _("show"),
    "swap": lambda: _("swap"),
    "override": lambda: _("override"),
    "absent": lambda: _("absent"),
    "picture": lambda: _("picture"),
    "feed": lambda: _("feed"),
    "about": lambda: _("about"),
    "shift": lambda: _("shift"),
    "span": lambda: _("span"),
}

# At most 100 characters each, in every language.
EXPLANATIONS: Mapping[str, Callable[[], str]] = {
    **{found.command: verb_words.EXPLANATIONS[found.verb] for found in CATALOG if found.command},
    "reply": lambda: _("Send an answer to the buyer."),
    "note": lambda: _("Keep a note inside the team."),
    "desk": lambda: _("What you can do here."),
    "desk help": lambda: _("Show what works in a thread; only you see it."),
    "reply text": lambda: _("What the buyer will read."),
    "note text": lambda: _("What the team will read."),
    "desk home": lambda: _("Your tickets, what waits longest, and your settings."),
    "desk zone": lambda: _("Tell where your clock is."),
    "desk zone zone": lambda: _("A large city there, for example Bangkok."),
    "desk languages": lambda: _("Tell in which languages you answer buyers."),
    "desk languages languages": lambda: _("By their codes, for example: en zh th"),
    "desk quiet": lambda: _("Tell in which hours nothing may call you."),
    "desk quiet hours": lambda: _("For example: 22-8 or 22:30-7:00. Or off."),
    "macro": lambda: _("Find a prepared answer in the buyer's language; only you see it."),
    "translate text": lambda: _("What you want to say; without it, the buyer's last messages are translated."),
    "macro macro": lambda: _("Its name, or words that stand in it."),
    "desk macros macro": lambda: _("Its name, or words that stand in it."),
    "desk try text": lambda: _("What a buyer might write, or you."),
    "desk rules": lambda: _("Look at the rules, and change them."),
    "desk rules which": lambda: _("lint (for answers), triage (for tickets), or a part of a rule's name"),
    "desk promises": lambda: _("See and change what is promised to buyers."),
    "desk calendars": lambda: _("See and change the hours in which promises count."),
    "desk calendars which": lambda: _("A part of the name."),
    "desk shops": lambda: _("See for which shops TikTok cannot be reached, and which are on holiday."),
    "desk outage": lambda: _("Say that TikTok cannot be reached, or can again."),
    "desk outage words": lambda: _("For example: on maomao-gb since 14:05. Or: off maomao-gb"),
    "digest about": lambda: _("For example: yesterday, last week compare, 2026-11-03 maomao-gb, month me"),
    "stats about": lambda: _("For example: volume.messages yesterday. Without words: the list."),
    "desk digests": lambda: _("See and change when digests come, and where."),
    "desk rotations": lambda: _("See and change who is on call and how pages climb."),
    "desk holiday": lambda: _("Say on which days a shop's holiday mode is on."),
    "desk holiday days": lambda: _("For example: maomao-gb 2026-12-24 .. 2027-01-02. Or: off maomao-gb"),
    "desk help verb": lambda: _("What to read more about, for example claim."),
    "assign who": lambda: _("A teammate, or a team: team night shift"),
    "level level": lambda: _("presale, logistics, quality or complaint"),
    "priority priority": lambda: _("low, normal, high or urgent"),
    "language language": lambda: _("A language, or auto for the one the buyer writes in."),
    "tag tags": lambda: _("For example: vip -late"),
    "tier tier": lambda: _("One of those that desk.toml names, or off."),
    "snooze when": lambda: _("For example: tomorrow 9, 2h, Monday 14:00. Or off: it comes back at once."),
    "escalate why": lambda: _("What a lead should know."),
    "page why": lambda: _("What whoever is called should know."),
    "pass who": lambda: _("A teammate, or a team: team night shift"),
    "merge ticket": lambda: _("The number of the ticket that goes on; without one, the newest earlier one."),
    "queue which": lambda: _("mine, unassigned, oldest, late, or the name of a team"),
    "sla details": lambda: _("why: which time was counted, day by day"),
    "find words": lambda: _("A buyer's name, an order number, or words that somebody wrote."),
    "oncall": lambda: _("Who is on call, and what you say about it."),
    "oncall show": lambda: _("Who is on call: now, next, mine, preview, or at a time."),
    "oncall show about": lambda: _("now, next, mine, preview, or: at 2026-03-08 03:12"),
    "oncall swap": lambda: _("Ask somebody, or everybody, to take your shift."),
    "oncall swap shift": lambda: _("For example: @Noor. Or: @Noor tomorrow 9. Empty: your next one, anybody."),
    "oncall override": lambda: _("Be on call for a while, in place of whoever has the turn."),
    "oncall override span": lambda: _("For example: 3h. Or: @Noor tomorrow 9 .. tomorrow 17:00"),
    "oncall absent": lambda: _("Say when you are not there."),
    "oncall absent span": lambda: _("For example: friday 9 .. monday 9"),
    "oncall picture": lambda: _("Show the coming five weeks as a picture in the rotation's channel."),
    "oncall picture about": lambda: _("Which rotation, where there are several."),
    "oncall feed": lambda: _("Get an address with which your own calendar shows who is on call."),
    "oncall feed about": lambda: _("Which rotation, where there are several; off takes the address back."),
    "block off": lambda: _("off: hear from the buyer again"),
}

# At most 32 characters each, in every language.
MENUS: Mapping[Verb, Callable[[], str]] = {
    Verb.REPLY: lambda: _("Reply to the buyer"),
    Verb.MACRO: lambda: _("Answer with a macro"),
    Verb.UNDO: lambda: _("Take it back"),
    Verb.COPY: lambda: _("Copy the words"),
    Verb.SEND_NOTE: lambda: _("Send to the buyer"),
}

DONE: Mapping[Verb, Callable[[], str]] = {
    Verb.CLAIM: lambda: _("The ticket is yours."),
    Verb.RESOLVE: lambda: _("The ticket is resolved."),
    Verb.REOPEN: lambda: _("The ticket is open again."),
    Verb.TRANSLATE: lambda: _("It is being translated. What comes of it, only you see."),
}


def by_menu(name: str) -> Verb | None:
    """Return what a menu's entry means, by its English name."""
    with language("en"):
        return next((verb for verb, named in MENUS.items() if named() == name), None)


def said_by(name: str, purpose: Verb) -> str:
    """Return what stands above somebody's words: their name, and what the words are for."""
    return side_by_side(one_line(name), label(purpose))


def called(entry: Entry) -> str:
    """Return how a verb's command is typed."""
    return "/" + " ".join(NAMES[word]() for word in entry.command.split())


def reply_form(ref: str, verb: Verb = Verb.REPLY) -> Form:
    """Return the form in which an answer to the buyer of the ticket `ref` is written."""
    return Form(
        title=_("Reply to the buyer"),
        submit=_("Send"),
        cancel=_("Cancel"),
        press=Press(verb, ref),
        inputs=(
            Input("text", _("Your answer"), hint=_("What the buyer will read."), multiline=True, limit=TEXT.limit),
        ),
    )


def done(verb: Verb, words: str = "") -> Card:
    """Return, privately, that a command did what it says, with the words it was given."""
    said = (
        DONE[verb]()
        if verb in DONE
        else _("Done: {what}", what=side_by_side(label(verb), one_line(_MENTION.sub("", words))))
    )
    return _said(said, Tone.GOOD)


def no_thread(words: str = "", found: Entry | None = None) -> Card:
    """Return, privately, that a command works in a ticket's thread only, with the words that were typed.

    `found`: what it is that is typed in the thread, where commands do not work.
    """
    typed = next(filter(None, found.words), "") if found else ""
    if typed:
        said = _("This works in the thread of a ticket. Open one and type there: {words}", words=typed)
    else:
        said = _("This works in the thread of a ticket. Open one and try again there.")
    return _said(said, Tone.WARN, words)


def form_not_shown() -> Card:
    """Return, privately, that a form did not open."""
    return _said(_("The form did not open in time. Nothing was done; try again."), Tone.WARN)


def not_ours() -> Card:
    """Return, privately, that a menu's entry was chosen on a message that it cannot be about."""
    return _said(_("This works on what somebody of your team wrote in the thread of a ticket."), Tone.WARN)


def unread() -> Card:
    """Return, privately, that a plain message in a thread is read by the team only."""
    return _said(
        _(
            "The buyer does not get what you type here, only your team can read it. "
            "To answer, type {command}, or open the menu of your message, choose Apps and then {menu}.",
            command=called(entry(Verb.REPLY)),
            menu=MENUS[Verb.SEND_NOTE](),
        ),
        Tone.WARN,
    )


def not_taken(words: str) -> Card:
    """Return that the chat platform did not take what somebody said by a command, with the words."""
    return _said(_("Not sent: it could not be shown in the thread in time. Try again."), Tone.WARN, words)


def in_doubt(words: str, code: str = "") -> Card:
    """Return that nobody knows whether what somebody said by a command stands in the thread; `code` names why."""
    sentence = _("It is not certain that this stands in the thread. Look there first; if it does not, try again.")
    card = _said(sentence, Tone.WARN, words)
    return replace(card, parts=(*card.parts, Paragraph((_("Reason: {code}", code=code),)))) if code else card


def passed_on() -> Card:
    """Return, privately, that the desk has what was chosen to be sent."""
    return _said(_("Taken over. What becomes of it is shown in this thread."), Tone.GOOD)


def given_back(card: Card, words: str, again: str = "") -> Card:
    """Return a refusal with the words that were typed, so that nobody has to type them again.

    `again`: the ref by which the form that held them is opened once more.
    """
    button = (Controls((verb_words.button(Verb.AGAIN, again),)),) if again else ()
    parts = (*card.parts, *_kept(words), *button)
    return Card(summary=card.summary, title=card.title, tone=card.tone, parts=parts)


def _said(sentence: str, tone: Tone, words: str = "") -> Card:
    return Card(summary=sentence, tone=tone, parts=(Paragraph((sentence,)), *_kept(words)))


def _kept(words: str) -> tuple[Part, ...]:
    return (Paragraph((_("You wrote:"),)), Quote(words)) if words else ()
