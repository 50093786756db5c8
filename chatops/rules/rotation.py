"""Rotations: who is on call at an instant, when it changes hands, and when nobody is."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Unit(StrEnum):
    """After what a layer changes hands."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """People who take turns: from `start` (a wall clock of `timezone`) on, each for `every` times `unit`.

    A member is an agent's id, or several joined by "+" who are on call together. `hours` restricts the layer to
    windows by weekday, as `rules.hours.Hours` writes them. Of the layers with somebody, those of the highest priority
    count. It counts from `begins` until `ends` (wall clocks, too), as far as they are given.
    """

    members: tuple[str, ...]
    start: datetime
    unit: Unit = Unit.WEEK
    every: int = 1
    timezone: str = ""  # "": the rotation's
    hours: dict[str, tuple[str, ...]] = {}
    priority: int = 0
    name: str = ""
    only_working_days: bool = False  # turns are counted by the days that have hours
    begins: datetime | None = None
    ends: datetime | None = None


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is on call in a workspace (by its name): layers, and what must be covered.

    `languages`: each needs somebody who answers in it at every minute. `group`: the chat's user group or role that is
    kept in step. `channel`: where gaps and handovers are told.
    """

    workspace: str
    timezone: str
    layers: tuple[Layer, ...]
    languages: tuple[str, ...] = ()
    group: str = ""
    channel: str = ""
