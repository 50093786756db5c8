"""Who answered, how soon, with which prepared answers, and what they still carry."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, String, and_, case, cast, func, type_coerce
from sqlmodel import col, select

from chatops.digest import gone_on, naming, tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, ngettext
from chatops.model import agent as agents
from chatops.model import macro as macros
from chatops.model.history import History
from chatops.model.message import Message
from chatops.model.queue import IS_OPEN
from chatops.model.ticket import Ticket
from chatops.rules.figures import quantile_of
from chatops.rules.walltime import MINUTE, SECOND
from chatops.store.transaction import Transaction
from chatops.ui import Line, Paragraph, Part, Small, Strong
from chatops.words import one_line, side_by_side

MOST = 20  # people, and prepared answers, that are kept


class Person(msgspec.Struct, frozen=True):
    """One member of the team: answers that ended a wait, half of them within `median` ms, open tickets they own.

    These are known of now alone.
    """

    agent_id: str
    answers: int = 0
    median: int | None = None
    carried: int | None = None


class Team(msgspec.Struct, frozen=True):
    """Numbers of a window: of everybody, and of those who answered most; how often each macro was used most."""

    people: tuple[Person, ...]
    answers: int = 0
    carried: int | None = 0
    used: int = 0  # macros
    others: int = 0  # people who are not listed
    elsewhere: int = 0  # answers written in Seller Center
    handled: int = 0  # tickets that were resolved
    handled_median: int | None = None  # milliseconds for half of these, from opening to resolving
    macros: dict[str, int] = {}


def _count(tx: Transaction, scope: Scope, window: Window) -> Team | None:
    waits = _waits(tx, scope, window)
    elsewhere = sum(waits.pop("", Counter()).values())
    carried = _carried(tx, scope) if window.looks_ahead else None
    people = [
        Person(one, sum(waits[one].values()), quantile_of(waits[one], 0.5), None if carried is None else carried[one])
        for one in sorted({*waits, *(carried or ())})
    ]
    used = _macros(tx, scope, window)
    handled = _handled(tx, scope, window)
    if not people and not elsewhere and not used and not handled:
        return None
    people.sort(key=lambda one: (-one.answers, -(one.carried or 0), one.agent_id))
    return Team(
        people=tuple(sorted(people[:MOST], key=lambda one: one.agent_id)),  # in no order of who did more
        answers=sum(one.answers for one in people),
        carried=None if carried is None else carried.total(),
        used=used.total(),
        others=max(len(people) - MOST, 0),
        elsewhere=elsewhere,
        handled=handled.total(),
        handled_median=quantile_of(handled, 0.5),
        macros=dict(sorted(used.items(), key=lambda one: (-one[1], one[0]))[:MOST]),
    )


def _waits(tx: Transaction, scope: Scope, window: Window) -> defaultdict[str, Counter[int]]:
    """Return how often each person ended a wait of how many milliseconds; "": in Seller Center, any."""
    agent_id = col(Message.agent_id)
    seconds = cast(tables.seconds_taken(), String)
    ours = col(Message.source_workspace_id) == scope.workspace_id
    by_whom = case((agent_id.is_(None), ""), (ours, agent_id + " " + seconds))
    here = tables.of_shops(tx, tables.shops_of(tx, scope), col(Message.shop_id))
    asked = select(by_whom).where(col(Message.answers_since).is_not(None), here)
    if scope.agent_id:
        asked = asked.where(agent_id == scope.agent_id)
    if scope.teams:
        joined = (col(Ticket.shop_id) == col(Message.shop_id)) & (col(Ticket.id) == col(Message.ticket_id))
        asked = asked.join(Ticket, joined).where(tables.of_part(scope))
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    asked = tables.by(asked, Message, "message_answers")
    for each, count in tables.counts(tx, asked, col(Message.sent_at), window).items():
        whose, _, took = each.rpartition(" ")
        found[whose][int(took or 0) * SECOND] += count
    return found


def _carried(tx: Transaction, scope: Scope) -> Counter[str]:
    """Return how many open tickets each person owns now."""
    owned = (
        IS_OPEN,
        col(Ticket.assignee_id).is_not(None),
        col(Ticket.assignee_workspace_id) == scope.workspace_id,
        col(Ticket.shop_id).in_(tables.shops_of(tx, scope)),
        tables.of_part(scope),
    )
    asked = select(col(Ticket.assignee_id), func.count()).where(*owned).group_by(col(Ticket.assignee_id))
    found = tx.execute(tables.by(asked, Ticket, "ticket_open"))
    return Counter({agent_id: count for agent_id, count in found if agent_id})


def _handled(tx: Transaction, scope: Scope, window: Window) -> Counter[int]:
    """Return how many tickets were resolved after how many milliseconds, begun minutes as whole ones.

    As they stood at the window's end: one that was opened again by then has only its last resolution, one that had
    gone on in another ticket was not handled itself.
    """
    asked = select(_minutes(col(Ticket.resolved_at))).where(
        col(Ticket.merged_into).is_(None),
        tables.of_shops(tx, tables.shops_of(tx, scope), col(Ticket.shop_id)),
        tables.of_part(scope),
    )
    asked = tables.by(asked, Ticket, "ticket_resolved")
    found = tables.counts(tx, asked, col(Ticket.resolved_at), window)
    handled = Counter({int(each) * MINUTE: count for each, count in found.items()})
    then = gone_on.resolved_then(tx, scope, window)
    its_ticket = (col(Ticket.shop_id) == then.c.shop_id) & (col(Ticket.id) == then.c.ticket_id)
    went_on = select(_minutes(then.c.at)).select_from(then).join(Ticket, its_ticket).where(tables.of_part(scope))
    handled.update(each * MINUTE for (each,) in tx.execute(went_on))
    return handled


def _minutes(resolved_at: Any) -> ColumnElement[int]:
    """Return after how many minutes a ticket was resolved at an instant."""
    long = type_coerce(resolved_at, BigInteger) - type_coerce(col(Ticket.opened_at), BigInteger)
    return (long + tables.number(MINUTE - 1)) // tables.number(MINUTE)


def _macros(tx: Transaction, scope: Scope, window: Window) -> Counter[str]:
    """Return how often each prepared answer was used, by whoever the scope names: also in tickets of others."""
    by_whom = tables.ALL
    if scope.agent_id:
        by_whom = and_(col(History.workspace_id) == scope.workspace_id, col(History.agent_id) == scope.agent_id)
    scope = msgspec.structs.replace(scope, agent_id="")
    found = tables.told(tx, scope, window, ("macro",), "macro_id", by_whom=by_whom)
    return Counter({macro_id or "": count for (_what, macro_id), count in found.items()})


def _parts(tx: Transaction, facts: Team, before: Team | None, reading: Reading) -> Sequence[Part]:
    team = {agent.id: agent for agent in agents.every(tx, reading.workspace_id)}
    named = [(one_line(team[one.agent_id].name) if one.agent_id in team else one.agent_id, one) for one in facts.people]
    named.sort(key=lambda each: each[0].casefold())
    if reading.ranked:
        named.sort(key=lambda each: (-each[1].answers, -(each[1].carried or 0)))
    parts: list[Part] = [Paragraph(_person(name, one, _then(before, one))) for name, one in named]
    if reading.ranked and len(named) > 1:
        parts.append(Small((_("Who answered most stands first."),)))
    parts += [Small((said,)) for said in _besides(facts, before)]
    if facts.macros:
        parts.append(Paragraph((Strong(_("Prepared answers used")),)))
        parts += [Paragraph((said,)) for said in _used(tx, facts, before)]
    return parts


def _then(before: Team | None, one: Person) -> Person | None:
    """Return somebody's numbers of the time before; None where they are not known."""
    if before is None:
        return None
    listed = (each for each in before.people if each.agent_id == one.agent_id)
    return next(listed, None if before.others else Person(one.agent_id))


def _person(name: str, one: Person, then: Person | None) -> Line:
    answers = ngettext("{count} answer", "{count} answers", one.answers)
    median = naming.compared(naming.duration(one.median), naming.duration(then.median) if then else None)
    said = side_by_side(
        naming.compared(answers, then.answers if then else None),
        "" if one.median is None else _soon(one.answers, median),
        ngettext("{count} open ticket", "{count} open tickets", one.carried) if one.carried else "",
    )
    return (Strong(name), " · ", said)


def _soon(answers: int, median: str) -> str:
    return _("after {length}", length=median) if answers == 1 else _("half within {length}", length=median)


def _besides(facts: Team, before: Team | None) -> Iterator[str]:
    if facts.others:
        yield ngettext("and {count} more person", "and {count} more people", facts.others)
    if facts.elsewhere:
        said = ngettext(
            "{count} answer was written in Seller Center",
            "{count} answers were written in Seller Center",
            facts.elsewhere,
        )
        yield naming.compared(said, before.elsewhere if before else None)
    if facts.handled:
        said = ngettext("{count} ticket resolved", "{count} tickets resolved", facts.handled)
        then = naming.duration(before.handled_median) if before else None
        long = naming.compared(naming.duration(facts.handled_median), then)
        yield side_by_side(
            naming.compared(said, before.handled if before else None),
            _("{length} after being opened", length=long)
            if facts.handled == 1
            else _("half of them within {length} of being opened", length=long),
        )


def _used(tx: Transaction, facts: Team, before: Team | None) -> Iterator[str]:
    earlier = before.macros if before else {}
    unknown = None if before is None or len(earlier) == MOST else 0
    for macro_id, count in facts.macros.items():
        known = macros.get(tx, macro_id)
        name = one_line(known.name) if known else macro_id
        said = ngettext("{name}: {count} time", "{name}: {count} times", count, name=name)
        yield naming.compared(said, earlier.get(macro_id, unknown))


SECTION = Section(
    key="team",
    place=70,
    title=lambda: _("The team"),
    facts=Team,
    count=_count,
    parts=_parts,
    of_now=frozenset({"carried"}),
    figures=(
        Figure(
            "answers",
            Unit.COUNT,
            lambda: _("Answers of the team"),
            lambda: _(
                "Answers that members of the team wrote here, not in Seller Center, and that ended a buyer's wait. "
                "Several in a row end it once, and what nobody waited for is not counted."
            ),
            lambda facts: facts.answers,
        ),
        Figure(
            "elsewhere",
            Unit.COUNT,
            lambda: _("Answers written in Seller Center"),
            lambda: _(
                "Answers that ended a buyer's wait in this time and were written in Seller Center; who wrote them is "
                "not known here."
            ),
            lambda facts: facts.elsewhere,
        ),
        Figure(
            "carried",
            Unit.COUNT,
            lambda: _("Open tickets with an owner"),
            lambda: _("Tickets that are open and belong to a member of the team at the moment of counting."),
            lambda facts: facts.carried,
        ),
        Figure(
            "handled",
            Unit.COUNT,
            lambda: _("Tickets resolved"),
            lambda: _(
                "Tickets that were resolved in this time. One that was opened again counts by its last resolution, one "
                "that was merged into another not at all. What happens to it after this time changes nothing."
            ),
            lambda facts: facts.handled,
        ),
        Figure(
            "handled_median",
            Unit.LENGTH,
            lambda: _("From opening to resolving: half within"),
            lambda: _(
                "How long it took at most, from opening to resolving, for half of the tickets resolved in this time: "
                "nights and waits included, begun minutes as whole ones. One that was opened again counts by its last "
                "resolution, one that was merged into another not at all. What happens to it after this time changes "
                "nothing."
            ),
            lambda facts: facts.handled_median,
        ),
        Figure(
            "macros",
            Unit.COUNT,
            lambda: _("Prepared answers used"),
            lambda: _("How often a prepared answer was sent or handed in, changed or not."),
            lambda facts: facts.used,
        ),
    ),
)
