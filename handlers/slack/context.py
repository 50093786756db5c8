"""Where the handlers of Slack stand: our workspace, who belongs to it, and the way to answer one person privately."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

import structlog

from chatops.cards import commands, notice
from chatops.catalog import Verb
from chatops.errors import Busy, ChatopsError, PlatformError, Refusal, Refused
from chatops.i18n import language
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.client import SlackPlatform
from chatops.platforms.slack.readback import Identity
from chatops.store.store import Store
from chatops.times import TimeSource
from chatops.ui import Card, Form, Part
from handlers.asking import Asker, answer, locale_of
from handlers.gap import Gap

Payload = Mapping[str, Any]

T = TypeVar("T")

ANSWER_WITHIN = 1.5  # seconds; Slack waits three for the acknowledgement that comes after
COUNT_WITHIN = 2.0  # seconds; what takes longer is told afterwards
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """What every handler needs; `ours` is who our bot token is, asked once at the start; `gap`: what nobody told us."""

    store: Store
    time: TimeSource
    slack: SlackPlatform
    ours: Identity
    gap: Gap = field(default_factory=Gap)
    counting: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def workspace_id(self) -> str:
        """Return Slack's id of our workspace."""
        return self.ours.team_id

    def now(self) -> datetime:
        """Return the present instant."""
        return self.time.now()

    def is_colleague(self, said: Payload, body: Payload) -> bool:
        """Tell whether somebody of our own workspace did this: no bot, no Slackbot, no guest of a shared channel.

        `body` is the event's outer part. In a channel that is shared with other companies, who does not say from
        where is a guest; within one organization, all workspaces are colleagues.
        """
        author = said.get("user")
        if not author or author in {self.ours.bot_user_id, "USLACKBOT"}:
            return False
        if said.get("bot_id") or said.get("app_id") or said.get("bot_profile"):
            return False
        home = said.get("user_team") or said.get("source_team") or said.get("team")
        if home == self.workspace_id or body.get("is_ext_shared_channel"):
            return bool(home == self.workspace_id)
        return not home or bool(body.get("enterprise_id"))

    def asker(self, body: Payload) -> Asker:
        """Return who is behind a press, a form, a shortcut or a command."""
        person = body.get("user") or {"id": body.get("user_id"), "name": body.get("user_name")}
        return Asker(self.workspace_id, person.get("id") or "", name=person.get("name") or "")

    async def refuse(self, body: Payload, why: Refused, place: ThreadRef | None = None) -> bool:
        """Tell the person behind a press privately why it did nothing; False when that did not work."""
        return await self.whisper(body, lambda: notice.refusal(why), place)

    async def whisper(self, body: Payload, card: Callable[[], Card], place: ThreadRef | None = None) -> bool:
        """Answer the person behind a press privately, in their language; False when that did not work.

        `place`: the thread to say it in, where the press does not tell. On somebody's own page it is said there.
        """
        place, who = place or place_of(body, self.workspace_id), self.asker(body)
        if not (place or at_home(body)) or not who.agent_id:
            return False
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                with language(await self.store.read(locale_of, who)):
                    shown = card()
                if place is None:
                    await self.show_home(who, shown.parts)
                else:
                    await self.slack.whisper(place, who.agent_id, shown)
        except (PlatformError, Busy, TimeoutError) as error:
            log.warning("private_answer_lost", error=type(error).__name__)
            return False
        return True

    async def in_time(self, body: Payload, place: ThreadRef | None, counts: Coroutine[Any, Any, T]) -> T:
        """Return what comes of counting; when that takes too long, it is told to whoever asked once it is known.

        Raises:
            Refused: it is still being counted; or what the counting raises.
        """
        counted = asyncio.ensure_future(counts)
        await asyncio.wait({counted}, timeout=COUNT_WITHIN)
        if counted.done():
            return await counted
        telling = asyncio.create_task(self._told(body, place, counted))
        self.counting.add(telling)
        telling.add_done_callback(self.counting.discard)
        raise Refused(Refusal.STILL_COUNTING)

    async def _told(self, body: Payload, place: ThreadRef | None, counted: asyncio.Future[T]) -> None:
        try:
            found = await counted
        except Refused as refused:
            why = refused
            await self.refuse(body, why, place)
        except ChatopsError as error:
            log.warning("not_counted", error=type(error).__name__)
        else:
            if isinstance(found, Card):
                card = found
                await self.whisper(body, lambda: card, place)

    async def show_home(self, who: Asker, said: tuple[Part, ...] = ()) -> None:
        """Show somebody's own page as things are now, below what is `said` to them.

        Raises:
            PlatformError: Slack did not take it.
        """
        page = await self.store.read(answer, who, None, Verb.HOME, "", self.now())
        await self.slack.show_home(who.agent_id, replace(page, parts=(*said, *page.parts)))

    async def show_form(self, body: Payload, form: Form, place: ThreadRef | None) -> None:
        """Open a form for the person behind a press; when it is too late for that, tell them to press again."""
        try:
            await self.slack.show_form(body.get("trigger_id") or "", form, place)
        except PlatformError as error:
            log.warning("form_not_shown", error=error.code)
            await self.whisper(body, commands.form_not_shown, place)


def at_home(body: Payload) -> bool:
    """Tell whether something was pressed on somebody's own page."""
    return (body.get("view") or {}).get("type") == "home"


def place_of(body: Payload, workspace_id: str) -> ThreadRef | None:
    """Return the thread in which something was pressed; None when it was not pressed in a channel.

    What only one person sees outside of a thread is no head of one: there is a channel, and no thread in it. The same
    holds for a direct message, below which nobody would look for an answer.
    """
    container, message = body.get("container") or {}, body.get("message") or {}
    channel_id = (body.get("channel") or {}).get("id") or container.get("channel_id")
    private = container.get("is_ephemeral") or str(channel_id or "").startswith("D")
    alone = "" if private else container.get("message_ts") or body.get("message_ts")
    head = container.get("thread_ts") or message.get("thread_ts") or alone
    return ThreadRef(workspace_id, channel_id, head) if channel_id and head is not None else None
