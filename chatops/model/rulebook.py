"""The rules that a desk goes by as files of data: what answers must not say, and what tickets are."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import blake2s
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select

from chatops.errors import NotUnderstood, SetupError
from chatops.model.ticket import Level, TicketPriority
from chatops.rules import lint, rulefile, triage
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

LEVELS, PRIORITIES = tuple(Level), tuple(TicketPriority)  # each from the least to the most
R = TypeVar("R", lint.Rule, triage.Rule)
NEW, DRAFT = "", "draft"  # the id of a rule that nobody has written yet; a ref's place of one's own draft
STARTER = Path(__file__).parents[1] / "starter"


class RulebookName(StrEnum):
    """What a rulebook is about."""

    LINT = "lint"
    TRIAGE = "triage"


class Rulebook(SQLModel, table=True):
    """One version of a rulebook, as the team wrote it; the newest counts, the earlier ones stay to be looked at.

    `made_by` is an agent's id, "" the command line.
    """

    name: RulebookName = Field(primary_key=True, sa_type=Choice(RulebookName))
    version: int = Field(primary_key=True)
    text: str
    applied_at: datetime = Field(sa_type=Instant)
    made_by_workspace: str = Field(default="", sa_column_kwargs={"server_default": ""})
    made_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RuleDraft(SQLModel, table=True):
    """What somebody has written of a rulebook and not put in place; of each rulebook the newest.

    It is to stand in place of the rule `rule` of the `version` (a new one: ""), and is tried on `sample`.
    """

    workspace_id: str = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    name: RulebookName = Field(primary_key=True, sa_type=Choice(RulebookName))
    version: int
    rule: str
    text: str
    sample: str = ""
    written_at: datetime = Field(sa_type=Instant)

    @property
    def reading(self) -> str:
        """A short name of what it says: whoever presses what carries it was shown this, and nothing else."""
        said = "\0".join((str(self.version), self.rule, self.text))
        return blake2s(said.encode(), digest_size=4).hexdigest()


class Trial(NamedTuple):
    """What a rulebook would change: in the rules, and in what was written last week, of which so much was looked at.

    `levels`: of tickets, each level with how many have it and how many would; `held`: of answers, how many the rules
    hold that count, and how many these would.
    """

    text: str
    changes: tuple[str, ...]
    looked_at: int = 0
    levels: tuple[tuple[str, int, int], ...] = ()
    held: tuple[int, int] = (0, 0)


_NEWEST = Prepared(
    select(Rulebook).where(col(Rulebook.name) == bindparam("name")).order_by(col(Rulebook.version).desc()).limit(1)
)


def newest(tx: Transaction, name: RulebookName) -> Rulebook | None:
    """Return the version that counts, None while the team has not written any."""
    return tx.one(Rulebook, _NEWEST, name=name)


def number(tx: Transaction, name: RulebookName) -> int:
    """Return the number of the version that counts, 0 while that is what the product begins with."""
    written = newest(tx, name)
    return written.version if written else 0


def version(tx: Transaction, name: RulebookName, number: int) -> str | None:
    """Return what a version says, None when there is no such one."""
    if number == 0:
        return starter(name)
    found = tx.one(Rulebook, select(Rulebook).where(Rulebook.name == name, Rulebook.version == number))
    return found.text if found else None


def draft(tx: Transaction, workspace_id: str, agent_id: str, name: RulebookName) -> RuleDraft | None:
    """Return what somebody has written and not put in place."""
    return tx.get(RuleDraft, workspace_id, agent_id, name)


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


def ref(name: RulebookName, version: int, place: int | str) -> str:
    """Return the ref of a press about a version's rule by its place in it, a `NEW` one, or a `DRAFT` by its reading."""
    return f"{name}/{version}/{place}"


def split_ref(ref: str) -> tuple[RulebookName, int, str]:
    """Read what `ref` wrote.

    Raises:
        NotUnderstood: it did not write this.
    """
    try:
        name, version, place = ref.split("/")
        return RulebookName(name), int(version), place
    except ValueError:
        raise NotUnderstood(f"not a rule: {ref[:100]!r}") from None


def rule_at(tx: Transaction, name: RulebookName, number: int, place: str) -> str:
    """Return the id of a version's rule, `NEW` for a new one.

    Raises:
        NotUnderstood: there is no such version, or no rule at this place.
    """
    if place == NEW:
        return NEW
    found = version(tx, name, number)
    ids = list(rulefile.texts(found)) if found else []
    if not place.isdecimal() or int(place) >= len(ids):
        raise NotUnderstood(f"no rule at {place[:20]!r} of {name} {number}")
    return ids[int(place)]
