"""What became of everything that was said, judged from what stands in the worlds.

**Order.** A was heard before B was written, so B must not stand before A: that is what "order kept" means here. A is
known to be heard when its webhook was answered with 200, or when the product's mark stood at the agent's message.
Where the platform itself brought B first (shuffled on purpose, or A's webhook met a dead product and was repeated
later), nobody can tell; those pairs are counted as overtaken and are no violation.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Message as Received
from tests.crash.held import Held
from tests.crash.ledger import ANSWER, QUESTION, SAME_WORDS, Answer, Ledger
from tests.crash.pieces import pieces
from tests.stories.side import ACCEPTED, Post


class Spoken(Protocol):
    """Something that was said and heard."""

    @property
    def name(self) -> str:
        """Return how it is called here."""

    @property
    def said_at(self) -> datetime:
        """Return when it was said."""

    @property
    def heard_at(self) -> datetime | None:
        """Return since when the product is known to have heard it."""


S = TypeVar("S", bound=Spoken)


@dataclass
class Verdict:
    """Violations by kind, each named; `notes` are counts that are worth knowing and no violations."""

    violations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or out of order."""
        return not any(self.violations.values())


KINDS = (
    "lost towards the team", "doubled before the team", "out of order before the team",
    "threads missing or opened twice", "own answers shown again", "lost towards the buyer",
    "doubled towards the buyer", "withdrawn, yet sent",
    "words that were never written", "words other than the product believes", "out of order towards the buyer",
    "marks not final",
)  # fmt: skip


class Judge:
    """Judges the worlds as they are now; of the product it asks which answers it took back, and which words it sent."""

    def __init__(self, ledger: Ledger, held: Held) -> None:
        self._ledger = ledger
        self._held = held

    def judge(self) -> Verdict:
        """Return everything that is wrong."""
        self._ledger.look()
        verdict = Verdict({kind: [] for kind in KINDS})
        buyers = dict.fromkeys(question.buyer for question in self._ledger.questions)
        for buyer in buyers:
            self._threads(buyer, verdict)
            self._phone(buyer, verdict)
        self._marks(verdict)
        return verdict

    # Towards the team

    def _threads(self, buyer: Buyer, verdict: Verdict) -> None:
        side = self._ledger.side
        heads = [head for head in side.heads if head.by_product and buyer.nickname in head.text]
        if len(heads) != 1:
            verdict.violations["threads missing or opened twice"].append(f"{buyer.nickname}: {len(heads)} threads")
        asked = [question for question in self._ledger.questions if question.buyer is buyer]
        by_picture = {question.picture: question.name for question in asked if question.picture}
        stand = [name for head in heads for post in side.below(head) for name in self._names(post, by_picture)]
        counts = Counter(stand)
        verdict.violations["lost towards the team"] += [str(one) for one in asked if not counts[one.name]]
        verdict.violations["doubled before the team"] += [
            f"{name} ({times} times)" for name, times in counts.items() if times > 1
        ]
        shown = [name for head in heads for post in side.below(head) for name in _answers_in(post)]
        verdict.violations["own answers shown again"] += shown
        wrong, overtaken = _order(asked, stand)
        verdict.violations["out of order before the team"] += wrong
        verdict.notes["buyer messages overtaken on their way to us"] += overtaken

    def _names(self, post: Post, by_picture: dict[bytes, str]) -> list[str]:
        """Return which buyer messages a post shows, in its own order."""
        if not post.by_product:
            return []
        names = []
        for words, picture in pieces(self._ledger.world, post.message):
            names += [by_picture[picture]] if picture in by_picture else []
            names += QUESTION.findall(words)
        return names

    # Towards the buyer

    def _phone(self, buyer: Buyer, verdict: Verdict) -> None:
        written = [answer for answer in self._ledger.answers if answer.buyer is buyer]
        numbered = [answer for answer in written if answer.name]
        by_picture = {answer.picture: answer.name for answer in numbered if answer.picture}
        arrived = [name for message in buyer.received for name in self._answers_on_phone(message, by_picture)]
        counts = Counter(arrived)
        for answer in numbered:
            self._answer(answer, counts[answer.name], buyer.heard, verdict)
        self._same_words([answer for answer in written if not answer.name], buyer, verdict)
        wrong, overtaken = _order(numbered, arrived)
        verdict.violations["out of order towards the buyer"] += wrong
        verdict.notes["answers overtaken on their way to us"] += overtaken

    def _answers_on_phone(self, message: Received, by_picture: dict[bytes, str]) -> list[str]:
        if message.text is not None:
            return ANSWER.findall(message.text)
        hosted = self._ledger.world.tiktok.picture(message.inner.get("url", ""))
        return [by_picture[hosted.content]] if hosted and hosted.content in by_picture else []

    def _answer(self, answer: Answer, times: int, heard: Sequence[str], verdict: Verdict) -> None:
        if times > 1:
            verdict.violations["doubled towards the buyer"].append(f"{answer.name} ({times} times)")
        withdrawn = answer.deleted_at is not None and self._held.withdrawn(answer)
        if withdrawn and times:
            verdict.violations["withdrawn, yet sent"].append(answer.name)
        if not withdrawn and not times:
            verdict.violations["lost towards the buyer"].append(answer.name)
        if answer.deleted_at is not None:
            verdict.notes["answers taken back in time" if withdrawn else "answers deleted too late"] += 1
        words = [text for text in heard if answer.name in ANSWER.findall(text)]
        verdict.violations["words that were never written"] += [text for text in words if text not in answer.versions]
        if len(answer.versions) > 1 and words != self._held.words(answer):
            verdict.violations["words other than the product believes"].append(answer.name)
        if words and answer.versions[-1] not in words:
            verdict.notes["answers edited too late"] += 1

    def _same_words(self, written: list[Answer], buyer: Buyer, verdict: Verdict) -> None:
        due = sum(answer.deleted_at is None or not self._held.withdrawn(answer) for answer in written)
        times = buyer.heard.count(SAME_WORDS)
        named = f"{buyer.nickname}: {SAME_WORDS!r} {times} times instead of {due}"
        if times > due:
            verdict.violations["doubled towards the buyer"].append(named)
        if times < due:
            verdict.violations["lost towards the buyer"].append(named)

    def _marks(self, verdict: Verdict) -> None:
        for answer in self._ledger.answers:
            if answer.deleted_at is None and (found := set(self._ledger.side.marks(answer.id))) != {ACCEPTED}:
                name = answer.name or answer.id
                verdict.violations["marks not final"].append(f"{name}: {', '.join(sorted(found)) or 'none'}")


def _answers_in(post: Post) -> list[str]:
    """Return which answers a post of ours shows: they stand in the thread already, where agents wrote them."""
    return ANSWER.findall(post.text) if post.by_product else []


def _order(said: Iterable[S], stand: Sequence[str]) -> tuple[list[str], int]:
    """Return the pairs that must not stand as they do, and how many stand so without anybody's fault."""
    place: dict[str, int] = {}
    for at, name in enumerate(stand):
        place.setdefault(name, at)
    found = sorted((one for one in said if one.name in place), key=lambda one: place[one.name])
    wrong, overtaken = [], 0
    for at, later in enumerate(found):
        for earlier in found[at + 1 :]:  # stands behind `later`, but was said before it
            if earlier.said_at >= later.said_at:
                continue
            if earlier.heard_at is not None and earlier.heard_at < later.said_at:
                wrong.append(f"{later.name} stands before {earlier.name}")
            else:
                overtaken += 1
    return wrong, overtaken
