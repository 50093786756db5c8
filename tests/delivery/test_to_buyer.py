"""Answers on their way to the buyer: one that may have left is looked for before it is sent again."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from chatops.delivery import to_buyer
from chatops.delivery.hand import Hand, Tools
from chatops.desk import outcome, replies
from chatops.model import message as messages
from chatops.model.facts import SenderRole
from chatops.outbox import Kind
from chatops.platforms.ports import MarketMessage, Outgoing, OutgoingText, Receipt, ShopRef
from chatops.store import Store, Transaction, lanes
from tests.desk.scenes import NOON, Desk, heard_from, no_limit

SENT_AT = NOON + timedelta(seconds=6)
RESTART = NOON + timedelta(hours=1)
PAGE = 10


class Now:
    """A clock that moves only for who waits."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        self.at = until or self.at
        bell.set()


class Line:
    """The marketplace's end of one conversation: what stands in it, newest first in pages, and what we say."""

    def __init__(self, *said: MarketMessage) -> None:
        self.newest_first = sorted(said, key=lambda message: message.index, reverse=True)
        self.sent: list[str] = []
        self.pages_read = 0

    async def messages(
        self, _shop: ShopRef, _conversation_id: str, page_token: str = ""
    ) -> tuple[Sequence[MarketMessage], str]:
        self.pages_read += 1
        start = int(page_token or 0)
        more = start + PAGE < len(self.newest_first)
        return self.newest_first[start : start + PAGE], str(start + PAGE) if more else ""

    async def send(self, _shop: ShopRef, _conversation_id: str, content: Outgoing) -> Receipt:
        assert isinstance(content, OutgoingText)
        self.sent.append(content.text)
        return Receipt("sent-again")


def an_answer_in_doubt(tx: Transaction) -> lanes.Claimed:
    """Let a process die with an answer in its hands, and the next one take it over."""
    desk = Desk(tx)
    mia, li = desk.buyer("mia"), desk.teammate("li")
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("On its way", mia)
    for owner, at in (("dead", SENT_AT), ("next", RESTART)):
        hands = lanes.claim(
            tx, owner=owner, now=at, lease=timedelta(minutes=1), lanes=100, per_lane=10, limits=no_limit
        )
    return next(hand for hand in hands if hand.deliveries[0].kind == Kind.REPLY)


async def carried(store: Store, line: Line) -> None:
    nobody = cast("Any", None)
    tools = Tools(store, Now(RESTART), lambda _: nobody, cast("Any", line), Path())
    claimed = await store.write(an_answer_in_doubt)
    result = await to_buyer.reply(tools, Hand(claimed, tools.time))
    assert result.apply is not None
    await store.write(result.apply)


def in_conversation(role: SenderRole, text: str, number: int, at: datetime) -> MarketMessage:
    return heard_from(role, text, number, "conversation-mia", at)


async def test_an_answer_is_found_however_much_the_buyer_wrote_since(store: Store) -> None:
    ours = in_conversation(SenderRole.CUSTOMER_SERVICE, "On its way", 100, SENT_AT)
    impatient = [
        in_conversation(SenderRole.BUYER, "Hello?", 101 + minute, SENT_AT + timedelta(minutes=minute))
        for minute in range(25)
    ]
    line = Line(ours, *impatient)
    await carried(store, line)
    assert line.sent == []


async def test_the_look_ends_where_the_answer_cannot_be(store: Store) -> None:
    older = [
        in_conversation(SenderRole.CUSTOMER_SERVICE, "On its way", number, NOON - timedelta(days=200 - number))
        for number in range(100)
    ]
    line = Line(*older)
    await carried(store, line)
    assert line.sent == ["On its way"]
    assert line.pages_read == 1


def an_unsure_answer_tried_again(tx: Transaction) -> lanes.Claimed:
    """Let an answer fail, nobody knowing whether it left, and somebody press the button an hour later."""
    claimed = an_answer_in_doubt(tx)
    head = claimed.deliveries[0]
    hold = lanes.Hold(head.lane, "connection_lost")
    lanes.settle(tx, [hold], owner="next", now=RESTART, limits=no_limit)
    outcome.failed(tx, head.args["shop_id"], head.args["message_id"], replies.UNSURE, RESTART)
    answer = messages.lock(tx, head.args["shop_id"], head.args["message_id"])
    assert answer is not None
    replies.try_again(tx, answer, RESTART)
    hands = lanes.claim(
        tx, owner="after", now=RESTART, lease=timedelta(minutes=1), lanes=100, per_lane=10, limits=no_limit
    )
    return next(hand for hand in hands if hand.deliveries[0].kind == Kind.REPLY)


async def test_trying_an_unsure_answer_again_looks_for_it_first(store: Store) -> None:
    line = Line(in_conversation(SenderRole.CUSTOMER_SERVICE, "On its way", 100, SENT_AT))
    tools = Tools(store, Now(RESTART), lambda _: cast("Any", None), cast("Any", line), Path())
    result = await to_buyer.reply(tools, Hand(await store.write(an_unsure_answer_tried_again), tools.time))
    assert line.sent == []
    assert result.apply is not None
