"""Posting, changing and finding messages with Slack's own client."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from chatops.sandbox.faults import Fault, Trouble
from tests.sandbox.slack.conftest import Scene


async def code_of(refused: Awaitable[object]) -> str:
    """Return the error code with which Slack refused a call."""
    with pytest.raises(SlackApiError) as caught:
        await refused
    return str(caught.value.response["error"])


async def test_a_thread_keeps_its_messages_together_and_counts_them(scene: Scene) -> None:
    card = await scene.client.chat_postMessage(channel=scene.support.id, text="Ticket #1 🎉")
    reply = await scene.client.chat_postMessage(channel=scene.support.id, text="Where is it?", thread_ts=card["ts"])
    answer = await scene.li.replies(card["ts"], "On its way, @Noor & all")

    thread = (await scene.client.conversations_replies(channel=scene.support.id, ts=card["ts"]))["messages"]
    assert [message["ts"] for message in thread] == [card["ts"], reply["ts"], answer]
    assert thread[0]["text"] == "Ticket #1 :tada:"
    assert (thread[0]["thread_ts"], thread[0]["reply_count"]) == (card["ts"], 2)
    assert thread[0]["reply_users"] == [scene.app.bot_user_id, scene.li.id]
    assert thread[2]["text"] == f"On its way, <@{scene.noor.id}> &amp; all"
    assert thread[2]["parent_user_id"] == scene.app.bot_user_id
    history = (await scene.client.conversations_history(channel=scene.support.id))["messages"]
    assert [message["ts"] for message in history] == [card["ts"]]


async def test_only_the_head_of_a_thread_can_be_answered(scene: Scene) -> None:
    root = await scene.li.posts(scene.support, "root")
    reply = await scene.noor.replies(root, "reply")
    post = scene.client.chat_postMessage(channel=scene.support.id, text="deeper", thread_ts=reply)
    assert await code_of(post) == "cannot_reply_to_message"


async def test_metadata_comes_back_in_full_only_on_request(scene: Scene) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d-1"}}
    posted = await scene.client.chat_postMessage(channel=scene.support.id, text="card", metadata=metadata)
    read = scene.client.conversations_history
    assert (await read(channel=scene.support.id))["messages"][0]["metadata"] == {"event_type": "delivery"}
    full = await read(channel=scene.support.id, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    await scene.client.chat_update(channel=scene.support.id, ts=posted["ts"], text="card", metadata={})
    assert scene.support.messages[0].metadata is None


async def test_text_alone_takes_the_blocks_away_and_marks_the_message_as_edited(scene: Scene) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*open*"}}]
    ts = (await scene.client.chat_postMessage(channel=scene.support.id, text="open", blocks=blocks))["ts"]
    await scene.client.chat_update(channel=scene.support.id, ts=ts, text="taken", blocks=blocks)
    assert scene.support.messages[0].blocks
    assert scene.support.messages[0].edited is None
    await scene.client.chat_update(channel=scene.support.id, ts=ts, text="closed")
    assert scene.support.messages[0].blocks == []
    assert scene.support.messages[0].edited is not None


async def test_slack_says_no_in_its_own_words(scene: Scene) -> None:
    client, support = scene.client, scene.support
    other = scene.world.create_channel("other")
    secret = scene.world.create_channel("secret", private=True)
    theirs = await scene.li.posts(support, "mine")
    own = (await client.chat_postMessage(channel=support.id, text="x"))["ts"]
    many = [{"type": "divider"}] * 51
    assert await code_of(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await code_of(client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    assert await code_of(client.chat_postMessage(channel=other.id, text="x")) == "not_in_channel"
    assert await code_of(client.chat_postMessage(channel=support.id, text="")) == "no_text"
    assert await code_of(client.chat_postMessage(channel=support.id, text="x", blocks=many)) == "invalid_blocks"
    assert await code_of(client.chat_update(channel=support.id, ts=theirs, text="x")) == "cant_update_message"
    assert await code_of(client.chat_update(channel=support.id, ts=own, text="x" * 4001)) == "msg_too_long"
    assert await code_of(client.chat_delete(channel=support.id, ts=theirs)) == "cant_delete_message"
    assert await code_of(client.chat_delete(channel=support.id, ts="1.000001")) == "message_not_found"
    assert await code_of(client.reactions_remove(channel=support.id, timestamp=own, name="eyes")) == "no_reaction"
    assert await code_of(client.reactions_add(channel=support.id, timestamp=own, name="no_such_face")) == "invalid_name"
    assert await code_of(client.api_call("chat.shout")) == "unknown_method"
    assert (
        await code_of(client.api_call("users.info", params={"user": scene.li.id, "colour": "red"}))
        == "invalid_arguments"
    )
    scene.world.archive(support)
    assert await code_of(client.chat_postMessage(channel=support.id, text="x")) == "is_archived"


async def test_a_token_opens_only_what_it_is_for(scene: Scene) -> None:
    def with_token(token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=scene.world.api_url, retry_handlers=[])

    reader = scene.world.install_app("reader", scopes=("channels:read",))
    assert await code_of(with_token("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await code_of(with_token("").auth_test()) == "not_authed"
    assert await code_of(scene.client.apps_connections_open(app_token=scene.app.bot_token)) == "not_allowed_token_type"
    with pytest.raises(SlackApiError) as caught:
        await with_token(reader.bot_token).chat_postMessage(channel=scene.support.id, text="x")
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "channels:read")
    scene.world.revoke_token(scene.app)
    assert await code_of(scene.client.auth_test()) == "token_revoked"


async def test_a_broken_block_is_named_with_its_place(scene: Scene) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    with pytest.raises(SlackApiError) as caught:
        await scene.client.chat_postMessage(channel=scene.support.id, text="x", blocks=blocks)
    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]


async def test_a_connection_lost_after_the_post_leaves_exactly_one_message(scene: Scene) -> None:
    scene.faults.plan(Fault("chat.postMessage", Trouble.DROP_AFTER))
    with pytest.raises(Exception, match=r"disconnected|reset|closed"):
        await scene.client.chat_postMessage(channel=scene.support.id, text="once")
    assert [message.text for message in scene.support.messages] == ["once"]


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (Fault("chat.*", Trouble.RATE_LIMITED, retry_after=7), 0),
        (Fault("chat.*", Trouble.UNAVAILABLE), 0),
        (Fault("chat.*", Trouble.SERVER_ERROR), 0),
        (Fault("chat.*", Trouble.DROP_BEFORE), 0),
        (Fault("chat.*", Trouble.ERROR, code="restricted_action"), 0),
        (Fault("chat.*", Trouble.ERROR, code="fatal_error"), 1),
        (Fault("chat.*", Trouble.GARBAGE), 1),
    ],
    ids=lambda value: str(value.code or value.trouble) if isinstance(value, Fault) else None,
)
async def test_planned_trouble_meets_one_call(scene: Scene, fault: Fault, stored: int) -> None:
    scene.faults.plan(fault)
    with pytest.raises(Exception):  # noqa: B017, PT011 - each trouble has its own error; what matters is that there is one
        await scene.client.chat_postMessage(channel=scene.support.id, text="x")
    assert len(scene.support.messages) == stored
    await scene.client.chat_postMessage(channel=scene.support.id, text="y")
    assert scene.support.messages[-1].text == "y"


async def test_a_slow_answer_comes_when_the_story_gets_there(scene: Scene) -> None:
    scene.faults.plan(Fault("chat.postMessage", Trouble.SLOW, seconds=20))
    post = asyncio.ensure_future(scene.client.chat_postMessage(channel=scene.support.id, text="late"))
    await scene.world.until(lambda: not scene.faults.planned or post.done())
    assert not post.done()
    scene.time.skip(timedelta(seconds=20))
    assert (await post)["ok"]


async def test_a_file_travels_both_ways(scene: Scene) -> None:
    root = await scene.li.posts(scene.support, "look")
    uploaded = await scene.client.files_upload_v2(
        channel=scene.support.id, thread_ts=root, filename="chart.png", content=b"\x89PNG..", initial_comment="the week"
    )
    shared = await scene.support.expects("chart.png", thread=root)
    assert (shared.text, shared.subtype) == ("the week", "file_share")
    info = await scene.client.files_info(file=uploaded["files"][0]["id"])
    assert info["file"]["shares"]["public"][scene.support.id][0]["ts"] == shared.ts

    ts = await scene.noor.uploads(scene.support, b"photo!", "broken.jpg", "image/jpeg", root)
    private = scene.support.all_messages[ts].files[0].wire()["url_private"]
    async with aiohttp.ClientSession() as session:
        async with session.get(private, headers={"Authorization": f"Bearer {scene.app.bot_token}"}) as answer:
            assert (answer.content_type, await answer.read()) == ("image/jpeg", b"photo!")
        async with session.get(private, headers={"Authorization": "Bearer xoxb-wrong"}) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_long_lists_come_in_pages(scene: Scene) -> None:
    for number in range(7):
        await scene.li.posts(scene.support, f"message {number}")
    pages = [
        page["messages"] async for page in await scene.client.conversations_history(channel=scene.support.id, limit=3)
    ]
    assert [[message["text"][-1] for message in page] for page in pages] == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert await code_of(scene.client.conversations_history(channel=scene.support.id, cursor="?")) == "invalid_cursor"


async def test_who_is_there_and_may_be_disturbed(scene: Scene) -> None:
    found = (await scene.client.users_info(user=scene.li.id, include_locale=True))["user"]
    assert (found["tz"], found["tz_offset"], found["locale"]) == ("Asia/Shanghai", 28_800, "zh-CN")
    await scene.li.changes(dnd=(100, 200), presence="away")
    assert (await scene.client.users_getPresence(user=scene.li.id))["presence"] == "away"
    windows = (await scene.client.dnd_teamInfo(users=[scene.li.id, scene.noor.id]))["users"]
    assert windows[scene.li.id] == {"dnd_enabled": True, "next_dnd_start_ts": 100, "next_dnd_end_ts": 200}
    assert windows[scene.noor.id]["dnd_enabled"] is False


async def test_a_user_group_follows_the_rota(scene: Scene) -> None:
    group = (await scene.client.usergroups_create(name="On call", handle="tts-oncall"))["usergroup"]
    await scene.client.usergroups_users_update(usergroup=group["id"], users=[scene.li.id])
    listed = await scene.client.usergroups_list(include_users=True)
    assert listed["usergroups"][0]["users"] == [scene.li.id]
    ts = await scene.noor.posts(scene.support, "@tts-oncall please")
    assert scene.support.all_messages[ts].text == f"<!subteam^{group['id']}> please"


async def test_a_deleted_root_leaves_a_tombstone_above_its_replies(scene: Scene) -> None:
    root = await scene.li.posts(scene.support, "oops")
    await scene.noor.replies(root, "what was it?")
    await scene.li.deletes(root)
    thread = scene.support.thread(root)
    assert [message.subtype for message in thread] == ["tombstone", None]
    lonely = await scene.li.posts(scene.support, "typo")
    await scene.li.deletes(lonely)
    assert lonely not in scene.support.all_messages


async def test_an_ephemeral_message_is_for_one_pair_of_eyes(scene: Scene) -> None:
    await scene.client.chat_postEphemeral(channel=scene.support.id, user=scene.li.id, text="only you")
    assert [message.text for message in scene.li.ephemerals] == ["only you"]
    assert scene.noor.ephemerals == []
    assert scene.support.messages == []
    stranger = scene.world.create_person("Stranger")
    refused = scene.client.chat_postEphemeral(channel=scene.support.id, user=stranger.id, text="x")
    assert await code_of(refused) == "user_not_in_channel"


async def test_the_failing_wait_shows_what_was_said_instead(scene: Scene) -> None:
    ts = await scene.li.posts(scene.support, "hello")
    await scene.noor.replies(ts, "hi")
    with pytest.raises(AssertionError, match=r"in vain for 'parcel' in #support[\s\S]*li: hello[\s\S]*    .*noor: hi"):
        await scene.support.expects("parcel", timeout=0.05)


async def test_a_reader_that_catches_up_asks_for_what_came_after_a_mark(scene: Scene) -> None:
    first, second, third = [await scene.li.posts(scene.support, f"{number}") for number in range(3)]
    reply = await scene.noor.replies(first, "in the thread")

    async def after(mark: str, **more: Any) -> list[str]:
        answer = await scene.client.conversations_history(channel=scene.support.id, oldest=mark, **more)
        return [message["ts"] for message in answer["messages"]]

    assert await after(first) == [third, second]
    assert await after(first, inclusive=True) == [third, second, first]
    assert await after(first, latest=third) == [second]
    thread = await scene.client.conversations_replies(channel=scene.support.id, ts=first, oldest=first)
    assert [message["ts"] for message in thread["messages"]] == [first, reply]
    assert (
        await code_of(scene.client.conversations_history(channel=scene.support.id, oldest="x")) == "invalid_ts_oldest"
    )
    nowhere = scene.client.conversations_replies(channel=scene.support.id, ts="1.000001")
    assert await code_of(nowhere) == "thread_not_found"


async def test_channels_are_found_joined_and_left(scene: Scene) -> None:
    lounge = scene.world.create_channel("lounge", members=(scene.li,))
    scene.world.create_channel("secret", private=True, members=(scene.li,))
    listed = await scene.client.conversations_list(types="public_channel,private_channel")
    assert {(channel["name"], channel["is_member"]) for channel in listed["channels"]} == {
        ("support", True),
        ("lounge", False),
    }
    await scene.client.conversations_join(channel=lounge.id)
    assert (await scene.client.conversations_members(channel=lounge.id))["members"] == [
        scene.li.id,
        scene.app.bot_user_id,
    ]
    assert lounge.messages[-1].subtype == "channel_join"
    await scene.client.conversations_setTopic(channel=lounge.id, topic="on call: Li")
    assert (await scene.client.conversations_info(channel=lounge.id))["channel"]["topic"]["value"] == "on call: Li"
    assert await code_of(scene.client.conversations_create(name="lounge")) == "name_taken"
    assert await code_of(scene.client.conversations_create(name="Not Allowed")) == "invalid_name_specials"
    mine = await scene.client.conversations_list(types="im")
    assert mine["channels"] == []
