"""Access is always fresh, refreshed by one of many, and a shop is only given up when TikTok is sure."""

import asyncio
from datetime import timedelta

import pytest

from chatops.errors import Rejected, TokenRevoked, Unavailable
from chatops.platforms.ports import OutgoingText, ShopRef
from chatops.platforms.tiktok.client import TikTokShop
from chatops.platforms.tiktok.tokens import RefreshRefused
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.conftest import Connect
from tests.platforms.tiktok.vault import MemoryVault

WEEK = timedelta(days=7)


def refresh_calls(world: TikTokWorld) -> int:
    return sum(one.name == "token_refresh" for one in world.requests)


def forget_secretly(world: TikTokWorld, seller: Shop) -> None:
    """TikTok stops taking the access tokens of a living authorization before their time."""
    granted = world.authorization(seller)
    assert granted is not None
    for token in granted.access_tokens:
        granted.access_tokens[token] = world.time.now()


async def test_twenty_calls_with_an_expired_token_refresh_it_once(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, seller: Shop, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    forget_secretly(world, seller)

    pages = await asyncio.gather(*(client.messages(shop, mia.conversation.id) for _ in range(20)))

    assert all(len(page) == 1 for page, _ in pages)
    assert refresh_calls(world) == 1
    granted = world.authorization(seller)
    assert granted is not None
    assert vault.tokens("auth").access_token == granted.newest_access_token
    assert vault.tokens("auth").refresh_token == granted.refresh_token


async def test_an_answer_with_an_expired_token_leaves_once(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, seller: Shop, mia: Buyer
) -> None:
    await mia.says("Hi")
    forget_secretly(world, seller)

    await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert mia.heard == ["Hello"]


async def test_two_replicas_race_and_one_refreshes(
    client: TikTokShop,
    replica: Connect,
    shop: ShopRef,
    world: TikTokWorld,
    seller: Shop,
    mia: Buyer,
    vault: MemoryVault,
) -> None:
    await mia.says("Hi")
    forget_secretly(world, seller)
    world.faults.plan(Fault("token_refresh", Trouble.SLOW, seconds=0.1))
    other = replica("two")

    pages = await asyncio.gather(
        *(one.messages(shop, mia.conversation.id) for one in (client, other) for _ in range(5))
    )

    assert all(len(page) == 1 for page, _ in pages)
    assert refresh_calls(world) == 1
    assert vault.refused_leases > 0


async def test_tokens_rotate_week_after_week(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    seen = {vault.tokens("auth").refresh_token}

    for week in range(1, 4):
        story.skip(WEEK)
        await client.messages(shop, mia.conversation.id)
        seen.add(vault.tokens("auth").refresh_token)
        assert world.token_refreshes == week

    assert len(seen) == 4


async def test_a_token_is_refreshed_a_day_before_its_end(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime
) -> None:
    story.skip(timedelta(days=5, hours=23))
    await client.keep_fresh(shop)
    assert refresh_calls(world) == 0

    story.skip(timedelta(hours=2))
    await client.keep_fresh(shop)
    await client.keep_fresh(shop)
    assert refresh_calls(world) == 1


async def test_an_early_refresh_that_fails_disturbs_nobody(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer
) -> None:
    await mia.says("Hi")
    story.skip(timedelta(days=6, hours=1))
    world.faults.plan(Fault("token_refresh", Trouble.UNAVAILABLE, times=100))

    await client.messages(shop, mia.conversation.id)
    await client.messages(shop, mia.conversation.id)
    assert refresh_calls(world) == 1

    world.faults.clear()
    story.skip(timedelta(minutes=11))
    await client.messages(shop, mia.conversation.id)
    assert world.token_refreshes == 1


async def test_one_authorization_opens_several_shops(
    world: TikTokWorld, app: App, client: TikTokShop, seller: Shop, vault: MemoryVault
) -> None:
    second = world.create_shop(app, name="Second", authorized=False)
    tokens = await client.authorization.exchange(world.authorize(app, [seller, second]))
    vault.connect("both", await client.authorization.shops(tokens.access_token), tokens)
    buyers = [world.create_buyer(one) for one in (seller, second)]
    for buyer in buyers:
        await buyer.says("Hi")
    forget_secretly(world, seller)

    answers = await asyncio.gather(
        *(client.send(ShopRef(b.shop.id), b.conversation.id, OutgoingText(b.shop.name)) for b in buyers)
    )

    assert len(answers) == 2
    assert [buyer.heard for buyer in buyers] == [[seller.name], ["Second"]]
    assert refresh_calls(world) == 1


async def test_a_withdrawn_permission_is_noticed_and_asked_for_once(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, seller: Shop, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    world.revoke(seller)

    for _ in range(3):
        with pytest.raises(TokenRevoked):
            await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert list(vault.revoked) == ["auth"]
    assert refresh_calls(world) == 1
    assert mia.heard == []


async def test_connecting_again_ends_the_silence(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, app: App, seller: Shop, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    world.revoke(seller)
    with pytest.raises(TokenRevoked):
        await client.messages(shop, mia.conversation.id)

    tokens = await client.authorization.exchange(world.authorize(app, seller))
    vault.connect("auth", await client.authorization.shops(tokens.access_token), tokens)

    await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    assert mia.heard == ["Hello"]


@pytest.mark.parametrize(
    "trouble", [Trouble.UNAVAILABLE, Trouble.SERVER_ERROR, Trouble.DROP_BEFORE, Trouble.RATE_LIMITED]
)
async def test_a_token_host_in_trouble_ends_no_authorization(
    client: TikTokShop,
    shop: ShopRef,
    world: TikTokWorld,
    story: StoryTime,
    mia: Buyer,
    vault: MemoryVault,
    trouble: Trouble,
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    world.faults.plan(Fault("token_refresh", trouble, times=100))

    with pytest.raises(Exception) as caught:  # noqa: PT011 -- which one is asserted below
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    assert not isinstance(caught.value, TokenRevoked)
    assert vault.revoked == {}

    world.faults.clear()
    await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    assert mia.heard == ["Hello"]


async def test_a_lost_answer_of_the_token_host_is_survived_without_rotation(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer
) -> None:
    await mia.says("Hi")
    world.assumptions.refresh_rotates = False
    story.skip(WEEK)
    world.faults.plan(Fault("token_refresh", Trouble.DROP_AFTER))

    with pytest.raises(Unavailable):
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert mia.heard == ["Hello"]


async def test_a_lost_answer_with_rotation_asks_a_person(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    world.faults.plan(Fault("token_refresh", Trouble.DROP_AFTER))

    with pytest.raises(Unavailable):
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    with pytest.raises(TokenRevoked):
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert list(vault.revoked) == ["auth"]


async def test_tokens_that_could_not_be_stored_are_stored_at_the_next_call(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    vault.failing_replaces = 1

    with pytest.raises(OSError, match="disk full"):
        await client.messages(shop, mia.conversation.id)
    await client.messages(shop, mia.conversation.id)

    granted = world.authorization(mia.shop)
    assert granted is not None
    assert refresh_calls(world) == 1
    assert vault.tokens("auth").refresh_token == granted.refresh_token


async def test_a_caller_that_gives_up_does_not_spoil_the_refresh(
    client: TikTokShop,
    shop: ShopRef,
    world: TikTokWorld,
    seller: Shop,
    story: StoryTime,
    mia: Buyer,
    vault: MemoryVault,
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    world.faults.plan(Fault("token_refresh", Trouble.SLOW, seconds=0.2))
    impatient = asyncio.create_task(client.messages(shop, mia.conversation.id))
    await vault.leased.wait()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    await client.close()

    granted = world.authorization(seller)
    assert granted is not None
    assert vault.tokens("auth").refresh_token == granted.refresh_token


async def test_a_crashed_replica_leaves_its_lease_to_the_next(
    client: TikTokShop, shop: ShopRef, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    await vault.acquire("auth", "crashed", timedelta(minutes=1))
    story.skip(WEEK)

    page, _ = await client.messages(shop, mia.conversation.id)

    assert len(page) == 1


async def test_a_replica_that_hangs_on_the_lease_is_waited_for_only_so_long(
    client: TikTokShop, shop: ShopRef, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    await vault.acquire("auth", "hanging", timedelta(days=1))
    call = asyncio.create_task(client.send(shop, mia.conversation.id, OutgoingText("Hello")))
    await vault.refused_lease.wait()

    story.skip(timedelta(seconds=21))

    with pytest.raises(Unavailable, match="refresh_busy"):
        await call


async def test_a_token_that_stays_unaccepted_is_not_refreshed_over_and_over(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    world.faults.plan(Fault("send_message", Trouble.ERROR, times=100, code="105002"))

    for _ in range(5):
        with pytest.raises(Unavailable, match="token_not_accepted"):
            await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert refresh_calls(world) == 1
    assert vault.revoked == {}


async def test_a_wrong_app_secret_is_our_fault_and_not_the_sellers(
    world: TikTokWorld, app: App, client: TikTokShop, shop: ShopRef, story: StoryTime, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    story.skip(WEEK)
    app.secret = "changed-in-partner-center"

    with pytest.raises(Rejected):
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))

    assert vault.revoked == {}


async def test_a_shop_that_was_never_connected(client: TikTokShop) -> None:
    with pytest.raises(TokenRevoked):
        await client.conversations(ShopRef("404"))


async def test_refreshing_by_hand(client: TikTokShop, vault: MemoryVault) -> None:
    old = vault.tokens("auth")

    new = await client.authorization.refresh(old.refresh_token)

    assert new.access_token != old.access_token
    with pytest.raises(RefreshRefused):
        await client.authorization.refresh(old.refresh_token)


async def test_an_answer_does_not_wait_for_a_refresh_longer_than_its_lane_is_held(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, seller: Shop, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    forget_secretly(world, seller)
    await vault.acquire("auth", "a replica that is in no hurry", timedelta(minutes=1))

    with pytest.raises(Unavailable, match="too_slow"):
        await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    assert mia.heard == []

    await vault.release("auth", "a replica that is in no hurry")
    await client.send(shop, mia.conversation.id, OutgoingText("Hello"))
    assert mia.heard == ["Hello"]
