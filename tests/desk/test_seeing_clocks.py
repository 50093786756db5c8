"""Whoever asks sees what time is left, which time was counted by their own days, and what is due next."""

from datetime import date

import pytest

from chatops.cards.told import told
from chatops.catalog import Verb
from chatops.delivery.into_thread import is_over
from chatops.desk import alarms, definitions
from chatops.desk.definitions import Defined
from chatops.model import clock as clocks
from chatops.model.definition import DefinitionKind
from chatops.outbox import Told
from chatops.rules.hours import Hours
from chatops.rules.targets import Metric, Pause, ServiceLevel, Target, Urgency
from tests.desk.scenes import SHOP, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_asking import answer, called
from tests.desk.test_clocks import promise

WORKDAYS: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
IN_OFFICE = ServiceLevel(
    (
        Target(Metric.FIRST_RESPONSE, "15m", "office", urgency=Urgency.CHANNEL),
        Target(Metric.NEXT_RESPONSE, "1h", "office", urgency=Urgency.CHANNEL),
        Target(Metric.RESOLUTION, "8h", "office", pause=(Pause.BUYER, Pause.SNOOZE), urgency=Urgency.CHANNEL),
    )
)


@pytest.fixture
def office(desk: Desk, li: Teammate) -> Desk:
    """A desk that promises answers in the hours of a Berlin office; it is Friday, five to five there."""
    desk.knows(li, timezone="Europe/Berlin")
    hours = Defined(DefinitionKind.CALENDAR, "office", Hours("Europe/Berlin", WORKDAYS))
    definitions.define(desk.tx, hours, None, desk.now)
    promise(desk, IN_OFFICE)
    desk.now = desk.now.replace(year=2026, month=11, day=20, hour=15, minute=55, second=0)
    return desk


def seen(desk: Desk, about: BuyerThere | None, words: str = "", verb: Verb = Verb.SLA) -> list[str]:
    while alarms.raise_due(desk.tx, desk.now):
        pass
    return [line.replace("\u202f", " ") for line in answer(desk, verb, words, about).summary.splitlines()]


def test_what_is_left_is_open_time_and_the_end_an_instant(office: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    office.passes(minutes=3)
    assert seen(office, mia) == [
        "The clocks of this ticket",
        "First answer · 12 min of 15 min left, until Nov 23, 2026, 8:10 AM (UTC)",
        "counted in the hours of office",
        "Solution · 7 hr 57 min of 8 hr left, until Nov 23, 2026, 3:55 PM (UTC)",
        "counted in the hours of office",
        "Which time was counted: !sla why",
    ]


def test_the_counted_time_is_told_by_the_reader_s_own_days(office: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    office.passes(days=2, hours=16, minutes=10)  # Monday, five past nine in Berlin
    friday_and_monday = ["Fri, Nov 20: 4:55 PM–5:00 PM (5 min)", "Mon, Nov 23: 9:00 AM–9:05 AM (5 min)"]
    assert seen(office, mia, "why") == [
        "The clocks of this ticket",
        "First answer · 10 min of 15 min are used up",
        *friday_and_monday,
        "counted in the hours of office",
        "Solution · 10 min of 8 hr are used up",
        *friday_and_monday,
        "counted in the hours of office",
        "Days and times are those of Europe/Berlin.",
    ]
    office.knows(li, timezone="Asia/Jakarta")
    assert "Fri, Nov 20: 10:55 PM–11:00 PM (5 min)" in seen(office, mia, "why")


def test_words_that_ask_nothing_are_never_passed_over(office: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    where = ["This works in the thread of a ticket. Open one and type there: !sla why"]
    assert seen(office, None, "why") == seen(office, None, "nonsense") == where
    assert seen(office, mia, "nonsense") == ["Nothing was done: choose one of these: why."]
    assert seen(office, mia, "warum") == seen(office, mia, "why")


def test_a_long_wait_is_told_by_its_last_days(office: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    office.passes(days=14)
    told = seen(office, mia, "why")
    assert "4 days before: 24 hr 5 min" in told  # three whole days of eight hours, and Friday's five minutes
    assert sum("(8 hr)" in line for line in told) == 2 * 6
    assert date(2026, 12, 4) == office.now.date()


def test_what_is_over_says_how_it_ended(office: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    office.passes(minutes=2)
    li.says("On its way", to=mia)
    office.passes(seconds=10)
    kept = "First answer · kept: Nov 20, 2026, 3:57 PM (UTC), 15 min promised"
    left = "Solution · stands still, 7 hr 57 min left: it waits for the buyer"
    assert seen(office, mia)[1:3] == [left, "counted in the hours of office"]
    assert kept in seen(office, mia)
    li.presses(Verb.RESOLVE, office.ticket(mia))
    assert seen(office, mia)[1:-1] == [kept, "Solution · kept: Nov 20, 2026, 3:57 PM (UTC), 8 hr promised"]


def test_the_most_urgent_clock_stands_on_the_card(office: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    office.passes(days=4)
    assert seen(office, mia)[1] == "First answer · overdue: 15 min ended Nov 23, 2026, 8:10 AM (UTC)"


def test_what_is_due_next_is_one_list_over_all_channels(office: Desk, mia: BuyerThere) -> None:
    called(office, mia, "Mia")
    assert seen(office, None) == ["Nothing is due: no promise runs out."]
    assert not any("due" in line for line in seen(office, None, verb=Verb.HOME))
    mia.says("Where is my parcel?")
    ana = office.buyer("ana")
    office.passes(minutes=1)
    ana.says("And mine?")
    called(office, ana, "Ana")
    called(office, mia, "Mia")
    assert "What is due next" in seen(office, None, verb=Verb.HOME)
    in_channel = seen(office, None)
    assert in_channel[0] == "What is due next"
    assert [line.split(" · ")[1] for line in in_channel[1:]] == ["Mia", "Ana"]
    assert in_channel == seen(office, None, "late", Verb.QUEUE) == seen(office, None, "快超时", Verb.QUEUE)
    office.passes(days=2, hours=16, minutes=15)
    assert [line.partition(" · ")[0] for line in seen(office, None)[1:]] == [
        "First answer overdue: Nov 23, 2026, 8:10 AM (UTC)",
        "First answer Nov 23, 2026, 8:11 AM (UTC)",
    ]


def test_a_ticket_without_promises_says_so(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Hello?")
    assert seen(desk, mia) == seen(desk, mia, "why") == ["Nothing is promised for this ticket, so no clock runs."]


def test_a_notice_is_not_posted_once_it_is_not_so_any_more(office: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    office.passes(seconds=1)
    clock = clocks.most_urgent(office.tx, SHOP, office.ticket(mia).id)
    assert clock is not None
    place = {"workspace_id": TEAM, "thread_id": office.thread(mia).id}
    warns, broke = ({**clock.facts(), **place, "about": about} for about in ("clock_warns", "clock_breached"))
    assert not is_over(office.tx, warns)
    li.says("On its way", to=mia)
    office.passes(seconds=10)
    assert is_over(office.tx, warns), "it was answered"
    assert is_over(office.tx, broke), "it was answered in time"
    later = {**warns, "cycle": "2"}
    assert is_over(office.tx, later)
    assert not is_over(office.tx, {**later, "about": "clock_breached"}), "what broke stays broken"


@pytest.mark.parametrize(("calendar", "limit"), [("office", "24 hr"), ("", "1 day")])
def test_a_promise_of_open_time_is_told_in_hours(office: Desk, mia: BuyerThere, calendar: str, limit: str) -> None:
    promise(office, ServiceLevel((Target(Metric.RESOLUTION, "24h", calendar),)), "all")
    mia.says("It is broken")
    clock = clocks.most_urgent(office.tx, SHOP, office.ticket(mia).id)
    assert clock is not None
    assert f"a solution within {limit} is promised" in told(Told.CLOCK_WARNS, clock.facts()).summary
