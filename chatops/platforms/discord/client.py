"""Discord as a `ChatPlatform`, over REST alone: no gateway, no cache."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp

from chatops.errors import PlatformError, Rejected, TargetGone, Unsure
from chatops.platforms.cutting import Shortened, in_figures
from chatops.platforms.discord import files, posts, tags
from chatops.platforms.discord.answers import Answers
from chatops.platforms.discord.calls import API_URL, TIMEOUT, Attached, Wire, harmless, thread_gone
from chatops.platforms.discord.commands import Commands
from chatops.platforms.discord.forms import paint_form
from chatops.platforms.discord.paint import holds, thread_name
from chatops.platforms.discord.people import People
from chatops.platforms.discord.posts import Place, Posts
from chatops.platforms.discord.presses import Presses
from chatops.platforms.discord.readback import (
    SAID,
    Identity,
    agent_profile,
    came_from,
    chat_message,
    name_of,
)
from chatops.platforms.discord.saying import Saying
from chatops.platforms.discord.stamps import instant, stamp
from chatops.platforms.discord.standing import ChannelState, RoleState, SessionsLeft, Standing
from chatops.platforms.discord.webhooks import Webhooks
from chatops.platforms.pieces import pieces
from chatops.platforms.ports import (
    AgentProfile,
    ChannelRef,
    ChatFile,
    ChatMessage,
    Mark,
    MessageRef,
    PersonRef,
    Receipt,
    ThreadRef,
    Upload,
)
from chatops.times import TimeSource
from chatops.ui import Card, Form, Speaker

CLOCKS_APART = timedelta(minutes=5)  # how far our clock and Discord's may differ when we look for our own message

_MARKS = {Mark.WAITING: "⏳", Mark.ACCEPTED: "✅", Mark.FAILED: "❌"}


class DiscordPlatform:
    """Carries cards to Discord; a call either did what it says or raises a `PlatformError` (see `ports`).

    A workspace is a server; one bot serves any number of them. A thread has the id of its head, and the channel of a
    thread is the forum or text channel it belongs to. Profiles belong to the server of `at`. Close it when done.
    """

    def __init__(
        self,
        token: str,
        *,
        time: TimeSource,
        api_url: str = API_URL,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        shortened: Shortened = in_figures,
        page_size: int = posts.PAGE,
    ) -> None:
        self._time = time
        self._wire = Wire(token, api_url, time, timeout)
        self._posts = Posts(self._wire, time)
        self._people = People(self._wire)
        self._presses = Presses(self._wire, time)
        self._standing = Standing(self._wire)
        self.answers = Answers(self._wire)
        self.commands = Commands(self._wire)
        self._saying = Saying(self._wire, Webhooks(self._wire, time), shortened)
        self._shortened = shortened
        self._page_size = page_size
        self._home = ""
        self._known: list[Identity] = []  # who we are, once we asked; shared by all that `at` returns

    def at(self, workspace_id: str) -> "DiscordPlatform":
        """Return this platform for one server: on the same connection, calls that name no workspace go there."""
        there = copy(self)
        there._home = workspace_id
        return there

    async def close(self) -> None:
        """Close the connection."""
        await self._wire.close()

    # Saying

    def pieces(self, card: Card) -> list[Card]:
        """Return a card as those that show all of it, each in one message; one that fits stays as it is."""
        return pieces(card, holds)

    async def open_thread(self, channel: ChannelRef, card: Card, delivery: str) -> Receipt:
        """Post the head of a thread; the receipt's id names both the message and the thread.

        In a text channel that is a message and the thread below it. Where the second step fails, `Unsure` is raised
        whatever the reason: `find` finishes what was begun.
        """
        if await self._posts.place(channel.channel_id) is Place.POSTS:
            return await self._opened(channel.channel_id, card, delivery)
        head = await self._saying.post(channel.channel_id, card, delivery)
        try:
            await self._posts.open_below(channel.channel_id, head.external_id, thread_name(card))
        except PlatformError as error:
            raise Unsure(error.code, "the head stands, its thread is not open yet") from error
        return head

    async def open_below(self, head: ThreadRef, card: Card) -> None:
        """Open the thread below a message of ours, unless there is one; a forum's post is one itself."""
        if await self._posts.place(head.channel_id) is not Place.POSTS:
            await self._posts.open_below(head.channel_id, head.thread_id, thread_name(card))

    async def post(self, thread: ThreadRef, card: Card, delivery: str, speaker: Speaker | None = None) -> Receipt:
        """Post a message into a thread; one that was put away comes back by it.

        A buyer's words stand under the buyer's name where a webhook of ours can say them, else under ours. A thread
        without an id is the channel itself.
        """
        if await self._is_forum(thread):
            return await self._opened(thread.channel_id, card, delivery)
        with thread_gone():
            if speaker is not None and (said := await self._speak(thread, speaker, card, delivery)):
                return said
            try:
                return await self._saying.post(thread.thread_id or thread.channel_id, card, delivery)
            except Rejected as refused:  # a moderator put it away for good, which we may undo
                if refused.code != "thread_archived":
                    raise
            await self._posts.set_archived(thread.thread_id, archived=False)
            return await self._saying.post(thread.thread_id, card, delivery)

    async def redraw(self, message: MessageRef, card: Card) -> None:
        """Replace one of our own messages; from then on it does not tell its delivery.

        A head's thread is tagged as its card is labelled, put away when that is closed, and comes back when it is not.
        """
        holder = await self._holder(message)
        change = partial(self._saying.replace, holder, message.message_id, card)
        if message.thread_id or not card.labels:
            await self._posts.although_put_away(holder, change)
        else:
            await self._posts.keep(message.channel_id, message.message_id, card, change)

    async def mark(self, message: MessageRef, mark: Mark | None) -> None:
        """Make `mark` the only mark of ours on a message (None: no mark)."""
        holder = await self._holder(message)
        where = holder, message.message_id
        found = await self._wire.call("GET /channels/{}/messages/{}", *where, repeatable=True)
        ours = {reaction["emoji"]["name"] for reaction in found.get("reactions") or () if reaction["me"]}
        present = {known for known, emoji in _MARKS.items() if emoji in ours}
        route = "/channels/{}/messages/{}/reactions/{}/@me"

        async def change() -> None:
            if mark and mark not in present:
                await self._wire.call(f"PUT {route}", *where, _MARKS[mark], repeatable=True)
            for other in present - {mark}:
                with harmless("unknown_emoji"):
                    await self._wire.call(f"DELETE {route}", *where, _MARKS[other], repeatable=True)

        await self._posts.although_put_away(holder, change)

    async def whisper(
        self, thread: ThreadRef, agent_id: str, card: Card, trigger: str = "", delivery: str = ""
    ) -> MessageRef | None:
        """Show a card to one person; may get lost, so never the only way to say something important.

        Discord hides a message from others only as the answer to a press or command. With the `trigger` of one that was
        acknowledged lately this is such an answer. Without, or when Discord has forgotten the press, it is a message in
        the thread that names the person and notifies nobody: it is returned, to be removed soon. Repeated with the same
        `delivery`, it is the same message.
        """
        if trigger and await self._follow_up(trigger, card):
            return None
        with thread_gone():
            said = await self._saying.quietly(thread.thread_id, agent_id, card, delivery)
        return MessageRef(thread.workspace_id, thread.channel_id, said, thread.thread_id)

    async def direct(self, person: PersonRef, card: Card, delivery: str) -> MessageRef:
        """Write to one person, who is notified; whether they take such messages shows only then."""
        channel_id, said = await self._people.reached(
            person, lambda channel: self._saying.post(channel, card, delivery)
        )
        return MessageRef(person.workspace_id, channel_id, said.external_id)

    async def set_group(
        self, workspace_id: str, group_id: str, members: Sequence[str], former: Sequence[str] = ()
    ) -> None:
        """Give a role to the `members` and take it from the `former`; it must stand below the bot's own."""
        await self._people.set_role(workspace_id, group_id, members, former)

    async def remove(self, message: MessageRef) -> None:
        """Delete one of our own messages; one that is gone already is fine."""
        where = await self._holder(message), message.message_id
        with suppress(TargetGone):
            await self._wire.call("DELETE /channels/{}/messages/{}", *where, repeatable=True)

    async def show_form(
        self,
        trigger: str,
        form: Form,
        place: ThreadRef | None = None,  # noqa: ARG002 - Discord tells where a form was opened
    ) -> None:
        """Open a form for the person whose press gave `trigger`: the interaction's id and token, joined by a colon.

        Good for three seconds, once, and only as the first answer to the press.
        """
        await self._presses.show_form(trigger, paint_form(form, self._shortened))

    async def answer_privately(self, trigger: str, card: Card) -> None:
        """Answer a press or command with a card that only the person who gave `trigger` sees.

        Good for three seconds, once; pictures are only described. Where there is no press to answer, `whisper`.
        """
        await self._presses.say(trigger, self._saying.privately(card))

    async def acknowledge(self, trigger: str) -> None:
        """Tell Discord within three seconds that a press was heard; done before, it is done."""
        await self._presses.acknowledge(trigger)

    async def upload(self, thread: ThreadRef, upload: Upload) -> str:  # noqa: ARG002 - Discord's files have no home
        """Get a picture ready; it leaves with the message whose `ui.Picture` names it, which needs the file then."""
        return await files.held(upload)

    async def share(self, thread: ThreadRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Post a file that no `ui.Picture` can show (a video, a document) into a thread, with `card` beside it.

        A thread without an id is the channel itself; a forum takes nothing but posts of its own.
        """
        file = await files.attached(upload)
        if await self._is_forum(thread):
            return await self._opened(thread.channel_id, card, delivery, file)
        with thread_gone():
            return await self._saying.post(thread.thread_id or thread.channel_id, card, delivery, file)

    async def share_direct(self, person: PersonRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Send a file to one person, with `card` beside it."""
        file = await files.attached(upload)
        return (await self._people.reached(person, lambda channel: self._saying.post(channel, card, delivery, file)))[1]

    # Looking

    async def find(self, place: ChannelRef | ThreadRef, delivery: str, since: datetime) -> Receipt | None:
        """Look whether the message of `delivery` is there (posted at `since` or later).

        A head in a text channel that has no thread yet gets it now.
        """
        oldest, ours = since - CLOCKS_APART, await self._ours()
        if isinstance(place, ThreadRef) and not await self._is_forum(place):
            with thread_gone():
                found = await self._find(place.thread_id or place.channel_id, delivery, oldest)
        elif await self._posts.place(place.channel_id) is Place.POSTS:
            post = await self._posts.find(place.workspace_id, place.channel_id, delivery, oldest, ours)
            return Receipt(post, instant(post)) if post else None
        else:
            found = await self._find(place.channel_id, delivery, oldest)
            if found and not found.get("thread"):
                await self._posts.open_below(place.channel_id, found["id"], name_of(found))
        return Receipt(found["id"], instant(found["id"])) if found else None

    async def find_direct(self, person: PersonRef, delivery: str, since: datetime) -> MessageRef | None:
        """Look whether `delivery` has been written to a person (at `since` or later)."""
        channel_id, found = await self._people.reached(
            person, lambda channel: self._find(channel, delivery, since - CLOCKS_APART)
        )
        return MessageRef(person.workspace_id, channel_id, found["id"]) if found else None

    async def messages_after(self, thread: ThreadRef, message_id: str) -> AsyncIterator[ChatMessage]:
        """Read what was said in a thread after `message_id`, oldest first; `text` is Discord's markup."""
        ours = await self._ours()
        async for message in self.payloads_after(thread, message_id):
            yield chat_message(message, thread.thread_id, ours)

    async def payloads_after(self, thread: ThreadRef, message_id: str) -> AsyncIterator[Mapping[str, Any]]:
        """Read what `messages_after` reads, as Discord's own payloads."""
        with thread_gone():
            async for message in posts.messages(self._wire, thread.thread_id, message_id, self._page_size):
                if message["type"] in SAID and message["id"] != thread.thread_id:
                    yield message

    async def download(self, file: ChatFile, limit: int) -> bytes:
        """Read a file somebody posted; `Rejected("file_too_large")` beyond `limit` bytes."""
        return await files.download(self._wire.open(), self._wire.api_url, file, limit)

    async def profile(self, agent_id: str) -> AgentProfile:
        """Read who somebody is, by the name the server knows them by; who left it is no longer active."""
        if self._home:
            with harmless("unknown_member"):
                member = await self._wire.call("GET /guilds/{}/members/{}", self._home, agent_id, repeatable=True)
                return agent_profile(member["user"], nick=member.get("nick") or "")
        person = await self._wire.call("GET /users/{}", agent_id, repeatable=True)
        return agent_profile(person, is_member=not self._home)

    async def newest_messages(self, channel: ChannelRef, since: str) -> Mapping[str, str]:
        """Return the newest message of each thread of a channel that holds one newer than the id `since`."""
        return await self._posts.newest_messages(channel.workspace_id, channel.channel_id, since)

    async def identity(self) -> Identity:
        """Ask Discord who we are."""
        return await self._standing.identity()

    async def sessions_left(self) -> SessionsLeft:
        """Ask how often a session of the gateway may still begin."""
        return await self._standing.sessions_left()

    async def server_name(self, server_id: str) -> str | None:
        """Ask what a server is called; None when we are not in it."""
        return await self._standing.server_name(server_id)

    async def channel_state(self, channel: ChannelRef) -> ChannelState:
        """Ask whether we can post into a channel."""
        return await self._standing.channel_state(channel, (await self._ours()).user_id)

    async def role_state(self, server_id: str, role_id: str) -> RoleState:
        """Ask whether we can give a role."""
        return await self._standing.role_state(server_id, role_id, (await self._ours()).user_id)

    # Inside

    async def _ours(self) -> Identity:
        if not self._known:
            self._known.append(await self.identity())
        return self._known[0]

    async def _is_forum(self, thread: ThreadRef) -> bool:
        """Tell whether a thread without an id is a forum, into which nobody can write."""
        return not thread.thread_id and await self._posts.place(thread.channel_id) is Place.POSTS

    async def _opened(self, forum_id: str, card: Card, delivery: str, *more: Attached) -> Receipt:
        """Open a forum's post; once more when its tags are others by now."""
        try:
            return await self._open_post(forum_id, card, delivery, *more)
        except Rejected as refused:
            if refused.code not in tags.CHANGED:
                raise
        self._posts.forget(forum_id)
        return await self._open_post(forum_id, card, delivery, *more)

    async def _open_post(self, forum_id: str, card: Card, delivery: str, *more: Attached) -> Receipt:
        tagged = await self._posts.tags(forum_id, card)
        opened = await self._saying.open_post(forum_id, card, delivery, tagged, *more)
        self._posts.remember(opened.external_id, delivery)
        return opened

    async def _speak(self, thread: ThreadRef, speaker: Speaker, card: Card, delivery: str) -> Receipt | None:
        application_id, place = (await self._ours()).application_id, (thread.channel_id, thread.thread_id)
        return await self._saying.speak(application_id, place, speaker, card, delivery)

    async def _find(self, channel_id: str, delivery: str, since: datetime) -> Mapping[str, Any] | None:
        ours = await self._ours()
        async for message in posts.messages(self._wire, channel_id, stamp(since), self._page_size):
            if came_from(message, delivery, ours):
                return message
        return None

    async def _follow_up(self, trigger: str, card: Card) -> bool:
        """Answer an acknowledged press once more; False when Discord has forgotten it."""
        application_id = (await self._ours()).application_id
        return await self._presses.say_more(application_id, trigger, self._saying.privately(card))

    async def _holder(self, message: MessageRef) -> str:
        """Return the channel that holds a message: a head's is the channel, or its own post in a forum."""
        if message.thread_id:
            return message.thread_id
        if await self._posts.place(message.channel_id) is Place.POSTS:
            return message.message_id
        return message.channel_id
