"""When a ticket shall come back, as people say it: "tomorrow 9", "2h", "明天9点", "mañana a las 9".

What was typed becomes a line of signs (`d1 9`, `2 h`) whatever the language; the rest is arithmetic on those.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from chatops.rules.snooze_words import WAKE, bare, plain, signs

MORNING = 9  # the hour that is meant by a day alone
LONGEST = timedelta(days=366)
ROOM = 100  # characters in which anybody can name an instant
HOURS = {"dawn": 5, "morning": MORNING, "noon": 12, "afternoon": 14, "evening": 18, "night": 20, "midnight": 24}
AFTER_NOON = {"noon": (1, 4), "afternoon": (1, 11), "pm": (1, 11), "evening": (1, 12), "night": (6, 12)}  # of twelve
MINUTES = {"min": 1, "h": 60, "hour": 60}

_BLANK = re.compile(r"[\s,，、。;.،؛-]+")
_NUMBER = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)|(?P<day>\d\d?)\.(?P<of>0?[1-9]|1[0-2])\.(?!\d)|(?P<one>\d\d?)/(?P<other>\d\d?)(?!\d)|(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?!\d)|(?P<count>\d{1,4}(?:[.,]\d)?)(?!\d)"
)
_COUNTED = re.compile(r"[\d.:]+|half")
_PIECE = r"(?:[\d.]+(?: half)? (?:hour|day|week)(?: half)?|[\d.]+ (?:h|min))"
_SPAN = re.compile(rf"{_PIECE}(?: {_PIECE})*")
_PIECES = re.compile(r"([\d.]+)( half)? (hour|h|min|day|week)( half)?")
_DAY = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)|on (?P<month>\d+) (?P<of_month>\d+)|d(?P<offset>\d)|(?P<next_month>nextmonth)"
    r"|(?P<count>\d+) (?P<unit>day|week)"
    r"|(?P<next>nextweek |next )?w(?P<weekday>\d)(?P<after> nextweek| next)?|(?P<week>nextweek)"
)
_DATES = (  # every way to name a day of a month, as `on 12 25`; month 0 is the next one that has the day to come
    (re.compile(r"(\d+) month (\d+)(?: dom)?"), r"on \1 \2"),
    (re.compile(r"(\d+) m(\d+)|(\d+) of (\d+)"), r"on \2\4 \1\3"),
    (re.compile(r"\bm(\d+) (\d+)(?![:.\d])"), r"on \1 \2"),
    (re.compile(r"(\d+) dom"), r"on 0 \1"),
)
_FROM_TODAY = re.compile(r"\bd\d|\bnext")
_PART = re.compile(r"\b(?:dawn|morning|noon|afternoon|evening|night|midnight|am|pm|tum)\b")
_CLOCK = re.compile(
    r"(?:(?P<share>half|quarter) (?P<way>to|past) )?(?P<hour>\d+)(?::(?P<minute>\d\d))?(?: (?:oclock|h)\b)*"
    r"(?: (?:(?P<past>\d+)(?: min)?|(?P<half>half)|(?P<quarter>quarter)))?"
)


def wakes(text: str) -> bool:
    """Tell whether somebody wants a ticket back at once ("off")."""
    return plain(text) in WAKE


def until(text: str, now: datetime, zone: tzinfo, longest: timedelta = LONGEST) -> datetime | None:
    """Return the instant (UTC) that a text means to somebody in a zone; None when it means none within a year.

    A day alone means its morning, an hour alone the next time it strikes, "next" the week that begins on Monday. Hours
    and minutes are counted as they pass, days by the calendar. A wall clock that is turned forward over the hour shows
    it an hour later; of an hour that it shows twice, the first one that is still to come is meant. An instant that is
    not after `now` is returned as it is: the text was understood.
    """
    if len(text) > ROOM or text.strip().startswith(("-", "−")):
        return None
    try:
        found = _iso(text.strip(), now, zone) or _said(_read(plain(text)), now, zone)
    except (ValueError, OverflowError):  # the 31st of February, the year 9999
        return None
    return found if found is not None and found - now <= longest else None


def day(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return when the day begins and ends that a text names without an hour; None: it names none.

    The next week and the next month are named whole.
    """
    signed = _read(plain(text)) if len(text) <= ROOM else ""
    named = None if _SPAN.fullmatch(signed) else _DAY.fullmatch(signed)
    if named is None:
        return None
    try:
        first = _date(named, now.astimezone(zone).date())
        after = first + timedelta(days=31 if named["next_month"] else 7 if named["week"] else 1)
        after = after.replace(day=1) if named["next_month"] else after
        start, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (first, after))
    except (ValueError, OverflowError):  # the 31st of February, the year 9999
        return None
    return start, end


def from_today(text: str) -> bool:
    """Tell whether a text names a day by how far it is from today ("tomorrow", "next Friday")."""
    return _FROM_TODAY.search(_read(plain(text[:ROOM]))) is not None


def _iso(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:", text):
        return None
    wall = datetime.fromisoformat(text)
    # by way of the zone, whose clocks must be able to show it: they are not before the year 1
    return _instant(wall, now, zone) if wall.tzinfo is None else wall.astimezone(zone).astimezone(UTC)


def _instant(wall: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Return when the wall clock of a zone shows this: the first time that is after `now`, if one is."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first <= now < second else first


# Words to signs


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, str]]:
    known = signs()
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first))), known


def _whole(phrase: str) -> str:
    """Return a pattern for a phrase that ends where it ends; Chinese and Thai set no blanks between words."""
    last = phrase[-1]
    in_words = last.isalpha() and (bare(last) < "\u0250" or "\u0620" <= last <= "\u064a")
    end = r"(?!\d)" if last.isdigit() else r"(?![^\W\d_])" if in_words else ""
    return re.escape(phrase) + end


def _read(text: str) -> str:
    """Return the signs of a text, "" when it holds a word that is none of ours."""
    phrases, known = _lexicon()
    found: list[str] = []
    at = 0
    while at < len(text):
        if said := phrases.match(text, at):
            behind_number = bool(found) and _COUNTED.fullmatch(found[-1]) is not None
            counted, either, alone = known[said.group()].partition("|")
            if counted.startswith("m5") and found and not found[-1].isdecimal():
                behind_number = False  # 14:30 mai is no day of May
            found += (counted if behind_number or not either else alone).split()
        elif said := _NUMBER.match(text, at):
            found.append(_number(said))
        elif not (said := _BLANK.match(text, at)):
            return ""
        at = said.end()
    return _plainer(" ".join(found))


def _plainer(signed: str) -> str:
    """Return signs of which each means the same wherever it stands: what was said at nine is never in nine hours."""
    for pattern, on in _DATES:
        signed = pattern.sub(on, signed)
    words = signed.split()
    hours = {"h": "oclock", "hour": "oclock"} if "at" in words else {"oclock": "hour"} if "in" in words else {}
    signed = " ".join(hours.get(word, word) for word in words if word not in ("at", "in"))
    return re.sub(r"^([1-5] h [1-5]\d)$", r"\1 min", signed)  # 2h30 is long, 14h30 a time of day


def _number(said: re.Match[str]) -> str:
    if said["day"]:  # 24.12. is a day, 12.24 a time
        return f"on {int(said['of'])} {int(said['day'])}"
    if said["one"]:  # a month and its day, where it is clear which is which
        low, high = sorted((int(said["one"]), int(said["other"])))
        return f"on {low} {high}" if low <= 12 < high else "unclear"
    if said["hour"]:
        return f"{int(said['hour'])}:{said['minute']}"
    return said["date"] or f"{float(said['count'].replace(',', '.')):g}"


# Signs to an instant


def _said(signed: str, now: datetime, zone: tzinfo) -> datetime | None:
    local = now.astimezone(zone)
    if _SPAN.fullmatch(signed):
        days, minutes = _span(signed)
        later = local.replace(tzinfo=None) + timedelta(days=days)
        begin = _instant(later, now, zone) if days else now
        return begin + timedelta(minutes=minutes)
    day, rest = _take(_DAY, signed)
    parts, rest = _PART.findall(rest), " ".join(_PART.sub("", rest).split())
    clock, rest = _take(_CLOCK, rest)
    at = _at(clock, parts[-1] if parts else "")
    if rest or not signed or at is None or (day and day["offset"] == "0" and not (clock or parts)):
        return None
    wall = datetime.combine(_date(day, local.date()), time()) + at
    found = _instant(wall, now, zone)
    if found <= now and (day is None or (day["weekday"] and not (day["next"] or day["after"]))):
        return _instant(wall + timedelta(days=7 if day else 1), now, zone)
    return found


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """Return what a pattern finds, and the text without it."""
    found = pattern.search(text)
    return found, " ".join((text[: found.start()] + text[found.end() :]).split()) if found else text


def _span(signed: str) -> tuple[float, float]:
    """Return days and minutes."""
    days = minutes = 0.0
    for count, half, unit, and_half in _PIECES.findall(signed):
        many = float(count) + (0.5 if half or and_half else 0)
        if unit in MINUTES:
            minutes += many * MINUTES[unit]
        else:
            days += many * (7 if unit == "week" else 1)
    return days, minutes


def _date(day: re.Match[str] | None, today: date) -> date:
    if day is None:
        return today
    if day["date"]:
        return date.fromisoformat(day["date"])
    if day["next_month"] or day["month"] == "0":
        later = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
        wanted = int(day["of_month"] or 1)
        return today.replace(day=wanted) if day["month"] and wanted >= today.day else later.replace(day=wanted)
    if day["month"]:
        found = date(today.year, int(day["month"]), int(day["of_month"]))
        return found if found >= today else found.replace(year=today.year + 1)
    return today + timedelta(days=_days_off(day, today.isoweekday()))


def _days_off(day: re.Match[str], today: int) -> int:
    """Return in how many days it is, from a day of the week (1 is Monday)."""
    if day["offset"]:
        return int(day["offset"])
    if day["count"]:
        return int(day["count"]) * (7 if day["unit"] == "week" else 1)
    weekday = int(day["weekday"] or 1)
    if day["week"] or day["next"] or day["after"]:
        return 7 - today + weekday
    return (weekday - today) % 7


def _at(clock: re.Match[str] | None, part: str) -> timedelta | None:
    """Return how far into the day a clock and a part of the day are; None when there is no such time."""
    if clock is None:
        hours = HOURS.get(part, None if part else MORNING)
        return None if hours is None else timedelta(hours=hours)
    minutes = int(clock["minute"] or clock["past"] or (30 if clock["half"] else 15 if clock["quarter"] else 0))
    hour = _hour(int(clock["hour"]), part)
    if hour > 24 or minutes > 59 or (clock["minute"] and clock["past"]):
        return None
    share = {"half": 30, "quarter": 15, None: 0}[clock["share"]]
    return timedelta(hours=hour, minutes=minutes + (share if clock["way"] == "past" else -share))


def _hour(hour: int, part: str) -> int:
    """Return the hour of 24 that is meant by one of twelve in a part of the day."""
    first, last = AFTER_NOON.get(part, (1, 0))
    if part == "tum":  # Thai counts the evening from six
        return hour + 18
    if first <= hour <= last:
        return hour + 12
    if hour == 12 and part == "midnight":
        return 24
    return 0 if part in ("am", "dawn") and hour == 12 else hour
