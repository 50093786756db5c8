"""A rotation as a picture and as a calendar, carried to Discord on days when something lacks or breaks."""

from datetime import datetime

import pytest

from chatops import drawing
from chatops import outbox_oncall as outbox
from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.model.definition import DefinitionKind
from chatops.model.workspace import PlatformName
from chatops.rules.rotation import Layer, Rotation
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.faults import Trouble
from chatops.store import Store, Transaction
from tests.desk.scenes import a_workspace
from tests.platforms.discord.carrying import working
from tests.platforms.discord.desk import Desk


def furnish(tx: Transaction, desk: Desk, group: str = "") -> None:
    """Let Li be on call for ever."""
    team = a_workspace()
    team.id, team.platform = desk.world.server.id, PlatformName.DISCORD
    tx.insert(team)
    start = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall clock
    spec = Rotation(
        team.name,
        "Europe/London",
        (Layer((desk.li.id,), start),),
        group=group,
        channel=desk.support.id if group else "",
    )
    definitions.define(tx, Defined(DefinitionKind.ROTATION, "front", spec), None, desk.world.time.now())


def picture(tx: Transaction, desk: Desk) -> None:
    """Ask for the picture in the text channel."""
    outbox.picture(tx, desk.world.server.id, desk.support.id, "", "front", "en", desk.world.time.now())


async def test_where_nothing_can_be_drawn_the_words_are_said(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "possible", lambda: False)
    await store.write(furnish, desk)
    await store.write(picture, desk)
    async with working(desk, store):
        said = await desk.support.expects("Somebody is on call at every minute")
    assert said.files == []
    assert desk.world.server.threads == []


async def test_a_picture_that_arrived_although_the_line_broke_is_shown_once(desk: Desk, store: Store) -> None:
    await store.write(furnish, desk)
    desk.trouble("messages.create", Trouble.DROP_AFTER)
    await store.write(picture, desk)
    async with working(desk, store):
        await desk.world.until(lambda: desk.asked("messages.list"), timeout=30, describe="a look for it")
    [shown] = desk.support.messages.values()
    assert [file.filename for file in shown.files] == ["on-call.png"]


async def test_without_a_public_address_there_is_none_to_give_and_the_reader_is_told(desk: Desk, store: Store) -> None:
    await store.write(furnish, desk)
    await store.write(outbox.feed, desk.world.server.id, desk.li.id, "front", desk.world.time.now())
    async with working(desk, store):
        said = await desk.li.is_paged("There is no address yet")
    assert "secret=" not in visible(said)


async def test_a_role_that_cannot_be_given_is_told_in_the_rotations_channel(desk: Desk, store: Store) -> None:
    role = desk.world.create_role("chief", position=20)
    await store.write(furnish, desk, role.id)
    await store.write(outbox.group, desk.world.server.id, "front", desk.world.time.now())
    async with working(desk, store):
        await desk.support.expects("its own role must stand above this one")
    assert role.id not in desk.li.member.roles
