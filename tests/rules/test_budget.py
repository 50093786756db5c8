"""How many more may be missed, against counting one after the other."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chatops.rules.budget import Budget, Danger, danger

few = some.integers(0, 400)
budgets = some.builds(Budget, few, few, few, some.sampled_from([0.8, 0.85, 0.9, 0.95, 0.955, 1.0, 0.29, 0.57]))


def share(kept: int, missed: int) -> Fraction:
    return Fraction(kept, kept + missed)


def line(budget: Budget) -> Fraction:
    return Fraction(str(budget.line))


@settings(max_examples=200)
@given(budgets)
def test_so_many_may_be_missed_and_not_one_more(budget: Budget) -> None:
    if budget.left >= 0 and budget.total:
        missed = budget.missed + budget.left
        assert share(budget.total - missed, missed) >= line(budget), "exactly on the line is not below it"
        if missed < budget.total:
            assert share(budget.total - missed - 1, missed + 1) < line(budget)
    elif budget.total:
        assert share(budget.total - budget.missed, budget.missed) < line(budget)
        assert share(budget.kept, budget.missed) < line(budget), "what has fallen stands below its line now, too"


@settings(max_examples=200)
@given(budgets)
def test_so_many_in_a_row_bring_it_back_and_not_one_less(budget: Budget) -> None:
    needed = budget.in_a_row
    if not budget.decided:
        assert needed == 0
    elif needed is None:
        assert (budget.line, budget.missed > 0) == (1.0, True)
    else:
        assert share(budget.kept + needed, budget.missed) >= line(budget)
        assert not needed or share(budget.kept + needed - 1, budget.missed) < line(budget)
        assert budget.left >= 0 or needed > budget.coming, "not by what is to come"


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(700, 70, 30, 0.9), Danger.NEAR),  # 10 of 80 are left
        (Budget(700, 59, 41, 0.9), None),  # 21 of 80
        (Budget(700, 60, 40, 0.9), Danger.NEAR),  # 20 of 80, a quarter at most
        (Budget(90, 10, 5, 0.9), Danger.NEAR),  # exactly on the line
        (Budget(90, 10, 0, 0.9), None),  # and it stays there
        (Budget(84, 15, 1, 0.8), None),  # 5 of 20, but 1 is to come: it cannot fall
        (Budget(700, 70, 7, 0.9), None),  # 7 of 77: all that come may be late
        (Budget(700, 70, 8, 0.9), Danger.NEAR),  # all but one
        (Budget(89, 11, 0, 0.9), Danger.BELOW),
        (Budget(0, 0, 0, 0.9), None),  # nothing at all
        (Budget(40, 0, 0, 1.0), None),  # none may be missed, and none was
        (Budget(39, 1, 0, 1.0), Danger.BELOW),
        (Budget(10, 9, 0, 0.9), None),  # too few to say anything
        (Budget(0, 3, 100, 0.9), None),  # all of Monday's first answers late: 7 of 10 are left
    ],
)
def test_it_is_said_when_little_is_left(budget: Budget, said: Danger | None) -> None:
    assert danger(budget, 25, 20) is said
    assert danger(budget, 0, 20) is None, "leads may want none of it"
