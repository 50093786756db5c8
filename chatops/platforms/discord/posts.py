"""Threads as Discord has them: below a message of a text channel, or as the posts of a forum.

A message of a text channel and its thread are made in two steps that may each be repeated. A forum's post is made in
one that may not: whoever is in doubt looks through the posts first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from weakref import WeakValueDictionary

from chatops.errors import PlatformError, Rejected, TargetGone
from chatops.platforms.discord import tags
from chatops.platforms.discord.calls import Wire, harmless
from chatops.platforms.discord.readback import Identity, came_from, delivery_of
from chatops.platforms.discord.stamps import EPOCH, instant, order, stamp
from chatops.times import TimeSource
from chatops.ui import Card

PAGE = 100
SHOWN_FOR = 10_080  # minutes (a week) that a quiet thread stays in the channel list

FORUMS = {15, 16}  # Discord's numbers of a forum and of one for pictures
KNOWN_FOR = timedelta(minutes=5)  # what a forum's tags are called
KNOWN_POSTS = 10_000  # whose deliveries are remembered


class Place(Enum):
    """What a channel is made of."""

    MESSAGES = "messages"
    POSTS = "posts"


class Posts:
    """Knows which channels are forums and their tags, opens threads, keeps them as their cards say, looks through them.

    What a channel is never changes; in a rush it is asked once for all.
    """

    def __init__(self, wire: Wire, time: TimeSource) -> None:
        self._wire = wire
        self._time = time
        self._asked: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._asked_at: dict[str, datetime] = {}
        self._made_by: OrderedDict[str, str] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # of threads, while they are used

    async def place(self, channel_id: str) -> Place:
        """Say whether a channel is a forum."""
        return Place.POSTS if (await self._channel(channel_id))["type"] in FORUMS else Place.MESSAGES

    async def tags(self, forum_id: str, card: Card, applied: Sequence[str] = ()) -> list[str]:
        """Return the tags that a card's post is to carry; `applied` are those it has."""
        if self._time.now() - self._asked_at.get(forum_id, EPOCH) > KNOWN_FOR:
            self.forget(forum_id)
        return tags.chosen(await self._channel(forum_id), card, applied)

    def forget(self, channel_id: str) -> None:
        """Ask anew what a channel is like when that matters next."""
        self._asked.pop(channel_id, None)

    async def _channel(self, channel_id: str) -> Mapping[str, Any]:
        asked = self._asked.get(channel_id)
        if asked is None:
            asked = self._asked[channel_id] = asyncio.ensure_future(self._look(channel_id))
            self._asked_at[channel_id] = self._time.now()
        try:
            return await asyncio.shield(asked)
        except PlatformError:
            if self._asked.get(channel_id) is asked:
                del self._asked[channel_id]
            raise

    async def _look(self, channel_id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._wire.call("GET /channels/{}", channel_id, repeatable=True)
        return found

    async def keep(self, channel_id: str, thread_id: str, card: Card, redraw: Callable[[], Awaitable[None]]) -> None:
        """Redraw the head of a thread by `redraw`, and give the thread the tags its card asks for.

        A closed card's thread is put away, an open one's comes back. Only what differs is changed: Discord takes few
        changes of a thread.
        """
        async with self._turn(thread_id):
            await self._keep(channel_id, thread_id, card, redraw)

    async def _keep(self, channel_id: str, thread_id: str, card: Card, redraw: Callable[[], Awaitable[None]]) -> None:
        try:
            thread = await self._wire.call("GET /channels/{}", thread_id, repeatable=True)
        except TargetGone as gone:
            if gone.code != "unknown_channel":
                raise
            await redraw()  # the head of a deleted thread may still stand in its channel
            return
        is_post, put_away = await self.place(channel_id) is Place.POSTS, thread["thread_metadata"]["archived"]
        if put_away and (is_post or not card.closed):
            await self._show_state(thread, card, archived=False)
            await redraw()
            if card.closed:
                await self.set_archived(thread_id, archived=True)
        else:
            await redraw()
            await self._show_state(thread, card, **({"archived": True} if card.closed and not put_away else {}))

    async def _show_state(self, thread: Mapping[str, Any], card: Card, **state: bool) -> None:
        """Give a thread its card's tags, and `state`, which it gets also when its forum does not take the tags."""
        for _ in range(2):  # the second time with the tags that the forum has now
            tagged = await self._tagged(thread, card)
            if not tagged:
                break
            try:
                await self._alter(thread["id"], {**state, **tagged})
            except Rejected as refused:
                if refused.code not in tags.CHANGED:
                    raise
                self.forget(thread["parent_id"])
            except TargetGone as gone:
                if gone.code != "missing_permissions":
                    raise
                break  # some tags only moderators may give
            else:
                return
        if state:
            await self._alter(thread["id"], state)

    async def _tagged(self, thread: Mapping[str, Any], card: Card) -> dict[str, Any]:
        """Return what is to change about the tags of a thread: nothing where it has none."""
        if await self.place(thread["parent_id"]) is not Place.POSTS:
            return {}
        applied = list(thread.get("applied_tags") or ())
        wanted = await self.tags(thread["parent_id"], card, applied)
        return {} if set(wanted) == set(applied) else {"applied_tags": wanted}

    async def _alter(self, thread_id: str, change: Mapping[str, Any]) -> Mapping[str, Any]:
        route = "PATCH /channels/{}"
        thread: Mapping[str, Any] = await self._wire.call(route, thread_id, repeatable=True, body=change)
        return thread

    async def open_below(self, channel_id: str, message_id: str, name: str) -> None:
        """Open the thread below a message, unless it is open already."""
        body = {"name": name, "auto_archive_duration": SHOWN_FOR}
        with harmless("thread_exists"):
            await self._wire.call(
                "POST /channels/{}/messages/{}/threads", channel_id, message_id, repeatable=True, body=body
            )

    def _turn(self, thread_id: str) -> asyncio.Lock:
        """Let one at a time put a thread away or get it back, or one would undo what the other just did."""
        return self._turns.setdefault(thread_id, asyncio.Lock())

    async def although_put_away(self, thread_id: str, change: Callable[[], Awaitable[None]]) -> None:
        """Do something in a thread; one that was put away is got back for it and, if it stays quiet, put away again.

        It is quiet when nothing was said in it meanwhile and its tags are as they were: another process may keep it.
        """
        async with self._turn(thread_id):
            await self._although_put_away(thread_id, change)

    async def _although_put_away(self, thread_id: str, change: Callable[[], Awaitable[None]]) -> None:
        try:
            await change()
        except Rejected as refused:
            if refused.code != "thread_archived":
                raise
        else:
            return
        before = await self._alter(thread_id, {"archived": False})
        try:
            await change()
        finally:
            after = await self._wire.call("GET /channels/{}", thread_id, repeatable=True)
            if all(after.get(sign) == before.get(sign) for sign in ("last_message_id", "applied_tags")):
                await self.set_archived(thread_id, archived=True)

    async def set_archived(self, thread_id: str, *, archived: bool) -> None:
        """Put a thread away, or get it back."""
        await self._alter(thread_id, {"archived": archived})

    def remember(self, post_id: str, delivery: str) -> None:
        """Remember which delivery made a post ("": none that it tells), so that it is not read for another one."""
        self._made_by[post_id] = delivery
        if len(self._made_by) > KNOWN_POSTS:
            self._made_by.popitem(last=False)

    async def find(self, server_id: str, forum_id: str, delivery: str, since: datetime, ours: Identity) -> str | None:
        """Return the post of ours that came from `delivery`, made at `since` or later.

        In a rush that is one request for each of very many posts. None is read twice: whoever has to stop on the way
        goes on from there the next time.
        """
        async for post_id in self._ours(server_id, forum_id, since, ours.user_id):
            if self._made_by.get(post_id, delivery) != delivery:
                continue
            try:
                message = await self._wire.call("GET /channels/{}/messages/{}", post_id, post_id, repeatable=True)
            except TargetGone:
                continue  # somebody deleted it, and the post with it or not
            if came_from(message, delivery, ours):
                return post_id
            self.remember(post_id, delivery_of(message) or "")
        return None

    async def _ours(self, server_id: str, forum_id: str, since: datetime, our_id: str) -> AsyncIterator[str]:
        """Yield our posts in a forum, open or put away, newest first."""
        oldest = order(stamp(since))
        found = await self._wire.call("GET /guilds/{}/threads/active", server_id, repeatable=True)
        mine = [thread for thread in found["threads"] if thread.get("parent_id") == forum_id]
        for post_id in _of(mine, our_id, oldest):
            yield post_id
        async for page in self._put_away(forum_id, since):
            for post_id in _of(page, our_id, oldest):
                yield post_id

    async def newest_messages(self, server_id: str, channel_id: str, since: str) -> dict[str, str]:
        """Return the newest message of each thread of a channel that holds one newer than the id `since`."""
        found = await self._wire.call("GET /guilds/{}/threads/active", server_id, repeatable=True)
        here = [thread for thread in found["threads"] if thread.get("parent_id") == channel_id]
        async for page in self._put_away(channel_id, instant(since)):
            here += page
        newest = {thread["id"]: thread.get("last_message_id") or thread["id"] for thread in here}
        return {thread_id: message for thread_id, message in newest.items() if order(message) > order(since)}

    async def _put_away(self, channel_id: str, since: datetime) -> AsyncIterator[list[Mapping[str, Any]]]:
        """Yield a channel's archived threads page by page, down to those put away before `since`."""
        query = {"limit": str(PAGE)}
        route = "GET /channels/{}/threads/archived/public"
        while True:
            page = await self._wire.call(route, channel_id, repeatable=True, query=query)
            yield page["threads"]
            put_away = [thread["thread_metadata"]["archive_timestamp"] for thread in page["threads"]]
            if not page.get("has_more") or not put_away or datetime.fromisoformat(put_away[-1]) < since:
                return
            query["before"] = put_away[-1]


def _of(threads: list[Mapping[str, Any]], our_id: str, oldest: int) -> list[str]:
    ids = [str(thread["id"]) for thread in threads if thread.get("owner_id") == our_id]
    return sorted((one for one in ids if order(one) >= oldest), key=order, reverse=True)


async def messages(wire: Wire, channel_id: str, after: str, page_size: int = PAGE) -> AsyncIterator[Mapping[str, Any]]:
    """Yield a channel's messages that are newer than the id `after`, oldest first."""
    while True:
        query = {"after": after, "limit": str(page_size)}
        page = await wire.call("GET /channels/{}/messages", channel_id, repeatable=True, query=query)
        for message in sorted(page, key=lambda message: order(message["id"])):
            yield message
            after = message["id"]
        if len(page) < page_size:
            return
