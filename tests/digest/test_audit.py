"""Hours of a promotion: what was asked then, and how long those waited who asked first, also after its end."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlmodel import select

from chatops.cards import digest as cards
from chatops.cards.asked import answer
from chatops.cards.digest_asking import on_its_way
from chatops.cards.refusals import why_refused
from chatops.catalog import Verb
from chatops.desk import definitions, digests
from chatops.desk.definitions import Defined
from chatops.digest import asking, kept
from chatops.digest.scope import Scope, Window
from chatops.digest.sections import audit
from chatops.errors import Refusal, Refused
from chatops.i18n import language
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.digest import Digest
from chatops.model.ticket import Ticket
from chatops.rules.targets import Metric, ServiceLevel, Target
from chatops.ui import Card, Tone
from tests.desk.scenes import NOON, SHOP, TEAM, Desk, Teammate
from tests.digest.reading import figures, shown
from tests.digest.test_asking import asks

HOURS = "2026-05-04 13:00..15:00"  # in London, where it is one o'clock when it is noon in Greenwich
SCOPE = Scope(TEAM, (SHOP,))


@pytest.fixture
def promoted(desk: Desk, li: Teammate) -> Desk:
    """Mia and Ben asked in the two hours and were answered, Ben after them; Eve still waits; Fay asked later."""
    desk.passes(minutes=1)
    mia, ben, eve = (desk.buyer(name) for name in ("mia", "ben", "eve"))
    mia.says("Is it waterproof?")
    desk.carry_out()
    desk.passes(minutes=3)
    li.says("It is", mia)
    desk.passes(seconds=5)
    mia.says("And in blue?")
    desk.passes(minutes=113)
    ben.says("Which size?")
    eve.says("Hello?")
    desk.carry_out()
    desk.passes(minutes=20)
    li.says("M", ben)
    desk.passes(seconds=5)
    desk.buyer("fay").says("Too late?")
    desk.carry_out()
    return desk


def counted(desk: Desk, digest: Digest, *, before: bool = False) -> Digest:
    """Count a digest now, as its carrier does, and return it."""
    window = replace(kept.window_of(digest), counted_at=desk.now)
    found = {key: kept.counted(desk.tx, key, kept.scope_of(digest), window) for key in digest.sections}
    numbers = {key: one for key, one in found.items() if one}
    digests.frozen(desk.tx, digest.id or 0, numbers, numbers if before else {}, desk.now)
    return desk.tx.all(Digest, select(Digest).where(Digest.id == digest.id))[0]


def told(desk: Desk, digest: Digest) -> str:
    """Return all that a digest says, as whoever asked reads it."""
    with language("en"):
        return plain(cards.whole(desk.tx, digest, desk.now))


def plain(card: Card) -> str:
    return str(card).replace("\\u202f", " ")


def test_hours_are_told_of_with_who_asked_first_and_how_long_each_waited(promoted: Desk, li: Teammate) -> None:
    digest = asks(promoted, HOURS, li)
    assert digest.sections == ["volume", "audit", "responses", "clocks", "asked"]
    said = told(promoted, counted(promoted, digest))
    assert "Mon, May 4 · 1:00 PM–3:00 PM · Europe/London" in said
    assert "3 conversations. 2 waited for longer than 10 min." in said
    assert "3 conversations · half answered within 3 min 5 sec · 66.6% of 3 waited for longer than 10 min" in said
    first, second, third = said.index("1:01"), said.index("20 min 5 sec"), said.rindex("no answer yet")
    assert first < second < third
    assert said.count("https://app.slack.com") == 3
    assert "fay" not in said


def test_no_light_is_green_where_one_of_two_has_no_answer(desk: Desk, li: Teammate) -> None:
    promises = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m"),))
    definitions.define(desk.tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", promises), None, desk.now)
    mia, ben = (desk.buyer(name) for name in ("mia", "ben"))
    mia.says("Is it blue?")
    desk.carry_out()
    desk.passes(minutes=1)
    li.says("It is", mia)
    desk.passes(seconds=5)
    ben.says("Is it red?")
    desk.passes(minutes=11)
    digest = counted(desk, asks(desk, "2026-05-04 13:00..13:05", li))
    with language("en"):
        head = cards.head(digest, desk.now)
    assert "1 waited for longer than 10 min. 100% of 1 answered in time." in plain(head)
    assert head.tone is Tone.WARN


def test_what_was_told_of_hours_is_kept(promoted: Desk, li: Teammate) -> None:
    digest = counted(promoted, asks(promoted, HOURS, li))
    before = digest.numbers["audit"]
    li.says("Hello!", promoted.buyer("eve"))
    promoted.passes(seconds=5)
    assert kept.shown(digest)[1].facts.unanswered == 1
    assert digest.numbers["audit"] == before
    again = counted(promoted, asks(promoted, HOURS, li))
    assert again.numbers["audit"]["unanswered"] == 0


def test_an_audit_of_a_day_is_for_those_who_name_it(promoted: Desk, li: Teammate) -> None:
    assert asks(promoted, "today audit", li).sections == ["audit"]
    assert "audit" not in asks(promoted, "today", li).sections
    assert asks(promoted, f"{HOURS} volume", li).sections == ["volume"]
    agent = Agent(workspace_id=TEAM, id=li.name)
    with language("en"):
        one = plain(answer(promoted.tx, agent, None, Verb.STATS, f"audit.over {HOURS}", promoted.now))
        heard = plain(on_its_way(promoted.tx, agent, HOURS, promoted.now))
    assert "66.6% of 3" in one
    assert "1:00 PM–3:00 PM" in one
    assert "1:00 PM–3:00 PM" in heard


def test_who_waits_for_less_than_ten_minutes_counts_neither_way(desk: Desk, li: Teammate) -> None:
    desk.buyer("mia").says("Hello?")
    now = Window(NOON, NOON + timedelta(minutes=9), ZoneInfo("UTC"))
    early, late = (audit.SECTION.count(desk.tx, SCOPE, one) for one in (now, Window(NOON, NOON + 2 * DAY, now.zone)))
    assert early is not None
    assert late is not None
    assert [(one.over, one.decided, one.unanswered) for one in (early, late)] == [(0, 0, 1), (1, 1, 1)]
    desk.tx.execute(update(Ticket).values(team="night"))
    assert shown(desk, audit.SECTION, Scope(TEAM, (SHOP,), teams=("day",))) == ""
    assert figures(desk, audit.SECTION, Scope(TEAM, (SHOP,), teams=("night",)))["unanswered"] == 1


DAY = timedelta(days=1)
CLOCKS = {
    "2026-10-25 01:00..01:30": ("25 00:00", "25 01:30"),  # from one to two it is twice: all of both
    "2026-10-25 00:30..2026-10-25 04:00": ("24 23:30", "25 04:00"),
    "2026-03-29 01:30..03:00": ("29 01:00", "29 02:00"),  # half past one is skipped
    "2026-05-04 22:00..02:00": ("04 21:00", "05 01:00"),
}


@pytest.mark.parametrize(("words", "instants"), CLOCKS.items())
def test_hours_are_those_of_the_clock_also_where_it_is_changed(
    desk: Desk, li: Teammate, words: str, instants: tuple[str, str]
) -> None:
    agent = Agent(workspace_id=TEAM, id=li.name)
    wish = asking.wished(desk.tx, agent, words, datetime(2026, 12, 1, tzinfo=NOON.tzinfo))
    assert (f"{wish.window.start:%d %H:%M}", f"{wish.window.end:%d %H:%M}") == instants
    assert wish.window.is_of_hours(so_far=wish.so_far)


def test_hours_that_are_not_over_are_told_so_far_and_others_not_at_all(desk: Desk, li: Teammate) -> None:
    desk.passes(minutes=30)
    digest = asks(desk, "12:30..15:00", li)
    assert (digest.end_at, kept.of_hours(digest)) == (desk.kept, True)
    with language("en"):
        assert "So far, until" in str(cards.head(counted(desk, digest), desk.now))
    for words, said in (("18:00..20:00", "still to come"), ("2026-03-29 01:10..01:40", "no clock showed these hours")):
        with pytest.raises(Refused) as refused:
            asks(desk, words, li)
        assert refused.value.reason is Refusal.DIGEST_HOURS
        with language("en"):
            assert said in why_refused(refused.value)
    with pytest.raises(Refused) as refused:
        asks(desk, "yesterday 25:00..26:00", li)
    with language("en"):
        assert "2026-11-11 20:00..22:00" in why_refused(refused.value)


def test_hours_stand_beside_the_same_hours_of_the_day_before(desk: Desk, li: Teammate) -> None:
    desk.passes(hours=10)
    desk.buyer("mia").says("Hello?")
    desk.passes(days=1)
    digest = asks(desk, "2026-05-04 22:00..02:00 compare", li)
    before = kept.before_of(digest)
    assert (before.start, before.end) == (digest.start_at - DAY, digest.end_at - DAY)
    said = told(desk, counted(desk, digest, before=True))
    assert "Beside it stands May 3, 10:00 PM – May 4, 2:00 AM · Europe/London." in said
    assert "The time before: 1 conversation · 100% of 1 waited for longer than 10 min · 1 has no answer yet" in said
