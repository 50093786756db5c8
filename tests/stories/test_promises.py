"""What was promised to buyers is counted, and the thread says when time runs out."""

import asyncio
from datetime import datetime, timedelta

from handlers.timers.rates import warn
from tests.stories.cast import Story

PROMISES = """
[[service_levels]]
name = "chats"
targets = [
    { metric = "first_response", within = "5m", warn = ["1m left"], urgency = "channel" },
    { metric = "platform_response", warn = ["4h left"], urgency = "channel" },
]
"""


async def test_a_thread_says_that_time_runs_out_and_what_does_not_count(stage: Story) -> None:
    story = stage
    await story.set_up(story.desk_toml() + PROMISES)
    await story.product_starts()
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.time_passes(minutes=4)
    await story.reads(head, "an answer within 5 min is promised")
    await story.time_passes(minutes=1)
    await story.reads(head, "an answer within 5 min was promised")
    await story.answers(story.noor, head, "Hi dear")
    await story.reads(head, "a greeting alone is no answer to TikTok")
    await story.time_passes(hours=20)
    await story.reads(head, "for TikTok's count, the buyer needs an answer by")
    await story.answers(story.noor, head, "It left Jakarta today")
    await story.time_passes(hours=5)
    assert story.find(head, "Too late for TikTok's count") is None


LINE = """
[settings]
rate_least_count = 1
target_official_percent = 50
"""


async def test_those_who_can_act_hear_once_that_a_rate_is_about_to_fall_below_its_line(stage: Story) -> None:
    story = stage
    await story.world.pass_time(seconds=until_tuesday(story.clock.now()))
    toml = story.desk_toml().replace("[settings]\n", LINE) + PROMISES + story.role_toml(story.noor, "lead")
    await story.set_up(toml)
    await story.product_starts()
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.answers(story.noor, head, "It left Jakarta today")
    late = await story.conversation(story.cast.budi, "Is it blue?")
    await story.time_passes(hours=24, minutes=1)
    await story.reads(late, "Too late for TikTok's count")
    await story.cast.mia.says("When will it be here?")
    await story.reads(head, "When will it be here?")
    await story.rests()
    await asyncio.gather(*(warn(story.store, story.clock) for _replica in range(2)))
    warned = await story.noor.is_paged("you may miss no more until Sunday to stay at 50%")
    assert "50% of 2 answers were in TikTok's time" in warned.text
    assert "What runs out next" in warned.text
    await story.noor.clicks(warned, "How is this counted?")
    await story.noor.is_told("Late answers that are still allowed")

    await story.time_passes(hours=24, minutes=1)
    await story.reads(head, "Too late for TikTok's count")
    await warn(story.store, story.clock)
    below = await story.noor.is_paged("below 50%, and as things go not back by Sunday")
    assert "1 answer in time in a row brings it back." in below.text
    await story.product_is_killed()
    await story.product_starts()
    await warn(story.store, story.clock)
    await story.rests()
    assert len(story.noor.direct_messages) == 2


def until_tuesday(now: datetime) -> float:
    """Return the seconds until it is noon on a Tuesday, so that the week does not end meanwhile."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=(1 - now.weekday()) % 7)
    return ((noon - now) % timedelta(days=7)).total_seconds()
