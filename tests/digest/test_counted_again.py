"""A day that is over has the same numbers whenever it is counted: on random lives that go on after it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace
from sqlalchemy import Engine

from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.digest.scope import Scope, Window
from chatops.digest.sections import every
from chatops.i18n import language
from chatops.model.definition import DefinitionKind
from chatops.rules.targets import Metric, Pause, ServiceLevel, Target
from chatops.store import Transaction
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Desk, Teammate

SCOPE = Scope(TEAM, (SHOP,))
UTC = ZoneInfo("UTC")
PROMISES = ServiceLevel(
    (
        Target(Metric.FIRST_RESPONSE, "30m"),
        Target(Metric.NEXT_RESPONSE, "2h"),
        Target(Metric.RESOLUTION, "8h", pause=(Pause.BUYER, Pause.SNOOZE)),
        Target(Metric.PLATFORM_RESPONSE),
    )
)
VERBS = {
    "needs none": "!noreply",
    "is resolved": "!resolve",
    "is opened again": "!reopen",
    "is merged": "!merge",
    "is tagged": "!tag late{words}",
    "is given to Noor": "!assign noor",
    "is blocked": "!block",
}
ACTS = ("asks", "asks", "is answered", "is answered", "is answered elsewhere", "is let be", "is resolved", *VERBS)


class Step(NamedTuple):
    """What happens to a buyer's ticket after so many minutes."""

    minutes: int
    who: int
    act: str


MINUTES = some.sampled_from((2, 45, 150, 500, 1_500, 11_520))
STEPS = some.lists(some.builds(Step, MINUTES, some.integers(0, 1), some.sampled_from(ACTS)), min_size=1, max_size=14)


SAYS_SO = re.compile(r"when this was counted|moment of counting|after it was counted|waits? now")


def figures(counted: dict[str, Any]) -> dict[str, float]:
    """Return every number, but those whose definition says that they are of the moment of counting."""
    with language("en"):
        return {
            f"{section.key}.{figure.key}": figure.value(counted[section.key]) or 0 if counted[section.key] else 0
            for section in every()
            for figure in section.figures
            if not SAYS_SO.search(figure.counted())
        }


def of_the_team(facts: Any) -> Any:
    """The team, without what people carry."""
    people = tuple(replace(one, carried=0) for one in facts.people if one.answers)
    left = replace(facts, carried=0, people=people)
    return left if people or left.elsewhere or left.used or left.handled else None


AFTER = {"waiting", "audit", "fix"}
OF_THE_DAY: dict[str, Callable[[Any], Any]] = {  # what is left without that which is, as defined, of the counting
    "team": of_the_team,
    "clocks": lambda facts: replace(facts, open=0) if facts.kept else None,  # which promises run out later
    "volume": lambda facts: (facts.messages, facts.hours),  # what tickets are about, and which have become one
    "asked": lambda facts: (facts.tickets, facts.before),  # likewise
    "platform": lambda facts: (facts.markets, facts.days),  # how many late answers are still allowed
    "pages": lambda facts: replace(facts, holes=()),  # the gaps of the coming week
}


def over(desk: Desk, day: Window) -> tuple[dict[str, float], dict[str, Any]]:
    """Count a day, without what is of the moment of counting: every number, and what is listed or drawn besides."""
    found = {one.key: one.count(desk.tx, SCOPE, day) for one in every()}
    besides = {key: facts and OF_THE_DAY.get(key, replace)(facts) for key, facts in found.items() if key not in AFTER}
    return figures(found), besides


class Lives:
    """Two buyers, and a team of two that promises them something."""

    def __init__(self, tx: Transaction) -> None:
        self.desk = Desk(tx)
        definitions.define(self.desk.tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", PROMISES), None, NOON)
        self.buyers = [self.desk.buyer(name) for name in ("mia", "ben")]
        self.li, _ = self.desk.teammate("li"), self.desk.teammate("noor")
        for buyer in self.buyers:
            buyer.says("Hello?")
        self.desk.carry_out()

    def live(self, steps: list[Step]) -> None:
        """Let time pass, and things happen."""
        for number, step in enumerate(steps):
            self.desk.passes(minutes=step.minutes)
            self._happens(step.act, self.buyers[step.who], self.li, str(number))
            self.desk.passes(seconds=10)

    def _happens(self, act: str, buyer: BuyerThere, li: Teammate, words: str) -> None:
        match act:
            case "asks":
                buyer.says(f"And {words}?")
            case "is answered":
                li.says(f"It is {words}", buyer)
            case "is answered elsewhere":
                buyer.is_told(f"It was {words}")
            case "is let be":
                pass
            case _:
                li.says(VERBS[act].format(words=words), buyer)


@given(STEPS, STEPS, some.integers(0, 1))
@settings(max_examples=25)
def test_what_comes_later_changes_no_number(engine: Engine, before: list[Step], after: list[Step], begins: int) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        lives = Lives(Transaction(connection))
        lives.live(before)
        end = lives.desk.now + timedelta(minutes=1)
        day = Window(max(NOON, end - timedelta(days=2 + begins * 30)), end, UTC)
        told = over(lives.desk, day)
        lives.live(after)
        assert over(lives.desk, day) == told
        transaction.rollback()
