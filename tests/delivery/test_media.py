"""Pictures on their way to the team."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import pytest

from chatops.delivery.hand import AnotherTurn, Hand, Tools
from chatops.delivery.media import keep, shown_in
from chatops.desk.shown import media_fetched
from chatops.errors import PlatformError, RateLimited, Rejected, TokenRevoked, Unavailable
from chatops.model.media import Media, MediaState
from chatops.model.message import Author, Message, MessageState
from chatops.outbox import Kind
from chatops.platforms.ports import ShopRef, ThreadRef, Upload
from chatops.store import Store
from chatops.store.lanes import Claimed, InHand
from chatops.times import SystemTime

AT_ONCE = 8


def test_a_picture_that_two_threads_show_at_once_is_kept_once(tmp_path: Path) -> None:
    together = Barrier(AT_ONCE)

    def fetched(number: int) -> None:
        together.wait()
        keep(tmp_path / f"{number}" / "parcel.png", b"picture" * 50_000)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(20):
            list(threads.map(fetched, [number] * AT_ONCE))
            assert [file.name for file in (tmp_path / f"{number}").iterdir()] == ["parcel.png"]


class Shelf:
    """The marketplace's pictures, which cannot be had."""

    def __init__(self, trouble: PlatformError) -> None:
        self.trouble = trouble

    async def fetch_media(self, _shop: ShopRef, _url: str, _limit: int) -> bytes:
        raise self.trouble


async def shown(
    store: Store, trouble: PlatformError, attempts: int = 0, last_error: str = ""
) -> tuple[str | None, str]:
    time, nobody = SystemTime(), cast("Any", None)
    now = time.now()
    tools = Tools(store, time, lambda _: nobody, cast("Any", Shelf(trouble)), Path())
    head = InHand(
        "thread:1", 1, Kind.MIRROR, {}, not_before=now, attempts=attempts, last_error=last_error, created_at=now
    )
    claimed = Claimed("thread:1", "", "", [head], 0, now + timedelta(minutes=1))
    picture = Message(
        shop_id="1",
        id="m1",
        conversation_id="c1",
        author=Author.BUYER,
        kind="IMAGE",
        content={"url": "https://pictures.example/parcel.png"},
        state=MessageState.RECEIVED,
        said_at=now,
    )
    return await shown_in(tools, Hand(claimed, time), ThreadRef("T0TEAM", "C0SUPPORT", "1.0"), picture)


@pytest.mark.parametrize("trouble", [Unavailable("unreachable"), RateLimited("slow", timedelta(hours=1))])
async def test_the_words_wait_for_a_picture_for_a_minute_and_not_longer(store: Store, trouble: PlatformError) -> None:
    with pytest.raises(Unavailable) as late:
        await shown(store, trouble)
    assert await shown(store, trouble, attempts=6, last_error=late.value.code) == (None, late.value.code)


async def test_a_picture_is_tried_again_after_the_chat_platform_was_down_for_long(store: Store) -> None:
    with pytest.raises(Unavailable):
        await shown(store, Unavailable("unreachable"), attempts=50, last_error="http_503")


async def test_a_disconnected_shop_costs_the_picture_and_does_not_hold_the_thread(store: Store) -> None:
    with pytest.raises(Rejected):
        await shown(store, TokenRevoked("shop_disconnected"))


class Chat:
    """A workspace that takes every file."""

    async def upload(self, _place: ThreadRef, upload: Upload) -> str:
        return upload.name


def a_picture(number: int) -> Message:
    return Message(
        shop_id="1",
        id=f"m{number}",
        conversation_id="c1",
        author=Author.BUYER,
        kind="IMAGE",
        content={"url": f"https://pictures.example/{number}"},
        state=MessageState.RECEIVED,
        said_at=SystemTime().now(),
    )


async def test_each_picture_is_handed_on_in_a_turn_of_the_files_and_then_is_known(store: Store, tmp_path: Path) -> None:
    time, files = SystemTime(), ("chat/T0TEAM/file", "chat/T0TEAM/post/C0SUPPORT")
    tools = Tools(store, time, lambda _: cast("Any", Chat()), cast("Any", None), tmp_path)
    for number in range(2):
        kept = Media(shop_id="1", message_id=f"m{number}", state=MediaState.STORED, path=f"{number}.png", uploads={})
        (tmp_path / kept.path).touch()
        await store.write(media_fetched, kept)

    async def turn(scope: str, *pictures: int) -> list[str | None]:
        head = InHand("thread:1", 1, Kind.MIRROR, {}, time.now(), 0, None, time.now())
        hand = Hand(Claimed("thread:1", scope, "", [head], 0, time.now() + timedelta(minutes=1)), time)
        place = ThreadRef("T0TEAM", "C0SUPPORT", "1.0")
        return [(await shown_in(tools, hand, place, a_picture(number)))[0] for number in pictures]

    for scope, called in ((files[1], False), (files[0], True)):
        with pytest.raises(AnotherTurn) as other:
            await turn(scope, 0, 1)
        assert (other.value.scopes, other.value.called) == (files, called)
    assert await turn(files[0], 0, 1) == ["0.png", "1.png"]
    assert await turn(files[1], 0, 1) == ["0.png", "1.png"], "they are known"
