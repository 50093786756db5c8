"""What a ticket is promised: the service level that fits it, and its promises in the revisions that it began with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import func
from sqlmodel import select

from chatops.model import clock as clocks
from chatops.model import conversation as conversations
from chatops.model import definition as definitions
from chatops.model import shop as shops
from chatops.model import ticket as tickets
from chatops.model.alarm import Due
from chatops.model.clock import Clock, ClockRecord, Promised
from chatops.model.conversation import Conversation
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.rulebook import STARTER
from chatops.model.ticket import Ticket, TicketKind, TicketPriority
from chatops.rules.clock import Happened, Happening, Rest, ran, rested
from chatops.rules.hours import ALWAYS, Hours, Stretch, compiled
from chatops.rules.languages import primary
from chatops.rules.targets import (
    Excuse,
    Facts,
    Metric,
    PlatformClock,
    Promise,
    ServiceLevel,
    asked_by,
    fits,
    numbered,
    promises,
)
from chatops.rules.walltime import DAY
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds

Promises = dict[str, Promise]
_BOOK = "chatops_promises"  # in `Connection.info`
_STAMP = Prepared(select(func.count(), func.max(Definition.made_at)).select_from(Definition))


class Pins(NamedTuple):
    """Which revision of which service level, and of its calendars; "" when nothing is promised."""

    service_level: str = ""
    revision: int = 0
    calendars: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, promised: Promised) -> "Pins":
        """Return the pins of a ticket."""
        return cls.read(promised.service_level, promised.revision, promised.calendars)

    @classmethod
    def read(cls, service_level: str, revision: int, calendars: Mapping[str, int]) -> "Pins":
        """Return pins as a record keeps them."""
        return cls(service_level, revision, tuple(sorted(calendars.items())))

    def facts(self) -> dict[str, Any]:
        """Return the pins as a record keeps them."""
        return {"service_level": self.service_level, "revision": self.revision, "calendars": dict(self.calendars)}


NOTHING = Pins()


class Brief(NamedTuple):
    """A ticket, as far as it must be known to say what it is promised: all that very many of them need."""

    shop_id: str
    id: str
    buyer_id: str | None
    kind: TicketKind
    level: tickets.Level | None
    priority: TicketPriority
    language: str
    tags: list[str]
    opened_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None


class Level(NamedTuple):
    """A service level as it counts now."""

    pins: Pins
    spec: ServiceLevel


@dataclass(slots=True)
class Book:
    """What is defined now, in order, and what was read of it; a new one is begun with each definition."""

    levels: tuple[Level, ...]
    read: dict[tuple[Pins, PlatformClock | None], Promises] = field(default_factory=dict)


def book(tx: Transaction) -> Book:
    """Return what is defined now; it is read anew only when it has changed."""
    [stamp] = tx.rows(_STAMP)
    held = tx.connection.info.get(_BOOK)
    if held is None or held[0] != stamp:
        held = tx.connection.info[_BOOK] = stamp, Book(_levels(tx) if stamp[0] else ())
    found: Book = held[1]
    return found


def _levels(tx: Transaction) -> tuple[Level, ...]:
    revisions = {one.name: one.revision for one in definitions.current(tx, DefinitionKind.CALENDAR)}
    found = []
    for one in definitions.current(tx, DefinitionKind.SERVICE_LEVEL):
        spec = one.read(ServiceLevel)
        named = {target.calendar for target in spec.targets} & revisions.keys()
        pins = Pins(one.name, one.revision, tuple(sorted((name, revisions[name]) for name in named)))
        found.append(Level(pins, spec))
    return tuple(found)


def pins_for(tx: Transaction, ticket: Ticket, levels: Sequence[Level]) -> Pins:
    """Return what a ticket is promised as it stands now: by the first service level that fits it."""
    by_tier = any(level.spec.match.tiers for level in levels)
    facts = facts_of(tx, ticket, by_tier=by_tier) if levels else None
    return next((level.pins for level in levels if facts is not None and fits(level.spec.match, facts)), NOTHING)


def facts_of(tx: Transaction, ticket: Ticket, *, by_tier: bool = True) -> Facts | None:
    """Return what service levels ask about a ticket; the buyer's tier only if it is asked about."""
    shop = shops.about(tx, ticket.shop_id)
    if shop is None:
        return None
    conversation = tx.get(Conversation, ticket.shop_id, ticket.conversation_id)
    buyer = conversations.buyer(tx, ticket.shop_id, ticket.buyer_id) if by_tier else None
    language, tier = conversations.known_language(ticket, conversation), "" if buyer is None else buyer.tier
    return facts(ticket, language, shop, tier)


def facts(ticket: Ticket | Brief, known_language: str, shop: shops.About, tier: str = "") -> Facts:
    """Return what service levels ask about a ticket of a shop, whose buyer reads a language ("": nobody knows)."""
    return Facts(
        shop=shop.name,
        market=shop.region,
        kind=ticket.kind,
        language=known_language or primary(shop.locale),
        level=ticket.level or "",
        priority=ticket.priority,
        tags=ticket.tags,
        tier=tier,
    )


def promises_of(tx: Transaction, ticket: Ticket | Brief, pins: Pins) -> Promises:
    """Return a ticket's promises by these revisions, by their keys."""
    if pins == NOTHING:
        return {}
    asked, read = market_asks(tx, ticket), book(tx).read
    if (pins, asked) not in read:
        read[pins, asked] = _read(tx, pins, asked)
    return read[pins, asked]


class Asked:
    """The promises of many tickets, each kind of them read once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[tuple[str, int, str, int, str], Promises] = {}

    def of(self, due: Due) -> Promise | None:
        """Return what a clock that is due is to keep; None: nothing any more."""
        key = due.shop_id, due.opened_at // DAY, due.service_level, due.revision, due.calendars
        if key not in self._known:
            self._known[key] = self._read(due)
        return self._known[key].get(due.target)

    def _read(self, due: Due) -> Promises:
        ticket = tickets.get(self._tx, due.shop_id, due.ticket_id)
        pins = Pins.read(due.service_level, due.revision, msgspec.json.decode(due.calendars))
        return {} if ticket is None else promises_of(self._tx, ticket, pins)


def market_asks(tx: Transaction, ticket: Ticket | Brief) -> PlatformClock | None:
    """Return what the platform asked of the ticket's shop when the ticket was opened; None: nobody knows."""
    shop = shops.about(tx, ticket.shop_id)
    return asked_by(platform_clocks(), shop.region if shop else "", ticket.opened_at.date())


def _read(tx: Transaction, pins: Pins, asked: PlatformClock | None) -> Promises:
    level = definitions.get(tx, DefinitionKind.SERVICE_LEVEL, pins.service_level, pins.revision)
    found = {name: definitions.get(tx, DefinitionKind.CALENDAR, name, revision) for name, revision in pins.calendars}
    if level is None:
        return {}
    calendars = {name: compiled(one.read(Hours)) for name, one in found.items() if one is not None}
    return promises(level.read(ServiceLevel), calendars, asked, level.numbers)


def numbers(tx: Transaction, name: str, level: ServiceLevel) -> list[int]:
    """Return which of its metric's each target is when a name means this service level from now on."""
    held = definitions.newest(tx, DefinitionKind.SERVICE_LEVEL, name)
    before, known = (held.read(ServiceLevel).targets, held.numbers) if held else ((), [])
    if before and not known:  # from before numbers were kept: they follow from what is promised in the shops' markets
        markets = {market for clock in platform_clocks() for market in clock.markets}
        if not any(shop.region in markets for shop in shops.every(tx)):
            before = tuple(one for one in before if one.within or one.metric is not Metric.PLATFORM_RESPONSE)
    return numbered(level.targets, before, known)


@cache
def platform_clocks() -> tuple[PlatformClock, ...]:
    """Return what platforms ask, as far as it is known."""
    written = (STARTER / "platform_clocks.toml").read_bytes()
    return msgspec.toml.decode(written, type=dict[str, tuple[PlatformClock, ...]])["clocks"]


def promise_of(tx: Transaction, clock: Clock) -> Promise | None:
    """Return what an open clock is to keep; None: nothing any more."""
    ticket = tickets.get(tx, clock.shop_id, clock.ticket_id)
    promised = clocks.promised(tx, clock.shop_id, clock.ticket_id)
    if ticket is None or promised is None:
        return None
    return promises_of(tx, ticket, Pins.of(promised)).get(clock.target)


def happened(tx: Transaction, ticket: Ticket, record: ClockRecord) -> Happened:
    """Return what was recorded as the rules count it."""
    return Happened(
        at=to_milliseconds(record.at),
        what=record.what,
        heard=to_milliseconds(record.heard_at),
        since=None if record.since is None else to_milliseconds(record.since),
        answer=record.answer,
        excuse=record.excuse,
        promises=promises_of(tx, ticket, Pins.read(**record.facts) if record.facts else NOTHING),
    )


def excuse_of(tx: Transaction, ticket: Ticket) -> Excuse | None:
    """Return why the platform may not count the wait of a ticket's buyer that goes on."""
    if ticket.waiting_since is None:
        return None
    waits = (one for one in clocks.records(tx, ticket.shop_id, ticket.id)[::-1] if one.what is Happening.WAITS)
    found = next(waits, None)
    return None if found is None else found.excuse


def _heard_of(tx: Transaction, clock: Clock) -> list[Happened]:
    """Return everything that happened to a clock's ticket."""
    ticket = tickets.get(tx, clock.shop_id, clock.ticket_id)
    if ticket is None:
        return []
    return [happened(tx, ticket, record) for record in clocks.records(tx, clock.shop_id, clock.ticket_id)]


def rests(tx: Transaction, clock: Clock) -> list[Rest]:
    """Return when a clock stood still, and why."""
    return rested(_heard_of(tx, clock), (clock.target, clock.cycle))


def counted(tx: Transaction, clock: Clock, now: datetime) -> list[Stretch]:
    """Return the stretches of open time that a clock has counted, in milliseconds."""
    heard, promise = _heard_of(tx, clock), promise_of(tx, clock)
    calendar = ALWAYS if promise is None else promise.calendar
    spans = ran(heard, (clock.target, clock.cycle), to_milliseconds(now))
    return [stretch for start, end in spans for stretch in calendar.stretches(start, end)]
