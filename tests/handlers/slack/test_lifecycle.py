"""Channels that go and come back, permissions that end, and members of the team who change."""

import pytest
from structlog.testing import capture_logs

from chatops import outbox
from chatops.desk import team
from chatops.model import agent as agents
from chatops.model.facts import AgentProfile
from chatops.store import lanes
from chatops.store.transaction import Transaction
from tests.handlers.slack.desk import LONG_AGO, Desk


async def hold_what_goes_into_the_channel(desk: Desk, reason: str = "is_archived") -> None:
    """Put something into the channel's lane and let it be held, as the worker does when the channel is gone."""

    def hold(tx: Transaction) -> None:
        now = desk.context.now()
        outbox.channel_notice(
            tx, desk.world.team.id, desk.support.id, {"shop_id": "1", "about": "", "locale": "en"}, now
        )
        taken = lanes.claim(
            tx, owner="worker", now=now, lease=now - LONG_AGO, lanes=9, per_lane=9, limits=lambda _: None
        )
        lanes.settle(
            tx,
            [lanes.Hold(found.lane, reason) for found in taken],
            owner="worker",
            now=now,
            limits=lambda _: None,
        )

    await desk.store.write(hold)
    assert await desk.store.read(lanes.held_lanes)


async def test_posting_goes_on_when_the_channel_is_opened_again(desk: Desk) -> None:
    await hold_what_goes_into_the_channel(desk)
    with capture_logs() as lines:
        desk.world.archive(desk.support)
        await desk.world.settled()
    assert [line["what"] for line in lines if line["event"] == "channel_lost"] == ["channel_archive"]
    desk.world.unarchive(desk.support)
    await desk.world.settled()
    assert await desk.store.read(lanes.held_lanes) == []


async def test_posting_goes_on_when_somebody_lets_us_in_again(desk: Desk) -> None:
    await hold_what_goes_into_the_channel(desk)
    with capture_logs() as lines:
        desk.world.kick(desk.noor, desk.support)
        desk.world.kick(desk.app, desk.support)
        await desk.world.settled()
    lost = [line["what"] for line in lines if line["event"] == "channel_lost"]
    assert sorted(lost) == ["channel_left", "member_left_channel"]
    await desk.li.invites(desk.noor, desk.support)
    await desk.world.settled()
    assert await desk.store.read(lanes.held_lanes)
    await desk.li.invites(desk.app, desk.support)
    await desk.world.settled()
    assert await desk.store.read(lanes.held_lanes) == []


async def test_the_end_of_our_permission_is_said_loudly(desk: Desk) -> None:
    with capture_logs() as lines:
        desk.world.revoke_token(desk.app)
        await desk.world.settled()
    assert [line["log_level"] for line in lines if line["event"] == "slack_permission_lost"] == ["error"]


async def test_a_member_of_the_team_who_changes_name_or_language_is_known_by_the_new_one(desk: Desk) -> None:
    await desk.li.replies(desk.head, "On its way")
    await desk.world.settled()
    known = AgentProfile(desk.li.id, "Li", "en-US", "UTC", is_bot=False, is_active=True)
    await desk.store.write(team.learned, desk.world.team.id, known, desk.context.now())
    await desk.li.changes(locale="zh-CN", tz="Asia/Shanghai")
    await desk.noor.changes(locale="fr-FR")
    await desk.world.settled()
    li = await desk.store.read(agents.get, desk.world.team.id, desk.li.id)
    assert li is not None
    assert (li.locale, li.timezone) == ("zh-CN", "Asia/Shanghai")
    assert await desk.store.read(agents.get, desk.world.team.id, desk.noor.id) is None


@pytest.mark.parametrize("reason", ["invalid_auth", "is_archived"])
async def test_posting_goes_on_with_the_next_comparison_though_nobody_said_that_we_are_let_in(
    desk: Desk, reason: str
) -> None:
    desk.world.archive(desk.support)  # before anything is held: the session's own catch-up would let it go
    await desk.world.settled()
    await hold_what_goes_into_the_channel(desk, reason)
    await desk.catch_up.run()
    assert await desk.store.read(lanes.held_lanes)
    desk.world.delivery.drop_next(1)
    desk.world.unarchive(desk.support)
    await desk.catch_up.run()
    assert await desk.store.read(lanes.held_lanes) == []


async def test_what_is_held_for_its_own_fault_is_not_tried_with_every_comparison(desk: Desk) -> None:
    await hold_what_goes_into_the_channel(desk, "invalid_blocks")
    await desk.catch_up.run()
    assert await desk.store.read(lanes.held_lanes)
