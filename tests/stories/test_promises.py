"""What was promised to buyers is counted, and the thread says when time runs out."""

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
