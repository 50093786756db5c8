"""Saying something in Discord over the wire: what arrives, and what each trouble turns into."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.ports import ChannelRef, ChatPlatform, Mark, Receipt, ThreadRef, Upload
from chatops.sandbox.discord import threads
from chatops.sandbox.faults import Trouble
from chatops.times import SystemTime
from chatops.ui import Button, Card, Controls, Form, GroupMention, Input, Mention, Paragraph, Picture, Press, Quote
from tests.platforms.any_card import ticket_card
from tests.platforms.discord.desk import HELLO, PNG, Desk, connect
from tests.platforms.discord.embed_rules import published_faults
from tests.platforms.hosting import host


async def test_a_thread_is_opened_and_answered_and_both_are_found_again(desk: Desk) -> None:
    port: ChatPlatform = desk.discord
    before = desk.world.time.now()
    head = await port.open_thread(desk.channel, HELLO, "d-1")
    thread = desk.thread(head.external_id)
    reply = await port.post(thread, HELLO, "d-2")

    assert desk.below(thread).name == "Mia"
    assert desk.support.messages[head.external_id].embeds[0]["description"] == "### Mia\n> where is my parcel?"
    assert reply.external_id in {message.id for message in desk.said(thread)}
    assert await port.find(desk.channel, "d-1", before) == head
    assert await port.find(thread, "d-2", before) == reply
    assert await port.find(thread, "d-3", before) is None
    assert reply.at
    assert abs(reply.at - desk.world.time.now()) < timedelta(minutes=1)


async def test_a_ticket_of_a_forum_is_a_post_whose_first_message_is_the_card(desk: Desk) -> None:
    before = desk.world.time.now()
    thread = await desk.opened(desk.forum)
    reply = await desk.discord.post(thread, HELLO, "d-2")
    post = desk.below(thread)
    assert (post.name, post.parent_id, list(post.messages)) == (
        "Mia", desk.tickets.id, [thread.thread_id, reply.external_id],
    )  # fmt: skip
    found = await desk.discord.find(desk.forum, "d-head", before)
    assert found
    assert found.external_id == thread.thread_id
    assert await desk.discord.find(desk.forum, "d-2", before) is None


@pytest.mark.parametrize("status", ["", "502"])
async def test_a_post_of_a_forum_in_doubt_is_found_even_when_it_was_put_away(desk: Desk, status: str) -> None:
    before = desk.world.time.now()
    desk.trouble("threads.create", Trouble.DROP_AFTER, code=status)
    with pytest.raises(Unsure):
        await desk.discord.open_thread(desk.forum, HELLO, "d-1")
    [post] = desk.world.server.threads
    found = await desk.discord.find(desk.forum, "d-1", before)
    threads.alter(desk.world.server, post, archived=True)
    assert found
    assert found == await desk.discord.find(desk.forum, "d-1", before)
    assert found.external_id == post.id
    assert desk.asked("threads.create") == 1


async def test_a_thread_that_did_not_open_below_its_head_is_opened_when_it_is_looked_for(desk: Desk) -> None:
    before = desk.world.time.now()
    desk.trouble("threads.open_on", Trouble.RATE_LIMITED, retry_after=250, code="shared")
    with pytest.raises(Unsure) as told:
        await desk.discord.open_thread(desk.channel, HELLO, "d-1")
    assert told.value.code == "rate_limited"
    desk.trouble("threads.open_on", Trouble.RATE_LIMITED, retry_after=240, code="shared")
    with pytest.raises(RateLimited):
        await desk.discord.find(desk.channel, "d-1", before)
    found = await desk.discord.find(desk.channel, "d-1", before)
    [thread] = desk.world.server.threads
    assert found
    assert (thread.id, thread.name) == (found.external_id, "Mia")
    assert await desk.discord.find(desk.channel, "d-1", before) == found
    assert len(desk.support.messages) == 1


async def test_what_a_channel_is_is_asked_once_in_a_rush(desk: Desk) -> None:
    def rush() -> list[Awaitable[Receipt]]:
        return [desk.discord.open_thread(desk.forum, HELLO, f"d-{number}") for number in range(5)]

    desk.trouble("channels.get", Trouble.SERVER_ERROR)
    failed = await asyncio.gather(*rush(), return_exceptions=True)
    assert {type(error) for error in failed} == {Unavailable}
    await asyncio.gather(*rush())
    assert (desk.asked("channels.get"), len(desk.world.server.threads)) == (2, 5)


async def test_a_head_posted_twice_is_one_head_with_one_thread(desk: Desk) -> None:
    desk.trouble("threads.open_on", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.discord.open_thread(desk.channel, HELLO, "d-1")
    head = await desk.discord.open_thread(desk.channel, HELLO, "d-1")
    assert list(desk.support.messages) == [head.external_id]
    assert [thread.id for thread in desk.world.server.threads] == [head.external_id]


async def test_a_message_is_found_on_a_later_page_but_not_before_its_time(desk: Desk) -> None:
    discord = connect(desk.world, desk.app.token, page_size=2)
    thread = await desk.opened()
    for number in range(5):
        last = await discord.post(thread, HELLO, f"d-{number}")
    assert await discord.find(thread, "d-4", desk.world.time.now()) == last
    desk.world.time.skip(timedelta(hours=1))
    assert await discord.find(thread, "d-4", desk.world.time.now()) is None
    await discord.close()


async def test_nobody_else_can_make_us_believe_that_a_message_is_there(desk: Desk) -> None:
    thread, before = await desk.opened(), desk.world.time.now()
    await desk.discord.post(thread, HELLO, "d-2")
    ours = desk.said(thread)[-1]
    stranger = connect(desk.world, desk.world.install_app("stranger").token)
    await stranger.post(thread, HELLO, "d-2")
    await stranger.close()
    await desk.discord.redraw(desk.message(ours.id, thread), Card(summary="gone"))
    assert await desk.discord.find(thread, "d-2", before) is None


async def test_a_post_that_arrived_although_the_line_broke_is_in_doubt_until_found(desk: Desk) -> None:
    thread, before = await desk.opened(), desk.world.time.now()
    desk.trouble("messages.create", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.discord.post(thread, HELLO, "d-2")
    found = await desk.discord.find(thread, "d-2", before)
    assert found
    assert await desk.discord.post(thread, HELLO, "d-2") == found
    assert found.external_id in {message.id for message in desk.said(thread)}
    assert sum(message.embeds != [] for message in desk.said(thread)) == 1


@pytest.mark.parametrize("trouble", [Trouble.DROP_BEFORE, Trouble.SERVER_ERROR, Trouble.GARBAGE])
async def test_a_post_without_a_clear_answer_is_in_doubt_and_not_tried_again(desk: Desk, trouble: Trouble) -> None:
    thread = await desk.opened()
    asked = desk.asked("messages.create")
    desk.trouble("messages.create", trouble)
    with pytest.raises(Unsure):
        await desk.discord.post(thread, HELLO, "d-2")
    assert desk.asked("messages.create") == asked + 1


@pytest.mark.parametrize("trouble", [Trouble.DROP_BEFORE, Trouble.DROP_AFTER, Trouble.UNAVAILABLE, Trouble.GARBAGE])
async def test_redrawing_may_simply_be_tried_again(desk: Desk, trouble: Trouble) -> None:
    thread = await desk.opened()
    head = desk.head(thread)
    desk.trouble("messages.edit", trouble)
    with pytest.raises(Unavailable):
        await desk.discord.redraw(head, Card(summary="Mia · answered"))
    await desk.discord.redraw(head, Card(summary="Mia · answered"))
    assert desk.support.messages[thread.thread_id].embeds[0]["description"] == "Mia · answered"


async def test_a_slow_answer_leaves_a_post_in_doubt(desk: Desk) -> None:
    thread = await desk.opened()
    hasty = connect(desk.world, desk.app.token, timeout=aiohttp.ClientTimeout(total=0.2))
    desk.trouble("messages.create", Trouble.SLOW, seconds=2.0)
    with pytest.raises(Unsure) as told:
        await hasty.post(thread, HELLO, "d-1")
    assert told.value.code == "timeout"
    await hasty.close()


async def test_what_never_left_was_never_done() -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response()

    async with host(nothing) as gone:
        pass
    discord = DiscordPlatform("token", time=SystemTime(), api_url=gone)
    with pytest.raises(Unavailable) as told:
        await discord.open_thread(ChannelRef("1", "2"), HELLO, "d-1")
    assert told.value.code == "unreachable"
    await discord.close()


async def test_a_token_that_was_reset_ends_everything_until_somebody_connects_again(desk: Desk) -> None:
    thread = await desk.opened()
    desk.world.reset_token(desk.app)
    with pytest.raises(TokenRevoked):
        await desk.discord.post(thread, HELLO, "d-1")
    with pytest.raises(TokenRevoked, match="not_connected"):
        await DiscordPlatform("", time=SystemTime()).post(thread, HELLO, "d-1")


async def test_a_thread_that_a_moderator_deleted_can_be_opened_anew(desk: Desk) -> None:
    thread = await desk.opened(desk.forum)
    threads.remove(desk.world.server, desk.below(thread))
    with pytest.raises(TargetGone) as told:
        await desk.discord.post(thread, HELLO, "d-1")
    assert told.value.code == "thread_not_found"
    with pytest.raises(TargetGone, match="thread_not_found"):
        await desk.discord.find(thread, "d-1", desk.world.time.now())
    with pytest.raises(TargetGone, match="thread_not_found"):
        _ = [message async for message in desk.discord.messages_after(thread, thread.thread_id)]
    threads.remove_channel(desk.world.server, desk.tickets)
    with pytest.raises(TargetGone) as told:
        await desk.discord.open_thread(desk.forum, HELLO, "d-2")
    assert told.value.code == "unknown_channel"


async def test_a_locked_thread_and_a_right_that_is_missing_are_told_apart(desk: Desk) -> None:
    thread = await desk.opened()
    desk.trouble("messages.create", Trouble.ERROR, code="160005")
    desk.trouble("messages.create", Trouble.ERROR, code="50013")
    for code in ("thread_locked", "missing_permissions"):
        with pytest.raises(TargetGone) as told:
            await desk.discord.post(thread, HELLO, "d-1")
        assert told.value.code == code


async def test_buyers_words_ping_nobody_and_an_answers_author_is_pinged_once(desk: Desk) -> None:
    thread = await desk.opened()
    loud = f"@everyone <@{desk.li.id}> <@&{desk.world.team.id}> @here"
    await desk.discord.post(thread, Card(summary=loud, title=loud, parts=(Quote(loud), Paragraph((loud,)))), "d-1")
    assert desk.world.server.pings == []
    card = Card(summary="Not sent", parts=(Paragraph((Mention(desk.li.id), " this did not reach the buyer.")),))
    notice = await desk.discord.post(thread, card, "d-2")
    assert [(ping.kind, ping.target) for ping in desk.world.server.pings] == [("person", desk.li.id)]
    await desk.discord.redraw(desk.message(notice.external_id, thread), card)
    assert len(desk.world.server.pings) == 1
    given = Card(summary="Yours", parts=(Paragraph((GroupMention(desk.world.team.id), ": yours.")),))
    await desk.discord.post(thread, given, "d-3")
    assert [(ping.kind, ping.target) for ping in desk.world.server.pings[1:]] == [("role", desk.world.team.id)]


async def test_a_mark_is_the_only_one_of_ours(desk: Desk) -> None:
    thread = await desk.opened()
    answer = await desk.li_writes(thread, "On its way")
    where = desk.message(answer, thread)
    await desk.li.reacts(answer, "❌")
    for mark, shown in ((Mark.WAITING, ["⏳"]), (Mark.ACCEPTED, ["✅"]), (Mark.FAILED, ["❌"]), (None, [])):
        await desk.discord.mark(where, mark)
        assert desk.marks_on(answer) == shown
    await desk.li.deletes(answer)
    with pytest.raises(TargetGone):
        await desk.discord.mark(where, Mark.WAITING)


@pytest.mark.parametrize("place", ["channel", "forum"])
async def test_what_was_put_away_is_drawn_and_marked_and_stays_put_away(desk: Desk, place: str) -> None:
    thread = await desk.opened(getattr(desk, place))
    answer = await desk.li_writes(thread, "On its way")
    threads.alter(desk.world.server, desk.below(thread), archived=True)
    await desk.discord.redraw(desk.head(thread), Card(summary="Resolved"))
    await desk.discord.mark(desk.message(answer, thread), Mark.ACCEPTED)
    head = desk.world.server.find_message(thread.thread_id)
    assert head
    assert head[1].embeds[0]["description"] == "Resolved"
    assert desk.marks_on(answer) == ["✅"]
    assert desk.below(thread).archived
    await desk.discord.post(thread, HELLO, "d-2")
    assert not desk.below(thread).archived


async def test_a_whisper_names_its_reader_quietly_and_is_removed(desk: Desk) -> None:
    thread = await desk.opened()
    said = Card(summary="Kept inside the team.")
    where = await desk.discord.whisper(thread, desk.li.id, said, delivery="w-1")
    assert where
    standing = len(desk.said(thread))
    assert await desk.discord.whisper(thread, desk.li.id, said, delivery="w-1") == where
    assert len(desk.said(thread)) == standing
    whisper = desk.said(thread)[-1]
    assert (whisper.content, whisper.flags & 4096) == (f"<@{desk.li.id}>", 4096)
    await desk.discord.remove(where)
    await desk.discord.remove(where)
    assert whisper not in desk.said(thread)


@pytest.fixture
async def pressed(desk: Desk) -> tuple[ThreadRef, str]:
    """Li pressed a button in a thread and was told that it was heard."""
    thread = await desk.opened(desk.forum)
    ask = Card(summary="Ask", parts=(Controls((Button("Claim", Press("claim", "1")),)),))
    card = await desk.discord.post(thread, ask, "d-1")
    clicking = asyncio.create_task(desk.li.clicks(card.external_id, "Claim"))
    trigger = await desk.pressed()
    await desk.discord.acknowledge(trigger)
    await desk.discord.acknowledge(trigger)
    assert (await clicking).acked
    return thread, trigger


async def test_who_pressed_lately_is_whispered_to_unseen_by_others(desk: Desk, pressed: tuple[ThreadRef, str]) -> None:
    thread, trigger = pressed
    before = desk.said(thread)
    assert await desk.discord.whisper(thread, desk.li.id, Card(summary="Kept inside the team."), trigger) is None
    await desk.li.expects_ephemeral("Kept inside the team.")
    assert desk.said(thread) == before


async def test_a_press_that_is_still_to_be_acknowledged_is_answered_a_moment_later(desk: Desk) -> None:
    thread = await desk.opened()
    ask = Card(summary="Ask", parts=(Controls((Button("Claim", Press("claim", "1")),)),))
    card = await desk.discord.post(thread, ask, "d-1")
    clicking = asyncio.create_task(desk.li.clicks(card.external_id, "Claim"))
    trigger = await desk.pressed()
    with pytest.raises(Unavailable, match="not_acknowledged_yet"):
        await desk.discord.whisper(thread, desk.li.id, HELLO, trigger)
    await desk.discord.acknowledge(trigger)
    await clicking
    assert await desk.discord.whisper(thread, desk.li.id, HELLO, trigger) is None


async def test_a_press_of_long_ago_is_answered_by_a_quiet_message(desk: Desk, pressed: tuple[ThreadRef, str]) -> None:
    thread, trigger = pressed
    desk.world.time.skip(timedelta(minutes=16))
    where = await desk.discord.whisper(thread, desk.li.id, Card(summary="Kept inside the team."), trigger)
    assert where
    assert desk.said(thread)[-1].id == where.message_id
    assert await desk.discord.whisper(thread, desk.li.id, Card(summary="Never heard"), "123:unknown")


async def test_a_form_needs_a_press_that_is_fresh(desk: Desk) -> None:
    form = Form(title="Note", submit="Keep", cancel="Close", press=Press("note", "1"), inputs=(Input("body", "Words"),))
    with pytest.raises(PlatformError):
        await desk.discord.show_form("123:unknown", form)


async def test_a_press_opens_a_form(desk: Desk) -> None:
    thread = await desk.opened()
    ask = Card(summary="Ask", parts=(Controls((Button("Note", Press("note", "1")),)),))
    card = await desk.discord.post(thread, ask, "d-1")
    clicking = asyncio.create_task(desk.li.clicks(card.external_id, "Note"))
    inputs = (Input("body", "Words", hint="Only the team sees it", multiline=True, limit=500),)
    form = Form(title="A note for the team", submit="Keep", cancel="Close", press=Press("note", "1"), inputs=inputs)
    trigger = await desk.pressed()
    await desk.discord.show_form(trigger, form)
    assert (await clicking).acked
    assert desk.li.modal
    assert (desk.li.modal.title, desk.li.modal.custom_id) == ("A note for the team", "note:1")
    assert list(desk.li.modal.inputs) == ["body"]
    with pytest.raises(Rejected, match="already_acknowledged"):
        await desk.discord.show_form(trigger, form)


async def test_a_press_is_answered_for_one_person_alone_whatever_else_must_wait(desk: Desk) -> None:
    thread = await desk.opened()
    ask = Card(summary="Ask", parts=(Controls((Button("Claim", Press("claim", "1")),)),))
    card = await desk.discord.post(thread, ask, "d-1")
    desk.trouble("messages.create", Trouble.RATE_LIMITED, retry_after=30, code="global")
    with pytest.raises(RateLimited):
        await desk.discord.post(thread, HELLO, "d-2")
    clicking = asyncio.create_task(desk.li.clicks(card.external_id, "Claim"))
    said = Card(summary="Kept", parts=(Paragraph(("Kept inside the team.",)), Picture("/nowhere.png", "")))
    await desk.discord.answer_privately(await desk.pressed(), said)
    assert (await clicking).acked
    await desk.li.expects_ephemeral("Kept inside the team.")
    assert desk.said(thread)[-1].id == card.external_id


async def test_a_refused_card_says_what_was_wrong(desk: Desk) -> None:
    thread = await desk.opened()
    desk.trouble("messages.create", Trouble.ERROR, code="50035")
    with pytest.raises(Rejected, match="invalid_form"):
        await desk.discord.post(thread, HELLO, "d-1")


DESCRIBED = {
    "messages.create": "MessageCreateRequest",
    "messages.edit": "MessageEditRequestPartial",
    "threads.open_on": "CreateTextThreadWithMessageRequest",
    "threads.create": "CreateForumThreadRequest",
}


async def test_everything_we_send_is_as_discord_describes_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    card = replace(ticket_card("n" * 7_000), parts=(*ticket_card().parts[:3], Picture(str(tmp_path / "p.png"), "alt")))
    for place in (desk.channel, desk.forum):
        head = await desk.discord.open_thread(place, card, "d-1")
        thread = desk.thread(head.external_id, place)
        await desk.discord.redraw(desk.head(thread), card)
        await desk.discord.share(thread, Upload(tmp_path / "p.png", "a.png", "A label"), card, "d-2")
        await desk.discord.whisper(thread, desk.li.id, card)
    sent = [request for request in desk.world.requests if request.name in DESCRIBED]
    assert {request.name for request in sent} == DESCRIBED.keys()
    assert [published_faults(DESCRIBED[request.name], request.body) for request in sent] == [[]] * len(sent)
