"""What was said on both sides while the product lived and died, and when the product is known to have heard it."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Message
from chatops.sandbox.world import World
from tests.stories.side import Side, Teammate

QUESTION = re.compile(r"Q\d+-\d+")
ANSWER = re.compile(r"A\d+-\d+")
SAME_WORDS = "Thank you, noted."  # what several answers in one conversation say, word for word


@dataclass(eq=False)
class Question:
    """Something a buyer said: words with a number, or a picture like no other."""

    name: str
    buyer: Buyer
    message: Message
    picture: bytes = b""
    heard_at: datetime | None = None  # the product said 200 to its webhook

    @property
    def said_at(self) -> datetime:
        """When it was written."""
        return self.message.created_at

    def __str__(self) -> str:
        """Return its name and kind."""
        return f"{self.name} (a picture)" if self.picture else self.name


@dataclass(eq=False)
class Answer:
    """Words or a picture an agent put into a buyer's thread; `versions` of the words grows with each edit."""

    name: str  # empty for the same words as others
    buyer: Buyer
    agent: Teammate
    id: str  # of the agent's message
    said_at: datetime
    versions: list[str]
    picture: bytes = b""
    deleted_at: datetime | None = None
    heard_at: datetime | None = None  # the product's mark stood at it


@dataclass
class Ledger:
    """Everything that was said, and what the kills and faults were."""

    world: World
    side: Side  # where the team sits
    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    start_ups: list[float] = field(default_factory=list)  # seconds
    kills: int = 0
    kills_while_starting: int = 0
    faults: int = 0
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _unheard_questions: dict[str, Question] = field(default_factory=dict)  # by TikTok's message id
    _unheard_answers: list[Answer] = field(default_factory=list)
    _announced: int = 0

    def number(self) -> int:
        """Return a number that nothing else has."""
        return next(self._numbers)

    def asked(self, question: Question) -> None:
        """Remember what a buyer said."""
        self.questions.append(question)
        self._unheard_questions[question.message.id] = question

    def answered(self, answer: Answer) -> None:
        """Remember what an agent wrote."""
        self.answers.append(answer)
        self._unheard_answers.append(answer)

    def look(self) -> None:
        """Note what the product has heard since the last look."""
        now = self.world.time.now()
        for told in self.world.tiktok.webhooks[self._announced :]:
            self._told(told.data.get("message_id", ""), told.outcome == "accepted", now)
        waiting = [told.outcome in {"waiting", "sending", "held"} for told in self.world.tiktok.webhooks]
        self._announced = waiting.index(True) if True in waiting else len(waiting)
        for answer in self._unheard_answers:
            if self.side.has(answer.id) and self.side.marks(answer.id):
                answer.heard_at = now
        self._unheard_answers = [answer for answer in self._unheard_answers if answer.heard_at is None]

    def _told(self, message_id: str, accepted: bool, now: datetime) -> None:
        if accepted and message_id in self._unheard_questions:
            self._unheard_questions.pop(message_id).heard_at = now
