"""Leads change promises and hours in the chat: a form holds one of them, and what it says is tried before it counts."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from chatops.catalog import NEW, Verb
from chatops.desk import definitions, definitions_toml, promises
from chatops.desk.definitions import Defined
from chatops.errors import Refusal, Refused, SetupError
from chatops.i18n import weekdays
from chatops.model import definition as questions
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import tier as tiers
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.preview import preview
from chatops.rules import toml_words, zones
from chatops.rules.hours import DayOff, Hours
from chatops.rules.hours_words import days_off, leaves_a_minute, weekly
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

TEXT, PLACE, HOW = "text", "place", "how"  # inputs of the forms
NAME, ZONE, WEEKLY, DAYS = "name", "zone", "weekly", "days"
TRY, SAVE = "try", "save"  # what HOW holds
ALWAYS = "always"  # what WEEKLY holds for hours around the clock

Values = Mapping[str, str]
Wanted = tuple[Defined, ...]
Act = Callable[[Transaction, Agent, str, Values, datetime], None]


def with_promise(tx: Transaction, ref: str, values: Values, _now: datetime) -> Wanted:
    """Return everything that would be defined with a promise as a form says it, at the place the form says.

    With no text there is none of this name any more.

    Raises:
        Refused: it makes no sense.
    """
    level = DefinitionKind.SERVICE_LEVEL
    others = [one for one in _entries(tx, level) if one["name"] != ref]
    if text := values.get(TEXT, "").strip():
        others.insert(_place(values, len(others)), table(text))
    return _read(tx, level, others)


def with_entry(tx: Transaction, kind: DefinitionKind, name: str, entry: Mapping[str, Any]) -> Wanted:
    """Return everything that would be defined with one entry in place of the one of a name; {}: without that one.

    Raises:
        Refused: it makes no sense.
    """
    entries = _entries(tx, kind)
    at = next((place for place, one in enumerate(entries) if one["name"] == name), len(entries))
    return _read(tx, kind, [*entries[:at], *([entry] if entry else []), *entries[at + 1 :]])


def with_calendar(tx: Transaction, ref: str, values: Values, now: datetime) -> Wanted:
    """Return everything that would be defined with hours as a form says them; without a name there are none any more.

    Raises:
        Refused: they make no sense.
    """
    calendar, old = DefinitionKind.CALENDAR, calendar_named(ref)[1]
    entries = [one for one in _entries(tx, calendar) if one["name"] != old]
    if name := values.get(NAME, "").strip():
        past = _past(tx, old, now)
        entries.append(definitions_toml.entry(Defined(calendar, name, _hours(values, past))))
    return _read(tx, calendar, entries)


WRITTEN: Mapping[Verb, Callable[[Transaction, str, Values, datetime], Wanted]] = {
    Verb.PROMISE_WRITE: with_promise,
    Verb.CALENDAR_WRITE: with_calendar,
}


KINDS = {Verb.PROMISE_WRITE: DefinitionKind.SERVICE_LEVEL, Verb.CALENDAR_WRITE: DefinitionKind.CALENDAR}


def as_now(tx: Transaction, verb: Verb, ref: str) -> str:
    """Return the ref of a form that is shown now: what it is about, and how often such things have changed so far."""
    return numbered(tx, KINDS[verb], ref)


def numbered(tx: Transaction, kind: DefinitionKind, about: str) -> str:
    """Return the same for a form about one kind of definition."""
    return f"{questions.changes(tx, kind)}/{about}"


def opened_by(ref: str) -> str:
    """Return what the press that opened a form is about, by the form's own ref."""
    return ref.partition("/")[2]


def _wanted(tx: Transaction, verb: Verb, ref: str, values: Values, now: datetime) -> Wanted:
    """Return everything that would be defined with what a form says.

    Raises:
        Refused: somebody has changed such things since the form was shown, or it makes no sense.
    """
    about = opened_by(ref)
    if ref != as_now(tx, verb, about):
        raise Refused(Refusal.STALE)
    return WRITTEN[verb](tx, about, values, now)


def try_out(tx: Transaction, verb: Verb, ref: str, values: Values, now: datetime) -> None:
    """Look at what a form would do to the clocks that run, unless it is to be saved; nothing changes by it.

    Raises:
        Refused: it was only to be tried, and this would come of it; or it makes no sense.
    """
    if values.get(HOW) != SAVE:
        wanted = _wanted(tx, verb, ref, values, now)
        found = preview(tx, wanted, now)
        minute = {"minute": True} if leaves_a_minute((values.get(WEEKLY, ""), values.get(DAYS, ""))) else {}
        kept = {(one.kind, one.name) for one in wanted}
        lost = ", ".join(one.name for one in definitions.current(tx) if (one.kind, one.name) not in kept)
        gone = {"gone": lost} if lost else {}
        with _about(HOW):
            raise Refused(Refusal.TRIED, open=found.open, moved=found.move, late=found.breached, **minute, **gone)


def _writing(verb: Verb) -> Act:
    """Return the act of a form: what it holds counts from now on."""
    return lambda tx, agent, ref, values, now: definitions.apply(tx, _wanted(tx, verb, ref, values, now), now, agent)


def take(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    """Let a ready-made pack be what is promised, in somebody's own time zone."""
    promises.adopt(tx, ref, promises.zone_of(tx, agent), agent, now)


def back(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    """Let what was changed at an instant mean again what it meant before.

    Raises:
        Refused: some of it was changed since.
    """
    if not ref.isdecimal():
        raise Refused(Refusal.STALE)
    promises.take_back(tx, from_milliseconds(int(ref)), agent, now)


def calendar_named(ref: str) -> tuple[str, str]:
    """Return what the ref of a form about a calendar says: whose holidays to propose, if any, and the name."""
    place, _, name = ref.partition("/")
    return place.strip("-"), "" if name == NEW else name


def text_of(one: Defined) -> str:
    """Return a definition as the lines of its table in a desk file."""
    return lines_of(definitions_toml.entry(one))


def lines_of(entry: Mapping[str, Any]) -> str:
    """Return an entry as the lines of its table in a desk file."""
    return toml_words.lines(entry)


def _entries(tx: Transaction, kind: DefinitionKind) -> list[dict[str, Any]]:
    return [definitions_toml.entry(one) for one in definitions.current(tx) if one.kind is kind]


def _place(values: Values, last: int) -> int:
    said = values.get(PLACE, "").strip()
    return min(max(int(said), 1), last + 1) - 1 if said.isdecimal() else last


def table(text: str) -> dict[str, Any]:
    """Read the lines of a table in a desk file.

    Raises:
        Refused: they are none.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(Refusal.NOT_DEFINED, detail=str(error)) from None


def _past(tx: Transaction, name: str, now: datetime) -> tuple[DayOff, ...]:
    """Return the past days of a calendar, if there is one of this name: no form shows them."""
    known = {one["name"]: one for one in _entries(tx, DefinitionKind.CALENDAR)}
    return tuple(day for day in hours_called(tx, name).exceptions if day.on < now.date()) if name in known else ()


def _hours(values: Values, past: tuple[DayOff, ...]) -> Hours:
    """Return the hours that a form holds, with the past days that it does not show."""
    where, week = values.get(ZONE, ""), values.get(WEEKLY, "").strip()
    always = week.casefold() == ALWAYS
    with _about(ZONE):
        zone = zones.named(where)
        if zone is None:
            raise Refused(Refusal.NO_SUCH_ZONE, near=zones.near(where))
    with _about(WEEKLY):
        windows = {} if always else weekly(week, weekdays())
    with _about(DAYS):
        typed = days_off(values.get(DAYS, ""))
    off = (*(day for day in past if all(day.on != other.on for other in typed)), *typed)
    with _about(WEEKLY):
        if not (always or windows or any(day.hours for day in off)):
            raise Refused(Refusal.NEVER_OPEN)
    return Hours(zone, windows, off, always)


@contextmanager
def _about(field: str) -> Iterator[None]:
    """Let whatever is refused within be about one input of a form."""
    try:
        yield
    except Refused as refused:
        refused.field = field
        raise


def _read(tx: Transaction, kind: DefinitionKind, entries: Sequence[Mapping[str, Any]]) -> Wanted:
    """Return everything that would be defined if these were all of their kind, as far as it makes sense together."""
    tables = {other: _entries(tx, other) for other in DefinitionKind} | {kind: [*entries]}
    try:
        places, sellers = workspaces.every(tx), [one.name for one in shops.every(tx)]
        named = {place.name: [team.name for team in teams.of_workspace(tx, place.id)] for place in places}
        return definitions_toml.parse(tables, [*named], sellers, tiers.names(tx), named)
    except SetupError as wrong:
        raise Refused(Refusal.NOT_DEFINED, detail=f"{wrong}; {wrong.remedy}") from None


def hours_called(tx: Transaction, name: str) -> Hours:
    """Return a calendar.

    Raises:
        SetupError: there is none of this name.
    """
    known = {one.name: one.spec for one in definitions.current(tx) if isinstance(one.spec, Hours)}
    if name not in known:
        raise SetupError(f"there is no calendar {name!r}", f"Use one of: {', '.join(known) or '(none yet)'}.")
    return known[name]


def with_days(tx: Transaction, name: str, days: Sequence[DayOff]) -> tuple[Defined, ...]:
    """Return everything that would be defined with more days unlike others in a calendar; those it has stay.

    Raises:
        SetupError: there is no calendar of this name.
    """
    hours = hours_called(tx, name)
    known = {day.on for day in hours.exceptions}
    more = (*hours.exceptions, *(day for day in days if day.on not in known))
    changed = msgspec.structs.replace(hours, exceptions=tuple(sorted(more, key=lambda day: day.on)))
    return tuple(
        Defined(one.kind, one.name, changed) if (one.kind, one.name) == (DefinitionKind.CALENDAR, name) else one
        for one in definitions.current(tx)
    )


def in_turn(act: Act) -> Act:
    """Return an act during which nobody else, on any replica, does one: each puts everything defined in place."""

    def acted(tx: Transaction, agent: Agent, ref: str, values: Values, now: datetime) -> None:
        if not tx.alone("definitions"):
            raise Refused(Refusal.STALE)
        act(tx, agent, ref, values, now)

    return acted


BY_VERB: Mapping[Verb, Act] = {
    Verb.PROMISES_APPLY: in_turn(take),
    Verb.PROMISES_BACK: in_turn(back),
    **{verb: in_turn(_writing(verb)) for verb in WRITTEN},
}
