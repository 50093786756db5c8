"""Webhooks: the exact wire form, order, retries, copies, and days on which nothing arrives."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.signing import webhook_sign
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import Caller, Receiver


def told(receiver: Receiver, kind: int = 14) -> list[Any]:
    return [body for body in map(json.loads, receiver.bodies) if body["type"] == kind]


def texts(receiver: Receiver) -> list[str]:
    return [json.loads(body["data"]["content"])["content"] for body in told(receiver)]


async def test_the_wire_form_is_the_documented_one(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, app: App, time: StoryTime
) -> None:
    message = await mia.says("ça va?")
    await world.settled()
    raw = receiver.bodies[0]
    assert receiver.signs == [webhook_sign(app.key, app.secret, raw)]
    assert receiver.content_types == ["application/json"]
    body = json.loads(raw)
    assert raw == json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    assert list(body) == ["type", "tts_notification_id", "shop_id", "timestamp", "data"]
    assert abs(body["timestamp"] - time.now().timestamp()) < 5
    assert body["data"] == {
        "content": '{"content":"ça va?"}',
        "conversation_id": mia.conversation.id,
        "create_time": int(message.created_at.timestamp()),
        "is_visible": True,
        "message_id": message.id,
        "index": str(message.index),
        "type": "TEXT",
        "sender": {"im_user_id": mia.profile.im_user_id, "role": "BUYER"},
    }


async def test_a_buyers_messages_arrive_in_order(world: TikTokWorld, mia: Buyer, receiver: Receiver) -> None:
    for number in range(30):
        await mia.says(str(number))
    await world.settled()
    assert texts(receiver) == [str(number) for number in range(30)]


async def test_conversations_do_not_wait_for_each_other(
    world: TikTokWorld, mia: Buyer, shop: Shop, receiver: Receiver
) -> None:
    receiver.stuck = asyncio.Event()
    noor = world.create_buyer(shop, "Noor")
    await mia.says("one")
    await mia.says("two")
    await noor.says("three")
    assert await receiver.changes.until(lambda: len(receiver.bodies) == 2, timeout=5)
    assert sorted(texts(receiver)) == ["one", "three"]
    receiver.stuck.set()
    await world.settled()
    assert sorted(texts(receiver)) == ["one", "three", "two"]


async def test_a_refused_webhook_is_tried_four_more_times_and_then_dropped(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, time: StoryTime
) -> None:
    receiver.statuses = [500, 401, 302, 204, 500, 500]
    await mia.says("hi")
    await world.settled()
    for tries, pause in enumerate([120, 1800, 10800, 43200], start=1):
        time.skip(timedelta(seconds=pause - 20))
        await world.settled()
        assert len(receiver.bodies) == tries
        time.skip(timedelta(seconds=20))
        await world.settled()
        assert len(receiver.bodies) == tries + 1
    time.skip(timedelta(days=30))
    await world.settled()
    assert len(set(receiver.bodies)) == 1
    (sent,) = world.webhooks
    assert (sent.statuses, sent.outcome) == ([500, 401, 302, 204, 500], "lost")


async def test_later_messages_do_not_wait_for_a_retry(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, time: StoryTime
) -> None:
    receiver.statuses = [503]
    await mia.says("first")
    await mia.says("second")
    await world.settled()
    time.skip(timedelta(minutes=2))
    await world.settled()
    assert texts(receiver) == ["first", "second", "first"]
    assert [one.outcome for one in world.webhooks] == ["accepted", "accepted"]


async def test_a_receiver_that_thinks_too_long_is_asked_again(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, time: StoryTime
) -> None:
    world.webhook_policy.timeout = 0.05
    receiver.stuck = asyncio.Event()
    await mia.says("hi")
    await world.settled()
    assert world.webhooks[0].statuses == [None]
    receiver.stuck.set()
    time.skip(timedelta(minutes=2))
    await world.settled()
    assert world.webhooks[0].statuses == [None, 200]


async def test_a_receiver_that_is_down_gets_it_later(
    world: TikTokWorld, mia: Buyer, app: App, receiver: Receiver, time: StoryTime
) -> None:
    world.webhook_policy.drop = True
    await mia.says("lost for good")
    world.webhook_policy.drop = False
    world.faults.plan(Fault("webhook", Trouble.UNAVAILABLE, times=2))
    await mia.says("late")
    await world.settled()
    assert receiver.bodies == []
    time.skip(timedelta(seconds=120))
    await world.settled()
    time.skip(timedelta(seconds=1800))
    await world.settled()
    assert texts(receiver) == ["late"]


async def test_an_answer_that_got_lost_brings_the_same_notification_again(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, time: StoryTime
) -> None:
    world.faults.plan(Fault("webhook", Trouble.DROP_AFTER))
    await mia.says("hi")
    await world.settled()
    time.skip(timedelta(minutes=2))
    await world.settled()
    first, second = told(receiver)
    assert first["tts_notification_id"] == second["tts_notification_id"]


async def test_a_cut_body_does_not_fit_its_signature(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, app: App
) -> None:
    world.faults.plan(Fault("webhook", Trouble.GARBAGE))
    await mia.says("hi")
    await world.settled()
    assert receiver.signs[0] != webhook_sign(app.key, app.secret, receiver.bodies[0])


async def test_copies_carry_one_id_and_new_messages_a_new_one(
    world: TikTokWorld, mia: Buyer, receiver: Receiver
) -> None:
    world.webhook_policy.copies = 3
    await mia.says("one")
    await mia.says("two")
    await world.settled()
    ids = [body["tts_notification_id"] for body in told(receiver)]
    assert (len(ids), len(set(ids))) == (6, 2)


async def test_held_webhooks_arrive_out_of_order(world: TikTokWorld, mia: Buyer, receiver: Receiver) -> None:
    world.webhook_policy.hold = 4
    for word in ("one", "two", "three", "four", "five"):
        await mia.says(word)
    await world.settled()
    assert sorted(texts(receiver)) == ["four", "one", "three", "two"]
    assert texts(receiver) != ["one", "two", "three", "four"]
    world.release_webhooks()
    await world.settled()
    assert texts(receiver)[4:] == ["five"]


@pytest.mark.parametrize("role", ["CUSTOMER_SERVICE", "SHOP", "ROBOT", "SYSTEM"])
async def test_answers_from_seller_center_echo(world: TikTokWorld, mia: Buyer, receiver: Receiver, role: str) -> None:
    await world.seller_center_replies(mia, "Hello", role, visible=role != "SYSTEM")
    await world.settled()
    (echo,) = told(receiver)
    assert echo["data"]["sender"]["role"] == role
    assert echo["data"]["is_visible"] is (role != "SYSTEM")


async def test_the_echo_of_an_api_message_can_come_before_its_answer_or_not_at_all(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, caller: Caller
) -> None:
    world.assumptions.first_answer_joins_agent = False
    await mia.says("hi")
    await world.settled()
    world.assumptions.echo_before_answer = True
    answer = await caller.say(mia.conversation.id, "early")
    assert told(receiver)[-1]["data"]["message_id"] == answer.data["message_id"]
    world.assumptions.echoes = False
    await caller.say(mia.conversation.id, "quiet")
    await world.settled()
    assert texts(receiver) == ["hi", "early"]
    world.assumptions.echoes, world.webhook_policy.drop = True, True
    assert (await caller.say(mia.conversation.id, "its echo is lost")).code == 0


async def test_an_agent_who_joins_or_leaves_is_told_by_webhook_13(
    world: TikTokWorld, mia: Buyer, receiver: Receiver
) -> None:
    await world.seller_center_replies(mia, "Hello")
    await world.seller_center_replies(mia, "Hello again")
    world.agent(mia, joins=False)
    await world.settled()
    assert [one["data"]["conversation_id"] for one in told(receiver, 13)] == [mia.conversation.id] * 2


async def test_revoking_is_told_and_closes_the_door(
    world: TikTokWorld, shop: Shop, receiver: Receiver, caller: Caller
) -> None:
    world.revoke(shop)
    await world.settled()
    (gone,) = told(receiver, 6)
    assert shop.id in gone["data"]["message"]
    answer = await caller.get("/authorization/202309/shops", shop_cipher="")
    assert answer.code == 36009004
    assert "x-tts-access-token" in answer.message


async def test_the_end_of_an_authorization_is_announced_daily(
    world: TikTokWorld, shop: Shop, receiver: Receiver, time: StoryTime
) -> None:
    granted = world.authorization(shop)
    assert granted is not None
    time.skip(timedelta(days=336))
    assert await receiver.changes.until(lambda: len(told(receiver, 7)) == 1, timeout=5)
    time.skip(timedelta(days=1))
    assert await receiver.changes.until(lambda: len(told(receiver, 7)) == 2, timeout=5)
    assert told(receiver, 7)[1]["data"]["expiration_time"] == str(int(granted.ends_at.timestamp()))


async def test_without_subscription_nothing_is_sent(world: TikTokWorld, mia: Buyer, receiver: Receiver) -> None:
    world.webhook_policy.enabled = False
    await mia.says("hi")
    await world.settled()
    assert (receiver.bodies, world.webhooks) == ([], [])


async def test_a_shops_own_address_wins_over_the_apps(
    world: TikTokWorld, mia: Buyer, receiver: Receiver, app: App, caller: Caller
) -> None:
    app.webhook_url = "http://127.0.0.1:9/nobody"
    hooks = "/event/202309/webhooks"
    assert (await caller.write("PUT", hooks, {"address": receiver.url, "event_type": "NEW_MESSAGE"})).data == {}
    listed = (await caller.get(hooks)).data
    assert (listed["total_count"], listed["webhooks"][0]["address"]) == (1, receiver.url)
    await mia.says("hi")
    await world.settled()
    assert texts(receiver) == ["hi"]
    assert (await caller.write("DELETE", hooks, {"event_type": "NEW_MESSAGE"})).data == {}
    assert (await caller.get(hooks)).data == {"webhooks": [], "total_count": 0}


async def test_unknown_types_can_be_sent(world: TikTokWorld, shop: Shop, receiver: Receiver) -> None:
    world.notify(shop, 999, {"anything": True})
    await world.settled()
    assert told(receiver, 999)[0]["data"] == {"anything": True}
