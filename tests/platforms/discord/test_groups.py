"""The role of those on call, in Discord."""

import pytest

from chatops.errors import Rejected, TargetGone, Unavailable
from chatops.platforms.ports import ChatPlatform
from chatops.sandbox.discord.permissions import MANAGE_ROLES
from chatops.sandbox.faults import Trouble
from tests.platforms.discord.desk import Desk


@pytest.fixture
def role(desk: Desk) -> str:
    """A role below the bot's own, whom the bot may give it to."""
    own = desk.world.server.roles[desk.app.bot.roles[0]]
    own.permissions |= MANAGE_ROLES
    return desk.world.create_role("on call").id


def holders(desk: Desk, role: str) -> list[str]:
    return [who.name for who in desk.world.server.members.values() if role in who.roles]


async def test_who_comes_on_call_gets_the_role_and_who_went_loses_it(desk: Desk, role: str) -> None:
    noor = desk.world.create_person("Noor")
    home = desk.world.server.id
    port: ChatPlatform = desk.discord
    await port.set_group(home, role, [desk.li.id], [])
    assert holders(desk, role) == ["Li"]
    for _ in range(2):
        await port.set_group(home, role, [noor.id], [desk.li.id, noor.id])
        assert holders(desk, role) == ["Noor"]
    assert desk.world.team.id in noor.member.roles, "other roles stay"


async def test_who_left_the_server_keeps_nobody_from_getting_the_role(desk: Desk, role: str) -> None:
    noor = desk.world.create_person("Noor")
    await noor.leaves()
    await desk.discord.set_group(desk.world.server.id, role, [noor.id, desk.li.id], [])
    assert holders(desk, role) == ["Li"]


async def test_what_broke_off_may_simply_be_done_again(desk: Desk, role: str) -> None:
    desk.trouble("roles.give", Trouble.UNAVAILABLE)
    with pytest.raises(Unavailable):
        await desk.discord.set_group(desk.world.server.id, role, [desk.li.id], [])
    await desk.discord.set_group(desk.world.server.id, role, [desk.li.id], [])
    assert holders(desk, role) == ["Li"]


async def test_a_role_that_the_bot_may_not_give_is_refused(desk: Desk, role: str) -> None:
    home, chief = desk.world.server.id, desk.world.create_role("chief", position=20).id
    for beyond in (chief, desk.app.bot.roles[0]):
        with pytest.raises(TargetGone, match="missing_permissions"):
            await desk.discord.set_group(home, beyond, [desk.li.id], [])
    with pytest.raises(Rejected, match="unknown_role"):
        await desk.discord.set_group(home, "123", [desk.li.id], [])
    desk.world.server.roles[desk.app.bot.roles[0]].permissions &= ~MANAGE_ROLES
    with pytest.raises(TargetGone, match="missing_permissions"):
        await desk.discord.set_group(home, role, [desk.li.id], [])
