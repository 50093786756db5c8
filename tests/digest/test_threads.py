"""The thread that Discord opens below a digest's head: what belongs there waits for it, and nothing else does."""

from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import col, update

from chatops.delivery import digests as carriers
from chatops.delivery.hand import Hand, Tools
from chatops.desk import digests, shown
from chatops.desk.digests import Said
from chatops.errors import TargetGone
from chatops.model.digest import Digest
from chatops.outbox import Kind
from chatops.platforms.ports import ThreadRef
from chatops.store.lanes import Claimed, InHand, Lane, held_lanes
from chatops.times import SystemTime
from chatops.ui import Card
from tests.desk.scenes import SUPPORT, BuyerThere, Desk
from tests.digest.test_carrying import DAY, Reads, begun, counted, fails, found
from tests.digest.test_lacks import send_again

SERVER = "900000000000000001"  # of Discord


def posted(desk: Desk, mia: BuyerThere, **place: Any) -> Digest:
    """Let the head of a digest with a report stand on a server of Discord."""
    mia.says("Hello")
    digest = counted(desk, begun(desk, report_to=("here",)))
    desk.tx.update(digest, workspace_id=SERVER, **place)
    digests.posted(desk.tx, digest.id or 0, Said("100"), desk.now)
    return found(desk)


class Opened:
    """A channel that opens threads, and keeps below which heads."""

    def __init__(self) -> None:
        self.below: list[str] = []

    async def open_below(self, head: ThreadRef, _card: Card) -> None:
        self.below.append(head.thread_id)


@pytest.mark.parametrize(
    ("place", "waits"),
    [
        ({}, [Kind.DIGEST_THREAD]),
        ({"thread_id": "70"}, [Kind.DIGEST_SECTION, Kind.DIGEST_FILE]),  # there is one
        ({"channel_id": "", "asked_by": "mia", "report_to": []}, []),  # a direct message has none
        ({"numbers": {}}, []),  # it would stand empty
    ],
)
def test_in_discord_what_a_digest_says_below_its_head_waits_for_a_thread_that_is_to_be_opened(
    desk: Desk, mia: BuyerThere, place: dict[str, Any], waits: list[Kind]
) -> None:
    posted(desk, mia, **place)
    assert [kind for kind in (Kind.DIGEST_THREAD, Kind.DIGEST_SECTION, Kind.DIGEST_FILE) if desk.waiting(kind)] == waits


async def test_once_a_thread_is_open_all_that_belongs_there_follows(desk: Desk, mia: BuyerThere) -> None:
    posted(desk, mia)
    head, opened, time = InHand(**desk.waiting(Kind.DIGEST_THREAD)[0].model_dump()), Opened(), SystemTime()
    tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", opened), cast("Any", None), Path())
    result = await carriers.open_thread(tools, Hand(Claimed(head.lane, "", "", [head], 0, time.now() + DAY), time))
    assert (opened.below, desk.waiting(Kind.DIGEST_SECTION)) == (["100"], [])
    assert result.apply
    result.apply(desk.tx)
    assert [one.args["head"] for one in desk.waiting(Kind.DIGEST_SECTION)] == ["100"]
    assert len(desk.waiting(Kind.DIGEST_FILE)) == 1


def test_a_thread_that_waits_until_we_are_let_in_again_goes_on_with_its_channel(desk: Desk, mia: BuyerThere) -> None:
    posted(desk, mia)
    [thread] = desk.waiting(Kind.DIGEST_THREAD)
    desk.tx.execute(update(Lane).where(col(Lane.key) == thread.lane).values(held=True, ready_at=None))
    shown.channel_back(desk.tx, SERVER, "another", desk.now)
    assert [lane.key for lane in held_lanes(desk.tx)] == [thread.lane]
    shown.channel_back(desk.tx, SERVER, SUPPORT, desk.now)
    assert held_lanes(desk.tx) == []


def test_below_a_head_without_its_thread_everything_is_sent_again_with_that(desk: Desk, mia: BuyerThere) -> None:
    digest = posted(desk, mia)
    fails(desk, digest, Kind.DIGEST_THREAD, TargetGone("missing_permissions"))
    send_again(desk, f"{digest.id}/section", SERVER)
    assert [one.args["again"] for one in desk.waiting(Kind.DIGEST_THREAD)] == [False, True]
    digests.say_below(desk.tx, found(desk), desk.now, again=True)
    for kind in (Kind.DIGEST_SECTION, Kind.DIGEST_FILE):
        assert ["again" in one.args for one in desk.waiting(kind)] == [True], "it looks whether it stands"
