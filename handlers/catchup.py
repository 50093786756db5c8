"""Catching up with what a chat platform told nobody: read what stands in the threads of open tickets, from a mark.

What happens while nothing is connected is told to nobody. What the team wrote meanwhile still stands in the threads,
and goes the way it would have gone; the receipts make it harmless to hear something twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Protocol

import structlog

from chatops.desk import shown
from chatops.errors import Busy, PlatformError, TargetGone
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.platforms.ports import ChannelRef
from handlers.comparing import Payload, Reader, compare, patiently

LOOK_BACK = timedelta(days=2)  # how long after a ticket was resolved its thread is still compared
MOST_FAILURES = 3  # channels that cannot be read, one after another, until the rest is left for later
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # seconds until what could not be read at the start is tried again; doubled
log = structlog.get_logger(__name__)


class Channels(Reader, Protocol):
    """How the channels of one chat platform are looked through; calls may raise `RateLimited`, and are made again."""

    @property
    def not_let_in(self) -> Collection[str]:
        """The refusals that end without a word to us."""
        ...

    async def workspace_ids(self) -> Sequence[str]:
        """Return the workspaces this platform's bot hears."""
        ...

    async def lets_in(self, channel: ChannelRef) -> bool:
        """Tell whether we may post into a channel."""
        ...

    async def about(self, channel: ChannelRef) -> Payload:
        """Return what an event tells of a channel beside a message."""
        ...

    async def newest(self, channel: ChannelRef, opened: Sequence[Thread]) -> Mapping[str, str]:
        """Return the newest message of each of these threads that may have one, by its head."""
        ...


class CatchUp:
    """Compares the threads of open tickets with what we hold: at the start, on every new session, and now and then.

    One run at a time: a second one waits. It looks once through each channel and once into each thread with something
    new, and waits whenever the platform asks for it.
    """

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._running = asyncio.Lock()

    def new_session(self, then: Callable[[], None] | None = None) -> Awaitable[None]:
        """Begin a session at once; what is returned ends when everything from before it was heard, however often tried.

        Until then, each thread is compared before the first event from it is heard; `then` is called at the end.
        """
        self._channels.context.gap.open_anew()
        return self._close_the_gap(then)

    async def _close_the_gap(self, then: Callable[[], None] | None) -> None:
        pause = FIRST_PAUSE
        await self.run()
        while not self._channels.context.gap.closed:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            await self.run()
        if then is not None:
            then()

    async def run(self) -> int:
        """Compare every thread once; return how many had something new. What cannot be read now is read next time."""
        async with self._running:
            session = self._channels.context.gap.session
            compared, complete = 0, True
            try:
                for workspace_id in await self._channels.workspace_ids():
                    found, well = await self._workspace(workspace_id, session)
                    compared, complete = compared + found, complete and well
            except Busy as error:
                log.warning("catch_up_stopped", error=type(error).__name__)
                return compared
            if complete:
                self._channels.context.gap.close_all(session)
            return compared

    async def _workspace(self, workspace_id: str, session: int) -> tuple[int, bool]:
        """Compare one workspace's threads; return how many had something new, and whether all could be read."""
        await self._go_on(workspace_id)
        read, since = self._channels.context.store.read, self._channels.context.time.now() - LOOK_BACK
        found = await read(threads.to_compare, workspace_id, since)
        waiting = await read(messages.waiting_in_open_tickets, workspace_id)
        by_channel = groupby(sorted(found, key=lambda thread: thread.channel_id), lambda thread: thread.channel_id)
        compared = failures = 0
        for channel_id, opened in by_channel:
            try:
                compared += await self._channel(ChannelRef(workspace_id, channel_id), list(opened), waiting, session)
            except TargetGone as gone:
                log.warning("channel_not_compared", channel=channel_id, code=gone.code)
            except (PlatformError, Busy) as error:
                log.warning("channel_not_compared", channel=channel_id, error=str(error))
                failures += 1
                if failures == MOST_FAILURES:  # nothing can be read now
                    break
        return compared, not failures

    async def _go_on(self, workspace_id: str) -> None:
        """Let what is held for a channel go on where we are let in again: nobody may have told us that we are."""
        store, not_let_in = self._channels.context.store, self._channels.not_let_in
        try:
            for channel_id in await store.read(shown.shut_channels, workspace_id, not_let_in):
                look = partial(self._channels.lets_in, ChannelRef(workspace_id, channel_id))
                if await patiently(self._channels.context.time, look):
                    now = self._channels.context.time.now()
                    await store.write(shown.channel_answers, workspace_id, channel_id, not_let_in, now)
        except (PlatformError, Busy) as error:
            log.warning("held_channels_not_looked_at", error=type(error).__name__)

    async def _channel(self, where: ChannelRef, opened: list[Thread], waiting: list[Message], session: int) -> int:
        channels = self._channels
        newest = await patiently(channels.context.time, partial(channels.newest, where, opened))
        compared = 0
        channel: Payload | None = None
        for thread in opened:
            place = where.channel_id, thread.external_id
            unsent = [message for message in waiting if message.source_thread_id == thread.id]
            if unsent or channels.order(newest.get(thread.external_id, "0")) > channels.order(thread.seen_id):
                if channel is None:
                    channel = await patiently(channels.context.time, partial(channels.about, where))
                async with channels.context.gap.turn(place):
                    compared += await compare(channels, thread, unsent, channel)
            channels.context.gap.close(session, place)
        return compared
