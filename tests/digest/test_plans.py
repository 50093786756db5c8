"""Plans of digests: when a digest is begun, of when it tells, and that no day is told of twice or left out."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import col, select, update

from chatops.cards import digest as cards
from chatops.desk import definitions, desk_toml, digests, setup
from chatops.desk.definitions import Defined
from chatops.desk.digests import Said
from chatops.desk.setup import Plan
from chatops.digest import kept
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import backlog
from chatops.model import digest as questions
from chatops.model.definition import DefinitionKind
from chatops.model.digest import Digest, DigestState
from chatops.model.shop import Route, Shop
from chatops.model.team import Team
from chatops.model.ticket import TicketKind
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind
from chatops.rules.hours import DayOff, Hours
from chatops.rules.plan import DigestPlan, Rhythm
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, Desk, a_shop, a_workspace
from tests.desk.test_definitions import DESK

DAY = timedelta(days=1)
OFFICE = ("mon", "tue", "wed", "thu", "fri")
MORNING = """
[[digests]]
name = "every morning"
workspace = "team"
channel = "C0SUPPORT"
timezone = "Asia/Jakarta"
at = "8:30"
on = ["mon", "tue", "wed", "thu", "fri"]
calendar = "office"
markets = ["ID"]
sections = ["volume"]
"""


class Planning:
    """A desk with one plan, and a clock that sees to what is due at its instant."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.tx, self.now = desk, desk.tx, NOON

    def plans(self, timezone: str = "UTC", at: str = "09:00", **more: Any) -> None:
        """Let a plan be so from now on."""
        spec = DigestPlan("team", SUPPORT, timezone, at, **more)
        definitions.define(self.tx, Defined(DefinitionKind.DIGEST, "morning", spec), None, self.now)

    def passes(self, time: timedelta) -> None:
        """Let time pass; whatever is due is seen to at its instant."""
        until = self.now + time
        while (due := self.tx.scalar(questions.NEXT_AT)) is not None and due <= until:
            self.now = max(due, self.now)
            digests.due(self.tx, self.now)
        self.now = until

    def sleeps(self, time: timedelta) -> None:
        """Let time pass while the product is down; then it looks."""
        self.now += time
        while digests.due(self.tx, self.now):
            pass

    @property
    def told(self) -> list[str]:
        """Return of when each digest tells, and on which day it came."""
        return [f"{one.local_date}: {one.start_at:%d %H:%M} to {one.end_at:%d %H:%M}" for one in self.rows]

    @property
    def rows(self) -> list[Digest]:
        """Return the digests so far, in the order in which they were begun."""
        return self.tx.all(Digest, select(Digest).order_by(col(Digest.id)))


def said_by(team: Planning) -> str:
    """Return the words of the newest digest."""
    with language("en"):
        return str(cards.head(team.rows[-1], team.now).parts)


@pytest.fixture
def team(desk: Desk) -> Planning:
    """A desk at noon of a Monday."""
    return Planning(desk)


def test_every_morning_tells_of_the_day_before_and_monday_of_the_weekend(team: Planning) -> None:
    team.plans(on=OFFICE)
    assert team.told == []
    team.passes(7 * DAY)
    assert team.told == [
        "2026-05-05: 04 00:00 to 05 00:00",
        "2026-05-06: 05 00:00 to 06 00:00",
        "2026-05-07: 06 00:00 to 07 00:00",
        "2026-05-08: 07 00:00 to 08 00:00",
        "2026-05-11: 08 00:00 to 11 00:00",
    ]
    assert all(not one.behind and one.state is DigestState.PLANNED for one in team.rows)
    assert len(team.desk.waiting(Kind.DIGEST_COUNT)) == 5
    assert kept.scope_of(team.rows[0]).shops == (SHOP,)


def test_three_days_of_downtime_are_one_digest(team: Planning) -> None:
    team.plans()
    team.passes(DAY)
    team.sleeps(3 * DAY)
    assert team.told == ["2026-05-05: 04 00:00 to 05 00:00", "2026-05-08: 05 00:00 to 08 00:00"]
    assert team.rows[-1].behind
    team.passes(DAY)
    assert team.told[-1] == "2026-05-09: 08 00:00 to 09 00:00"
    assert not team.rows[-1].behind


@pytest.mark.parametrize(
    ("change", "then"),
    [
        ({"at": "13:00"}, ["2026-05-06: 05 00:00 to 06 00:00"]),  # today's stands already
        ({"at": "11:00", "timezone": "America/New_York"}, ["2026-05-06: 05 00:00 to 06 04:00"]),
        ({"timezone": "Pacific/Kiritimati"}, ["2026-05-06: 05 00:00 to 05 10:00"]),
        ({"every": Rhythm.WEEK, "on": ("thu",)}, ["2026-05-07: 05 00:00 to 07 00:00"]),
    ],
)
def test_a_plan_edited_on_the_day_tells_of_no_day_twice(
    team: Planning, change: dict[str, Any], then: list[str]
) -> None:
    team.plans()
    team.passes(DAY)
    team.plans(**change)
    team.passes(timedelta(days=2, hours=-1))
    assert team.told[1:2] == then
    assert all(one.end_at == later.start_at for one, later in pairwise(team.rows))


def test_a_plan_edited_before_its_time_to_one_that_has_passed_comes_at_once_and_is_not_late(team: Planning) -> None:
    team.plans(at="15:00")
    team.passes(DAY)
    team.plans(at="09:00")
    team.passes(timedelta(minutes=1))
    assert team.told == ["2026-05-04: 03 00:00 to 04 00:00", "2026-05-05: 04 00:00 to 05 00:00"]
    assert team.rows[-1].due_at == NOON + DAY


def test_a_late_one_is_called_late_also_when_something_else_of_the_plan_changed_meanwhile(team: Planning) -> None:
    team.plans()
    team.passes(DAY)
    team.now += timedelta(hours=27)  # down at nine of the next day
    first = Defined(DefinitionKind.DIGEST, "first", DigestPlan("team", SUPPORT, "UTC", every=Rhythm.MONTH))
    definitions.apply(team.tx, (first, *definitions.current(team.tx)), team.now)
    team.plans(sections=("volume",))
    team.passes(timedelta(minutes=1))
    assert team.rows[-1].due_at == datetime(2026, 5, 6, 9, tzinfo=UTC)
    assert "Late: it was due at" in said_by(team)


def test_a_plan_taken_away_and_brought_back_on_the_day_comes_once(team: Planning) -> None:
    team.plans(at="13:00")
    team.passes(timedelta(hours=2))
    definitions.remove(team.tx, DefinitionKind.DIGEST, "morning", None, team.now)
    assert team.tx.scalar(questions.NEXT_AT) is None
    team.plans(at="15:00")
    team.passes(timedelta(hours=30))
    assert [one.local_date for one in team.rows] == ["2026-05-04", "2026-05-05"]


def test_a_day_off_said_in_the_morning_counts(team: Planning) -> None:
    office = Hours("UTC", dict.fromkeys(OFFICE, ("09:00-17:00",)))
    definitions.define(team.tx, Defined(DefinitionKind.CALENDAR, "office", office), None, team.now)
    team.plans(calendar="office")
    off = Hours("UTC", office.weekly, (DayOff(date(2026, 5, 5)),))
    definitions.define(team.tx, Defined(DefinitionKind.CALENDAR, "office", off), None, team.now)
    team.passes(2 * DAY)
    assert team.told == ["2026-05-06: 04 00:00 to 06 00:00"]


def test_a_clock_that_was_ahead_leaves_no_day_out(team: Planning) -> None:
    team.plans()
    team.passes(3 * DAY)
    digests.clock_set_back(team.tx, NOON + DAY)
    team.now = NOON + DAY
    team.passes(2 * DAY)
    assert [one.local_date for one in team.rows] == ["2026-05-05", "2026-05-06", "2026-05-07"]


def test_a_clock_set_back_by_seconds_loses_no_digest(team: Planning) -> None:
    team.plans()
    team.passes(timedelta(hours=21, seconds=3))
    digests.clock_set_back(team.tx, team.now - timedelta(seconds=5))
    team.passes(DAY)
    assert [one.local_date for one in team.rows] == ["2026-05-05", "2026-05-06"]


def test_a_digest_that_stands_stays_whatever_the_clock_says(team: Planning) -> None:
    team.plans()
    team.passes(3 * DAY)
    digests.posted(team.tx, team.rows[1].id or 0, Said("100.1"), team.now)
    digests.clock_set_back(team.tx, NOON + timedelta(hours=1))
    team.now = NOON + timedelta(hours=1)
    team.passes(3 * DAY)
    assert [one.local_date for one in team.rows] == ["2026-05-06", "2026-05-07"]


def test_a_plan_put_back_goes_on_where_it_was(team: Planning) -> None:
    team.plans()
    team.passes(DAY)
    definitions.remove(team.tx, DefinitionKind.DIGEST, "morning", None, team.now)
    team.passes(2 * DAY)
    team.plans()
    team.passes(timedelta(minutes=1))
    assert team.told == ["2026-05-05: 04 00:00 to 05 00:00", "2026-05-07: 05 00:00 to 07 00:00"]
    assert team.rows[-1].behind


def test_a_plan_whose_workspace_is_unknown_for_a_while_sleeps_no_longer(team: Planning) -> None:
    team.plans()
    rename = update(Workspace).where(col(Workspace.id) == TEAM)
    team.tx.execute(rename.values(name="other"))
    team.passes(timedelta(hours=22))
    assert team.told == []
    team.tx.execute(rename.values(name="team"))
    team.passes(timedelta(hours=2))
    assert team.told == ["2026-05-05: 04 00:00 to 05 00:00"]


def test_a_shop_that_is_gone_is_named_and_no_quiet_is_told_of(team: Planning) -> None:
    name = a_shop().name
    team.plans(shops=(name,))
    team.tx.execute(update(Shop).where(col(Shop.id) == SHOP).values(name="Renamed"))
    team.passes(DAY)
    said = said_by(team)
    assert "no shop here to tell of" in said
    assert f"no shop has this name any more: {name}" in said
    assert "Nobody wrote" not in said


def test_numbers_of_shops_that_send_some_tickets_elsewhere_say_so(team: Planning) -> None:
    team.plans()
    team.passes(DAY)
    team.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    theirs = Route(shop_id=SHOP, kind=TicketKind.CHAT, workspace_id="T0OTHER", channel_id="C9", locale="de")
    team.tx.insert(theirs)
    team.passes(DAY)
    team.tx.update(theirs, languages=["de"])
    team.passes(DAY)
    with language("en"):
        said = [str(cards.head(one, team.now).parts) for one in team.rows]
    note = "The numbers are of whole shops; 1 of them sends some tickets elsewhere."
    assert [note in each for each in said] == [False, False, True], "at first both workspaces had all of them"


def test_what_cannot_be_begun_waits_and_is_named(team: Planning) -> None:
    team.plans()
    team.now += DAY
    assert backlog.alarms(team.tx, team.now).number == 1, "whoever watches from outside sees it"
    [watch] = digests.due.take(team.tx, team.now, 1)
    assert digests.due.put_off(team.tx, watch, team.now + timedelta(minutes=5)) == "digest morning"
    assert digests.due(team.tx, team.now) == 0


def test_a_workspace_without_shops_is_told_so_without_any_counting(team: Planning) -> None:
    setup.apply(team.tx, Plan({}, shops=(a_shop(),), workspaces=(a_workspace(),), routes=()), team.now)
    team.plans()
    team.passes(DAY)
    assert [one.state for one in team.rows] == [DigestState.COUNTED]
    assert team.desk.waiting(Kind.DIGEST_COUNT) == []


def test_a_plan_comes_from_a_file_and_goes_back_into_one(team: Planning) -> None:
    plan = desk_toml.parse(DESK + MORNING)
    setup.apply(team.tx, plan, team.now)
    assert desk_toml.parse(desk_toml.write(setup.current(team.tx))).definitions == plan.definitions
    assert team.tx.scalar(questions.NEXT_AT) == datetime.fromisoformat(
        "2026-05-11T01:30:00+00:00"
    )  # its office has hours on Mondays


@pytest.mark.parametrize(
    ("was", "now", "wrong"),
    [
        ('"C0SUPPORT"', '"#support"', "no channel id"),
        ('"team"\nchannel', '"tema"\nchannel', "no workspace 'tema'"),
        ('calendar = "office"', 'calendar = "ofice"', "'ofice' is not among the"),
        ('"volume"', '"volumes"', "'volumes' is none of the sections"),
        ('"ID"', '"Indonesia"', "'Indonesia' is no country"),
        ('"8:30"', '"half past eight"', "no time of day"),
        ("Asia/Jakarta", "Asia/Batavia2", "no time zone"),
        ('at = "8:30"', 'shops = ["nobody"]', "'nobody' is none of the shops"),
        ('at = "8:30"', 'teams = ["Nobdy"]', "'Nobdy' is none of the teams; Use some of: Night shift"),
        ('at = "8:30"', 'locale = "klingon"', "'klingon' is none of the languages"),
        ('at = "8:30"', 'att = "8:30"', "unknown field"),
        ('"mon", "tue", "wed", "thu", "fri"', '"sun"', "never be due"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_by_name(was: str, now: str, wrong: str) -> None:
    text = MORNING.replace(was, now)
    assert text != MORNING
    night = '[[teams]]\nworkspace = "team"\nname = "Night shift"\n'
    with pytest.raises(SetupError) as refused:
        desk_toml.parse(DESK + night + text)
    assert wrong in f"{refused.value}; {refused.value.remedy}"


def test_a_plan_names_teams_as_people_write_them_and_countries_of_its_shops(team: Planning) -> None:
    team.tx.insert(Team(workspace_id=TEAM, name="Night shift"))
    team.plans(teams=("night-shift",), markets=("GB",))
    team.passes(DAY)
    scope = kept.scope_of(team.rows[-1])
    assert (scope.shops, scope.teams) == ((SHOP,), ("Night shift",))
    team.plans(markets=("FR",))
    team.passes(DAY)
    assert "no shop here to tell of" in said_by(team)
