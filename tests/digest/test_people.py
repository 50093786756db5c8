"""What a digest tells of people: who was called, who answered, what the rules found in it."""

from dataclasses import replace
from datetime import timedelta

import msgspec
from sqlalchemy import delete, update
from sqlmodel import col

from chatops.cards.asked import answer
from chatops.catalog import Verb
from chatops.desk import definitions, digests
from chatops.desk.definitions import Defined
from chatops.digest.scope import Window
from chatops.digest.section import Reading
from chatops.digest.sections import clocks, pages, policy, team, waiting
from chatops.i18n import language
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.workspace import PlatformName, Workspace
from chatops.rules.plan import DigestPlan
from chatops.rules.rotation import Layer, Rotation, Unit
from chatops.times import to_milliseconds
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged
from tests.digest.reading import DAY, SCOPE, figures, plain, shown


def test_pages_are_counted_with_the_time_until_somebody_had_them(
    paged: Paged, desk: Desk, asked: BuyerThere, noor: Teammate
) -> None:
    paged.warns(asked)
    paged.passes(minutes=2)
    noor.says("!claim", asked)
    other = desk.buyer("ben")
    other.says("Is it blue?")
    paged.warns(other)
    paged.passes(minutes=1)
    said = shown(desk, pages.SECTION)
    assert said.splitlines() == [
        "2 pages · 4 calls to people",
        "One was acknowledged, after 2 min.",
        "1 page was not answered in this time",
    ]
    assert figures(desk, pages.SECTION) == {
        "pages": 2,
        "unheard": 1,
        "calls": 4,
        "acknowledged_median": 120_000,
        "acknowledged_p90": 120_000,
        "holes": 0,
    }


def test_a_page_at_midnight_is_told_where_it_began_and_its_answer_where_that_came(
    paged: Paged, desk: Desk, asked: BuyerThere, noor: Teammate
) -> None:
    paged.passes(hours=11, minutes=58)
    paged.warns(asked)
    paged.passes(minutes=6)
    noor.says("!claim", asked)
    days = DAY, Window(DAY.end, DAY.end + timedelta(days=1), DAY.zone)
    one, two = (pages.SECTION.count(desk.tx, SCOPE, day) for day in days)
    assert one is not None
    assert two is not None
    assert (one.pages, one.unheard, one.calls, one.waits) == (1, 1, 2, ())
    assert (two.pages, two.unheard, two.calls, two.waits) == (0, 0, 1, (360_000,))


def test_pages_of_a_day_are_found_without_reading_all(paged: Paged, desk: Desk) -> None:
    database = desk.tx.connection.connection.driver_connection
    assert database is not None
    ran: list[str] = []
    database.set_trace_callback(ran.append)
    pages.SECTION.count(desk.tx, SCOPE, DAY)
    database.set_trace_callback(None)
    plans = [str(database.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()) for one in ran if "page" in one]
    for index in ("page_opened", "page_acknowledged", "page_notice_called"):
        assert any(f"USING INDEX {index} (workspace_id=? AND" in plan for plan in plans), index


def test_holes_ahead_are_told_without_any_page(paged: Paged, desk: Desk) -> None:
    definitions.remove(desk.tx, DefinitionKind.ESCALATION, "front", None, desk.now)
    paged.has_on_call(desk.teammate("zoe", Role.OBSERVER).name)  # left the team
    said = shown(desk, pages.SECTION)
    assert said.startswith("desk: nobody is going to be on call from May 5")
    assert len(said.splitlines()) == 1


def test_holes_that_have_passed_are_not_told_as_coming(paged: Paged, desk: Desk) -> None:
    definitions.remove(desk.tx, DefinitionKind.ESCALATION, "front", None, desk.now)
    paged.has_on_call(desk.teammate("zoe", Role.OBSERVER).name)  # left the team
    late = replace(DAY, counted_at=DAY.end + timedelta(days=30))
    facts = pages.SECTION.count(desk.tx, SCOPE, late)
    assert facts is not None
    assert facts.holes is not None
    assert facts.holes[0].start == to_milliseconds(DAY.end + timedelta(days=30))


def test_of_days_long_ago_the_holes_are_those_ahead_of_whoever_asks(paged: Paged, desk: Desk, li: Teammate) -> None:
    agent = desk.tx.get(Agent, TEAM, li.name)
    assert agent is not None
    layer = Layer((li.name,), NOON.replace(tzinfo=None), Unit.DAY)  # before that, nobody was on call
    defined = Defined(DefinitionKind.ROTATION, "old", Rotation("team", "UTC", (layer,)))
    definitions.define(desk.tx, defined, None, desk.now - timedelta(days=60))
    with language("en"):
        card = answer(desk.tx, agent, None, Verb.STATS, "pages.holes 2026-04-01", desk.now)
    assert card.summary == "Holes in the coming week: Nothing to count."


def test_a_hole_that_comes_every_night_is_told_once(paged: Paged, desk: Desk, li: Teammate) -> None:
    by_day: dict[str, tuple[str, ...]] = dict.fromkeys(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("08:00-20:00",)
    )
    layer = Layer((li.name,), NOON.replace(tzinfo=None), Unit.DAY, hours=by_day)
    defined = Defined(DefinitionKind.ROTATION, "desk", Rotation("team", "UTC", (layer,)))
    definitions.define(desk.tx, defined, None, desk.now)
    assert "and 6 times more, until" in shown(desk, pages.SECTION)
    assert figures(desk, pages.SECTION)["holes"] == 8


def test_a_day_without_pages_and_holes_is_not_told(paged: Paged, desk: Desk) -> None:
    assert shown(desk, pages.SECTION) == ""


def test_people_stand_by_name_unless_a_lead_wants_an_order(
    desk: Desk, mia: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    desk.knows(noor, name="Abby")
    desk.knows(li, name="Li")
    mia.says("Where is my parcel?")
    desk.passes(minutes=4)
    li.says("On its way", mia)
    li.says("Promised!", mia)
    desk.passes(minutes=1)
    ben = desk.buyer("ben")
    ben.says("Is it blue?")
    desk.carry_out()
    noor.says("!claim", ben)
    said = shown(desk, team.SECTION).splitlines()
    assert said == ["Abby · 0 answers · 1 open ticket", "Li · 1 answer · after 5 min"]
    assert shown(desk, team.SECTION, ranked=True).splitlines() == [*said[::-1], "Who answered most stands first."]
    mine = msgspec.structs.replace(SCOPE, agent_id="noor")
    assert {key for key, value in figures(desk, team.SECTION, mine).items() if value} == {"carried"}


def test_how_long_tickets_took_is_told_of_those_that_stay_resolved(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    ben = desk.buyer("ben")
    for buyer in (mia, ben):
        buyer.says("Hello?")
    desk.passes(minutes=9)
    for buyer in (mia, ben):
        li.says("!noreply", buyer)
        li.says("!resolve", buyer)
    assert (figures(desk, team.SECTION)["handled"], figures(desk, team.SECTION)["handled_median"]) == (2, 540_000)
    li.says("!reopen", mia)
    desk.passes(minutes=30, seconds=1)
    li.says("!resolve", mia)
    li.says("!reopen", ben)
    said = shown(desk, team.SECTION).splitlines()
    assert said[-1] == "1 ticket resolved · 40 min after being opened"


def test_what_is_opened_again_or_merged_later_was_resolved_on_its_day(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    for _ in range(2):
        mia.says("Hello?")
        desk.passes(minutes=9)
        li.says("!resolve", mia)
        desk.passes(days=8)
    day = figures(desk, team.SECTION)
    assert (day["handled"], day["handled_median"]) == (1, 540_000)
    li.says("!merge", mia)
    assert figures(desk, team.SECTION) == day, "opened again"
    whole = team.SECTION.count(desk.tx, SCOPE, Window(DAY.start, desk.now, DAY.zone))
    assert whole is not None
    assert whole.handled == 2
    desk.passes(days=1)
    whole = team.SECTION.count(desk.tx, SCOPE, Window(DAY.start, desk.now, DAY.zone))
    assert whole is None, "one went on in the other, which is open"


def test_somebody_who_left_is_still_counted(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Hello?")
    desk.passes(minutes=1)
    li.says("Hi, how can I help you?", mia)
    desk.passes(minutes=1)
    desk.tx.execute(delete(Agent).where(col(Agent.id) == "li"))
    assert shown(desk, team.SECTION).startswith("li · 1 answer")


def test_more_people_than_fit_are_counted_and_not_listed(desk: Desk, mia: BuyerThere) -> None:
    everybody = [desk.teammate(f"agent{number}") for number in range(team.MOST + 3)]
    for one in everybody:
        buyer = desk.buyer(one.name)
        buyer.says("Hello?")
        desk.carry_out()
        one.says("!claim", buyer)
    facts = team.SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    assert (len(facts.people), facts.others, facts.carried) == (team.MOST, 3, team.MOST + 3)
    assert shown(desk, team.SECTION).endswith("and 3 more people")


def test_what_rules_stopped_is_told_with_what_they_guard_against(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Can I still change the colour please?")
    desk.carry_out()
    li.says("Sorry, we cannot change the colour", mia)
    desk.passes(minutes=1)
    li.presses(Verb.SEND_ANYWAY, desk.message("Sorry, we cannot change the colour"))
    li.says("Write us on WhatsApp", mia)
    desk.passes(minutes=1)
    assert shown(desk, policy.SECTION).splitlines() == [
        "2 answers were stopped by a rule · 1 was sent all the same",
        "1 · It says what cannot be done. Say what can.",
        "1 · It leads the buyer away from TikTok Shop, which TikTok forbids.",
    ]
    desk.now += timedelta(days=1)
    assert figures(desk, policy.SECTION) == {"stopped": 2, "sent_anyway": 1}


def test_nobody_reads_of_buyers_whose_tickets_are_shown_to_another_workspace(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    facts = waiting.SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    with language("en"):
        here, elsewhere = (
            str(waiting.SECTION.parts(desk.tx, facts, None, Reading(workspace, DAY)))
            for workspace in (TEAM, "T0OTHERS")
        )
    assert ("Take it" in here, "Take it" in elsewhere, "Buyer" in elsewhere) == (True, False, False)


def test_lists_name_the_first_that_are_shown_here_and_say_how_many_there_are_beside_them(desk: Desk) -> None:
    for number in range(9):
        desk.buyer(f"b{number}").says("Where is my parcel?")
    desk.carry_out()
    desk.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    first_six = [f"conversation-b{number}.1" for number in range(6)]
    go_elsewhere = update(Thread).where(col(Thread.ticket_id).in_(first_six)).values(workspace_id="T0OTHER")
    whole = shown(desk, waiting.SECTION).splitlines()
    desk.tx.execute(go_elsewhere)
    part = shown(desk, waiting.SECTION, msgspec.structs.replace(SCOPE, in_part=1)).splitlines()
    assert [(len(said), said[0], said[-1]) for said in (whole, part)] == [
        (10, "9 wait for an answer · 9 of them are nobody's", "and 1 more"),
        (5, "9 wait for an answer · 9 of them are nobody's", "and 6 more"),
    ]
    assert shown(desk, waiting.SECTION).splitlines()[-1] == "and 7 more", "they went elsewhere after it was counted"


def test_where_all_who_waited_longest_are_shown_elsewhere_nothing_is_said_of_them(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    worst = (clocks.Broken(SHOP, desk.ticket(mia).id, "first_response", 60_000),)
    facts = clocks.Clocks({"first_response": clocks.Kept(0, 1)}, 0, worst)
    with language("en"):
        here, elsewhere = (
            plain(clocks.SECTION.parts(desk.tx, facts, None, Reading(workspace, DAY)))
            for workspace in (TEAM, "T0OTHER")
        )
    assert here.startswith("Latest of all\nFirst answer: 1 min too late")
    assert elsewhere == ""


def test_a_plan_tells_of_no_shop_whose_tickets_do_not_come_to_its_workspace(desk: Desk) -> None:
    desk.tx.insert(Shop(id="1", name="theirs", timezone="UTC", locale="en"))
    team_here = workspaces.get(desk.tx, TEAM)
    assert team_here is not None
    plan = DigestPlan(workspace=team_here.name, channel=SUPPORT, timezone="UTC", shops=("theirs", "maomao-gb"))
    assert digests.scope_of(desk.tx, plan, team_here).shops == (SHOP,)
