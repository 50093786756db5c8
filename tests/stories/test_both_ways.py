"""A buyer writes, the team reads, the team answers, the buyer reads."""

from tests.stories.cast import Story


async def test_a_message_becomes_a_thread_and_the_answer_reaches_the_buyer(story: Story) -> None:
    cast = story.cast
    await cast.mia.says("Where is my parcel?")
    head = await story.thread_of(cast.mia)
    await story.reads(head, "Where is my parcel?")

    answer = await story.answers(cast.noor, head, "On its way")

    await cast.mia.hears("On its way")
    await story.marked(answer, "white_check_mark")
    assert cast.mia.heard == ["On its way"]
    assert len(cast.support.thread(head.ts)) == 3
