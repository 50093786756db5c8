"""What the team did while nobody listened is heard afterwards, once, from where the last comparison ended."""

from datetime import datetime

import pytest

from chatops.desk import hearing, replies
from chatops.model import thread as threads
from chatops.model.agent import Agent
from chatops.sandbox.faults import Fault, Trouble
from chatops.store import Store, Transaction
from handlers.slack import catchup
from tests.handlers.slack.desk import PNG, SHOP, TICKET, Desk, open_desk


async def test_what_was_written_meanwhile_is_heard_in_order_and_only_once(deaf_desk: Desk) -> None:
    desk = deaf_desk
    await desk.li.replies(desk.head, "On its way")
    await desk.noor.uploads(desk.support, PNG, "label.png", "image/png", thread_ts=desk.head)
    last = await desk.li.replies(desk.head, "// he is angry")
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way"), ("waiting", "IMAGE"), ("note", "he is angry")]
    assert await desk.seen() == last
    assert await desk.catch_up.run() == 1  # answers that still wait are looked after
    assert len(await desk.said()) == 3


async def test_a_quiet_thread_costs_no_request_of_its_own(deaf_desk: Desk) -> None:
    desk = deaf_desk
    assert await desk.catch_up.run() == 0
    await desk.li.replies(desk.head, "// so far so good")
    assert await desk.catch_up.run() == 1
    asked = len(desk.world.requests)
    assert await desk.catch_up.run() == 0
    assert [request.method for request in desk.world.requests[asked:]] == ["conversations.history"]


async def test_only_people_of_the_team_are_heard(deaf_desk: Desk) -> None:
    desk = deaf_desk
    await desk.shows(text="Mia says: hello?")
    desk.says_as(desk.world.install_app("reminders"), "Reminder: answer Mia")
    desk.says_from(desk.world.create_person("Guest"), "T0OTHER", "I am not of this shop")
    await desk.li.posts(desk.support, "On its way", desk.head, also_to_channel=True)
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]


async def test_what_was_deleted_or_changed_meanwhile_does_not_leave_as_it_was(store: Store) -> None:
    async with open_desk(store) as desk:
        first = await desk.li.replies(desk.head, "Oh no")
        second = await desk.li.replies(desk.head, "On its wya")
        assert len(await desk.said()) == 2
        await desk.catch_up.run()
        desk.world.delivery.drop_next(2)
        await desk.li.deletes(first)
        await desk.li.edits(second, "On its way")
        await desk.catch_up.run()
        assert await desk.said() == [("withdrawn", "Oh no"), ("waiting", "On its way")]
        assert await desk.whispers() == ["undo_offer", "undo_offer", "undo_offer"]


async def test_an_answer_that_is_still_to_be_posted_is_not_taken_for_deleted(deaf_desk: Desk) -> None:
    desk = deaf_desk

    def by_macro(tx: Transaction) -> None:
        thread, li = threads.of_ticket(tx, SHOP, TICKET)[0], Agent(workspace_id=desk.world.team.id, id=desk.li.id)
        replies.write(tx, thread, li, "press", "On its way", (), desk.context.now(), posted=False)

    await desk.store.write(by_macro)
    await desk.catch_up.run()
    assert await desk.said() == [("waiting", "On its way")]


async def test_it_waits_when_slack_asks_for_it(deaf_desk: Desk) -> None:
    desk = deaf_desk
    await desk.li.replies(desk.head, "On its way")
    desk.world.faults.plan(Fault("conversations.history", Trouble.RATE_LIMITED, retry_after=0))
    desk.world.faults.plan(Fault("conversations.replies", Trouble.RATE_LIMITED, retry_after=0))
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]


async def test_a_channel_we_were_thrown_out_of_does_not_stop_it_and_trouble_only_until_next_time(
    deaf_desk: Desk,
) -> None:
    desk = deaf_desk
    await desk.li.replies(desk.head, "On its way")
    desk.world.faults.plan(Fault("conversations.replies", Trouble.UNAVAILABLE))
    assert await desk.catch_up.run() == 0
    desk.world.kick(desk.app, desk.support)
    assert await desk.catch_up.run() == 0
    await desk.li.invites(desk.app, desk.support)
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]


async def test_an_answer_whose_thread_was_deleted_altogether_does_not_leave(store: Store) -> None:
    async with open_desk(store) as desk:
        ts = await desk.li.replies(desk.head, "Oh no")
        await desk.world.settled()
        desk.world.delivery.drop_next(9)
        await desk.li.deletes(ts)
        desk.support.drop(desk.support.all_messages[desk.head])
        await desk.catch_up.run()
        assert await desk.said() == [("withdrawn", "Oh no")]


async def test_one_message_that_makes_no_sense_does_not_hide_the_others(deaf_desk: Desk) -> None:
    desk = deaf_desk
    odd = await desk.li.replies(desk.head, "odd")
    desk.support.all_messages[odd].extra = {"blocks": [5]}
    await desk.li.replies(desk.head, "On its way")
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]


async def test_one_message_the_desk_cannot_take_does_not_hide_the_others(
    deaf_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, said = deaf_desk, hearing.said

    def stumbles(tx: Transaction, heard: hearing.Said, now: datetime) -> bool:
        if heard.text == "odd":
            raise RuntimeError("a bug in the desk")
        return said(tx, heard, now)

    monkeypatch.setattr(hearing, "said", stumbles)
    await desk.li.replies(desk.head, "odd")
    await desk.li.replies(desk.head, "On its way")
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]
    assert await desk.catch_up.run() == 1


async def test_a_pause_does_not_begin_a_long_channel_anew(deaf_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = deaf_desk
    monkeypatch.setattr(catchup, "PAGE", 1)
    await desk.noor.posts(desk.support, "one")
    await desk.noor.posts(desk.support, "two")
    await desk.li.replies(desk.head, "On its way")
    desk.world.faults.plan(Fault("conversations.history", Trouble.RATE_LIMITED, retry_after=0, skip=2))
    asked = len(desk.world.requests)
    assert await desk.catch_up.run() == 1
    read = [request.method for request in desk.world.requests[asked:]].count("conversations.history")
    assert read == 3 + 1  # a page for each of two posts and the card, and one of them again
