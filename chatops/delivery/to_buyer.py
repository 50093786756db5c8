"""Carriers towards the marketplace: answers to buyers, and reading who a buyer is."""

from functools import partial

from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import drafts, intake, outcome, replies
from chatops.errors import Rejected, TargetGone
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model.message import Message, MessageState
from chatops.platforms.ports import (
    ChatFile,
    MarketMessage,
    Outgoing,
    OutgoingImage,
    OutgoingText,
    Receipt,
    SenderRole,
    ShopRef,
)

PAGES_TO_LOOK = 20  # buyers may write a lot while an answer is in doubt


async def reply(tools: Tools, hand: Hand) -> Result:
    """Send an answer; one that may have been sent before is looked for in the conversation first."""
    args = hand.first.args
    message = await tools.store.read(messages.get, args["shop_id"], args["message_id"])
    if message is None or message.state != MessageState.WAITING:
        return Result(hand.first.seq, paced=False)  # taken back, or its echo came first
    receipt = None
    if hand.in_doubt or hand.first.last_error or message.fault == replies.UNSURE:
        receipt = await _look(tools, message)
    if receipt is None:
        content = await _content(tools, hand, message)
        hand.before_call()
        receipt = await tools.marketplace.send(ShopRef(message.shop_id), message.conversation_id, content)
    accepted = partial(
        outcome.sent,
        shop_id=message.shop_id,
        message_id=message.id,
        external_id=receipt.external_id,
        now=tools.time.now(),
    )
    return Result(hand.first.seq, accepted)


async def _look(tools: Tools, message: Message) -> Receipt | None:
    """Look for an answer among the newest messages; one that belongs to another answer of ours does not count."""
    # Marketplaces count in whole seconds, and their clocks differ from ours by some.
    earliest = message.said_at - outcome.CLOCKS_APART  # not when it leaves: trying again moves that
    token = ""
    for _ in range(PAGES_TO_LOOK):
        newest, token = await tools.marketplace.messages(ShopRef(message.shop_id), message.conversation_id, token)
        for heard in newest:
            if heard.at < earliest:
                return None
            if _could_be(message, heard) and not await _is_another(tools, message, heard):
                return Receipt(heard.external_id, heard.at)
        if not token:
            break
    return None


def _could_be(message: Message, heard: MarketMessage) -> bool:
    ours = heard.role in (SenderRole.CUSTOMER_SERVICE, SenderRole.SHOP)
    return ours and heard.kind == message.kind and outcome.same_content(message, heard)


async def _is_another(tools: Tools, message: Message, heard: MarketMessage) -> bool:
    """Tell whether what was heard is known as something else; the answer itself may be known by now, by its echo."""
    known = await tools.store.read(messages.by_external_id, message.shop_id, heard.external_id)
    return known is not None and known.id != message.id


async def _content(tools: Tools, hand: Hand, message: Message) -> Outgoing:
    """Return what to send; an agent's picture is handed to the marketplace first, once."""
    if message.kind == "TEXT":
        return OutgoingText(message.text)
    if "url" not in message.content:
        file = message.content["file"]
        hand.before_call()
        found = ChatFile(file["id"], file["name"], file["type"], file["size"], file["url"])
        try:
            data = await tools.chat(message.source_workspace_id or "").download(found, drafts.IMAGE_LIMIT)
        except TargetGone as gone:
            raise Rejected("media_gone") from gone
        hand.before_call()
        image = await tools.marketplace.upload_image(ShopRef(message.shop_id), data, file["name"])
        uploaded: dict[str, object] = {"url": image.url, "width": image.width, "height": image.height}
        await tools.store.write(outcome.uploaded, message.shop_id, message.id, uploaded)
        return image
    content = message.content
    return OutgoingImage(content["url"], content["width"], content["height"])


async def learn_buyer(tools: Tools, hand: Hand) -> Result:
    """Read who the buyer is and what they ordered last, unless that was read since it was asked for."""
    args = hand.first.args
    through = hand.claimed.deliveries[-1].seq
    learned_at = await tools.store.read(conversations.learned_at, args["shop_id"], args["conversation_id"])
    if learned_at is not None and learned_at >= hand.first.created_at:
        return Result(through, paced=False)
    hand.before_call()
    await learn(tools, args["shop_id"], args["conversation_id"])
    return Result(through)


async def learn(tools: Tools, shop_id: str, conversation_id: str) -> None:
    """Read who a conversation's buyer is and what they ordered last, and keep it."""
    shop = ShopRef(shop_id)
    facts = await tools.marketplace.conversation(shop, conversation_id)
    order = await tools.marketplace.latest_order(shop, facts.buyer_user_id) if facts.buyer_user_id else None
    await tools.store.write(intake.buyer_learned, shop_id, facts, order, tools.time.now())
