"""What a clock said too soon, as it turns out: other hours, another promise or the platform move its end.

And what it does not say again, where its wait goes on in another ticket.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import update

from chatops.desk import auditing, clocks, definitions
from chatops.desk.definitions import Defined
from chatops.model import clock as questions
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.shop import Shop
from chatops.rules.hours import DayOff, Hours
from chatops.rules.targets import Match, Metric, ServiceLevel, Target, Urgency
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate
from tests.desk.test_clocks import FIRST, PLATFORM, of, promise, told
from tests.desk.test_paging import Paged


def is_open_but(desk: Desk, *off: date) -> None:
    """Let the office be open on Monday and Tuesday, but for these days."""
    hours = Hours("UTC", dict.fromkeys(("mon", "tue"), ("09:00-17:00",)), tuple(DayOff(one) for one in off))
    definitions.define(desk.tx, Defined(DefinitionKind.CALENDAR, "office", hours), None, desk.now)


def test_what_a_holiday_moves_to_another_day_is_said_on_that_day(desk: Desk, mia: BuyerThere) -> None:
    is_open_but(desk)
    promise(desk, ServiceLevel((msgspec.structs.replace(FIRST, calendar="office"),)))
    mia.says("Where is my parcel?")  # on a Monday at noon
    desk.passes(minutes=4)
    assert told(desk) == ["clock_warns"]
    desk.passes(minutes=2)
    late = ["clock_warns", "clock_breached"]
    assert told(desk) == late
    is_open_but(desk, NOON.date())
    assert told(desk) == late
    assert of(desk, mia)["first_response"].due_at == datetime(2026, 5, 5, 9, 5, tzinfo=UTC)
    desk.passes(hours=20, minutes=58)  # to Tuesday at four past nine
    assert told(desk) == [*late, "clock_warns"]
    desk.passes(minutes=2)
    assert told(desk) == [*late, *late]
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=False) == []


def test_what_is_late_by_one_promise_and_then_by_another_is_said_twice(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    quick = ServiceLevel((Target(Metric.FIRST_RESPONSE, "2m", urgency=Urgency.CHANNEL),), Match(priorities=("urgent",)))
    promise(desk, quick, "quick")
    promise(desk, ServiceLevel((FIRST,)), "rest")
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("!priority urgent", to=mia)
    desk.passes(minutes=2, seconds=1)
    assert told(desk) == ["clock_breached"]
    li.says("!priority normal", to=mia)
    desk.passes(minutes=3)
    assert told(desk) == ["clock_breached"] * 2
    li.says("!priority urgent", to=mia)
    desk.passes(minutes=1)
    assert told(desk) == ["clock_breached"] * 2, "late is late"


def test_a_deadline_that_the_platform_moves_is_told_again(desk: Desk, mia: BuyerThere) -> None:
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_DEADLINE, urgency=Urgency.CHANNEL),)))
    mia.says("I want to send it back")
    for days in (1, 3):
        clocks.deadline(desk.tx, desk.ticket(mia), NOON + timedelta(days=days), desk.now)
        desk.now = NOON + timedelta(days=days, minutes=1)
        told(desk)
    assert told(desk) == ["clock_breached"] * 2


def test_what_a_clock_that_was_ahead_broke_is_told_again_when_it_is_broken(desk: Desk, mia: BuyerThere) -> None:
    promise(desk, ServiceLevel((FIRST,)))
    mia.says("Where is my parcel?")
    desk.now += timedelta(days=1)
    assert told(desk) == ["clock_breached"]
    desk.now -= timedelta(days=1)
    assert auditing.clock_set_back(desk.tx, desk.now) == 1
    assert auditing.clock_set_back(desk.tx, desk.now) == 0
    desk.passes(minutes=4)
    assert told(desk) == ["clock_breached", "clock_warns"]
    desk.passes(minutes=2)
    assert told(desk) == ["clock_breached", "clock_warns", "clock_breached"]


def test_a_page_about_what_a_holiday_moves_is_over_and_calls_anew_on_the_day(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    paged = Paged(desk)
    is_open_but(desk)
    promise(desk, ServiceLevel((Target(Metric.FIRST_RESPONSE, "15m", "office"),), escalation="front"))
    told(desk)
    desk.passes(minutes=16)
    told(desk)
    assert paged.log(asked) == ["12:16 step li noor"]
    is_open_but(desk, NOON.date())
    told(desk)
    paged.passes(hours=2)
    assert paged.log(asked) == ["12:16 step li noor", "12:16 over"]
    assert paged.page(asked).end_reason == "corrected"
    desk.now = NOON + timedelta(hours=21, minutes=16)
    told(desk)
    assert paged.log(asked) == ["09:16 step li noor"]


def standing(desk: Desk, buyer: BuyerThere) -> dict[int, tuple[str, datetime | None]]:
    """Return how the open clocks of a ticket stand and when they are due, by their limits in minutes."""
    clocks_of = of(desk, buyer).values()
    return {one.limit // 60_000: (one.state.value, one.due_at) for one in clocks_of if one.is_open}


def test_several_targets_of_one_metric_are_what_they_were_in_whatever_order_they_are_written(
    desk: Desk, mia: BuyerThere
) -> None:
    is_open_but(desk, NOON.date())
    office, always = (
        Target(Metric.FIRST_RESPONSE, within, calendar, urgency=Urgency.CHANNEL)
        for within, calendar in (("5m", "office"), ("2h", ""))
    )
    promise(desk, ServiceLevel((office, always)))
    mia.says("Where is my parcel?")
    desk.passes(minutes=100)
    assert told(desk) == ["clock_warns"]
    before = standing(desk, mia)
    between = msgspec.structs.replace(FIRST, within="3h")
    for targets in ((always, office), (always, between, office), (office, always)):
        promise(desk, ServiceLevel(targets))
        assert told(desk) == ["clock_warns"], "what was said is not said again"
        assert {minutes: how for minutes, how in standing(desk, mia).items() if minutes != 180} == before
    desk.passes(minutes=21)
    assert told(desk) == ["clock_warns", "clock_breached"]
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=False) == []


def test_targets_that_were_counted_before_they_had_numbers_go_on_where_not_all_were_promised(
    desk: Desk, mia: BuyerThere
) -> None:
    desk.tx.execute(update(Shop).values(region="JP"))  # nobody knows what TikTok asks there
    ours = msgspec.structs.replace(PLATFORM, within="10h", warn=())
    promise(desk, ServiceLevel((PLATFORM, ours)))
    desk.tx.execute(update(Definition).values(numbers=[]))  # as an earlier version wrote it
    mia.says("Where is my parcel?")
    promise(desk, ServiceLevel((PLATFORM, ours, FIRST)))
    told(desk)
    assert standing(desk, mia) == {
        600: ("running", NOON + timedelta(hours=10)),
        5: ("running", NOON + timedelta(minutes=5)),
    }
    assert all(one.is_open for one in of(desk, mia).values())


def test_one_wait_breaks_a_promise_once_also_where_it_goes_on_in_another_ticket(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    promise(desk, ServiceLevel((FIRST, PLATFORM)))
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("!resolve", mia)
    desk.passes(days=8)
    mia.says("Hello?")
    desk.passes(minutes=6)
    li.says("!merge", mia)
    former, later = desk.tickets(mia)
    broken, again = (questions.of_ticket(desk.tx, SHOP, one.id) for one in (later, former))
    asked = NOON + timedelta(days=8)
    assert [one.breached_at for one in broken if one.breached_at] == [asked + timedelta(minutes=5)]
    assert former.waiting_since == asked
    due = {one.metric: one.due_at for one in again if one.is_open}
    assert due[Metric.FIRST_RESPONSE] == asked + timedelta(minutes=11)
    assert due[Metric.PLATFORM_RESPONSE] == asked + timedelta(days=1), "TikTok's clock goes on, whatever we do"
    assert auditing.rebuild(desk.tx, former, desk.now, keep=False) == []
