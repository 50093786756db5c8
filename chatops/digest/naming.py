"""What numbers are about, called by name in the reader's language, and lines that compare and list.

A value that is not known any more is called as it was kept. Several values may have one name: lists are of pairs.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from chatops.digest.rates import Rate
from chatops.digest.tables import OTHERS, as_told
from chatops.i18n import _, country, language_name, length, moment, ngettext, number, share, weekday
from chatops.model import conversation as conversations
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model.ticket import Level, Ticket, TicketKind
from chatops.rules.targets import Metric
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds
from chatops.ui import Field, Fields, Inline, Line, Link, Moment, MomentStyle, Strong
from chatops.words import KINDS, LEVELS, METRICS, buyer_name, one_line


def kind(key: str) -> str:
    """Return what a kind of ticket is called."""
    return KINDS[TicketKind(key)]() if key in set(TicketKind) else one_line(key)


def level(key: str) -> str:
    """Return what a kind of help is called."""
    if not key:
        return _("Not sorted")
    return LEVELS[Level(key)]() if key in set(Level) else one_line(key)


def metric(key: str) -> str:
    """Return what a promise is called."""
    return METRICS[Metric(key)]() if key in set(Metric) else one_line(key)


def language(key: str) -> str:
    """Return what a language is called."""
    return one_line(language_name(key)) if key else _("Not known")


def market(key: str) -> str:
    """Return what a shop's country is called."""
    return one_line(country(key)) if key else _("Not known")


def shop(tx: Transaction, shop_id: str) -> str:
    """Return what the team calls a shop, by its id when it is gone."""
    found = shops.get(tx, shop_id)
    return one_line(found.name) if found else shop_id


def listed(counts: Mapping[str, int], name: Callable[[str], str]) -> Sequence[Fields]:
    """Return counts by name, the rest last; nothing where there is no choice of them."""
    if len(counts) < 2:
        return ()
    named = ((_("Others") if key == OTHERS else name(key), count) for key, count in counts.items())
    return (Fields(tuple(Field(label, (number(count),)) for label, count in named)),)


def compared(now: str, before: str | int | None) -> str:
    """Return a figure, with that of the time before where it is known."""
    return now if before is None else _("{now} (before: {before})", now=now, before=before)


def portion(part: int, whole: int) -> str:
    """Return a share with what it is a share of; nothing is no share of nothing."""
    return _("{share} of {number}", share=share(part / whole), number=whole) if whole else "–"


def duration(milliseconds: float | None) -> str:
    """Return a length of time as all of a digest tells it, if there is one."""
    return "–" if milliseconds is None else length(as_told(milliseconds))


def is_shown_in(tx: Transaction, workspace_id: str, ticket: Ticket) -> bool:
    """Tell whether a ticket has a thread in a workspace; a shop's others may be shown to somebody else."""
    return any(one.workspace_id == workspace_id for one in threads.of_ticket(tx, ticket.shop_id, ticket.id))


def ticket_line(tx: Transaction, workspace_id: str, ticket: Ticket, *, waits: bool = True) -> Line:
    """Return a ticket in a line: whose it is, since when they wait, and the way to its thread in a workspace."""
    buyer = conversations.buyer(tx, ticket.shop_id, ticket.buyer_id)
    pieces: list[Inline] = [Strong(buyer_name(buyer, ticket.buyer_id)), " · ", shop(tx, ticket.shop_id)]
    if waits and ticket.waiting_since is not None:
        pieces += [" · ", Moment(ticket.waiting_since, MomentStyle.AGO, moment(ticket.waiting_since))]
    there = threads.of_ticket(tx, ticket.shop_id, ticket.id)
    url = next((threads.address(one) for one in there if one.workspace_id == workspace_id), "")
    return (*pieces, " · ", Link(url, _("Go there"))) if url else tuple(pieces)


def left_of(rate: Rate, name: str, zone: tzinfo) -> str:
    """Return how many more answers of a shop may be late, in a sentence; the last day is that of a reader's zone."""
    line, last = share(rate.budget.line), last_day(rate, zone)
    if rate.budget.left < 0:
        return _("{shop}: below {line}, and as things go not back by {day}", shop=name, line=line, day=last)
    if not rate.budget.left:
        return _("{shop}: you may miss no more until {day} to stay at {line}", shop=name, line=line, day=last)
    return ngettext(
        "{shop}: you may miss {count} more until {day} to stay at {line}",
        "{shop}: you may miss {count} more until {day} to stay at {line}",
        rate.budget.left,
        shop=name,
        line=line,
        day=last,
    )


def last_day(rate: Rate, zone: tzinfo) -> str:
    """Return what the last day of the stretch of time of a rate is called."""
    return weekday((from_milliseconds(rate.end) - MILLISECOND).astimezone(zone).date(), whole=True)
