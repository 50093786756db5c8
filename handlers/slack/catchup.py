"""Catching up with what Slack told nobody: read what stands in the threads of open tickets, from a stored mark.

Slack's events get lost while nothing is connected for long. What the team wrote meanwhile still stands in the threads,
and goes the way it would have gone; the receipts make it harmless to hear something twice.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.desk import shown
from chatops.errors import Busy, PlatformError, TargetGone
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model.message import Message
from chatops.model.thread import Thread
from chatops.platforms.ports import ChannelRef
from chatops.platforms.slack.calls import answer
from chatops.platforms.slack.codes import NOT_LET_IN
from chatops.platforms.slack.stamps import order
from handlers.slack.comparing import compare, patiently
from handlers.slack.context import Context, Payload

T = TypeVar("T")

LOOK_BACK = timedelta(days=2)  # how long after a ticket was resolved its thread is still compared
PAGE = 200  # messages a request; Slack advises not to ask for more
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # seconds until what could not be read at the start is tried again; doubled
log = structlog.get_logger(__name__)


class CatchUp:
    """Compares the threads of open tickets with what we hold: at the start, on every new session, and now and then.

    One run at a time: a second one waits. It makes one request for each page of a channel's newest posts and one for
    each thread with something new, and waits whenever Slack asks for it.
    """

    def __init__(self, context: Context, client: AsyncWebClient, bot_token: str) -> None:
        self._context = context
        self._client = client
        self._bot_token = bot_token
        self._running = asyncio.Lock()

    def new_session(self) -> Awaitable[None]:
        """Begin a session at once; what is returned ends when everything from before it was heard, however often tried.

        Until then, each thread is compared before the first event from it is heard.
        """
        self._context.gap.open_anew()
        return self._close_the_gap()

    async def _close_the_gap(self) -> None:
        pause = FIRST_PAUSE
        await self.run()
        while not self._context.gap.closed:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            await self.run()

    async def run(self) -> int:
        """Compare every thread once; return how many had something new. What cannot be read now is read next time."""
        async with self._running:
            session = self._context.gap.session
            await self._go_on()
            store, workspace_id = self._context.store, self._context.workspace_id
            try:
                found = await store.read(threads.to_compare, workspace_id, self._context.now() - LOOK_BACK)
                waiting = await store.read(messages.waiting_in_open_tickets, workspace_id)
            except Busy as error:
                log.warning("catch_up_stopped", error=type(error).__name__)
                return 0
            return await self._compare(found, waiting, session)

    async def _compare(self, found: list[Thread], waiting: list[Message], session: int) -> int:
        by_channel = groupby(sorted(found, key=lambda thread: thread.channel_id), lambda thread: thread.channel_id)
        compared = 0
        for channel_id, opened in by_channel:
            try:
                compared += await self._channel(channel_id, list(opened), waiting, session)
            except TargetGone as gone:
                log.warning("channel_not_compared", channel=channel_id, code=gone.code)
            except (PlatformError, Busy) as error:
                log.warning("catch_up_stopped", channel=channel_id, error=str(error))
                break
        else:
            self._context.gap.close_all(session)
        return compared

    async def _go_on(self) -> None:
        """Let what is held for a channel go on where Slack lets us in again: nobody may have told us that it does."""
        store, workspace_id = self._context.store, self._context.workspace_id
        try:
            for channel_id in await store.read(shown.shut_channels, workspace_id, NOT_LET_IN):
                place = ChannelRef(workspace_id, channel_id)
                state = await self._patiently(partial(self._context.slack.channel_state, place))
                if state.is_member and not state.is_archived:
                    now = self._context.now()
                    await store.write(shown.channel_answers, workspace_id, channel_id, NOT_LET_IN, now)
        except (PlatformError, Busy) as error:
            log.warning("held_channels_not_looked_at", error=type(error).__name__)

    async def _channel(self, channel_id: str, opened: list[Thread], waiting: list[Message], session: int) -> int:
        newest = await self._newest_replies(channel_id, opened)
        compared = 0
        channel: Payload | None = None
        for thread in opened:
            place = channel_id, thread.external_id
            unsent = [message for message in waiting if message.source_thread_id == thread.id]
            if unsent or order(newest.get(thread.external_id, "0")) > order(thread.seen_id):
                if channel is None:
                    channel = await self._patiently(partial(self._about, channel_id))
                async with self._context.gap.turn(place):
                    compared += await compare(self._context, thread, unsent, channel)
            self._context.gap.close(session, place)
        return compared

    async def _about(self, channel_id: str) -> Payload:
        """Return what an event tells of the channel beside a message: whether other companies are in it."""
        call = self._client.conversations_info(token=self._bot_token, channel=channel_id)
        found = (await answer(call, repeatable=True))["channel"]
        return {"is_ext_shared_channel": bool(found.get("is_ext_shared"))}

    async def _newest_replies(self, channel_id: str, opened: list[Thread]) -> dict[str, str]:
        """Return the newest reply of each thread that has one, by its head."""
        oldest = min((thread.external_id for thread in opened), key=order)
        return {
            post["ts"]: post["latest_reply"]
            async for post in self._posts(channel_id, oldest)
            if post.get("latest_reply")
        }

    async def _posts(self, channel_id: str, oldest: str) -> AsyncIterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = await self._patiently(partial(self._page, channel_id, oldest, cursor))
            for post in page["messages"]:
                yield post
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _page(self, channel_id: str, oldest: str, cursor: str | None) -> AsyncSlackResponse:
        call = self._client.conversations_history(
            token=self._bot_token, channel=channel_id, oldest=oldest, inclusive=True, limit=PAGE, cursor=cursor
        )
        return await answer(call, repeatable=True)

    async def _patiently(self, read: Callable[[], Awaitable[T]]) -> T:
        return await patiently(self._context, read)
