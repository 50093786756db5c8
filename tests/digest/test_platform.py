"""TikTok's own figures beside ours."""

from datetime import date, datetime
from typing import Any, cast

import pytest
from sqlalchemy import update

from chatops.desk import alarms
from chatops.digest.scope import ONE_DAY, Scope, Window
from chatops.digest.section import Reading
from chatops.digest.sections import platform
from chatops.i18n import language
from chatops.model import performance
from chatops.model.clock import Clock
from chatops.model.facts import OfficialFigures
from chatops.model.shop import Shop
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.store.transaction import new
from tests.desk.scenes import SHOP, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_clocks import promise
from tests.digest.reading import DAY as TODAY
from tests.digest.reading import SCOPE, figures, plain, shown

DAY = date(2026, 5, 4)


def test_rates_stand_by_country_beside_tiktoks_own(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    promise(desk, ServiceLevel((Target(Metric.PLATFORM_RESPONSE, "2h", urgency=Urgency.CHANNEL),)))
    ben = desk.buyer("ben")
    mia.says("Where is my parcel?")
    ben.says("Is it blue?")
    desk.passes(minutes=5)
    li.says("It left Jakarta", mia)
    desk.passes(minutes=1)
    desk.passes(hours=3)
    while alarms.raise_due(desk.tx, desk.now):
        pass
    assert shown(desk, platform.SECTION) == "United Kingdom · 50% of 2 answers in time by TikTok's rules"
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(3, 0.9, None, 2.0), desk.now)
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(4, 0.75, 1.0, 3.4), desk.now)  # TikTok counts on
    said = shown(desk, platform.SECTION).splitlines()
    assert said[0].endswith(
        "in time by TikTok's rules · TikTok says 75% of 4 sessions · ours less TikTok's, in points: −25 · 100% of the "
        "buyers who rated were satisfied"
    )
    assert said[1].startswith("TikTok counts sessions")
    assert figures(desk, platform.SECTION) == {
        "in_time": 0.5,
        "left": None,
        "official": 0.75,
        "satisfied": 1.0,
    }


def test_countries_are_apart_and_days_weigh_by_their_sessions(desk: Desk) -> None:
    assert shown(desk, platform.SECTION) == ""
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(0, 0.0, None, None), desk.now)
    assert figures(desk, platform.SECTION)["official"] is None, "a share of nothing is none"
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(8, 1.0, None, None), desk.now)
    desk.tx.execute(update(Shop).values(region=""))
    assert shown(desk, platform.SECTION).startswith(
        "Country not known · nothing was due by TikTok's rules · TikTok says"
    )


def said_of(**numbers: Any) -> str:
    """Return what is said of one country."""
    facts = platform.Platform({"GB": platform.Market(**numbers)}, 2)
    with language("en"):
        return plain(platform.SECTION.parts(cast("Any", None), facts, None, Reading(TEAM, TODAY)))


def test_points_are_those_between_the_shares_as_they_are_shown() -> None:
    said = said_of(kept=2, broken=1, answered=0.666, sessions=1, days=2, alike=True)
    assert "66.6% of 3 answers" in said
    assert "TikTok says 66.6% of 1 session\n" in said
    assert "in points: +0.1" in said_of(kept=2, broken=1, answered=0.665, sessions=3, days=2, alike=True)


def test_digests_that_were_counted_before_anybody_asked_of_which_shops_keep_their_points() -> None:
    assert "in points: +16.6" in said_of(kept=2, broken=1, answered=0.5, sessions=4, days=2)


def decided(shop_id: str, at: datetime, *, kept: bool) -> Clock:
    """Return a promise of TikTok's that was kept or broken."""
    return new(
        Clock,
        shop_id=shop_id,
        ticket_id="t",
        target="platform",
        cycle=1,
        metric=Metric.PLATFORM_RESPONSE,
        state=ClockState.MET if kept else ClockState.MET_LATE,
        limit=1,
        started_at=at,
        due_at=at,
        met_at=at,
        ended_at=at,
        breached_at=None if kept else at,
    )


@pytest.mark.parametrize(
    ("told", "points", "days"),
    [
        ({SHOP: 2, "2": 2}, True, 2),
        ({SHOP: 2}, False, 2),  # of the other shop TikTok tells nothing
        ({SHOP: 2, "2": 1}, False, 1),
        ({SHOP: 2, "2": 2, "3": 2}, False, 2),  # in which nothing was promised
    ],
)
def test_points_are_said_where_both_figures_are_of_the_same_shops_and_days(
    desk: Desk, told: dict[str, int], points: bool, days: int
) -> None:
    for shop_id in "23":
        desk.tx.insert(Shop(id=shop_id, name=shop_id, region="GB", timezone="UTC", locale="en"))
    for shop_id, since in told.items():
        for back in range(since):
            performance.keep(desk.tx, shop_id, DAY - back * ONE_DAY, OfficialFigures(50, 1.0, None, None), desk.now)
    for shop_id, kept in ((SHOP, True), ("2", False)):
        desk.tx.insert(decided(shop_id, desk.now, kept=kept))
    span = Window(TODAY.start - ONE_DAY, TODAY.end, TODAY.zone)
    facts = platform.SECTION.count(desk.tx, Scope(TEAM, (SHOP, "2", "3")), span)
    assert facts is not None
    with language("en"):
        said = plain(platform.SECTION.parts(desk.tx, facts, None, Reading(TEAM, span)))
    assert ("in points: −50" in said, facts.markets["GB"].days) == (points, days)


def test_a_share_is_weighed_by_the_days_that_have_it(desk: Desk) -> None:
    performance.keep(desk.tx, SHOP, DAY - ONE_DAY, OfficialFigures(90, None, 0.5, None), desk.now)
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(10, 0.8, None, None), desk.now)
    facts = platform.SECTION.count(desk.tx, SCOPE, Window(TODAY.start - ONE_DAY, TODAY.end, TODAY.zone))
    assert facts is not None
    told = {one.key: (one.value(facts), one.of and one.of(facts)) for one in platform.SECTION.figures}
    assert (told["official"], told["satisfied"]) == ((0.8, 10), (0.5, 90))
