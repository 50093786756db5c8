"""Writing to one person in Slack: whom it reaches, how it is changed, and when nobody can be reached."""

from dataclasses import replace

import pytest

from chatops.errors import RateLimited, Rejected, TargetGone, Unsure
from chatops.platforms.ports import ChatPlatform, PersonRef
from chatops.sandbox.faults import Trouble
from chatops.ui import Card
from tests.platforms.slack.desk import HELLO, Desk, connect


def person(desk: Desk) -> PersonRef:
    return PersonRef(desk.world.team.id, desk.li.id)


async def test_a_person_reads_what_is_written_to_them_alone_and_sees_it_change(desk: Desk) -> None:
    port: ChatPlatform = desk.slack
    first = await port.direct(person(desk), HELLO, "d-1")
    second = await port.direct(person(desk), HELLO, "d-2")
    [one, other] = desk.li.direct_messages
    assert (one.ts, other.ts) == (first.message_id, second.message_id)
    assert desk.support.messages == []
    await port.redraw(first, Card(summary="Mia · taken by Noor"))
    await port.remove(second)
    [left] = desk.li.direct_messages
    assert left.text == "Mia · taken by Noor"
    assert sum(request.method == "conversations.open" for request in desk.world.requests) == 1


async def test_who_was_written_to_before_a_restart_is_not_asked_for_again(desk: Desk) -> None:
    before = await desk.slack.direct(person(desk), HELLO, "d-1")
    restarted = connect(desk.world, desk.app.bot_token)
    await restarted.direct(replace(person(desk), channel_id=before.channel_id), HELLO, "d-2")
    await restarted.close()
    assert len(desk.li.direct_messages) == 2
    assert sum(request.method == "conversations.open" for request in desk.world.requests) == 1


async def test_where_the_conversation_is_gone_it_is_opened_anew(desk: Desk) -> None:
    before = await desk.slack.direct(person(desk), HELLO, "d-1")
    del desk.world.channels[before.channel_id]
    after = await desk.slack.direct(person(desk), HELLO, "d-2")
    assert after.channel_id != before.channel_id
    remembered = replace(person(desk), channel_id=before.channel_id)
    assert await desk.slack.find_direct(remembered, "d-2", desk.world.time.now()) == after
    assert (await desk.slack.direct(remembered, HELLO, "d-3")).channel_id == after.channel_id
    assert len(desk.li.direct_messages) == 2


async def test_what_may_have_been_written_is_looked_for_before_it_is_written_again(desk: Desk) -> None:
    before = desk.world.time.now()
    assert await desk.slack.find_direct(person(desk), "d-1", before) is None
    desk.trouble("chat.postMessage", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.slack.direct(person(desk), HELLO, "d-1")
    found = await desk.slack.find_direct(person(desk), "d-1", before)
    assert found
    assert [found.message_id] == [message.ts for message in desk.li.direct_messages]


async def test_nothing_reaches_somebody_who_was_deactivated_whether_we_spoke_before_or_not(desk: Desk) -> None:
    noor = desk.world.create_person("Noor")
    await desk.slack.direct(person(desk), HELLO, "d-1")
    await desk.li.leaves()
    await noor.leaves()
    with pytest.raises(TargetGone):
        await desk.slack.direct(person(desk), HELLO, "d-2")
    with pytest.raises(TargetGone) as told:
        await desk.slack.direct(replace(person(desk), agent_id=noor.id), HELLO, "d-3")
    assert told.value.code == "user_disabled"
    with pytest.raises(TargetGone):
        await desk.slack.direct(replace(person(desk), agent_id="U0NOBODY"), HELLO, "d-4")


async def test_an_app_that_may_not_write_to_people_is_refused_for_all_of_them(desk: Desk) -> None:
    desk.app.messages_tab_enabled = False
    with pytest.raises(Rejected) as told:
        await desk.slack.direct(person(desk), HELLO, "d-1")
    assert told.value.code == "messages_tab_disabled"


async def test_a_conversation_that_could_not_be_opened_yet_is_opened_the_next_time(desk: Desk) -> None:
    desk.trouble("conversations.open", Trouble.RATE_LIMITED, retry_after=3)
    with pytest.raises(RateLimited):
        await desk.slack.direct(person(desk), HELLO, "d-1")
    await desk.slack.direct(person(desk), HELLO, "d-1")
    assert len(desk.li.direct_messages) == 1
