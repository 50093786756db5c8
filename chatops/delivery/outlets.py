"""Carrier of what is said outside the chat about a page."""

from datetime import datetime

from chatops.cards import outlet as cards
from chatops.delivery.hand import Hand, Result, Tools
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import outlet as outlets
from chatops.model import page as pages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.outlet import Outlet, Turn
from chatops.model.page import UNANSWERED
from chatops.platforms.ports import Call
from chatops.store.lanes import InHand
from chatops.store.transaction import Transaction


async def outlet(tools: Tools, hand: Hand) -> Result:
    """Say it; nothing to do when the outlet or the ticket is gone, nor to call when somebody has the page by now."""
    found = await tools.store.read(_call, hand.first)
    if found is None or tools.outlets is None:
        return Result(hand.first.seq, paced=False)
    way, call = found
    hand.before_call()
    await tools.outlets.send(way.kind, way.address, call)
    return Result(hand.first.seq)


def _call(tx: Transaction, delivery: InHand) -> tuple[Outlet, Call] | None:
    args = delivery.args
    way = outlets.get(tx, args["outlet"])
    ticket, shop = tickets.get(tx, args["shop_id"], args["ticket_id"]), shops.get(tx, args["shop_id"])
    if way is None or ticket is None or shop is None:
        return None
    turn, page = Turn(args["turn"]), pages.get(tx, ticket.shop_id, ticket.id, int(args["page"].rpartition("/")[2]))
    if turn is Turn.CALL and (page is None or page.state not in UNANSWERED):
        return None
    due_at = datetime.fromisoformat(args["due_at"]) if args.get("due_at") else None
    whose = agents.get(tx, way.workspace_id, way.agent_id) if way.workspace_id and way.agent_id else None
    there = threads.of_ticket(tx, ticket.shop_id, ticket.id)
    spoken = (whose.locale if whose else "") or (there[0].locale if there else shop.locale)
    with language(spoken):
        summary = cards.summary(ticket, shop, due_at, whose.timezone if whose else "")
    near = [thread for thread in there if way.workspace_id in (None, thread.workspace_id)] or there
    return way, Call(
        key=args["page"],
        turn=turn,
        summary=summary,
        link=next((threads.address(thread) for thread in near), ""),
        source=shop.name,
        critical=args.get("urgency") == "loud",
        at=datetime.fromisoformat(args["at"]),
    )
