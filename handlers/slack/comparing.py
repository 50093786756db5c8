"""One thread compared with what we hold of it, and the order in which it is heard: first what came first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from chatops.desk import hearing, shown
from chatops.errors import Busy, PlatformError, RateLimited, TargetGone
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.stamps import order
from chatops.store.transaction import Transaction
from handlers.slack import messages as events
from handlers.slack.context import Context, Payload

T = TypeVar("T")

FIRST_WITHIN = 1.8  # seconds; Slack waits three for the acknowledgement, and what is heard must be kept before that
LOOK_AGAIN = 0.2  # seconds after Slack could not tell
log = structlog.get_logger(__name__)


async def message(context: Context, event: Payload, body: Payload) -> None:
    """Hear a message event, but first what was written in its thread before this session began.

    The buyer reads answers in the order in which the team wrote them. What cannot be read in time is heard later: new
    answers do not wait for ever, and what is acknowledged too late would come again. A deletion is never kept waiting.
    """
    session = context.gap.session
    said = event.get("message") or {} if event.get("subtype") == "message_changed" else event
    place = event.get("channel") or "", said.get("thread_ts") or ""
    in_thread = place[1] and said.get("ts") != place[1]
    if in_thread and context.gap.is_open(place) and context.is_colleague(said, body):
        try:
            async with asyncio.timeout(FIRST_WITHIN):
                await _first(context, place, body)
        except (PlatformError, Busy, TimeoutError) as error:
            log.warning("heard_before_what_came_first", channel=place[0], error=type(error).__name__)
            context.gap.close(session, place)  # what comes now shall not wait in vain once more
    await events.message(context, event, body)


async def _first(context: Context, place: tuple[str, str], body: Payload) -> None:
    """Compare a thread of ours, unless somebody did since this session began."""
    session = context.gap.session
    async with context.gap.turn(place):
        while context.gap.is_open(place):
            thread, unsent = await context.store.read(_thread_at, context.workspace_id, *place)
            try:
                if thread is not None:
                    await compare(context, thread, unsent, body)
            except PlatformError as error:
                log.info("thread_not_compared", error=error.code)
                await asyncio.sleep(LOOK_AGAIN)
            else:
                context.gap.close(session, place)
                return


def _thread_at(tx: Transaction, workspace_id: str, channel_id: str, head: str) -> tuple[Thread | None, list[Message]]:
    """Return a thread of ours, and the answers written in it that have not left."""
    thread = threads.at(tx, workspace_id, channel_id, head)
    waiting = messages.waiting_in_open_tickets(tx, workspace_id) if thread is not None else []
    return thread, [answer for answer in waiting if thread is not None and answer.source_thread_id == thread.id]


async def compare(context: Context, thread: Thread, unsent: list[Message], channel: Payload) -> bool:
    """Hear what stands in a thread, and that an answer which has not left does not stand there any more.

    `channel` tells whether other companies are in the channel, as the outer part of an event does. A thread that cannot
    be understood is passed over, so that neither its new answers nor the other threads wait for it.
    """
    try:
        return await _compared(context, thread, unsent, channel)
    except (PlatformError, Busy):
        raise  # not the thread's fault: it is compared again soon
    except Exception:
        log.exception("thread_not_understood", thread=thread.external_id)
        return False


async def _compared(context: Context, thread: Thread, unsent: list[Message], channel: Payload) -> bool:
    wanted = {message.source_id for message in unsent if message.source_id}
    since = min((thread.seen_id, *map(_just_before, wanted)), key=order)
    there = await _standing(context, thread, since)
    for said in there:
        await _hear(context, said, thread, channel)
    write, now = context.store.write, context.now()
    for missing in wanted - {said["ts"] for said in there}:
        await write(hearing.deleted, thread.workspace_id, thread.channel_id, missing, now)
    if there:
        seen = max((said["ts"] for said in there), key=order)
        await write(shown.thread_compared, thread.workspace_id, thread.id, seen)
    return bool(there or wanted)


async def _standing(context: Context, thread: Thread, since: str) -> list[Payload]:
    """Return what stands in a thread after `since`; nothing when the thread is gone with its head."""
    place = ThreadRef(thread.workspace_id, thread.channel_id, thread.external_id)
    there: list[Payload] = []
    while True:
        try:
            async for said in context.slack.payloads_after(place, since):
                there.append(said)
                since = said["ts"]
            return [said for said in there if said.get("subtype") != "tombstone"]
        except RateLimited as limited:
            await _pause(context, limited)
        except TargetGone as gone:
            if gone.code != "thread_not_found":
                raise
            return []


async def _hear(context: Context, said: Payload, thread: Thread, channel: Payload) -> None:
    """Hear one message; one that cannot be heard is passed over, so that it does not keep the others back."""
    try:
        heard = events.read(context, said, thread.channel_id, channel)
        if heard is not None:
            verb = hearing.edited if heard.edit_id else hearing.said
            await context.store.write(verb, heard, context.now())
    except Busy:
        raise  # not the message's fault: all of it is read again with the next run
    except Exception:
        log.exception("message_not_heard", message=said["ts"])


async def patiently(context: Context, read: Callable[[], Awaitable[T]]) -> T:
    """Read, again after each pause that Slack asks for."""
    while True:
        try:
            return await read()
        except RateLimited as limited:
            await _pause(context, limited)


async def _pause(context: Context, limited: RateLimited) -> None:
    log.info("catch_up_waits", seconds=limited.retry_after.total_seconds())
    await context.time.wait(asyncio.Event(), context.now() + limited.retry_after)


def _just_before(ts: str) -> str:
    """Return the largest message id below `ts`."""
    seconds, micros = order(ts)
    whole = seconds * 1_000_000 + micros - 1
    return f"{whole // 1_000_000}.{whole % 1_000_000:06d}"
