"""Dates, numbers, money and durations the way the reader's language writes them."""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal

from chatops.i18n.reader import current

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def number(value: int) -> str:
    """Return a whole number with the language's separators."""
    return format_decimal(value, locale=_locale(current()))


def moment(instant: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant as date, time to the minute, and zone."""
    local, locale = instant.astimezone(zone), _locale(current())
    pattern = str(get_datetime_format("medium", locale=locale))
    date, time = format_date(local, "medium", locale=locale), format_time(local, "short", tzinfo=zone, locale=locale)
    return f"{pattern.replace('{1}', date).replace('{0}', time)} ({local.tzname()})"


def clock(instant: datetime, zone: tzinfo = UTC) -> str:
    """Return the time of day, to the minute, and the zone."""
    local = instant.astimezone(zone)
    return f"{format_time(local, 'short', tzinfo=zone, locale=_locale(current()))} ({local.tzname()})"


def day(instant: datetime, zone: tzinfo = UTC) -> str:
    """Return the date an instant falls on in a zone."""
    return format_date(instant.astimezone(zone).date(), "long", locale=_locale(current()))


def money(amount: str, currency: str) -> str:
    """Return an amount (decimal text) in a currency (ISO 4217), or both as they came when they make no sense.

    An amount without decimals is written without any: rupiah and dong are never counted in hundredths.
    """
    if not _AMOUNT.fullmatch(amount) or not _CURRENCY.fullmatch(currency):
        return f"{amount} {currency}".strip()
    locale = _locale(current())
    if "." in amount:
        return format_currency(Decimal(amount), currency, locale=locale)
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(Decimal(amount), currency, whole, locale=locale, currency_digits=False)


def country(region: str) -> str:
    """Return the name of a country (ISO 3166 code), or the code itself when it is not known."""
    return str(_locale(current()).territories.get(region.upper(), region))
