"""What is aimed at: the team's own limits, else those that are known."""

from datetime import date
from functools import cache

import msgspec

from chatops.model import setting
from chatops.model.rulebook import STARTER
from chatops.rules.lights import Aim, aim_of
from chatops.rules.walltime import SECOND
from chatops.store.transaction import Transaction

FIRST_ANSWER, OFFICIAL = "first_answer", "official"
PERCENT = 0.01


@cache
def aims() -> tuple[Aim, ...]:
    """Return what is aimed at where a team says nothing else."""
    return msgspec.toml.decode((STARTER / "targets.toml").read_bytes(), type=dict[str, tuple[Aim, ...]])["targets"]


def limit(tx: Transaction, figure: str, market: str, on: date) -> float:
    """Return a figure's limit: the team's own, else what is known; 0 where there is none."""
    unit, size = ("seconds", SECOND) if figure == FIRST_ANSWER else ("percent", PERCENT)
    own = setting.value(tx, f"target_{figure}_{unit}")
    aim = aim_of(aims(), figure, market, on)
    return own * size if own else aim.limit if aim else 0.0


def days(figure: str, market: str, on: date) -> int:
    """Return over how many days a figure is counted in a market."""
    aim = aim_of(aims(), figure, market, on)
    return aim.days if aim else 7
