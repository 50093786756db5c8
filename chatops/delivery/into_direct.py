"""Writing to one person, outside any ticket's thread."""

from dataclasses import replace
from functools import partial

from chatops.delivery.hand import Hand, Result, Tools
from chatops.errors import TargetGone
from chatops.model import agent as agents
from chatops.platforms.ports import ChatPlatform, MessageRef, PersonRef
from chatops.store.transaction import Transaction
from chatops.ui import Card


async def written(tools: Tools, hand: Hand, card: Card | None) -> Result:
    """Write a card to the person whom the delivery names, once; None: there is nothing to say any more."""
    if card is None:
        return Result(hand.first.seq, paced=False)
    whom = hand.first.args["workspace_id"], hand.first.args["agent_id"]
    chat, key = tools.chat(whom[0]), hand.key(hand.first)
    said = await chat.find_direct(PersonRef(*whom), key, hand.first.created_at) if hand.in_doubt else None
    if said is None:
        said = await say(chat, hand, await tools.store.read(known, *whom), card, key)
    remembered = partial(agents.written_in, workspace_id=whom[0], agent_id=whom[1], channel_id=said.channel_id)
    return Result(hand.first.seq, remembered)


def known(tx: Transaction, workspace_id: str, agent_id: str) -> PersonRef:
    """Return somebody with where they were written to before."""
    agent = agents.get(tx, workspace_id, agent_id)
    return PersonRef(workspace_id, agent_id, agent.direct_channel_id if agent else "")


async def say(chat: ChatPlatform, hand: Hand, person: PersonRef, card: Card, key: str) -> MessageRef:
    """Write to somebody where they were written to before; where that is gone, as if they never were."""
    hand.before_call()
    try:
        return await chat.direct(person, card, key)
    except TargetGone:
        if not person.channel_id:
            raise
    hand.before_call()
    return await chat.direct(replace(person, channel_id=""), card, key)
