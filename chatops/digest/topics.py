"""What tickets are about, by everything that tells it: another source, such as videos, is one more entry of `SOURCES`.

How often something was asked about is told beside how often it usually is: on average in the four stretches of the same
length before.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, text
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from chatops.digest import tables
from chatops.digest.scope import ONE_DAY, Scope, Window
from chatops.digest.section import Reading
from chatops.i18n import _, compact, ngettext, number
from chatops.model import shop as shops
from chatops.model.history import TRIAGED, History
from chatops.model.message import Message
from chatops.model.ticket import Ticket
from chatops.rules.walltime import first_instant
from chatops.store.json_text import written
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds
from chatops.words import one_line

BEFORE = 4  # stretches of time that say how it usually is
HUNDRED = 100  # of fewer, parts are told, too
OFTEN, FEWEST = 3, 5  # so many times as often as usual, and at least so often, is told
_ABOUT_PRODUCT, _TRIAGED = text("message.product_id IS NOT NULL"), text(f"history.{TRIAGED.text}")
_ADDRESS = re.compile(r"\S+://\S*")


class Topic(msgspec.Struct, frozen=True):
    """What tickets were about, how many were, and how many in all the stretches before together."""

    name: str
    count: int
    before: int = 0

    @property
    def usual(self) -> float:
        """How many it usually is."""
        return self.before / BEFORE

    @property
    def is_unusual(self) -> bool:
        """Whether it was asked about much more often than usual."""
        return self.count >= FEWEST and self.count >= OFTEN * self.usual


class Counts(NamedTuple):
    """How many tickets had each name: now, and in all the stretches before together; and how many were counted."""

    now: Counter[str]
    before: Counter[str]
    whole: int = 0
    whole_before: int = 0

    def topics(self) -> list[Topic]:
        """Return what was asked about now, the most frequent first."""
        found = (Topic(name, count, self.before[name]) for name, count in self.now.items())
        return sorted(found, key=lambda one: (-one.count, one.name))


class Key(NamedTuple):
    """Which ticket."""

    shop_id: str
    ticket_id: str


class Source(NamedTuple):
    """One thing that tells what tickets are about: what it counts, how its names are shown, which tickets have one.

    `having` returns so many tickets of a window at most that have a name, of each shop the newest; None where no
    questions are shown of it.
    """

    key: str
    title: Callable[[], str]
    counted: Callable[[Transaction, Scope, Window], Counts]
    shown: Callable[[Transaction, str, Reading], str]
    having: Callable[[Transaction, Scope, Window, str, int], list[Key]] | None = None


def stretches(window: Window) -> Iterator[Window]:
    """Yield the stretches of as many local days before a window, at its hours by the clock, the last one first."""
    long, later = len(list(window.days())) * ONE_DAY, window.start
    start, end = window.by_the_clock()
    for back in range(1, BEFORE + 1):
        begins, ends = (from_milliseconds(first_instant(at - back * long, window.zone)) for at in (start, end))
        yield Window(begins, min(ends, later), window.zone)
        later = begins


def is_usual_known(tx: Transaction, scope: Scope, window: Window) -> bool:
    """Tell whether there were tickets as long ago as it takes to say how it usually is."""
    *_later, first = stretches(window)
    asked = select(col(Ticket.id)).where(
        col(Ticket.shop_id).in_(tables.shops_of(tx, scope)), col(Ticket.opened_at) < first.end
    )
    return tx.scalar(tables.by(asked, Ticket, "ticket_asked").limit(1)) is not None


class Lately(NamedTuple):
    """What a question asks about an instant: whether it is in a window or a stretch before it; in which of the two."""

    condition: ColumnElement[bool]
    now: ColumnElement[bool]
    before: ColumnElement[bool]


def lately(column: Mapped[datetime], window: Window) -> Lately:
    """Return what a question asks about an instant, so that an index by time answers it."""
    runs = _runs((window, *stretches(window)))
    whole = tables.within(column, Window(runs[-1].start, window.end, window.zone))
    if len(runs) > 1:
        whole = and_(whole, or_(*(tables.within(column, one) for one in runs)))
    return Lately(whole, column >= window.start, column < window.start)


def _runs(windows: Iterable[Window]) -> list[Window]:
    """Return windows, each before the last one, as fewer: those that meet, as whole days do, are one."""
    runs: list[Window] = []
    for one in windows:
        if runs and runs[-1].start == one.end:
            runs[-1] = Window(one.start, runs[-1].end, one.zone)
        else:
            runs.append(one)
    return runs


def now_and_before(
    tx: Transaction, asked: Select[str], at: Mapped[Any], window: Window
) -> tuple[Counter[str], Counter[str]]:
    """Return how often each of the values occurs that a question finds in a window, and in the stretches before it."""
    before = (tables.counts(tx, asked, at, run) for run in _runs(stretches(window)))
    return tables.counts(tx, asked, at, window), sum(before, Counter[str]())


def named(found: Mapping[str, int], names: Callable[[str], Iterable[str]]) -> Counter[str]:
    """Return how often each name occurs in values that hold several, each once."""
    counts = Counter[str]()
    for value, count in found.items():
        for name in set(names(value)):
            counts[name] += count
    return counts


def _tags(tx: Transaction, scope: Scope, window: Window) -> Counts:
    asked = select(tables.json_of(tx, Ticket.tags)).where(
        col(Ticket.shop_id).in_(tables.shops_of(tx, scope)), tables.of_part(scope)
    )
    now, before = now_and_before(tx, tables.by(asked, Ticket, "ticket_asked"), col(Ticket.opened_at), window)
    return Counts(named(now, tags_in), named(before, tags_in), now.total(), before.total())


def tags_in(kept: str | None) -> list[str]:
    """Return the tags of a ticket as its row has them."""
    return msgspec.json.decode(kept or "[]", type=list[str])


def _tagged(tx: Transaction, scope: Scope, window: Window, name: str, most: int) -> list[Key]:
    """Ask shop by shop, so that one that writes a lot leaves room for others, and each is found by its time."""
    there = tables.shops_of(tx, scope)
    told = tables.json_of(tx, Ticket.tags)
    has = func.replace(told, written(name), "") != told  # of LIKE PostgreSQL expects so little that it reads them all
    asked = select(col(Ticket.shop_id), col(Ticket.id)).where(col(Ticket.shop_id) == bindparam("shop"), has)
    asked = asked.where(tables.within(col(Ticket.opened_at), window), tables.of_part(scope))
    asked = asked.order_by(col(Ticket.opened_at).desc())
    return _of_each(tx, tables.by(asked, Ticket, "ticket_asked"), there, most)


def _products(tx: Transaction, scope: Scope, window: Window) -> Counts:
    at = lately(col(Message.said_at), window)
    product, ticket = col(Message.product_id), col(Message.ticket_id)
    many = func.count(ticket.distinct())
    asked = select(product, many.filter(at.now), many.filter(at.before)).where(at.condition, ticket.is_not(None))
    asked = asked.where(_ABOUT_PRODUCT, col(Message.shop_id).in_(tables.shops_of(tx, scope))).group_by(product)
    if scope.teams or scope.agent_id:
        of = (col(Ticket.shop_id) == col(Message.shop_id)) & (col(Ticket.id) == ticket)
        asked = asked.join(Ticket, of).where(tables.of_part(scope))
    found = tx.execute(tables.by(asked, Message, "message_product")).all()
    return Counts(+Counter({row[0]: row[1] for row in found}), +Counter({row[0]: row[2] for row in found}))


def _showing(tx: Transaction, scope: Scope, window: Window, name: str, most: int) -> list[Key]:
    """Ask shop by shop, as for tags."""
    there, ticket, at = tables.shops_of(tx, scope), col(Message.ticket_id), col(Message.said_at)
    asked = select(col(Message.shop_id), ticket).where(
        col(Message.shop_id) == bindparam("shop"),
        tables.within(at, window),
        col(Message.product_id) == name,
        _ABOUT_PRODUCT,
        ticket.is_not(None),
    )
    if scope.teams or scope.agent_id:
        asked = asked.join(Ticket, (col(Ticket.shop_id) == col(Message.shop_id)) & (col(Ticket.id) == ticket))
        asked = asked.where(tables.of_part(scope))
    asked = asked.group_by(col(Message.shop_id), ticket).order_by(func.max(at).desc(), ticket)
    return _of_each(tx, tables.by(asked, Message, "message_product"), there, most)


def _of_each(tx: Transaction, newest: Select[*tuple[Any, ...]], shops: list[str], most: int) -> list[Key]:
    """Return what a question finds in each shop, so many at most that there is room for the others."""
    found, each = list[Key](), newest.limit(max(most // max(len(shops), 1), FEWEST))
    for shop_id in shops:
        found += [Key(*row) for row in tx.execute(each, {"shop": shop_id})]
        if len(found) >= most:
            break
    return found


def _rules(tx: Transaction, scope: Scope, window: Window) -> Counts:
    asked = select(tables.json_of(tx, History.facts)).where(
        _TRIAGED, col(History.shop_id).in_(tables.shops_of(tx, scope))
    )
    if scope.teams or scope.agent_id:
        of = (col(Ticket.shop_id) == col(History.shop_id)) & (col(Ticket.id) == col(History.ticket_id))
        asked = asked.join(Ticket, of).where(tables.of_part(scope))
    now, before = now_and_before(tx, tables.by(asked, History, "history_rules"), col(History.at), window)
    return Counts(named(now, _rules_in), named(before, _rules_in))


def _rules_in(facts: str) -> list[str]:
    found = msgspec.json.decode(facts, type=dict[str, Any]).get("rules", "")
    return found.split() if isinstance(found, str) else []


def product(tx: Transaction, product_id: str, reading: Reading) -> str:
    """Return what the platform's card says of a product that was shown in this time, and its number."""
    here = {shop.id for shop, _route in shops.routes_to(tx, reading.workspace_id)}
    asked = select(col(Message.plaintext)).where(
        col(Message.shop_id).in_(sorted(here)),
        tables.within(col(Message.said_at), reading.window),
        col(Message.product_id) == product_id,
        _ABOUT_PRODUCT,
        col(Message.plaintext) != "",
    )
    found = tx.scalar(tables.by(asked, Message, "message_product").limit(1))
    name = one_line(_ADDRESS.sub(" ", found)) if isinstance(found, str) else ""
    number = _("Product {number}", number=product_id)
    return f"{name} · {number}" if name else number


def beside_usual(count: str, one: Topic) -> str:
    """Return how many there were, with how many there usually are."""
    usual = compact(round(one.usual, 1)) if one.usual < HUNDRED else number(round(one.usual))
    return _("{count} (usually {usual})", count=count, usual=usual)


def no_usual() -> str:
    """Return that it is not known how it usually is."""
    return _("Nothing to compare with yet: that takes four such times before this one.")


def unusual(name: str, one: Topic) -> str:
    """Return how much more often than usual something was asked about."""
    if not one.before:
        return ngettext(
            "{name}: {count} ticket, before there was none",
            "{name}: {count} tickets, before there was none",
            one.count,
            name=name,
        )
    times = int(one.count / one.usual)
    return ngettext(
        "{name}: {count} time as often as usual", "{name}: {count} times as often as usual", times, name=name
    )


def _word(_tx: Transaction, name: str, _reading: Reading) -> str:
    return one_line(name)


TAG = Source("tag", lambda: _("Tags"), _tags, _word, _tagged)
PRODUCT = Source("product", lambda: _("Products"), _products, product, _showing)
RULE = Source("rule", lambda: _("Found by rules"), _rules, _word)
SOURCES = (TAG, PRODUCT, RULE)
