"""The user group of those on call, in Slack."""

import pytest

from chatops.errors import Rejected
from chatops.platforms.ports import ChatPlatform
from chatops.sandbox.faults import Trouble
from tests.platforms.slack.desk import Desk


async def test_a_group_has_those_who_are_named_and_nobody_else(desk: Desk) -> None:
    noor, ana = desk.world.create_person("Noor"), desk.world.create_person("Ana")
    group = desk.world.create_group("tts-oncall", [ana])
    port: ChatPlatform = desk.slack
    for members in ([desk.li.id], [desk.li.id, noor.id], [desk.li.id, noor.id], [noor.id]):
        await port.set_group(desk.world.team.id, group.id, members, [desk.li.id])
        assert group.users == members


async def test_a_group_that_nobody_is_to_be_in_reaches_nobody_until_somebody_is(desk: Desk) -> None:
    group = desk.world.create_group("tts-oncall", [desk.li])
    for _ in range(2):
        await desk.slack.set_group(desk.world.team.id, group.id, [])
        assert group.deleted_at
    await desk.slack.set_group(desk.world.team.id, group.id, [desk.li.id])
    assert (group.users, group.deleted_at) == ([desk.li.id], 0)


@pytest.mark.parametrize("code", ["permission_denied", "plan_upgrade_required"])
async def test_a_workspace_that_has_no_groups_for_bots_says_so(desk: Desk, code: str) -> None:
    group = desk.world.create_group("tts-oncall")
    desk.trouble("usergroups.users.update", Trouble.ERROR, code=code)
    with pytest.raises(Rejected) as told:
        await desk.slack.set_group(desk.world.team.id, group.id, [desk.li.id])
    assert told.value.code == code


async def test_a_group_that_is_gone_and_somebody_who_left_are_refused(desk: Desk) -> None:
    group = desk.world.create_group("tts-oncall", [desk.li])
    with pytest.raises(Rejected, match="no_such_subteam"):
        await desk.slack.set_group(desk.world.team.id, "S0NONE", [desk.li.id])
    await desk.li.leaves()
    with pytest.raises(Rejected, match="invalid_users"):
        await desk.slack.set_group(desk.world.team.id, group.id, [desk.li.id])
