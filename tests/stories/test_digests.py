"""What the team reads in the morning: a head in the channel, its sections in the thread, and nothing twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.desk import digests as desk
from chatops.digest import kept
from chatops.model import definition as definitions
from chatops.model import digest as digests
from chatops.model import workspace as workspaces
from chatops.model.definition import DefinitionKind
from chatops.rules.plan import DigestPlan
from chatops.sandbox.faults import Trouble
from chatops.sandbox.world import WORKSPACES
from chatops.store.transaction import Transaction
from tests.stories.cast import Post, Story
from tests.stories.side import Call

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
    thread = await stage.conversation(stage.cast.mia, "Where is my parcel?")
    await stage.conversation(stage.cast.budi, "Is it blue?")

    stage.side.fails(Call.OPEN, Trouble.DROP_AFTER)  # it is there, and nobody says so
    await stage.time_passes(hours=21, minutes=1)
    await stage.trouble_happened()
    await stage.time_passes(seconds=5)
    head = await stage.channel_shows("2 conversations.")
    assert len(heads(stage)) == 1
    assert "Yesterday, " in head.text
    assert "Late" not in head.text
    drawn = await stage.until(lambda: head.pictures, "the picture of a digest")
    assert drawn[0].startswith(b"\x89PNG")
    await stage.reads(head, "2 messages from buyers")
    await stage.rests()
    await stage.store.write(asks, stage.noor.id, stage.clock.now())
    privately = await stage.noor.is_paged("2 messages from buyers")
    assert "2 conversations." in privately.text
    await stage.until(lambda: privately.pictures, "the picture in a direct message")
    await stage.noor.replies(thread, "!digest yesterday csv")
    handed = await stage.noor.is_paged("The numbers of this digest.")
    [sheet] = handed.message.files
    await stage.noor.clicks(head, "Numbers as JSON")
    [numbers] = (await stage.until(lambda: stage.noor.direct_messages[2:], "the other file"))[0].message.files
    assert b'"messages"' in numbers.content
    assert b"volume,figure,messages,2,count" in sheet.content

    await stage.time_passes(hours=24)
    quiet = await stage.channel_shows("Nothing to tell of. Enjoy the quiet!")
    assert stage.posts(quiet) == []

    stage.side.forbid_files()
    for day in ("a day", "another day"):  # of which only the first lets anybody hear of it
        await stage.cast.mia.says(day)
        await stage.reads(thread, day)
        await stage.time_passes(hours=24)
        await stage.rests()
    assert not any(post.pictures for post in heads(stage)[-2:])
    bare = await stage.noor.is_paged("It came without its picture")
    assert "every morning" in bare.text

    await stage.product_stops()
    await stage.world.pass_time(hours=70)
    await stage.product_starts()
    late = await stage.until(lambda: next((post for post in heads(stage) if "Late" in post.text), None), "a late one")
    assert "of days before" in late.text
    await stage.rests()
    assert len(heads(stage)) == 5

    stage.side.shut()
    await stage.time_passes(hours=25)
    told = await stage.noor.is_paged("could not be posted")
    assert "every morning" in told.text
    await stage.rests()
    assert len(stage.noor.direct_messages) == 5


def asks(tx: Transaction, agent_id: str, now: datetime) -> None:
    """Let somebody ask for the last digest, for themselves."""
    [plan] = definitions.current(tx, DefinitionKind.DIGEST)
    [workspace], spec = workspaces.every(tx), plan.read(DigestPlan)
    last = kept.window_of(digests.last(tx, plan.name)[0])
    scope = desk.scope_of(tx, spec, workspace)
    desk.ask(tx, workspace, agent_id, scope, last, ("", ""), now, keys=spec.sections)


def until_noon(now: datetime) -> float:
    """Return the seconds until it is noon in London."""
    there = now.astimezone(ZoneInfo("Europe/London"))
    return ((12 - there.hour) % 24 * 60 - there.minute) % (24 * 60) * 60


def heads(stage: Story) -> list[Post]:
    """Return the heads that are about numbers, not about tickets."""
    return [post for post in stage.side.heads if "Yesterday" in post.text or " – " in post.text.partition("\n")[0]]
