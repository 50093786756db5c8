"""A shop's rate that is about to fall below its line: said once in each stretch of time, to those who can act."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from chatops import outbox_digest as outbox
from chatops.digest import rates
from chatops.digest.rates import Rate
from chatops.digest.scope import Scope
from chatops.model import agent as agents
from chatops.model import definition as definitions
from chatops.model import oncall, promise, rate_alarm, setting
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.definition import DefinitionKind
from chatops.model.rate_alarm import RateAlarm
from chatops.model.shop import Shop
from chatops.model.ticket import TicketKind
from chatops.model.workspace import Workspace
from chatops.rules.budget import Danger, danger
from chatops.rules.escalation import Escalation, Way, ladder
from chatops.rules.targets import Metric, ServiceLevel
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

RATE = Metric.PLATFORM_RESPONSE


def endangered(tx: Transaction, now: datetime) -> list[tuple[Rate, Danger]]:
    """Return the rates of all shops that are near their line, or below it; nothing where leads want no warning."""
    percent, least = setting.value(tx, "rate_left_percent"), setting.value(tx, "rate_least_count")
    if not percent:
        return []
    everywhere = Scope("", tuple(shop.id for shop in shops.every(tx)))
    found = [(rate, danger(rate.budget, percent, least)) for rate in rates.standing(tx, everywhere, now)]
    return [(rate, how) for rate, how in found if how is not None]


def warn(tx: Transaction, rate: Rate, how: Danger, now: datetime) -> None:
    """Tell those who can act, unless they know this of the same stretch of time, or worse."""
    shop, routes = shops.get(tx, rate.shop_id), shops.routes(tx, rate.shop_id, TicketKind.CHAT)
    if shop is None or not routes or not _is_new(tx, rate, how, now):
        return
    about = {"shop_id": rate.shop_id, "until": from_milliseconds(rate.end).isoformat(), "danger": how.value}
    for workspace_id in sorted({route.workspace_id for route in routes}):
        people = who_can_act(tx, workspace_id, shop, now)
        for who in people:
            outbox.rate(tx, workspace_id, who, about, now)
        if not people:
            channel = min(route.channel_id for route in routes if route.workspace_id == workspace_id)
            outbox.rate_to_all(tx, workspace_id, channel, about, now)


def _is_new(tx: Transaction, rate: Rate, how: Danger, now: datetime) -> bool:
    """Write down that this is said; False when it was, by whichever replica, or that it is below its line already."""
    until, facts = from_milliseconds(rate.end), msgspec.to_builtins(rate)
    fresh = RateAlarm(shop_id=rate.shop_id, rate=RATE, until=until, danger=how, facts=facts, said_at=now)
    if tx.insert_ignore(fresh):
        return True
    said = rate_alarm.held(tx, rate.shop_id, RATE, until)
    if said is None or said.danger is Danger.BELOW or said.danger is how:
        return False
    tx.update(said, danger=how, facts=facts, said_at=now)
    return True


def who_can_act(tx: Transaction, workspace_id: str, shop: Shop, now: datetime) -> list[str]:
    """Return the leads of a workspace, and who is on call there for what a shop's buyers were promised by TikTok."""
    workspace = workspaces.get(tx, workspace_id)
    rotations = set(_rotations(tx, workspace, shop)) if workspace else set()
    on_call = {agent.id for name in rotations for agent in oncall.on_call(tx, name, now)}
    return sorted({lead.id for lead in agents.leads(tx, workspace_id)} | on_call)


def _rotations(tx: Transaction, workspace: Workspace, shop: Shop) -> Iterator[str]:
    """Yield the rotations of a workspace that are called when TikTok's limit for a shop's buyers runs out."""
    for level in promise.book(tx).levels:
        named = level.spec.escalation if _is_for(level.spec, shop) else ""
        found = definitions.newest(tx, DefinitionKind.ESCALATION, named) if named else None
        spec = None if found is None or found.removed else found.read(Escalation)
        if spec is not None and spec.workspace == workspace.name:
            yield from (one.name for rung in ladder(spec).rungs for one in rung.notify if one.way is Way.ROTATION)


def _is_for(level: ServiceLevel, shop: Shop) -> bool:
    match = level.match
    here = (not match.shops or shop.name in match.shops) and (not match.markets or shop.region in match.markets)
    return here and any(target.metric is RATE for target in level.targets)
