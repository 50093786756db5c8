"""Threads that moderators delete, and rights that end and come back."""

import pytest
from structlog.testing import capture_logs

from chatops import outbox
from chatops.sandbox.discord import threads
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.handlers.discord.desk import Desk
from tests.handlers.slack.desk import LONG_AGO


async def hold_what_goes_into_the_forum(desk: Desk, reason: str = "missing_permissions") -> None:
    """Put something into the forum's lane and let it be held, as the worker does when Discord refuses it."""

    def hold(tx: Transaction) -> None:
        now, about = desk.clock.now(), {"shop_id": "1", "about": "", "locale": "en"}
        outbox.channel_notice(tx, desk.world.server.id, desk.forum.id, about, now)
        lease = now - LONG_AGO
        taken = lanes.claim(tx, owner="w", now=now, lease=lease, lanes=9, per_lane=9, limits=lambda _: None)
        held = [lanes.Hold(found.lane, reason) for found in taken]
        lanes.settle(tx, held, owner="w", now=now, limits=lambda _: None)

    await desk.rests()  # else it may go on because of what happened before
    await desk.store.write(hold)
    assert await is_held(desk)


async def is_held(desk: Desk) -> bool:
    """Tell whether something stands still, once everything that happened was heard."""
    await desk.rests()
    return bool(await desk.store.read(lanes.held_lanes))


async def test_what_waits_to_leave_goes_with_a_post_that_is_deleted(desk: Desk) -> None:
    await desk.says(desk.noor, "// she is angry")
    await desk.says(desk.li, "Oh no")
    assert sorted(await desk.said()) == [("note", "she is angry"), ("waiting", "Oh no")]
    desk.world.delete(desk.post)
    assert sorted(await desk.said()) == [("note", "she is angry"), ("withdrawn", "Oh no")]


async def test_an_answer_by_command_that_waits_goes_with_its_post_too(desk: Desk) -> None:
    await desk.edge.caught_up()
    await desk.li.runs(desk.post, "/reply", text="Oh no")
    await desk.comes_to_say(("waiting", "Oh no"))
    desk.world.delete(desk.post)
    await desk.comes_to_say(("withdrawn", "Oh no"))


async def test_another_threads_end_changes_nothing(desk: Desk) -> None:
    await desk.says(desk.li, "On its way")
    other, _ = threads.open_post(desk.world.server, desk.forum, desk.noor.member, "Lunch", "Pizza?")
    desk.world.delete(other)
    assert await desk.said() == [("waiting", "On its way")]


async def test_posting_goes_on_when_the_bots_role_is_given_its_rights_back(desk: Desk) -> None:
    await hold_what_goes_into_the_forum(desk)
    server = desk.world.server
    role = {"id": desk.app.bot.roles[0], "name": "chatops", "permissions": "0"}
    server.happens("GUILD_ROLE_UPDATE", {"guild_id": server.id, "role": role})
    assert not await is_held(desk)


async def test_posting_goes_on_when_the_bot_is_given_another_role(desk: Desk) -> None:
    await hold_what_goes_into_the_forum(desk)
    server = desk.world.server
    server.happens("GUILD_MEMBER_UPDATE", desk.app.bot.wire() | {"guild_id": server.id})
    assert not await is_held(desk)


@pytest.mark.parametrize("reason", ["missing_access", "missing_permissions", "unknown_channel", "unauthorized"])
async def test_posting_goes_on_when_the_channel_lets_us_in_again(desk: Desk, reason: str) -> None:
    desk.world.hide(desk.forum, desk.app)
    await hold_what_goes_into_the_forum(desk, reason)
    desk.world.hide(desk.forum, desk.app, hidden=False)
    assert not await is_held(desk)


async def test_what_is_held_for_its_own_fault_is_not_tried_for_a_new_right(desk: Desk) -> None:
    await hold_what_goes_into_the_forum(desk, "invalid_form")
    server = desk.world.server
    server.happens("GUILD_ROLE_UPDATE", {"guild_id": server.id, "role": {"id": "1", "name": "x", "permissions": "0"}})
    assert await is_held(desk)


async def test_a_bot_that_is_thrown_out_says_so_loudly_and_goes_on_when_it_is_back(desk: Desk) -> None:
    await hold_what_goes_into_the_forum(desk, "missing_access")
    with capture_logs() as lines:
        desk.world.kick(desk.app)
        assert await is_held(desk)
    assert [line["log_level"] for line in lines if line["event"] == "discord_server_lost"] == ["error"]
    desk.world.invite(desk.app)
    assert not await is_held(desk)
