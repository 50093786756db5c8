"""Bad days: every failure says whether the thing was done, and nothing is done twice."""

import logging
import traceback
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, Unavailable, Unsure
from chatops.platforms.ports import OutgoingText, ShopRef
from chatops.platforms.tiktok.client import TikTokShop
from chatops.platforms.tiktok.codes import retry_after
from chatops.platforms.tiktok.gateway import Gateway
from chatops.platforms.tiktok.limits import LONGEST_BACKOFF, until_next_day
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.conftest import Connect
from tests.platforms.tiktok.vault import MemoryVault

HELLO = OutgoingText("Hello")


async def texts(client: TikTokShop, shop: ShopRef, mia: Buyer) -> list[object]:
    page, _ = await client.messages(shop, mia.conversation.id)
    return [message.content["content"] for message in page if message.role == "CUSTOMER_SERVICE"]


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        (Fault("send_message", Trouble.DROP_BEFORE), 0),
        (Fault("send_message", Trouble.DROP_AFTER), 1),
        (Fault("send_message", Trouble.GARBAGE), 1),
        (Fault("send_message", Trouble.SLOW, seconds=5), 1),
        (Fault("send_message", Trouble.SERVER_ERROR), 0),
        (Fault("send_message", Trouble.ERROR, code="45101001"), 0),
    ],
    ids=["dropped before", "dropped after", "garbage", "too slow", "server error", "internal error"],
)
async def test_a_send_that_broke_is_unsure_and_a_look_tells(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer, fault: Fault, arrived: int
) -> None:
    await mia.says("Hi")
    world.faults.plan(fault)

    with pytest.raises(Unsure):
        await client.send(shop, mia.conversation.id, HELLO)

    assert sum(one.name == "send_message" for one in world.requests) <= 1
    assert await texts(client, shop, mia) == ["Hello"] * arrived
    assert mia.heard == ["Hello"] * arrived


async def test_a_send_turned_away_at_the_door_was_not_done(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer
) -> None:
    await mia.says("Hi")
    world.faults.plan(Fault("send_message", Trouble.UNAVAILABLE))

    with pytest.raises(Unavailable):
        await client.send(shop, mia.conversation.id, HELLO)

    assert mia.heard == []


async def test_nobody_listens(
    client: TikTokShop, gateway: Gateway, replica: Connect, shop: ShopRef, world: TikTokWorld, mia: Buyer
) -> None:
    await mia.says("Hi")
    await world.stop()
    client = replica("started during the outage")

    with pytest.raises(Unavailable, match="unreachable"):
        await client.send(shop, mia.conversation.id, HELLO)
    with pytest.raises(Unavailable):
        await client.messages(shop, mia.conversation.id)
    with pytest.raises(Unavailable):
        await gateway.clock_skew()


@pytest.mark.parametrize(
    "trouble", [Trouble.UNAVAILABLE, Trouble.SERVER_ERROR, Trouble.DROP_BEFORE, Trouble.DROP_AFTER, Trouble.GARBAGE]
)
async def test_a_read_outlives_two_troubles_and_no_more(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer, trouble: Trouble
) -> None:
    await mia.says("Hi")
    world.faults.plan(Fault("get_messages", trouble, times=2))

    page, _ = await client.messages(shop, mia.conversation.id)
    assert len(page) == 1

    world.requests.clear()
    world.faults.plan(Fault("get_messages", trouble, times=100))
    with pytest.raises(Unavailable):
        await client.messages(shop, mia.conversation.id)
    assert len(world.requests) == 3


async def test_too_fast_says_how_long_to_wait(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer
) -> None:
    await mia.says("Hi")
    world.faults.plan(Fault("send_message", Trouble.RATE_LIMITED, retry_after=7))
    world.faults.plan(Fault("send_message", Trouble.RATE_LIMITED))

    with pytest.raises(RateLimited) as told:
        await client.send(shop, mia.conversation.id, HELLO)
    with pytest.raises(RateLimited) as untold:
        await client.send(shop, mia.conversation.id, HELLO)

    assert (told.value.retry_after, told.value.scope) == (timedelta(seconds=7), "")
    assert untold.value.retry_after == timedelta(seconds=1)
    assert mia.heard == []


@pytest.mark.parametrize("status", [200, 429])
async def test_the_days_quota_is_used_up(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, story: StoryTime, mia: Buyer, status: int
) -> None:
    await mia.says("Hi")
    world.assumptions.business_error_status = status
    world.limits.daily_quota = 1
    await client.messages(shop, mia.conversation.id)

    with pytest.raises(RateLimited) as caught:
        await client.messages(shop, mia.conversation.id)

    assert caught.value.scope == "daily"
    wakes = story.now() + caught.value.retry_after
    assert abs(wakes - until_midnight(story.now())) < timedelta(seconds=5)

    story.skip(caught.value.retry_after)
    await client.messages(shop, mia.conversation.id)


def until_midnight(now: datetime) -> datetime:
    return datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)


@pytest.mark.parametrize("status", [200, 400, 429])
async def test_a_word_tiktok_does_not_like(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, mia: Buyer, status: int
) -> None:
    await mia.says("Hi")
    world.assumptions.business_error_status = status

    with pytest.raises(Rejected) as caught:
        await client.send(shop, mia.conversation.id, OutgoingText("Write me on WhatsApp"))

    assert caught.value.code == "sensitive_content"


async def test_a_text_over_the_limit(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    await mia.says("Hi")

    with pytest.raises(Rejected):
        await client.send(shop, mia.conversation.id, OutgoingText("x" * 2001))


@pytest.mark.parametrize(
    ("code", "meaning", "word"),
    [
        (105005, Rejected, "scope_missing"),
        (101000, Rejected, "wrong_shop"),
        (36009043, Rejected, "shop_inactive"),
        (36009033, Rejected, "address_not_allowed"),
        (36009037, RateLimited, "sandbox_quota"),
        (45109003, Rejected, "no_contact"),
        (45102007, TargetGone, "no_access"),
        (45101003, TargetGone, "not_found"),
        (49999999, Rejected, "tiktok_49999999"),
    ],
)
async def test_refusals_by_meaning(
    client: TikTokShop,
    shop: ShopRef,
    world: TikTokWorld,
    mia: Buyer,
    vault: MemoryVault,
    code: int,
    meaning: type[PlatformError],
    word: str,
) -> None:
    await mia.says("Hi")
    world.faults.plan(Fault("send_message", Trouble.ERROR, code=str(code)))

    with pytest.raises(meaning) as caught:
        await client.send(shop, mia.conversation.id, HELLO)

    assert caught.value.code == word
    assert vault.revoked == {}
    assert mia.heard == []


async def test_a_wrong_clock_of_ours_is_named(
    client: TikTokShop, replica: Connect, shop: ShopRef, mia: Buyer, vault: MemoryVault
) -> None:
    await mia.says("Hi")
    behind = StoryTime()
    behind.skip(timedelta(hours=-1))

    with pytest.raises(Unavailable, match="clock_skew"):
        await replica("behind", behind).send(shop, mia.conversation.id, HELLO)
    assert vault.revoked == {}


async def test_a_picture_too_large_never_leaves(client: TikTokShop, shop: ShopRef, world: TikTokWorld) -> None:
    with pytest.raises(Rejected, match="file_too_large"):
        await client.upload_image(shop, bytes(10 * 1024 * 1024 + 1), "huge.png")
    assert world.requests == []


async def test_something_that_is_no_picture(client: TikTokShop, shop: ShopRef) -> None:
    with pytest.raises(Rejected):
        await client.upload_image(shop, b"%PDF-1.7", "invoice.pdf")


async def test_no_secret_reaches_a_log_or_an_error(
    client: TikTokShop,
    shop: ShopRef,
    seller: Shop,
    world: TikTokWorld,
    story: StoryTime,
    mia: Buyer,
    vault: MemoryVault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await mia.says("Hi")
    held = vault.tokens("auth")
    secrets = [held.access_token, held.refresh_token, seller.app.secret, "the-code-1"]
    seen = [repr(held), repr(await vault.access(shop.shop_id)), repr(client)]
    for trouble in Trouble:
        if trouble is Trouble.SLOW:
            continue
        story.skip(timedelta(days=7))
        for name in ("token_*", "send_message", "get_messages"):
            world.faults.plan(Fault(name, trouble, times=4, code="105002"))
        seen += [
            await failure(client.authorization.exchange("the-code-1")),
            await failure(client.authorization.refresh(held.refresh_token)),
            await failure(client.send(shop, mia.conversation.id, HELLO)),
            await failure(client.messages(shop, mia.conversation.id)),
        ]
        world.faults.clear()
        secrets += [vault.tokens("auth").access_token, vault.tokens("auth").refresh_token]

    written = "\n".join([*seen, caplog.text])
    assert "connection_lost" in written
    for secret in secrets:
        assert secret not in written


async def failure(call: Awaitable[object]) -> str:
    """Return everything a log could show of an error, with the errors behind it."""
    try:
        await call
    except PlatformError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__)
    return ""


NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Wed, 21 Oct 99999999999 07:28:00 GMT", None),
        ("0", timedelta()),
        (" 30 ", timedelta(seconds=30)),
        ("99999999999999999999", LONGEST_BACKOFF),
        ("Tue, 01 Sep 2026 12:00:20 GMT", timedelta(seconds=20)),
        ("Tue, 01 Sep 2026 11:00:00 GMT", timedelta()),
        ("Tue, 01 Sep 2099 11:00:00 -0000", LONGEST_BACKOFF),
    ],
)
def test_retry_after(header: str | None, expected: timedelta | None) -> None:
    assert retry_after(header, NOON) == expected


def test_the_next_day_begins_at_the_reset() -> None:
    assert until_next_day(NOON) == timedelta(hours=12)
    assert until_next_day(datetime(2026, 9, 1, tzinfo=UTC)) == timedelta(days=1)
