"""What an answer must not say to a buyer: rules as data, checked before it leaves."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import msgspec

from chatops.errors import BadRule, Refusal
from chatops.rules.languages import REGIONS
from chatops.rules.wording import Nonsense, Span, found, mistake

COMPARE = "Compare with docs/reference/rules.md."


class Severity(StrEnum):
    """What a hit asks for."""

    WARN = "warn"  # its writer may send it all the same
    BLOCK = "block"  # a lead must


class About(StrEnum):
    """What a rule guards against; people get a sentence for each."""

    CURE = "cure"
    OFF_PLATFORM = "off_platform"
    PAID_REVIEW = "paid_review"
    PROMISE = "promise"
    CANNOT = "cannot"
    PERSONAL = "personal"
    CAPITALS = "capitals"
    LEFTOVER = "leftover"
    LANGUAGE = "language"


class Finds(StrEnum):
    """What a rule looks for beside its words."""

    ADDRESS = "address"  # of a page elsewhere
    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"  # the number of a payment card or bank account
    CAPITALS = "capitals"
    LEFTOVER = "leftover"  # of a prepared answer: {…}, [your name], <order number>
    LANGUAGE = "language"  # another one than the buyer's


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. `words` by language; `unless` they stand there, too. Empty `markets`, `shops`: all of them.

    `says` is what a team tells its own people about it, by language; `source` is why the rule is there, and `review_by`
    when somebody should look whether it still holds.
    """

    id: str
    about: About
    severity: Severity
    source: str
    reviewed: date
    review_by: date
    words: Mapping[str, tuple[str, ...]] = {}
    unless: Mapping[str, tuple[str, ...]] = {}
    finds: tuple[Finds, ...] = ()
    markets: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    says: Mapping[str, str] = {}


class Hit(NamedTuple):
    """What a rule found, and where it stands in the text's NFC form."""

    rule: Rule
    span: Span


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[Rule]


@lru_cache(maxsize=8)
def read(text: str) -> tuple[Rule, ...]:
    """Return the rules of a file.

    Raises:
        BadRule: what is wrong with it.
    """
    try:
        rules = msgspec.convert(tomllib.loads(text), _File, strict=False).rules
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        said = f"the lint rules cannot be read: {error}"
        raise BadRule(said, COMPARE, Refusal.RULE_UNREADABLE, detail=str(error)) from None
    must_be_told_apart([rule.id for rule in rules], "lint")
    for rule in rules:
        if not rule.words and not rule.finds:
            said, remedy = f"the lint rule {rule.id} looks for nothing", "Give it words, or something that it finds."
            raise BadRule(said, remedy, Refusal.RULE_IDLE, rule=rule.id)
        if wrong := mistake(rule.words) or mistake(rule.unless) or unknown_market(rule.markets):
            said = f"the lint rule {rule.id}: {wrong.said}"
            raise BadRule(said, COMPARE, Refusal.RULE_NONSENSE, rule=rule.id, found=wrong.found)
    return tuple(rules)


def must_be_told_apart(ids: Sequence[str], what: str) -> None:
    """Let through rules of which no two have the same id.

    Raises:
        BadRule: two have.
    """
    if twins := sorted({one for one in ids if ids.count(one) > 1}):
        said = f"there are two {what} rules called {twins[0]}"
        raise BadRule(said, "Give one of them another id.", Refusal.RULE_TWINS, rule=twins[0])


def unknown_market(markets: Sequence[str]) -> Nonsense | None:
    """Return what is wrong with the regions that a rule is for, if anything is."""
    return next((Nonsense(one, f"no market is called {one!r}") for one in markets if one not in REGIONS), None)


def check(
    text: str,
    rules: Sequence[Rule],
    *,
    market: str = "",
    shop: str = "",
    language: str = "",
    expected: str = "",
    among: Collection[str] = (),
) -> list[Hit]:
    """Return what the rules find in an answer, in the order of the text; what must be approved comes first.

    `market`: the shop's region; `language` of the answer, `expected` the buyer's; each "" while it is not known.
    `among`: which languages the answer may be in while its own is not known; else it may be in any.
    """
    text = unicodedata.normalize("NFC", text)
    hits = [
        Hit(rule, span)
        for rule in rules
        if (not rule.markets or market in rule.markets) and (not rule.shops or shop in rule.shops)
        for span in _spans(rule, text, language, expected, among)
    ]
    return sorted(hits, key=lambda hit: (hit.rule.severity is not Severity.BLOCK, hit.span))


def _spans(rule: Rule, text: str, language: str, expected: str, among: Collection[str]) -> list[Span]:
    if rule.unless and found(rule.unless, text, language, among):
        return []
    spans = found(rule.words, text, language, among)
    for sought in rule.finds:
        if sought is Finds.LANGUAGE:
            spans += [Span(0, len(text))] if language and expected and language != expected else []
        else:
            spans += _FINDERS[sought](text)
    return spans


def _matches(pattern: str) -> Callable[[str], list[Span]]:
    compiled = re.compile(pattern)
    return lambda text: [Span(*hit.span()) for hit in compiled.finditer(text)]


def _cards(text: str) -> list[Span]:
    """Return where a payment card's number or an IBAN stands: those whose check digits are right."""
    spans = [Span(*hit.span()) for hit in _CARD.finditer(text) if _luhn(re.sub(r"\D", "", hit[0]))]
    return spans + [Span(*hit.span()) for hit in _IBAN.finditer(text) if _mod97(re.sub(r"\s", "", hit[0]))]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _mod97(iban: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def _capitals(text: str) -> list[Span]:
    """Return the whole text if it shouts: three words and twelve letters at least, nearly all of them capitals."""
    letters = [letter for letter in text if letter.isupper() or letter.islower()]
    words = [word for word in text.split() if sum(map(str.isupper, word)) > 1]
    shouts = len(letters) >= 12 and len(words) >= 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
    return [Span(0, len(text))] if shouts else []


_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{3,4}(?!\d)")  # order ids have eighteen digits
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_HOSTS = r"(?!(?:[\w-]+\.)*(?:tiktok|tiktokshop|tiktokglobalshop|tiktokcdn|tokopedia)\.com\b)"
_FINDERS: Mapping[Finds, Callable[[str], list[Span]]] = {
    Finds.ADDRESS: _matches(
        rf"(?i)(?<![\w@.-])(?:(?:https?://|www\.){_HOSTS}[^\s<>()]+"
        rf"|{_HOSTS}[a-z0-9-]+\.(?:com|net|org|shop|store|cn|vn|co\.[a-z]{{2}}|com\.[a-z]{{2}})\b(?!@))"
    ),
    Finds.EMAIL: _matches(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[A-Za-z][\w.-]*"),
    Finds.PHONE: _matches(
        r"(?<![\w/.-])(?!\d{1,4}[-./]\d{1,2}[-./]\d)"  # a date is none
        r"(?:\+\d(?:[ ().-]{0,2}\d){7,13}|\(?0\d(?:[ ()-]{0,2}\d){7,10})(?![\w-])"
    ),
    Finds.CARD: _cards,
    Finds.CAPITALS: _capitals,
    Finds.LEFTOVER: _matches(
        r"\{[^\W\d_][\w.]*(?:\|[^{}\n]{0,60})?\}?|(?i:\[(?:your|buyer|order|shop|name|link|insert|date|amount)\b[^\]\n]*\])"
        r"|(?i:<(?:your|buyer|order|shop|name|link|insert|date|amount)\b[^>\n]*>)|\bX{4,}\b|%\([a-z_]+\)s"
    ),
}
