"""Where the handlers of Discord stand: who our bot is, which thread of ours something happened in, private answers."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog

from chatops import outbox
from chatops.cards import commands, notice
from chatops.errors import Busy, NotUnderstood, PlatformError, Refused, Rejected
from chatops.i18n import language
from chatops.model import page as pages
from chatops.model import thread as threads
from chatops.model.thread import Thread
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.discord.forms import read_values
from chatops.platforms.discord.readback import Identity
from chatops.platforms.ports import ThreadRef
from chatops.store.store import Store
from chatops.times import TimeSource
from chatops.ui import Card, Press
from handlers.asking import Asker, kept, locale_of
from handlers.discord.begun import Begun
from handlers.gap import Gap

Payload = Mapping[str, Any]

T = TypeVar("T")

PROMISE_AFTER = 1.5  # seconds; Discord's answer takes its time
FORM = 5  # Discord's number of a form that was sent off
ANSWER_WITHIN = 2.0  # seconds; Discord waits three for the first answer to a press or command
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """What every handler needs; `ours` is who our bot token is, asked once at the start; `gap`: what nobody told us.

    `reads_messages`: whether Discord lets us read what people type (the privileged message content intent).
    """

    store: Store
    time: TimeSource
    discord: DiscordPlatform
    ours: Identity
    reads_messages: bool = True
    gap: Gap = field(default_factory=Gap)
    begun: Begun = field(default_factory=Begun)

    def now(self) -> datetime:
        """Return the present instant."""
        return self.time.now()

    def is_colleague(self, person: Payload) -> bool:
        """Tell whether a user object is a person, not a bot: whoever is in the server is a colleague."""
        return bool(person.get("id")) and person["id"] != self.ours.user_id and not person.get("bot")

    async def at_home(self, payload: Payload) -> Payload:
        """Return what somebody did with its server: in a direct message, the server that wrote it."""
        if payload.get("guild_id"):
            return payload
        who = payload.get("user_id") or person_of(payload).get("id") or ""
        message_id = payload.get("message_id") or (payload.get("message") or {}).get("id") or ""
        home = await self.store.read(pages.server_of, who, payload.get("channel_id") or "", message_id)
        return {**payload, "guild_id": home} if home else payload

    async def thread_at(self, server_id: str, channel_id: str) -> Thread | None:
        """Return the thread of ours that `channel_id` is."""
        return await self.store.read(threads.named, server_id, channel_id)

    async def channel_of(self, payload: Payload) -> str:
        """Return the channel of a press: the forum or text channel of the thread; a card may stand in that, too."""
        thread = await self.thread_at(payload.get("guild_id") or "", payload["channel_id"])
        return thread.channel_id if thread else str(payload["channel_id"])

    def asker(self, payload: Payload) -> Asker:
        """Return who is behind an interaction."""
        server_id, locale = payload.get("guild_id") or "", payload.get("locale") or ""
        return Asker(server_id, person_of(payload)["id"], locale, name_of(payload))

    async def answer(self, payload: Payload, card: Callable[[], Card]) -> bool:
        """Answer a press, command or form privately, in the person's language; False when that did not work."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                with language(await self.locale(payload)):
                    shown = card()
                await self._say(payload, shown)
        except (PlatformError, Busy, TimeoutError) as error:
            log.warning("private_answer_lost", error=type(error).__name__)
            return False
        return True

    async def give_back(self, payload: Payload, why: Refused, given: str) -> bool:
        """Say why something was not done, with the words; a form that held them can be opened again with them."""
        again, data = "", payload["data"]
        if payload.get("type") == FORM:
            values = read_values(data.get("components"))
            with suppress(Busy, NotUnderstood):
                form = Press.decode(data.get("custom_id") or "")
                again = await self.store.write(kept, self.asker(payload), form, values, self.now())
        return await self.answer(payload, lambda: commands.given_back(notice.refusal(why), given, again))

    async def _say(self, payload: Payload, card: Card) -> None:
        trigger = trigger_of(payload)
        try:
            await self.discord.answer_privately(trigger, card)
        except Rejected as refused:
            if refused.code != "already_acknowledged":
                raise
            place = ThreadRef(payload.get("guild_id") or "", payload["channel_id"], payload["channel_id"])
            await self.show(place, person_of(payload)["id"], card, trigger)

    async def show(self, place: ThreadRef, agent_id: str, card: Card, trigger: str = "", delivery: str = "") -> None:
        """Show somebody a card privately, or in view of others for a moment: see `DiscordPlatform.whisper`."""
        said = await self.discord.whisper(place, agent_id, card, trigger, delivery)
        if said is not None:
            where = said.workspace_id, said.channel_id, said.message_id, said.thread_id
            await self.store.write(outbox.remove, *where, self.now())

    async def in_time(self, payload: Payload, act: Coroutine[Any, Any, T], promise: "Promise | None" = None) -> T:
        """Do what somebody asks for; when that takes long, `promise` (an answer) before Discord calls it failed."""
        acting = asyncio.ensure_future(act)
        await asyncio.wait({acting}, timeout=PROMISE_AFTER)
        if not acting.done():
            await (promise or Context.promise)(self, payload)
        return await acting

    async def promise(self, payload: Payload) -> None:
        """Show somebody that an answer is coming; what is said to them next becomes that answer."""
        with suppress(PlatformError):  # promised already, or the person is told that it failed and looks
            await self.discord.answers.later(trigger_of(payload))

    async def locale(self, payload: Payload) -> str:
        """Return the language of the person behind an interaction: their client's, else their team's."""
        return str(payload.get("locale") or await self.store.read(locale_of, self.asker(payload)))


Promise = Callable[[Context, Payload], Awaitable[None]]


def trigger_of(payload: Payload) -> str:
    """Return what lets us answer an interaction."""
    return f"{payload['id']}:{payload['token']}"


def person_of(payload: Payload) -> Payload:
    """Return the person behind an interaction: a member in a server, else a user."""
    found: Payload = (payload.get("member") or {}).get("user") or payload.get("user") or {}
    return found


def name_of(payload: Payload) -> str:
    """Return the name by which the server knows the person behind an interaction."""
    person = person_of(payload)
    nick = (payload.get("member") or {}).get("nick")
    return str(nick or person.get("global_name") or person.get("username") or "")
