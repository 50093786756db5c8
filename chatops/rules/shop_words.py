"""Which shops people mean, and when those are on holiday: "maomao-gb 2026-12-24 .. 2027-01-02"."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.rules.choices import Words, choice
from chatops.rules.walltime import first_instant
from chatops.times import from_milliseconds

LONGEST_DAYS = 366
_ALL: Words = {"all": "all every everywhere * 全部 所有 semua ทั้งหมด tất_cả todas todos"}
_DAY = r"(\d{4}-\d\d-\d\d)"
_DAYS = re.compile(rf"{_DAY}(?:\s*(?:\.\.+|…|→|–|—|～|-|to)\s*{_DAY})?")


class HolidaySaid(NamedTuple):
    """For which of the shops holiday mode is on, on which days (None: on none any more)."""

    shops: tuple[str, ...]
    days: tuple[date, date] | None

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return from when until when that is, by the days of a shop's zone."""
        if self.days is None:
            return None
        first, last = self.days
        edges = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
        start, end = (from_milliseconds(first_instant(edge, zone)) for edge in edges)
        return start, end


def holiday(words: str, shops: Sequence[str]) -> HolidaySaid | None:
    """Return what somebody says of shops by their names; None: it is unclear.

    The last day counts, too.
    """
    first, _, others = words.strip().partition(" ")
    if choice(first, {}) == "":
        named, rest = shops_named(others, shops)
        return HolidaySaid(named, None) if named and not rest else None
    named, rest = shops_named(words, shops)
    if named and choice(rest, {}) == "":
        return HolidaySaid(named, None)
    said = _DAYS.fullmatch(rest)
    if not named or said is None:
        return None
    try:
        days = date.fromisoformat(said[1]), date.fromisoformat(said[2] or said[1])
    except ValueError:  # the 31st of February
        return None
    return HolidaySaid(named, days) if timedelta() <= days[1] - days[0] < timedelta(days=LONGEST_DAYS) else None


def shops_named(words: str, shops: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return which shops are meant, and the words behind; a lone shop need not be named."""
    said = words.strip()
    for name in sorted(shops, key=len, reverse=True):
        if f"{said} ".casefold().startswith(f"{name.casefold()} "):
            return (name,), said[len(name) :].strip()
    first, _, others = said.partition(" ")
    if choice(first, _ALL) == "all":
        return tuple(shops), others.strip()
    return (tuple(shops), said) if len(shops) == 1 else ((), said)
