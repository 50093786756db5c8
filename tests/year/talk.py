"""What the team says about being on call while the year goes by, and what of it counts."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.sandbox.slack.blocks import elements_of
from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.reading import visible
from tests.stories.cast import Story
from tests.year.desk import LI, NOOR, PLACES
from tests.year.expected import MINUTE, Place, Said, Word, instants

HOUR = timedelta(hours=1)
EVERY = timedelta(hours=30)  # somebody says something, about so often
SAID_WITHIN = 10 * timedelta(seconds=1)
NEVER_BEFORE = 4  # o'clock: no wall clock of theirs shows later hours twice, or leaps over one
TRIES = 5  # what nobody heard is said again
TAKE, DECLINE = "shift_take", "shift_decline"

Act = Callable[[], Awaitable[None]]


class Wish(NamedTuple):
    """Somebody is asked to take a shift, in a message."""

    message: Message
    asker: Person
    asked: Person
    place: Place
    start: datetime
    end: datetime


class Talk:
    """Two people who stand in for each other, are absent, and swap shifts.

    `later` carries out something at an instant; `passes` lets time pass until one.
    """

    def __init__(
        self,
        story: Story,
        random: Random,
        later: Callable[[datetime, Act], None],
        passes: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._story, self._random, self._later, self._passes = story, random, later, passes
        self._people = {person.id: person for person in (story.world.cast.li, story.world.cast.noor)}
        self._newest: dict[str, Wish] = {}  # by who asks
        self.said: list[Said] = []
        self.swaps = 0
        self.wrong: list[str] = []

    def planned(self, start: datetime, end: datetime) -> None:
        """Let things be said from now and then, until `end`."""
        at = start + self._random.uniform(0, 2) * EVERY
        while at < end:
            self._later(at, self._random.choice((self._absent, self._stands_in, self._stands_in, self._swap)))
            at += self._random.uniform(0.2, 1.8) * EVERY

    async def _absent(self) -> None:
        who = self._somebody()
        words, start, end = self._span(who)
        await self._counts(who, f"/oncall absent {words}", Said(Word.ABSENT, "", who.id, start, end, self._now()))

    async def _stands_in(self) -> None:
        who, place = self._somebody(), self._random.choice(PLACES)
        words, start, end = self._span(who)
        word, sign = self._random.choice(((Word.INSTEAD, ""), (Word.BESIDES, "+ ")))
        said = Said(word, place.name, who.id, start, end, self._now())
        await self._counts(who, f"/oncall override {place.name} {sign}{words}", said)

    async def _counts(self, who: Person, line: str, said: Said) -> None:
        read = await self._says(who, line)
        if not any(abs(told - said.end) <= SAID_WITHIN for told in _named(read)):
            self.wrong.append(f"{who.name} said {line!r} at {self._now():%m-%d %H:%M} and read {read}")
        self.said.append(said)

    # Swaps

    async def _swap(self) -> None:
        asker = self._somebody()
        asked = next(person for person in self._people.values() if person is not asker)
        whom, moment = self._random.choice((f"{asked.mention} ", "")), self._hour(asker, 1, 60)
        since = self._now()
        await self._says(asker, f"/oncall swap {whom}{moment:%Y-%m-%d %H:%M}")
        await self._passes(self._now() + SAID_WITHIN)
        place = asked.direct_messages if whom else self._story.world.cast.support.roots
        found = [one for one in list(place)[-20:] if float(one.ts) > since.timestamp() and _button(one, TAKE)]
        if not found:  # who is asked is on call then, too
            return
        wish = self._newest[asker.id] = _wish(found[-1], asker, asked)
        self._check(wish, moment)
        until = min(wish.start if wish.start > self._now() else wish.end, self._now() + 3 * HOUR)
        if until > self._now() + 5 * MINUTE:
            at = self._now() + self._random.uniform(0.1, 0.9) * (until - self._now())
            self._later(at, lambda: self._answer(wish))

    def _check(self, wish: Wish, moment: datetime) -> None:
        """Compare what is asked for with whose shifts there are."""
        whole = instants(wish.start, wish.end, self.said)
        shift = f"{wish.start:%m-%d %H:%M}–{wish.end:%m-%d %H:%M} in {wish.place.name}"
        if not all(wish.asker.id in wish.place.on_call(at, self.said) for at in whole):
            self.wrong.append(
                f"{wish.asker.name} asked for {moment:%m-%d %H:%M}, and would swap {shift}, not their shift"
            )
        before = instants(max(moment, self._now()), wish.start, self.said)
        if wish.end <= moment or any(
            wish.asker.id in place.on_call(at, self.said) for place in PLACES for at in before
        ):
            self.wrong.append(
                f"{wish.asker.name} asked for {moment:%m-%d %H:%M}, and would swap {shift}, another shift"
            )

    async def _answer(self, wish: Wish) -> None:
        """Take a shift where nothing else was said of it; else decline, or leave it."""
        if self._newest[wish.asker.id] is not wish:
            return
        start = max(wish.start, self._now())
        about = [
            one for one in self.said if one.start < wish.end and one.end > start and one.place in ("", wish.place.name)
        ]
        is_free = not any(wish.asked.id in wish.place.on_call(at) for at in instants(start, wish.end, ()))
        if not about and is_free and self._random.random() < 0.8:
            taken = Said(Word.SWAP, wish.place.name, wish.asked.id, start, wish.end, self._now(), whose=wish.asker.id)
            self.said.append(taken)
            self.swaps += 1
            await self._presses(wish, TAKE)
        elif _button(wish.message, DECLINE):
            await self._presses(wish, DECLINE)

    async def _presses(self, wish: Wish, verb: str) -> None:
        for _ in range(TRIES):
            ack = await wish.asked.clicks(wish.message, _button(wish.message, verb))
            if ack.acked:
                return await self._passes(self._now() + SAID_WITHIN)
        raise AssertionError(f"{wish.asked.name} pressed in vain: {ack.reason}")

    # Words

    def _somebody(self) -> Person:
        return self._people[self._random.choice((LI, NOOR))]

    async def _says(self, who: Person, line: str) -> str:
        """Return what somebody reads after a command."""
        for _ in range(TRIES):
            ack = await who.runs(self._story.world.cast.support, line)
            if ack.acked:
                return json.dumps(ack.body, ensure_ascii=False)
        raise AssertionError(f"{who.name} said {line!r} in vain: {ack.reason}")

    def _span(self, who: Person) -> tuple[str, datetime, datetime]:
        """Return from when until when, in somebody's words."""
        if self._random.random() < 0.2:
            hours = self._random.randint(2, 12)
            return f"{hours}h", self._now(), self._now() + hours * HOUR
        start = self._hour(who, 2, 60)
        end = self._hour(who, 3, 40, start)
        return f"{start:%Y-%m-%d %H:%M} .. {end:%Y-%m-%d %H:%M}", start.astimezone(UTC), end.astimezone(UTC)

    def _hour(self, who: Person, least: float, most: float, since: datetime | None = None) -> datetime:
        """Return an hour that strikes on somebody's clock, so many hours from now or `since`."""
        at = (since or self._now()).astimezone(UTC) + self._random.uniform(least, most) * HOUR
        local = at.astimezone(ZoneInfo(who.member.tz)).replace(minute=0, second=0, microsecond=0)
        return local.replace(hour=max(local.hour, NEVER_BEFORE))

    def _now(self) -> datetime:
        return self._story.world.time.now()


def _wish(message: Message, asker: Person, asked: Person) -> Wish:
    start, end = sorted(_named(json.dumps(message.blocks)))[:2]
    place = next(place for place in PLACES if place.name in visible(message))
    return Wish(message, asker, asked, place, start, end)


def _button(message: Message, verb: str) -> str:
    """Return by which name a button of a message is pressed, "" where there is none."""
    ids = (element.get("action_id", "") for block in message.blocks for element in elements_of(block))
    return next((one for one in ids if verb in one), "")


def _named(text: str) -> Iterator[datetime]:
    """Yield the instants that a message of Slack's names."""
    return (datetime.fromtimestamp(int(at), UTC) for at in re.findall(r"<!date\^(\d+)\^", text))
