"""Slack as a `ChatPlatform`, on slack_sdk's client, for any number of workspaces."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.errors import Rejected, TargetGone, TokenRevoked
from chatops.platforms.cutting import Shortened, in_figures
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
from chatops.platforms.slack.calls import Wire, answer, harmless
from chatops.platforms.slack.files import SlackFiles
from chatops.platforms.slack.forms import paint_form
from chatops.platforms.slack.paint import MESSAGE, SHORT_MESSAGE, blocks_of, holds, paint
from chatops.platforms.slack.people import People
from chatops.platforms.slack.readback import (
    ChannelState,
    Identity,
    agent_profile,
    chat_message,
    delivery_of,
    metadata,
    named,
    permalink,
)
from chatops.platforms.slack.stamps import instant, order, stamp
from chatops.times import TimeSource
from chatops.ui import Card, Form, Speaker

Tokens = Mapping[str, str] | Callable[[str], str]

API_URL = "https://slack.com/api/"
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)  # one request; marking takes up to four
CLOCKS_APART = timedelta(minutes=5)  # how far our clock and Slack's may differ when we look for our own message

TOO_LONG = {"msg_blocks_too_long", "msg_too_long"}

_MARKS = {Mark.WAITING: "hourglass_flowing_sand", Mark.ACCEPTED: "white_check_mark", Mark.FAILED: "x"}


class SlackPlatform:
    """Carries cards to Slack; a call either did what it says or raises a `PlatformError` (see `ports`).

    `tokens` gives the bot token of a workspace by its team id and is asked at every call. Forms, files and profiles
    belong to the workspace of `at`, or to the only one there is. Close it when done.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        time: TimeSource,
        base_url: str = API_URL,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        shortened: Shortened = in_figures,
        page_size: int = 200,
    ) -> None:
        self._tokens = tokens
        self._time = time
        self._wire = Wire(base_url, timeout)
        self._people = People(self._wire, self._token)
        self._shortened = shortened
        self._page_size = page_size
        self._identities: dict[str, Identity] = {}
        self._home = ""

    def at(self, workspace_id: str) -> "SlackPlatform":
        """Return this platform for one workspace: on the same connections, calls that name no workspace go there."""
        there = copy(self)
        there._home = workspace_id
        return there

    async def close(self) -> None:
        """Close the connections, for every workspace."""
        await self._wire.close()

    # Saying

    def pieces(self, card: Card) -> list[Card]:
        """Return a card as those that show all of it, each in one message; one that fits stays as it is."""
        return pieces(card, holds)

    async def open_thread(self, channel: ChannelRef, card: Card, delivery: str) -> Receipt:
        """Post the head of a thread; the receipt's id names both the message and the thread."""
        return await self._post(channel.workspace_id, channel.channel_id, None, card, delivery)

    async def post(
        self,
        thread: ThreadRef,
        card: Card,
        delivery: str,
        speaker: Speaker | None = None,  # noqa: ARG002 - in Slack the bot speaks
    ) -> Receipt:
        """Post a message into a thread; one without an id is the channel itself."""
        return await self._post(thread.workspace_id, thread.channel_id, thread.thread_id or None, card, delivery)

    async def open_below(self, head: ThreadRef, card: Card) -> None:
        """Do nothing: below each message there is a thread."""

    async def redraw(self, message: MessageRef, card: Card) -> None:
        """Replace one of our own messages; the delivery id beside it stays."""
        call = partial(
            self._client.chat_update,
            token=self._token(message.workspace_id),
            channel=message.channel_id,
            ts=message.message_id,
            link_names=False,
            parse="none",
        )
        await self._say(call, card, repeatable=True)

    async def mark(self, message: MessageRef, mark: Mark | None) -> None:
        """Make `mark` the only mark of ours on a message (None: no mark)."""
        present = await self._marks(message)
        where = {
            "token": self._token(message.workspace_id),
            "channel": message.channel_id,
            "timestamp": message.message_id,
        }
        if mark and mark not in present:
            with harmless("already_reacted"):
                await answer(self._client.reactions_add(name=_MARKS[mark], **where), repeatable=True)
        for other in present - {mark}:
            with harmless("no_reaction"):
                await answer(self._client.reactions_remove(name=_MARKS[other], **where), repeatable=True)

    async def whisper(
        self,
        thread: ThreadRef,
        agent_id: str,
        card: Card,
        trigger: str = "",  # noqa: ARG002 - Slack hides such a message from others without one
        delivery: str = "",  # noqa: ARG002 - nobody looks for it
    ) -> MessageRef | None:
        """Show a card to one person only; may get lost, so never the only way to say something important.

        A thread without an id is the channel itself.
        """
        call = partial(
            self._client.chat_postEphemeral,
            token=self._token(thread.workspace_id),
            channel=thread.channel_id,
            thread_ts=thread.thread_id or None,
            user=agent_id,
            parse="none",
            link_names=False,
        )
        await self._say(call, card, repeatable=False)
        return None

    async def direct(self, person: PersonRef, card: Card, delivery: str) -> MessageRef:
        """Write to one person, who is notified."""
        post = partial(self._post, person.workspace_id, thread_id=None, card=card, delivery=delivery)
        channel_id, said = await self._people.reached(person, post)
        return MessageRef(person.workspace_id, channel_id, said.external_id)

    async def set_group(
        self,
        workspace_id: str,
        group_id: str,
        members: Sequence[str],
        former: Sequence[str] = (),  # noqa: ARG002 - Slack replaces all of them
    ) -> None:
        """Make `members` (one at least) those of a user group."""
        await self._people.set_group(workspace_id, group_id, members)

    async def remove(self, message: MessageRef) -> None:
        """Delete one of our own messages; one that is gone already is fine."""
        token = self._token(message.workspace_id)
        call = self._client.chat_delete(token=token, channel=message.channel_id, ts=message.message_id)
        with suppress(TargetGone):
            await answer(call, repeatable=True)

    async def show_form(self, trigger: str, form: Form, place: ThreadRef | None = None) -> None:
        """Open a form for the person whose press gave `trigger` (good for three seconds, once)."""
        view = self.view(form, place)
        call = self._client.views_open(token=self._token(self._home), trigger_id=trigger, view=view)
        await answer(call, repeatable=False)

    async def show_home(self, agent_id: str, card: Card) -> None:
        """Show a card as somebody's App Home."""
        view = {"type": "home", "blocks": blocks_of(card, self._shortened, MESSAGE)}
        await answer(
            self._client.views_publish(token=self._token(self._home), user_id=agent_id, view=view), repeatable=True
        )

    def view(self, form: Form, place: ThreadRef | None = None) -> dict[str, Any]:
        """Return a form that takes the place of the one somebody sent off."""
        return paint_form(form, place, self._shortened)

    def privately(self, card: Card) -> dict[str, Any]:
        """Return the answer to a command that one person sees."""
        text, blocks = paint(card, self._shortened)
        return {"response_type": "ephemeral", "text": text, "blocks": blocks}

    async def upload(self, thread: ThreadRef, upload: Upload) -> str:
        """Hand a picture to Slack without showing it; a `ui.Picture` that names it shows it to the whole channel.

        Slack looks at a new file for a moment; a card posted before that is `Unavailable("slack_file_not_ready")`.
        """
        return await self._files.keep(self._token(thread.workspace_id), upload)

    async def share(self, thread: ThreadRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Post a file that no `ui.Picture` can show (a video, a document) into a thread, with `card` beside it.

        A thread without an id is the channel itself. Slack does not tell which message it became: the receipt names the
        file; `find` finds the message.
        """
        _, blocks = paint(card, self._shortened)
        shared = await self._files.share(self._token(thread.workspace_id), thread, upload, named(blocks, delivery))
        return Receipt(shared, self._time.now())

    async def share_direct(self, person: PersonRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Send a file to one person, with `card` beside it; the receipt names the file."""
        place = partial(ThreadRef, person.workspace_id, thread_id="")
        return (await self._people.reached(person, lambda at: self.share(place(at), upload, card, delivery)))[1]

    # Looking

    async def find(self, place: ChannelRef | ThreadRef, delivery: str, since: datetime) -> Receipt | None:
        """Look whether the message of `delivery` is there (posted at `since` or later)."""
        oldest = stamp(since - CLOCKS_APART)
        async for message in self._messages(place, oldest):
            if delivery_of(message) == delivery:
                return Receipt(message["ts"], instant(message["ts"]))
        return None

    async def find_direct(self, person: PersonRef, delivery: str, since: datetime) -> MessageRef | None:
        """Look whether `delivery` has been written to a person (at `since` or later)."""
        place = partial(ChannelRef, person.workspace_id)
        channel_id, found = await self._people.reached(person, lambda at: self.find(place(at), delivery, since))
        return MessageRef(person.workspace_id, channel_id, found.external_id) if found else None

    async def messages_after(self, thread: ThreadRef, message_id: str) -> AsyncIterator[ChatMessage]:
        """Read a thread's messages that are newer than `message_id`, oldest first; `text` is Slack's markup."""
        ours = await self._identity(thread.workspace_id)
        async for message in self.payloads_after(thread, message_id):
            yield chat_message(message, thread, ours)

    async def payloads_after(self, thread: ThreadRef, message_id: str) -> AsyncIterator[Mapping[str, Any]]:
        """Read what `messages_after` reads, as Slack's own payloads (blocks, subtype and all)."""
        async for message in self._messages(thread, message_id):
            if order(message["ts"]) > order(message_id) and message["ts"] != thread.thread_id:
                yield message

    async def download(self, file: ChatFile, limit: int) -> bytes:
        """Read a file somebody posted; `Rejected("file_too_large")` beyond `limit` bytes."""
        return await self._files.download(self._token(self._home), file, limit)

    async def profile(self, agent_id: str) -> AgentProfile:
        """Read who somebody is."""
        call = self._client.users_info(token=self._token(self._home), user=agent_id, include_locale=True)
        return agent_profile((await answer(call, repeatable=True))["user"])

    async def channel_state(self, channel: ChannelRef) -> ChannelState:
        """Ask whether we can post into a channel."""
        call = self._client.conversations_info(token=self._token(channel.workspace_id), channel=channel.channel_id)
        try:
            found: dict[str, Any] = (await answer(call, repeatable=True))["channel"]
        except TargetGone:
            return ChannelState(exists=False)
        return ChannelState(
            exists=True,
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
            name=found.get("name") or "",
        )

    async def identity(self, token: str) -> Identity:
        """Ask Slack who a bot token is."""
        found = await answer(self._client.auth_test(token=token), repeatable=True)
        date = found.headers.get("Date")
        scopes = found.headers.get("x-oauth-scopes", "")
        return Identity(
            team_id=found["team_id"],
            team_name=found.get("team") or "",
            address=found.get("url") or "",
            bot_user_id=found["user_id"],
            bot_id=found.get("bot_id") or "",
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            clock_ahead=self._time.now() - parsedate_to_datetime(date) if date else timedelta(),
        )

    async def try_socket(self, app_token: str) -> None:
        """Ask for the address of a Socket Mode connection, without opening it, as proof that the app token works."""
        await answer(self._client.apps_connections_open(app_token=app_token), repeatable=True)

    async def permalink(self, message: MessageRef, thread_id: str = "") -> str:
        """Return the address people can open a message at; asks Slack only for the workspace's address, once."""
        return permalink((await self._identity(message.workspace_id)).address, message, thread_id)

    # Inside

    @property
    def _client(self) -> AsyncWebClient:
        return self._wire.open()[1]

    @property
    def _files(self) -> SlackFiles:
        session, client = self._wire.open()
        return SlackFiles(session, client, self._wire.base_url)

    def _token(self, workspace_id: str) -> str:
        if callable(self._tokens):
            return self._tokens(workspace_id)
        if not workspace_id and len(self._tokens) == 1:
            return next(iter(self._tokens.values()))
        if workspace_id not in self._tokens:
            raise TokenRevoked("not_connected", f"no token for the workspace {workspace_id!r}")
        return self._tokens[workspace_id]

    async def _identity(self, workspace_id: str) -> Identity:
        if workspace_id not in self._identities:
            self._identities[workspace_id] = await self.identity(self._token(workspace_id))
        return self._identities[workspace_id]

    async def _post(
        self, workspace_id: str, channel_id: str, thread_id: str | None, card: Card, delivery: str
    ) -> Receipt:
        call = partial(
            self._client.chat_postMessage,
            token=self._token(workspace_id),
            channel=channel_id,
            thread_ts=thread_id,
            metadata=metadata(delivery),
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        ts = (await self._say(call, card, repeatable=False))["ts"]
        return Receipt(ts, instant(ts))

    async def _say(
        self, call: Callable[..., Awaitable[AsyncSlackResponse]], card: Card, *, repeatable: bool
    ) -> AsyncSlackResponse:
        """Send a painted card, and a shorter one if Slack refused it as too long."""
        text, blocks = paint(card, self._shortened)
        try:
            return await answer(call(text=text, blocks=blocks), repeatable=repeatable)
        except Rejected as refusal:
            if refusal.code not in TOO_LONG:
                raise
        text, blocks = paint(card, self._shortened, SHORT_MESSAGE)
        return await answer(call(text=text, blocks=blocks), repeatable=repeatable)

    async def _marks(self, message: MessageRef) -> set[Mark]:
        ours = await self._identity(message.workspace_id)
        call = self._client.reactions_get(
            token=self._token(message.workspace_id),
            channel=message.channel_id,
            timestamp=message.message_id,
            full=True,
        )
        reactions = (await answer(call, repeatable=True))["message"].get("reactions") or []
        names = {reaction["name"] for reaction in reactions if ours.bot_user_id in reaction["users"]}
        return {mark for mark, name in _MARKS.items() if name in names}

    async def _messages(self, place: ChannelRef | ThreadRef, oldest: str) -> AsyncIterator[dict[str, Any]]:
        """Read a channel's or thread's messages newer than `oldest`, page by page."""
        cursor: str | None = None
        while True:
            asked: dict[str, Any] = {
                "token": self._token(place.workspace_id),
                "channel": place.channel_id,
                "oldest": oldest,
                "limit": self._page_size,
                "cursor": cursor,
                "include_all_metadata": True,
            }
            if isinstance(place, ThreadRef) and place.thread_id:
                page = await answer(self._client.conversations_replies(ts=place.thread_id, **asked), repeatable=True)
            else:
                page = await answer(self._client.conversations_history(**asked), repeatable=True)
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
