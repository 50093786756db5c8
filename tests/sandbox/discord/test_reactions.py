"""Reactions over REST."""

import discord
import pytest

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.permissions import ADD_REACTIONS, FOR_CHATOPS
from tests.sandbox.discord.conftest import Desk


async def test_a_bot_marks_a_message_and_takes_the_mark_back(desk: Desk) -> None:
    said = messages.post(desk.server, desk.support, desk.li, "On its way")
    seen = await (await desk.text_channel()).fetch_message(int(said.id))
    await seen.add_reaction("⏳")
    await seen.add_reaction("⏳")
    assert said.reactions == {"⏳": [desk.app.id]}
    assert (await seen.fetch()).reactions[0].me
    assert desk.client.user is not None
    await seen.remove_reaction("⏳", discord.Object(desk.client.user.id))
    assert said.reactions == {}
    assert len(desk.named("MESSAGE_REACTION_ADD")) == len(desk.named("MESSAGE_REACTION_REMOVE")) == 1


async def test_who_reacted_is_listed_and_heard(desk: Desk) -> None:
    said = messages.post(desk.server, desk.support, desk.li, "Solved")
    for who in (desk.li, desk.noor):
        messages.react(desk.server, desk.support, said, who.id, "✅")
    listed = await desk.asks("GET", f"/channels/{desk.support.id}/messages/{said.id}/reactions/✅")
    assert [who["global_name"] for who in listed.body] == ["Li", "Noor"]
    heard = desk.named("MESSAGE_REACTION_ADD")[1]
    assert (heard["user_id"], heard["message_author_id"], heard["emoji"]) == (
        desk.noor.id, desk.li.id, {"id": None, "name": "✅"},
    )  # fmt: skip


@pytest.mark.parametrize("emoji", ["✅", "1️⃣", "🇩🇪", "👩🏽‍💻", "party:123456789012345678"])
async def test_an_emoji_is_taken(desk: Desk, emoji: str) -> None:
    said = messages.post(desk.server, desk.support, desk.li, "x")
    path = f"/channels/{desk.support.id}/messages/{said.id}/reactions/{emoji}/@me"
    assert (await desk.asks("PUT", path)).status == 204
    assert list(said.reactions) == [emoji]


@pytest.mark.parametrize("emoji", ["tada", ":tada:", "x"])
async def test_a_word_is_no_emoji(desk: Desk, emoji: str) -> None:
    said = messages.post(desk.server, desk.support, desk.li, "x")
    answer = await desk.asks("PUT", f"/channels/{desk.support.id}/messages/{said.id}/reactions/{emoji}/@me")
    assert (answer.status, answer.body["code"]) == (400, 10014)


async def test_a_message_carries_twenty_kinds(desk: Desk) -> None:
    said = messages.post(desk.server, desk.support, desk.li, "x")
    path = f"/channels/{desk.support.id}/messages/{said.id}/reactions"
    for number in range(20):
        assert (await desk.asks("PUT", f"{path}/{chr(0x1F600 + number)}/@me")).status == 204
    assert (await desk.asks("PUT", f"{path}/✅/@me")).body["code"] == 30010


async def test_joining_a_reaction_needs_less_than_beginning_one(desk: Desk) -> None:
    shy = desk.world.install_app("shy", permissions=FOR_CHATOPS & ~ADD_REACTIONS)
    said = messages.post(desk.server, desk.support, desk.li, "x")
    path = f"/channels/{desk.support.id}/messages/{said.id}/reactions/✅/@me"
    assert (await desk.asks("PUT", path, shy.token)).body["code"] == 50013
    messages.react(desk.server, desk.support, said, desk.li.id, "✅")
    assert (await desk.asks("PUT", path, shy.token)).status == 204
