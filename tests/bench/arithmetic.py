"""What the arithmetic of time costs: adding open time, asking who is on call, proving a year of rotations."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chatops.rules import coverage, hours, rotation
from chatops.rules.rotation import Layer, Rota, Rotation
from chatops.rules.walltime import DAY, HOUR, MINUTE
from chatops.times import to_milliseconds
from tests.bench.tables import Table, percentile
from tests.desk.scenes import NOON

START = to_milliseconds(NOON)
WINDOWS = ("08:00-12:00", "13:00-17:00")
EVERY_DAY: dict[str, tuple[str, ...]] = dict.fromkeys(hours.WEEKDAYS, WINDOWS)
SUN = ("Asia/Singapore", "Europe/London", "America/New_York")  # whom the sun shines on, one after the other
ROTATIONS = 10


@dataclass(frozen=True)
class Size:
    """How often each is asked, how many times in a row for one figure, and over how many days rotations are proven."""

    rounds: int
    in_a_row: int
    days: int


FULL, QUICK, TINY = Size(200, 1_000, 364), Size(20, 1_000, 364), Size(2, 10, 7)


async def run(size: Size) -> list[Table]:
    """Measure on this machine, in one process."""
    table = Table("Arithmetic of time", ("", "p50 µs", "p99 µs"))
    calendar = hours.compiled(hours.Hours("America/New_York", EVERY_DAY))
    asked = follows_the_sun("asked")
    for what, most, call in (
        ("open time added, two windows a day", 5.0, lambda at: calendar.add(at, 4 * HOUR + 30 * MINUTE)),
        ("who is on call, three layers", 50.0, asked.on_call),
    ):
        took = microseconds(call, size)
        p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
        table.add(what, f"{p50:.1f}", f"{p99:.1f}")
        table.aim(f"{what}, p50", f"≤ {most:g} µs", f"{p50:.1f} µs", met=p50 <= most)
    began = time.perf_counter()
    holes = sum(len(coverage.gaps(one, (START, START + size.days * DAY), (), {})) for one in rotations())
    seconds = time.perf_counter() - began
    table.aim(f"{ROTATIONS} rotations proven for {size.days} days", "≤ 2 s", f"{seconds:.2f} s", met=seconds <= 2)
    table.remarks.append(
        f"Of {size.rounds} rounds; a round's figure is the mean of {size.in_a_row:,} instants, seven hours apart. The "
        f"rotations have three layers each, nothing was known of them before, and {holes:,} gaps were found."
    )
    return [table]


def microseconds(call: Callable[[int], object], size: Size) -> list[float]:
    """Return what one call takes, sorted; a year's instants in turn, so that no answer is the one before."""
    took = []
    for one in range(size.rounds):
        instants = [START + (one * size.in_a_row + place) * 7 * HOUR % (364 * DAY) for place in range(size.in_a_row)]
        began = time.perf_counter()
        for at in instants:
            call(at)
        took.append((time.perf_counter() - began) / size.in_a_row * 1e6)
    return sorted(took)


def rotations() -> list[Rota]:
    """Return rotations that nobody has asked anything yet."""
    return [follows_the_sun(f"proven {number}") for number in range(ROTATIONS)]


def follows_the_sun(name: str) -> Rota:
    """Return a rotation of three layers, each for the working hours of its zone."""
    start = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - a wall clock
    return rotation.compiled(
        Rotation(
            "team",
            "UTC",
            tuple(
                Layer(("a", "b", "c"), start, timezone=zone, hours=EVERY_DAY, name=f"{name}, {zone}") for zone in SUN
            ),
        )
    )
