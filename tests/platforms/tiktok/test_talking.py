"""What the product asks of TikTok Shop, asked over a socket."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chatops.errors import Rejected, TargetGone
from chatops.platforms.ports import (
    Marketplace,
    OfficialFigures,
    OutgoingOrder,
    OutgoingProduct,
    OutgoingText,
    SenderRole,
    ShopRef,
)
from chatops.platforms.tiktok.client import TikTokShop
from chatops.platforms.tiktok.gateway import Gateway, ShopApp
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.platforms.tiktok.vault import MemoryVault, StoryClock


def test_it_is_a_marketplace(client: TikTokShop) -> None:
    marketplace: Marketplace = client

    assert marketplace is client


async def test_a_buyers_words_are_read_with_time_place_and_role(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    said = await mia.says("Where is my parcel? 📦")

    (message,), after = await client.messages(shop, mia.conversation.id)

    assert after == ""
    assert message.external_id == said.id
    assert message.conversation_id == mia.conversation.id
    assert (message.kind, message.content) == ("TEXT", {"content": "Where is my parcel? 📦"})
    assert message.role == SenderRole.BUYER
    assert message.sender_id == mia.profile.im_user_id
    assert message.index == said.index
    assert message.visible
    assert message.at == said.created_at.replace(microsecond=0)
    assert "parcel" in message.plaintext


async def test_an_answer_reaches_the_buyer_as_a_persons(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    await mia.says("Hello?")

    receipt = await client.send(shop, mia.conversation.id, OutgoingText('On its way "now" \\ 🚚\nBye'))

    (got,) = mia.received
    assert (got.id, got.text, got.role) == (receipt.external_id, 'On its way "now" \\ 🚚\nBye', "CUSTOMER_SERVICE")


async def test_a_picture_goes_up_and_out(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    await mia.says("Show me")

    picture = await client.upload_image(shop, plain_png(32, 16, (1, 2, 3)), "böx\r\n.png")
    await client.send(shop, mia.conversation.id, picture)

    (got,) = mia.received
    assert (picture.width, picture.height) == (32, 16)
    assert (got.type, got.inner["url"]) == ("IMAGE", picture.url)


async def test_cards_go_out(client: TikTokShop, shop: ShopRef, mia: Buyer, seller: Shop, world: TikTokWorld) -> None:
    await mia.says("Which bulb did I order?")
    product = world.create_product(seller)
    order = world.create_order(seller, mia, [product])

    await client.send(shop, mia.conversation.id, OutgoingProduct(product.id))
    await client.send(shop, mia.conversation.id, OutgoingOrder(order.id))

    assert [(got.type, got.inner) for got in mia.received] == [
        ("PRODUCT_CARD", {"product_id": product.id}),
        ("ORDER_CARD", {"order_id": order.id}),
    ]


async def test_pages_lead_to_the_first_message(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    for number in range(23):
        await mia.says(str(number))

    sizes, texts, token = [], [], ""
    while True:
        page, token = await client.messages(shop, mia.conversation.id, token)
        sizes.append(len(page))
        texts += [message.content["content"] for message in page]
        if not token:
            break

    assert sizes == [10, 10, 3]
    assert texts == [str(number) for number in reversed(range(23))]


async def test_conversations_are_listed_page_by_page(
    client: TikTokShop, shop: ShopRef, world: TikTokWorld, seller: Shop
) -> None:
    buyers = [world.create_buyer(seller, f"Buyer {number}") for number in range(21)]
    for buyer in buyers:
        await buyer.says(f"I am {buyer.nickname}")

    first, token = await client.conversations(shop)
    second, end = await client.conversations(shop, token)

    assert (len(first), len(second), end) == (20, 1, "")
    found = {one.external_id: one for one in (*first, *second)}
    for buyer in buyers:
        one = found[buyer.conversation.id]
        assert (one.nickname, one.buyer_im_id, one.buyer_user_id) == (
            buyer.nickname,
            buyer.profile.im_user_id,
            buyer.user_id,
        )
        assert one.avatar_url == buyer.profile.avatar
        assert one.can_send is True
        assert one.unread == 1
        assert one.latest is not None
        assert one.latest.content == {"content": f"I am {buyer.nickname}"}
        assert one.latest.conversation_id == one.external_id


async def test_one_conversation_tells_who_takes_part(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    await mia.says("Hi")

    found = await client.conversation(shop, mia.conversation.id)

    assert (found.nickname, found.buyer_user_id, found.unread) == ("Mia", mia.user_id, 1)
    assert found.can_send is None
    assert found.latest is None


async def test_reading_is_told(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    await mia.says("Hi")

    await client.mark_read(shop, mia.conversation.id)

    assert (await client.conversation(shop, mia.conversation.id)).unread == 0


async def test_a_conversation_that_is_not_there(client: TikTokShop, shop: ShopRef) -> None:
    with pytest.raises(TargetGone):
        await client.messages(shop, "1")
    with pytest.raises(TargetGone):
        await client.send(shop, "1", OutgoingText("Hi"))
    with pytest.raises((TargetGone, Rejected)):
        await client.conversation(shop, "../shops?x=1")


async def test_the_newest_order_is_found(
    client: TikTokShop, shop: ShopRef, mia: Buyer, seller: Shop, world: TikTokWorld, story: StoryTime
) -> None:
    bulb, lamp = world.create_product(seller, "Bulb"), world.create_product(seller, "Lamp")
    world.create_order(seller, mia, [lamp])
    story.skip(timedelta(days=1))
    order = world.create_order(seller, mia, [bulb, lamp, bulb], tracking_number="1Z789")

    found = await client.latest_order(shop, mia.user_id)

    assert found is not None
    assert (found.order_id, found.status, found.tracking_number) == (order.id, "AWAITING_SHIPMENT", "1Z789")
    assert found.currency == "USD"
    assert found.total
    assert found.created_at == order.created_at.replace(microsecond=0)
    assert len(found.items) == 2
    assert any("Bulb" in item and item.endswith("×2") for item in found.items)


async def test_no_order_is_none(client: TikTokShop, shop: ShopRef, mia: Buyer) -> None:
    assert await client.latest_order(shop, mia.user_id) is None


async def test_no_scope_for_orders_is_none_and_for_chat_a_refusal(world: TikTokWorld, vault: MemoryVault) -> None:
    narrow = world.create_app(app_key="narrow", app_secret="narrow-secret", scopes=["seller.authorization.info"])
    seller = world.create_shop(narrow)
    mia = world.create_buyer(seller)
    client = await connected(world, narrow, seller, vault)

    async with client:
        assert await client.latest_order(ShopRef(seller.id), mia.user_id) is None
        with pytest.raises(Rejected, match="scope_missing"):
            await client.send(ShopRef(seller.id), mia.conversation.id, OutgoingText("Hi"))
    assert vault.revoked == {}


async def test_agent_settings(client: TikTokShop, shop: ShopRef, seller: Shop) -> None:
    assert await client.agent_settings(shop) is True
    with pytest.raises(Rejected):
        await client.set_agent_settings(shop, can_accept_chat=False)

    seller.agents = 2
    await client.set_agent_settings(shop, can_accept_chat=False)

    assert await client.agent_settings(shop) is False


async def test_connecting_a_shop(world: TikTokWorld, app: App, client: TikTokShop, seller: Shop) -> None:
    address = world.redirect(app, seller, "state-1")
    code = parse_qs(urlsplit(address).query)["code"][0]

    tokens = await client.authorization.exchange(code)
    (found,) = await client.authorization.shops(tokens.access_token)

    assert (found.shop_id, found.name, found.region, found.cipher) == (
        seller.id,
        seller.name,
        seller.region,
        seller.cipher,
    )
    assert tokens.access_expires_at - world.time.now() > timedelta(days=6)
    assert tokens.refresh_expires_at - world.time.now() > timedelta(days=360)
    assert "seller.customer_service" in tokens.scopes
    with pytest.raises(Rejected, match="bad_auth_code"):
        await client.authorization.exchange(code)


def test_the_authorize_page(client: TikTokShop) -> None:
    assert client.authorization.page("77", "a b&c", "GB") == (
        "https://services.tiktokshop.com/open/authorize?service_id=77&state=a+b%26c"
    )
    assert (
        client.authorization.page("77", "", "us") == "https://services.us.tiktokshop.com/open/authorize?service_id=77"
    )


async def test_the_clock_of_the_other_side_is_told(gateway: Gateway, story: StoryTime) -> None:
    assert abs(await gateway.clock_skew()) < timedelta(seconds=5)

    story.skip(timedelta(minutes=10))

    assert timedelta(minutes=9) < abs(await gateway.clock_skew()) < timedelta(minutes=11)


async def connected(world: TikTokWorld, app: App, seller: Shop, vault: MemoryVault) -> TikTokShop:
    """Connect a shop of another app."""
    ours = ShopApp(key=app.key, secret=app.secret, api_url=world.url, auth_url=world.url)
    client = TikTokShop(ours, vault, StoryClock(world.time), "other")
    tokens = await client.authorization.exchange(world.authorize(app, seller))
    vault.connect("other", await client.authorization.shops(tokens.access_token), tokens)
    return client


async def test_what_tiktok_counted_of_a_day_is_read(client: TikTokShop, shop: ShopRef, seller: Shop) -> None:
    day = date(2026, 5, 3)
    seller.performance = {"response_percentage": "87.5", "satisfaction_percentage": "n/a", "response_time_mins": None}
    assert await client.official_figures(shop, day, day + timedelta(days=1)) == OfficialFigures(15, 0.875, None, None)
