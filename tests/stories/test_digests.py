"""What the team reads in the morning: a head in the channel, its sections in the thread, and nothing twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.sandbox.world import WORKSPACES
from tests.stories.cast import Post, Story

PLAN = """
[[digests]]
name = "every morning"
workspace = "{workspace}"
channel = "{channel}"
timezone = "Europe/London"
at = "09:00"
sections = ["volume"]
"""


async def test_each_morning_the_team_reads_how_the_day_before_was(stage: Story) -> None:
    place = {"workspace": WORKSPACES[stage.side.platform], "channel": stage.side.channel.id}
    await stage.world.pass_time(seconds=until_noon(stage.clock.now()))
    await stage.set_up(stage.desk_toml() + PLAN.format(**place) + stage.role_toml(stage.noor, "lead"))
    await stage.product_starts()
    await stage.conversation(stage.cast.mia, "Where is my parcel?")
    await stage.conversation(stage.cast.budi, "Is it blue?")

    await stage.time_passes(hours=21, minutes=1)
    head = await stage.channel_shows("2 conversations.")
    assert "Yesterday, " in head.text
    assert "Late" not in head.text
    drawn = await stage.until(lambda: head.pictures, "the picture of a digest")
    assert drawn[0].startswith(b"\x89PNG")
    await stage.reads(head, "2 messages from buyers")
    await stage.rests()

    await stage.time_passes(hours=24)
    quiet = await stage.channel_shows("Nobody wrote, and nobody waits.")
    assert stage.posts(quiet) == []

    await stage.product_stops()
    await stage.world.pass_time(hours=70)
    await stage.product_starts()
    late = await stage.until(lambda: next((post for post in digests(stage) if "Late" in post.text), None), "a late one")
    assert "of days before" in late.text
    await stage.rests()
    assert len(digests(stage)) == 3

    stage.side.shut()
    await stage.time_passes(hours=25)
    told = await stage.noor.is_paged("could not be posted")
    assert "every morning" in told.text
    await stage.rests()
    assert len(stage.noor.direct_messages) == 1


def until_noon(now: datetime) -> float:
    """Return the seconds until it is noon in London."""
    there = now.astimezone(ZoneInfo("Europe/London"))
    return ((12 - there.hour) % 24 * 60 - there.minute) % (24 * 60) * 60


def digests(stage: Story) -> list[Post]:
    """Return the heads that are about numbers, not about tickets."""
    return [post for post in stage.side.heads if "Yesterday" in post.text or " – " in post.text.partition("\n")[0]]
