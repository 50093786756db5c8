"""Slack refuses, fails and breaks off: everything stands in the thread exactly once, in order, all the same."""

from functools import partial

import pytest

from chatops.sandbox.faults import Trouble
from chatops.sandbox.slack import messages
from chatops.sandbox.slack.reading import visible
from chatops.sandbox.tiktok.pictures import plain_png
from handlers.slack.sockets import Patience
from tests.stories.cast import ACCEPTED, WAITING, Story
from tests.stories.conftest import both_modes

TROUBLES = [
    (Trouble.RATE_LIMITED, ""),
    (Trouble.UNAVAILABLE, ""),
    (Trouble.SERVER_ERROR, ""),
    (Trouble.DROP_BEFORE, ""),
    (Trouble.DROP_AFTER, ""),
    (Trouble.GARBAGE, ""),
    (Trouble.ERROR, "fatal_error"),
    (Trouble.ERROR, "internal_error"),
    (Trouble.ERROR, "service_unavailable"),
]


@pytest.mark.parametrize(("trouble", "code"), TROUBLES)
async def test_head_and_message_stand_there_once_whatever_happens_to_the_request(
    story: Story, trouble: Trouble, code: str
) -> None:
    story.slack_fails("chat.postMessage", trouble, code=code, retry_after=20)  # meets the head
    await story.cast.mia.says("Where is my parcel?")
    await story.trouble_happened()
    await story.time_passes(seconds=25)
    head = await story.cast.support.expects(lambda message: not message.is_reply)
    await story.reads(head, "Where is my parcel?")

    story.slack_fails("chat.postMessage", trouble, code=code, retry_after=20)  # meets a message
    await story.cast.mia.says("Hello?")
    await story.trouble_happened()
    await story.cast.mia.says("Anybody?")
    await story.time_passes(seconds=25)
    await story.reads(head, "Anybody?")
    await story.time_passes(minutes=2)
    await story.rests()
    assert len(story.cast.support.roots) == 1
    said = "\n".join(story.mirrored(head))
    places = [said.index(words) for words in ("Where is my parcel?", "Hello?", "Anybody?")]
    assert places == sorted(places)
    assert all(story.shown(head, words) == 1 for words in ("Where is my parcel?", "Hello?", "Anybody?"))


@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.RATE_LIMITED])
async def test_a_post_in_doubt_is_looked_for_until_the_look_succeeds(story: Story, trouble: Trouble) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.slack_fails("conversations.replies", trouble, times=3, retry_after=20)
    story.slack_fails("chat.postMessage", Trouble.DROP_AFTER)
    await story.cast.mia.says("Hello?")
    await story.time_passes_until(lambda: not story.world.slack.faults.planned, "the trouble to happen")
    await story.time_passes(minutes=2)
    await story.cast.mia.says("Anybody?")
    await story.reads(head, "Anybody?")
    await story.time_passes(minutes=2)
    await story.rests()
    assert story.shown(head, "Hello?") == 1


async def test_marks_cards_and_private_answers_survive_trouble(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    for method in ("reactions.get", "reactions.add", "chat.update", "chat.postEphemeral", "users.info"):
        story.slack_fails(method, Trouble.UNAVAILABLE)
    answer = await story.cast.noor.replies(head, "On its way")
    await story.rests()
    await story.time_passes(seconds=2)
    await story.marked(answer, WAITING)
    await story.cast.noor.expects_ephemeral("Your answer goes to the buyer at")
    story.slack_fails("reactions.remove", Trouble.UNAVAILABLE)
    await story.time_passes_until(lambda: "Answered" in visible(head), "the card")
    await story.time_passes_until(lambda: not story.world.slack.faults.planned, "the trouble to happen")
    await story.time_passes(minutes=1)
    await story.marked(answer, ACCEPTED)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("trouble", [Trouble.UNAVAILABLE, Trouble.DROP_AFTER, Trouble.RATE_LIMITED])
async def test_a_buyers_picture_is_shown_once(story: Story, method: str, trouble: Trouble) -> None:
    story.slack_fails(method, trouble, retry_after=20)
    await story.cast.mia.sends_picture(plain_png(40, 30))
    head = await story.thread_of(story.cast.mia)
    post = await story.time_passes_until(lambda: story.find(head, "Picture"), "the picture")
    await story.rests()
    assert [block["type"] for block in post.blocks].count("image") == 1
    assert len(story.mirrored(head)) == 1


async def test_an_agents_picture_that_cannot_be_read_at_first_still_leaves(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Which colour?")
    story.slack_fails("download", Trouble.UNAVAILABLE)
    await story.cast.noor.uploads(story.cast.support, plain_png(50, 20), "a.png", "image/png", head.ts)
    await story.time_passes_until(lambda: story.cast.mia.received, "the picture")
    await story.rests()
    assert len(story.cast.mia.received) == 1


@both_modes
async def test_an_archived_channel_loses_nothing_and_goes_on_when_it_is_opened_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.slack.archive(story.cast.support)
    await story.cast.mia.says("Two")
    await story.cast.budi.says("Halo")
    await story.rests()
    await story.time_passes(hours=3)
    await story.cast.mia.says("Three")
    await story.rests()
    assert story.shown(head, "Two") == 0

    story.world.slack.unarchive(story.cast.support)
    await story.reads(head, "Three")
    await story.reads(await story.thread_of(story.cast.budi), "Halo")
    await story.rests()
    said = "\n".join(story.mirrored(head))
    assert said.index("One") < said.index("Two") < said.index("Three")
    assert all(story.shown(head, words) == 1 for words in ("Two", "Three"))
    answer = await story.answers(story.cast.noor, head, "All seen")
    await story.marked(answer, ACCEPTED)


@both_modes
async def test_the_bot_is_thrown_out_and_invited_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.slack.kick(story.cast.slack_app, story.cast.support)
    await story.cast.mia.says("Two")
    await story.rests()
    await story.cast.noor.replies(head, "Nobody hears me")
    await story.time_passes(minutes=30)
    assert story.shown(head, "Two") == 0

    await story.cast.li.invites(story.cast.slack_app, story.cast.support)
    await story.reads(head, "Two")
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("Nobody hears me")
    await story.rests()
    assert story.shown(head, "Two") == 1


async def test_a_post_in_doubt_when_the_bot_is_thrown_out_is_not_doubled(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.slack_fails("chat.postMessage", Trouble.DROP_AFTER)
    await story.cast.mia.says("Two")
    await story.trouble_happened()
    story.world.slack.kick(story.cast.slack_app, story.cast.support)
    await story.time_passes(minutes=5)
    await story.rests()
    await story.cast.li.invites(story.cast.slack_app, story.cast.support)
    await story.cast.mia.says("Three")
    await story.reads(head, "Three")
    await story.rests()
    assert story.shown(head, "Two") == 1


@both_modes
async def test_a_revoked_token_loses_nothing_and_the_product_goes_on_with_a_good_one(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.slack.revoke_token(story.cast.slack_app)
    await story.cast.mia.says("Two")
    await story.rests()
    await story.time_passes(hours=1)
    await story.cast.mia.says("Three")
    await story.rests()
    await story.product_stops()

    story.cast.slack_app.revoked = False
    await story.product_starts()
    await story.reads(head, "Three")
    await story.rests()
    assert all(story.shown(head, words) == 1 for words in ("One", "Two", "Three"))


async def test_somebody_deletes_the_head_of_a_thread_and_the_conversation_goes_on_below_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    messages.remove(story.world.slack.workspace, story.cast.support, head)
    await story.cast.mia.says("Two")
    await story.reads(head, "Two")
    answer = await story.answers(story.cast.noor, head, "Still here")
    await story.cast.mia.hears("Still here")
    await story.marked(answer, ACCEPTED)


async def test_somebody_deletes_a_head_before_anything_stands_below_it(story: Story) -> None:
    story.slack_fails("chat.postMessage", Trouble.RATE_LIMITED, skip=1, retry_after=60)
    await story.cast.mia.says("One")
    await story.trouble_happened()
    head = await story.cast.support.expects(lambda message: not message.is_reply)
    await story.rests()
    messages.remove(story.world.slack.workspace, story.cast.support, head)
    await story.time_passes(seconds=61)
    await story.time_passes(seconds=5)
    await story.reads_in_a_new_thread("One")
    head = await story.thread_of(story.cast.mia)
    answer = await story.answers(story.cast.noor, head, "Seen")
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)
    assert len(story.cast.support.roots) == 1


@both_modes
async def test_a_lost_answer_is_found_by_comparing(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.world.slack.delivery.drop_next()
    answer = await story.cast.noor.replies(head, "On its way")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)


async def test_a_lost_deletion_is_found_by_comparing_before_the_answer_leaves(story: Story) -> None:
    await story.operator("apply", toml=story.world.desk_toml(undo_seconds=600))
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    deleted = await story.cast.noor.replies(head, "Oh no")
    edited = await story.cast.noor.replies(head, "Monday")
    await story.rests()
    story.world.slack.delivery.drop_next(2)
    await story.cast.noor.deletes(deleted)
    await story.cast.noor.edits(edited, "Tuesday")
    await story.comparison_is_due()
    await story.time_passes(minutes=20)
    await story.cast.mia.hears("Tuesday")
    await story.rests()
    assert story.cast.mia.heard == ["Tuesday"]


@both_modes
async def test_an_answer_told_twice_leaves_once(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.world.slack.delivery.duplicate_next(3)
    await story.cast.noor.replies(head, "On its way")
    await story.comparison_is_due()
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way")
    await story.comparison_is_due()
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]


async def test_events_in_the_wrong_order_end_as_the_thread_shows(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.world.slack.delivery.hold()
    kept = await story.cast.noor.replies(head, "It left yesterday")
    gone = await story.cast.noor.replies(head, "No idea")
    await story.cast.noor.edits(kept, "It left on Monday")
    await story.cast.noor.deletes(gone)
    story.world.slack.delivery.release(shuffled=True)
    await story.undo_window_passes()
    await story.cast.mia.hears("It left on Monday")
    await story.rests()
    assert story.cast.mia.heard == ["It left on Monday"]


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt"])
async def test_the_socket_drops_in_the_middle_of_a_conversation(
    stage: Story, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.slack.edge.Patience", partial(Patience, ping_every=0.5))  # notices a dead line sooner
    story = stage
    await story.product_starts()
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    story.world.slack.disconnect_sockets(reason)
    await story.cast.noor.replies(head, "On its way")
    await story.cast.mia.says("Hello?")
    await story.reads(head, "Hello?")
    await story.time_passes_until(lambda: story.cast.mia.heard, "the answer")
    await story.time_passes(minutes=10)
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]
