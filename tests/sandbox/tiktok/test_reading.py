"""Conversations and messages come in pages."""

import json
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, Caller


async def pages(caller: Caller, path: str, rows: str, **query: str) -> list[list[Any]]:
    found: list[list[Any]] = []
    token = ""
    while True:
        answer = await caller.get(path, page_token=token, **query)
        assert answer.code == 0, answer.message
        found.append(answer.data[rows])
        token = answer.data["next_page_token"]
        if not token:
            return found


def texts(messages: Iterable[Any]) -> list[str]:
    return [json.loads(message["content"])["content"] for message in messages]


async def test_messages_come_newest_first_and_ten_at_most(mia: Buyer, caller: Caller) -> None:
    for number in range(23):
        await mia.says(str(number))
    path = f"{CS}/conversations/{mia.conversation.id}/messages"
    found = await pages(caller, path, "messages", page_size="50")
    assert [len(page) for page in found] == [10, 10, 3]
    assert texts(chain.from_iterable(found)) == [str(number) for number in reversed(range(23))]
    upwards = await pages(caller, path, "messages", page_size="10", sort_order="ASC", sort_field="index")
    assert texts(chain.from_iterable(upwards)) == [str(number) for number in range(23)]


async def test_page_tokens_need_percent_encoding_and_fit_only_their_list(mia: Buyer, caller: Caller) -> None:
    for number in range(3):
        await mia.says(str(number))
    path = f"{CS}/conversations/{mia.conversation.id}/messages"
    token = (await caller.get(path, page_size="2")).data["next_page_token"]
    assert all(sign in token for sign in "+/=")
    for foreign in (token, "bm9uc2Vuc2U=", "%%%"):
        refused = await caller.get(f"{CS}/conversations", page_size="2", page_token=foreign)
        assert (refused.status, refused.code) == (400, 36009004)


async def test_messages_that_arrive_while_paging_shift_nothing(mia: Buyer, caller: Caller) -> None:
    for number in range(4):
        await mia.says(str(number))
    path = f"{CS}/conversations/{mia.conversation.id}/messages"
    first = await caller.get(path, page_size="2")
    await mia.says("later")
    second = await caller.get(path, page_size="2", page_token=first.data["next_page_token"])
    assert texts(first.data["messages"] + second.data["messages"]) == ["3", "2", "1", "0"]


async def test_a_page_size_is_required_and_the_cap_may_refuse(mia: Buyer, caller: Caller, world: TikTokWorld) -> None:
    await mia.says("hi")
    path = f"{CS}/conversations/{mia.conversation.id}/messages"
    assert (await caller.get(path)).code == 36009004
    world.assumptions.oversized_page = "refuse"
    assert (await caller.get(path, page_size="11")).code == 36009004
    assert (await caller.get(path, page_size="10")).code == 0


async def test_conversations_come_with_the_latest_activity_first(
    world: TikTokWorld, shop: Shop, caller: Caller
) -> None:
    buyers = [world.create_buyer(shop, f"Buyer {number}") for number in range(25)]
    for buyer in buyers:
        await buyer.says("hi")
    await buyers[0].says("me again")
    found = await pages(caller, f"{CS}/conversations", "conversations", page_size="100")
    assert [len(page) for page in found] == [20, 5]
    names = [one["participants"][0]["nickname"] for one in chain.from_iterable(found)]
    assert names == ["Buyer 0", *(f"Buyer {number}" for number in range(24, 0, -1))]


async def test_a_conversation_tells_who_takes_part_and_what_is_unread(
    world: TikTokWorld, mia: Buyer, caller: Caller
) -> None:
    await mia.says("one")
    await mia.says("two")
    listed = (await caller.get(f"{CS}/conversations", page_size="20")).data["conversations"][0]
    assert (listed["unread_count"], listed["participant_count"], listed["can_send_message"]) == (2, 2, True)
    assert listed["latest_message"]["sender"]["nickname"] == "Mia"
    buyer = listed["participants"][0]
    assert (buyer["role"], buyer["user_id"]) == ("BUYER", mia.user_id)
    assert buyer["im_user_id"] != buyer["user_id"]

    assert (await caller.post(f"{CS}/conversations/{listed['id']}/messages/read", {})).data == {}
    await world.seller_center_replies(mia, "Hello")
    one = (await caller.get(f"/customer_service/202601/conversations/{listed['id']}")).data["conversation"]
    assert (one["unread_count"], one["participant_count"]) == (0, 3)
    assert not one.keys() & {"can_send_message", "latest_message"}


async def test_the_platform_field_has_two_names_in_indonesia(world: TikTokWorld, caller: Caller, shop: Shop) -> None:
    shop.region = "ID"
    budi = world.create_buyer(shop, "Budi")
    await budi.says("Halo")
    listed = (await caller.get(f"{CS}/conversations", page_size="1")).data["conversations"][0]
    one = (await caller.get(f"/customer_service/202601/conversations/{listed['id']}")).data["conversation"]
    assert listed["participants"][0]["buyer_platform"] == "TIKTOK_SHOP"
    assert one["participants"][0]["platform"] == "TIKTOK_SHOP"


async def test_sessions_are_shown_on_request_and_end_after_silence(
    world: TikTokWorld, mia: Buyer, caller: Caller, time: StoryTime
) -> None:
    async def phase() -> str | None:
        answer = await caller.get(f"{CS}/conversations", page_size="1", need_session_info="true")
        session = answer.data["conversations"][0].get("cur_session")
        return session["phase"] if session else None

    await mia.says("hi")
    assert await phase() == "QUEUED"
    await world.seller_center_replies(mia, "One moment", "ROBOT")
    assert await phase() == "AUTO_REPLY"
    await world.seller_center_replies(mia, "Hello")
    assert await phase() == "ASSIGNED"
    time.skip(timedelta(hours=7))
    assert await phase() is None
    await mia.says("still there?")
    assert await phase() == "QUEUED"


@pytest.mark.parametrize("role", ["SYSTEM", "ROBOT"])
async def test_automation_looks_like_the_shop_but_for_its_role(
    world: TikTokWorld, mia: Buyer, caller: Caller, role: str
) -> None:
    await world.seller_center_replies(mia, "from the shop", "SHOP")
    await world.seller_center_replies(mia, "rate us", role, visible=False)
    answer = await caller.get(f"{CS}/conversations/{mia.conversation.id}/messages", page_size="10")
    automatic, shop = answer.data["messages"]
    assert {**automatic["sender"], "role": "SHOP"} == shop["sender"]
    assert (automatic["sender"]["role"], automatic["is_visible"]) == (role, False)


async def test_cards_explain_themselves_on_request(world: TikTokWorld, mia: Buyer, caller: Caller) -> None:
    bulb = world.create_product(mia.shop, "Headlight bulb", price="10.00")
    order = world.create_order(mia.shop, mia, [bulb, bulb])
    await mia.sends("PRODUCT_CARD", {"product_id": bulb.id})
    await mia.sends("LOGISTICS_CARD", {"order_id": order.id})
    await mia.sends("SOMETHING_NEW", {"shape": 1})
    path = f"{CS}/conversations/{mia.conversation.id}/messages"
    plain = (await caller.get(path, page_size="10")).data["messages"][0]
    assert not plain.keys() & {"data", "plaintext"}
    query = {"need_data": "true", "need_plaintext": "true", "sort_order": "ASC"}
    product, logistics, new = (await caller.get(path, page_size="10", **query)).data["messages"]
    assert product["plaintext"] == "[Product] Headlight bulb, USD 10.00"
    assert json.loads(product["data"])["title"] == "Headlight bulb"
    assert json.loads(logistics["data"])["tracking"][0]["update_time_millis"] > 10**12
    assert new["type"] == "SOMETHING_NEW"


async def test_a_conversation_of_another_shop_does_not_exist(world: TikTokWorld, caller: Caller) -> None:
    stranger = world.create_buyer(world.create_shop(caller.app), "Stranger")
    await stranger.says("hi")
    answer = await caller.get(f"{CS}/conversations/{stranger.conversation.id}/messages", page_size="10")
    assert (answer.status, answer.code, answer.data) == (200, 45101003, None)
