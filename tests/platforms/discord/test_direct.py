"""Writing to one person in Discord: whom it reaches, how it is changed, and when nobody can be reached."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatops.errors import RateLimited, TargetGone, Unsure
from chatops.platforms.ports import ChatPlatform, PersonRef
from chatops.sandbox.faults import Trouble
from chatops.ui import Card
from tests.platforms.discord.desk import HELLO, Desk, connect


def person(desk: Desk) -> PersonRef:
    return PersonRef(desk.world.server.id, desk.li.id)


async def test_a_person_reads_what_is_written_to_them_alone_and_sees_it_change(desk: Desk) -> None:
    port: ChatPlatform = desk.discord
    first = await port.direct(person(desk), HELLO, "d-1")
    second = await port.direct(person(desk), HELLO, "d-2")
    [one, other] = desk.li.direct_messages
    assert (one.id, other.id) == (first.message_id, second.message_id)
    assert not desk.support.messages
    await port.redraw(first, Card(summary="Mia", title="Taken by Noor", labels=("Open",)))
    await port.remove(second)
    [left] = desk.li.direct_messages
    assert "Taken by Noor" in left.embeds[0]["description"]
    assert desk.asked("direct.open") == 1


async def test_who_was_written_to_before_a_restart_is_not_asked_for_again(desk: Desk) -> None:
    before = await desk.discord.direct(person(desk), HELLO, "d-1")
    restarted = connect(desk.world, desk.app.token)
    await restarted.direct(replace(person(desk), channel_id=before.channel_id), HELLO, "d-2")
    await restarted.close()
    assert len(desk.li.direct_messages) == 2
    assert desk.asked("direct.open") == 1


async def test_the_same_delivery_is_written_once_and_found_again(desk: Desk) -> None:
    before = desk.world.time.now()
    assert await desk.discord.find_direct(person(desk), "d-1", before) is None
    desk.trouble("messages.create", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.discord.direct(person(desk), HELLO, "d-1")
    found = await desk.discord.find_direct(person(desk), "d-1", before)
    assert found
    assert await desk.discord.direct(person(desk), HELLO, "d-1") == found
    assert [found.message_id] == [message.id for message in desk.li.direct_messages]


async def test_nothing_reaches_somebody_who_left_whether_we_spoke_before_or_not(desk: Desk) -> None:
    noor = desk.world.create_person("Noor")
    await desk.discord.direct(person(desk), HELLO, "d-1")
    await desk.li.leaves()
    await noor.leaves()
    for who in (desk.li.id, noor.id):
        with pytest.raises(TargetGone):
            await desk.discord.direct(replace(person(desk), agent_id=who), HELLO, "d-2")


async def test_somebody_may_take_no_messages_from_members_of_the_server(desk: Desk) -> None:
    desk.li.member.accepts_dms = False
    with pytest.raises(TargetGone) as told:
        await desk.discord.direct(person(desk), HELLO, "d-1")
    assert told.value.code == "cannot_message_person"


async def test_where_the_conversation_is_gone_it_is_opened_anew(desk: Desk) -> None:
    before = await desk.discord.direct(person(desk), HELLO, "d-1")
    del desk.world.server.channels[before.channel_id]
    after = await desk.discord.direct(person(desk), HELLO, "d-2")
    assert after.channel_id != before.channel_id
    remembered = replace(person(desk), channel_id=before.channel_id)
    assert await desk.discord.find_direct(remembered, "d-2", desk.world.time.now()) == after
    assert [message.id for message in desk.li.direct_messages] == [after.message_id]


async def test_who_takes_no_messages_any_more_is_not_asked_for_again(desk: Desk) -> None:
    before = await desk.discord.direct(person(desk), HELLO, "d-1")
    desk.li.member.accepts_dms = False
    with pytest.raises(TargetGone) as told:
        await desk.discord.direct(replace(person(desk), channel_id=before.channel_id), HELLO, "d-2")
    assert told.value.code == "cannot_message_person"
    assert desk.asked("direct.open") == 1


async def test_a_conversation_that_could_not_be_opened_yet_is_opened_the_next_time(desk: Desk) -> None:
    desk.trouble("direct.open", Trouble.RATE_LIMITED, retry_after=30)
    with pytest.raises(RateLimited):
        await desk.discord.direct(person(desk), HELLO, "d-1")
    desk.world.time.skip(timedelta(seconds=31))
    await desk.discord.direct(person(desk), HELLO, "d-1")
    assert len(desk.li.direct_messages) == 1
