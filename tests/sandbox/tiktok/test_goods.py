"""Orders, products, performance, and the view of the whole world."""

import json

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import Caller, Receiver

SEARCH = "/order/202309/orders/search"


async def test_orders_are_found_by_ids_and_by_buyer(world: TikTokWorld, mia: Buyer, shop: Shop, caller: Caller) -> None:
    bulb = world.create_product(shop, price="10.00")
    first = world.create_order(shop, mia, [bulb, bulb])
    second = world.create_order(shop, mia, [bulb], tracking_number="1Z789")
    world.create_order(shop, world.create_buyer(shop, "Noor"), [bulb])

    details = await caller.get("/order/202507/orders", ids=f"{first.id},{second.id},1")
    assert [one["id"] for one in details.data["orders"]] == [first.id, second.id]
    one, two = details.data["orders"]
    assert (one["payment"]["total_amount"], len(one["line_items"]), one["user_id"]) == ("20.00", 2, mia.user_id)
    assert two["tracking_number"] == "1Z789"
    assert (await caller.get("/order/202507/orders", ids=",".join("1" * 51))).code == 36009004

    page = await caller.post(SEARCH, {"buyer_user_id": mia.user_id}, page_size="1")
    assert (page.data["total_count"], page.data["orders"][0]["id"]) == (2, second.id)
    token = page.data["next_page_token"]
    rest = await caller.post(SEARCH, {"buyer_user_id": mia.user_id}, page_size="1", page_token=token)
    assert (rest.data["next_page_token"], rest.data["orders"][0]["id"]) == ("", first.id)


async def test_an_order_that_moves_on_is_told(
    world: TikTokWorld, mia: Buyer, shop: Shop, caller: Caller, receiver: Receiver
) -> None:
    order = world.create_order(shop, mia)
    world.change_order(order, "IN_TRANSIT")
    await world.settled()
    body = json.loads(receiver.bodies[0])
    assert (body["type"], body["data"]["order_status"]) == (1, "IN_TRANSIT")
    found = await caller.post(SEARCH, {"order_status": "IN_TRANSIT"})
    assert [one["id"] for one in found.data["orders"]] == [order.id]


async def test_a_product_shows_title_price_and_picture(world: TikTokWorld, shop: Shop, caller: Caller) -> None:
    bulb = world.create_product(shop, "Headlight bulb", price="12.50", currency="GBP")
    shown = (await caller.get(f"/product/202309/products/{bulb.id}", locale="en-GB")).data
    assert (shown["title"], shown["skus"][0]["price"]["sale_price"]) == ("Headlight bulb", "12.50")
    async with caller.session.get(shown["main_images"][0]["urls"][0]) as picture:
        assert picture.content_type == "image/png"
    assert (await caller.get("/product/202309/products/1")).code == 45101003


async def test_performance_needs_both_dates(caller: Caller) -> None:
    path = "/customer_service/202407/performance"
    assert (await caller.get(path, support_date_ge="2026-01-01")).code == 36009004
    answer = await caller.get(path, support_date_ge="2026-01-01", support_date_lt="2026-01-02")
    assert answer.data["performance"]["response_percentage"] == "93.4"


async def test_the_snapshot_shows_what_people_see_and_changes_ring(world: TikTokWorld, mia: Buyer) -> None:
    rings: list[int] = []
    forget = world.on_change(lambda: rings.append(1))
    await mia.says("Hello?")
    await world.seller_center_replies(mia, "Hi")
    seen = len(rings)
    forget()
    await mia.says("quiet")
    assert (seen >= 2, len(rings)) == (True, seen)
    shown = json.loads(json.dumps(world.state()))
    (conversation,) = shown["conversations"]
    told = [(one["role"], one["content"]["content"]) for one in conversation["messages"]]
    assert told == [("BUYER", "Hello?"), ("CUSTOMER_SERVICE", "Hi"), ("BUYER", "quiet")]
    assert conversation["unread"] == 2
    assert shown["buyers"][0]["nickname"] == "Mia"
    assert shown["shops"][0]["authorized"] is True


async def test_a_world_that_comes_back_keeps_address_and_memory(world: TikTokWorld, mia: Buyer, caller: Caller) -> None:
    address = world.url
    await mia.says("Hello?")
    await world.stop()
    await world.start()
    assert world.url == address
    answer = await caller.get("/customer_service/202309/conversations", page_size="1")
    assert answer.data["conversations"][0]["unread_count"] == 1
