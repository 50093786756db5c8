"""What the shop aims at, as lights with the last days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from chatops.desk import desk_toml
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Reading
from chatops.digest.sections import responses, targets
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import performance
from chatops.model.facts import OfficialFigures, SenderRole
from chatops.model.setting import Setting
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Desk, Teammate
from tests.digest.reading import DAY, SCOPE, shown

SECTION = targets.SECTION


def answered(desk: Desk, li: Teammate, name: str, minutes: float) -> None:
    """Let somebody ask, and be answered after some minutes."""
    buyer = desk.buyer(name)
    buyer.says("Is it blue?")
    desk.passes(minutes=minutes)
    li.says("It is", to=buyer)
    desk.passes(seconds=5)


def test_a_light_says_how_a_figure_stands_to_its_limit(desk: Desk, li: Teammate) -> None:
    assert shown(desk, SECTION) == ""
    answered(desk, li, "mia", 2)
    answered(desk, li, "ben", 4)
    desk.buyer("eve").says("Hello?")
    said = shown(desk, SECTION).splitlines()
    assert said[0] == "● First answer on average · 3 min 5 sec · at most 5 min"
    assert said[1] == " ".join("–" * 13) + " ●"
    assert said[2] == "● Answered in TikTok's time · 100% of 2 · at least 95%", "there is still time to answer Eve"
    assert said[4] == "● Chats answered at all · 100% of 2 · at least 100%"
    assert said[-1].endswith("nothing to count; 21 Apr to 4 May") or "Apr 21 to May 4" in said[-1]
    late = SECTION.count(desk.tx, SCOPE, Window(DAY.start, NOON + timedelta(hours=25), DAY.zone))
    assert late is not None
    assert late.value("replied") == targets.Value(2, 3)


@pytest.mark.parametrize("asks_on", [False, True])
def test_a_wait_that_was_let_go_was_none_when_its_answer_is_heard_late(
    desk: Desk, asked: BuyerThere, li: Teammate, asks_on: bool
) -> None:
    desk.passes(minutes=5)
    late = asked.writes("It is", role=SenderRole.CUSTOMER_SERVICE)
    desk.passes(minutes=5)
    if asks_on:
        asked.says("And that one?")
    desk.passes(hours=27)
    li.says("!resolve", asked)
    desk.passes(hours=1)
    asked.is_heard(late)
    for minutes, of in ((5, 1), (15, 1 + asks_on)):  # what she asked ten minutes later is late ten minutes later
        facts = SECTION.count(desk.tx, SCOPE, Window(DAY.start, NOON + timedelta(days=1, minutes=minutes), DAY.zone))
        assert facts is not None
        assert facts.value("replied") == facts.value("effective") == targets.Value(1, of)


def test_what_nobody_answered_in_tiktoks_time_counts_against_it(desk: Desk, li: Teammate) -> None:
    answered(desk, li, "mia", 2)
    desk.buyer("eve").says("Hello?")
    later = Window(DAY.start, NOON + timedelta(hours=25), DAY.zone)
    facts = SECTION.count(desk.tx, SCOPE, later)
    assert facts is not None
    assert facts.value("effective") == targets.Value(1, 2)
    desk.tx.execute(update(Shop).values(region="TH"))  # 12 hours there
    facts = SECTION.count(desk.tx, SCOPE, Window(DAY.start, NOON + timedelta(hours=13), DAY.zone))
    assert facts is not None
    assert facts.value("effective") == targets.Value(1, 2)


def test_who_waited_too_long_did_also_when_it_is_let_go_later(desk: Desk, li: Teammate) -> None:
    eve = desk.buyer("eve")
    eve.says("Hello?")
    desk.passes(hours=25)
    day = Window(DAY.start, desk.now, DAY.zone)
    told = SECTION.count(desk.tx, SCOPE, day)
    assert told is not None
    assert told.value("replied") == targets.Value(0, 1)
    li.says("!resolve", eve)
    assert SECTION.count(desk.tx, SCOPE, day) == told
    assert SECTION.count(desk.tx, SCOPE, Window(DAY.start, desk.now + timedelta(hours=1), DAY.zone)) is None


def test_tiktoks_own_shares_have_the_limits_of_their_market(desk: Desk) -> None:
    performance.keep(desk.tx, SHOP, date(2026, 5, 3), OfficialFigures(6, 1.0, None, None), desk.now)
    performance.keep(desk.tx, SHOP, date(2026, 5, 4), OfficialFigures(4, 0.82, 0.5, 2.0), desk.now)
    said = shown(desk, SECTION).splitlines()
    assert said[0] == "● Answered, as TikTok says · United Kingdom · 82% of 4 · at least 80%"
    assert said[1].endswith("– ● ●")
    assert said[2].startswith("■ Satisfied buyers, as TikTok says · United Kingdom · 50% · at least 75%"), (
        "nobody knows of how many ratings"
    )
    desk.tx.execute(update(Shop).values(region="TH"))
    assert shown(desk, SECTION).startswith("▲ Answered, as TikTok says · Thailand · 82% of 4 · at least 85%")


def test_a_teams_own_limit_counts_and_stays_as_it_was_told(desk: Desk, li: Teammate) -> None:
    answered(desk, li, "mia", 2)
    facts = SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    desk.tx.insert(Setting(name="target_first_answer_seconds", value=60))
    assert shown(desk, SECTION).startswith("■ First answer on average · 2 min 5 sec · at most 1 min")
    soon = responses.SECTION.count(desk.tx, SCOPE, DAY)
    assert soon is not None
    assert responses.SECTION.charts(soon, Reading(TEAM, DAY))[0].limit == 60_000
    before = responses.SECTION.frozen(soon)
    del before["goal"]
    assert responses.SECTION.read(before).goal == 300_000, "as it was before it stood beside the numbers"
    with language("en"):
        told = SECTION.parts(desk.tx, SECTION.read(SECTION.frozen(facts)), facts, Reading(TEAM, DAY))
        assert "(before: 2 min 5 sec)" in str(told)
        chart = SECTION.charts(facts, Reading(TEAM, DAY))[0]
    assert (chart.limit, len(chart.points[0].values), chart.essence) == (300_000, 14, "Days kept: 1 of 1.")
    with pytest.raises(SetupError, match="target_effective_percent is 101"):
        desk_toml.parse("[settings]\ntarget_effective_percent = 101\n")


def test_days_are_those_of_the_zone_also_where_one_was_skipped(desk: Desk, li: Teammate) -> None:
    answered(desk, li, "mia", 2)
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    end = NOON.replace(year=2012, month=1, day=2, hour=10)
    facts = SECTION.count(desk.tx, SCOPE, Window(end - timedelta(days=1), end, apia))
    assert facts is None
    there = Window(NOON - timedelta(hours=1), NOON + timedelta(hours=1), apia)
    facts = SECTION.count(desk.tx, SCOPE, there)
    assert facts is not None
    assert facts.days[-1] == "2026-05-05", "it is tomorrow there"
    assert facts.value("replied") == targets.Value(1, 1)


def test_of_a_team_they_are_counted_in_its_tickets_and_of_a_person_there_are_none(desk: Desk, li: Teammate) -> None:
    performance.keep(desk.tx, SHOP, date(2026, 5, 4), OfficialFigures(4, 0.82, 0.5, 2.0), desk.now)
    answered(desk, li, "mia", 2)
    desk.tx.execute(update(Ticket).values(team="night"))
    answered(desk, li, "ben", 8)
    assert shown(desk, SECTION).startswith("▲ First answer on average · 5 min 5 sec")
    night = Scope(TEAM, (SHOP,), teams=("night",))
    assert [said for said in shown(desk, SECTION, night).splitlines() if "·" in said] == [
        "● First answer on average · 2 min 5 sec · at most 5 min",
        "● Answered in TikTok's time · 100% of 1 · at least 95%",
        "● Chats answered at all · 100% of 1 · at least 100%",
    ], "what TikTok says is of whole shops"
    assert not SECTION.fits(Scope(TEAM, (SHOP,), agent_id="li"))
