"""Who becomes a guest of the workspace does not answer buyers any more."""

import pytest

from chatops.model import agent as agents
from handlers.slack import lifecycle
from tests.handlers.slack.desk import Desk


async def test_who_becomes_a_guest_takes_nothing_to_the_buyer_any_more(desk: Desk) -> None:
    await desk.li.replies(desk.head, "It is free for you")
    await desk.noor.replies(desk.head, "On its way")
    await desk.world.settled()
    await desk.li.changes(is_guest=True)
    assert sorted(await desk.said()) == [("waiting", "On its way"), ("withdrawn", "It is free for you")]
    await desk.li.replies(desk.head, "All of it")
    assert len(await desk.said()) == 2
    assert (await desk.whispers()).count("not_allowed") == 2


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "deleted"])
async def test_it_counts_without_a_language_too_and_the_known_one_stays(desk: Desk, flag: str) -> None:
    await desk.li.replies(desk.head, "It is free for you")
    await desk.world.settled()
    await desk.li.changes(locale="th-TH")
    await desk.world.settled()
    event = {"type": "user_change", "user": {"id": desk.li.id, "name": "li", flag: True}}
    await lifecycle.member_changed(desk.context, event, {})
    assert await desk.said() == [("withdrawn", "It is free for you")]
    li = await desk.store.read(agents.get, desk.world.team.id, desk.li.id)
    assert li is not None
    assert (li.locale, li.is_guest, li.has_left) == ("th-TH", True, flag == "deleted")
