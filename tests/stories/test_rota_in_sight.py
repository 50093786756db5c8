"""The rotation where people look for it: as a picture in its channel, and in their own calendar."""

from typing import Any
from urllib.parse import urlsplit

import aiohttp

from chatops.sandbox.discord.reading import visible as on_discord
from chatops.sandbox.slack.reading import visible as on_slack
from chatops.sandbox.world import SLACK
from tests.stories.cast import Story

ROTATION = """
[[rotations]]
name = "front desk"
workspace = "{workspace}"
timezone = "Europe/London"
channel = "{channel}"
layers = [{{ members = ["{noor}", "{li}"], start = 2026-01-05T09:00:00, hours = {{ mon = ["09:00-24:00"] }} }}]
"""


async def test_the_rotation_is_seen_as_a_picture_and_in_a_calendar_until_its_address_is_taken_back(
    stage: Story,
) -> None:
    here = stage.cast.support if stage.side.platform == SLACK else stage.cast.discord.general
    told = {"noor": stage.noor.id, "li": stage.li.id, "channel": here.id}
    workspace = "team" if stage.side.platform == SLACK else "server"
    await stage.set_up(stage.desk_toml() + ROTATION.format(workspace=workspace, **told))
    stage.config = stage.config.model_copy(update={"public_url": "https://desk.example"})
    await stage.product_starts()
    noor, head = stage.noor, await stage.conversation(stage.cast.mia, "Where is my parcel?")

    await noor.replies(head, "!oncall picture")
    await noor.is_told("shown as a picture in the rotation's channel")
    shown: Any = await stage.until(lambda: next((one for one in everything(here) if one.files), None), "a picture")
    assert shown.files[0].content.startswith(b"\x89PNG")
    words = (on_slack(shown) if stage.side.platform == SLACK else on_discord(shown)).replace("\\", "")
    assert "On call: front desk" in words
    assert "times at which nobody is on call" in words

    await noor.replies(head, "!oncall feed back desk")
    await noor.is_told("choose one of these: front desk")
    await noor.replies(head, "!oncall feed")
    address = await address_for(stage)
    assert await read(stage, address, own=True) == 200
    await noor.replies(head, "!oncall feed front desk off")
    await stage.rests()
    assert await read(stage, address) == 404
    assert stage.cast.mia.heard == []


def everything(channel: Any) -> list[Any]:
    """Return what stands in a channel of either world."""
    return list(channel.messages.values() if isinstance(channel.messages, dict) else channel.messages)


async def address_for(stage: Story) -> str:
    """Return the address that Noor was written."""
    text = (await stage.noor.is_paged("Subscribe to this address")).text
    return next(word.strip("> ") for word in text.split() if "secret=" in word and "own=" not in word)


async def read(stage: Story, address: str, *, own: bool = False) -> int:
    """Read an address as a calendar program does; return how that went."""
    url = urlsplit(address)
    assert url.netloc == "desk.example"
    async with (
        aiohttp.ClientSession() as program,
        program.get(f"{stage.running.address}{url.path}?{url.query}{'&own=1' if own else ''}") as answer,
    ):
        text = await answer.text()
        if own:
            assert "is on call: front desk" in text
            assert "Nobody" not in text
        return answer.status
