"""What sections make of odd days, and that they say it in every language."""

from collections.abc import Sequence
from dataclasses import replace as of_time
from datetime import timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, update
from sqlmodel import col

from chatops.catalog import Verb
from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.digest import tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Reading, Section
from chatops.digest.sections import audit, clocks, every, named, pages, policy, responses, team, volume, waiting
from chatops.i18n import LANGUAGES, language
from chatops.model.agent import Agent, Role
from chatops.model.conversation import Buyer
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.model.shop import Shop
from chatops.refs import ticket_ref
from chatops.rules.targets import Metric, ServiceLevel, Target
from chatops.ui import Button, Controls, Fields, Part
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged
from tests.digest.reading import plain

SCOPE = Scope(TEAM, (SHOP,))
WINDOW = Window(NOON, NOON + timedelta(days=1), ZoneInfo("Europe/London"))
READING = Reading(TEAM, WINDOW)
AFTER = (waiting.SECTION, audit.SECTION)
PROMISES = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m"), Target(Metric.NEXT_RESPONSE, "15m")))


@pytest.fixture
def li(desk: Desk) -> Teammate:
    """An agent, at a desk that promises answers."""
    definitions.define(desk.tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", PROMISES), None, desk.now)
    return desk.teammate("li")


def said(parts: Sequence[Part]) -> str:
    return str(parts)


def buttons(parts: Sequence[Part]) -> list[str]:
    """What can be pressed."""
    rows = (part.controls for part in parts if isinstance(part, Controls))
    return [one.press.encode() for one in chain.from_iterable(rows) if isinstance(one, Button)]


def test_every_section_says_its_numbers_in_every_language(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=7)
    li.says("On its way!", mia)
    desk.passes(minutes=1)
    mia.says("When?")
    desk.buyer("ben").says("Apakah ini masih ada? Saya mau yang biru, terima kasih banyak kakak")
    ours: list[Section[Any]] = [volume.SECTION, responses.SECTION, clocks.SECTION, waiting.SECTION]
    counted = {one.key: one.count(desk.tx, SCOPE, WINDOW) for one in ours}
    assert None not in counted.values()
    for spoken in LANGUAGES:
        with language(spoken):
            for section in ours:
                facts = counted[section.key]
                assert section.parts(desk.tx, facts, facts, READING)
                assert all(chart.essence for chart in section.charts(facts, READING))
                for figure in section.figures:
                    assert figure.name()
                    assert len(figure.counted()) > len(figure.name())
                    figure.value(facts)


def test_the_figures_are_what_a_person_would_say(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=7)
    li.says("On its way!", mia)
    desk.passes(seconds=5)
    facts = responses.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert facts is not None
    found = {one.key: one.value(facts) for one in responses.SECTION.figures}
    assert (found["first_median"], found["first_within_5m"], found["first_within_15m"]) == (425_000, 0.0, 1.0)
    assert found["next_within_5m"] is None, "nothing is no share of nothing"
    with language("en"):
        assert "7 min 5 sec" in said(responses.SECTION.parts(desk.tx, facts, None, READING))


def test_a_broken_promise_is_told_with_the_way_there_until_a_late_answer_sets_it_right(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=4)
    early = mia.writes("On its way!", role=SenderRole.CUSTOMER_SERVICE)
    desk.passes(minutes=6)
    li.says("It comes tomorrow.", mia)
    desk.passes(seconds=10)
    before = clocks.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert before is not None
    frozen = clocks.SECTION.frozen(before)
    in_time = clocks.SECTION.figures[0]
    assert (in_time.value(before), before.worst[0].over) == (0.0, 310_000)
    with language("en"):
        told = said(clocks.SECTION.parts(desk.tx, before, None, READING))
        assert "First answer: 5 min 10 sec too late" in told
        assert "https://app.slack.com" in told
    mia.is_heard(early)
    after = clocks.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert after is not None
    assert in_time.value(after) == 1.0
    assert clocks.SECTION.read(frozen) == before, "what was told stays as it was told"
    with language("en"):
        assert "An answer that is heard of late sets right what it was in time for" in in_time.counted()


def test_an_answer_takes_as_long_for_the_team_as_for_buyers(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=5, milliseconds=500)
    li.says("On its way!", mia)
    desk.passes(seconds=6)
    heard, given = (one.SECTION.count(desk.tx, SCOPE, WINDOW) for one in (responses, team))
    assert isinstance(heard, responses.Responses)
    assert isinstance(given, team.Team)
    assert [heard.first.median, given.people[0].median] == [307_000, 307_000]


def test_whoever_waits_is_offered_until_somebody_answers(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    facts = waiting.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert facts is not None
    assert (facts.waiting, facts.unowned) == (1, 1)
    with language("en"):
        offered = buttons(waiting.SECTION.parts(desk.tx, facts, None, READING))
        assert offered == [f"{Verb.TAKE.value}:{ticket_ref(SHOP, desk.ticket(mia).id)}"]
        assert li.presses(Verb.TAKE, desk.ticket(mia))
        assert not buttons(waiting.SECTION.parts(desk.tx, facts, None, READING)), "it is Li's now"
        li.says("On its way!", mia)
        desk.passes(seconds=5)
        assert "app.slack.com" not in said(waiting.SECTION.parts(desk.tx, facts, None, READING))
    assert waiting.SECTION.count(desk.tx, SCOPE, WINDOW) is None


def test_one_answer_took_as_long_wherever_it_is_told(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(seconds=70, milliseconds=234)
    li.says("On its way!", mia)
    desk.passes(seconds=5)
    parts = [named("targets"), audit.SECTION, responses.SECTION, team.SECTION]
    sections: list[Section[Any]] = [one for one in parts if one is not None]
    told = {one.key: plain(one.parts(desk.tx, one.count(desk.tx, SCOPE, WINDOW), None, READING)) for one in sections}
    assert {key for key, said in told.items() if "1 min 16 sec" in said} == {"targets", "audit", "responses", "team"}


def test_merged_tickets_are_one_and_who_has_left_still_counts(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("On its way!", mia)
    desk.passes(seconds=5)
    li.says("!resolve", mia)
    desk.passes(days=8)
    mia.says("And now?")
    desk.carry_out()
    whole = Window(NOON, NOON + timedelta(days=9), WINDOW.zone)
    before, waited = (one.SECTION.count(desk.tx, SCOPE, whole) for one in (volume, waiting))
    li.says("!merge", mia)
    desk.tx.execute(delete(Agent))
    after, theirs = volume.SECTION.count(desk.tx, SCOPE, whole), Scope(TEAM, (SHOP,), agent_id="li")
    assert before is not None
    assert after is not None
    assert ((before.conversations, before.messages), (after.conversations, after.messages)) == ((2, 2), (1, 2))
    found = responses.SECTION.count(desk.tx, theirs, whole)
    assert found is not None
    assert found.first.count == 1
    assert isinstance(waited, waiting.Waiting)
    with language("en"):
        assert "app.slack.com" in said(waiting.SECTION.parts(desk.tx, waited, None, READING)), "the one that goes on"


def test_entering_a_chat_is_no_message_of_the_buyers(desk: Desk, mia: BuyerThere) -> None:
    mia.says("", kind="BUYER_ENTER_FROM_PRODUCT", content={"product_id": "1"})
    mia.says("Is it blue?")
    facts = volume.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert facts is not None
    assert (facts.conversations, facts.messages) == (1, 1)


def test_names_with_markup_are_plain_words_on_one_line(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    evil = "<!channel> *x* [a](http://b)\n# y\u202e"
    desk.tx.execute(update(Shop).values(name=evil))
    desk.tx.insert(Shop(id="2", name=f"{evil}2", timezone="UTC", locale="en", region="US", cipher=""))
    mia.says("Where is my parcel?")
    desk.carry_out()
    desk.tx.execute(update(Buyer).where(col(Buyer.shop_id) == SHOP).values(nickname=evil))
    split = volume.Split({SHOP: 1, "2": 3})
    facts = volume.Volume(4, 9, (0,) * 24, shops=split, markets=volume.Split({"US": 3, "XX<!here>": 1}))
    waits = waiting.SECTION.count(desk.tx, SCOPE, WINDOW)
    assert waits is not None
    with language("en"):
        parts = [
            *volume.SECTION.parts(desk.tx, facts, None, READING),
            *waiting.SECTION.parts(desk.tx, waits, None, READING),
        ]
    assert "<!channel> *x* [a](http://b) # y" in said(parts)
    assert "\\n" not in said(parts)
    assert "\\u202e" not in said(parts)


def test_equal_names_swallow_no_count_and_what_is_not_known_any_more_is_called_as_it_was_kept(desk: Desk) -> None:
    desk.tx.insert(Shop(id="2", name="twins", timezone="UTC", locale="en", cipher=""))
    desk.tx.insert(Shop(id="3", name="twins ", timezone="UTC", locale="en", cipher=""))
    split = volume.Split({"2": 1, "3": 2})
    gone = volume.Split({"carrier pigeon": 3, "": 1})
    facts = volume.Volume(
        3, 3, (0,) * 24, kinds=gone, levels=gone, shops=split, languages=volume.Split({"2": 1, "": 1})
    )
    kept = clocks.Clocks({"carrier pigeon": clocks.Kept(1, 2), "resolution": clocks.Kept(1, 1)})
    with language("en"):
        parts = [
            *volume.SECTION.parts(desk.tx, facts, None, READING),
            *clocks.SECTION.parts(desk.tx, kept, None, READING),
        ]
        fields = [(one.label, one.value[0]) for part in parts if isinstance(part, Fields) for one in part.fields]
        charts = [*volume.SECTION.charts(facts, READING), *clocks.SECTION.charts(kept, READING)]
        rules = str(policy.SECTION.parts(desk.tx, policy.Policy(2, 0, {"pigeons": 2}), None, READING))
    assert fields[-4:-2] == [("twins", "1"), ("twins", "2")]
    assert fields.count(("carrier pigeon", "3")) == 2
    assert ("carrier pigeon", "33.3% of 3") in fields
    assert charts[-2].points[0].values == (("carrier pigeon", 3.0), ("Not sorted", 1.0))
    assert "pigeons" in rules


def over(desk: Desk, day: Window) -> dict[str, Any]:
    """Count a day, without what is of the moment of counting: who waits or had waited, who carries what, what comes."""
    found: dict[str, Any] = {one.key: one.count(desk.tx, SCOPE, day) for one in every() if one not in AFTER}
    people = [replace(one, carried=0) for one in found["team"].people if one.answers]
    found["team"] = replace(found["team"], carried=0, people=tuple(people))
    found["clocks"], found["pages"] = replace(found["clocks"], open=0), replace(found["pages"], holes=())
    return found


def test_what_comes_later_changes_no_number_of_a_day_that_is_over(
    desk: Desk, mia: BuyerThere, li: Teammate, paged: Paged
) -> None:
    day = Window(NOON, NOON + timedelta(hours=4), WINDOW.zone)
    ana, ben = desk.buyer("ana"), desk.buyer("ben")
    ana.says("Is it blue?")
    desk.passes(minutes=7)
    li.says("It is", ana)
    desk.passes(hours=1)
    ben.says("Is it red?")
    mia.says("Where is my parcel?")
    desk.passes(hours=2)
    paged.warns(mia)
    paged.passes(minutes=58)
    told = over(desk, day)
    assert (told["pages"].unheard, told["clocks"].worst[0].over) == (1, 10_080_000)
    li.says("!claim", mia)
    li.says("On its way!", mia)
    li.says("!resolve", ana)
    desk.passes(hours=26)
    li.says("It is, too", ben)
    ana.says("And green?")
    desk.passes(hours=1)
    assert over(desk, day) == told
    assert set(told) == {one.key for one in every()} - {"waiting", "audit"}
    assert {key for key, facts in told.items() if facts is None} == {"fix", "platform", "policy"}


def test_what_is_only_known_of_now_does_not_stand_as_the_time_before(
    desk: Desk, mia: BuyerThere, li: Teammate, paged: Paged
) -> None:
    ben = desk.buyer("ben")
    mia.says("Where is my parcel?")
    paged.warns(mia)
    paged.has_on_call(desk.teammate("zoe", Role.OBSERVER).name)  # who may not be
    desk.passes(minutes=7)
    ben.says("Is it blue?")
    desk.carry_out()
    li.says("!claim", ben)
    li.says("On its way!", mia)
    desk.passes(minutes=1)
    so_far = Window(NOON, desk.now + timedelta(seconds=1), WINDOW.zone)
    now, then = (
        {
            f"{one.key}.{figure.key}": figure.value(facts)
            for one in every()
            if (facts := one.count(desk.tx, SCOPE, span)) is not None
            for figure in one.figures
        }
        for span in (so_far, of_time(so_far, looks_ahead=False))
    )
    of_now = {"clocks.open", "team.carried", "pages.holes"}
    assert [key for key in of_now if not now[key]] == []
    assert [key for key in of_now if then[key] is not None] == []
    assert set(now) - set(then) == {"waiting.waiting", "waiting.earlier", "waiting.unowned"}


# Numbers of a time before, and what the version before this one wrote down there: a number or a list.
OF_NOW: dict[str, tuple[Any, dict[str, Any]]] = {
    "clocks": (clocks.Clocks({}, None), {"open": 3}),
    "team": (team.Team((team.Person("li", carried=None),), carried=None), {"carried": 3}),
    "pages": (pages.Pages(1, 0, 1, (), None), {"holes": [{"rotation": "front", "start": 0, "end": 1}]}),
}


@pytest.mark.parametrize("key", OF_NOW)
def test_the_version_before_reads_what_is_compared_and_what_it_compared_is_read(key: str) -> None:
    section, (then, earlier) = named(key), OF_NOW[key]
    assert section is not None
    kept = section.frozen(then)
    assert [name for name in earlier if f"'{name}': None" in str(kept)] == []
    for written in (kept, {**kept, **earlier}):
        before = section.read(written, before=True)
        assert [getattr(before, name) for name in earlier] == [None]


BESIDE: dict[str, tuple[dict[str, Any], str]] = {
    "platform": (
        {
            "markets": {"GB": {"kept": 1, "broken": 1, "answered": 0.5, "satisfied": 0.5, "sessions": 4, "days": 1}},
            "days": 1,
        },
        "TikTok's rules (before: 50% of 2) · TikTok says 50% of 4 sessions (before: 50%) · 50% of the buyers who rated "
        "were satisfied (before: 50%)",
    ),
    "pages": (
        {"pages": 2, "unheard": 1, "calls": 3, "waits": [60_000, 120_000]},
        "2 pages (before: 2) · 3 calls to people (before: 3)\n"
        "Half were acknowledged within 1 min (before: 1 min), nine in ten within 2 min (before: 2 min).\n"
        "1 page was not answered in this time (before: 1)",
    ),
    "team": (
        {
            "people": [{"agent_id": "li", "answers": 2, "median": 60_000, "carried": 1}],
            **{"elsewhere": 1, "handled": 1, "handled_median": 60_000, "macros": {"late": 2}},
        },
        "Li · 2 answers (before: 2) · half within 1 min (before: 1 min) · 1 open ticket\n"
        "1 answer was written in Seller Center (before: 1)\n"
        "1 ticket resolved (before: 1) · 1 min (before: 1 min) after being opened\n"
        "Prepared answers used\nlate: 2 times (before: 2)",
    ),
    "policy": (
        {"stopped": 2, "sent_anyway": 1, "about": {"cannot": 2}},
        "2 answers were stopped by a rule (before: 2) · 1 was sent all the same (before: 1)\n2 (before: 2) · It says",
    ),
}


@pytest.mark.parametrize("key", BESIDE)
def test_what_was_before_stands_beside_each_number(desk: Desk, li: Teammate, key: str) -> None:
    section, (numbers, beside) = named(key), BESIDE[key]
    assert section is not None
    facts = section.read(numbers)
    with language("en"):
        assert beside in plain(section.parts(desk.tx, facts, facts, READING))


def test_whoever_is_new_answered_nothing_before_unless_more_did_than_are_kept(desk: Desk, li: Teammate) -> None:
    now, before = (team.Team((team.Person("li", 2, 60_000),)), team.Team(()))
    with language("en"):
        said = [plain(team.SECTION.parts(desk.tx, now, then, READING)) for then in (before, replace(before, others=1))]
    assert said == ["Li · 2 answers (before: 0) · half within 1 min (before: –)", "Li · 2 answers · half within 1 min"]


def test_of_very_many_the_largest_are_named_and_the_others_are_one_number() -> None:
    tags = {f"tag-{number:05}": number for number in range(10_000)}
    found = tables.top(tags, 9)
    assert len(found) == 10
    assert sum(found.values()) == sum(tags.values())
    assert next(iter(found)) == "tag-09999"
    assert [*found][-1] == tables.OTHERS


def test_many_languages_make_no_endless_post(desk: Desk) -> None:
    split = volume.Split(tables.top({f"l{number}": 1 for number in range(10_000)}, volume.MOST))
    facts = volume.Volume(10_000, 10_000, (0,) * 24, languages=split)
    with language("en"):
        parts = volume.SECTION.parts(desk.tx, facts, None, READING)
    assert [len(part.fields) for part in parts if isinstance(part, Fields)] == [volume.MOST + 1]
    assert "9,991" in said(parts)
