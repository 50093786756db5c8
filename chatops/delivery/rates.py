"""Carriers of warnings that a shop's rate is near its line, or below it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from chatops.cards import rate as cards
from chatops.delivery import into_channel, into_direct
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk.rates import RATE
from chatops.digest import naming, rates
from chatops.digest.rates import Rate
from chatops.i18n import language, moment
from chatops.model import agent as agents
from chatops.model import rate_alarm
from chatops.model import shop as shops
from chatops.model import ticket as tickets
from chatops.model import workspace as workspaces
from chatops.model.clock import Clock
from chatops.rules import zones
from chatops.store.transaction import Transaction
from chatops.ui import Card, Line, Moment, MomentStyle
from chatops.words import one_line


async def to_person(tools: Tools, hand: Hand) -> Result:
    """Tell one person of it, in their language and by their clock."""
    return await into_direct.written(tools, hand, await tools.store.read(card, hand.first.args, tools.time.now()))


async def to_channel(tools: Tools, hand: Hand) -> Result:
    """Tell a channel of it."""
    return await into_channel.posted(tools, hand, await tools.store.read(card, hand.first.args, tools.time.now()))


def card(tx: Transaction, args: Mapping[str, Any], now: datetime) -> Card | None:
    """Return what is said; None where the stretch of time is over, or something worse is said of it by now."""
    until = datetime.fromisoformat(args["until"])
    said = rate_alarm.get(tx, args["shop_id"], RATE, until)
    shop, workspace = shops.get(tx, args["shop_id"]), workspaces.get(tx, args["workspace_id"])
    if said is None or shop is None or workspace is None or said.danger != args["danger"] or now >= until:
        return None
    rate = msgspec.convert(said.facts, Rate)
    reader = agents.get(tx, workspace.id, args["agent_id"]) if "agent_id" in args else None
    zone = zones.first(reader.timezone if reader else "", shop.timezone)
    with language((reader.locale if reader else "") or workspace.locale):
        first, number = rates.at_risk(tx, shop.id, until, workspace.id, cards.MOST)
        lines = [_line(tx, workspace.id, clock) for clock in first]
        in_part = shop.id in shops.in_part(tx, workspace.id)
        return cards.warning(rate, one_line(shop.name), lines, number, zone, in_part=in_part)


def _line(tx: Transaction, workspace_id: str, clock: Clock) -> Line:
    """Return when a limit runs out, whose it is, and the way to its thread in a workspace."""
    ticket = tickets.get(tx, clock.shop_id, clock.ticket_id)
    at = clock.due_at or clock.started_at
    due = Moment(at, MomentStyle.DUE, moment(at))
    return (due, " · ", *naming.ticket_line(tx, workspace_id, ticket, waits=False)) if ticket else (due,)
