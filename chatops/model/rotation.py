"""What is said about a rotation besides its turns, what became of it, and when it is looked at next."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, bindparam, delete, func, or_, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from chatops.rules import rotation as rules
from chatops.rules.rotation import Instead
from chatops.store.choices import Choice
from chatops.store.instants import Instant, instant_field
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
_OPEN = text("state = 'open'")
_GOES_ON = text("end_at IS NULL")


class Override(SQLModel, table=True):
    """Somebody is on call other than by turns in [start_at, end_at): see `rules.rotation.Instead`.

    `rotation` is a name, "" for all rotations of the workspace (absences). One is never erased: `cancelled_at` ends it
    from then on, and what was before stays as it was.
    """

    __table_args__ = (Index("override_of_workspace", "workspace_id", "end_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    workspace_id: str
    rotation: str = ""
    kind: Instead = Field(sa_type=Choice(Instead))
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    who: str
    whose: str = ""
    reason: str = ""
    made_at: datetime = Field(sa_type=Instant)
    made_by: str = ""  # an agent's id; "": an imported calendar
    cancelled_at: datetime | None = instant_field(default=None)

    def rule(self) -> rules.Override:
        """Return it as the rules count it."""
        end = self.end_at if self.cancelled_at is None else min(self.end_at, self.cancelled_at)
        return rules.Override(self.kind, to_milliseconds(self.start_at), to_milliseconds(end), self.who, self.whose)


class SwapState(StrEnum):
    """How far somebody's wish has come that another take their shift."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody answered in time
    CANCELLED = "cancelled"


class ShiftSwap(SQLModel, table=True):
    """Somebody asks that another be on call for them in [start_at, end_at); taken, an override says so.

    `asked`: the one who is asked, "" for everybody of the rotation. `answered_by`: who took or declined it.
    """

    __table_args__ = (Index("shift_swap_open", "rotation", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    workspace_id: str
    rotation: str
    asker: str
    asked: str = ""
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)  # when the shift begins; of one that has begun, when it ends
    state: SwapState = Field(default=SwapState.OPEN, sa_type=Choice(SwapState))
    made_at: datetime = Field(sa_type=Instant)
    answered_by: str = ""
    settled_at: datetime | None = instant_field(default=None)


class OnCall(SQLModel, table=True):
    """Somebody was on call in [start_at, end_at), or is since start_at: what happened, whatever is defined later."""

    __table_args__ = (
        Index("on_call_of_rotation", "workspace_id", "rotation", "start_at"),
        Index("on_call_now", "rotation", "agent_id", unique=True, sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    workspace_id: str
    rotation: str
    agent_id: str
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime | None = instant_field(default=None)


class RotationWatch(SQLModel, table=True):
    """How far a rotation has been looked after, and when it is looked at next.

    `through`: who was on call is logged until then; `announced_at`: the change that people were told of beforehand;
    `prove_at`: when the coming weeks are looked through next; `told`: the gaps the channel knows of; `foreseen`: the
    shifts people know of.
    """

    __table_args__ = (Index("rotation_watch_next", "next_at"),)

    rotation: str = Field(primary_key=True)
    workspace_id: str
    next_at: datetime = Field(sa_type=Instant)
    through: datetime = Field(sa_type=Instant)
    announced_at: datetime | None = instant_field(default=None)
    prove_at: datetime = Field(sa_type=Instant)
    told: str = ""
    foreseen: str = Field(default="", sa_column_kwargs={"server_default": ""})


_OVERRIDES = Prepared(
    select(Override)
    .where(
        col(Override.workspace_id) == bindparam("workspace"),
        col(Override.rotation).in_((bindparam("rotation"), "")),
        col(Override.end_at) > bindparam("start"),
        col(Override.start_at) < bindparam("end"),
    )
    .order_by(col(Override.made_at), col(Override.id))
)


def overrides(tx: Transaction, workspace_id: str, rotation: str, start: datetime, end: datetime) -> list[Override]:
    """Return what is said of a rotation in [start, end), cancelled ones too, in the order in which it was said."""
    return tx.all(Override, _OVERRIDES, workspace=workspace_id, rotation=rotation, start=start, end=end)


def due(tx: Transaction, now: datetime, limit: int) -> list[RotationWatch]:
    """Return rotations to be looked at, locked; those that another replica looks at are left out."""
    sought = select(RotationWatch).where(col(RotationWatch.next_at) <= now).order_by(col(RotationWatch.next_at))
    return tx.all(RotationWatch, sought.limit(limit).with_for_update(skip_locked=True))


def watch(tx: Transaction, rotation: str) -> RotationWatch | None:
    """Return how far a rotation has been looked after, locked."""
    return tx.one(RotationWatch, select(RotationWatch).where(RotationWatch.rotation == rotation).with_for_update())


def watches(tx: Transaction, workspace_id: str) -> list[RotationWatch]:
    """Return those of a workspace, by the rotation's name."""
    sought = select(RotationWatch).where(RotationWatch.workspace_id == workspace_id)
    return tx.all(RotationWatch, sought.order_by(col(RotationWatch.rotation)))


NEXT_AT = select(func.min(RotationWatch.next_at))  # when one is looked at


def on_now(tx: Transaction, rotation: str) -> list[OnCall]:
    """Return the log's lines of those who are on call."""
    return tx.all(OnCall, select(OnCall).where(OnCall.rotation == rotation, col(OnCall.end_at).is_(None)))


def went_off(tx: Transaction, line: OnCall, at: datetime) -> None:
    """End a line of the log; one that would have lasted no time was never one."""
    if line.start_at < at:
        tx.update(line, end_at=at)
    else:
        tx.execute(delete(OnCall).where(col(OnCall.id) == line.id))


def was_on_call(tx: Transaction, workspace_id: str, start: datetime, end: datetime) -> list[OnCall]:
    """Return who was on call at any time in [start, end), by rotation and when they began."""
    sought = select(OnCall).where(
        OnCall.workspace_id == workspace_id,
        OnCall.start_at < end,
        or_(col(OnCall.end_at).is_(None), col(OnCall.end_at) > start),
    )
    return tx.all(OnCall, sought.order_by(col(OnCall.rotation), col(OnCall.start_at), col(OnCall.agent_id)))


def expired_swaps(tx: Transaction, rotation: str, now: datetime) -> list[ShiftSwap]:
    """Return the wishes of a rotation that nobody answered in time, locked; not those that somebody answers now."""
    sought = _open_swaps(rotation).where(ShiftSwap.expires_at <= now)
    return tx.all(ShiftSwap, sought.with_for_update(skip_locked=True))


def next_swap(tx: Transaction, rotation: str) -> datetime | None:
    """Return when the next wish of a rotation expires."""
    found = tx.one(ShiftSwap, _open_swaps(rotation).limit(1))
    return found.expires_at if found else None


def _open_swaps(rotation: str) -> SelectOfScalar[ShiftSwap]:
    sought = select(ShiftSwap).where(ShiftSwap.rotation == rotation, ShiftSwap.state == SwapState.OPEN)
    return sought.order_by(col(ShiftSwap.expires_at))


def swap(tx: Transaction, number: int) -> ShiftSwap | None:
    """Return one wish."""
    return tx.one(ShiftSwap, select(ShiftSwap).where(ShiftSwap.id == number))


def lock_swap(tx: Transaction, number: int) -> ShiftSwap | None:
    """Return one wish, held against every other transaction until this one ends."""
    return tx.one(ShiftSwap, select(ShiftSwap).where(ShiftSwap.id == number).with_for_update())


def wishes(tx: Transaction, workspace_id: str, asker: str) -> list[ShiftSwap]:
    """Return the open wishes of somebody."""
    of_asker = ShiftSwap.workspace_id == workspace_id, ShiftSwap.asker == asker, ShiftSwap.state == SwapState.OPEN
    return tx.all(ShiftSwap, select(ShiftSwap).where(*of_asker).order_by(col(ShiftSwap.start_at)))


def lock_override(tx: Transaction, number: int) -> Override | None:
    """Return one thing that was said besides the turns, held as `lock_swap` does."""
    return tx.one(Override, select(Override).where(Override.id == number).with_for_update())


def of_agent(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> list[Override]:
    """Return what was said of somebody, or by them, and still counts or is going to."""
    about = or_(col(Override.who) == agent_id, col(Override.made_by) == agent_id)
    counts = col(Override.end_at) > now, col(Override.cancelled_at).is_(None)
    sought = select(Override).where(Override.workspace_id == workspace_id, about, *counts)
    return tx.all(Override, sought.order_by(col(Override.start_at)))
