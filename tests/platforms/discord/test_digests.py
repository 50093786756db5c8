"""A digest in Discord: its head waits for no thread, and what stands below it is said once, whatever breaks."""

from datetime import timedelta

import msgspec
import pytest

from chatops import outbox_digest as outbox
from chatops.digest.scope import Scope
from chatops.errors import TargetGone
from chatops.model.digest import Digest, DigestState
from chatops.outbox import Kind
from chatops.platforms.discord.readback import SAID
from chatops.platforms.ports import ChannelRef
from chatops.sandbox.discord import messages
from chatops.sandbox.faults import Trouble
from chatops.store import Store, Transaction, lanes
from tests.desk.scenes import SHOP
from tests.platforms.discord.carrying import working
from tests.platforms.discord.desk import HELLO, Desk

CALLED = {"pages": {"pages": 2, "unheard": 0, "calls": 3}}
REFUSED = 250  # seconds until the server takes another thread


def is_counted(tx: Transaction, desk: Desk, place: ChannelRef) -> None:
    """Let a digest be ready to be said in a channel or forum."""
    now = desk.world.time.now()
    digest = Digest(
        workspace_id=place.workspace_id,
        channel_id=place.channel_id,
        due_at=now,
        start_at=now - timedelta(days=1),
        end_at=now,
        timezone="UTC",
        scope=msgspec.to_builtins(Scope(place.workspace_id, (SHOP,))),
        sections=list(CALLED),
        numbers=CALLED,
        state=DigestState.COUNTED,
        locale="en",
        made_at=now,
    )
    tx.insert(digest)
    outbox.post(tx, digest, now)


def below(desk: Desk) -> list[list[str]]:
    """Return what stands below each head that has a thread."""
    return [
        [str(said.embeds) for said in thread.messages.values() if said.id != thread.id and said.type in SAID]
        for thread in desk.world.server.threads
    ]


async def stand(desk: Desk, heads: int) -> None:
    await desk.world.until(lambda: len(desk.support.messages) == heads, describe=f"{heads} heads")


async def follows(desk: Desk, heads: int) -> None:
    await desk.world.until(lambda: len(list(filter(None, below(desk)))) == heads, describe=f"what {heads} tell")


async def test_a_thread_follows_below_a_head_once_and_a_forums_post_is_one(desk: Desk) -> None:
    for place in (desk.channel, desk.forum):
        head = await desk.discord.post(desk.thread("", place), HELLO, "d-1")
        for _ in range(2):
            await desk.discord.open_below(desk.thread(head.external_id, place), HELLO)
    assert [(thread.parent_id, thread.name) for thread in desk.world.server.threads] == [
        (desk.support.id, "Mia"), (desk.tickets.id, "Mia"),
    ]  # fmt: skip
    with pytest.raises(TargetGone) as told:
        await desk.discord.open_below(desk.thread("1"), HELLO)
    assert told.value.code == "unknown_message"


@pytest.mark.parametrize(
    ("place", "breaks"),
    [
        ("channel", "messages.create"),
        ("channel", "threads.open_on"),
        ("forum", "threads.create"),
        ("forum", "messages.create"),
    ],
)
async def test_head_and_section_stand_once_whatever_breaks(desk: Desk, store: Store, place: str, breaks: str) -> None:
    desk.trouble(breaks, Trouble.DROP_AFTER)
    await store.write(is_counted, desk, getattr(desk, place))
    async with working(desk, store):
        await follows(desk, 1)
    [[told]] = below(desk)
    assert "On call" in told
    assert len(desk.support.messages) == (place == "channel")


async def test_a_refused_thread_holds_up_no_head_and_follows_once_even_after_a_restart(
    desk: Desk, store: Store
) -> None:
    desk.trouble("threads.open_on", Trouble.RATE_LIMITED, retry_after=REFUSED, code="shared")
    async with working(desk, store):
        await store.write(is_counted, desk, desk.channel)
        await desk.world.until(lambda: desk.asked("threads.open_on"), describe="the refusal")
    async with working(desk, store):
        await store.write(is_counted, desk, desk.channel)
        await stand(desk, 2)
    assert desk.asked("threads.open_on") == 1
    desk.world.time.skip(timedelta(seconds=REFUSED))
    async with working(desk, store):
        await follows(desk, 2)
    assert [len(told) for told in below(desk)] == [1, 1]
    assert len(desk.support.messages) == 2


async def test_below_a_head_that_somebody_deleted_nothing_is_said_and_nobody_is_bothered(
    desk: Desk, store: Store
) -> None:
    desk.trouble("threads.open_on", Trouble.RATE_LIMITED, retry_after=REFUSED, code="shared")
    await store.write(is_counted, desk, desk.channel)
    async with working(desk, store):
        await desk.world.until(lambda: desk.asked("threads.open_on"), describe="the refusal")
    [head] = desk.support.messages.values()
    messages.remove(desk.world.server, desk.support, head)
    desk.world.time.skip(timedelta(seconds=REFUSED))
    async with working(desk, store):
        await desk.world.until(lambda: desk.asked("threads.open_on") == 2, describe="another try")
    assert below(desk) == []
    assert not {Kind.DIGEST_THREAD, Kind.DIGEST_FAILED}.intersection(await store.read(lanes.waiting))
