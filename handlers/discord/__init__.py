"""Those who hear Discord: one gateway session, commit first, answer then."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from chatops.cards import notice
from chatops.cards.commands import in_doubt
from handlers.discord import buttons, commands, comparing, forms, lifecycle, messages, reactions, suggestions
from handlers.discord.context import Context, Payload
from handlers.discord.lines import Lines

__all__ = ["Context", "Ears"]

Heard = Callable[[Context, Payload, str], Awaitable[None]]

TOLD: dict[str, Heard] = {
    "MESSAGE_CREATE": comparing.created,
    "MESSAGE_UPDATE": comparing.changed,
    "MESSAGE_DELETE": messages.deleted,
    "MESSAGE_DELETE_BULK": messages.deleted,
    "MESSAGE_REACTION_ADD": reactions.added,
    "MESSAGE_REACTION_REMOVE": reactions.removed,
    "THREAD_DELETE": lifecycle.thread_lost,
    "CHANNEL_UPDATE": lifecycle.channel_changed,
    "CHANNEL_DELETE": lifecycle.channel_lost,
    "GUILD_CREATE": lifecycle.server_back,
    "GUILD_DELETE": lifecycle.server_lost,
    "GUILD_ROLE_UPDATE": lifecycle.rights_changed,
    "GUILD_MEMBER_UPDATE": lifecycle.rights_changed,
}
GONE = {"MESSAGE_DELETE", "MESSAGE_DELETE_BULK"}
ASKED: dict[int, Callable[[Context, Payload], Awaitable[None]]] = {
    2: commands.command,
    3: buttons.press,
    4: suggestions.suggest,
    5: forms.submitted,
}
WORDS: dict[int, Callable[[Payload], str]] = {2: commands.words, 3: lambda _: "", 4: lambda _: "", 5: forms.words}
log = structlog.get_logger(__name__)


class Ears:
    """Hears what a gateway session tells: each thread in its order, presses and commands at once."""

    def __init__(self, context: Context, on_session: Callable[[], None], on_overflow: Callable[[], None]) -> None:
        self._context = context
        self._on_session = on_session
        self._lines = Lines(on_overflow)
        self._answering: set[asyncio.Task[None]] = set()

    def hear(self, name: str, payload: Payload, number: str) -> None:
        """Take in one thing that happened; nothing here waits."""
        if name == "READY":
            log.info("session_began")
            self._on_session()
        elif name == "INTERACTION_CREATE":
            answering = asyncio.create_task(self._answer(payload))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)
        elif name in TOLD:
            place = payload.get("channel_id") or payload.get("id") or payload.get("guild_id") or ""
            if name in GONE:  # whoever takes an answer back is not kept waiting by what was written before
                place = f"gone from {place}"
            told_by = int(payload["id"]) if name == "MESSAGE_CREATE" else 0
            self._lines.join(place, partial(TOLD[name], self._context, payload, number), told_by)

    @property
    def busy(self) -> bool:
        """Whether something that was heard is not kept yet, or somebody not answered."""
        return self._lines.busy or bool(self._answering)

    async def finish(self, seconds: float) -> None:
        """Wait for what is being heard and answered."""
        await self._lines.finish(seconds)
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)

    async def _answer(self, payload: Payload) -> None:
        """Do what somebody asked for; whatever goes wrong is said to that person, with a number to name it by."""
        answer = ASKED.get(payload["type"])
        if answer is None:
            log.debug("not_for_us", type=payload["type"])
            return
        try:
            payload = await self._context.at_home(payload)
            await answer(self._context, payload)
        except Exception as error:
            code = secrets.token_hex(4)
            words = WORDS[payload["type"]](payload["data"])
            await self._context.answer(payload, lambda: in_doubt(words, code) if words else notice.incident(code))
            log.exception("incident", incident=code, error=type(error).__name__)  # which takes its time
