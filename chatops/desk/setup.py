"""Bringing the desk into the shape that `desk.toml` describes, and connecting shops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, update
from sqlmodel import col, select

from chatops.desk import definitions, handovers, paging, profiles, report_links, tickets
from chatops.desk.definitions import Defined
from chatops.errors import SetupError
from chatops.model import agent as agents
from chatops.model import binding as bindings
from chatops.model import setting as settings
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import ticket as ticket_questions
from chatops.model import tier as tiers
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent, Role
from chatops.model.binding import Binding
from chatops.model.setting import DEFAULTS, Setting
from chatops.model.shop import Authorization, Route, Shop
from chatops.model.team import Team
from chatops.model.tier import Tier
from chatops.model.workspace import Workspace
from chatops.store.transaction import Transaction

ROUTE_FIELDS = ("locale", "posture", "buyer_identity", "markets", "languages", "levels")

Row = Workspace | Shop | Route | Agent | Binding | Team | Tier


@dataclass(frozen=True, slots=True)
class Plan:
    """What a team wants its desk to be."""

    settings: dict[str, int]
    shops: tuple[Shop, ...]
    workspaces: tuple[Workspace, ...]
    routes: tuple[Route, ...]
    agents: tuple[Agent, ...] = ()
    bindings: tuple[Binding, ...] = ()
    teams: tuple[Team, ...] = ()
    definitions: tuple[Defined, ...] = ()
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a plan and the desk: `sign` is + (new), ~ (different) or - (gone)."""

    sign: str
    what: str


def current(tx: Transaction) -> Plan:
    """Return the desk as a plan."""
    return Plan(
        settings={name: settings.value(tx, name) for name in DEFAULTS},
        shops=tuple(shops.every(tx)),
        workspaces=tuple(workspaces.every(tx)),
        routes=tuple(shops.every_route(tx)),
        agents=tuple(agents.appointed(tx)),
        bindings=tuple(bindings.every(tx)),
        teams=tuple(teams.every(tx)),
        definitions=definitions.current(tx),
        tiers=tuple(tiers.every(tx)),
    )


def compare(tx: Transaction, plan: Plan) -> list[Change]:
    """Return what applying a plan would change. Shops and workspaces missing in the plan stay, routes and roles go."""
    held = current(tx)
    changes = [
        Change("~", f"setting {name}: {held.settings[name]} → {value}")
        for name, value in plan.settings.items()
        if held.settings[name] != value
    ]
    changes += _differences("workspace", held.workspaces, plan.workspaces, ("name", "platform", "locale"))
    changes += _differences("shop", held.shops, plan.shops, ("name", "timezone", "locale"))
    changes += _differences("route", held.routes, plan.routes, ROUTE_FIELDS)
    changes += _missing("route", held.routes, plan.routes)
    changes += _differences("agent", held.agents, plan.agents, ("role",))
    changes += _missing("agent", held.agents, plan.agents)
    changes += _differences("reaction", held.bindings, plan.bindings, ("does",))
    changes += _missing("reaction", held.bindings, plan.bindings)
    changes += _differences("team", held.teams, plan.teams, ("mention",))
    changes += _missing("team", held.teams, plan.teams)
    changes += _differences("tier", held.tiers, plan.tiers, ())
    changes += _missing("tier", held.tiers, plan.tiers)
    return changes + _redefined(held.definitions, plan.definitions)


def _redefined(held: Sequence[Defined], planned: Sequence[Defined]) -> list[Change]:
    known, wanted = ({(one.kind, one.name): one.spec for one in some} for some in (held, planned))
    signs = {key: "+" if key not in known else "~" for key, spec in wanted.items() if known.get(key) != spec}
    gone = {key: "-" for key in known if key not in wanted}
    return [
        Change(sign, f"{kind.removesuffix('s').replace('_', ' ')} {name}")
        for (kind, name), sign in (signs | gone).items()
    ]


def _missing(word: str, held: Sequence[Row], planned: Sequence[Row]) -> list[Change]:
    kept = {_key(row) for row in planned}
    return [Change("-", f"{word} {_label(row)}") for row in held if _key(row) not in kept]


def _differences(word: str, held: Sequence[Row], planned: Sequence[Row], fields: tuple[str, ...]) -> list[Change]:
    known = {_key(row): row for row in held}
    changes = []
    for row in planned:
        old = known.get(_key(row))
        if old is None:
            changes.append(Change("+", f"{word} {_label(row)}"))
            continue
        different = [name for name in fields if getattr(old, name) != getattr(row, name)]
        if different:
            facts = ", ".join(f"{name}: {getattr(old, name)} → {getattr(row, name)}" for name in different)
            changes.append(Change("~", f"{word} {_label(row)} ({facts})"))
    return changes


def _key(row: Row) -> tuple[str, ...]:
    if isinstance(row, Route):
        return (row.shop_id, row.kind, row.workspace_id, row.channel_id)
    if isinstance(row, Agent):
        return (row.workspace_id, row.id)
    if isinstance(row, Binding):
        return (row.workspace_id, row.emoji)
    if isinstance(row, Team):
        return (row.workspace_id, row.name)
    if isinstance(row, Tier):
        return (row.name,)
    return (row.id,)


def _label(row: Row) -> str:
    if isinstance(row, Route):
        return f"{row.kind} of {row.shop_id} → {row.workspace_id} {row.channel_id}"
    if isinstance(row, Agent):
        return f"{row.id} of {row.workspace_id}"
    if isinstance(row, Binding):
        return f"{row.emoji} of {row.workspace_id}"
    if isinstance(row, Team):
        return f"{row.name} of {row.workspace_id}"
    if isinstance(row, Tier):
        return row.name
    return f"{row.name} ({row.id})"


def apply(tx: Transaction, plan: Plan, now: datetime) -> list[Change]:
    """Make the desk what the plan says; open tickets get the threads that new routes promise.

    Raises:
        SetupError: a shop or workspace of another id, which the desk has from before, has the same name.
    """
    changes = compare(tx, plan)
    for name, value in plan.settings.items():
        tx.execute(delete(Setting).where(col(Setting.name) == name))
        tx.insert(Setting(name=name, value=value))
    for workspace in plan.workspaces:
        if not tx.insert_ignore(workspace):
            values = workspace.model_dump(exclude={"id"})
            _change(tx, update(Workspace).where(col(Workspace.id) == workspace.id).values(**values), workspace)
    for shop in plan.shops:
        if not tx.insert_ignore(shop):
            values = shop.model_dump(include={"name", "timezone", "locale"})
            _change(tx, update(Shop).where(col(Shop.id) == shop.id).values(**values), shop)
    tx.execute(delete(Route))
    for route in plan.routes:
        tx.insert(route)
    for shop_id, kind in dict.fromkeys((route.shop_id, route.kind) for route in plan.routes):
        for ticket in ticket_questions.still_open(tx, shop_id, kind):
            tickets.open_threads(tx, ticket, now)
    looked_on = _looking_on(tx)
    for workspace in workspaces.every(tx):
        handovers.noted(tx, workspace.id, now)
    _appoint(tx, plan.agents, now)
    for table, rows in ((Binding, plan.bindings), (Team, plan.teams), (Tier, plan.tiers)):
        tx.execute(delete(table))
        for row in rows:
            tx.insert(row)
    definitions.apply(tx, plan.definitions, now)
    _call_others(tx, looked_on, now)
    report_links.withdraw_of_former_leads(tx, now)
    return changes


def _call_others(tx: Transaction, looked_on: set[tuple[str, str]], now: datetime) -> None:
    """Let nobody be called, or on call, who may only look on by now, and everybody who does so no more."""
    look_on = _looking_on(tx)
    for workspace_id, agent_id in sorted(look_on - looked_on):
        paging.disowned(tx, workspace_id, agent_id, now)
    for workspace_id in sorted({workspace_id for workspace_id, _ in looked_on ^ look_on}):
        handovers.said_of_all(tx, workspace_id, now)


def _looking_on(tx: Transaction) -> set[tuple[str, str]]:
    """Return who may only look on, and so takes no turn of being on call."""
    everybody = (agent for workspace in workspaces.every(tx) for agent in agents.every(tx, workspace.id))
    return {(agent.workspace_id, agent.id) for agent in everybody if agent.standing is Role.OBSERVER}


def _appoint(tx: Transaction, appointed: Sequence[Agent], now: datetime) -> None:
    """Give these people their roles; whoever is not among them is again what the chat platform says."""
    tx.execute(update(Agent).where(col(Agent.role).is_not(None)).values(role=None))
    for agent in appointed:
        if not tx.insert_ignore(agent):
            tx.execute(
                update(Agent)
                .where(col(Agent.workspace_id) == agent.workspace_id, col(Agent.id) == agent.id)
                .values(role=agent.role)
            )
        profiles.met(tx, agent.workspace_id, agent.id, now)


def _change(tx: Transaction, change: Update, row: Shop | Workspace) -> None:
    """Change what has the row's id; when nothing has, another one's name was in the way of adding it."""
    if not tx.execute(change).rowcount:
        raise SetupError(f"the name {row.name} belongs to another id than {row.id}", "Give one of them another name.")


@dataclass(frozen=True, slots=True)
class OpenedShop:
    """A shop that a seller's permission opens."""

    shop_id: str
    region: str
    cipher: str


def shops_connected(tx: Transaction, granted: Authorization, opened: Sequence[OpenedShop]) -> list[str]:
    """Keep a seller's permission for every shop it opens that the desk names; return the ids of those."""
    connected = [shop for shop in opened if shops.get(tx, shop.shop_id) is not None]
    if not connected:
        return []
    if not tx.insert_ignore(granted):
        version = tx.scalar(select(Authorization.version).where(Authorization.id == granted.id))
        values = granted.model_dump(exclude={"id", "version"})
        tx.execute(
            update(Authorization).where(col(Authorization.id) == granted.id).values(**values, version=version + 1)
        )
    for shop in connected:
        tx.execute(
            update(Shop)
            .where(col(Shop.id) == shop.shop_id)
            .values(authorization_id=granted.id, region=shop.region, cipher=shop.cipher)
        )
    return [shop.shop_id for shop in connected]
