"""One thing a person did at an app: pressed, chose, ran a command, sent a form; and how the app answered."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.modals import Modal

RUN, PRESS, SUGGEST, SUBMIT = 2, 3, 4, 5  # kinds of interactions
SAY, LATER, LATER_CHANGE, CHANGE, CHOICES, FORM = 4, 5, 6, 7, 8, 9  # kinds of answers
ANSWERS = {RUN: {SAY, LATER, FORM}, SUGGEST: {CHOICES}, SUBMIT: {SAY, LATER}, PRESS: {SAY, LATER, FORM}}


@dataclass(eq=False)
class Interaction:
    """One thing a person did, and how the app answered: `answer` is Discord's callback type, None so far."""

    id: str
    app: App
    kind: int
    who: Member
    channel: Channel
    data: Json
    created: datetime
    source: Message | None = None  # the message that was pressed, or whose button opened the form
    opened_by: Json | None = None  # a form's: the metadata of what opened it
    token: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    answer: int | None = None
    original: Message | None = None
    choices: list[Json] = field(default_factory=list)
    modal: Modal | None = None
    said: list[str] = field(default_factory=list)  # ids of the messages that answer it
    answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def acked(self) -> bool:
        """Return whether the app answered in time."""
        return self.answer is not None

    @property
    def reason(self) -> str:
        """Return what Discord's client tells the person when the app stayed silent."""
        return "" if self.acked else "The application did not respond" if self.kind == RUN else "Interaction failed"

    @property
    def kinds_of_answer(self) -> set[int]:
        """Return the callback types that fit."""
        return ANSWERS[self.kind] | ({LATER_CHANGE, CHANGE} if self.source and self.kind in {PRESS, SUBMIT} else set())
