"""Who is on call: known answers around clock changes, and random rotations against a walk from turn to turn."""

from calendar import monthrange
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.errors import SetupError
from chatops.rules import hours
from chatops.rules.hours import Hours
from chatops.rules.rotation import Instead, Layer, Override, Rota, Rotation, Shift, Turns, Unit, compiled
from chatops.rules.walltime import DAY, HOUR, MINUTE, first_instant
from tests.rules.test_hours import CHANGES, ZONES, ms


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def layer(members: str, start: str, unit: Unit = Unit.WEEK, **more: object) -> Layer:
    return msgspec.structs.replace(Layer(tuple(members.split()), wall(start), unit), **more)


def rota(timezone: str, *layers: Layer) -> Rota:
    return compiled(Rotation("team", timezone, layers))


def every_day(windows: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(hours.WEEKDAYS, tuple(windows.split()))


WEEKDAYS_8_TO_17 = dict.fromkeys(hours.WEEKDAYS[:5], ("08:00-17:00",))
EVENINGS = dict.fromkeys(hours.WEEKDAYS[:5], ("18:00-22:00",))
BERLIN = "Europe/Berlin", layer("uma vik wen", "2026-10-05T09:00")
NEW_YORK = "America/New_York", layer("a b c", "2027-03-10T02:30", Unit.DAY)
TWICE_SHOWN = "America/New_York", layer("a b c", "2026-10-29T01:30", Unit.DAY)
LORD_HOWE = "Australia/Lord_Howe", layer("a b", "2026-10-01T02:15", Unit.DAY)
MONTHLY = "UTC", layer("m1 m2", "2027-01-31T09:00", Unit.MONTH)
APIA = "Pacific/Apia", layer("a b c d", "2011-12-28T09:00", Unit.DAY)
HOURLY = "America/New_York", layer("a b c d e", "2027-03-14T00:00", Unit.HOUR)
FIVE_HOURS = "America/New_York", layer("a b", "2027-03-14T00:00", Unit.HOUR, every=5)
WORKING_DAYS = (
    "Asia/Jakarta",
    layer("ida joko", "2026-11-19T08:00", Unit.DAY, only_working_days=True, hours=WEEKDAYS_8_TO_17),
)


@pytest.mark.parametrize(
    ("rotation", "at", "who"),
    [
        (BERLIN, "2026-10-05T07:00", "uma"),
        (BERLIN, "2026-10-05T06:59:59", ""),  # before it began
        (BERLIN, "2026-10-12T07:00", "vik"),  # at the handover the newcomer
        (BERLIN, "2026-10-26T08:00", "uma"),  # the clock was turned back: still 09:00
        (BERLIN, "2026-10-26T07:59:59", "wen"),
        (NEW_YORK, "2027-03-14T07:00", "b"),  # 02:30 is skipped
        (NEW_YORK, "2027-03-14T06:59:59", "a"),
        (MONTHLY, "2027-02-28T09:00", "m2"),
        (HOURLY, "2027-03-14T07:00", "d"),  # 02:00 and 03:00 are one instant: c has no turn
        (FIVE_HOURS, "2027-03-14T09:59", "a"),  # hours that fill no day are counted out
        (FIVE_HOURS, "2027-03-14T10:00", "b"),
        (WORKING_DAYS, "2026-11-20T02:00", "joko"),  # Friday
        (WORKING_DAYS, "2026-11-21T02:00", ""),  # Saturday
        (WORKING_DAYS, "2026-11-23T02:00", "ida"),  # Monday follows Friday
    ],
)
def test_who_has_the_turn(rotation: tuple[str, Layer], at: str, who: str) -> None:
    assert rota(*rotation).on_call(ms(at)) == tuple(who.split())


@pytest.mark.parametrize(
    ("rotation", "first", "instants"),
    [
        (BERLIN, 2, "2026-10-19T07:00 2026-10-26T08:00 2026-11-02T08:00"),
        (LORD_HOWE, 2, "2026-10-02T15:45 2026-10-03T15:30 2026-10-04T15:15 2026-10-05T15:15"),  # half an hour skipped
        (TWICE_SHOWN, 2, "2026-10-31T05:30 2026-11-01T05:30 2026-11-02T06:30"),  # the first of the two
        (MONTHLY, 0, "2027-01-31T09:00 2027-02-28T09:00 2027-03-31T09:00 2027-04-30T09:00 2027-05-31T09:00"),
        (APIA, 0, "2011-12-28T19:00 2011-12-29T19:00 2011-12-30T10:00 2011-12-30T19:00"),  # a day that never was
        (WORKING_DAYS, 0, "2026-11-19T01:00 2026-11-20T01:00 2026-11-23T01:00 2026-11-24T01:00"),
    ],
)
def test_when_it_changes_hands(rotation: tuple[str, Layer], first: int, instants: str) -> None:
    zone, one = rotation
    turns = Turns(one, zone)
    assert [turns.handover(first + more) for more in range(len(instants.split()))] == [*map(ms, instants.split())]


FOLLOWING_THE_SUN = (
    "UTC",
    layer("ana budi", "2026-01-05T08:00", priority=10, timezone="Asia/Singapore", hours=every_day("08:00-16:00")),
    layer(
        "chloe dieter elsa", "2026-01-05T08:00",
        priority=10, timezone="Europe/London", hours=every_day("08:00-16:00"),
    ),
    layer(
        "frank gina", "2026-01-05T11:00", Unit.DAY,
        priority=10, timezone="America/New_York", hours=every_day("11:00-19:00"),
    ),
)  # fmt: skip
PRIORITIES = (
    "Europe/Berlin",
    layer("uma vik wen", "2026-10-05T09:00"),
    layer("xia yan", "2026-10-05T18:00", Unit.DAY, priority=5, hours=EVENINGS),
)


def told(kind: Instead, start: str, end: str, who: str, whose: str = "") -> Override:
    return Override(kind, ms(start), ms(end), who, whose)


OVERRIDES = (
    told(Instead.ONLY, "2026-10-28T10:00", "2026-10-28T12:00", "zoe"),
    told(Instead.ONLY, "2026-10-28T11:00", "2026-10-28T13:00", "max"),
    told(Instead.ABSENT, "2026-10-29T00:00", "2026-10-30T00:00", "xia"),
    told(Instead.ABSENT, "2026-10-29T00:00", "2026-10-30T00:00", "yan"),
    told(Instead.SWAP, "2026-10-30T00:00", "2026-10-31T00:00", "vik", "uma"),
    told(Instead.SWAP, "2026-10-30T06:00", "2026-10-30T12:00", "wen", "vik"),
    told(Instead.ALSO, "2026-10-31T00:00", "2026-10-31T06:00", "lead"),
    told(Instead.SWAP, "2026-10-31T00:00", "2026-10-31T06:00", "ghost", "nobody-on-call"),
    told(Instead.ABSENT, "2026-11-01T00:00", "2026-11-01T12:00", "uma"),
)


@pytest.mark.parametrize(
    ("rotation", "at", "who"),
    [
        (FOLLOWING_THE_SUN, "2027-03-15T23:30", ""),  # New York's clock is turned forward before London's
        (FOLLOWING_THE_SUN, "2027-03-15T15:30", "elsa frank"),
        (FOLLOWING_THE_SUN, "2027-07-07T07:30", "ana chloe"),
        (PRIORITIES, "2026-10-28T09:00", "uma"),
        (PRIORITIES, "2026-10-28T11:30", "max"),  # of two who are on call alone, the last said
        (PRIORITIES, "2026-10-28T18:00", "yan"),  # the evening before the base
        (PRIORITIES, "2026-10-29T18:00", "uma"),  # everybody of the evening is absent
        (PRIORITIES, "2026-10-30T03:00", "vik"),
        (PRIORITIES, "2026-10-30T07:00", "wen"),  # a swap of what was swapped
        (PRIORITIES, "2026-10-31T03:00", "lead uma"),  # besides; and a swap of somebody who has no turn does nothing
        (PRIORITIES, "2026-11-01T03:00", ""),
    ],
)
def test_layers_and_what_was_said_besides(rotation: tuple[str, *tuple[Layer, ...]], at: str, who: str) -> None:
    assert rota(*rotation).on_call(ms(at), OVERRIDES) == tuple(who.split())


def test_the_shifts_of_a_summer_day_have_a_hole_that_winter_has_not() -> None:
    def shifts(start: str, end: str) -> list[tuple[int, str]]:
        found = rota(*FOLLOWING_THE_SUN).shifts(ms(start), ms(end))
        return [((shift.end - shift.start) // HOUR, " ".join(shift.who)) for shift in found]

    summer = [(7, "ana"), (1, "ana chloe"), (7, "chloe"), (8, "frank"), (1, "")]
    assert shifts("2027-07-07T00:00", "2027-07-08T00:00") == summer
    assert [who for _, who in shifts("2027-01-06T00:00", "2027-01-07T00:00")] == ["ana", "dieter", "frank"]


def test_shifts_are_cut_where_nobody_asks_further() -> None:
    found = rota(*PRIORITIES).shifts(ms("2026-10-28T10:30"), ms("2026-10-28T11:15"), OVERRIDES)
    assert [*found] == [
        Shift(ms("2026-10-28T10:30"), ms("2026-10-28T11:00"), ("zoe",)),
        Shift(ms("2026-10-28T11:00"), ms("2026-10-28T11:15"), ("max",)),
    ]


def test_people_who_share_a_turn_are_on_call_together_and_a_layer_ends_when_it_says() -> None:
    pair = rota("UTC", layer("ana+budi chloe", "2026-10-05T09:00", ends=wall("2026-10-19T09:00")))
    assert pair.on_call(ms("2026-10-06T00:00")) == ("ana", "budi")
    assert pair.next_change(ms("2026-10-06T00:00"), ms("2027-01-01T00:00")) == ms("2026-10-12T09:00")
    assert pair.on_call(ms("2026-10-19T09:00")) == ()
    assert pair.next_change(ms("2026-10-19T09:00"), ms("2027-01-01T00:00")) is None


def test_one_person_for_ever_never_hands_over() -> None:
    one = rota("UTC", layer("ana", "2026-10-05T09:00", Unit.DAY))
    assert one.next_change(ms("2026-10-06T00:00"), ms("2027-10-06T00:00")) is None


layers = some.builds(
    lambda members, day, minutes, unit, every, zone, windows, priority: Layer(
        tuple("abcde"[:members]), wall(day) + timedelta(minutes=minutes), unit, every, zone,
        every_day(windows) if windows else {}, priority,
    ),
    some.integers(1, 5), some.sampled_from(CHANGES), some.integers(-4000, 2000), some.sampled_from(Unit),
    some.sampled_from((1, 1, 2, 5, 12)), some.sampled_from(ZONES),
    some.sampled_from(("", "09:00-17:00", "22:00-06:00", "01:30-02:30 08:00-09:00")), some.integers(0, 1),
)  # fmt: skip
instants = some.builds(lambda day, at: ms(day) + at, some.sampled_from(CHANGES), some.integers(-3 * DAY, 40 * DAY))
overrides = some.lists(
    some.builds(
        lambda kind, start, long, who, whose: Override(kind, start, start + long, who, whose),
        some.sampled_from(Instead), instants, some.integers(MINUTE, 2 * DAY), *[some.sampled_from("abcdx")] * 2,
    ),
    max_size=4,
)  # fmt: skip


def member_by_walking(one: Layer, at: int) -> str:
    """Return whose turn it is, counting every turn from the first."""
    zone, who, turn = ZoneInfo(one.timezone), "", 0
    while True:
        moved = turn * one.every
        match one.unit:
            case Unit.HOUR if one.every in (1, 2, 12):
                begins = first_instant(one.start + timedelta(hours=moved), zone)
            case Unit.HOUR:
                begins = first_instant(one.start, zone) + moved * HOUR
            case Unit.MONTH:
                month = (one.start.month - 1 + moved) % 12 + 1
                year = one.start.year + (one.start.month - 1 + moved) // 12
                day = next(day for day in range(one.start.day, 0, -1) if _is_date(year, month, day))
                begins = first_instant(one.start.replace(year=year, month=month, day=day), zone)
            case unit:
                begins = first_instant(one.start + moved * timedelta(days=7 if unit is Unit.WEEK else 1), zone)
        if begins > at:
            return who
        who = one.members[turn % len(one.members)]
        turn += 1


def _is_date(year: int, month: int, day: int) -> bool:
    return day <= monthrange(year, month)[1]


@given(layers, instants)
@settings(max_examples=120)
def test_a_turn_is_what_a_walk_from_turn_to_turn_finds(one: Layer, at: int) -> None:
    turn = Turns(one, "UTC").turn(at)
    assert "".join(turn.who) == member_by_walking(one, at)
    assert turn.start <= at < turn.end


@given(
    some.lists(layers, min_size=1, max_size=3), overrides, instants, some.lists(some.integers(0, 9 * DAY), max_size=20)
)
@settings(max_examples=60)
def test_the_shifts_of_a_while_are_who_is_on_call_at_each_of_its_instants(
    some_layers: list[Layer], said: list[Override], start: int, later: list[int]
) -> None:
    asked = Rota(Rotation("team", "UTC", tuple(some_layers)))
    shifts = [*asked.shifts(start, start + 9 * DAY, said)]
    assert [shifts[0].start, *(shift.end for shift in shifts)] == [*(shift.start for shift in shifts), start + 9 * DAY]
    assert all(shift.start < shift.end for shift in shifts)
    assert all(one.who != next_one.who for one, next_one in pairwise(shifts))
    fresh = Rota(Rotation("team", "UTC", tuple(some_layers)))
    for at in (start + more for more in later if more < 9 * DAY):
        assert fresh.on_call(at, said) == next(shift.who for shift in shifts if shift.start <= at < shift.end)


@given(layers, some.integers(0, 40))
@settings(max_examples=60)
def test_handovers_never_go_back_and_give_the_turn_to_the_next(one: Layer, index: int) -> None:
    turns = Turns(one, "UTC")
    start, end = turns.handover(index), turns.handover(index + 1)
    assert start <= end
    if start < end:
        assert turns.turn(start) == turns.turn(end - 1) == Shift(start, end, (one.members[index % len(one.members)],))


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"members": ()}, "a member is missing"),
        ({"members": ("ana+",)}, "a member is missing"),
        ({"every": 0}, "a turn of 0 weeks"),
        ({"start": wall("2026-10-05T09:00+02:00")}, "no wall clock"),
        ({"start": wall("0001-01-01T09:00")}, "no wall clock"),
        ({"ends": wall("2026-10-05T09:00")}, "ends before it begins"),
        ({"only_working_days": True}, "working days are not told"),
        ({"hours": {"mon": ("09:00-09:00",)}}, "are no hours"),
        ({"hours": {"mon": ()}}, "never open"),
        ({"timezone": "Europe/Berlon"}, "no time zone"),
    ],
)
def test_a_layer_that_makes_no_sense_says_which_and_why(more: dict[str, object], problem: str) -> None:
    fine = layer("a", "2026-10-05T09:00", name="second")
    with pytest.raises(SetupError, match=f"layer second: .*{problem}"):
        rota("UTC", fine, msgspec.structs.replace(fine, **more))


def test_a_rotation_without_layers_or_zone_makes_no_sense() -> None:
    with pytest.raises(SetupError, match="nobody is ever on call"):
        rota("UTC")
    with pytest.raises(SetupError, match="no time zone"):
        rota("Mars/Olympus", layer("a", "2026-10-05T09:00"))


def test_a_language_the_product_does_not_know_makes_no_sense() -> None:
    with pytest.raises(SetupError, match="answer in 'klingon'"):
        compiled(Rotation("team", "UTC", (layer("a", "2026-10-05T09:00"),), languages=("th", "klingon")))


def test_hours_of_a_layer_are_those_of_a_calendar() -> None:
    office = rota("Europe/Berlin", layer("a", "2026-01-01T00:00", hours=every_day("22:00-06:00")))
    calendar = hours.compiled(Hours("Europe/Berlin", every_day("22:00-06:00")))
    start, end = ms("2026-10-24T00:00"), ms("2026-10-27T00:00")
    assert [shift[:2] for shift in office.shifts(start, end) if shift.who] == calendar.stretches(start, end)
