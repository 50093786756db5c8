"""Carrier of what a channel is told when hours of business open or close."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatops.cards import recap as cards
from chatops.delivery import into_channel
from chatops.delivery.hand import Hand, Result, Tools
from chatops.i18n import language
from chatops.model import conversation as conversations
from chatops.model import definition as definitions
from chatops.model import recap as recaps
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind
from chatops.model.thread import Thread
from chatops.rules import hours
from chatops.rules.hours import Hours
from chatops.rules.targets import OF_THE_PLATFORM, Metric
from chatops.store.transaction import Transaction
from chatops.ui import Card

Args = Mapping[str, Any]


async def recap(tools: Tools, hand: Hand) -> Result:
    """Say in a channel what runs out soon, unless nothing does, or it is too late to say."""
    card = await tools.store.read(card_of, hand.first.args, tools.time.now())
    return await into_channel.posted(tools, hand, card)


def card_of(tx: Transaction, args: Args, now: datetime) -> Card | None:
    """Return what the channel is told; None: nothing runs out, or it is too late to say so."""
    at, until = (datetime.fromisoformat(args[name]) for name in ("at", "until"))
    channel = args["workspace_id"], args["channel_id"]
    metrics = tuple(Metric) if args["opened"] else tuple(OF_THE_PLATFORM)
    calendar = definitions.in_force(tx, DefinitionKind.CALENDAR, args["calendar"], at)
    found = recaps.coming(tx, channel, args["calendar"], at, until, metrics) if now < until else []
    if not found or calendar is None:
        return None
    zone = hours.zone(calendar.read(Hours).timezone)
    waits = [_waits(tx, clock, thread) for clock, thread in found[: cards.MOST]]
    with language(found[0][1].locale):
        if args["opened"]:
            return cards.opened(args["calendar"], waits, len(found))
        return cards.closed(args["calendar"], until, zone, waits, len(found))


def _waits(tx: Transaction, clock: Clock, thread: Thread) -> cards.Waits:
    ticket = tickets.get(tx, clock.shop_id, clock.ticket_id)
    buyer = conversations.buyer(tx, clock.shop_id, ticket.buyer_id if ticket else None)
    return cards.Waits(clock, buyer, threads.address(thread))
