"""Carrier of the address at which somebody's calendar reads a rotation."""

from urllib.parse import quote, urlencode

from chatops.cards import oncall_feed as cards
from chatops.delivery import into_direct
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import oncall_feed
from chatops.i18n import language
from chatops.model import agent as agents


async def address(tools: Tools, hand: Hand) -> Result:
    """Write to somebody the new address of their calendar; nowhere else, now or later, can its secret be read."""
    args, rotation = hand.first.args, hand.first.args["rotation"]
    person, now = await tools.store.read(into_direct.known, args["workspace_id"], args["agent_id"]), tools.time.now()
    chat, key = tools.chat(person.workspace_id), f"{hand.key(hand.first)} {hand.first.created_at.isoformat()}"
    if hand.in_doubt and await chat.find_direct(person, key, hand.first.created_at):
        return Result(hand.first.seq)
    agent = await tools.store.read(agents.get, person.workspace_id, person.agent_id)
    hand.before_call()
    if tools.public_url:
        secret = await tools.store.write(oncall_feed.made, person.workspace_id, rotation, person.agent_id, now)
        found = f"{tools.public_url.rstrip('/')}/oncall/{quote(rotation, safe='')}.ics?{urlencode({'secret': secret})}"
    else:
        found = ""
    with language(agent.locale if agent else ""):
        card = cards.address(rotation, found) if found else cards.no_address(rotation)
    await chat.direct(person, card, key)
    return Result(hand.first.seq)
