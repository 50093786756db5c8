"""Digests: what was told of a stretch of time, by plan or to somebody who asked, and how far each plan has come."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, bindparam, delete, func, not_, text, update
from sqlmodel import Field, SQLModel, col, select

from chatops.store.choices import Choice
from chatops.store.instants import Instant, instant_field
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
_PLANNED = text("plan <> ''")  # in a question, too: SQLite knows by nothing else that the index has what is sought
_ASKED = text("plan = ''")
_DUE = text("next_at IS NOT NULL")


class DigestState(StrEnum):
    """How far a digest has come."""

    PLANNED = "planned"  # to be counted, or counted in part
    COUNTED = "counted"  # its numbers are kept for good
    POSTED = "posted"
    FAILED = "failed"  # see `fault`; nothing repeats it


class Lack(StrEnum):
    """What a posted digest may lack."""

    PICTURE = "picture"
    SECTION = "section"
    REPORT = "report"  # for one person: "report:" and their id


class Digest(SQLModel, table=True):
    """One digest of [start_at, end_at), days and hours by `timezone`: its numbers, and where it stands.

    `plan` is a plan's name, "" where somebody (`asked_by`) asked for it; `behind`: it also tells of what turns before
    it missed. `scope` is a `digest.scope.Scope`, `sections` the keys of those it has; `numbers` holds by key what each
    counted, `before` the same of the time before, when they are to be compared. `thread_id`: the head below which it
    is put, "" in the channel itself ("": a direct message, and once that stands, where); `head_id`: where it stands;
    `fault`: why it failed, else the shops that its plan names in vain; `picture`: the workspace's file that it shows;
    `lacks`: what is missing of it for good, and why, a blank between each ("picture/missing_scope report:U1/gone");
    `report_to`: as its plan has it.
    """

    __table_args__ = (
        Index("digest_of_day", "plan", "local_date", unique=True, sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index("digest_of_workspace", "workspace_id", "due_at"),
        Index("digest_asked", "made_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
        {"sqlite_autoincrement": True},  # numbers are never given again: deliveries and buttons name digests by them
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    workspace_id: str
    plan: str = ""
    local_date: str = ""
    due_at: datetime = Field(sa_type=Instant)
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    timezone: str
    scope: dict[str, Any] = Field(sa_type=JSON)
    sections: list[str] = Field(sa_type=JSON)
    locale: str
    compare: bool = False
    ranked: bool = False
    behind: bool = False
    channel_id: str
    thread_id: str = ""
    asked_by: str = ""
    state: DigestState = Field(default=DigestState.PLANNED, sa_type=Choice(DigestState))
    numbers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    fault: str = ""
    head_id: str = ""
    picture: str = Field(default="", sa_column_kwargs={"server_default": ""})
    lacks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    report_to: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    made_at: datetime = Field(sa_type=Instant)
    counted_at: datetime | None = instant_field(default=None)
    posted_at: datetime | None = instant_field(default=None)


class DigestWatch(SQLModel, table=True):
    """How far a plan has come: everything before `covered_to` was told, last on `last_date`; when it is due next."""

    __table_args__ = (Index("digest_watch_next", "next_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    plan: str = Field(primary_key=True)
    workspace_id: str
    next_at: datetime | None = instant_field(default=None)
    covered_to: datetime | None = instant_field(default=None)
    last_date: str = ""


def due(tx: Transaction, now: datetime, limit: int) -> list[DigestWatch]:
    """Return plans that are due, locked; those that another replica looks at are left out."""
    sought = select(DigestWatch).where(col(DigestWatch.next_at) <= now).order_by(col(DigestWatch.next_at))
    return tx.all(DigestWatch, sought.limit(limit).with_for_update(skip_locked=True))


def watch(tx: Transaction, plan: str) -> DigestWatch | None:
    """Return how far a plan has come, locked."""
    return tx.one(DigestWatch, select(DigestWatch).where(DigestWatch.plan == plan).with_for_update())


def look(tx: Transaction, plan: str) -> DigestWatch | None:
    """Return the same, for reading only."""
    return tx.one(DigestWatch, select(DigestWatch).where(DigestWatch.plan == plan))


def watches(tx: Transaction) -> list[DigestWatch]:
    """Return all of them, by the plans' names."""
    return tx.all(DigestWatch, select(DigestWatch).order_by(col(DigestWatch.plan)))


NEXT_AT = select(func.min(DigestWatch.next_at)).where(col(DigestWatch.next_at).is_not(None))  # when a plan is due


_GET = Prepared(select(Digest).where(col(Digest.id) == bindparam("number")))


def get(tx: Transaction, number: int) -> Digest | None:
    """Return one digest."""
    return tx.one(Digest, _GET, number=number)


def read_by(tx: Transaction, workspace_id: str, agent_id: str, number: str) -> Digest | None:
    """Return a digest with its numbers if somebody of a workspace may read it: it was posted there, or is for them."""
    found = get(tx, int(number)) if number.isdecimal() else None
    if found is None or found.workspace_id != workspace_id or found.counted_at is None:
        return None
    return found if found.channel_id or found.asked_by == agent_id else None


def note_lack(tx: Transaction, number: int, what: str, why: str) -> bool:
    """Write down that something is missing of a digest for good; False when that is known, whichever lane said so."""
    there, lack = col(Digest.lacks), f"{what}/{why}"
    fresh = col(Digest.id) == number, not_(there.contains(f"{what}/", autoescape=True))
    return tx.execute(update(Digest).where(*fresh).values(lacks=func.trim(there + f" {lack}"))).rowcount == 1


def forget_lack(tx: Transaction, digest: Digest, what: str) -> bool:
    """Forget that something is missing of a digest; False when it is not, or somebody was faster."""
    left = " ".join(lack for lack in digest.lacks.split() if not lack.startswith(f"{what}/"))
    known = col(Digest.id) == digest.id, col(Digest.lacks) == digest.lacks
    return left != digest.lacks and tx.execute(update(Digest).where(*known).values(lacks=left)).rowcount == 1


def of_window(tx: Transaction, workspace_id: str, start: datetime, end: datetime) -> Sequence[Digest]:
    """Return what plans told a workspace of exactly this time, and kept; the newest first."""
    whose = Digest.workspace_id == workspace_id, Digest.plan != "", col(Digest.counted_at).is_not(None)
    sought = select(Digest).where(*whose, Digest.start_at == start, Digest.end_at == end)
    return tx.all(Digest, sought.order_by(col(Digest.due_at).desc()))


def forget_asked(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget some of what somebody asked for long ago; what a plan told stays for good."""
    old = select(col(Digest.id)).where(Digest.plan == "", Digest.made_at < before).limit(limit)
    return tx.execute(delete(Digest).where(col(Digest.id).in_(old))).rowcount


def last(tx: Transaction, plan: str, limit: int = 1) -> Sequence[Digest]:
    """Return the newest digests of a plan, the newest first."""
    sought = select(Digest).where(_PLANNED, Digest.plan == plan).order_by(col(Digest.local_date).desc()).limit(limit)
    return tx.all(Digest, sought)
