"""Posting into a channel, outside any ticket's thread."""

from chatops.delivery.hand import Hand, Result, Tools
from chatops.platforms.ports import ChannelRef
from chatops.ui import Card


async def posted(tools: Tools, hand: Hand, card: Card | None) -> Result:
    """Post a card into the channel that the delivery names, once; None: there is nothing to say any more."""
    if card is None:
        return Result(hand.first.seq, paced=False)
    channel = ChannelRef(hand.first.args["workspace_id"], hand.first.args["channel_id"])
    chat, key = tools.chat(channel.workspace_id), hand.key(hand.first)
    if not (hand.in_doubt and await chat.find(channel, key, hand.first.created_at)):
        hand.before_call()
        await chat.open_thread(channel, card, key)
    return Result(hand.first.seq)
