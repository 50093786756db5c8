"""Writing to one person, outside any ticket's thread."""

from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import profiles
from chatops.model import agent as agents
from chatops.platforms.ports import PersonRef
from chatops.store.transaction import Transaction
from chatops.ui import Card


async def written(tools: Tools, hand: Hand, card: Card | None) -> Result:
    """Write a card to the person whom the delivery names, once; None: there is nothing to say any more."""
    if card is None:
        return Result(hand.first.seq, paced=False)
    whom = hand.first.args["workspace_id"], hand.first.args["agent_id"]
    person = await tools.store.read(known, *whom)
    chat, key = tools.chat(person.workspace_id), hand.key(hand.first)
    said = await chat.find_direct(person, key, hand.first.created_at) if hand.in_doubt else None
    if said is None:
        hand.before_call()
        said = await chat.direct(person, card, key)
    return Result(hand.first.seq, lambda tx: profiles.reached(tx, *whom, said.channel_id))


def known(tx: Transaction, workspace_id: str, agent_id: str) -> PersonRef:
    """Return somebody with where they were written to before."""
    agent = agents.get(tx, workspace_id, agent_id)
    return PersonRef(workspace_id, agent_id, agent.direct_channel_id if agent else "")
