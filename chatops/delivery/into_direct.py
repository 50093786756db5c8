"""Writing to one person, outside any ticket's thread."""

from chatops.delivery.hand import Hand, Result, Tools
from chatops.platforms.ports import PersonRef
from chatops.ui import Card


async def written(tools: Tools, hand: Hand, card: Card | None) -> Result:
    """Write a card to the person whom the delivery names, once; None: there is nothing to say any more."""
    if card is None:
        return Result(hand.first.seq, paced=False)
    person = PersonRef(hand.first.args["workspace_id"], hand.first.args["agent_id"])
    chat, key = tools.chat(person.workspace_id), hand.key(hand.first)
    if not (hand.in_doubt and await chat.find_direct(person, key, hand.first.created_at)):
        hand.before_call()
        await chat.direct(person, card, key)
    return Result(hand.first.seq)
