"""A promise runs out: whoever is on call is called, then the next one, and nobody once somebody has it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from chatops.sandbox.world import WORKSPACES
from tests.stories.cast import Post, Story, Teammate
from tests.stories.conftest import in_slack

PROMISES = """
[[service_levels]]
name = "chats"
escalation = "front desk"
targets = [
    { metric = "first_response", within = "5m", warn = ["1m left"] },
    { metric = "next_response", within = "5m", warn = ["1m left"] },
]

[[escalations]]
name = "front desk"
workspace = "WORKSPACE"
steps = [{ notify = ["rotation front"], wait = "5m" }, { notify = ["agent LI"], wait = "10m" }]
repeat = 0

[[rotations]]
name = "front"
workspace = "WORKSPACE"
timezone = "Europe/London"
layers = [
    { members = ["NOOR"], start = 2026-01-01T00:00:00, ends = ENDS },
    { members = ["LI"], timezone = "Asia/Shanghai", start = 2026-01-01T00:00:00, begins = BEGINS },
]
"""
SHIFT = timedelta(hours=8)  # until Li, in another time zone, is on call in place of Noor


@pytest.fixture
async def promised(stage: Story) -> Story:
    """A team in two time zones that promises an answer within five minutes."""
    handover = stage.clock.now() + SHIFT
    told = {
        "WORKSPACE": WORKSPACES[stage.side.platform],
        "LI": stage.li.id,
        "NOOR": stage.noor.id,
        "ENDS": f"{handover.astimezone(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M:%S}",
        "BEGINS": f"{handover.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%dT%H:%M:%S}",
    }
    toml = PROMISES
    for name, value in told.items():
        toml = toml.replace(name, value)
    await stage.set_up(stage.desk_toml() + toml + stage.role_toml(stage.li, "lead"))
    await stage.product_starts()
    return stage


async def called(story: Story, who: Teammate, text: str) -> Post:
    """Return the newest direct message to somebody that shows a text, once nothing else happens at this instant."""
    message = await who.is_paged(text)
    await story.rests()
    return message


async def test_somebody_is_called_until_somebody_has_it(promised: Story) -> None:
    story, li, noor = promised, promised.li, promised.noor
    mia, budi = story.cast.mia, story.cast.budi
    began = story.clock.now()

    # A warning calls who is on call, the broken promise calls once more, then it is the next one's turn.
    head = await story.conversation(mia, "Where is my parcel?")
    await story.time_passes(minutes=4)
    await noor.is_paged("Where is my parcel?")
    await story.reads(head, "Due: ")
    await story.card_shows(head, "Being paged")
    await story.time_passes(minutes=1)
    await noor.is_paged("Overdue: ")
    await story.until(lambda: len(noor.direct_messages) == 2, "a second call")
    await story.time_passes(minutes=4, seconds=45)
    assert li.direct_messages == []
    await story.time_passes(seconds=15)
    await called(story, li, "Where is my parcel?")

    # Whoever was called first takes it after all, and answers; who was called last can sleep on.
    await noor.clicks(noor.direct_messages[-1], "Take it")
    await story.card_shows(head, noor.on_card)
    await story.until(lambda: "Where is my parcel?" not in li.direct_messages[-1].text, "Li to read who has it")
    await story.answers(noor, head, "It left Jakarta today.")
    await mia.hears("It left Jakarta today.")
    await noor.is_paged("needs nobody any more")

    # A shift that begins while nobody has answered: the newcomer is called at once. Any reaction says it was heard.
    await story.time_passes(seconds=(SHIFT - (story.clock.now() - began)).total_seconds() - 5 * 60)
    head = await story.conversation(budi, "Halo, pesanan saya?")
    await story.time_passes(minutes=4)
    await noor.is_paged("Halo, pesanan saya?")
    assert not any("Halo" in one.text for one in li.direct_messages)
    await story.time_passes(minutes=1)
    await li.reacts(await called(story, li, "Halo, pesanan saya?"), "👀")
    await story.reads(head, "has heard the call")
    await story.card_shows(head, "Has heard the call")
    await story.time_passes(minutes=20)
    assert [sum("Budi" in one.text for one in who.direct_messages) for who in (noor, li)] == [1, 1]


async def test_a_call_is_answered_where_it_reaches_people(promised: Story) -> None:
    story, li, noor = promised, promised.li, promised.noor
    mia, budi = story.cast.mia, story.cast.budi

    # A lead asks for somebody, who puts it off, and then answers the buyer where the call came.
    head = await story.conversation(mia, "You sold me a broken one!")
    await li.replies(head, "!page she threatens with a lawyer")
    await noor.clicks(await called(story, noor, "she threatens with a lawyer"), "Snooze 10 min")
    await story.reads(head, "called again in ten minutes")
    await story.card_shows(head, "calls again")
    await story.time_passes(minutes=10)
    await story.until(lambda: len(noor.direct_messages) == 2, "Noor to be called again")
    await noor.clicks(await called(story, noor, "she threatens with a lawyer"), "Answer")
    await noor.fills_in(text="We send you a new one.")
    await story.reads(head, "We send you a new one.")
    await story.undo_window_passes()
    await mia.hears("We send you a new one.")
    await noor.is_paged("needs nobody any more")

    # Somebody passes a call on, and is called no more.
    await story.time_passes(minutes=2)
    head = await story.conversation(budi, "Halo?")
    await story.time_passes(minutes=4)
    await noor.clicks(await called(story, noor, "Halo?"), "Pass to…")
    await noor.fills_in(text="Li")
    await li.is_paged("Halo?")
    await story.answers(li, head, "Halo, kami cek dulu ya")
    await budi.hears("Halo, kami cek dulu ya")

    # Who has left is passed over at once.
    before = len(noor.direct_messages)
    await noor.leaves()
    await story.conversation(mia, "And my money?")
    await story.time_passes(minutes=4)
    await li.is_paged("And my money?")
    assert len(noor.direct_messages) == before


@in_slack
async def test_a_machine_s_clock_that_was_a_day_ahead_and_is_set_right_keeps_nobody_from_being_called(
    promised: Story,
) -> None:
    story, li, noor = promised, promised.li, promised.noor
    await story.conversation(story.cast.mia, "Where is my parcel?")
    story.clock.ahead_by(minutes=24 * 60)
    await called(story, li, "Where is my parcel?")
    story.clock.ahead_by(minutes=0)
    rung = len(li.direct_messages)
    began = story.clock.now()
    await story.time_passes_until(lambda: len(li.direct_messages) > rung, "the next one to be called")
    assert story.clock.now() - began < timedelta(minutes=10)
    await story.conversation(story.cast.budi, "Halo?")
    await story.time_passes(minutes=4)
    await noor.is_paged("Halo?")
