"""What people see of pages: the mention in a thread, the direct message that rings somebody up, the cry for anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatops.cards.words import buyer_name, one_line, side_by_side
from chatops.i18n import _, length, moment, ngettext, weave
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.message import Author
from chatops.model.page import UNANSWERED, How, Page, Why
from chatops.model.ticket import Ticket
from chatops.rules.escalation import Cause, PageState
from chatops.store.transaction import Transaction
from chatops.ui import (
    Card,
    Divider,
    GroupMention,
    Inline,
    Line,
    Link,
    Mention,
    Moment,
    MomentStyle,
    Paragraph,
    Part,
    Quote,
    Small,
    Strong,
    Tone,
)

Facts = Mapping[str, str]
IN_FULL = 4  # pages of one direct message with words and buttons; Discord has room for five rows of these
IN_A_LINE = 10
WORDS = 300  # characters of what a buyer said


def called(facts: Facts) -> Card:
    """Return the mention in a thread of those who are called; who was rung up a moment ago is only named."""
    rung: list[Inline] = [Mention(one) for one in facts["rung"].split()]
    rung += [GroupMention(one) for one in facts["groups"].split()]
    rung += [Strong(one) for one in (facts["teams"], facts["named"]) if one]
    whom: Line = tuple(piece for one in rung for piece in (one, " "))
    due_at = datetime.fromisoformat(facts["due_at"]) if facts["due_at"] else None
    words = (Quote(facts["words"]),) if facts["words"] else ()
    line = _why(Why(facts["why"]), due_at, facts["asked_by"])
    return Card(summary=_plain(line), tone=Tone.BAD, parts=(Paragraph((*whom, *line)), *words))


def unheard(facts: Facts) -> Card:
    """Return that nobody came: nobody is there to be called, or everybody was."""
    said = _nobody_came(facts["cause"])
    return Card(summary=said, tone=Tone.BAD, parts=(Paragraph((said,)),))


def refused(facts: Facts) -> Card:
    """Return that no direct message reaches somebody."""
    who = Mention(facts["agent_id"])
    line = weave("{agent} cannot be reached by direct message: the call goes on without them.", agent=who)
    said = _("Somebody who was called cannot be reached by direct message.")
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph(line),))


def taken(facts: Facts) -> Card:
    """Return who has answered a page."""
    who = Mention(facts["agent_id"]) if facts["agent_id"] else Strong(one_line(facts.get("name", "")) or "?")
    if facts["how"] == How.OUTSIDE:
        line = weave("{agent} has heard the call outside this chat.", agent=who)
        return Card(summary=_("Somebody has heard the call."), tone=Tone.GOOD, parts=(Small(line),))
    if facts["how"] == How.SNOOZED:
        line = weave("{agent} wants to be called again in ten minutes.", agent=who)
        return Card(summary=_("The call waits for ten minutes."), tone=Tone.WARN, parts=(Small(line),))
    line = weave("{agent} has heard the call.", agent=who)
    return Card(summary=_("Somebody has heard the call."), tone=Tone.GOOD, parts=(Small(line),))


def _nobody_came(cause: str) -> str:
    if cause == Cause.EXHAUSTED:
        return _("Everybody was called, and nobody has answered the call.")
    return _("Nobody could be called: nobody is on call, or everybody is asleep.")


def _why(why: Why, due_at: datetime | None, asked_by: str) -> Line:
    when = Moment(due_at, MomentStyle.AGO, moment(due_at)) if due_at else ""
    if why is Why.ASKED and asked_by:
        return weave("{agent} asks for you.", agent=Mention(asked_by))
    if why is Why.ASKED or due_at is None:
        return (_("Somebody is needed here."),)
    if why is Why.WARN:
        return weave("An answer is due: {when}.", when=when)
    return weave("An answer was due: {when}.", when=when)


def _plain(line: Line) -> str:
    pieces = (piece.fallback if isinstance(piece, Moment) else piece for piece in line)
    return " ".join("".join(piece if isinstance(piece, str) else "…" for piece in pieces).split())


def direct(tx: Transaction, listed: Sequence[Page], now: datetime) -> Card:
    """Return the direct message that rings somebody up: what is most urgent first, and below it who has the others."""
    waiting = sorted((page for page in listed if page.state in UNANSWERED), key=lambda page: page.due_at or now)
    over = [page for page in listed if page.state not in UNANSWERED]
    lines = [_in_a_line(tx, page) for page in (*waiting[IN_FULL:], *over)]
    rest = len(lines) - IN_A_LINE
    parts = [part for page in waiting[:IN_FULL] for part in _in_full(tx, page)]
    parts += [Small(line) for line in lines[:IN_A_LINE]]
    parts += [Small((ngettext("and {count} more", "and {count} more", rest),))] if rest > 0 else []
    summary = side_by_side(*(_summary(tx, page, now) for page in waiting[:IN_FULL])) or _("The call is over.")
    if len(waiting) > 1:
        count = ngettext("{count} ticket needs you", "{count} tickets need you", len(waiting))
        return Card(summary=f"{count}: {summary}", title=count, tone=Tone.BAD, parts=tuple(parts))
    return Card(summary=summary, tone=Tone.BAD if waiting else Tone.GOOD, parts=tuple(parts))


def _in_full(tx: Transaction, page: Page) -> list[Part]:
    ticket, name = tickets.get(tx, page.shop_id, page.ticket_id), _name(tx, page)
    shop = shops.get(tx, page.shop_id)
    head: Line = (Strong(name), f" · {shop.name} · " if shop else " · ", *_link(tx, page))
    words = [Quote(page.words)] if page.words else []
    said = _said(tx, ticket)
    parts: list[Part] = [Paragraph(head), Paragraph(_why(page.why, page.due_at, page.asked_by)), *words]
    return [*parts, *([Quote(said)] if said else []), Divider()]


def _in_a_line(tx: Transaction, page: Page) -> Line:
    name = Strong(_name(tx, page))
    if page.state in UNANSWERED:
        return (name, " · ", *_why(page.why, page.due_at, page.asked_by), " ", *_link(tx, page))
    if page.state is PageState.OVER:
        return (name, " · ", _("needs nobody any more"), " ", *_link(tx, page))
    if page.how is How.SNOOZED:
        return (name, " · ", *weave("calls again {when}", when=_at(page.ends_at)), " ", *_link(tx, page))
    if page.how is How.OUTSIDE:
        return (name, " · ", _("somebody has it outside this chat"), " ", *_link(tx, page))
    return (name, " · ", *weave("{agent} has it", agent=Mention(page.acknowledged_by)), " ", *_link(tx, page))


def in_channel(tx: Transaction, page: Page, cause: str) -> Card:
    """Return what a whole channel hears of a page: that it is called, or that nobody came."""
    name, said = _name(tx, page), _said(tx, tickets.get(tx, page.shop_id, page.ticket_id))
    cry: Line = (_nobody_came(cause), " ") if cause in (Cause.FALLBACK, Cause.EXHAUSTED) else ()
    line: Line = (*cry, *_why(page.why, page.due_at, page.asked_by))
    parts: list[Part] = [Paragraph((Strong(name), " · ", *line, " ", *_link(tx, page)))]
    return Card(
        summary=side_by_side(name, _plain(line), said), tone=Tone.BAD, parts=(*parts, *([Quote(said)] if said else []))
    )


def _summary(tx: Transaction, page: Page, now: datetime) -> str:
    left = (page.due_at - now).total_seconds() if page.due_at else 0
    time = _("{length} left", length=length(int(left * 1000))) if left > 0 else ""
    return side_by_side(_name(tx, page), time, _said(tx, tickets.get(tx, page.shop_id, page.ticket_id)))


def _name(tx: Transaction, page: Page) -> str:
    ticket = tickets.get(tx, page.shop_id, page.ticket_id)
    buyer = conversations.buyer(tx, page.shop_id, ticket.buyer_id if ticket else None)
    return buyer_name(buyer, ticket.buyer_id if ticket else None)


def _said(tx: Transaction, ticket: Ticket | None) -> str:
    """Return the last words of the ticket's buyer."""
    said = messages.said_in(tx, ticket.shop_id, ticket.id) if ticket else []
    return next((one_line(one.text, WORDS) for one in reversed(said) if one.author is Author.BUYER and one.text), "")


def _link(tx: Transaction, page: Page) -> Line:
    found = threads.of_ticket(tx, page.shop_id, page.ticket_id)
    url = next((threads.address(one) for one in found if one.workspace_id == page.workspace_id), "")
    return (Link(url, _("Go there")),) if url else ()


def _at(instant: datetime) -> Moment:
    return Moment(instant, MomentStyle.AGO, moment(instant))
