"""The tables of `desk.toml` about time: `[[calendars]]`, `[[service_levels]]`, `[[escalations]]`, `[[rotations]]`,
`[[digests]]`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from chatops.desk.definitions import Defined
from chatops.digest import sections
from chatops.errors import SetupError
from chatops.model.definition import SPECS, DefinitionKind
from chatops.model.ticket import Level, TicketKind, TicketPriority
from chatops.rules import plan, rotation
from chatops.rules.choices import team_key
from chatops.rules.escalation import Escalation, Way, ladder
from chatops.rules.hours import Hours, compiled
from chatops.rules.languages import LANGUAGES, primary
from chatops.rules.plan import DigestPlan
from chatops.rules.rotation import Rotation
from chatops.rules.targets import Match, ServiceLevel, check

LONGEST_NAME = 50  # characters
MARKET = re.compile(r"[A-Z]{2}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}|[1-9][0-9]{14,19}")
Entries = Sequence[Mapping[str, Any]]


def parse(
    tables: Mapping[DefinitionKind, Entries],
    workspaces: Sequence[str],
    shops: Sequence[str] = (),
    tiers: Sequence[str] = (),
    teams: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Defined, ...]:
    """Read the entries of each table; `workspaces`, `shops`, `tiers` and the `teams` of each workspace are names.

    Raises:
        SetupError: what is wrong, and where.
    """
    found = tuple(_defined(kind, entry) for kind in DefinitionKind for entry in tables.get(kind, ()))
    names = {(one.kind, one.name) for one in found}
    if len(names) < len(found):
        twice = next(one for at, one in enumerate(found) if any(one[:2] == other[:2] for other in found[:at]))
        raise SetupError(f"[[{twice.kind}]]: {twice.name!r} stands there twice", "Keep one of the two.")
    for one in found:
        try:
            _check(one, names, workspaces)
            if isinstance(one.spec, ServiceLevel):
                _must_fit_some(one.spec.match, shops, tiers)
            if isinstance(one.spec, DigestPlan):
                _must_be_tellable(one.spec, found, shops, teams.get(one.spec.workspace, ()))
        except SetupError as error:
            raise SetupError(f"[[{one.kind}]] {one.name}: {error}", error.remedy) from None
    return found


def _defined(kind: DefinitionKind, entry: Mapping[str, Any]) -> Defined:
    name = " ".join(str(entry.get("name", "")).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise SetupError(f"[[{kind}]]: a name is missing", f"Give it one of at most {LONGEST_NAME} characters.")
    said = {key: value for key, value in entry.items() if key != "name"}
    try:
        return Defined(kind, name, msgspec.convert(said, SPECS[kind]))
    except msgspec.ValidationError as error:
        raise SetupError(f"[[{kind}]] {name}: {error}", "Compare with docs/reference/desk-toml.md.") from None


def _check(one: Defined, names: set[tuple[DefinitionKind, str]], workspaces: Sequence[str]) -> None:
    match one.spec:
        case Hours():
            compiled(one.spec)
        case ServiceLevel():
            check(one.spec)
            for target in one.spec.targets:
                _must_be_there(DefinitionKind.CALENDAR, target.calendar, names)
            _must_be_there(DefinitionKind.ESCALATION, one.spec.escalation, names)
        case DigestPlan():
            _must_be_there(DefinitionKind.CALENDAR, one.spec.calendar, names)
            _must_be_known(one.spec.workspace, workspaces)
        case Escalation() | Rotation():
            if isinstance(one.spec, Rotation):
                rotation.compiled(one.spec)
            else:
                for whom in (whom for rung in ladder(one.spec).rungs for whom in rung.notify):
                    _must_be_there(DefinitionKind.ROTATION, whom.name if whom.way is Way.ROTATION else "", names)
            _must_be_known(one.spec.workspace, workspaces)


def _must_be_known(workspace: str, workspaces: Sequence[str]) -> None:
    if workspace not in workspaces:
        raise SetupError(f"there is no workspace {workspace!r}", "Add it under [[workspaces]].")


def _must_be_tellable(spec: DigestPlan, defined: Iterable[Defined], shops: Sequence[str], teams: Sequence[str]) -> None:
    """Let through a plan that is due some day, about shops, teams and sections that there are, in our languages."""
    calendars = {one.name: one.spec for one in defined if isinstance(one.spec, Hours)}
    plan.compiled(spec, calendars.get(spec.calendar))
    if not CHANNEL.fullmatch(spec.channel):
        raise SetupError(f"{spec.channel!r} is no channel id", "Use the id, not the name: C0123ABCD, or a long number.")
    _must_be_markets(spec.markets)
    _must_be_some("shops", spec.shops, shops)
    if teams:  # where the desk names none, tickets carry any
        known = {team_key(name) for name in teams}
        _must_be_some("teams", [name for name in spec.teams if team_key(name) not in known], teams)
    _must_be_some("languages", [primary(spec.locale)] if spec.locale else [], LANGUAGES)
    _must_be_some("sections", spec.sections, [section.key for section in sections.every()])


def _must_fit_some(match: Match, shops: Sequence[str], tiers: Sequence[str]) -> None:
    """Let through what a ticket can be: a word nobody knows would fit none, and nothing would be promised."""
    known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("shops", match.shops, shops),
        ("tiers", match.tiers, tiers),
        ("kinds", match.kinds, TicketKind),
        ("levels", match.levels, Level),
        ("priorities", match.priorities, TicketPriority),
        ("languages", match.languages, LANGUAGES),
    )
    _must_be_markets(match.markets)
    for name, asked, there_are in known:
        _must_be_some(name, asked, there_are)


def _must_be_markets(markets: Iterable[str]) -> None:
    if strange := [market for market in markets if not MARKET.fullmatch(market)]:
        raise SetupError(f"{strange[0]!r} is no country", 'Use two capital letters, such as "GB" or "ID".')


def _must_be_some(name: str, asked: Iterable[str], there_are: Iterable[str]) -> None:
    if strange := [one for one in asked if one not in [*there_are]]:
        raise SetupError(
            f"{strange[0]!r} is none of the {name}", f"Use some of: {', '.join(there_are) or '(none yet)'}."
        )


def _must_be_there(kind: DefinitionKind, name: str, names: set[tuple[DefinitionKind, str]]) -> None:
    if name and (kind, name) not in names:
        raise SetupError(f"{name!r} is not among the [[{kind}]]", "Add it, or correct the name.")


def entry(one: Defined) -> dict[str, Any]:
    """Return what `parse` reads as this, as the values of one table."""
    spec: dict[str, Any] = msgspec.to_builtins(one.spec)
    return {"name": one.name, **spec}
