"""A buyer and a shop talk through the API."""

import json

import pytest

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import Caller, Receiver


async def test_a_question_reaches_the_app_and_the_answer_reaches_the_buyer(
    world: TikTokWorld, mia: Buyer, caller: Caller, receiver: Receiver
) -> None:
    asked = await mia.says("Where is my parcel?")
    await world.settled()
    told = json.loads(receiver.bodies[0])
    assert (told["type"], told["shop_id"]) == (14, mia.shop.id)
    assert told["data"]["message_id"] == asked.id
    assert json.loads(told["data"]["content"]) == {"content": "Where is my parcel?"}
    assert told["data"]["sender"]["role"] == "BUYER"

    answer = await caller.say(told["data"]["conversation_id"], "On its way")

    assert answer.code == 0
    await mia.hears("On its way")
    assert mia.heard == ["On its way"]
    await world.settled()
    echoes = [json.loads(body)["data"] for body in receiver.bodies if json.loads(body)["type"] == 14]
    assert [(echo["sender"]["role"], echo["message_id"]) for echo in echoes[1:]] == [
        ("CUSTOMER_SERVICE", answer.data["message_id"])
    ]


async def test_waiting_in_vain_says_what_was_heard_instead(mia: Buyer, world: TikTokWorld) -> None:
    await world.seller_center_replies(mia, "Hello")
    with pytest.raises(AssertionError, match=r"'Goodbye'.*\['Hello'\]"):
        await mia.hears("Goodbye", timeout=0.01)
