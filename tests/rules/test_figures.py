"""How something usually is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.rules.figures import quantile, quantile_of, share


@pytest.mark.parametrize(
    ("values", "median", "p90"), [((), None, None), ((7,), 7, 7), ((1, 2, 3, 10), 2, 10), (tuple(range(1, 11)), 5, 9)]
)
def test_the_nearest_rank_is_a_value_that_occurred(values: tuple[int, ...], median: int, p90: int) -> None:
    assert (quantile(values, 0.5), quantile(values, 0.9)) == (median, p90)


@given(st.lists(st.integers(), min_size=1), st.floats(0, 1))
def test_so_many_do_not_exceed_it_and_fewer_a_lesser_one(values: list[int], part: float) -> None:
    found = quantile(sorted(values), part)
    assert found is not None
    assert sum(value <= found for value in values) >= part * len(values)
    assert sum(value < found for value in values) <= part * len(values)


@given(st.lists(st.integers(0, 9)), st.floats(0, 1))
def test_counting_values_first_changes_nothing(values: list[int], part: float) -> None:
    assert quantile_of(Counter(values), part) == quantile(sorted(values), part)


def test_a_share_of_nothing_is_none() -> None:
    assert (share(0, 0), share(1, 4)) == (None, 0.25)
