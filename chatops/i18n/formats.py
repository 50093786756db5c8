"""Dates, numbers, money and durations the way the reader's language writes them."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, get_time_format
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_territory_currencies,
)
from babel.units import format_unit

from chatops.i18n.reader import LANGUAGES, current

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNITS = {"duration-day": 86_400, "duration-hour": 3_600, "duration-minute": 60, "duration-second": 1}
_JOINED = {"zh_Hans": "", "ja": "", "ar": " و"}  # what stands between two units; a blank where nothing is said here
_SYMBOLS = {  # where CLDR 47 says "1 horas", or ends a unit with a full stop that a sentence would end with once more
    ("es", "duration-hour"): "h",
    ("pt_BR", "duration-hour"): "h",
    ("de", "duration-hour"): "h",
    ("de", "duration-minute"): "min",
    ("de", "duration-second"): "s",
}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def number(value: int) -> str:
    """Return a whole number with the language's separators."""
    return format_decimal(value, locale=_locale(current()))


def compact(value: float) -> str:
    """Return a number as short as charts need it ("12.5K"): at most one decimal."""
    shown = str(format_compact_decimal(value, locale=_locale(current()), fraction_digits=1))
    return number(int(shown)) if shown.isdigit() else shown  # German has no short word for a thousand


def share(part: float) -> str:
    """Return a part of one as a percentage with at most one decimal, never rounded up: 100 % are all of them."""
    return format_percent(percent(part) / 100, locale=_locale(current()), decimal_quantization=False)


def percent(part: float) -> Decimal:
    """Return a part of one in percent, as `share` shows it."""
    return Decimal(int(part * 1_000 + 1e-9)) / 10


def right_to_left() -> bool:
    """Tell whether the reader's lines begin on the right."""
    return bool(_locale(current()).text_direction == "rtl")


def moment(instant: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant as date, time to the minute, and zone."""
    local = instant.astimezone(zone)
    return f"{_dated(format_date(local, 'medium', locale=_locale(current())), local)} ({local.tzname()})"


def short_moment(instant: datetime, zone: tzinfo, *, year: bool = False) -> str:
    """Return an instant as date, without its year unless that is asked for, and time to the minute, in a zone."""
    local = instant.astimezone(zone)
    return _dated(short_day(local, year=year), local)


def _dated(date: str, local: datetime) -> str:
    pattern = str(get_datetime_format("medium", locale=_locale(current())))
    time = format_time(local, "short", tzinfo=local.tzinfo, locale=_locale(current()))
    return pattern.replace("{1}", date).replace("{0}", time)


def clock(instant: datetime, zone: tzinfo = UTC) -> str:
    """Return the time of day, to the minute, and the zone."""
    local = instant.astimezone(zone)
    return f"{format_time(local, 'short', tzinfo=zone, locale=_locale(current()))} ({local.tzname()})"


def oclock(hour: int) -> str:
    """Return a full hour of the day."""
    return str(format_time(time(hour), "short", locale=_locale(current())))


def hour_mark(hour: int) -> str:
    """Return a full hour of the day as short as a scale needs it ("8 AM", "08")."""
    locale = _locale(current())
    without_minutes = re.sub(r"[^\w\s]mm", "", get_time_format("short", locale=locale).pattern)
    return str(format_time(time(hour), without_minutes, locale=locale))


def day(of: date, zone: tzinfo = UTC) -> str:
    """Return a date; of an instant, the one it falls on in a zone."""
    shown = of.astimezone(zone).date() if isinstance(of, datetime) else of
    return format_date(shown, "long", locale=_locale(current()))


def short_day(of: date, *, year: bool = False) -> str:
    """Return a date as short as it is still read at a glance ("23 Nov"), without its year unless that is asked for."""
    return format_skeleton("yMMMd" if year else "MMMd", of, locale=_locale(current()))


def weekday(of: date, *, whole: bool = False) -> str:
    """Return the name of a date's day of the week: the short one ("Mon"), or the whole."""
    return format_date(of, "EEEE" if whole else "EEE", locale=_locale(current()))


@cache
def weekdays() -> Mapping[str, int]:
    """Return the days of the week, Monday is 0, by every name they have in the product's languages, whole or short."""
    names = (
        (name, day)
        for language in LANGUAGES
        for use in _locale(language).days.values()
        for width in ("wide", "abbreviated")
        for day, name in use.get(width, {}).items()
    )
    return dict(names)


def length(milliseconds: int, *, days: bool = True) -> str:
    """Return a length of time in the two largest units that it fills ("1 hr 29 min"); what is less is left out.

    It is never rounded up: a promise with 89 minutes left has no two hours. `days`: whether a day is a unit; of open
    time it is none.
    """
    rest, counts = max(milliseconds, 0) // 1_000, []
    units = _UNITS if days else {unit: size for unit, size in _UNITS.items() if unit != "duration-day"}
    for size in units.values():
        count, rest = divmod(rest, size)
        counts.append(count)
    first = next((at for at, count in enumerate(counts) if count), len(counts) - 1)
    pairs = list(zip(units, counts, strict=True))[first : first + 2]
    return _JOINED.get(current(), " ").join(
        _of_unit(count, unit) for at, (unit, count) in enumerate(pairs) if count or not at
    )


def _of_unit(count: int, unit: str) -> str:
    if symbol := _SYMBOLS.get((current(), unit)):
        return f"{count} {symbol}"
    single_letter = current() == "ar" and unit != "duration-day"
    written: Literal["long", "short"] = "long" if single_letter else "short"
    said = format_unit(count, unit, length=written, locale=_locale(current()))
    return said.replace(" ", "") if current() == "ja" else said.removesuffix(".") if current() == "fil" else said


def named_day(of: date, *, year: bool = False) -> str:
    """Return a day with its weekday, without its year unless that is asked for."""
    skeleton = "yMMMEd" if year else "MMMEd"
    return format_skeleton(skeleton, datetime.combine(of, time()), locale=_locale(current()), fuzzy=True)


def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return from when to when by the clocks of a zone, to the minute."""
    at = (format_time(each.astimezone(zone), "short", tzinfo=zone, locale=_locale(current())) for each in (start, end))
    return "–".join(at)


def money(amount: str, currency: str) -> str:
    """Return an amount (decimal text) in a currency (ISO 4217), or both as they came when they make no sense.

    An amount without decimals is written without any: rupiah and dong are never counted in hundredths.
    """
    return _money(amount, currency, _locale(current()))


def _money(amount: str, currency: str, locale: Locale) -> str:
    if not _AMOUNT.fullmatch(amount) or not _CURRENCY.fullmatch(currency):
        return f"{amount} {currency}".strip()
    if "." in amount:
        return format_currency(Decimal(amount), currency, locale=locale)
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(Decimal(amount), currency, whole, locale=locale, currency_digits=False)


def country(region: str) -> str:
    """Return the name of a country (ISO 3166 code), or the code itself when it is not known."""
    return str(_locale(current()).territories.get(region.upper(), region))


@dataclass(frozen=True, slots=True)
class Formatting:
    """How one language and region write things, whatever language is being spoken: for a buyer's own words."""

    locale: Locale
    currency: str
    zone: tzinfo

    @property
    def right_to_left(self) -> bool:
        """Whether its lines begin on the right."""
        return bool(self.locale.text_direction == "rtl")

    def date(self, value: date) -> str:
        """Return a day; of an instant, the day it is in the zone."""
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return format_date(day, "long", locale=self.locale)

    def time(self, value: time | datetime) -> str:
        """Return a time of day; of an instant, the time it is in the zone."""
        clock = value.astimezone(self.zone).time() if isinstance(value, datetime) else value
        return format_time(clock, "short", locale=self.locale)

    def number(self, value: Decimal | int) -> str:
        """Return a number."""
        return format_decimal(value, locale=self.locale)

    def money(self, amount: str, currency: str) -> str:
        """Return an amount (decimal text) in a currency, as `money` writes it."""
        return _money(amount, currency, self.locale)

    def plural(self, value: Decimal | int) -> str:
        """Return which of the language's plural forms goes with a number: `one`, `few`, … `other`."""
        return str(self.locale.plural_form(value))


def formatting(locale_tag: str, region: str = "", currency: str = "", zone: tzinfo = UTC) -> Formatting:
    """Return how the language of `locale_tag` writes things in a region (ISO 3166 code), as far as that is known.

    `currency`: of amounts that name none; left out, it is the region's.
    """
    language = locale_tag.replace("-", "_")
    locale = Locale.parse("en")
    for tag in (f"{language.partition('_')[0]}_{region.upper()}", language, language.partition("_")[0]):
        with suppress(UnknownLocaleError, ValueError):
            locale = Locale.parse(tag)
            break
    paid = get_territory_currencies(region.upper()) if region else []
    return Formatting(locale, currency or next(iter(paid), ""), zone)


def language_name(locale_tag: str) -> str:
    """Return what the reader calls a language, or its tag when nobody knows it."""
    language = locale_tag.replace("_", "-").partition("-")[0].lower()
    return str(_locale(current()).languages.get(language, locale_tag))
