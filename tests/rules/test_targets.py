"""Which target is which when somebody writes a service level anew."""

import pytest

from chatops.rules.targets import Metric, Target, numbered


def targets(*written: str) -> list[Target]:
    """Return targets of one metric: "5m office" or, around the clock, "2h"; with another word they are of another."""
    found = []
    for text in written:
        within, _, calendar = text.removesuffix(" solved").partition(" ")
        metric = Metric.RESOLUTION if text.endswith(" solved") else Metric.FIRST_RESPONSE
        found.append(Target(metric, within, calendar))
    return found


@pytest.mark.parametrize(
    ("now", "numbers"),
    [
        (("5m office", "2h", "3d solved"), [1, 2, 1]),
        (("3d solved", "2h", "5m office"), [1, 2, 1]),
        (("120m", "300s office"), [2, 1]),
        (("5m office", "1h office", "2h"), [1, 3, 2]),
        (("2h",), [2]),
        (("10m office", "2h"), [1, 2]),
        (("3h", "10m office"), [2, 1]),
        (("2h night", "5m office"), [2, 1]),
        (("2h night", "5m"), [1, 2]),
        (("9m night", "8h night"), [1, 2]),
        (("3d", "3d solved", "5m office", "2h"), [3, 1, 1, 2]),
    ],
)
def test_a_target_keeps_its_number_by_its_hours_and_its_limit(now: tuple[str, ...], numbers: list[int]) -> None:
    before = targets("5m office", "2h", "3d solved")
    assert numbered(targets(*now), before) == numbers


def test_a_number_that_was_given_is_kept_and_one_that_is_free_is_given_again() -> None:
    assert numbered(targets("2h", "5m office"), targets("2h"), [2]) == [2, 1]
    assert numbered(targets("1h", "2h", "2h"), targets("2h", "2h"), [3, 1]) == [2, 3, 1]
    assert numbered(targets("1h", "1h")) == [1, 2]
