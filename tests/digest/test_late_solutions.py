"""A solution that came late on its day was late on that day, whatever becomes of its ticket and its promise."""

from datetime import timedelta

import pytest

from chatops.desk import auditing
from chatops.digest.sections.clocks import SECTION, Kept
from chatops.model import clock as clocks
from chatops.model.clock import Clock
from chatops.rules.targets import Metric, ServiceLevel, Target
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate
from tests.desk.test_clocks import FIRST, promise, told
from tests.digest.reading import DAY, SCOPE

LATE, IN_TIME = Kept(late=1), Kept(met=1)


def solution(within: str) -> Target:
    """Return a promise to solve within a time."""
    return Target(Metric.RESOLUTION, within)


def of_the_day(desk: Desk) -> Kept | None:
    """Return what became of the day's solutions."""
    facts = SECTION.count(desk.tx, SCOPE, DAY)
    return None if facts is None else facts.kept.get("resolution")


@pytest.fixture
def reopened(desk: Desk, mia: BuyerThere, li: Teammate) -> Clock:
    """A solution promised within eight hours, that came after nine and on the next day was none."""
    promise(desk, ServiceLevel((solution("8h"),)))
    mia.says("Where is my parcel?")
    desk.passes(hours=9)
    li.says("!resolve", mia)
    assert of_the_day(desk) == LATE
    desk.passes(hours=15)
    li.says("!reopen", mia)
    [clock] = clocks.of_ticket(desk.tx, SHOP, desk.ticket(mia).id)
    return clock


@pytest.mark.usefixtures("reopened")
@pytest.mark.parametrize("targets", [(solution("8h"), FIRST), (solution("4h"),), (solution("8h 30m"),)])
def test_it_stays_late_by_another_promise_that_leaves_no_time(desk: Desk, targets: tuple[Target, ...]) -> None:
    promise(desk, ServiceLevel(targets))
    told(desk)
    assert of_the_day(desk) == LATE


@pytest.mark.usefixtures("reopened")
def test_by_a_promise_that_leaves_time_it_runs_again_and_was_kept(desk: Desk) -> None:
    promise(desk, ServiceLevel((solution("10h"),)))
    told(desk)
    assert of_the_day(desk) == IN_TIME
    promise(desk, ServiceLevel((solution("8h"),)))
    told(desk)
    desk.passes(minutes=1)
    told(desk)
    assert of_the_day(desk) is None, "nobody knows any more when it was due, but it was not kept"


def test_what_an_earlier_version_wrote_is_not_kept_and_rebuilding_tells_it_right(
    desk: Desk, mia: BuyerThere, reopened: Clock
) -> None:
    desk.tx.update(reopened, due_at=desk.now, breached_at=desk.now)
    assert of_the_day(desk) is None
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=True) != []
    assert of_the_day(desk) == LATE


def test_one_that_came_in_time_stays_so_however_long_it_goes_on(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    promise(desk, ServiceLevel((solution("8h"),)))
    mia.says("Where is my parcel?")
    desk.passes(hours=7)
    li.says("!resolve", mia)
    desk.now = NOON + timedelta(days=1)
    li.says("!reopen", mia)
    desk.passes(hours=3)
    assert of_the_day(desk) == IN_TIME
    li.says("!resolve", mia)
    assert of_the_day(desk) == IN_TIME
