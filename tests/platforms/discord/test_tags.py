"""A ticket's state as Discord shows it: tags of the post, and threads that are put away and come back."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from chatops.errors import PlatformError, TargetGone
from chatops.platforms.discord.tags import chosen
from chatops.platforms.ports import ChannelRef, Mark, ThreadRef
from chatops.sandbox.discord import permissions, threads
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.faults import Trouble
from tests.platforms.discord.desk import HELLO, Desk, connect

OPEN = replace(HELLO, labels=("Open",), unlabelled=("Resolved",))
RESOLVED = replace(HELLO, labels=("Resolved",), unlabelled=("Open",), closed=True)
PLACES = pytest.mark.parametrize("place", ["channel", "forum"])


@pytest.fixture
def sorted_forum(desk: Desk) -> ChannelRef:
    """A forum with tags for the states, and with some of the team's own."""
    return ChannelRef(desk.world.server.id, desk.world.create_forum("sorted", ["open", "RESOLVED", "VIP"]).id)


def worn(desk: Desk, thread: ThreadRef) -> list[str]:
    """Return the tags of a post by name."""
    names = {tag["id"]: tag["name"] for tag in desk.world.server.channels[thread.channel_id].available_tags}
    return [names[tag] for tag in desk.below(thread).applied_tags]


def tag_of(forum: Channel, name: str) -> str:
    return str(next(tag["id"] for tag in forum.available_tags if tag["name"] == name))


async def opened(desk: Desk, place: ChannelRef) -> ThreadRef:
    head = await desk.discord.open_thread(place, OPEN, "d-head")
    return desk.thread(head.external_id, place)


async def test_a_post_carries_the_tag_of_its_tickets_state(desk: Desk, sorted_forum: ChannelRef) -> None:
    thread = await opened(desk, sorted_forum)
    assert worn(desk, thread) == ["open"]
    await desk.discord.redraw(desk.head(thread), RESOLVED)
    assert worn(desk, thread) == ["RESOLVED"]
    assert desk.below(thread).archived
    await desk.discord.redraw(desk.head(thread), OPEN)
    assert worn(desk, thread) == ["open"]
    assert not desk.below(thread).archived


async def test_a_tag_that_somebody_added_stays(desk: Desk, sorted_forum: ChannelRef) -> None:
    thread = await opened(desk, sorted_forum)
    vip = tag_of(desk.world.server.channels[sorted_forum.channel_id], "VIP")
    threads.alter(desk.world.server, desk.below(thread), applied_tags=[vip])
    await desk.discord.redraw(desk.head(thread), RESOLVED)
    assert worn(desk, thread) == ["RESOLVED", "VIP"]


async def test_a_thread_below_a_message_is_put_away_and_comes_back(desk: Desk) -> None:
    thread = await opened(desk, desk.channel)
    for card in (RESOLVED, RESOLVED, OPEN, OPEN):
        await desk.discord.redraw(desk.head(thread), card)
        assert desk.below(thread).archived is card.closed


async def test_a_thread_is_changed_only_where_it_differs(desk: Desk, sorted_forum: ChannelRef) -> None:
    thread = await opened(desk, sorted_forum)
    await desk.discord.redraw(desk.head(thread), OPEN)
    assert desk.asked("channels.edit") == 0
    await desk.discord.redraw(desk.head(thread), RESOLVED)
    assert desk.asked("channels.edit") == 1


async def test_the_resolved_head_of_a_post_is_redrawn_and_stays_put_away(desk: Desk, sorted_forum: ChannelRef) -> None:
    thread = await opened(desk, sorted_forum)
    await desk.discord.redraw(desk.head(thread), RESOLVED)
    await desk.discord.redraw(desk.head(thread), replace(RESOLVED, parts=(), summary="Thanked", title=""))
    head = desk.world.server.find_message(thread.thread_id)
    assert head
    assert head[1].embeds[0]["description"] == "Thanked"
    assert desk.below(thread).archived


async def test_tags_that_were_renamed_or_removed_meanwhile_lose_no_conversation(
    desk: Desk, sorted_forum: ChannelRef
) -> None:
    await opened(desk, sorted_forum)
    forum = desk.world.server.channels[sorted_forum.channel_id]
    forum.available_tags = [{**tag, "id": f"{int(tag['id']) + 1}"} for tag in forum.available_tags]
    head = await desk.discord.open_thread(sorted_forum, OPEN, "d-2")
    assert worn(desk, desk.thread(head.external_id, sorted_forum)) == ["open"]


@pytest.mark.parametrize("tags_now", [("Open", "Resolved"), ("VIP",), ()])
async def test_a_ticket_is_put_away_and_comes_back_although_its_forum_got_other_tags(
    desk: Desk, sorted_forum: ChannelRef, tags_now: tuple[str, ...]
) -> None:
    thread = await opened(desk, sorted_forum)
    forum = desk.world.server.channels[sorted_forum.channel_id]
    for card, tag in ((RESOLVED, "Resolved"), (OPEN, "Open")):
        forum.available_tags = [{**forum.available_tags[0], "id": desk.world.ids.next(), "name": n} for n in tags_now]
        desk.below(thread).applied_tags = []  # Discord takes a tag that was removed off every post
        await desk.discord.redraw(desk.head(thread), card)
        assert worn(desk, thread) == [name for name in tags_now if name == tag]
        assert desk.below(thread).archived is card.closed


async def test_a_tag_for_moderators_alone_keeps_no_ticket_from_being_put_away(
    desk: Desk, sorted_forum: ChannelRef
) -> None:
    for role_id in desk.app.bot.roles:
        desk.world.server.roles[role_id].permissions &= ~permissions.MANAGE_THREADS
    thread = await opened(desk, sorted_forum)
    for tag in desk.world.server.channels[sorted_forum.channel_id].available_tags:
        tag["moderated"] = True
    for card in (RESOLVED, RESOLVED, OPEN):
        await desk.discord.redraw(desk.head(thread), card)
        assert desk.below(thread).archived is card.closed


async def test_a_forum_that_wants_a_tag_gets_one(desk: Desk) -> None:
    desk.tickets.available_tags[0]["name"] = "Anything"
    desk.tickets.tag_required = True
    thread = await opened(desk, desk.forum)
    assert worn(desk, thread) == ["Anything"]


async def test_the_head_of_a_deleted_thread_is_still_drawn_in_its_channel(desk: Desk) -> None:
    thread = await opened(desk, desk.channel)
    threads.remove(desk.world.server, desk.below(thread))
    await desk.discord.redraw(desk.head(thread), replace(RESOLVED, parts=(), summary="Thanked", title=""))
    assert desk.support.messages[thread.thread_id].embeds[0]["description"] == "Thanked"
    post = await opened(desk, desk.forum)
    threads.remove(desk.world.server, desk.below(post))
    with pytest.raises(TargetGone):
        await desk.discord.redraw(desk.head(post), RESOLVED)


@PLACES
async def test_a_ticket_that_is_opened_while_its_answer_is_marked_stays_open(desk: Desk, place: str) -> None:
    thread = await resolved(desk, getattr(desk, place))
    marking = await marked_slowly(desk, thread)
    await asyncio.gather(marking, desk.discord.redraw(desk.head(thread), OPEN))
    assert not desk.below(thread).archived


@PLACES
async def test_an_answer_is_marked_in_a_thread_that_is_being_put_away(desk: Desk, place: str) -> None:
    thread = await resolved(desk, getattr(desk, place))
    marking = await marked_slowly(desk, thread)
    await asyncio.gather(marking, desk.discord.redraw(desk.head(thread), RESOLVED))
    assert desk.below(thread).archived


async def test_a_post_that_another_process_opens_meanwhile_stays_open(desk: Desk) -> None:
    thread = await resolved(desk, desk.forum)
    marking = await marked_slowly(desk, thread)
    await connect(desk.world, desk.app.token).redraw(desk.head(thread), OPEN)
    await marking
    assert worn(desk, thread) == ["open"]
    assert not desk.below(thread).archived


async def resolved(desk: Desk, place: ChannelRef) -> ThreadRef:
    thread = await opened(desk, place)
    await desk.li_writes(thread, "on its way")
    await desk.discord.redraw(desk.head(thread), RESOLVED)
    return thread


async def marked_slowly(desk: Desk, thread: ThreadRef) -> asyncio.Task[None]:
    """Begin to mark the newest message of a thread that was put away, and return once that was got back for it."""
    desk.trouble("reactions.put", Trouble.SLOW, skip=1, seconds=0.3)
    marking = asyncio.create_task(desk.discord.mark(desk.message(desk.said(thread)[-1].id, thread), Mark.ACCEPTED))
    await desk.world.until(lambda: not desk.below(thread).archived, describe="the thread to come back")
    return marking


async def test_a_thread_that_was_put_away_for_good_is_fetched_back_by_what_the_buyer_says(desk: Desk) -> None:
    thread = await opened(desk, desk.forum)
    threads.alter(desk.world.server, desk.below(thread), archived=True)
    desk.trouble("messages.create", Trouble.ERROR, code="50083")
    await desk.discord.post(thread, HELLO, "d-2")
    assert not desk.below(thread).archived
    desk.trouble("messages.create", Trouble.ERROR, code="160005")
    with pytest.raises(PlatformError, match="thread_locked"):
        await desk.discord.post(thread, HELLO, "d-3")


@pytest.mark.parametrize(
    ("labels", "applied", "carried"),
    [
        (("Open",), [], ["1"]),
        (("  open ",), [], ["1"]),
        (("Late", "Open"), [], ["1"]),
        (("Late",), [], []),
        (("Open",), ["2", "7", "8"], ["1", "7", "8"]),
        (("Open",), ["3", "4", "5", "6", "7"], ["1", "3", "4", "5", "6"]),
        ((), ["gone"], []),
    ],
)
def test_labels_come_first_and_five_tags_are_all_there_is(
    labels: tuple[str, ...], applied: list[str], carried: list[str]
) -> None:
    names = ["Open", "Resolved", "a", "b", "c", "d", "e", "f"]
    forum: dict[str, Any] = {"available_tags": [{"id": str(n), "name": name} for n, name in enumerate(names, 1)]}
    assert chosen(forum, replace(HELLO, labels=labels, unlabelled=("Resolved",)), applied) == carried
