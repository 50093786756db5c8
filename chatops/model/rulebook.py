"""The rules that a desk goes by as files of data: what answers must not say, and what tickets are."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select

from chatops.errors import SetupError
from chatops.model.ticket import Level, TicketPriority
from chatops.rules import lint, triage
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

LEVELS, PRIORITIES = tuple(Level), tuple(TicketPriority)  # each from the least to the most
R = TypeVar("R", lint.Rule, triage.Rule)
STARTER = Path(__file__).parents[1] / "starter"


class RulebookName(StrEnum):
    """What a rulebook is about."""

    LINT = "lint"
    TRIAGE = "triage"


class Rulebook(SQLModel, table=True):
    """One version of a rulebook, as the team wrote it; the newest counts, the earlier ones stay to be looked at."""

    name: RulebookName = Field(primary_key=True, sa_type=Choice(RulebookName))
    version: int = Field(primary_key=True)
    text: str
    applied_at: datetime = Field(sa_type=Instant)


_NEWEST = Prepared(
    select(Rulebook).where(col(Rulebook.name) == bindparam("name")).order_by(col(Rulebook.version).desc()).limit(1)
)


def newest(tx: Transaction, name: RulebookName) -> Rulebook | None:
    """Return the version that counts, None while the team has not written any."""
    return tx.one(Rulebook, _NEWEST, name=name)


def text(tx: Transaction, name: RulebookName) -> str:
    """Return what counts: the team's newest version, or what the product begins with."""
    written = newest(tx, name)
    return starter(name) if written is None else written.text


def lint_rules(tx: Transaction) -> tuple[lint.Rule, ...]:
    """Return what answers must not say."""
    return _readable(lint.read, text(tx, RulebookName.LINT), RulebookName.LINT)


def triage_rules(tx: Transaction) -> tuple[triage.Rule, ...]:
    """Return what tells what tickets are."""
    return _readable(read_triage, text(tx, RulebookName.TRIAGE), RulebookName.TRIAGE)


def _readable(read: Callable[[str], tuple[R, ...]], written: str, name: RulebookName) -> tuple[R, ...]:
    """Read a rulebook; while one that an older version took makes no sense any more, the starter stands in for it."""
    try:
        return read(written)
    except SetupError:
        return read(starter(name))


def read_triage(rules: str) -> tuple[triage.Rule, ...]:
    """Return the rules of a triage rulebook.

    Raises:
        SetupError: what is wrong with it.
    """
    return triage.read(rules, LEVELS, PRIORITIES)


@cache
def starter(name: RulebookName) -> str:
    """Return the rules that the product begins with."""
    return (STARTER / f"{name}.toml").read_text(encoding="utf-8")
