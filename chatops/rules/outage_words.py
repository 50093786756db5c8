"""What people say of a marketplace that cannot be reached: "on maomao-gb since 14:05 the chat does not load"."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.rules.choices import Words, choice
from chatops.rules.shop_words import shops_named
from chatops.rules.walltime import first_instant, wall
from chatops.times import from_milliseconds, to_milliseconds

LONGEST_AGO = timedelta(hours=12)  # a time of day that is longer past is more likely a slip
BEGUN: Words = {
    "on": "on down start starts begin begins begun 开始 中断 断开 故障 mulai gangguan putus เริ่ม ล่ม ขัดข้อง bắt_đầu sự_cố"
    " mất empieza inicio caída caído",
    "off": "off up over end ends ended back undo 结束 恢复 取消 selesai pulih batal จบ กลับมา ยกเลิก kết_thúc khôi_phục"
    " hủy termina fin vuelve deshacer",
}
_SINCE = re.compile(
    r"(?:(?:since|from|at|从|自|sejak|dari|ตั้งแต่|từ|lúc|desde)\s*)?(\d{1,2})[:.](\d\d)(?!\d)\s*(?:起|开始)?\s*",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\D{0,12}\d{1,2}[:.]\d\d(?!\d)")  # ".. 14:00", "hasta las 14:00"


class OutageSaid(NamedTuple):
    """That it begins or ends (`begins`), for which of the shops, `since` when (None: now), and the words about it."""

    begins: bool
    shops: tuple[str, ...]
    since: datetime | None
    words: str


def outage(words: str, shops: Sequence[str], now: datetime, zone: ZoneInfo) -> OutageSaid | None:
    """Return what somebody says in a zone of shops by their names; None: it is unclear.

    Where there is only one shop it need not be named, unless words follow that are no time. A time of day is the last
    one of the past twelve hours.
    """
    begins, _, others = words.strip().partition(" ")
    means = choice(begins, BEGUN)
    named, rest = shops_named(others, shops)
    if means not in BEGUN or not named:
        return None
    said = _SINCE.match(rest)
    if said is None:
        mistyped = bool(rest) and rest == others.strip()  # it stands where a name would, and may be meant as one
        return None if mistyped else OutageSaid(means == "on", named, None, rest)
    since, why = _last(int(said[1]), int(said[2]), now, zone), rest[said.end() :].strip()
    if since is None or _UNTIL.match(why):  # its end is said by itself
        return None
    return OutageSaid(means == "on", named, since, why)


def _last(hour: int, minute: int, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the last instant, not long ago, at which a zone's clock showed a time."""
    if hour > 23 or minute > 59:
        return None
    today = wall(to_milliseconds(now), zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    shown = (from_milliseconds(first_instant(today - timedelta(days=ago), zone)) for ago in (0, 1))
    return next((at for at in shown if now - LONGEST_AGO <= at <= now), None)
