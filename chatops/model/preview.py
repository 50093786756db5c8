"""What a change of calendars and service levels would do to the clocks that run, before anybody makes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, tuple_, type_coerce
from sqlalchemy import select as rows_of
from sqlmodel import col

from chatops.model import clock as clocks
from chatops.model import conversation as conversations
from chatops.model import promise as promised
from chatops.model import shop as shops
from chatops.model.clock import Clock, Promised
from chatops.model.conversation import Conversation
from chatops.model.definition import DefinitionKind, Spec
from chatops.model.promise import Brief, Pins, Promises
from chatops.model.shop import About
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.clock import ClockState, Count, Happened, Happening, Key, Line, as_of
from chatops.rules.hours import Hours, compiled
from chatops.rules.languages import primary
from chatops.rules.targets import Pause, PlatformClock, ServiceLevel, fits, promises
from chatops.store.prepared import Prepared, key_among, keys
from chatops.store.transaction import Transaction, table
from chatops.times import to_milliseconds

AT_ONCE = 1_000  # tickets that one question is about


Level = tuple[ServiceLevel, list[int]]  # with the numbers of its targets


class Preview(NamedTuple):
    """How many clocks are open now, how many would begin, move or end, and how many would be broken at once."""

    open: int
    move: int
    breached: int


class _Open(NamedTuple):
    """An open ticket, what its buyer reads, what it was promised, and its clocks, the newest of each promise."""

    ticket: Brief
    language: str
    pins: Pins
    clocks: Mapping[Key, Count]


def preview(tx: Transaction, wanted: Iterable[tuple[DefinitionKind, str, Spec]], now: datetime) -> Preview:
    """Return what would happen if these definitions were all there are."""
    given = list(wanted)
    levels = [(spec, promised.numbers(tx, name, spec)) for _, name, spec in given if isinstance(spec, ServiceLevel)]
    look, at = (
        _Look(tx, levels, {name: spec for _, name, spec in given if isinstance(spec, Hours)}),
        to_milliseconds(now),
    )
    found = [Preview(0, 0, 0), *(_of(one, look.held(one), look.wanted(one), at) for one in _every_open(tx))]
    return Preview(*map(sum, zip(*found, strict=True)))


class _Look:
    """Knows what tickets are promised and would be, each kind of them read once."""

    def __init__(self, tx: Transaction, levels: Sequence[Level], hours: Mapping[str, Hours]) -> None:
        self._tx, self._levels = tx, levels
        self._calendars = {name: compiled(spec) for name, spec in hours.items()}
        self._tiers = conversations.tiers(tx) if any(level.match.tiers for level, _numbers in levels) else {}
        self._shops: dict[str, About | None] = {}
        self._asked: dict[tuple[str, date], PlatformClock | None] = {}
        self._held: dict[tuple[Pins, PlatformClock | None], Promises] = {}
        self._wanted: dict[tuple[int, PlatformClock | None], Promises] = {}

    def held(self, one: _Open) -> Promises:
        """Return what a ticket is promised."""
        key = one.pins, self._asks(one.ticket)
        if key not in self._held:
            self._held[key] = promised.promises_of(self._tx, one.ticket, one.pins)
        return self._held[key]

    def wanted(self, one: _Open) -> Promises:
        """Return what it would be promised."""
        shop = self._shop(one.ticket.shop_id)
        tier = self._tiers.get((one.ticket.shop_id, one.ticket.buyer_id or ""), "")
        facts = promised.facts(one.ticket, one.language, shop, tier) if shop else None
        at = next((at for at, (level, _numbers) in enumerate(self._levels) if facts and fits(level.match, facts)), None)
        if at is None:
            return {}
        key = at, self._asks(one.ticket)
        if key not in self._wanted:
            level, numbers = self._levels[at]
            self._wanted[key] = promises(level, self._calendars, key[1], numbers)
        return self._wanted[key]

    def _shop(self, shop_id: str) -> About | None:
        if shop_id not in self._shops:
            self._shops[shop_id] = shops.about(self._tx, shop_id)
        return self._shops[shop_id]

    def _asks(self, ticket: Brief) -> PlatformClock | None:
        key = ticket.shop_id, ticket.opened_at.date()
        if key not in self._asked:
            self._asked[key] = promised.market_asks(self._tx, ticket)
        return self._asked[key]


_WIDTH = len(Brief._fields)
_PINS = ("service_level", "revision", "calendars")
# A clock's count, in the order of its fields, read without making a row of it: there are very many.
_INSTANTS = ("started_at", "running_since", "due_at", "met_at", "breached_at", "ended_at")
_COUNT = (
    "state", "limit", "started_at", "running_since", "consumed", "due_at", "met_at", "breached_at", "ended_at",
    "reason", "paused_for",
)  # fmt: skip


def _column(name: str) -> ColumnElement[Any]:
    column = table(Clock).c[name]
    return type_coerce(column, BigInteger) if name in _INSTANTS else column


_PAGE = Prepared(
    rows_of(
        *(table(Ticket).c[name] for name in Brief._fields),
        col(Conversation.language),
        *(table(Promised).c[name] for name in _PINS),
    )
    .select_from(Ticket)
    .outerjoin(
        Conversation,
        and_(col(Conversation.shop_id) == Ticket.shop_id, col(Conversation.id) == Ticket.conversation_id),
    )
    .outerjoin(Promised, and_(col(Promised.shop_id) == Ticket.shop_id, col(Promised.ticket_id) == Ticket.id))
    .where(
        col(Ticket.state) == TicketState.OPEN,
        tuple_(col(Ticket.shop_id), col(Ticket.id)) > tuple_(bindparam("after_shop"), bindparam("after_ticket")),
    )
    .order_by(col(Ticket.shop_id), col(Ticket.id))
    .limit(bindparam("limit"))
)
_CLOCKS = Prepared(
    rows_of(*(_column(name) for name in ("ticket_id", "target", "cycle", *_COUNT))).where(
        col(Clock.shop_id) == bindparam("shop_id"), clocks.NEWEST, key_among(table(Clock).c.ticket_id, "those")
    )
)


def _every_open(tx: Transaction) -> Iterator[_Open]:
    """Yield the open tickets, by shop and id; some at a time are read."""
    after = ("", "")
    while rows := tx.rows(_PAGE, after_shop=after[0], after_ticket=after[1], limit=AT_ONCE):
        found = [(Brief._make(row[:_WIDTH]), row[_WIDTH:]) for row in rows]
        counts = _counts(tx, [ticket for ticket, _rest in found])
        for ticket, (language, *pins) in found:
            about = Pins.read(*pins) if pins[0] is not None else promised.NOTHING
            reads = primary(ticket.language or language or "")
            yield _Open(ticket, reads, about, counts.get((ticket.shop_id, ticket.id), {}))
        after = found[-1][0].shop_id, found[-1][0].id


def _counts(tx: Transaction, some: Sequence[Brief]) -> dict[tuple[str, str], dict[Key, Count]]:
    """Return the newest clock of each promise of tickets."""
    by_shop: dict[str, list[str]] = {}
    for ticket in some:
        by_shop.setdefault(ticket.shop_id, []).append(ticket.id)
    found: dict[tuple[str, str], dict[Key, Count]] = {}
    for shop_id, several in by_shop.items():
        for row in tx.rows(_CLOCKS, shop_id=shop_id, those=keys(several)):
            ticket_id, target, cycle, *count, paused_for = row
            why = frozenset(map(Pause, paused_for.split())) if paused_for else frozenset[Pause]()
            found.setdefault((shop_id, ticket_id), {})[target, cycle] = Count._make((*count, why))
    return found


def _of(one: _Open, held: Promises, wanted: Promises, now: int) -> Preview:
    """Return what would happen to one ticket's clocks."""
    before = one.clocks
    is_open = sum(count.is_open for count in before.values())
    if held == wanted:
        return Preview(is_open, 0, 0)
    line = Line(held, dict(before), one.ticket.answered_at is not None)
    since = None if one.ticket.waiting_since is None else to_milliseconds(one.ticket.waiting_since)
    line.hear(Happened(now, Happening.PROMISED, now, since, promises=wanted))
    others = [key for key, count in line.clocks.items() if _moved(before.get(key), count)]
    broken = [key for key in others if _broken(as_of(line.clocks[key], now + 1)) and not _broken(before.get(key))]
    return Preview(is_open, len(others), len(broken))


def _moved(before: Count | None, after: Count) -> bool:
    return before is None or (before.state, before.due) != (after.state, after.due)


def _broken(before: Count | None) -> bool:
    return before is not None and before.state is ClockState.BREACHED
