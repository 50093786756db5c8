"""What the questions of several sections have in common."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    text,
    true,
    type_coerce,
)
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel, col, select

from chatops.digest.scope import Day, Scope, Window
from chatops.model.history import TOLD, History
from chatops.model.message import CONTEXT_KINDS, Author, Message
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.rules.walltime import DAY, HOUR, MINUTE, SECOND, segments
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
LOOK_BACK = timedelta(days=400)  # before that, an hour is told by the offset that the zone had then
APART = "\n"  # between values that a database hands over together
SHOP = bindparam("shop", type_=String)  # in questions that are asked of one shop after the other
FROM, UNTIL = bindparam("from", type_=Instant), bindparam("until", type_=Instant)  # of one day after the other
ALL: ColumnElement[bool] = true()  # rows
_FACTS = msgspec.json.Decoder(dict[str, Any])
OTHERS = "…"  # all that stand in a list behind those that are named


def plans_each(tx: Transaction) -> None:
    """Let PostgreSQL plan each question by its own shop and days: the plan for any of them takes three times as long.

    It would take that one once the same question was asked often, of one shop after the other. Nor shall it compile
    them: that is dearer than what it spares one shop's question. What it groups stays in memory.
    """
    if tx.dialect == "postgresql":
        wanted = {"plan_cache_mode": "force_custom_plan", "jit": "off", "work_mem": "16MB"}
        tx.execute(select(*(func.set_config(name, value, true()) for name, value in wanted.items())))


def shops_of(tx: Transaction, scope: Scope) -> list[str]:
    """Return the ids of the shops in a scope: of those it names, the ones in its markets."""
    chosen = select(Shop.id).where(col(Shop.id).in_(scope.shops)).order_by(col(Shop.id))
    if scope.markets:
        chosen = chosen.where(col(Shop.region).in_(scope.markets))
    return [row[0] for row in tx.execute(chosen)]


def of_shops(tx: Transaction, shops: Collection[str], column: Mapped[str]) -> ColumnElement[bool]:
    """Return the condition of rows that are of some shops; none where these are all that there are.

    Their ids stand in the statement: PostgreSQL looks up such a list, and goes through one that it is handed later.
    """
    if len(shops) == tx.scalar(select(func.count(col(Shop.id)))):
        return true()
    return column.in_(bindparam("shops", list(shops), expanding=True, literal_execute=True, unique=True))


def regions(tx: Transaction, scope: Scope) -> dict[str, str]:
    """Return the country of each shop in a scope; "" where it is not known."""
    chosen = set(shops_of(tx, scope))
    return {row[0]: row[1] for row in tx.execute(select(col(Shop.id), col(Shop.region))) if row[0] in chosen}


def asked(window: Window) -> ColumnElement[bool]:
    """Return the condition of what buyers wrote to `SHOP` in a window, with the words of its index."""
    seen = col(Message.author) == word(Author.BUYER), text("message.visible")  # `= 1` would not be the index's
    speaks = col(Message.kind).not_in([word(kind) for kind in CONTEXT_KINDS])
    return and_(col(Message.shop_id) == SHOP, within(col(Message.said_at), window), *seen, speaks)


def as_told(milliseconds: float) -> int:
    """Return a length as digests tell it: begun seconds as whole ones; of more than an hour, begun minutes.

    So an answer within five minutes is one that was told to have taken no longer.
    """
    step = SECOND if milliseconds <= HOUR else MINUTE
    return int(-(-milliseconds // step)) * step


def seconds_taken() -> ColumnElement[int]:
    """Return how many seconds an answer took, as it is told."""
    took = as_kept(col(Message.sent_at)) - as_kept(col(Message.answers_since))
    seconds = (took + number(SECOND - 1)) // number(SECOND)
    minutes = (took + number(MINUTE - 1)) // number(MINUTE) * number(MINUTE // SECOND)
    return case((took <= number(HOUR), seconds), else_=minutes)


def within(column: Mapped[Any], window: Window | Day) -> ColumnElement[bool]:
    """Return the condition that an instant is in a window, or on a day."""
    return and_(column >= window.start, column < window.end)


def of_part(scope: Scope) -> ColumnElement[bool]:
    """Return the condition of tickets of the part of the shops' work that a scope is about."""
    conditions: list[ColumnElement[bool]] = []
    if scope.teams:
        conditions.append(col(Ticket.team).in_(scope.teams))
    if scope.agent_id:
        conditions.append(col(Ticket.assignee_id) == scope.agent_id)
        conditions.append(col(Ticket.assignee_workspace_id) == scope.workspace_id)
    return and_(true(), *conditions)


def shown_here(scope: Scope, shop_id: Mapped[str], ticket_id: Mapped[str]) -> ColumnElement[bool]:
    """Return the condition of tickets that lists name: those with a thread in the workspace; of whole shops, all."""
    if not scope.in_part:
        return true()
    of_ticket = col(Thread.shop_id) == shop_id, col(Thread.ticket_id) == ticket_id
    return exists(select(Thread.id).where(Thread.workspace_id == scope.workspace_id, *of_ticket))


def told(
    tx: Transaction,
    scope: Scope,
    window: Window,
    what: Collection[str],
    *facts: str,
    by_whom: ColumnElement[bool] = ALL,
) -> Counter[tuple[str | None, ...]]:
    """Return how often tickets' histories say some of what digests tell of in a window, by it and by some `facts`."""
    asked = select(col(History.what).concat(json_of(tx, History.facts))).where(
        col(History.shop_id).in_(shops_of(tx, scope)), text(TOLD.text), col(History.what).in_(what), by_whom
    )
    if scope.teams or scope.agent_id:
        in_ticket = (col(Ticket.shop_id) == col(History.shop_id)) & (col(Ticket.id) == col(History.ticket_id))
        asked = asked.join(Ticket, in_ticket).where(of_part(scope))
    found = Counter[tuple[str | None, ...]]()
    for said, count in counts(tx, by(asked, History, "history_said"), col(History.at), window).items():
        word, brace, rest = said.partition("{")
        kept = _FACTS.decode(brace + rest)
        found[word, *(kept.get(name) for name in facts)] += count
    return found


def counts(tx: Transaction, asked: Select[Any], at: Mapped[Any], window: Window) -> Counter[Any]:
    """Return how often each of the values occurs that a question finds `at` the instants of a window; NULL is none.

    SQLite sorts whatever it groups, which takes longer than to hand over those of each day as one text: values are
    texts there.
    """
    (value,) = asked.selected_columns
    found = Counter[Any]()
    if tx.dialect == "sqlite":
        for _day, (values,) in each_day(tx, asked.with_only_columns(func.aggregate_strings(value, APART)), at, window):
            found.update(values.split(APART) if values is not None else ())
    else:
        found.update(dict(tx.execute(asked.add_columns(func.count()).where(within(at, window)).group_by(value)).all()))
        found.pop(None, None)
    return found


def each_day(
    tx: Transaction, asked: Select[*tuple[Any, ...]], at: Mapped[Any], window: Window
) -> Iterator[tuple[date, Sequence[Any]]]:
    """Yield the one row with which a question answers for each day of a window."""
    of_day = asked.where(at >= FROM, at < UNTIL)
    for day in window.days():
        [found] = tx.execute(of_day, {FROM.key: day.start, UNTIL.key: day.end})
        yield day.date, found


def local_hour(instant: Mapped[Any], window: Window) -> ColumnElement[int]:
    """Return the hour of the day that an instant has by the clocks of the window's zone."""
    return (_wall(instant, window) // number(HOUR)) % number(24)


def local_day(instant: Mapped[Any] | ColumnElement[int], window: Window) -> ColumnElement[int]:
    """Return on which day an instant is by the calendar of the window's zone, as the number of days since 1970."""
    return _wall(instant, window) // number(DAY)


def _wall(instant: Mapped[Any] | ColumnElement[int], window: Window) -> ColumnElement[int]:
    """Return what a clock of the window's zone shows at an instant, in milliseconds."""
    at = as_kept(instant)
    stretches = segments(window.zone, to_milliseconds(window.start - LOOK_BACK), to_milliseconds(window.end))
    ends = [(list(same)[-1][1], ahead) for ahead, same in groupby(stretches, key=lambda stretch: stretch[2])]
    *changes, (_, last) = ends
    ahead = number(last)
    if changes:
        ahead = case(*((at < number(end), number(shift)) for end, shift in changes), else_=ahead)
    return at + ahead


def as_kept(instant: Mapped[Any] | ColumnElement[Any]) -> ColumnElement[int]:
    """Return an instant as the milliseconds that it is kept as, to reckon with."""
    return type_coerce(instant, BigInteger)


def json_of(tx: Transaction, column: Any) -> ColumnElement[str]:
    """Return JSON as the text that it is kept as, to count by: an index of SQLite has it so."""
    return type_coerce(column, String) if tx.dialect == "sqlite" else cast(column, String)


def word(value: str) -> ColumnElement[str]:
    """Return a word that stands in the statement, as it does in the condition of an index."""
    return literal_column(f"'{value}'", String)


def number(value: int) -> ColumnElement[int]:
    """Return a number that stands in the statement: a grouping must be spelled as what is asked for."""
    return literal_column(str(value), BigInteger)


def by(asked: S, model: type[SQLModel], index: str) -> S:
    """Let SQLite count by an index: without statistics it takes the first one that begins with a shop."""
    return asked.with_hint(model, f"INDEXED BY {index}", "sqlite")


def top(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """Return the largest counts, the largest first, and the sum of the rest under `OTHERS`."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rest = sum(count for _, count in ordered[most:])
    return dict(ordered[:most]) | ({OTHERS: rest} if rest else {})
