"""What only Slack can do to us: its own errors, its uploads in three steps, its sockets."""

from functools import partial

import pytest

from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from handlers.slack.sockets import Patience
from tests.stories.cast import ACCEPTED, Story
from tests.stories.side import Call
from tests.stories.test_chat_on_bad_days import head_and_messages_survive

pytestmark = pytest.mark.parametrize("where", ["slack"])


@pytest.mark.parametrize("code", ["fatal_error", "internal_error", "service_unavailable"])
async def test_head_and_message_stand_there_once_when_slack_has_troubles_of_its_own(story: Story, code: str) -> None:
    await head_and_messages_survive(story, Trouble.ERROR, code)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.DROP_AFTER, Trouble.RATE_LIMITED])
async def test_a_buyers_picture_is_shown_once(story: Story, method: str, trouble: Trouble) -> None:
    story.side.fails(method, trouble, retry_after=20)
    await story.cast.mia.sends_picture(plain_png(40, 30))
    head = await story.thread_of(story.cast.mia)
    post = await story.time_passes_until(lambda: story.find(head, "Picture"), "the picture")
    await story.rests()
    assert len(post.pictures) == 1
    assert len(story.mirrored(head)) == 1


async def test_somebody_deletes_a_head_before_anything_stands_below_it(story: Story) -> None:
    story.side.fails(Call.SAY, Trouble.RATE_LIMITED, skip=1, retry_after=60)
    await story.cast.mia.says("One")
    await story.trouble_happened()
    head = await story.some_head()
    await story.rests()
    story.side.delete(head)
    await story.time_passes(seconds=61)
    await story.time_passes(seconds=5)
    await story.reads_in_a_new_thread("One")
    head = await story.thread_of(story.cast.mia)
    answer = await story.answers(story.noor, head, "Seen")
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)
    assert len(story.side.heads) == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt"])
async def test_the_socket_drops_in_the_middle_of_a_conversation(
    stage: Story, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.slack.edge.Patience", partial(Patience, ping_every=0.5))  # notices a dead line sooner
    story = stage
    await story.product_starts()
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.world.slack.disconnect_sockets(reason)
    await story.noor.replies(head, "On its way")
    await story.cast.mia.says("Hello?")
    await story.reads(head, "Hello?")
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.time_passes(minutes=10)
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]
