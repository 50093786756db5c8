"""Carriers of what is said about being on call: to a channel, to one person, and to the chat's user group or role."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chatops import outbox_oncall as outbox
from chatops.cards import rota as cards
from chatops.delivery import into_channel, into_direct
from chatops.delivery.hand import Hand, Result, Tools
from chatops.errors import Rejected, TargetGone
from chatops.i18n import language
from chatops.model import clock as clocks
from chatops.model import conversation as conversations
from chatops.model import oncall
from chatops.model import page as pages
from chatops.model import rotation as rotations
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.oncall import Duty
from chatops.model.rotation import SwapState
from chatops.outbox_oncall import DutyNews, RotaNews
from chatops.rules.coverage import Gap
from chatops.rules.rotation import Rotation
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds
from chatops.ui import Card

Args = Mapping[str, Any]
DUE_WITHIN = timedelta(hours=1)  # what comes due so soon is handed over
FORMER = timedelta(days=7)  # whoever was on call within it loses the role


async def rota(tools: Tools, hand: Hand) -> Result:
    """Say something about a rotation in its channel, unless it is moot by now."""
    card = await tools.store.read(_to_channel, hand.first.args, tools.time.now())
    return await into_channel.posted(tools, hand, card)


def _to_channel(tx: Transaction, args: Args, now: datetime) -> Card | None:
    duty = oncall.duty(tx, args["rotation"], now, now)
    workspace = workspaces.get(tx, args["workspace_id"])
    if duty is None or workspace is None:
        return None
    with language(workspace.locale):
        match RotaNews(args["about"]):
            case RotaNews.HANDOVER:
                return cards.handover(duty, args["rotation"], args["before"], args["after"], _waiting(tx, args, now))
            case RotaNews.GAPS:
                return cards.gaps(duty, args["rotation"], [_gap(one) for one in args["gaps"]])
            case RotaNews.GROUP:
                return cards.group_refused(args["rotation"], args.get("group") or duty.rota.spec.group, args["code"])
            case RotaNews.SWAP:
                swap = rotations.swap(tx, args["swap"])
                return cards.wish(duty, None, swap) if swap and swap.state is SwapState.OPEN else None


def _gap(told: list[Any]) -> Gap:
    gap = Gap(*told)
    return gap._replace(missing=tuple(gap.missing), could=tuple(gap.could))


def _waiting(tx: Transaction, args: Args, now: datetime) -> list[cards.Waits]:
    """Return the tickets that whoever comes on call should look at: with a page, or due soon."""
    workspace_id = args["workspace_id"]
    found = [(page.shop_id, page.ticket_id, page.due_at) for page in pages.open_in(tx, workspace_id)]
    soon = clocks.due_between(tx, workspace_id, now, now + DUE_WITHIN)
    found += [(clock.shop_id, clock.ticket_id, clock.due_at) for clock, _ in soon]
    once = {(shop_id, ticket_id): due_at for shop_id, ticket_id, due_at in reversed(found)}
    waits = [_waits(tx, *ticket, due_at, workspace_id) for ticket, due_at in once.items()]
    return sorted(waits, key=lambda one: one.due_at or now)


def _waits(tx: Transaction, shop_id: str, ticket_id: str, due_at: datetime | None, workspace_id: str) -> cards.Waits:
    ticket = tickets.get(tx, shop_id, ticket_id)
    buyer = conversations.buyer(tx, shop_id, ticket.buyer_id if ticket else None)
    found = (one for one in threads.of_ticket(tx, shop_id, ticket_id) if one.workspace_id == workspace_id)
    return cards.Waits(buyer, next(map(threads.address, found), ""), due_at)


async def direct(tools: Tools, hand: Hand) -> Result:
    """Write to one person about being on call, in their language, unless it is moot by now."""
    return await into_direct.written(tools, hand, await tools.store.read(_to_person, hand.first.args, tools.time.now()))


def _to_person(tx: Transaction, args: Args, now: datetime) -> Card | None:
    at = datetime.fromisoformat(args["at"]) if "at" in args else now
    duty = oncall.duty(tx, args["rotation"], now, max(at, now) + oncall.AHEAD)
    if duty is None and args["about"] == DutyNews.CHANGED:
        duty = oncall.last(tx, args["rotation"], now)
    workspace = workspaces.get(tx, args["workspace_id"])
    if duty is None or workspace is None:
        return None
    reader = duty.agent(args["agent_id"])
    with language(reader.locale or workspace.locale):
        if args["about"] == DutyNews.COMING:
            return _coming(duty, reader, args["rotation"], at, now)
        if args["about"] == DutyNews.CHANGED:
            return cards.changed(duty, reader, args["rotation"], args["gone"], args["come"])
        swap = rotations.swap(tx, args["swap"])
        if swap is None:
            return None
        if args["about"] == DutyNews.ASKED:
            return cards.wish(duty, reader, swap) if swap.state is SwapState.OPEN else None
        return cards.answered(duty, reader, swap)


def _coming(duty: Duty, reader: Agent, rotation: str, at: datetime, now: datetime) -> Card | None:
    """Return that somebody comes on call; None when they do not any more, or have done so by now."""
    if at <= now or reader.id not in duty.rota.on_call(to_milliseconds(at), duty.said):
        return None
    [(_, end), *_later] = duty.stints(reader.id, at, at + oncall.AHEAD)
    return cards.coming(duty, reader, rotation, at, end)


async def group(tools: Tools, hand: Hand) -> Result:
    """Make those on call the members of the rotation's user group or role; where that is refused, say so."""
    through = hand.claimed.deliveries[-1].seq
    found = await tools.store.read(_group, hand.first.args, tools.time.now())
    if found is None:
        return Result(through, paced=False)
    spec, group_id, members, former = found
    workspace_id, rotation = hand.first.args["workspace_id"], hand.first.args["rotation"]
    hand.before_call()
    try:
        await tools.chat(workspace_id).set_group(workspace_id, group_id, members, former)
    except (Rejected, TargetGone) as refused:
        if not spec.channel:
            raise
        facts = {"rotation": rotation, "code": refused.code, "group": group_id}
        told = partial(
            outbox.rota, workspace_id=workspace_id, channel_id=spec.channel, about=RotaNews.GROUP, facts=facts
        )
        return Result(through, partial(told, now=tools.time.now()))
    return Result(through)


def _group(tx: Transaction, args: Args, now: datetime) -> tuple[Rotation, str, list[str], list[str]] | None:
    """Return a rotation, a group, who belongs into it, and who did of late; None when there is nothing to do.

    Rotations may share a group. One that its rotation has `left` holds nobody because of that any more.
    """
    left = args.get("left", "")
    duty = oncall.last(tx, args["rotation"], now) if left else oncall.duty(tx, args["rotation"], now, now)
    workspace_id, group_id = args["workspace_id"], left or (duty.rota.spec.group if duty else "")
    if duty is None or not group_id or (not left and duty.workspace.id != workspace_id):
        return None
    defined = [(name, oncall.duty(tx, name, now, now)) for name in oncall.names(tx, workspace_id)]
    sharing = {name for name, one in defined if one and one.rota.spec.group == group_id}
    members = {agent.id for name in sharing for agent in oncall.on_call(tx, name, now)}
    lines = rotations.was_on_call(tx, workspace_id, now - FORMER, now)
    former = {line.agent_id for line in lines if line.rotation in {*sharing, args["rotation"]}} - members
    empty = bool(left) and not sharing  # where one shares it, a gap leaves it as it is
    return (duty.rota.spec, group_id, sorted(members), sorted(former)) if members or empty else None
