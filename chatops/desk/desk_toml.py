"""`desk.toml`: the desk's shape as a file that people write, read and keep under version control."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from chatops.catalog import by_binding
from chatops.desk import definitions_toml
from chatops.desk.definitions_toml import MARKET
from chatops.desk.setup import Plan
from chatops.desk.verbs import BY_VERB
from chatops.errors import SetupError
from chatops.model.agent import Agent, Role
from chatops.model.binding import Binding
from chatops.model.binding import name_of as binding_name
from chatops.model.definition import DefinitionKind
from chatops.model.setting import DEFAULTS, MAY_BE_NONE
from chatops.model.shop import Route, RoutePosture, Shop
from chatops.model.team import Team
from chatops.model.ticket import Level, TicketKind
from chatops.model.tier import Tier
from chatops.model.workspace import PlatformName, Workspace
from chatops.rules.choices import choice, team_key
from chatops.rules.languages import LANGUAGES
from chatops.rules.toml_words import inline

LONGEST = 86_400  # seconds a setting may ask for
TEAM_NAME = 50  # characters
TIER_NAME = 40
EVERY_SHOP = "*"
LOCALE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
SLACK_IDS = {
    "workspace": re.compile(r"T[A-Z0-9]{2,}"),
    "channel": re.compile(r"[CG][A-Z0-9]{2,}"),
    "agent": re.compile(r"[UW][A-Z0-9]{2,}"),
    "group": re.compile(r"S[A-Z0-9]{2,}"),
}

DISCORD_ID = re.compile(r"[1-9][0-9]{14,19}")


class _ShopEntry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    timezone: str
    locale: str


class _WorkspaceEntry(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    platform: PlatformName
    id: str
    locale: str


class _RouteEntry(msgspec.Struct, forbid_unknown_fields=True):
    shop: str
    kinds: list[TicketKind]
    workspace: str
    channel: str
    locale: str = ""
    posture: RoutePosture = RoutePosture.TO_BUYER
    buyer_identity: bool = False
    markets: list[str] = []
    languages: list[str] = []
    levels: list[Level] = []


class _AgentEntry(msgspec.Struct, forbid_unknown_fields=True):
    workspace: str
    id: str
    role: Role


class _ReactionEntry(msgspec.Struct, forbid_unknown_fields=True):
    workspace: str
    emoji: str
    does: str


class _TeamEntry(msgspec.Struct, forbid_unknown_fields=True):
    workspace: str
    name: str
    mention: str = ""


class _TierEntry(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    settings: dict[str, int] = {}
    shops: list[_ShopEntry] = []
    workspaces: list[_WorkspaceEntry] = []
    routes: list[_RouteEntry] = []
    agents: list[_AgentEntry] = []
    reactions: list[_ReactionEntry] = []
    teams: list[_TeamEntry] = []
    tiers: list[_TierEntry] = []
    calendars: list[dict[str, Any]] = []
    service_levels: list[dict[str, Any]] = []
    escalations: list[dict[str, Any]] = []
    rotations: list[dict[str, Any]] = []
    digests: list[dict[str, Any]] = []


def parse(text: str) -> Plan:
    """Read a desk file; names in routes are looked up, ids, zones and languages are checked.

    Raises:
        SetupError: what is wrong, and where.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"desk.toml is not TOML: {error}", "Correct the line it names.") from None
    except msgspec.ValidationError as error:
        raise SetupError(f"desk.toml: {error}", "Compare with docs/reference/desk-toml.md.") from None
    workspaces = {entry.name: _workspace(entry) for entry in found.workspaces}
    shops = {entry.name: _shop(entry) for entry in found.shops}
    _no_twins("shop", [entry.name for entry in found.shops], [entry.id for entry in found.shops])
    _no_twins("workspace", [entry.name for entry in found.workspaces], [entry.id for entry in found.workspaces])
    routes = [route for entry in found.routes for route in _routes(entry, shops, workspaces)]
    names = {shop.id: shop.name for shop in shops.values()}
    agents = [_agent(entry, workspaces) for entry in found.agents]
    _no_twins("route", [f"{one.kind} of {names[one.shop_id]} to {one.channel_id}" for one in routes])
    _for_everything_else(routes, names)
    _no_twins("agent", [f"{agent.workspace_id} {agent.id}" for agent in agents])
    bindings = [_binding(entry, workspaces) for entry in found.reactions]
    _no_twins("reaction", [f"{one.emoji} of {one.workspace_id}" for one in bindings])
    teams = [_team(entry, workspaces) for entry in found.teams]
    _no_twins("team", [f"{team_key(one.name)} of {one.workspace_id}" for one in teams])
    desk = tuple(shops.values()), tuple(workspaces.values()), tuple(routes), tuple(agents), tuple(bindings)
    tiers = [_tier(entry, position) for position, entry in enumerate(found.tiers)]
    _no_twins("tier", [one.name.casefold() for one in tiers])
    tables = {kind: getattr(found, kind) for kind in DefinitionKind}
    named = {name: [one.name for one in teams if one.workspace_id == place.id] for name, place in workspaces.items()}
    defined = definitions_toml.parse(tables, [*named], [*shops], [one.name for one in tiers], named)
    return Plan(_settings(found.settings), *desk, tuple(teams), defined, tuple(tiers))


def _no_twins(what: str, *columns: list[str]) -> None:
    for values in columns:
        twins = sorted({value for value in values if values.count(value) > 1})
        if twins:
            raise SetupError(f"desk.toml names {what} {twins[0]} twice", f"Keep one of the two [[{what}s]] entries.")


def _settings(entries: Mapping[str, int]) -> dict[str, int]:
    for name, value in entries.items():
        if name not in DEFAULTS:
            raise SetupError(f"desk.toml: there is no setting {name}", f"Use one of: {', '.join(DEFAULTS)}.")
        least = 0 if name in MAY_BE_NONE else 1
        most = {"percent": 100, "days": 365}.get(name.rpartition("_")[2], LONGEST)
        if not least <= value <= most:
            remedy = f"Use a number of seconds from {least} to {LONGEST:,}, a day."
            remedy = remedy if name.endswith("_seconds") else f"Use a number from {least} to {most:,}."
            raise SetupError(f"desk.toml: {name} is {value}", remedy)
    return {**DEFAULTS, **entries}


def _shop(entry: _ShopEntry) -> Shop:
    _check_locale(entry.locale, f"shop {entry.name}")
    try:
        ZoneInfo(entry.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SetupError(
            f"shop {entry.name}: there is no time zone {entry.timezone}", 'Use a name like "Europe/London".'
        ) from None
    if not entry.id.isdigit():
        raise SetupError(f"shop {entry.name}: {entry.id} is no shop id", "Use the number TikTok Shop gives, as text.")
    return Shop(id=entry.id, name=entry.name, timezone=entry.timezone, locale=entry.locale)


def _workspace(entry: _WorkspaceEntry) -> Workspace:
    _check_locale(entry.locale, f"workspace {entry.name}")
    _check_id(entry.platform, "workspace", entry.id)
    return Workspace(id=entry.id, name=entry.name, platform=entry.platform, locale=entry.locale)


def _routes(entry: _RouteEntry, shops: Mapping[str, Shop], workspaces: Mapping[str, Workspace]) -> list[Route]:
    routed = list(shops.values()) if entry.shop == EVERY_SHOP else [shops[entry.shop]] if entry.shop in shops else []
    workspace = workspaces.get(entry.workspace)
    if not routed:
        raise SetupError(f"a route names shop {entry.shop}", "Add it under [[shops]], or correct the name.")
    if workspace is None:
        raise SetupError(f"a route names workspace {entry.workspace}", "Add it under [[workspaces]].")
    _check_id(workspace.platform, "channel", entry.channel)
    locale = entry.locale or workspace.locale
    _check_locale(locale, f"the route to {entry.channel}")
    if entry.buyer_identity and workspace.platform != PlatformName.DISCORD:
        raise SetupError(
            f"the route to {entry.channel}: in Slack buyers cannot speak under their own names",
            "Leave buyer_identity out of this route.",
        )
    _check_conditions(entry)
    return [
        Route(
            shop_id=shop.id,
            kind=kind,
            workspace_id=workspace.id,
            channel_id=entry.channel,
            locale=locale,
            posture=entry.posture,
            buyer_identity=entry.buyer_identity,
            markets=entry.markets,
            languages=entry.languages,
            levels=[level.value for level in entry.levels],
        )
        for shop in routed
        for kind in dict.fromkeys(entry.kinds)
    ]


def _check_conditions(entry: _RouteEntry) -> None:
    for language in entry.languages:
        if language not in LANGUAGES:
            raise SetupError(
                f"the route to {entry.channel}: {language!r} is no language buyers are known to write in",
                f"Use some of: {', '.join(sorted(LANGUAGES))}.",
            )
    for market in entry.markets:
        if not MARKET.fullmatch(market):
            raise SetupError(
                f"the route to {entry.channel}: {market!r} is no country",
                'Use two capital letters, such as "GB" or "ID".',
            )


def _for_everything_else(routes: Sequence[Route], names: Mapping[str, str]) -> None:
    """See to it that every ticket has somewhere to go.

    Raises:
        SetupError: what fits no condition would be shown nowhere.
    """
    served = {(route.shop_id, route.kind) for route in routes if not route.has_conditions}
    for route in routes:
        if (route.shop_id, route.kind) not in served:
            raise SetupError(
                f"{route.kind} of {names[route.shop_id]}: what fits no route's conditions would be shown nowhere",
                "Add a route without markets, languages and levels, for everything else.",
            )


def _agent(entry: _AgentEntry, workspaces: Mapping[str, Workspace]) -> Agent:
    workspace = workspaces.get(entry.workspace)
    if workspace is None:
        raise SetupError(f"agent {entry.id} names workspace {entry.workspace}", "Add it under [[workspaces]].")
    _check_id(workspace.platform, "agent", entry.id)
    return Agent(workspace_id=workspace.id, id=entry.id, role=entry.role)


def _binding(entry: _ReactionEntry, workspaces: Mapping[str, Workspace]) -> Binding:
    workspace = workspaces.get(entry.workspace)
    if workspace is None:
        raise SetupError(f"reaction {entry.emoji} names workspace {entry.workspace}", "Add it under [[workspaces]].")
    found, _ = by_binding(entry.does)
    if found is None or not (found.asks or found.verb in BY_VERB):
        raise SetupError(
            f"reaction {entry.emoji}: nothing is called {entry.does!r}",
            'Write an order without its "!", like "macro where-is-my-order" or "tag vip".',
        )
    return Binding(workspace_id=workspace.id, emoji=binding_name(entry.emoji), does=entry.does.strip())


def _team(entry: _TeamEntry, workspaces: Mapping[str, Workspace]) -> Team:
    workspace, name = workspaces.get(entry.workspace), " ".join(entry.name.split())
    if workspace is None:
        raise SetupError(f"team {name} names workspace {entry.workspace}", "Add it under [[workspaces]].")
    if not 0 < len(name) <= TEAM_NAME:
        raise SetupError(f"a team is called {name!r}", f"Give it a name of at most {TEAM_NAME} characters.")
    if entry.mention:
        _check_id(workspace.platform, "group", entry.mention)
    return Team(workspace_id=workspace.id, name=name, mention=entry.mention)


def _tier(entry: _TierEntry, position: int) -> Tier:
    name = " ".join(entry.name.split())
    if not 0 < len(name) <= TIER_NAME or choice(name, {}) == "":
        raise SetupError(f"a tier is called {entry.name!r}", f"Give it a name of at most {TIER_NAME} characters.")
    return Tier(name=name, position=position)


def _check_locale(locale: str, where: str) -> None:
    if not LOCALE.fullmatch(locale):
        raise SetupError(f"{where}: {locale!r} is no language", 'Use a tag like "en", "zh-CN" or "th".')


def _check_id(platform: PlatformName, what: str, value: str) -> None:
    good = SLACK_IDS[what].fullmatch(value) if platform == PlatformName.SLACK else DISCORD_ID.fullmatch(value)
    if not good:
        example = _EXAMPLES[what] if platform == PlatformName.SLACK else _DISCORDS
        raise SetupError(f"{value!r} is no {platform} {what} id", f"Use the id, not the name: {example}.")


_EXAMPLES = {
    "workspace": "T0123ABCD",
    "channel": "C0123ABCD (channel details, at the bottom)",
    "agent": "U0123ABCD (their profile, under the three dots)",
    "group": "S0123ABCD (the user group's page, under the three dots)",
}
_DISCORDS = "a long number (switch Developer Mode on in Discord, then right-click and Copy ID)"


def write(plan: Plan) -> str:
    """Return the file that `parse` reads as `plan`."""
    names = {shop.id: shop.name for shop in plan.shops}
    teams = {workspace.id: workspace.name for workspace in plan.workspaces}
    blocks = [_table("settings", plan.settings, single=True)]
    blocks += [_table("shops", shop.model_dump(include={"id", "name", "timezone", "locale"})) for shop in plan.shops]
    blocks += [
        _table("workspaces", {"name": one.name, "platform": one.platform.value, "id": one.id, "locale": one.locale})
        for one in plan.workspaces
    ]
    blocks += [_table("routes", _route(route, names, teams)) for route in plan.routes]
    blocks += [
        _table("agents", {"workspace": teams.get(one.workspace_id, one.workspace_id), "id": one.id, "role": one.role})
        for one in plan.agents
    ]
    blocks += [
        _table(
            "reactions",
            {"workspace": teams.get(one.workspace_id, one.workspace_id), "emoji": one.emoji, "does": one.does},
        )
        for one in plan.bindings
    ]
    blocks += [_table("teams", _called(one, teams)) for one in plan.teams]
    blocks += [_table("tiers", {"name": one.name}) for one in plan.tiers]
    blocks += [_table(one.kind, definitions_toml.entry(one)) for one in plan.definitions]
    return "\n".join(blocks)


def _route(route: Route, shops: Mapping[str, str], workspaces: Mapping[str, str]) -> dict[str, Any]:
    told = {
        "shop": shops.get(route.shop_id, route.shop_id),
        "kinds": [route.kind.value],
        "workspace": workspaces.get(route.workspace_id, route.workspace_id),
        "channel": route.channel_id,
        "locale": route.locale,
        "posture": route.posture.value,
    }
    conditions = {name: getattr(route, name) for name in ("markets", "languages", "levels") if getattr(route, name)}
    return told | conditions | ({"buyer_identity": True} if route.buyer_identity else {})


def _called(team: Team, workspaces: Mapping[str, str]) -> dict[str, str]:
    told = {"workspace": workspaces.get(team.workspace_id, team.workspace_id), "name": team.name}
    return told | ({"mention": team.mention} if team.mention else {})


def _table(name: str, values: Mapping[str, Any], *, single: bool = False) -> str:
    head = f"[{name}]" if single else f"[[{name}]]"
    return "\n".join([head, *(f"{key} = {inline(value)}" for key, value in values.items()), ""])
