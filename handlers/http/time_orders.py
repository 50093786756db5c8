"""Orders about hours: reading a calendar, and adding days that somebody accepted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chatops.desk import definitions, time_writing
from chatops.desk.definitions import Defined
from chatops.model.preview import preview
from chatops.rules.hours import DayOff
from chatops.store.transaction import Transaction

Args = Mapping[str, Any]
Answer = dict[str, Any]


def calendar(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Return the zone of a calendar, and the days it knows to be unlike others."""
    hours = time_writing.hours_called(tx, args["name"])
    return {"timezone": hours.timezone, "days": msgspec.to_builtins(hours.exceptions)}


def would_move(tx: Transaction, wanted: Sequence[Defined], now: datetime) -> Answer:
    """Return how many clocks run, and how many would move or be late if these definitions were all there are."""
    found = preview(tx, wanted, now)
    return {"open": found.open, "moved": found.move, "late": found.breached}


def try_days(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return how many open clocks more days would move."""
    return would_move(tx, time_writing.with_days(tx, args["name"], _days(args)), now)


def add_days(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Let a calendar have more days unlike others."""
    definitions.apply(tx, time_writing.with_days(tx, args["name"], _days(args)), now)
    return {"added": len(args["days"])}


def _days(args: Args) -> list[DayOff]:
    return msgspec.convert(args["days"], list[DayOff])


ORDERS = {"calendar": calendar, "calendar_try_days": try_days, "calendar_add_days": add_days}
