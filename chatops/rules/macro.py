"""Prepared answers: variables in a text, and filling them the way the buyer's language writes things.

A variable stands in braces, what is said of its form behind a bar:

    Hi {buyer.name}, order {order.id} arrives on {order.eta|date}.
    {offer.amount|money} off, for {days|plural:one=# day;other=# days}!

`date`, `time`, `number` and `money` take no words. `plural` takes one text for each plural form of the language, of
`zero one two few many other`; `other` must be there and stands in for the rest, and `#` is the number. What the product
knows is in `KNOWN`; any other name whose first word is none of theirs is asked of whoever sends the answer. Braces
stand for nothing else: they cannot be written, and none reaches a buyer but from a value.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol

from chatops.rules.languages import primary

KNOWN = (
    "buyer.name",
    "order.id",
    "order.items",
    "order.total",
    "order.tracking",
    "order.tracking_url",
    "order.eta",
    "shop.name",
    "agent.name",
    "agent.first_name",
)
WORDS = "text"  # what the form in which an answer is changed calls the answer itself: no variable's name
NAME_LIMIT = 50  # characters; Discord's forms know an input by up to 100
FORMS = ("date", "time", "number", "money", "plural")
COUNTS = ("zero", "one", "two", "few", "many", "other")

_OURS = {name.partition(".")[0] for name in KNOWN}
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_BRACES = re.compile(r"\{([^{}]*)\}")
_AMOUNT = re.compile(r"([1-9]\d{0,2}(?:[.,' \u00a0\u202f]\d{3})+|\d{1,15})(?:[.,](\d{1,2}))?")
_ISOLATE, _END = "\u2068", "\u2069"


class BadTemplate(ValueError):
    """A text's braces make no sense: `what` is wrong, `remedy` what to write, `at` where (an offset into the text)."""

    def __init__(self, what: str, remedy: str, at: int) -> None:
        super().__init__(f"{what}: {remedy}")
        self.what, self.remedy, self.at = what, remedy, at


@dataclass(frozen=True, slots=True)
class Variable:
    """One place to fill; `source` is how it was written, `counts` the texts of a plural."""

    name: str
    form: str = ""
    counts: Mapping[str, str] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount (decimal text) in a currency (ISO 4217)."""

    amount: str
    currency: str


Template = tuple[str | Variable, ...]
Value = str | int | Decimal | date | datetime | time | Money


class Formats(Protocol):
    """How a language writes things."""

    @property
    def currency(self) -> str:
        """That of amounts which name none."""
        ...

    @property
    def right_to_left(self) -> bool:
        """Whether lines begin on the right."""
        ...

    def date(self, value: date) -> str:
        """Return a day; of an instant, the day it is in the shop's zone."""
        ...

    def time(self, value: time | datetime) -> str:
        """Return a time of day; of an instant, the time it is in the shop's zone."""
        ...

    def number(self, value: Decimal | int) -> str:
        """Return a number."""
        ...

    def money(self, amount: str, currency: str) -> str:
        """Return an amount in a currency."""
        ...

    def plural(self, value: Decimal | int) -> str:
        """Return the plural form that goes with a number, one of `COUNTS`."""
        ...


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled; those in `missing` have no (sensible) value and stand there as written."""

    text: str
    missing: tuple[Variable, ...] = ()


def parse(text: str) -> Template:
    """Read a prepared answer's text.

    Raises:
        BadTemplate: a brace is left open or has no beginning, a variable or its form is none, or `other` is missing.
    """
    parts: list[str | Variable] = []
    end = 0
    for found in _BRACES.finditer(text):
        parts += [_words(text, end, found.start()), _variable(found)]
        end = found.end()
    return tuple(part for part in (*parts, _words(text, end, len(text))) if part)


def edited(text: str) -> Template:
    """Read what somebody made of a text before sending it: braces that hold no variable are theirs, and stay."""
    parts: list[str | Variable] = []
    end = 0
    for found in _BRACES.finditer(text):
        with suppress(BadTemplate):
            parts += [text[end : found.start()], _variable(found)]
            end = found.end()
    return tuple(part for part in (*parts, text[end:]) if part)


def variables(template: Template) -> list[Variable]:
    """Return a template's variables in their order, each name once."""
    found: dict[str, Variable] = {}
    for part in template:
        if isinstance(part, Variable):
            found.setdefault(part.name, part)
    return list(found.values())


def fill(template: Template, values: Mapping[str, Value], formats: Formats) -> Filled:
    """Put values into a template. A value given as text is read as its variable's form asks; empty counts as none."""
    said: list[str] = []
    missing: dict[str, Variable] = {}
    for part in template:
        if isinstance(part, str):
            said.append(part)
            continue
        words = _written(part, values.get(part.name, ""), formats)
        if not words:
            missing.setdefault(part.name, part)
        said.append(_isolated(words, formats) if words else part.source)
    return Filled("".join(said), tuple(missing.values()))


def choose(wanted: Collection[str], available: Collection[str]) -> str:
    """Return which of the `available` locales serves best: the first of `wanted` that is there, else "".

    For each wanted one it is first itself, then its language alone, then the same language elsewhere.
    """
    known = {_tag(locale): locale for locale in sorted(available, reverse=True)}
    for tag in map(_tag, wanted):
        language = primary(tag)
        near = next((other for other in sorted(known) if primary(other) == language), "")
        found = known.get(tag) or known.get(language) or known.get(near)
        if found:
            return found
    return ""


def _tag(locale: str) -> str:
    return locale.strip().replace("_", "-").lower()


def _words(text: str, start: int, end: int) -> str:
    words = text[start:end]
    for brace, what in (("{", "a brace is opened and not closed"), ("}", "a brace is closed and was not opened")):
        if brace in words:
            remedy = "write variables like {buyer.name}, and no brace anywhere else"
            raise BadTemplate(what, remedy, start + words.index(brace))
    return words


def _variable(found: re.Match[str]) -> Variable:
    name, bar, form = (part.strip() for part in found[1].partition("|"))
    if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT or name == WORDS:
        remedy = f"its name is up to {NAME_LIMIT} small letters, digits and at most one dot, and not `{WORDS}`"
        raise BadTemplate(f"{found[0]} is no variable", remedy, found.start())
    if name.partition(".")[0] in _OURS and name not in KNOWN:
        raise BadTemplate(f"nothing is known as {name}", f"take one of {', '.join(KNOWN)}", found.start())
    form, colon, forms = form.partition(":")
    if (bar and form not in FORMS) or (form == "plural") != bool(colon):
        remedy = "write |date, |time, |number, |money or |plural:one=# day;other=# days"
        raise BadTemplate(f"{found[0]} has a form that nobody knows", remedy, found.start())
    return Variable(name, form, _counts(found, forms) if colon else None, found[0])


def _counts(found: re.Match[str], forms: str) -> dict[str, str]:
    counts = {key.strip(): words for key, _, words in (form.partition("=") for form in forms.split(";"))}
    if "other" not in counts or not set(counts) <= set(COUNTS) or not all(counts.values()):
        remedy = f"write a text for `other`, and for those that differ of {', '.join(COUNTS[:-1])}"
        raise BadTemplate(f"{found[0]} lacks a text, or has one too many", remedy, found.start())
    return counts


def _written(variable: Variable, value: Value, formats: Formats) -> str:
    """Return a value in its form; "" when there is none, or none from which a plural could be made."""
    if isinstance(value, str):
        value = " ".join(value.split())
        read = _read(value, variable.form, formats.currency)
        if read is None:
            return "" if variable.form == "plural" else value
        value = read
    if variable.counts is not None:
        if not isinstance(value, int | Decimal):
            return ""
        words = variable.counts.get(formats.plural(value), variable.counts["other"])
        return words.replace("#", formats.number(value))
    return _typed(value, variable.form, formats)


def _typed(value: Value, form: str, formats: Formats) -> str:
    match value:
        case Money():
            return formats.money(value.amount, value.currency)
        case datetime() if form == "time":
            return formats.time(value)
        case date():
            return formats.date(value)
        case time():
            return formats.time(value)
        case int() | Decimal():
            return formats.number(value)
    return value


def _read(text: str, form: str, currency: str) -> Value | None:
    """Read what somebody typed for a form; None when it is not that: then it is taken to the letter."""
    if form in ("date", "time"):
        try:
            return date.fromisoformat(text) if form == "date" else time.fromisoformat(text)
        except ValueError:
            return None
    found = _AMOUNT.fullmatch(text) if form in ("number", "money", "plural") else None
    if found is None:
        return None
    amount = re.sub(r"\D", "", found[1]) + (f".{found[2]}" if found[2] else "")
    if form == "money":
        return Money(amount, currency) if currency else None
    return Decimal(amount)


def _isolated(words: str, formats: Formats) -> str:
    """Keep a value that is read in the other direction from rearranging the words around it; links stay bare."""
    others = {"L"} if formats.right_to_left else {"R", "AL"}
    turned = any(unicodedata.bidirectional(sign) in others for sign in words)
    return f"{_ISOLATE}{words}{_END}" if turned and "://" not in words else words
