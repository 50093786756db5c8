"""Carriers of pages: direct messages that ring people up, and cries into a channel. Made of what is true when sent."""

from datetime import datetime
from functools import partial

from chatops.cards import page as cards
from chatops.delivery import into_channel, into_direct
from chatops.delivery.beside_thread import locale_of
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import paging
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import page as pages
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.page import UNANSWERED, Summons
from chatops.platforms.ports import MessageRef
from chatops.store.transaction import Transaction
from chatops.ui import Card


async def summon(tools: Tools, hand: Hand) -> Result:
    """Ring somebody up for pages that are still unanswered, or show on the message they have what became of them."""
    args, through = hand.first.args, hand.claimed.deliveries[-1].seq
    agent = await tools.store.read(agents.get, args["workspace_id"], args["agent_id"])
    locale = await locale_of(tools, hand, agent)
    one, card, shown = await tools.store.read(_message, locale, tools.time.now(), **args)
    chat = tools.chat(one.workspace_id)
    if one.message_id:
        hand.before_call()
        await chat.redraw(MessageRef(one.workspace_id, one.channel_id, one.message_id), card)
        return Result(through, partial(paging.rings_later, one=one, now=tools.time.now()))
    key = f"page {one.workspace_id}/{one.agent_id}/{one.number}"  # one message, whichever delivery brings it
    hand.before_call()
    person = await tools.store.read(into_direct.known, one.workspace_id, one.agent_id)
    said = await chat.find_direct(person, key, one.rung_at) if hand.in_doubt else None
    if said is not None:
        await chat.redraw(said, card)  # whoever posted it may have known less
    elif shown:
        hand.before_call()
        said = await chat.direct(person, card, key)
    else:
        return Result(through, paced=hand.in_doubt)
    told = partial(
        paging.told,
        one=one,
        shown=shown,
        channel_id=said.channel_id,
        message_id=said.message_id,
        now=tools.time.now(),
    )
    return Result(through, told)


def _message(
    tx: Transaction, locale: str, now: datetime, workspace_id: str, agent_id: str, number: int
) -> tuple[Summons, Card, frozenset[str]]:
    """Return a direct message, what it shows now in its reader's language, and the pages that it rings for."""
    one = pages.summons(tx, workspace_id, agent_id, number)
    workspace = workspaces.get(tx, workspace_id)
    if one is None or workspace is None:
        raise AssertionError("a direct message that is asked for is written down")
    agent = agents.get(tx, workspace_id, agent_id) or Agent(workspace_id=workspace_id, id=agent_id)
    listed = pages.listed(tx, one)
    with language(locale or workspace.locale):
        card = cards.direct([cards.read(tx, page, agent, now) for page in listed], now)
    return one, card, frozenset(page.key for page in listed if page.state in UNANSWERED)


async def page_channel(tools: Tools, hand: Hand) -> Result:
    """Call a whole channel, unless somebody has the page by now."""
    return await into_channel.posted(tools, hand, await tools.store.read(_cry, hand.first.args))


def _cry(tx: Transaction, args: dict[str, str]) -> Card | None:
    page = pages.get(tx, args["shop_id"], args["ticket_id"], int(args["page"]))
    workspace = workspaces.get(tx, args["workspace_id"])
    if page is None or workspace is None or page.state not in UNANSWERED:
        return None
    with language(workspace.locale):
        return cards.in_channel(cards.read(tx, page), args["cause"])
