"""The orders about who is on call: addresses for calendars, the coming weeks as a file, and files of other programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatops.cards import oncall_feed as cards
from chatops.desk import oncall_feed, oncall_import
from chatops.desk.definitions import Defined
from chatops.desk.oncall_import import Difference, Wanted
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import oncall
from chatops.model.oncall import Duty
from chatops.rules.coverage import Gap, together
from chatops.rules.rotation import Rotation
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

Args = Mapping[str, Any]
Answer = dict[str, Any]


def make_feed(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Make a new address of a rotation; the one before shows nothing any more."""
    found, agent_id = _duty(tx, args["rotation"], now, timedelta(1)), args.get("agent", "")
    if agent_id and agent_id not in found.team:
        raise SetupError(f"nobody with the id {agent_id} is known", "It is the id that the chat gives them.")
    workspace_id = found.workspace.id
    return {"secret": oncall_feed.made(tx, workspace_id, args["rotation"], agent_id, now)}


def drop_feed(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Take an address back."""
    workspace_id = _duty(tx, args["rotation"], now, timedelta(1)).workspace.id
    return {"done": oncall_feed.taken_back(tx, workspace_id, args["rotation"], args.get("agent", ""))}


def export(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return the coming weeks of a rotation as an iCalendar file."""
    ahead = timedelta(weeks=args["weeks"])
    found = _duty(tx, args["rotation"], now, ahead)
    stints = oncall_feed.stints_of(tx, found, args["rotation"], now, ahead)
    with language(found.workspace.locale):
        return {"ics": cards.calendar(args["rotation"], stints, now)}


def zone(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return the time zone of a rotation, which times without one are meant in."""
    return {"timezone": _duty(tx, args["rotation"], now, timedelta(1)).rota.spec.timezone}


def compare_import(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return what taking entries of another calendar in would change."""
    return {"changes": _told(oncall_import.compare(tx, args["rotation"], args["file"], _wanted(args), now))}


def apply_import(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Take entries of another calendar in."""
    return {"changes": _told(oncall_import.apply(tx, args["rotation"], args["file"], _wanted(args), now))}


def holes(tx: Transaction, wanted: Sequence[Defined], now: datetime) -> list[str]:
    """Return when nobody would be on call in the coming weeks if rotations were defined so, a line for each reason."""
    specs = [(one.name, one.spec) for one in wanted if isinstance(one.spec, Rotation)]
    duties = [(name, oncall.defined(tx, name, spec, now, now + oncall.FAR_AHEAD)) for name, spec in specs]
    return [
        _hole(name, gap)
        for name, duty in duties
        if duty is not None
        for gap in together(oncall.gaps(duty, now), ZoneInfo(duty.rota.spec.timezone))
    ]


def _hole(rotation: str, gap: Gap) -> str:
    start, end = (f"{from_milliseconds(at):%Y-%m-%d %H:%M}" for at in (gap.start, gap.end))
    who = f"nobody who answers in {gap.language}" if gap.language else "nobody"
    return f"{rotation}: {who}, {start} – {end} UTC" + (f", and {gap.times - 1} times more" if gap.times > 1 else "")


def _wanted(args: Args) -> list[Wanted]:
    return [Wanted(from_milliseconds(start), from_milliseconds(end), who) for start, end, who in args["entries"]]


def _told(changes: Sequence[Difference]) -> list[str]:
    return [
        f"{one.sign} {one.agent.name or one.agent.id}, {one.start:%Y-%m-%d %H:%M} – {one.end:%Y-%m-%d %H:%M} UTC"
        for one in changes
    ]


def _duty(tx: Transaction, rotation: str, now: datetime, ahead: timedelta) -> Duty:
    found = oncall.duty(tx, rotation, now, now + ahead)
    if found is None:
        raise SetupError(f"there is no rotation {rotation!r}", "`chatops export` shows the [[rotations]] there are.")
    return found


ORDERS = {
    "make_oncall_feed": make_feed,
    "drop_oncall_feed": drop_feed,
    "export_oncall": export,
    "oncall_zone": zone,
    "compare_oncall": compare_import,
    "apply_oncall": apply_import,
}
