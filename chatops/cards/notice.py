"""What became of an answer, a request or a connection.

Said in the thread or channel when the team must know, otherwise to one person only.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from chatops.cards import lint
from chatops.cards.faults import SENT_AGAIN_IN_VAIN, UNSURE, why_not_sent
from chatops.cards.refusals import messages_needed, why_refused
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, clock, day, moment, ngettext, weave
from chatops.model.message import HELD, Held, Message
from chatops.model.shop import Shop
from chatops.refs import choice_ref, message_ref, ticket_ref
from chatops.rules.lint import Hit
from chatops.rules.macro import WORDS
from chatops.rules.text import BUYER_LIMIT
from chatops.ui import (
    Button,
    Card,
    Confirm,
    Controls,
    Form,
    Inline,
    Input,
    Line,
    Mention,
    Moment,
    MomentStyle,
    Paragraph,
    Part,
    Press,
    Quote,
    Small,
    Tone,
)
from chatops.words import one_line, side_by_side

UNDELIVERED: Mapping[str, Callable[[], str]] = {
    "open_thread": lambda: _("A new conversation could not be shown in this channel."),
    "mirror": lambda: _("A message could not be shown in its thread."),
    "notice": lambda: _("A notice about an answer could not be shown in its thread."),
    "spoken": lambda: _("What a teammate answered or noted could not be shown in its thread."),
    "told": lambda: _("What was decided about a ticket could not be said in its thread."),
}
AFTERWARDS: Mapping[str, Callable[[], str]] = {  # what is left to do where nothing from the buyer is missing
    "spoken": lambda: _("The buyer may have the answer: look in Seller Center before anybody answers again."),
    "told": lambda: _("It holds all the same, and stands on the ticket's card."),
}


def undo_offer(message: Message) -> Card:
    """Return the private offer to take an answer back while it has not left."""
    leaves_at = message.leaves_at or message.said_at
    undo = Controls((button(Verb.UNDO, _ref(message), Tone.BAD),))
    when = Moment(leaves_at, MomentStyle.TIME, clock(leaves_at))
    return Card(
        summary=_("Your answer goes to the buyer at {when}.", when=clock(leaves_at)),
        parts=(Paragraph(weave("Your answer goes to the buyer at {when}.", when=when)), undo),
    )


def not_sent(message: Message, hits: Sequence[Hit] = ()) -> Card:
    """Return the notice in the thread that an answer did not reach the buyer, or perhaps did not.

    `hits`: what the rules found in it, where that is why.
    """
    what = _what_came(message.fault)
    why = why_not_sent(message.fault)
    held = _("Later answers to this buyer wait until you decide.") if message.lane_seq is not None else ""
    parts: list[Part] = [Paragraph((*_calling(message), what))]
    if message.text:
        parts.append(Quote(message.text))
    parts += lint.findings(message.text, hits)
    parts += [Paragraph((said,)) for said in (why, held) if said]
    parts.append(Controls(tuple(_ways_out(message))))
    return Card(
        summary=" ".join(part for part in (what, why, held, message.text) if part),
        tone=Tone.WARN if message.fault in (UNSURE, *HELD) else Tone.BAD,
        parts=tuple(parts),
    )


def _what_came(fault: str) -> str:
    if fault in HELD:
        return _("This answer is not sent yet.")
    if fault == UNSURE:
        return _("This answer may not have reached the buyer.")
    return _("This answer did not reach the buyer.")


def copied(message: Message) -> Card:
    """Return, privately, the words of an answer for copying."""
    if not message.text:
        return _said(_("This answer has no words to copy."))
    said = _("Here is the text to copy:")
    return Card(summary=f"{said} {message.text}", parts=(Paragraph((said,)), Quote(message.text)))


def edit_too_late(message: Message) -> Card:  # noqa: ARG001 - one shape for every answer about a message
    """Return, privately, that an edit came after the answer had left."""
    return _said(_("The buyer already has this answer as it was. To correct it, write a new answer."), Tone.WARN)


def delete_too_late(message: Message) -> Card:  # noqa: ARG001 - as above
    """Return, privately, that a deletion came after the answer had left."""
    return _said(_("The buyer already has this answer: deleting it here does not take it back."), Tone.WARN)


def withdrawn(message: Message) -> Card:
    """Return, privately, that an answer was taken back in time."""
    said = _("Taken back: the buyer does not get this answer.")
    copy = (Controls((button(Verb.COPY, _ref(message)),)),) if message.text else ()
    return Card(summary=said, tone=Tone.GOOD, parts=(Paragraph((said,)), *copy))


def left_out(pieces: str) -> Card:
    """Return, privately, what of an answer the buyer does not get: links into the chat platform, the team's emoji."""
    words = _("Left out of your answer, because only your team can see it: {pieces}", pieces=one_line(pieces, 300))
    return _said(words, Tone.WARN)


def note_kept(message: Message) -> Card:
    """Return, privately, that a text stays inside the team, with the way to send it after all."""
    said = _("Kept inside the team. The buyer does not see it.")
    send = Controls((button(Verb.SEND_NOTE, _ref(message)),))
    return Card(summary=said, parts=(Paragraph((said,)), send))


def refusal(refused: Refused, message: Message | None = None) -> Card:
    """Return, privately, why a request was refused; `message` is the kept answer it was about, if there is one."""
    words, count = why_refused(refused), messages_needed(refused)
    parts: list[Part] = [Paragraph(_pointing(refused, words))]
    if refused.reason is Refusal.TOO_LONG and message is not None and count > 1:
        said = ngettext("Send as {count} message", "Send as {count} messages", count)
        parts.append(Controls((Button(said, Press(Verb.SPLIT, _ref(message))),)))
    if refused.reason is Refusal.WORDS_NEEDED and "ticket_id" in refused.facts:  # the button opens a form
        ref = ticket_ref(str(refused.facts["shop_id"]), str(refused.facts["ticket_id"]))
        parts.append(Controls((button(Verb(str(refused.facts["verb"])), ref),)))
    return Card(summary=words, tone=Tone.WARN, parts=tuple(parts))


def _pointing(refused: Refused, words: str) -> Line:
    """Say who was faster, where that is known."""
    agent_id = refused.facts.get("agent_id")
    if refused.reason is Refusal.ALREADY_CLAIMED and isinstance(agent_id, str) and agent_id:
        return weave("{agent} has already claimed this ticket.", agent=Mention(agent_id))
    return (words,)


def incident(code: str) -> Card:
    """Return, privately, that something unexpected happened; `code` is the incident's id in the log."""
    words = _(
        "Something unexpected happened, and this was not done. What you wrote is still in the thread. "
        "Try again; if it happens again, give this code to whoever runs chatops: {code}",
        code=code,
    )
    return Card(summary=words, tone=Tone.BAD, parts=(Paragraph((words,)),))


def undelivered(kind: str, error: str, *, buyer: str = "", shop: str = "") -> Card:
    """Return that something could not be shown: the delivery's `kind`, the platform's `error`, whom it was about."""
    what = UNDELIVERED.get(kind, lambda: _("Something could not be shown in this channel."))()
    todo = AFTERWARDS.get(kind, _look_elsewhere)()
    about, reason = side_by_side(buyer, shop), _("Reason: {code}", code=error)
    return Card(
        summary=" ".join(part for part in (what, about, todo, reason) if part),
        tone=Tone.BAD,
        parts=(Paragraph((what,)), *((Paragraph((about,)),) if about else ()), Paragraph((todo,)), Small((reason,))),
    )


def _look_elsewhere() -> str:
    return _("Nothing is lost: it is kept here and in Seller Center. Look there, and answer there if it is urgent.")


def shop_disconnected(shop: Shop) -> Card:
    """Return that the seller took back the permission: nothing arrives and nothing leaves."""
    title = _("{shop} is disconnected", shop=shop.name)
    what = _(
        "TikTok Shop reports that the seller disconnected it. New messages do not arrive, and answers cannot leave."
    )
    todo = _("Everything that arrived so far is kept. To go on, connect the shop again: chatops shop connect")
    return Card(
        title=title,
        summary=f"{title}. {what} {todo}",
        tone=Tone.BAD,
        parts=(Paragraph((what,)), Paragraph((todo,))),
    )


def connection_ending(shop: Shop, on: datetime) -> Card:
    """Return that the seller's permission ends on a day unless it is renewed."""
    title = _("The connection of {shop} ends soon", shop=shop.name)
    todo = _("Connect the shop again before that day, so that no message is missed: chatops shop connect")
    when = Moment(on, MomentStyle.DATE_TIME, moment(on))
    return Card(
        title=title,
        summary=side_by_side(title, day(on), todo),
        tone=Tone.WARN,
        parts=(Paragraph(weave("It ends on {when}.", when=when)), Paragraph((todo,))),
    )


def delayed(message: Message, until: datetime) -> Card:
    """Return that an answer waits until the marketplace takes messages of the shop again."""
    when = Moment(until, MomentStyle.DATE_TIME, moment(until))
    return Card(
        summary=_(
            "TikTok Shop accepts no more messages from this shop until {when}. Your answer waits and leaves then.",
            when=moment(until),
        ),
        tone=Tone.WARN,
        parts=(
            Paragraph(
                weave(
                    "TikTok Shop accepts no more messages from this shop until {when}. "
                    "Your answer waits and leaves then.",
                    when=when,
                )
            ),
            Quote(message.text),
        ),
    )


def _ways_out(message: Message) -> list[Button]:
    ref = _ref(message)
    buttons = []
    if message.fault == UNSURE:
        buttons.append(button(Verb.RETRY, ref, confirm=_send_twice()))
    elif message.fault in HELD:
        verb = Verb.APPROVE if message.fault == Held.LINT_BLOCK else Verb.SEND_ANYWAY
        buttons.append(button(verb, choice_ref(ref, message.reading)))
        if message.text:
            buttons.append(button(Verb.REWORD, choice_ref(ref, message.reading)))
    elif message.fault not in SENT_AGAIN_IN_VAIN:
        buttons.append(button(Verb.RETRY, ref, Tone.GOOD))
    if message.text:
        buttons.append(button(Verb.COPY, ref))
    return [*buttons, button(Verb.DROP, ref)]


def rewording(message: Message) -> Form:
    """Return the form in which somebody writes what is sent in place of an answer that is held."""
    said = Input(WORDS, _("What the buyer reads"), message.text[:BUYER_LIMIT], multiline=True, limit=BUYER_LIMIT)
    return Form(
        title=_("Reply to the buyer"),
        submit=_("Send"),
        cancel=_("Cancel"),
        press=Press(Verb.REWORD, choice_ref(_ref(message), message.reading)),
        inputs=(said,),
    )


def _send_twice() -> Confirm:
    return Confirm(
        title=_("Send it again?"),
        text=_("If the first try did reach the buyer, the buyer reads the answer twice."),
        yes=_("Send again"),
        no=_("Cancel"),
    )


def sure(verb: Verb, ref: str) -> Card:
    """Ask whether a press is meant, where the platform's buttons cannot ask themselves."""
    asked = _send_twice()
    again = Controls((Button(asked.yes, Press(verb, ref), Tone.BAD),))
    return Card(summary=f"{asked.title} {asked.text}", title=asked.title, parts=(Paragraph((asked.text,)), again))


def _calling(message: Message) -> tuple[Inline, ...]:
    return (Mention(message.agent_id), " ") if message.agent_id else ()


def _said(words: str, tone: Tone = Tone.NEUTRAL) -> Card:
    return Card(summary=words, tone=tone, parts=(Paragraph((words,)),))


def _ref(message: Message) -> str:
    return message_ref(message.shop_id, message.id)
