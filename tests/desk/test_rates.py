"""A shop's rate that is about to fall below its line is said once, to those who can act."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select, update

from chatops.delivery import rates as carriers
from chatops.desk import alarms, definitions, rates, setup
from chatops.desk.definitions import Defined
from chatops.desk.setup import Plan
from chatops.digest import rates as counting
from chatops.digest.scope import Scope, Window
from chatops.digest.sections import platform
from chatops.model.agent import Role
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind
from chatops.model.rate_alarm import RateAlarm
from chatops.model.setting import Setting
from chatops.model.shop import Shop
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind
from chatops.rules.budget import Budget, Danger
from chatops.rules.clock import ClockState
from chatops.rules.escalation import Escalation, Step
from chatops.rules.rotation import Layer, Rotation
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.store.transaction import new
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, Desk, a_plan, a_route, a_shop, a_workspace
from tests.desk.test_clocks import promise

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
Lived = Callable[..., None]


@pytest.fixture
def lived(desk: Desk, mia: object) -> Lived:
    """Let so many of TikTok's limits have been kept, and broken, at an instant."""
    number = iter(range(10_000))

    def live(kept: int, broken: int, at: datetime = NOON - HOUR) -> None:
        for late in [False] * kept + [True] * broken:
            state = ClockState.MET_LATE if late else ClockState.MET
            desk.tx.insert(
                new(
                    Clock, shop_id=SHOP, ticket_id=f"t{next(number)}", target="platform_response", cycle=1,
                    metric=Metric.PLATFORM_RESPONSE, state=state, limit=1, started_at=at, due_at=at, met_at=at,
                    ended_at=at, breached_at=at if late else None,
                )
            )  # fmt: skip

    return live


def look(desk: Desk) -> list[tuple[str, str]]:
    """Let two replicas look at the rates, as every hour; return who was told what since the last look."""
    before = len(told(desk))
    for rate, how in rates.endangered(desk.tx, desk.now) + rates.endangered(desk.tx, desk.now):
        rates.warn(desk.tx, rate, how, desk.now)
    return told(desk)[before:]


def told(desk: Desk) -> list[tuple[str, str]]:
    found = sorted(
        [*desk.waiting(Kind.RATE_TO_PERSON), *desk.waiting(Kind.RATE_TO_CHANNEL)],
        key=lambda one: (one.created_at, one.lane),
    )
    return [(one.args.get("agent_id") or one.args["channel_id"], one.args["danger"]) for one in found]


def budget(desk: Desk) -> Budget:
    [rate] = counting.standing(desk.tx, Scope(TEAM, (SHOP,)), desk.now)
    return rate.budget


def test_nobody_hears_of_a_shop_without_anything_to_count(desk: Desk, lived: Lived) -> None:
    assert look(desk) == []
    lived(10, 9)
    assert look(desk) == [], "19 are too few to say anything"
    lived(0, 1)
    assert look(desk) == [(SUPPORT, "below")], "where there is no lead, the shop's channel"


def test_leads_and_those_on_call_for_the_shop_hear_of_it_once_and_once_more_when_it_has_fallen(
    desk: Desk, lived: Lived
) -> None:
    desk.teammate("noor", Role.LEAD)
    desk.teammate("li")
    desk.teammate("kim")
    for name, who in (("front", "li"), ("warehouse", "kim")):
        rota = Rotation("team", "UTC", (Layer((who,), datetime.fromisoformat("2026-01-01")),))
        definitions.define(desk.tx, Defined(DefinitionKind.ROTATION, name, rota), None, desk.now)
    steps = (Step(("rotation front",)),)
    definitions.define(desk.tx, Defined(DefinitionKind.ESCALATION, "people", Escalation("team", steps)), None, desk.now)
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_RESPONSE),), escalation="people"))
    lived(90, 18)
    assert look(desk) == [], "3 more may be late, but nothing is to come: it cannot fall"
    lived(5, 0, NOON - WEEK + 3 * HOUR)
    assert look(desk) == [("li", "near"), ("noor", "near")], "of 113 in all 22 may be late, 4 more"
    desk.now += HOUR
    lived(0, 1)
    assert look(desk) == [], "said already"
    lived(0, 5)
    desk.now += HOUR
    assert look(desk) == [("li", "below"), ("noor", "below")]
    lived(20, 0)
    assert look(desk) == [], "what was said to have fallen is not said to be near again"
    [said] = desk.tx.all(RateAlarm, select(RateAlarm))
    assert said.danger is Danger.BELOW
    desk.now += timedelta(days=7)
    lived(0, 30, desk.now - HOUR)
    assert look(desk) == [("li", "below"), ("noor", "below")], "another week"


def test_what_is_to_come_is_as_much_as_in_the_same_hours_of_the_week_before(desk: Desk, lived: Lived) -> None:
    lived(30, 5, NOON - WEEK + HOUR)
    lived(3, 0, NOON - WEEK - HOUR)
    lived(50, 1)
    assert budget(desk) == Budget(50, 1, 35, 0.8)
    assert look(desk) == [], "17 of 86 may be late"
    desk.tx.insert(Setting(name="target_official_percent", value=99))
    assert look(desk) == [(SUPPORT, "below")], "a line of the team's own"


def test_what_nobody_could_be_told_is_not_said_yet(desk: Desk, lived: Lived) -> None:
    lived(0, 50)
    setup.apply(desk.tx, a_plan(), desk.now)
    assert look(desk) == [], "nothing of the shop goes anywhere"
    setup.apply(desk.tx, a_plan(a_route()), desk.now)
    assert look(desk) == [(SUPPORT, "below")]


def test_leads_may_want_none_of_it(desk: Desk, lived: Lived) -> None:
    desk.tx.insert(Setting(name="rate_left_percent", value=0))
    lived(0, 50)
    assert look(desk) == []


def test_a_late_answer_that_was_in_time_by_tiktoks_clock_is_counted_so_once_it_is_heard(desk: Desk) -> None:
    desk.tx.insert(Setting(name="rate_least_count", value=2))
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_RESPONSE, "2h", urgency=Urgency.CHANNEL),)))
    mia, ben = desk.buyer("mia"), desk.buyer("ben")
    asked = desk.now
    for buyer in (mia, ben):
        buyer.says("Where is my parcel?")
    assert budget(desk) == Budget(0, 0, 2, 0.8)
    waiting, _number = counting.at_risk(desk.tx, SHOP, desk.now + 9 * HOUR, TEAM, 5)
    assert sorted(one.ticket_id for one in waiting) == sorted([desk.ticket(mia).id, desk.ticket(ben).id])
    desk.passes(hours=3)
    while alarms.raise_due(desk.tx, desk.now):
        pass
    assert budget(desk) == Budget(0, 2, 0, 0.8)
    assert look(desk) == [(SUPPORT, "below")]
    for buyer in (mia, ben):
        buyer.is_told("It left Jakarta", at=asked + HOUR)
    assert budget(desk) == Budget(2, 0, 0, 0.8)
    assert look(desk) == []


@pytest.mark.parametrize(
    ("zone", "region", "now", "start", "end", "coming"),
    [
        ("Europe/London", "GB", "2026-10-24T12:00", "2026-10-18T23:00", "2026-10-26T00:00", 9),  # Sunday has 25 hours
        ("Europe/London", "GB", "2026-10-25T23:59", "2026-10-18T23:00", "2026-10-26T00:00", 9),
        ("Europe/London", "GB", "2026-10-26T00:00", "2026-10-26T00:00", "2026-11-02T00:00", 9),
        ("Asia/Jakarta", "ID", "2026-05-04T12:00", "2026-04-10T17:00", "2026-05-10T17:00", 2),  # 30 days
    ],
)
def test_it_counts_whole_local_days_until_a_sunday(
    desk: Desk, lived: Lived, zone: str, region: str, now: str, start: str, end: str, coming: int
) -> None:
    desk.tx.execute(update(Shop).values(timezone=zone, region=region))
    desk.tx.insert(Setting(name="rate_least_count", value=1))
    first, last, desk.now = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (start, end, now))
    late, there = timedelta(milliseconds=1), ZoneInfo(zone)
    lived(30, 0, first)
    lived(0, 7, first - late)
    lived(
        0, 2, (last.astimezone(there) - timedelta(days=7)) - late
    )  # to the end of last Sunday, by the clock on the wall
    [rate] = counting.standing(desk.tx, Scope(TEAM, (SHOP,)), desk.now)
    assert (rate.start, rate.end) == (first.timestamp() * 1000, last.timestamp() * 1000)
    compared = Window(desk.now, desk.now, there, looks_ahead=False)
    assert not counting.told(desk.tx, Scope(TEAM, (SHOP,)), compared)[1]
    assert (rate.budget.kept, rate.budget.coming) == (30 if first < desk.now else 0, coming)


def test_what_waits_to_be_said_is_told_by_the_clock_and_in_the_language_of_whoever_reads(
    desk: Desk, lived: Lived
) -> None:
    desk.knows(desk.teammate("noor", Role.LEAD), timezone="Pacific/Auckland", locale="de")
    lived(90, 18)
    lived(5, 0, NOON - WEEK + 3 * HOUR)
    look(desk)
    [waits] = desk.waiting(Kind.RATE_TO_PERSON)
    said = carriers.card(desk.tx, waits.args, desk.now)
    assert said is not None
    assert "bis Montag dürfen noch 4 zu spät sein" in said.summary, "Sunday night in London is Monday there"
    assert carriers.card(desk.tx, waits.args, datetime.fromisoformat(waits.args["until"])) is None, "the week is over"
    lived(0, 6)
    assert look(desk) == [("noor", "below")]
    assert carriers.card(desk.tx, waits.args, desk.now) is None, "something worse is said"


def test_nobody_reads_of_buyers_whose_tickets_go_to_another_workspace_alone(desk: Desk, lived: Lived) -> None:
    other = Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en")
    part = a_route("C0OTHER")
    part.workspace_id, part.languages = other.id, ["th"]
    plan = Plan(settings={}, shops=(a_shop(),), workspaces=(a_workspace(), other), routes=(a_route(), part))
    setup.apply(desk.tx, plan, desk.now)
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_RESPONSE, "2h", urgency=Urgency.CHANNEL),)))
    for name in ("mia", "ben", "zoe"):
        desk.buyer(name).says("Where is my parcel?")
    lived(0, 40)
    look(desk)
    said = {}
    for waits in desk.waiting(Kind.RATE_TO_CHANNEL):
        told = carriers.card(desk.tx, waits.args, desk.now)
        assert told
        said[waits.args["workspace_id"]] = str(told.parts)
    for name in ("mia", "ben", "zoe"):
        assert name in said[TEAM]
        assert name not in said[other.id]
    assert "Nobody waits whose time runs out until then." in said[other.id]
    assert all("The numbers are of the whole shop; some of its tickets go elsewhere." in text for text in said.values())


def test_of_all_that_runs_out_a_few_are_read_and_the_others_only_counted(desk: Desk) -> None:
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_RESPONSE, "2h", urgency=Urgency.CHANNEL),)))
    for name in ("mia", "ben", "zoe"):
        desk.buyer(name).says("Where is my parcel?")
        desk.passes(minutes=1)
    first, number = counting.at_risk(desk.tx, SHOP, desk.now + 9 * HOUR, TEAM, 2)
    assert ([one.ticket_id for one in first], number) == (
        [desk.ticket(desk.buyer(name)).id for name in ("mia", "ben")],
        3,
    )
    assert counting.at_risk(desk.tx, SHOP, desk.now, TEAM, 2) == ([], 0)


def test_the_section_says_the_same(desk: Desk, lived: Lived) -> None:
    lived(90, 18)
    facts = platform.SECTION.count(desk.tx, Scope(TEAM, (SHOP,)), Window(NOON - HOUR, NOON, ZoneInfo("UTC")))
    assert facts is not None
    assert facts.rates[0].budget == budget(desk)
    assert platform.SECTION.figures[1].value(facts) == budget(desk).left
    assert counting.standing(desk.tx, Scope(TEAM, (SHOP,), teams=("night",)), desk.now) == ()
