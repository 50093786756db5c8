"""Threads and forum posts over REST: opened, archived, locked, listed, and what each state refuses."""

from typing import Any

import discord
import pytest

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.channel import Thread
from chatops.sandbox.discord.permissions import FOR_CHATOPS, MANAGE_THREADS, SEND_MESSAGES_IN_THREADS
from tests.sandbox.discord.conftest import Desk


async def post(desk: Desk, name: str = "Mia: where is my parcel?") -> Thread:
    """Let the bot open a forum post."""
    thread, _ = threads.open_post(desk.server, desk.tickets, desk.app.bot, name, "Ticket 1")
    return thread


async def test_a_thread_on_a_message_has_its_id_and_there_is_only_one(desk: Desk) -> None:
    channel = await desk.text_channel()
    said = await channel.send("Ticket 1")
    thread = await said.create_thread(name="Mia", auto_archive_duration=1440)
    assert thread.id == said.id
    assert thread.auto_archive_duration == 1440
    with pytest.raises(discord.HTTPException) as caught:
        await said.create_thread(name="Mia again")
    assert (caught.value.status, caught.value.code) == (400, 160004)
    assert [heard["newly_created"] for heard in desk.named("THREAD_CREATE")] == [True]
    assert (await channel.fetch_message(said.id)).flags.has_thread


async def test_a_thread_is_created_with_201_and_begins_with_what_it_hangs_on(desk: Desk) -> None:
    said = (await desk.says({"content": "Ticket 1"})).body
    answer = await desk.asks("POST", f"/channels/{desk.support.id}/messages/{said['id']}/threads", json={"name": "Mia"})
    assert answer.status == 201
    assert answer.body["message_count"] == 0
    listed = (await desk.asks("GET", f"/channels/{said['id']}/messages")).body
    assert [entry["type"] for entry in listed] == [21]
    assert listed[0]["referenced_message"]["content"] == "Ticket 1"


async def test_a_forum_post_and_its_first_message_share_an_id(desk: Desk) -> None:
    forum = await desk.forum()
    tag = next(tag for tag in forum.available_tags if tag.name == "open")
    created = await forum.create_thread(name="Mia", content="Ticket 1", applied_tags=[tag])
    assert created.thread.id == created.message.id
    assert [tag.name for tag in (await desk.thread(created.thread.id)).applied_tags] == []  # the forum is not cached
    assert desk.server.threads[0].applied_tags == [str(tag.id)]
    names = [happening.name for happening in desk.world.happenings]
    assert names == ["THREAD_CREATE", "MESSAGE_CREATE"]


async def test_creating_a_post_twice_makes_two(desk: Desk) -> None:
    payload = {"name": "Mia", "message": {"content": "Ticket 1"}}
    for _ in range(2):
        assert (await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)).status == 201
    assert len(desk.server.threads) == 2


SAID = {"content": "x"}
POSTS: dict[str, tuple[dict[str, Any], int]] = {
    "no name": ({"name": " ", "message": SAID}, 50035),
    "long name": ({"name": "x" * 101, "message": SAID}, 50035),
    "no message": ({"name": "x"}, 50035),
    "an empty message": ({"name": "x", "message": {}}, 50006),
    "a nonce": ({"name": "x", "message": SAID | {"nonce": "1"}}, 50035),
    "an unknown tag": ({"name": "x", "message": SAID, "applied_tags": ["1"]}, 50035),
    "an odd duration": ({"name": "x", "message": SAID, "auto_archive_duration": 61}, 50035),
}


@pytest.mark.parametrize("what", POSTS)
async def test_a_post_that_discord_would_not_take(desk: Desk, what: str) -> None:
    payload, code = POSTS[what]
    answer = await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)
    assert (answer.status, answer.body["code"]) == (400, code)
    assert desk.server.threads == []


async def test_a_forum_may_demand_a_tag_and_keep_one_for_moderators(desk: Desk) -> None:
    desk.tickets.tag_required = True
    payload: dict[str, Any] = {"name": "x", "message": SAID}
    path = f"/channels/{desk.tickets.id}/threads"
    assert (await desk.asks("POST", path, json=payload)).body["code"] == 40067
    tag = desk.tickets.available_tags[0]
    tag["moderated"] = True
    weak = desk.world.install_app("weak", permissions=FOR_CHATOPS & ~MANAGE_THREADS)
    payload["applied_tags"] = [tag["id"]]
    assert (await desk.asks("POST", path, weak.token, json=payload)).body["code"] == 50013
    assert (await desk.asks("POST", path, json=payload)).status == 201


async def test_an_archived_thread_refuses_everything_but_being_spoken_in(desk: Desk) -> None:
    thread = await post(desk)
    said = next(iter(thread.messages))
    path = f"/channels/{thread.id}"
    threads.alter(desk.server, thread, archived=True)
    for method, tail, payload in (
        ("PATCH", f"/messages/{said}", {"content": "new"}),
        ("PUT", f"/messages/{said}/reactions/✅/@me", None),
        ("PATCH", "", {"name": "new"}),
        ("PUT", "/thread-members/@me", None),
    ):
        refused = await desk.asks(method, path + tail, json=payload)
        assert (refused.status, refused.body["code"]) == (400, 50083), tail
    assert (await desk.says({"content": "hello again"}, thread)).status == 200
    assert not thread.archived
    assert [happening.name for happening in desk.world.happenings][-3:] == [
        "THREAD_UPDATE",
        "THREAD_MEMBER_UPDATE",
        "MESSAGE_CREATE",
    ]
    assert (await desk.asks("PATCH", f"{path}/messages/{said}", json={"content": "new"})).status == 200


async def test_a_message_in_an_archived_thread_can_be_deleted(desk: Desk) -> None:
    thread = await post(desk)
    said = (await desk.says(SAID, thread)).body
    threads.alter(desk.server, thread, archived=True)
    assert (await desk.asks("DELETE", f"/channels/{thread.id}/messages/{said['id']}")).status == 204
    assert thread.archived


async def test_a_locked_thread_is_for_those_who_manage_threads(desk: Desk) -> None:
    weak = desk.world.install_app("weak", permissions=FOR_CHATOPS & ~MANAGE_THREADS)
    thread = await post(desk)
    threads.alter(desk.server, thread, archived=True, locked=True)
    path = f"/channels/{thread.id}"
    refused = await desk.asks("POST", f"{path}/messages", weak.token, json=SAID)
    assert (refused.status, refused.body["code"]) == (403, 160005)
    refused = await desk.asks("PATCH", path, weak.token, json={"archived": False})
    assert refused.body["code"] == 160005
    assert thread.archived
    assert (await desk.says(SAID, thread)).status == 200


async def test_writing_in_threads_is_a_right_of_its_own(desk: Desk) -> None:
    weak = desk.world.install_app("weak", permissions=FOR_CHATOPS & ~SEND_MESSAGES_IN_THREADS)
    thread = await post(desk)
    refused = await desk.asks("POST", f"/channels/{thread.id}/messages", weak.token, json=SAID)
    assert refused.body["code"] == 50013
    said = await desk.asks("POST", f"/channels/{desk.support.id}/messages", weak.token, json=SAID)
    assert said.status == 200


async def test_a_bot_without_the_right_alters_only_what_it_opened(desk: Desk) -> None:
    weak = desk.world.install_app("weak", permissions=FOR_CHATOPS & ~MANAGE_THREADS)
    theirs = await post(desk)
    payload = {"name": "x", "message": SAID}
    made = (await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", weak.token, json=payload)).body
    refused = await desk.asks("PATCH", f"/channels/{theirs.id}", weak.token, json={"archived": True})
    assert refused.body["code"] == 50013
    own = f"/channels/{made['id']}"
    assert (await desk.asks("PATCH", own, weak.token, json={"archived": True})).status == 200
    assert (await desk.asks("PATCH", own, weak.token, json={"archived": False})).status == 200
    assert (await desk.asks("PATCH", own, weak.token, json={"locked": True})).body["code"] == 50013


async def test_an_owner_tags_renames_and_archives(desk: Desk) -> None:
    thread = await desk.thread((await post(desk)).id)
    solved = desk.tickets.available_tags[1]["id"]
    answer = await desk.asks("PATCH", f"/channels/{thread.id}", json={"applied_tags": [solved]})
    assert answer.body["applied_tags"] == [solved]
    renamed = await thread.edit(name="Mia (solved)")
    assert renamed.name == "Mia (solved)"
    lines = [message for message in desk.server.threads[0].messages.values() if message.type == 4]
    assert [line.content for line in lines] == ["Mia (solved)"]
    await thread.edit(archived=True)
    assert desk.named("THREAD_UPDATE")[-1]["thread_metadata"]["archived"] is True


async def test_the_thousand_and_first_active_thread_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "MOST_ACTIVE", 2)
    first = await post(desk)
    await post(desk)
    payload = {"name": "x", "message": SAID}
    refused = await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)
    assert (refused.status, refused.body["code"]) == (400, 160006)
    threads.alter(desk.server, first, archived=True)
    assert (await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", json=payload)).status == 201


async def test_active_and_archived_threads_are_listed_apart(desk: Desk) -> None:
    opened = [await post(desk, f"{number}") for number in range(5)]
    for thread in opened[:3]:
        threads.alter(desk.server, thread, archived=True)
    active = (await desk.asks("GET", f"/guilds/{desk.server.id}/threads/active")).body
    assert [thread["name"] for thread in active["threads"]] == ["4", "3"]
    assert len(active["members"]) == 2
    forum = await desk.forum()
    assert [thread.name async for thread in forum.archived_threads(limit=None)] == ["2", "1", "0"]
    page = (await desk.asks("GET", f"/channels/{desk.tickets.id}/threads/archived/public?limit=2")).body
    assert ([thread["name"] for thread in page["threads"]], page["has_more"]) == (["2", "1"], True)


async def test_people_join_and_leave_a_thread(desk: Desk) -> None:
    thread = await post(desk)
    path = f"/channels/{thread.id}/thread-members"
    assert (await desk.asks("PUT", f"{path}/{desk.li.id}")).status == 204
    listed = (await desk.asks("GET", path)).body
    assert {entry["user_id"] for entry in listed} == {desk.app.id, desk.li.id}
    assert (await desk.asks("DELETE", f"{path}/{desk.li.id}")).status == 204
    assert (await desk.asks("DELETE", f"{path}/@me")).status == 204
    assert thread.members == {}
    changes = desk.named("THREAD_MEMBERS_UPDATE")
    assert changes[0]["added_members"][0]["user_id"] == desk.li.id
    assert changes[1]["removed_member_ids"] == [desk.li.id]


async def test_a_moderator_deletes_a_post_with_everything_in_it(desk: Desk) -> None:
    thread = await post(desk)
    assert (await desk.asks("DELETE", f"/channels/{thread.id}")).status == 200
    assert (await desk.says(SAID, thread)).body["code"] == 10003
    assert desk.named("THREAD_DELETE") == [
        {"id": thread.id, "guild_id": desk.server.id, "parent_id": desk.tickets.id, "type": 11}
    ]


async def test_a_forum_is_deleted_with_its_posts(desk: Desk) -> None:
    thread = await post(desk)
    threads.remove_channel(desk.server, desk.tickets)
    assert (await desk.says(SAID, thread)).body["code"] == 10003
    assert desk.named("CHANNEL_DELETE")[0]["id"] == desk.tickets.id


async def test_a_forum_has_at_most_twenty_tags(desk: Desk) -> None:
    chief = desk.world.install_app("chief", permissions=FOR_CHATOPS | 1 << 4)
    path = f"/channels/{desk.tickets.id}"
    tags = [{"name": f"{number}"} for number in range(21)]
    assert (await desk.asks("PATCH", path, json={"available_tags": tags[:1]})).body["code"] == 50013
    refused = await desk.asks("PATCH", path, chief.token, json={"available_tags": tags})
    assert refused.body["code"] == 50035
    kept = await desk.asks("PATCH", path, chief.token, json={"available_tags": tags[:20]})
    assert len({tag["id"] for tag in kept.body["available_tags"]}) == 20


async def test_a_thread_in_a_text_channel_may_hang_on_nothing(desk: Desk) -> None:
    channel = await desk.text_channel()
    thread = await channel.create_thread(name="Loose", type=discord.ChannelType.public_thread)
    assert thread.parent_id == channel.id
    assert [message.type for message in desk.support.messages.values()] == [18]
    messages.post(desk.server, desk.server.channels[str(thread.id)], desk.li, "hi")
    assert (await desk.thread(thread.id)).message_count == 1
