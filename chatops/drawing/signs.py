"""Which signs our pictures can write, about how wide they are, and words made of no others."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LETTER, NARROW, BROAD, WIDE = 0.58, 0.32, 0.88, 1.0  # of the size: an average letter, an i, a W, a Chinese one
_NARROW, _BROAD = frozenset(" .,:;!|'’()ijlftrI"), frozenset("MWmw%@—…")
# What both files of `fonts` hold beside Chinese characters; fonts/README.md tells how they were cut.
_HELD = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38E, 0x3A1), (0x3A3, 0x3E1),
    (0x3F0, 0x45F), (0x600, 0x6FF), (0xE01, 0xE3A), (0xE3F, 0xE5B), (0x1E00, 0x1EFF), (0x2010, 0x2027),
    (0x202F, 0x203A), (0x20A0, 0x20C0), (0x2122, 0x2122), (0x2212, 0x2212), (0x25CC, 0x25CC), (0x3000, 0x3017),
    (0x3041, 0x3096), (0x3099, 0x30FF), (0xFDFC, 0xFDFC), (0xFF01, 0xFF5E),
)  # fmt: skip
_HAN = {"gb2312": (0xB0, 0xD7), "euc_jp": (0xB0, 0xCF)}  # the rows of the first level
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def legible(said: str) -> str:
    """Return words in signs that the fonts have: no pictures, nothing that turns the line around, � for the unknown."""
    return "".join(_legible(unicodedata.normalize("NFC", said))).strip()


def wide(said: str, size: float) -> float:
    """Return about how wide words are; signs above and below others take no room."""
    return size * sum(_wide(sign) for sign in said if not unicodedata.combining(sign))


def _wide(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return WIDE
    return NARROW if sign in _NARROW else BROAD if sign in _BROAD else LETTER


def fitting(said: str, size: float, width: float) -> str:
    """Return as much of some words as fits, "" if that would be less than two signs."""
    if wide(said, size) <= width:
        return said
    while said and wide(f"{said}…", size) > width:
        said = said[:-1]
    return f"{said.rstrip()}…" if len(said) > 1 else ""


def _legible(said: str) -> Iterator[str]:
    for sign in said:
        kind = unicodedata.category(sign)
        if kind[0] in "LMNPZ" or kind in {"Sm", "Sc"}:
            yield " " if kind[0] == "Z" else sign if _held(sign) else _UNKNOWN


@lru_cache(maxsize=4_096)
def _held(sign: str) -> bool:
    if any(first <= ord(sign) <= last for first, last in _HELD):
        return True
    return any(_in_rows(sign, encoding, *rows) for encoding, rows in _HAN.items())


def _in_rows(sign: str, encoding: str, first: int, last: int) -> bool:
    try:
        spelled = sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(spelled) == 2 and first <= spelled[0] <= last
