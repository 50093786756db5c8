"""A day of a rotation: who comes on call knows it before, gives the shift away, and a hole is seen by everybody."""

from datetime import timedelta

from chatops.sandbox.world import WORKSPACES
from tests.stories.cast import Story
from tests.stories.conftest import in_slack

ROTATION = """
[[rotations]]
name = "front"
workspace = "{workspace}"
timezone = "UTC"
channel = "{channel}"
group = "{group}"
layers = [{{ members = ["{li}", "{noor}"], start = {start:%Y-%m-%dT%H:%M:%S}, unit = "day" }}]
"""


async def test_a_shift_comes_is_given_away_and_a_hole_is_filled(stage: Story) -> None:
    story, side, li, noor = stage, stage.side, stage.li, stage.noor
    group, start = side.new_group("oncall"), stage.clock.now() - timedelta(hours=22)
    toml = ROTATION.format(
        workspace=WORKSPACES[side.platform], channel=side.channel.id, group=group, noor=noor.id, li=li.id, start=start
    )
    await story.set_up(story.desk_toml() + toml)
    await story.product_starts()
    await story.channel_shows("On call now")
    await story.until(lambda: side.group(group) == {li.id}, "Li to be in the group")

    # Noor comes on call in half an hour, and Li takes the shift.
    await story.time_passes(hours=1, minutes=31)
    await noor.is_paged("You come on call")
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await noor.replies(head, "!oncall swap")
    await noor.is_told("You asked for somebody to take your shift")
    await li.clicks(await story.channel_shows("who takes my turn"), "Take the shift")
    await noor.is_paged("takes it")
    await story.time_passes(minutes=30)
    await noor.replies(head, "!oncall")
    await noor.is_told(li.on_card)
    assert side.group(group) == {li.id}

    # Li falls ill, and Noor stands in.
    was = story.clock.now()
    await li.replies(head, "!oncall absent 3h")
    await story.channel_shows("Nobody on call: front")
    await story.time_passes(minutes=10)
    await noor.replies(head, "!oncall override 3h")
    await story.until(lambda: side.group(group) == {noor.id}, "Noor to be in the group")
    await story.time_passes(minutes=10)
    await noor.replies(head, f"!oncall at {was - timedelta(minutes=1):%Y-%m-%dT%H:%M}+00:00")
    await noor.is_told("Nothing called them around then")
    await noor.replies(head, f"!oncall at {was + timedelta(minutes=5):%Y-%m-%dT%H:%M}+00:00")
    await noor.is_told("Nobody was on call")


@in_slack
async def test_a_clock_that_was_a_day_ahead_and_is_set_right_lets_people_know_in_time(stage: Story) -> None:
    story, side, li, noor = stage, stage.side, stage.li, stage.noor
    group, start = side.new_group("oncall"), stage.clock.now() - timedelta(hours=23)
    toml = ROTATION.format(
        workspace=WORKSPACES[side.platform], channel=side.channel.id, group=group, noor=noor.id, li=li.id, start=start
    )
    await story.set_up(story.desk_toml() + toml)
    await story.product_starts()
    await story.until(lambda: side.group(group) == {li.id}, "Li to be in the group")
    story.clock.ahead_by(minutes=24 * 60)
    await story.until(lambda: side.group(group) == {noor.id}, "the wrong clock to be believed")
    story.clock.ahead_by(minutes=0)
    await story.until(lambda: side.group(group) == {li.id}, "Li to be in the group again")
    await story.time_passes(minutes=35)
    await noor.is_paged("You come on call")
