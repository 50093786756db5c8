"""TikTok's own figures beside ours."""

from datetime import date

from sqlalchemy import update

from chatops.desk import alarms
from chatops.digest.scope import ONE_DAY, Window
from chatops.digest.sections import platform
from chatops.model import performance
from chatops.model.facts import OfficialFigures
from chatops.model.shop import Shop
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from tests.desk.scenes import SHOP, BuyerThere, Desk, Teammate
from tests.desk.test_clocks import promise
from tests.digest.reading import DAY as TODAY
from tests.digest.reading import SCOPE, figures, shown

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


def test_a_share_is_weighed_by_the_days_that_have_it(desk: Desk) -> None:
    performance.keep(desk.tx, SHOP, DAY - ONE_DAY, OfficialFigures(90, None, 0.5, None), desk.now)
    performance.keep(desk.tx, SHOP, DAY, OfficialFigures(10, 0.8, None, None), desk.now)
    facts = platform.SECTION.count(desk.tx, SCOPE, Window(TODAY.start - ONE_DAY, TODAY.end, TODAY.zone))
    assert facts is not None
    told = {one.key: (one.value(facts), one.of and one.of(facts)) for one in platform.SECTION.figures}
    assert (told["official"], told["satisfied"]) == ((0.8, 10), (0.5, 90))
