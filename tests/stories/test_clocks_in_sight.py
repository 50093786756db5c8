"""A lead begins with promises that fit; everybody sees the clocks that run by them, and what was counted."""

from zoneinfo import ZoneInfo

import pytest

from tests.stories.cast import Story


@pytest.mark.parametrize("where", ["slack", "discord"])
async def test_a_pack_is_taken_its_hours_are_changed_and_the_team_sees_time_run(stage: Story) -> None:
    await stage.set_up(stage.desk_toml() + stage.role_toml(stage.noor, "lead"))
    await stage.product_starts()
    noor, head = stage.noor, await stage.conversation(stage.cast.mia, "Where is my parcel?")
    await noor.replies(head, "!sla")
    await noor.is_told("Nothing is promised for this ticket")
    await noor.replies(head, "!promises")
    await noor.clicks(await noor.is_told("Nothing is promised yet"), "Black Friday")
    await noor.clicks(await noor.is_told("Its hours are those of"), "Promise this")
    await noor.is_told("before buying")
    await noor.replies(head, "!calendars")
    await noor.clicks(await noor.is_told("mon-sun 06"), "Change")
    await noor.reads_form("Hours")
    await stage.time_passes(seconds=1)
    await noor.fills_in(weekly="always", how="Save it")
    changed = await noor.is_told("around the clock")
    await stage.card_shows(head, "Answer due")
    await noor.replies(head, "!sla")
    await noor.is_told("of 15 min left, until")
    await stage.time_passes(minutes=9)
    await stage.reads(head, "an answer within 15 min is promised")
    await noor.replies(head, "!sla why")
    await noor.is_told("are used up")
    await noor.replies(head, "!queue late")
    await noor.is_told("What is due next")
    await noor.replies(head, "!outage on all chat does not load")
    await noor.is_told("TikTok cannot be reached since")
    await noor.replies(head, "!outage off")
    await noor.is_told("TikTok can be reached")
    await stage.time_passes(minutes=7)
    await stage.reads(head, "an answer within 15 min was promised")
    await stage.card_shows(head, "overdue")
    await stage.answers(noor, head, "It left Jakarta this morning")
    await noor.replies(head, "!sla")
    await noor.is_told("late: ")
    await noor.clicks(changed, "Undo the change")
    await stage.rests()
    await noor.replies(head, "!calendars")
    await noor.is_told("mon-sun 06")
    await stage.time_passes(hours=hours_until(stage, 2))
    await stage.conversation(stage.cast.budi, "Is it waterproof?")
    await stage.time_passes(hours=hours_until(stage, 6))
    await stage.channel_shows("1 promise runs out within the hour")


def hours_until(stage: Story, hour: int) -> float:
    """Return how long it takes until a clock in London shows this hour."""
    now = stage.clock.now().astimezone(ZoneInfo("Europe/London"))
    return (hour - now.hour - now.minute / 60 - now.second / 3600) % 24 + 0.01
