"""Every hole in a rotation is found before it comes, with its reason and what would help."""

from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.rules import coverage
from chatops.rules.coverage import Why
from chatops.rules.rotation import FOREVER, Instead, Layer, Override, Rota, Rotation, Unit, compiled
from chatops.rules.walltime import DAY
from tests.rules.test_hours import ms
from tests.rules.test_rotation import FOLLOWING_THE_SUN, every_day, instants, layer, layers, overrides, rota, wall

UTC = ZoneInfo("UTC")


def found(asked: Rota, start: str, end: str, said: tuple[Override, ...] = (), **speaks: str) -> list[coverage.Gap]:
    spoken = {who: languages.split() for who, languages in speaks.items()}
    return coverage.together(coverage.gaps(asked, (ms(start), ms(end)), said, spoken), UTC)


def test_following_the_sun_has_holes_for_the_weeks_in_which_only_one_side_turned_its_clock() -> None:
    names = "Singapore", "London", "New York"
    named = [msgspec.structs.replace(one, name=name) for one, name in zip(FOLLOWING_THE_SUN[1:], names, strict=True)]
    asked = rota("UTC", *named)
    [gap] = found(asked, "2027-03-01T00:00", "2027-03-20T00:00")
    assert (gap.start, gap.end, gap.times, gap.last) == (
        ms("2027-03-14T23:00"), ms("2027-03-15T00:00"), 6, ms("2027-03-20T00:00"),
    )  # fmt: skip
    assert (gap.why, gap.before, gap.after) == (Why.HOURS, "New York", "Singapore")
    assert found(asked, "2026-11-22T00:00", "2027-03-14T00:00") == []
    # five weeks from now, and the fortnights around the changes of London and New York
    assert coverage.periods(asked, ms("2026-11-22T00:00")) == [
        (ms("2026-11-22T00:00"), ms("2026-12-27T00:00")),
        (ms("2027-03-07T07:00"), ms("2027-04-04T01:00")),
        (ms("2027-10-24T01:00"), ms("2027-11-14T06:00")),
    ]


BASE = layer("ana budi", "2026-10-05T09:00", Unit.DAY)
AWAY = Override(Instead.ABSENT, ms("2026-10-07T12:00"), ms("2026-10-07T18:00"), "ana")
LEFT = Override(Instead.ABSENT, 0, FOREVER, "budi")


@pytest.mark.parametrize(
    ("asked", "said", "why", "missing", "could"),
    [
        (rota("UTC", BASE), (AWAY,), Why.ABSENT, "ana", "budi"),
        (rota("UTC", BASE), (LEFT,), Why.LEFT, "budi", "ana"),
        (rota("UTC", layer("ana", "2026-10-10T09:00")), (), Why.OVER, "", "ana"),
        (rota("UTC", layer("ana", "2026-10-05T09:00", hours=every_day("09:00-17:00"))), (), Why.HOURS, "", "ana"),
    ],
)
def test_why_nobody_is_there(asked: Rota, said: tuple[Override, ...], why: Why, missing: str, could: str) -> None:
    first = found(asked, "2026-10-06T10:00", "2026-10-08T08:00", said)[0]
    assert (first.why, " ".join(first.missing), " ".join(first.could)) == (why, missing, could)


def test_a_language_nobody_on_call_speaks_is_a_hole_unless_nobody_is_there_at_all() -> None:
    spec = Rotation("team", "UTC", (BASE,), languages=("th", "en"))
    start, end = "2026-10-05T09:00", "2026-10-08T09:00"
    thai = found(compiled(spec), start, end, (), ana="th en", budi="en")
    assert [(gap.language, gap.why, gap.missing, gap.could) for gap in thai] == [
        ("th", Why.LANGUAGE, ("budi",), ("ana",))
    ]
    assert found(compiled(spec), start, end) == []  # who did not say answers in every language
    assert {gap.language for gap in found(compiled(spec), start, end, (AWAY,), ana="th en", budi="en")} == {"", "th"}


@given(some.lists(layers, min_size=1, max_size=3), overrides, instants, some.integers(0, 9 * DAY))
@settings(max_examples=40)
def test_an_instant_is_in_a_hole_when_nobody_is_on_call(
    some_layers: list[Layer], said: list[Override], start: int, more: int
) -> None:
    asked, at = Rota(Rotation("team", "UTC", tuple(some_layers))), start + more
    holes = coverage.gaps(asked, (start, start + 9 * DAY + 1), said, {})
    assert any(gap.start <= at < gap.end for gap in holes) == (not asked.on_call(at, said))


def test_a_layer_that_ends_leaves_a_hole_that_says_so() -> None:
    ends = rota("UTC", layer("ana", "2026-10-05T09:00", ends=wall("2026-10-07T09:00")))
    [gap] = found(ends, "2026-10-06T00:00", "2026-10-08T00:00")
    assert (gap.why, gap.start) == (Why.OVER, ms("2026-10-07T09:00"))
