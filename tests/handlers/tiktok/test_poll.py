"""The reader that closes gaps: it takes in what webhooks lost, wherever in a conversation that is, and asks little."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chatops.desk import intake, marks
from chatops.errors import Unavailable
from chatops.model.message import Author, Message, MessageState
from chatops.model.shop import Shop
from chatops.platforms.ports import ShopRef
from chatops.platforms.tiktok.client import TikTokShop
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.world import TikTokWorld
from chatops.store import Store, Transaction
from handlers.tiktok.poll import Poller
from tests.desk.scenes import a_permission
from tests.handlers.tiktok.conftest import SHOP
from tests.platforms.tiktok.vault import StoryClock


@pytest.fixture
async def poller(store: Store, world: TikTokWorld, marketplace: TikTokShop, ours: Shop) -> Poller:
    await store.write(lambda tx: tx.insert(ours))
    return Poller(store, marketplace, StoryClock(world.time))


def held(tx: Transaction) -> list[str]:
    return [message.text for message in tx.all(Message, select(Message).order_by(col(Message.index)))]


async def heard(store: Store, marketplace: TikTokShop, mia: Buyer, text: str) -> None:
    """Take in one message as its webhook would."""
    newest, _ = await marketplace.messages(ShopRef(SHOP), mia.conversation.id)
    [wanted] = [message for message in newest if message.content.get("content") == text]
    await store.write(lambda tx: intake.message_arrived(tx, SHOP, wanted.at, wanted))


async def test_a_gap_before_a_message_that_was_heard_is_closed(
    store: Store, poller: Poller, marketplace: TikTokShop, mia: Buyer, ours: Shop
) -> None:
    await mia.says("lost on its way")
    await mia.says("heard")
    await heard(store, marketplace, mia, "heard")
    assert await poller.compare(ours) == 1
    assert await store.read(held) == ["lost on its way", "heard"]


async def test_a_gap_longer_than_a_page_is_closed(
    store: Store, poller: Poller, marketplace: TikTokShop, mia: Buyer, ours: Shop
) -> None:
    for number in range(25):
        await mia.says(f"lost {number}")
    await mia.says("heard")
    await heard(store, marketplace, mia, "heard")
    assert await poller.compare(ours) == 25
    assert await store.read(held) == [*(f"lost {number}" for number in range(25)), "heard"]


async def test_a_conversation_is_read_once_for_each_change(
    world: TikTokWorld, poller: Poller, mia: Buyer, ours: Shop
) -> None:
    await mia.says("one")
    await poller.compare(ours)
    world.requests.clear()
    await poller.compare(ours)
    await mia.says("two")
    assert await poller.compare(ours) == 1
    assert [request.name for request in world.requests].count("get_messages") == 1


async def test_what_was_said_long_before_is_not_brought_up_again(
    store: Store, world: TikTokWorld, poller: Poller, mia: Buyer, ours: Shop
) -> None:
    await mia.says("last week")
    world.time.skip(timedelta(days=6))
    await mia.says("today")
    assert await poller.compare(ours) == 1
    assert await store.read(held) == ["today"]


async def test_an_answer_that_leaves_during_the_comparison_is_known_as_ours(
    store: Store, world: TikTokWorld, poller: Poller, mia: Buyer, ours: Shop
) -> None:
    asked = await mia.says("Where is it?")
    leaves_at = world.time.now() + timedelta(seconds=5)
    await store.write(put_answer, asked.conversation.id, "On its way", leaves_at)
    world.faults.plan(Fault("get_conversations", Trouble.SLOW, seconds=10))
    comparing = asyncio.create_task(poller.compare(ours))
    async with asyncio.timeout(10):
        await begun(world)
    await world.seller_center_replies(mia, "On its way")  # which is what our own sending looks like from outside
    world.time.skip(timedelta(seconds=10))
    assert await comparing == 1
    assert sorted(await store.read(held)) == ["On its way", "Where is it?"]


async def begun(world: TikTokWorld) -> None:
    """Return once the planned trouble has met its request."""
    for _ in iter(lambda: bool(world.faults.planned), False):
        await asyncio.sleep(0)


def put_answer(tx: Transaction, conversation_id: str, text: str, leaves_at: datetime) -> None:
    tx.insert(
        Message(
            shop_id=SHOP,
            id="answer",
            conversation_id=conversation_id,
            author=Author.AGENT,
            content={"content": text},
            state=MessageState.WAITING,
            said_at=leaves_at - timedelta(seconds=5),
            leaves_at=leaves_at,
        )
    )


async def test_what_a_comparison_that_failed_spent_is_counted(
    store: Store, world: TikTokWorld, poller: Poller, mia: Buyer, ours: Shop
) -> None:
    await mia.says("one")
    world.faults.plan(Fault("get_messages", Trouble.UNAVAILABLE, times=9))
    with pytest.raises(Unavailable):
        await poller.compare(ours)
    mark = await store.write(marks.begin, SHOP, world.time.now())
    assert mark.spent == 2


async def test_since_when_tiktok_gives_no_answer_is_kept_until_it_does(
    store: Store, world: TikTokWorld, poller: Poller, mia: Buyer
) -> None:
    await mia.says("one")
    await store.write(let_in_twice)
    began = world.time.now()
    world.faults.plan(Fault("get_conversations", Trouble.UNAVAILABLE, times=9))
    await poller.compare_all()
    since = (await store.write(marks.begin, SHOP, began)).failing_since
    assert since is not None
    await poller.compare_all()
    assert (await store.write(marks.begin, SHOP, began)).failing_since == since >= began - timedelta(seconds=1)
    world.faults.clear()
    poller.daily_budget = 0
    await poller.compare_all()
    assert (await store.write(marks.begin, SHOP, began)).failing_since == since, "nothing was asked"
    poller.daily_budget = 100
    await poller.compare_all()
    assert (await store.write(marks.begin, SHOP, began)).failing_since is None


async def test_a_shop_that_cannot_be_compared_does_not_keep_the_others_from_it(
    store: Store, poller: Poller, mia: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mia.says("one")
    await store.write(let_in_twice)
    compare = poller.compare

    async def stumbles(shop: Shop) -> int:
        if shop.id != SHOP:
            raise ZeroDivisionError
        return await compare(shop)

    monkeypatch.setattr(poller, "compare", stumbles)
    await poller.compare_all()
    assert await store.read(held) == ["one"]


def let_in_twice(tx: Transaction) -> None:
    """Let in a shop that is compared before ours."""
    tx.insert(a_permission())
    tx.insert(Shop(id="1", name="a-shop", timezone="UTC", locale="en", authorization_id="seller"))
    tx.execute(update(Shop).where(col(Shop.id) == SHOP).values(authorization_id="seller"))
