"""One thread compared with what we hold of it, and the order in which it is heard: first what came first.

Whatever the chat platform: what differs between them is a `Reader`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

import structlog

from chatops.desk import hearing, shown
from chatops.errors import Busy, PlatformError, RateLimited, TargetGone
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.platforms.ports import ThreadRef
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource
from handlers.gap import Gap, Place

T = TypeVar("T")
Payload = Mapping[str, Any]

LOOK_AGAIN = 0.2  # seconds after the platform could not tell
log = structlog.get_logger(__name__)


class Standpoint(Protocol):
    """What the handlers of a chat platform stand on: the store, the time, and what nobody told them."""

    @property
    def store(self) -> Store:
        """Where what is heard is kept."""
        ...

    @property
    def time(self) -> TimeSource:
        """What time it is."""
        ...

    @property
    def gap(self) -> Gap:
        """What nobody told us."""
        ...


class Reader(Protocol):
    """How the threads of one chat platform are read; its messages stay the platform's own payloads."""

    @property
    def context(self) -> Standpoint:
        """Where the platform's handlers stand."""
        ...

    def standing(self, place: ThreadRef, since: str) -> AsyncIterator[Payload]:
        """Read what stands in a thread after the message `since`, oldest first."""
        ...

    def read(self, said: Payload, thread: Thread, channel: Payload) -> hearing.Said | None:
        """Return what a member of the team wrote; None when it is not that."""
        ...

    def id_of(self, said: Payload) -> str:
        """Return a message's id."""
        ...

    def order(self, message_id: str) -> Any:
        """Return what ids are sorted by."""
        ...

    def before(self, message_id: str) -> str:
        """Return the largest id below this one."""
        ...


async def first(
    reader: Reader, workspace_id: str, place: Place, channel: Payload, within: float, *, fresh: bool = False
) -> None:
    """Hear what was written in a thread before this session began, unless somebody did, before anything new from it.

    `fresh`: the thread was never compared; something may have been written in it before we knew that it is ours.
    The buyer reads answers in the order in which the team wrote them. What cannot be read `within` so many seconds is
    heard later: new answers do not wait for ever.
    """
    session = reader.context.gap.session
    try:
        async with asyncio.timeout(within):
            await _first(reader, workspace_id, place, channel, fresh=fresh)
    except (PlatformError, Busy, TimeoutError) as error:
        log.warning("heard_before_what_came_first", channel=place[0], error=type(error).__name__)
        reader.context.gap.close(session, place)  # what comes now shall not wait in vain once more


async def _first(reader: Reader, workspace_id: str, place: Place, channel: Payload, *, fresh: bool) -> None:
    session = reader.context.gap.session
    async with reader.context.gap.turn(place):
        while fresh or reader.context.gap.is_open(place):
            thread, unsent = await reader.context.store.read(_thread_at, workspace_id, *place)
            try:
                if thread is not None:
                    await compare(reader, thread, unsent, channel)
            except PlatformError as error:
                log.info("thread_not_compared", error=error.code)
                await asyncio.sleep(LOOK_AGAIN)
            else:
                reader.context.gap.close(session, place)
                return


def _thread_at(tx: Transaction, workspace_id: str, channel_id: str, head: str) -> tuple[Thread | None, list[Message]]:
    """Return a thread of ours, and the answers written in it that have not left."""
    thread = threads.at(tx, workspace_id, channel_id, head)
    waiting = messages.waiting_in_open_tickets(tx, workspace_id) if thread is not None else []
    return thread, [answer for answer in waiting if thread is not None and answer.source_thread_id == thread.id]


async def compare(reader: Reader, thread: Thread, unsent: list[Message], channel: Payload) -> bool:
    """Hear what stands in a thread, and that an answer which has not left does not stand there any more.

    `channel` tells of the channel what an event tells beside a message. A thread that cannot be understood is passed
    over, so that neither its new answers nor the other threads wait for it.
    """
    try:
        return await _compared(reader, thread, unsent, channel)
    except (PlatformError, Busy):
        raise  # not the thread's fault: it is compared again soon
    except Exception:
        log.exception("thread_not_understood", thread=thread.external_id)
        return False


async def _compared(reader: Reader, thread: Thread, unsent: list[Message], channel: Payload) -> bool:
    wanted = {message.source_id for message in unsent if message.source_id}
    since = min((thread.seen_id, *map(reader.before, wanted)), key=reader.order)
    there = await _standing(reader, thread, since)
    for said in there:
        await _hear(reader, said, thread, channel)
    write, now = reader.context.store.write, reader.context.time.now()
    ids = {reader.id_of(said) for said in there}
    head = reader.order(thread.external_id)  # what stood below a former one was not read
    for missing in (message_id for message_id in wanted - ids if reader.order(message_id) > head):
        await write(hearing.deleted, thread.workspace_id, thread.channel_id, missing, now)
    if ids:
        await write(shown.thread_compared, thread.workspace_id, thread.id, max(ids, key=reader.order))
    return bool(there or wanted)


async def _standing(reader: Reader, thread: Thread, since: str) -> list[Payload]:
    """Return what stands in a thread after `since`; nothing when the thread is gone with its head."""
    place = ThreadRef(thread.workspace_id, thread.channel_id, thread.external_id)
    there: list[Payload] = []
    while True:
        try:
            async for said in reader.standing(place, since):
                there.append(said)
                since = reader.id_of(said)
        except RateLimited as limited:
            await _pause(reader.context.time, limited)
        except TargetGone as gone:
            if gone.code != "thread_not_found":
                raise
            return []
        else:
            return there


async def _hear(reader: Reader, said: Payload, thread: Thread, channel: Payload) -> None:
    """Hear one message; one that cannot be heard is passed over, so that it does not keep the others back."""
    try:
        heard = reader.read(said, thread, channel)
        if heard is not None:
            verb = hearing.edited if heard.edit_id else hearing.said
            await reader.context.store.write(verb, heard, reader.context.time.now())
    except Busy:
        raise  # not the message's fault: all of it is read again with the next run
    except Exception:
        log.exception("message_not_heard", message=reader.id_of(said))


async def patiently(time: TimeSource, read: Callable[[], Awaitable[T]]) -> T:
    """Read, again after each pause that the platform asks for."""
    while True:
        try:
            return await read()
        except RateLimited as limited:
            await _pause(time, limited)


async def _pause(time: TimeSource, limited: RateLimited) -> None:
    until: datetime = time.now() + limited.retry_after
    log.info("catch_up_waits", seconds=limited.retry_after.total_seconds())
    await time.wait(asyncio.Event(), until)
