"""One thing a person did at an app: pressed, chose, ran a command, sent a form; and how the app answered."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.modals import Modal

RUN, PRESS, SUGGEST, SUBMIT = 2, 3, 4, 5  # kinds of interactions


class Answer(IntEnum):
    """How an app may answer first; the numbers are Discord's callback types."""

    SAY = 4
    LATER = 5  # a message that shows that the app is thinking
    LATER_CHANGE = 6  # nothing to be seen
    CHANGE = 7  # of the message that was pressed
    CHOICES = 8
    FORM = 9


ANYTHING = {Answer.SAY, Answer.LATER, Answer.FORM}
FITTING = {RUN: ANYTHING, PRESS: ANYTHING, SUGGEST: {Answer.CHOICES}, SUBMIT: {Answer.SAY, Answer.LATER}}
ON_A_MESSAGE = {Answer.LATER_CHANGE, Answer.CHANGE}


@dataclass(eq=False)
class Interaction:
    """One thing a person did, and how the app answered: `answer` is None as long as it did not."""

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
    answer: Answer | None = None
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
    def fitting(self) -> set[Answer]:
        """Return the answers that fit."""
        return FITTING[self.kind] | (ON_A_MESSAGE if self.source and self.kind in {PRESS, SUBMIT} else set())
