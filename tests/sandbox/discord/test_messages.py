"""Messages over REST: what Discord takes, keeps, shows, and refuses."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.permissions import FOR_CHATOPS, SEND_MESSAGES
from tests.sandbox.discord.conftest import Desk


async def test_a_bot_speaks_edits_and_deletes(desk: Desk) -> None:
    channel = await desk.text_channel()
    said = await channel.send("Hello", embed=discord.Embed(description="A parcel"))
    assert (said.content, said.embeds[0].description) == ("Hello", "A parcel")
    changed = await said.edit(content="Hello again", embed=None)
    assert (changed.content, changed.embeds) == ("Hello again", [])
    assert changed.edited_at is not None
    await said.delete()
    with pytest.raises(discord.NotFound) as caught:
        await channel.fetch_message(said.id)
    assert caught.value.code == 10008
    names = [happening.name for happening in desk.world.happenings]
    assert names == ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]


async def test_what_everybody_hears_of_a_message_names_its_author_and_place(desk: Desk) -> None:
    messages.post(desk.server, desk.support, desk.li, "Good morning")
    heard = desk.named("MESSAGE_CREATE")[0]
    assert heard["author"]["global_name"] == "Li"
    assert heard["guild_id"] == desk.server.id
    assert heard["member"]["roles"] == desk.li.roles
    assert "user" not in heard["member"]


async def test_history_is_read_in_pages(desk: Desk) -> None:
    for number in range(7):
        messages.post(desk.server, desk.support, desk.li, f"{number}")
    channel = await desk.text_channel()
    assert [said.content async for said in channel.history(limit=3)] == ["6", "5", "4"]
    all_ids = [int(key) for key in desk.support.messages]
    after = [said.content async for said in channel.history(after=discord.Object(all_ids[4]))]
    assert after == ["5", "6"]
    before = [said.content async for said in channel.history(before=discord.Object(all_ids[2]))]
    assert before == ["1", "0"]
    around = await desk.asks("GET", f"/channels/{desk.support.id}/messages?around={all_ids[3]}&limit=3")
    assert [said["content"] for said in around.body] == ["4", "3", "2"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=x", "before=1&after=2"])
async def test_a_page_that_does_not_exist_is_refused(desk: Desk, query: str) -> None:
    refused = await desk.asks("GET", f"/channels/{desk.support.id}/messages?{query}")
    assert (refused.status, refused.body["code"]) == (400, 50035)


async def test_a_nonce_makes_a_repeat_harmless_for_some_minutes(desk: Desk) -> None:
    payload = {"content": "once", "nonce": "delivery-7", "enforce_nonce": True}
    first, second = await desk.says(payload), await desk.says(payload)
    assert first.body["id"] == second.body["id"]
    assert len(desk.named("MESSAGE_CREATE")) == 1
    assert desk.named("MESSAGE_CREATE")[0]["nonce"] == "delivery-7"
    desk.time.skip(timedelta(minutes=5))
    assert (await desk.says(payload)).body["id"] != first.body["id"]


async def test_a_nonce_without_its_enforcement_posts_again(desk: Desk) -> None:
    first = await desk.says({"content": "x", "nonce": 5})
    assert (await desk.says({"content": "x", "nonce": 5})).body["id"] != first.body["id"]


async def test_a_nonce_of_another_author_is_another_nonce(desk: Desk) -> None:
    other = desk.world.install_app("other")
    payload = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await desk.says(payload)
    second = await desk.asks("POST", f"/channels/{desk.support.id}/messages", other.token, json=payload)
    assert first.body["id"] != second.body["id"]


async def test_the_nonce_of_a_deleted_message_answers_unknown(desk: Desk) -> None:
    payload = {"content": "once", "nonce": "n", "enforce_nonce": True}
    said = (await desk.says(payload)).body
    await desk.asks("DELETE", f"/channels/{desk.support.id}/messages/{said['id']}")
    again = await desk.says(payload)
    assert (again.status, again.body["code"]) == (404, 10008)


EMBED = {"description": "x"}
BUTTON = {"type": 2, "style": 1, "label": "Take", "custom_id": "take"}


def row(*inside: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row of components."""
    return [{"type": 1, "components": list(inside)}]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "long content": ({"content": "x" * 2001}, "content"),
    "unknown field": ({"content": "x", "colour": 1}, "colour"),
    "a word for a list": ({"content": "x", "embeds": "x"}, "embeds"),
    "a word for an embed": ({"embeds": ["x"]}, "embeds.0"),
    "a number for a field": ({"embeds": [{"fields": [1]}]}, "embeds.0.fields.0"),
    "a number for text": ({"content": 5}, "content"),
    "a word for flags": ({"content": "x", "flags": "4"}, "flags"),
    "long nonce": ({"content": "x", "nonce": "n" * 26}, "nonce"),
    "eleven embeds": ({"embeds": [EMBED] * 11}, "embeds"),
    "long title": ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    "long description": ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    "empty field": ({"embeds": [EMBED | {"fields": [{"name": "n", "value": " "}]}]}, "embeds.0.fields.0.value"),
    "many fields": ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    "6,001 in all": ({"embeds": [{"description": "x" * 3000}, {"description": "x" * 3001}]}, "embeds"),
    "empty embed": ({"embeds": [{"color": 1}]}, "embeds.0.description"),
    "bad colour": ({"embeds": [EMBED | {"color": 1 << 24}]}, "embeds.0.color"),
    "not an address": ({"embeds": [EMBED | {"url": "javascript:x"}]}, "embeds.0.url"),
    "six buttons": ({"components": row(*[BUTTON | {"custom_id": c} for c in "abcdef"])}, "components.0.components"),
    "six rows": ({"components": row(BUTTON) * 6}, "components"),
    "twins": ({"components": row(BUTTON, BUTTON)}, "components.0.components.1.custom_id"),
    "long label": ({"components": row(BUTTON | {"label": "x" * 81})}, "components.0.components.0.label"),
    "long id": ({"components": row(BUTTON | {"custom_id": "x" * 101})}, "components.0.components.0.custom_id"),
    "bare button": ({"components": [BUTTON]}, "components.0.type"),
    "layout without its flag": ({"components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    "layout beside text": ({"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}, "content"),
    "no options": ({"components": row({"type": 3, "custom_id": "m"})}, "components.0.components.0.options"),
    "a person twice": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions.users",
    ),
    "reply to nothing": ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
    "no such file": ({"content": "x", "attachments": [{"id": 0, "filename": "a"}]}, "attachments.0.id"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_discord_would_not_take_is_refused_by_field(desk: Desk, what: str) -> None:
    payload, path = REFUSED[what]
    answer = await desk.says(payload)
    assert (answer.status, answer.body["code"]) == (400, 50035)
    place = answer.body["errors"]
    for step in path.split("."):
        place = place[step]
    assert place["_errors"][0]["message"]
    assert desk.world.happenings == []


async def test_the_largest_message_passes(desk: Desk) -> None:
    buttons = [
        {"type": 1, "components": [BUTTON | {"custom_id": f"{line}-{n}"} for n in range(5)]} for line in range(5)
    ]
    answer = await desk.says({"content": "x" * 2000, "embeds": [{"description": "y" * 4096}], "components": buttons})
    assert answer.status == 200


async def test_nothing_to_say_is_an_error_of_its_own(desk: Desk) -> None:
    empty: list[dict[str, Any]] = [{}, {"content": " \n "}, {"content": None, "embeds": []}]
    for payload in empty:
        answer = await desk.says(payload)
        assert (answer.status, answer.body["code"]) == (400, 50006)


async def test_broken_json_is_told_so(desk: Desk) -> None:
    answer = await desk.asks("POST", f"/channels/{desk.support.id}/messages", data='{"content":')
    assert (answer.status, answer.body["code"]) == (400, 50109)


async def test_a_bot_edits_its_own_messages_only(desk: Desk) -> None:
    theirs = messages.post(desk.server, desk.support, desk.li, "mine")
    answer = await desk.asks("PATCH", f"/channels/{desk.support.id}/messages/{theirs.id}", json={"content": "yours"})
    assert (answer.status, answer.body["code"]) == (403, 50005)
    answer = await desk.asks("DELETE", f"/channels/{desk.support.id}/messages/{theirs.id}")
    assert (answer.status, answer.body["code"]) == (403, 50013)


async def test_an_edit_leaves_alone_what_it_does_not_name(desk: Desk) -> None:
    said = (await desk.says({"content": "x", "embeds": [EMBED], "components": row(BUTTON), "flags": 4})).body
    path = f"/channels/{desk.support.id}/messages/{said['id']}"
    kept = (await desk.asks("PATCH", path, json={"content": "y"})).body
    assert (kept["content"], kept["flags"], len(kept["components"])) == ("y", 4, 1)
    shown = (await desk.asks("PATCH", path, json={"flags": 0})).body
    assert [embed["description"] for embed in shown["embeds"]] == ["x"]


async def test_a_reply_shows_what_it_answers(desk: Desk) -> None:
    asked = messages.post(desk.server, desk.support, desk.li, "Where?")
    channel = await desk.text_channel()
    said = await (await channel.fetch_message(int(asked.id))).reply("There")
    assert said.reference is not None
    assert isinstance(said.reference.resolved, discord.Message)
    assert said.reference.resolved.content == "Where?"


async def test_a_bot_without_the_right_is_told_what_it_lacks(desk: Desk) -> None:
    mute = desk.world.install_app("mute", permissions=FOR_CHATOPS & ~SEND_MESSAGES)
    blind = desk.world.install_app("blind", permissions=0)
    path, payload = f"/channels/{desk.support.id}/messages", {"content": "x"}
    refused = await desk.asks("POST", path, mute.token, json=payload)
    assert (refused.status, refused.body["code"]) == (403, 50013)
    refused = await desk.asks("POST", path, blind.token, json=payload)
    assert (refused.status, refused.body["code"]) == (403, 50001)


async def test_a_channel_may_be_closed_to_one_bot(desk: Desk) -> None:
    desk.support.overwrites.append({"id": desk.app.id, "type": 1, "allow": "0", "deny": str(SEND_MESSAGES)})
    assert (await desk.says({"content": "x"})).body["code"] == 50013


async def test_a_forum_takes_posts_and_no_messages(desk: Desk) -> None:
    assert (await desk.says({"content": "x"}, desk.tickets)).body["code"] == 50008


async def test_closed_direct_messages_refuse(desk: Desk) -> None:
    private = await desk.client.fetch_user(int(desk.li.id))
    assert (await private.send("Hello")).content == "Hello"
    desk.li.accepts_dms = False
    with pytest.raises(discord.Forbidden) as caught:
        await private.send("Hello")
    assert caught.value.code == 50007


async def test_an_unknown_token_and_an_unknown_address(desk: Desk) -> None:
    assert (await desk.asks("GET", "/users/@me", "nonsense")).status == 401
    assert (await desk.asks("GET", "/nowhere")).body == {"message": "404: Not Found", "code": 0}
    desk.app.revoked = True
    assert (await desk.says({"content": "x"})).status == 401
    fresh = discord.Client(intents=discord.Intents.none())
    with pytest.raises(discord.LoginFailure):
        await fresh.login(desk.app.token)
    await fresh.close()


async def test_pins_are_kept_in_a_list(desk: Desk) -> None:
    keeper = desk.world.install_app("keeper", permissions=FOR_CHATOPS | 1 << 51)
    said = messages.post(desk.server, desk.support, desk.li, "Remember")
    pins = f"/channels/{desk.support.id}/messages/pins"
    assert (await desk.asks("PUT", f"{pins}/{said.id}")).body["code"] == 50013
    assert (await desk.asks("PUT", f"{pins}/{said.id}", keeper.token)).status == 204
    listed = (await desk.asks("GET", pins)).body
    assert [item["message"]["content"] for item in listed["items"]] == ["Remember"]
    assert (await desk.asks("DELETE", f"{pins}/{said.id}", keeper.token)).status == 204
    assert (await desk.asks("GET", pins)).body["items"] == []


async def test_without_the_content_intent_words_are_hidden_from_whoever_reads_back(desk: Desk) -> None:
    blind = desk.world.install_app("blind", intents=513)
    for text in ("secret", f"<@{blind.bot.id}> for you"):
        messages.post(desk.server, desk.support, desk.li, text)
    path = f"/channels/{desk.support.id}/messages"
    await desk.asks("POST", path, blind.token, json={"content": "mine"})
    page = (await desk.asks("GET", path, blind.token)).body
    assert [said["content"] for said in page] == ["mine", f"<@{blind.bot.id}> for you", ""]
    one = (await desk.asks("GET", f"{path}/{page[2]['id']}", blind.token)).body
    assert one["content"] == ""
    assert [said["content"] for said in (await desk.asks("GET", path)).body][2] == "secret"
