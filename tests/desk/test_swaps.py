"""Shifts that are given away: asked for, taken, declined, too late, and by whom they are no more."""

import pytest
from sqlmodel import select

from chatops.catalog import Verb
from chatops.desk import shifts
from chatops.errors import Refusal
from chatops.model import agent as agents
from chatops.model import rotation as rotations
from chatops.model.agent import Agent
from chatops.model.rotation import ShiftSwap, SwapState
from chatops.store import Transaction
from tests.desk.scenes import TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_handovers import HOUR, Rotating
from tests.desk.test_paging import Paged


@pytest.fixture
def team(tx: Transaction) -> Rotating:
    return Rotating(tx)


def test_a_swap_is_asked_and_taken_and_swapped_on(team: Rotating) -> None:
    team.turns("li", "noor", "ana")
    team.news()
    assert team.says("li", Verb.SWAP, "<@noor> 2026-05-07 10:00") == ""  # li's turn of Thursday
    [wish] = rotations.wishes(team.tx, TEAM, "li")
    assert (f"{wish.start_at:%d %H}", f"{wish.end_at:%d %H}", wish.asked) == ("07 09", "08 09", "noor")
    assert team.news() == ["duty asked noor"]
    assert team.says("ana", Verb.SHIFT_TAKE, str(wish.id)) == Refusal.STALE
    assert team.says("noor", Verb.SHIFT_TAKE, str(wish.id)) == ""
    assert team.news() == ["duty answered li", "duty answered noor"]
    assert team.says("noor", Verb.SHIFT_TAKE, str(wish.id)) == Refusal.SWAP_OVER
    assert (team.on(69), team.on(94)) == ("noor", "noor")  # Thursday's instead of li's, and Friday's own
    assert team.says("noor", Verb.SWAP, "@Ana 2026-05-07 10:00") == ""
    [chained] = rotations.wishes(team.tx, TEAM, "noor")
    assert f"{chained.end_at:%d %H}" == "08 09"  # Friday's turn stays hers
    assert team.says("ana", Verb.SHIFT_TAKE, str(chained.id)) == ""
    assert (team.on(69), team.on(94)) == ("ana", "noor")
    assert team.says("li", Verb.SWAP, "<@noor> 2026-05-10 10:00") == ""
    [again] = rotations.wishes(team.tx, TEAM, "li")
    team.says("boss", Verb.OVERRIDE, "<@noor> 2026-05-10 12:00 .. 2026-05-10 13:00")
    assert team.says("noor", Verb.SHIFT_TAKE, str(again.id)) == Refusal.ALREADY_ON_CALL


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("li", "<@li>", Refusal.SWAP_SELF),
        ("li", "@Li", Refusal.SWAP_SELF),
        ("boss", "", Refusal.NO_SHIFT),
        ("li", "2026-05-01 10:00", Refusal.WHEN_PAST),
        ("li", "2026-05-01", Refusal.WHEN_PAST),
        ("li", "400d", Refusal.TOO_FAR),
        ("li", "2026-05-05 10:00", Refusal.NOT_ON_CALL),
        ("li", "tuesday", Refusal.NOT_ON_CALL),
        ("li", "soonish", Refusal.WHEN_UNCLEAR),
        ("li", "@Nobody", Refusal.NO_SUCH_PERSON),
        ("noor", "@Gone", Refusal.NO_SUCH_PERSON),
    ],
)
def test_swaps_that_make_no_sense(team: Rotating, name: str, words: str, why: Refusal) -> None:
    team.tx.insert(Agent(workspace_id=TEAM, id="gone", name="Gone", is_guest=True))
    team.turns("li", "noor")
    assert team.says(name, Verb.SWAP, words) == why
    assert team.tx.all(ShiftSwap, select(ShiftSwap)) == []


def test_a_wish_nobody_answers_expires_when_the_shift_begins(team: Rotating) -> None:
    team.turns("li", "noor")
    assert team.says("noor", Verb.SWAP) == ""  # anybody
    [wish] = rotations.wishes(team.tx, TEAM, "noor")
    assert "rota swap" in team.news()
    team.passes(21 * HOUR)
    [wish] = team.tx.all(ShiftSwap, select(ShiftSwap))
    assert wish.state is SwapState.EXPIRED
    assert "duty answered noor" in team.news()
    assert team.says("li", Verb.SHIFT_TAKE, str(wish.id)) == Refusal.SWAP_OVER
    assert team.on() == "noor"


def test_a_shift_that_runs_can_be_given_away_from_now_on(team: Rotating) -> None:
    team.turns("li", "noor")
    team.passes(HOUR)
    assert team.says("li", Verb.SWAP, "<@ana>") == ""
    [wish] = rotations.wishes(team.tx, TEAM, "li")
    assert team.says("ana", Verb.SHIFT_DECLINE, str(wish.id)) == ""
    assert team.says("li", Verb.SWAP, "<@ana>") == ""
    [wish] = rotations.wishes(team.tx, TEAM, "li")
    team.passes(HOUR)
    assert team.says("ana", Verb.SHIFT_TAKE, str(wish.id)) == ""
    assert team.log() == ["li 04 12:00-04 14:00", "ana 04 14:00-…"]


def test_who_takes_a_shift_during_a_page_is_called_at_once(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    noor, paged = desk.teammate("noor"), Paged(desk)
    paged.has_on_call("li")
    paged.warns(asked)
    paged.passes(minutes=1)
    li.says("!oncall swap @Noor", asked)
    [wish] = rotations.wishes(desk.tx, TEAM, "li")
    taken = agents.get(desk.tx, TEAM, noor.name)
    assert taken is not None
    shifts.take(desk.tx, taken, str(wish.id), desk.now)
    paged.passes(minutes=4)
    assert paged.log(asked) == ["12:00 step li", "12:01 handover noor", "12:05 step boss"]


def test_who_stands_in_can_give_that_away_too(team: Rotating) -> None:
    team.turns("li")
    assert team.says("ana", Verb.OVERRIDE, "3h") == ""
    assert team.says("ana", Verb.SWAP, "<@noor>") == ""
    [wish] = rotations.wishes(team.tx, TEAM, "ana")
    assert team.says("noor", Verb.SHIFT_TAKE, str(wish.id)) == ""
    assert (team.on(0.5), team.on(2.5), team.on(4)) == ("noor", "noor", "li")
    [said] = rotations.of_agent(team.tx, TEAM, "noor", team.now)
    assert team.says("noor", Verb.SHIFT_BACK, f"override/{said.id}") == ""
    assert team.on(0.5) == "ana"


def test_a_wish_is_taken_although_who_asked_is_absent_by_now(team: Rotating) -> None:
    team.turns("li", "noor")
    assert team.says("noor", Verb.SWAP) == ""
    [wish] = rotations.wishes(team.tx, TEAM, "noor")
    assert team.says("noor", Verb.ABSENT, "2026-05-05 08:00 .. 2026-05-06 12:00") == ""
    assert team.on(24) == ""
    assert team.says("ana", Verb.SHIFT_TAKE, str(wish.id)) == ""
    assert (team.on(20), team.on(24), team.on(46)) == ("li", "ana", "li")


def test_a_wish_whose_shift_is_somebody_else_s_by_now_is_over(team: Rotating) -> None:
    team.turns("li", "noor")
    assert team.says("noor", Verb.SWAP) == ""
    [wish] = rotations.wishes(team.tx, TEAM, "noor")
    team.turns("li")
    assert team.says("ana", Verb.SHIFT_TAKE, str(wish.id)) == Refusal.SWAP_OVER
    assert team.on(24) == "li"
    assert rotations.of_agent(team.tx, TEAM, "ana", team.now) == []


def test_who_stands_in_and_is_absent_then_stands_in_no_more_and_a_gap_is_told_at_once(team: Rotating) -> None:
    team.turns("li", "noor")
    team.says("boss", Verb.OVERRIDE, "@Noor 2026-05-04 14:00 .. 2026-05-04 18:00")
    team.says("boss", Verb.OVERRIDE, "+@Noor 2026-05-04 20:00 .. 2026-05-04 22:00")
    assert (team.on(3), team.on(9)) == ("noor", "li noor")
    team.news()
    assert team.says("noor", Verb.ABSENT, "2026-05-04 13:00 .. 2026-05-04 23:00") == ""
    assert (team.on(3), team.on(9)) == ("li", "li"), "whoever has the turn is on call again"
    assert team.news() == ["duty changed li"]
    assert team.says("noor", Verb.OVERRIDE, "2026-05-04 21:00 .. 2026-05-04 22:00") == ""
    assert team.on(9.5) == "noor", "what is said last counts"
    assert team.says("li", Verb.SWAP, "@Ana 2026-05-06 10:00") == ""
    [wish] = rotations.wishes(team.tx, TEAM, "li")
    team.says("ana", Verb.SHIFT_TAKE, str(wish.id))
    team.news()
    assert team.says("ana", Verb.ABSENT, "2026-05-06 08:00 .. 2026-05-07 12:00") == ""
    assert team.on(48) == "", "li has given this turn away"
    assert "rota gaps" in team.news()


def test_a_day_alone_is_meant_whole_and_so_is_the_last_of_several(team: Rotating) -> None:
    team.turns("li")
    assert team.says("li", Verb.ABSENT, "2026-05-06") == ""
    assert team.says("li", Verb.ABSENT, "2026-05-08 .. 2026-05-09") == ""
    away = rotations.of_agent(team.tx, TEAM, "li", team.now)
    assert [f"{one.start_at:%d %H} - {one.end_at:%d %H}" for one in away] == ["06 00 - 07 00", "08 00 - 10 00"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("tomorrow 9 .. today 23:00", Refusal.NOT_AFTER),
        ("2026-05-06 9 .. 2026-05-06 9", Refusal.NOT_AFTER),
        ("2026-05-01", Refusal.WHEN_PAST),
        ("today 8 .. today 9", Refusal.WHEN_PAST),
        ("400d", Refusal.TOO_FAR),
        ("2028-01-01", Refusal.TOO_FAR),
        ("9999-12-31T23:59+00:00 .. today 8", Refusal.TOO_FAR),
        ("9999-12-31", Refusal.TOO_FAR),
        ("0001-01-01", Refusal.WHEN_PAST),
    ],
)
def test_what_is_wrong_with_a_stretch_is_told_as_it_is(team: Rotating, words: str, why: Refusal) -> None:
    team.turns("li")
    assert team.says("li", Verb.OVERRIDE, words) == why


def test_hours_of_somebody_whose_zone_is_not_known_are_those_of_the_rotation(team: Rotating) -> None:
    team.turns("li", zone="Asia/Bangkok")
    assert team.says("boss", Verb.OVERRIDE, "tomorrow 9 .. tomorrow 17:00") == ""
    [said] = rotations.of_agent(team.tx, TEAM, "boss", team.now)
    assert (f"{said.start_at:%d %H}", f"{said.end_at:%d %H}") == ("05 02", "05 10")
    assert "counts as the rotation's time: Asia/Bangkok" in team.asks("boss", "mine")
    assert "Your time zone is not known" not in team.asks("li", "mine")
    team.passes(HOUR)
    then = team.asks("boss", "at 2026-05-04 19:30")
    assert "7:30\u202fPM" in then
    assert "'li'" in then


@pytest.mark.parametrize(
    ("words", "starts"), [("monday", "04 12"), ("today", "04 12"), ("wednesday", "06 09"), ("next week", "12 09")]
)
def test_a_day_names_the_shift_that_runs_or_begins_then(team: Rotating, words: str, starts: str) -> None:
    team.turns("li", "noor")
    assert team.says("li", Verb.ABSENT, "2026-05-08 .. 2026-05-11") == ""
    assert team.says("li", Verb.SWAP, f"@Ana {words}") == ""
    [wish] = rotations.wishes(team.tx, TEAM, "li")
    assert f"{wish.start_at:%d %H}" == starts
    assert "'ana'" in team.asks("li", "mine")
