"""One rule of a file of rules: taken out as it is written there, and put back changed, the rest to the letter."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from chatops.errors import BadRule, Refusal

# A rule begins with its header, and with the remarks that stand right above it.
_BEGINS = re.compile(r"^(?:[ \t]*#[^\n]*\n)*[ \t]*\[\[[ \t]*rules[ \t]*\]\]", re.MULTILINE)
_HEADER = "[[rules]]\n"
_STRAIGHT = str.maketrans("“”„‟«»", '""""""')  # what phones make of a quotation mark
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def texts(book: str) -> dict[str, str]:
    """Return each rule's text by its id, in their order. The book is one that was read before."""
    return dict(_cut(book)[1])


def replaced(book: str, rule: str, text: str) -> str:
    """Return a book with another text in place of a rule's: nothing takes it out, of a new rule ("") it comes first.

    Raises:
        BadRule: the text is no rule.
    """
    head, rules = _cut(book)
    written = _legible(text)
    if rule and rule not in dict(rules):
        raise BadRule(f"there is no rule {rule}", "Look at the rules again.", Refusal.RULES_CHANGED)
    parts = [] if rule or not written else [written]
    parts += [kept for one, old in rules if (kept := written if one == rule else old.strip())]
    return "\n\n".join(part for part in (head.strip(), *parts) if part) + "\n" if parts else "rules = []\n"


def _cut(book: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands above the rules, and each rule's id and text; what cannot be cut is written anew."""
    rules = tomllib.loads(book).get("rules", [])
    begins = [found.start() for found in _BEGINS.finditer(book)]
    pieces = [book[start:end] for start, end in pairwise([*begins, len(book)])]
    if len(pieces) != len(rules) or any(_read(piece) != [rule] for piece, rule in zip(pieces, rules, strict=True)):
        return "", [(rule["id"], "\n".join(_written(rule))) for rule in rules]
    return book[: begins[0]] if begins else "", [(rule["id"], piece) for rule, piece in zip(rules, pieces, strict=True)]


def _read(text: str) -> Any:
    try:
        return tomllib.loads(text).get("rules")
    except tomllib.TOMLDecodeError:
        return None


def _legible(text: str) -> str:
    """Return what somebody typed as TOML: with its header, and with quotation marks that a phone bent made straight."""
    written = text.replace("\r\n", "\n").strip()
    if not written:
        return ""
    if not _BEGINS.search(written):
        written = _HEADER + written
    if _read(written) is None and _read(straight := written.translate(_STRAIGHT)) is not None:
        written = straight
    try:
        found = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(str(error)) from None
    if set(found) != {"rules"}:
        raise _unreadable(f"{', '.join(sorted(set(found) - {'rules'}))}: outside of [[rules]]")
    return written


def _unreadable(detail: str) -> BadRule:
    said = f"the rule cannot be read: {detail}"
    return BadRule(said, "Compare with docs/reference/rules.md.", Refusal.RULE_UNREADABLE, detail=detail)


def _written(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a rule."""
    yield _HEADER.strip()
    tables = {name: value for name, value in rule.items() if isinstance(value, Mapping)}
    yield from (f"{_key(name)} = {_value(value)}" for name, value in rule.items() if name not in tables)
    for name, table in tables.items():
        yield f"[rules.{_key(name)}]"
        yield from (f"{_key(one)} = {_value(value)}" for one, value in table.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
