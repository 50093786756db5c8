"""What a shop may send, and what the platform refuses."""

import json
from datetime import timedelta

import pytest

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.tiktok.state import compact
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, Answer, Caller


async def send(caller: Caller, buyer: Buyer, kind: str, content: object) -> Answer:
    path = f"/customer_service/202606/conversations/{buyer.conversation.id}/messages"
    return await caller.post(path, {"type": kind, "content": content})


@pytest.fixture
async def asked(mia: Buyer) -> Buyer:
    await mia.says("Hello?")
    return mia


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("TEXT", {"content": "an object, not a string"}),
        ("TEXT", "not json"),
        ("TEXT", '"a string"'),
        ("TEXT", '{"text":"wrong key"}'),
        ("TEXT", '{"content":""}'),
        ("TEXT", '{"content":5}'),
        ("TEXT", '{"content":"hi","more":"x"}'),
        ("EMOTICONS", '{"content":"hi"}'),
        ("NOTIFICATION", '{"content":"hi"}'),
        ("IMAGE", '{"url":"https://elsewhere.example/a.png","width":1,"height":1}'),
        ("COUPON_CARD", '{"coupon":"1"}'),
        (["TEXT"], '{"content":"hi"}'),
        ("TEXT", r'{"content":"half a pair \ud83d"}'),
        ("TEXT", "[" * 100_000),
        ("TEXT", '{"content":"hi","":"x"}'),
    ],
)
async def test_badly_shaped_messages_never_reach_the_buyer(
    caller: Caller, asked: Buyer, kind: str, content: object
) -> None:
    answer = await send(caller, asked, kind, content)
    assert (answer.status, answer.code) == (400, 36009004)
    assert asked.received == []


async def test_two_thousand_characters_fit_and_one_more_does_not(
    caller: Caller, asked: Buyer, world: TikTokWorld
) -> None:
    conversation = asked.conversation.id
    assert (await caller.say(conversation, "ä" * 2000)).code == 0
    assert (await caller.say(conversation, "ä" * 2001)).code == 36009004
    assert (await caller.say(conversation, "😀" * 1001)).code == 36009004
    world.assumptions.text_unit = "code_points"
    assert (await caller.say(conversation, "😀" * 2000)).code == 0


async def test_sensitive_words_are_refused(caller: Caller, asked: Buyer, world: TikTokWorld) -> None:
    refused = await caller.say(asked.conversation.id, "Write me on WhatsApp")
    assert (refused.status, refused.code) == (200, 45101006)
    world.assumptions.business_error_status = 429
    assert (await caller.say(asked.conversation.id, "whatsapp")).status == 429
    assert asked.heard == []


async def test_the_sender_role_is_kept_and_only_the_newest_version_takes_it(caller: Caller, asked: Buyer) -> None:
    conversation = asked.conversation.id
    assert (await caller.say(conversation, "beep", "ROBOT")).code == 0
    assert asked.received[-1].role == "ROBOT"
    assert (await caller.say(conversation, "as the buyer", "BUYER")).code == 36009004
    body = {"type": "TEXT", "content": compact({"content": "hi"}), "sender_role": "ROBOT"}
    older = f"{CS}/conversations/{conversation}/messages"
    assert (await caller.post(older, body)).code == 36009004
    del body["sender_role"]
    assert (await caller.post(older, body)).code == 0
    assert asked.received[-1].role == "CUSTOMER_SERVICE"


async def test_after_thirty_silent_days_only_an_order_opens_the_chat_again(
    caller: Caller, asked: Buyer, time: StoryTime, world: TikTokWorld
) -> None:
    time.skip(timedelta(days=31))
    granted = world.authorization(asked.shop)
    assert granted is not None
    renewed = await caller.token_call("refresh", grant_type="refresh_token", refresh_token=granted.refresh_token)
    caller.token = renewed.data["access_token"]
    assert (await caller.say(asked.conversation.id, "hello")).code == 45102007
    reopen = f"{CS}/conversations"
    assert (await caller.post(reopen, {"buyer_user_id": asked.user_id})).code == 45109003
    listed = (await caller.get(reopen, page_size="1")).data["conversations"][0]
    assert listed["can_send_message"] is False

    world.create_order(asked.shop, asked)
    again = await caller.post(reopen, {"buyer_user_id": asked.user_id})
    assert again.data == {"conversation_id": asked.conversation.id}
    assert (await caller.say(asked.conversation.id, "hello")).code == 0
    asked.profile.contactable = False
    assert (await caller.say(asked.conversation.id, "hello")).code == 45102007


async def test_an_unknown_conversation_may_not_be_written_to(caller: Caller) -> None:
    assert (await caller.say("1", "hello")).code == 45102007


async def test_cards_must_name_what_the_shop_has(caller: Caller, asked: Buyer, world: TikTokWorld) -> None:
    bulb = world.create_product(asked.shop)
    order = world.create_order(asked.shop, asked, [bulb])
    assert (await send(caller, asked, "PRODUCT_CARD", compact({"product_id": bulb.id}))).code == 0
    assert (await send(caller, asked, "ORDER_CARD", compact({"order_id": order.id}))).code == 0
    assert (await send(caller, asked, "PRODUCT_CARD", compact({"product_id": "1"}))).code == 45101003
    assert (await send(caller, asked, "ORDER_CARD", compact({"order_id": "1"}))).code == 45101003
    assert [message.type for message in asked.received] == ["PRODUCT_CARD", "ORDER_CARD"]


async def test_a_picture_is_sent_as_it_was_uploaded(caller: Caller, asked: Buyer) -> None:
    picture = plain_png(40, 30)
    hosted = (await caller.upload(picture)).data
    assert (hosted["width"], hosted["height"]) == (40, 30)
    wrong = await send(caller, asked, "IMAGE", compact({**hosted, "width": "40"}))
    assert wrong.code == 36009004
    assert (await send(caller, asked, "IMAGE", compact(hosted))).code == 0
    seen = json.loads((await asked.hears_messages(1))[0].content)
    assert seen == {"url": hosted["url"], "width": "40", "height": "30"}
    async with caller.session.get(seen["url"]) as fetched:
        assert (fetched.content_type, await fetched.read()) == ("image/png", picture)


async def test_a_lone_agent_must_accept_chats(caller: Caller, asked: Buyer) -> None:
    path = f"{CS}/agents/settings"
    assert (await caller.get(path)).data == {"can_accept_chat": True}
    assert (await caller.write("PUT", path, {"can_accept_chat": False})).code == 36009004
    asked.shop.agents = 2
    assert (await caller.write("PUT", path, {"can_accept_chat": False})).data == {}
    assert (await caller.get(path)).data == {"can_accept_chat": False}
