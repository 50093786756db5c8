"""What the desk says reaches Discord once, whatever breaks."""

from pathlib import Path

import pytest

from chatops.model import media as medias
from chatops.platforms.ports import ChannelRef
from chatops.sandbox.faults import Trouble
from chatops.store import Store
from tests.desk.scenes import SHOP
from tests.platforms.discord.carrying import all_there, mia_writes, says, shown, working
from tests.platforms.discord.desk import PNG, Desk


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("channel", ""),
        ("channel", "messages.create"),
        ("channel", "threads.open_on"),
        ("forum", "threads.create"),
        ("forum", "messages.create"),
    ],
)
async def test_a_buyers_words_stand_once_in_one_thread_whatever_breaks(
    desk: Desk, store: Store, place: str, name: str
) -> None:
    channel: ChannelRef = getattr(desk, place)
    if name:
        desk.trouble(name, Trouble.DROP_AFTER)
    await store.write(mia_writes, desk, channel)
    async with working(desk, store):
        await desk.world.until(lambda: all_there(desk), timeout=30, describe="Mia's words")
    [thread] = desk.world.server.threads
    assert thread.parent_id == channel.channel_id
    words = "\n".join(shown(desk)[0])
    assert words.index("Where is my parcel?") < words.index("Monday")
    assert words.count("parcel") == words.count("Monday") == 1
    assert len(desk.support.messages) == (place == "channel")
    assert desk.world.server.pings == []


async def test_a_buyers_picture_is_read_from_our_own_disk_whenever_it_is_shown(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    async with working(desk, store, media_dir=tmp_path):
        await store.write(mia_writes, desk, desk.forum)
        await store.write(says, desk, "https://pictures.example/parcel.png", 3, "c1", "IMAGE")
        [thread] = await desk.world.until(lambda: desk.world.server.threads, describe="the post")
        shown = await thread.expects(lambda message: message.files)
    assert shown.files[0].content == PNG
    media = await store.read(medias.get, SHOP, "m3")
    assert media
    assert media.uploads == {}
