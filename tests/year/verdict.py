"""What came otherwise than it must: in the database, on everybody's phone, and in the channel."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from sqlmodel import col, select

from chatops.model.clock import AlarmRaised
from chatops.model.page import NoticeState, PageNotice
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction
from tests.stories.side import Post
from tests.year.desk import OTHERWISE, PLACES
from tests.year.expected import DAY, MINUTE, WARNED_AFTER, Place, Said, called, changes, runs_out

SECOND = timedelta(seconds=1)
EXACT = 2 * SECOND  # a shop's messages carry whole seconds
LATE_BY = 10 * SECOND  # on a machine that does other things, too; a wrong sum would be late by minutes
EARLY_BY = MINUTE / 2  # that long before its instant a warning may come: not all do at once
LATE_AFTER_A_KILL = MINUTE  # what a killed replica had in hand is done when its lease is over
BUNDLED = MINUTE  # nobody is rung up more often
TOLD_WITHIN = 25 * timedelta(hours=1)  # before a hole: a day, which is longer when a clock is turned back
ANNOUNCED = 30 * MINUTE  # before somebody comes on call
TOLD_AFTER = MINUTE  # when it began with what somebody said just then
NAMED = re.compile(r"Buyer \d{4}")


@dataclass
class Question:
    """A buyer asks once, and is answered after a while."""

    place: Place
    name: str
    asked_at: datetime
    answered_at: datetime
    head: Post | None = None
    conversation_id: str = ""
    over: bool = False  # it was asked and answered

    @property
    def warned_at(self) -> datetime:
        """When somebody is called because the promise is about to be broken."""
        return runs_out(self.place, self.asked_at, WARNED_AFTER)

    @property
    def broken_at(self) -> datetime:
        """When the promise is broken."""
        return runs_out(self.place, self.asked_at)

    def calls(self, said: Sequence[Said], began_at: datetime | None) -> list[tuple[datetime, str]]:
        """Return who must be called about it, and when; `began_at`: when somebody was for the first time."""
        warned = self.warned_at
        if began_at is not None and warned - EARLY_BY - EXACT <= began_at <= warned:
            warned = began_at
        rings = [at for at in (warned, self.broken_at) if at < self.answered_at]
        near = [one for one in said if one.end > warned and one.start < self.answered_at]
        return called(self.place, rings, self.answered_at, near, OTHERWISE) if rings else []


@dataclass
class Verdict:
    """What came otherwise than it must."""

    questions: int = 0
    calls: int = 0
    holes: int = 0
    said: int = 0  # about being on call
    swaps: int = 0
    kills: int = 0
    latest: timedelta = timedelta()  # by which a call came after its instant
    wrong: list[str] = field(default_factory=list)


@dataclass
class Happened:
    """What the database holds of it."""

    raised: list[AlarmRaised]
    notices: list[PageNotice]
    tickets: dict[str, str]  # by conversation

    @classmethod
    def read(cls, tx: Transaction) -> "Happened":
        """Read it all."""
        notices = tx.all(PageNotice, select(PageNotice).order_by(col(PageNotice.called_at), col(PageNotice.agent_id)))
        tickets = {ticket.conversation_id: ticket.id for ticket in tx.all(Ticket, select(Ticket))}
        return cls(tx.all(AlarmRaised, select(AlarmRaised)), notices, tickets)


def judge(
    happened: Happened,
    questions: Sequence[Question],
    said: Sequence[Said],
    phones: Mapping[str, Sequence[Post]],
    channel: Sequence[Post],
    start: datetime,
    end: datetime,
) -> Verdict:
    """Compare all that came from `start` to `end` with what must have come; `phones` by whose they are."""
    found = Verdict(questions=sum(question.over for question in questions))
    rings = {who: _Phone(posts) for who, posts in phones.items()}
    by_ticket: dict[str, list[PageNotice]] = {}
    for notice in happened.notices:
        by_ticket.setdefault(notice.ticket_id, []).append(notice)
    for question in questions:
        came = by_ticket.pop(happened.tickets.get(question.conversation_id, ""), [])
        if not question.over:
            continue
        must = question.calls(said, came[0].called_at if came else None)
        found.calls += len(must)
        found.latest = max([found.latest, *(one.called_at - at for (at, _), one in zip(must, came, strict=False))])
        wrong = [*_differs(must, came), *_rang(question.name, came, rings)]
        found.wrong += [f"{question.name} in {question.place.name}: {what}" for what in wrong]
    found.wrong += [f"nobody knows why ticket {ticket} called" for ticket in by_ticket]
    twice = [key for key, times in Counter((row.ticket_id, row.alarm) for row in happened.raised).items() if times > 1]
    found.wrong += [f"raised twice: {key}" for key in twice]
    over = {question.name for question in questions if question.over}
    found.wrong += [f"{who} was rung up for nothing: {what}" for who, one in rings.items() for what in one.left(over)]
    for place in PLACES:
        for at, before, after in changes(place, start + DAY, end, said):
            if not after:
                found.holes += 1
                found.wrong += _unsaid(place, at, said, channel)
            found.wrong += _unannounced(place, at, after - before, said, phones)
    return found


def _differs(must: Sequence[tuple[datetime, str]], came: Sequence[PageNotice]) -> Iterator[str]:
    if [who for _, who in must] != [notice.agent_id for notice in came]:
        yield f"must call {[(f'{at:%m-%d %H:%M:%S}', who) for at, who in must]}, called " + str(
            [(f"{notice.called_at:%m-%d %H:%M:%S}", notice.agent_id) for notice in came]
        )
        return
    for (at, _), notice in zip(must, came, strict=True):
        if not -EXACT <= notice.called_at - at <= LATE_BY:
            yield f"called at {notice.called_at} instead of {at}"
        if notice.state not in {NoticeState.TOLD, NoticeState.SPARED}:
            yield f"the call is still {notice.state}"


class _Phone:
    """The direct messages that somebody got about pages, each with the buyers it is about."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self._about = [(datetime.fromtimestamp(float(post.id), UTC), set(NAMED.findall(post.text))) for post in posts]

    def rang(self, name: str, called_at: datetime) -> bool:
        """Tell whether it rang for a buyer once they were called, and count that no more."""
        latest = called_at + BUNDLED + LATE_BY
        for at, names in self._about:
            if name in names and called_at - EXACT <= at <= latest:
                names.remove(name)
                return True
        return False

    def left(self, names: set[str]) -> list[str]:
        """Return when it rang besides."""
        return [f"{name} at {at:%m-%d %H:%M:%S}" for at, about in self._about for name in sorted(about & names)]


def _rang(name: str, came: Sequence[PageNotice], phones: Mapping[str, _Phone]) -> Iterator[str]:
    for notice in came:
        if not phones[notice.agent_id].rang(name, notice.called_at) and notice.state is not NoticeState.SPARED:
            yield f"the phone of {notice.agent_id} did not ring at {notice.called_at:%m-%d %H:%M:%S}"


def _unsaid(place: Place, hole: datetime, said: Sequence[Said], channel: Sequence[Post]) -> Iterator[str]:
    """Yield that the channel did not name a hole, if so."""
    just_said = any(one.at - SECOND < hole < one.at + SECOND for one in said)
    latest = hole + TOLD_AFTER if just_said else hole
    if not any(_naming(channel, hole, hole - TOLD_WITHIN, latest)):
        yield f"nobody was told that {place.name} is alone from {hole:%Y-%m-%d %H:%M} on"


def _unannounced(
    place: Place, at: datetime, come: Iterable[str], said: Sequence[Said], phones: Mapping[str, Sequence[Post]]
) -> Iterator[str]:
    """Yield who comes on call and was not told once, half an hour before, where nothing changed or was said since."""
    then = at - ANNOUNCED
    if any(then - MINUTE < one.at < at + SECOND for one in said) or any(changes(place, then, at, said)):
        return
    for who in sorted(set(come) - place.on_call(then, said)):
        told = [post for post in _naming(phones[who], at, then - EXACT, at) if place.name in post.text]
        if sum(_posted(post) <= (then + LATE_AFTER_A_KILL).timestamp() for post in told) != 1:
            when = [f"{datetime.fromtimestamp(_posted(post), UTC):%H:%M:%S}" for post in told]
            yield f"{who} comes on call in {place.name} at {at:%Y-%m-%d %H:%M}, and was told at {when}"


def _naming(posts: Sequence[Post], instant: datetime, since: datetime, until: datetime) -> Iterator[Post]:
    """Yield the messages from `since` to `until` that name an instant."""
    first = bisect_left(posts, since.timestamp(), key=_posted)
    for post in takewhile(lambda post: _posted(post) < until.timestamp(), posts[first:]):
        named = re.findall(r"<!date\^(\d+)\^", str(post.message.blocks))
        if any(abs(int(at) - instant.timestamp()) <= EXACT.total_seconds() for at in named):
            yield post


def _posted(post: Post) -> float:
    return float(post.id)
