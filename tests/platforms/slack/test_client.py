"""Saying something in Slack over the wire: what arrives, and what each trouble turns into."""

import json
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from chatops.errors import RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure
from chatops.platforms.ports import ChannelRef, ChatPlatform, Mark
from chatops.platforms.slack.client import SlackPlatform
from chatops.sandbox.faults import Trouble
from chatops.times import SystemTime
from chatops.ui import Button, Card, Controls, Form, Input, Paragraph, Press, Quote
from tests.platforms.hosting import host
from tests.platforms.slack.desk import HELLO, Desk, connect


async def test_a_thread_is_opened_and_answered_and_both_are_found_again(desk: Desk) -> None:
    port: ChatPlatform = desk.slack
    before = desk.world.time.now()
    head = await port.open_thread(desk.channel, HELLO, "d-1")
    thread = desk.thread(head.external_id)
    reply = await port.post(thread, HELLO, "d-2")

    root, below = desk.support.thread(head.external_id)
    assert (root.text, below.thread_ts, below.ts) == (HELLO.summary, head.external_id, reply.external_id)
    assert await port.find(desk.channel, "d-1", before) == head
    assert await port.find(thread, "d-2", before) == reply
    assert await port.find(thread, "d-3", before) is None
    assert reply.at
    assert abs(reply.at - desk.world.time.now()) < timedelta(minutes=1)


async def test_a_message_is_found_on_a_later_page_but_not_before_its_time(desk: Desk) -> None:
    slack = connect(desk.world, desk.app.bot_token, page_size=2)
    thread = await desk.opened()
    for number in range(5):
        last = await slack.post(thread, HELLO, f"d-{number}")
    assert await slack.find(thread, "d-4", desk.world.time.now()) == last
    desk.world.time.skip(timedelta(hours=1))
    assert await slack.find(thread, "d-4", desk.world.time.now()) is None
    await slack.close()


async def test_a_post_that_arrived_although_the_line_broke_is_in_doubt_until_found(desk: Desk) -> None:
    thread, before = await desk.opened(), desk.world.time.now()
    desk.trouble("chat.postMessage", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.slack.post(thread, HELLO, "d-2")
    found = await desk.slack.find(thread, "d-2", before)
    assert found
    assert [message.ts for message in desk.support.replies(thread.thread_id)] == [found.external_id]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.DROP_BEFORE, ""),
        (Trouble.UNAVAILABLE, ""),
        (Trouble.SERVER_ERROR, ""),
        (Trouble.GARBAGE, ""),
        (Trouble.ERROR, "fatal_error"),
    ],
)
async def test_a_post_without_a_clear_answer_is_in_doubt(desk: Desk, trouble: Trouble, code: str) -> None:
    desk.trouble("chat.postMessage", trouble, code=code)
    with pytest.raises(Unsure):
        await desk.slack.open_thread(desk.channel, HELLO, "d-1")
    posts = [request for request in desk.world.requests if request.method == "chat.postMessage"]
    assert len(posts) == 1


@pytest.mark.parametrize("trouble", [Trouble.DROP_BEFORE, Trouble.DROP_AFTER, Trouble.UNAVAILABLE, Trouble.GARBAGE])
async def test_redrawing_may_simply_be_tried_again(desk: Desk, trouble: Trouble) -> None:
    thread = await desk.opened()
    message = desk.message(thread.thread_id)
    desk.trouble("chat.update", trouble)
    with pytest.raises(Unavailable):
        await desk.slack.redraw(message, Card(summary="Mia · answered"))
    await desk.slack.redraw(message, Card(summary="Mia · answered"))
    assert desk.support.all_messages[thread.thread_id].text == "Mia · answered"


async def test_a_slow_answer_leaves_a_post_in_doubt(desk: Desk) -> None:
    hasty = connect(desk.world, desk.app.bot_token, timeout=aiohttp.ClientTimeout(total=0.2))
    desk.trouble("chat.postMessage", Trouble.SLOW, seconds=2.0)
    with pytest.raises(Unsure) as told:
        await hasty.open_thread(desk.channel, HELLO, "d-1")
    assert told.value.code == "timeout"
    await hasty.close()


async def test_what_never_left_was_never_done(desk: Desk) -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response()

    async with host(nothing) as gone:
        pass
    slack = SlackPlatform({"T1": "xoxb-1"}, time=SystemTime(), base_url=f"{gone}/api/")
    with pytest.raises(Unavailable) as told:
        await slack.open_thread(ChannelRef("T1", "C1"), HELLO, "d-1")
    assert told.value.code == "unreachable"
    await slack.close()


async def test_a_limit_says_for_how_long(desk: Desk) -> None:
    desk.trouble("chat.postMessage", Trouble.RATE_LIMITED, retry_after=7)
    with pytest.raises(RateLimited) as told:
        await desk.slack.open_thread(desk.channel, HELLO, "d-1")
    assert told.value.retry_after == timedelta(seconds=7)
    desk.trouble("chat.postMessage", Trouble.RATE_LIMITED)
    with pytest.raises(RateLimited) as told:
        await desk.slack.open_thread(desk.channel, HELLO, "d-1")
    assert told.value.retry_after == timedelta(seconds=10)
    assert desk.support.messages == []


async def test_an_archived_channel_or_one_we_left_is_gone(desk: Desk) -> None:
    thread = await desk.opened()
    desk.world.kick(desk.app, desk.support)
    with pytest.raises(TargetGone, match="not_in_channel"):
        await desk.slack.post(thread, HELLO, "d-2")
    elsewhere = ChannelRef(desk.world.team.id, "C0NOWHERE")
    with pytest.raises(TargetGone, match="channel_not_found"):
        await desk.slack.open_thread(elsewhere, HELLO, "d-3")
    closed = desk.world.create_channel("closed", members=[desk.app])
    desk.world.archive(closed)
    with pytest.raises(TargetGone, match="is_archived"):
        await desk.slack.open_thread(ChannelRef(desk.world.team.id, closed.id), HELLO, "d-4")


async def test_a_revoked_token_asks_for_a_new_connection(desk: Desk) -> None:
    desk.world.revoke_token(desk.app)
    with pytest.raises(TokenRevoked):
        await desk.slack.open_thread(desk.channel, HELLO, "d-1")
    with pytest.raises(TokenRevoked):
        await desk.slack.open_thread(ChannelRef("T0OTHER", "C1"), HELLO, "d-1")


async def test_a_proxy_of_the_environment_is_not_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    slack = connect(desk.world, desk.app.bot_token)
    await slack.open_thread(desk.channel, HELLO, "d-1")
    await slack.close()
    assert len(desk.support.messages) == 1


async def test_the_longest_card_is_taken_new_and_redrawn(desk: Desk) -> None:
    long = Card(summary="<&>" * 3000, title="t" * 300, parts=(Quote("w" * 30_000), Paragraph(("&" * 5000,))))
    head = await desk.slack.open_thread(desk.channel, long, "d-1")
    await desk.slack.redraw(desk.message(head.external_id), long)


async def test_a_card_slack_still_finds_too_long_is_shortened_more(desk: Desk) -> None:
    desk.trouble("chat.postMessage", Trouble.ERROR, code="msg_blocks_too_long")
    await desk.slack.open_thread(desk.channel, Card(summary="long", parts=(Quote("w" * 9_000),)), "d-1")
    [said] = desk.support.messages
    assert len(str(said.blocks)) < 6_500


async def test_hostile_words_are_dead_on_arrival(desk: Desk) -> None:
    words = "<!channel> @here <@U1> <https://evil.example|bank> https://evil.example #support"
    card = Card(summary=words, title=words, parts=(Quote(words), Paragraph((words,))))
    thread = desk.thread((await desk.slack.open_thread(desk.channel, card, "d-1")).external_id)
    await desk.slack.post(thread, card, "d-2")
    await desk.slack.whisper(thread, desk.li.id, card)
    assert desk.world.mention_audit == []


async def test_a_whisper_is_for_one_person_only(desk: Desk) -> None:
    thread = await desk.opened()
    await desk.slack.whisper(thread, desk.li.id, Card(summary="Only you can see this"))
    assert [message.text for message in desk.li.ephemerals] == ["Only you can see this"]
    assert desk.support.replies(thread.thread_id) == []
    noor = desk.world.create_person("Noor")
    with pytest.raises(Rejected, match="user_not_in_channel"):
        await desk.slack.whisper(thread, noor.id, HELLO)


async def test_marks_replace_each_other_and_leave_other_peoples_alone(desk: Desk) -> None:
    ts = await desk.li.posts(desk.support, "On its way")
    await desk.li.reacts(ts, "x")
    message, said = desk.message(ts), desk.support.all_messages[ts]

    async def ours(mark: Mark | None) -> set[str]:
        await desk.slack.mark(message, mark)
        return {name for name, who in said.reactions.items() if desk.app.bot_user_id in who}

    assert await ours(Mark.WAITING) == {"hourglass_flowing_sand"}
    assert await ours(Mark.WAITING) == {"hourglass_flowing_sand"}
    assert await ours(Mark.FAILED) == {"x"}
    assert await ours(Mark.ACCEPTED) == {"white_check_mark"}
    assert await ours(None) == set()
    assert said.reactions == {"x": [desk.li.id]}


@pytest.mark.parametrize(
    ("method", "code"), [("reactions.add", "already_reacted"), ("reactions.remove", "no_reaction")]
)
async def test_a_mark_somebody_else_set_meanwhile_is_a_success(desk: Desk, method: str, code: str) -> None:
    message = desk.message(await desk.li.posts(desk.support, "On its way"))
    await desk.slack.mark(message, Mark.WAITING)
    desk.trouble(method, Trouble.ERROR, code=code)
    await desk.slack.mark(message, Mark.ACCEPTED)


async def test_a_mark_on_a_deleted_message_is_gone(desk: Desk) -> None:
    ts = await desk.li.posts(desk.support, "On its way")
    await desk.li.deletes(ts)
    with pytest.raises(TargetGone):
        await desk.slack.mark(desk.message(ts), Mark.WAITING)


async def test_a_form_needs_a_press_that_is_fresh(desk: Desk) -> None:
    form = Form(title="Note", submit="Keep", cancel="Close", press=Press("note", "1"), inputs=(Input("body", "Words"),))
    with pytest.raises(Rejected) as told:
        await desk.slack.show_form("1.2.unknown", form)
    assert "trigger" in told.value.code


async def test_a_press_opens_a_form(desk: Desk) -> None:
    pressed: list[str] = []

    async def product(request: web.Request) -> web.Response:
        pressed.append(json.loads(str((await request.post())["payload"]))["trigger_id"])
        return web.Response()

    async with host(product) as address:
        desk.app.request_url = address
        ask = Card(summary="Ask", parts=(Controls((Button("Note", Press("note", "1")),)),))
        head = await desk.slack.open_thread(desk.channel, ask, "d-1")
        await desk.li.clicks(head.external_id, "Note")
        inputs = (Input("body", "Words", hint="Only the team sees it", multiline=True, limit=500),)
        form = Form(title="A note for the team", submit="Keep", cancel="Close", press=Press("note", "1"), inputs=inputs)
        await desk.slack.show_form(pressed[0], form)
    assert desk.li.modal
    assert desk.li.modal.wire["title"]["text"] == "A note for the team"


async def test_a_redrawn_button_keeps_its_id(desk: Desk) -> None:
    def card(label: str) -> Card:
        return Card(summary=label, parts=(Controls((Button(label, Press("claim", "T1")),)),))

    head = (await desk.slack.open_thread(desk.channel, card("Take"), "d-1")).external_id
    await desk.slack.redraw(desk.message(head), card("Give back"))
    [button] = desk.support.all_messages[head].blocks[0]["elements"]
    assert (button["action_id"], button["text"]["text"]) == ("claim:0", "Give back")
    assert (await desk.slack.find(desk.channel, "d-1", desk.world.time.now())) is not None
