"""What the team reads in the morning: a head in the channel, its sections in the thread, and nothing twice."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp

from chatops import outbox_digest
from chatops.model import digest as digests
from chatops.rules.asked_time import Form
from chatops.sandbox.faults import Trouble
from chatops.sandbox.world import WORKSPACES
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

FIX = PLAN.replace("volume", "fix")
SIZES = '[[rules]]\nid = "size"\ntags = ["size"]\nwords = {en = ["size"]}\n'


async def test_each_morning_the_team_reads_how_the_day_before_was(stage: Story) -> None:
    place = {"workspace": WORKSPACES[stage.side.platform], "channel": stage.side.channel.id}
    await stage.world.pass_time(seconds=until_noon(stage.clock.now()))
    await stage.set_up(stage.desk_toml() + PLAN.format(**place) + stage.role_toml(stage.noor, "lead"))
    stage.config = stage.config.model_copy(update={"public_url": "https://desk.example"})
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
    await outsiders_read_a_report_until_it_is_withdrawn(stage, head)
    heard = len(stage.noor.direct_messages)
    await stage.noor.replies(thread, "!digest yesterday compare")
    privately = await stage.noor.is_paged("2 messages from buyers")
    assert "2 conversations." in privately.text
    assert "There is nothing to compare it with" in privately.text
    await stage.until(lambda: privately.pictures, "the picture in a direct message")
    await stage.noor.replies(thread, "!digest yesterday csv")
    handed = await stage.noor.is_paged("The numbers of this digest, and how each is counted")
    [sheet] = handed.message.files
    assert len(stage.noor.direct_messages) == heard + 2
    await stage.noor.replies(thread, "!stats volume.messages yesterday")
    counted = await stage.noor.is_told("Everything buyers wrote in their tickets")
    assert "Messages from buyers\n2\n" in counted.text.replace("*", "")

    await a_file_comes_once(stage, head)
    assert b"volume,figure,messages,2,count" in sheet.content

    await stage.time_passes(hours=24)
    quiet = await stage.channel_shows("Nobody wrote.")
    assert stage.posts(quiet) == []

    await a_missing_picture_is_told_of(stage, thread)

    await stage.product_stops()
    await stage.world.pass_time(hours=70)
    await stage.product_starts()
    late = await stage.until(lambda: next((post for post in heads(stage) if "Late" in post.text), None), "a late one")
    assert "of days before" in late.text
    await stage.rests()
    assert len(heads(stage)) == 4

    stage.side.shut()
    await stage.time_passes(hours=25)
    told = await stage.noor.is_paged("could not be posted")
    assert "every morning" in told.text
    await stage.rests()
    assert len(stage.noor.direct_messages) == heard + 5


async def test_another_team_reads_what_to_fix_and_neither_who_asked_nor_can_it_do_anything(stage: Story) -> None:
    makers = stage.side.elsewhere("content")
    zoe = makers.noor
    await stage.world.pass_time(seconds=until_noon(stage.clock.now()))
    weekly = FIX.format(workspace=WORKSPACES[stage.side.platform], channel=makers.channel.id)
    await stage.set_up(stage.desk_toml() + weekly + stage.role_toml(zoe, "observer"))
    await stage.product_starts()
    await stage.operator("rulebook_apply", name="triage", toml=SIZES)
    asking = [stage.world.tiktok.create_buyer(stage.cast.shop, f"Adelheid{number}") for number in range(4)]
    for buyer in asking:
        await stage.conversation(buyer, "Which size is it?")
    await stage.conversation(stage.cast.mia, "Which size is it? I am Mia, my number is 020 7946 0958")

    await stage.time_passes(hours=21, minutes=1)
    head = await makers.until(lambda: next(iter(makers.heads), None), "the list in the other channel")
    told = await stage.reads(head, "Which size is it?")
    assert "size" in told.text
    await stage.rests()
    assert [post for post in heads(stage) if "Yesterday" in post.text] == []
    there = "\n".join(post.text for post in (head, *stage.posts(head)))
    for private in ("Adelheid", "Mia", "7946", *(buyer.profile.user_id for buyer in asking)):
        assert private not in there

    for post, what in ((head, "Numbers as CSV"), (head, "Numbers as JSON"), (told, "How is this counted?")):
        await zoe.clicks(post, what)
        await zoe.is_told("You may not do this here.")
    await stage.rests()
    assert zoe.direct_messages == []


async def a_missing_picture_is_told_of(stage: Story, thread: Post) -> None:
    """Let the platform take no files any more."""
    stage.side.forbid_files()
    await stage.cast.mia.says("Hello?")
    await stage.reads(thread, "Hello?")
    await stage.time_passes(hours=24)
    bare = await stage.noor.is_paged("It came without its picture")
    assert "every morning" in bare.text
    assert len(heads(stage)) == 3
    stage.side.allow_files()
    await stage.noor.clicks(bare, "Send it again")
    await stage.until(lambda: heads(stage)[-1].pictures, "the picture that was missing")
    stage.side.forbid_files()


async def a_file_comes_once(stage: Story, head: Post) -> None:
    """Let Noor get a file that the platform refuses at first, then takes without saying so; then the process dies."""
    before = len(stage.noor.direct_messages)
    stage.side.fails(Call.SHARE, Trouble.SERVER_ERROR)
    stage.side.fails(Call.SHARE, Trouble.DROP_AFTER)
    await stage.noor.clicks(head, "Numbers as JSON")
    await stage.time_passes(seconds=5)
    await stage.trouble_happened()
    await stage.product_is_killed()
    await stage.product_starts()
    await stage.time_passes(seconds=120)
    await stage.rests()
    [once] = stage.noor.direct_messages[before:]
    [numbers] = once.message.files
    assert b'"messages"' in numbers.content


async def outsiders_read_a_report_until_it_is_withdrawn(stage: Story, head: Post) -> None:
    """Let the report of a digest stand below its head and come to Noor, who makes a link to it and withdraws it."""
    said = "The report, to be opened in a browser"
    [digest] = await stage.store.read(digests.last, "every morning")
    for who in ("", stage.noor.id):
        await stage.store.write(outbox_digest.file, digest, who, Form.REPORT.value, stage.clock.now())
    below, sent = await stage.reads(head, said), await stage.noor.is_paged(said)
    [same], [file] = below.message.files, sent.message.files
    page = file.content.decode()
    assert page.startswith("<!doctype html>")
    assert file.content == same.content
    await stage.noor.clicks(sent, "Link for 7 days")
    linked = await stage.noor.is_paged("reads the report, without a password")
    address = next(re.finditer(r"https://desk\.example/reports/[\w-]+", linked.text))[0]
    async with aiohttp.ClientSession() as browser:
        url = f"{stage.running.address}{urlsplit(address).path}"
        async with browser.get(url) as answer:
            assert (answer.status, await answer.text()) == (200, page)
        await stage.noor.clicks(linked, "Withdraw the link")
        await stage.rests()
        async with browser.get(url) as answer:
            assert answer.status == 404


def until_noon(now: datetime) -> float:
    """Return the seconds until it is noon in London."""
    there = now.astimezone(ZoneInfo("Europe/London"))
    return ((12 - there.hour) % 24 * 60 - there.minute) % (24 * 60) * 60


def heads(stage: Story) -> list[Post]:
    """Return the heads that are about numbers, not about tickets."""
    return [post for post in stage.side.heads if "Yesterday" in post.text or " – " in post.text.partition("\n")[0]]
