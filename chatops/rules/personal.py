"""Words of buyers that people of other teams may read: nothing in them may tell who wrote them.

Nothing is blacked out: a question is let through whole, or left out as soon as anything in it might be personal. So
there are no long numbers in what is let through, however they are dressed, no addresses of anything, no names that are
known, no signs that a chat platform takes for more than words, and only letters that look like what they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chatops.rules.personal_words import CONTACTS, ELSEWHERE, NAMED, NUMBERS, NUMERALS, PHRASES, STREETS, UNITS
from chatops.rules.text import DARKEST, PALEST

SHORTEST, LONGEST = 5, 140  # characters of a question
MOST_DIGITS, LONGEST_NUMBER = 6, 3  # a telephone number has seven; a year, a house or the end of an order four
MOST_NUMBERS = 2  # written as words
SIGNS = frozenset(" ,.?!'’-–—/()%\"“”„«»、。¿¡؟،؛「」『』・")
SPACED = frozenset(("LATIN", "ARABIC"))  # scripts that part words
SCRIPTS = frozenset((*SPACED, "THAI", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"))
MARKED = frozenset(("THAI", "ARABIC"))  # whose letters carry marks of their own
PLAIN = {"đ": "d", "ł": "l", "ø": "o", "æ": "a", "œ": "o", "ß": "s", "ı": "i"}
TELLING = CONTACTS, STREETS, NAMED
VARIANTS = "\ufe00", "\ufe0f"  # how the sign before it is drawn
DRAWN = range(0x1F100, 0x1F200)  # letters and flags in boxes

_SEPARATORS = r"[\s.,\-–—/'’()・、。]"
_DIGITS_APART = re.compile(rf"\d+(?:{_SEPARATORS}+\d+){{2,}}")
_LETTERS_APART = re.compile(rf"(?<![^\W\d_])[^\W\d_](?:{_SEPARATORS}+[^\W\d_]){{2,}}(?![^\W\d_])")
_MIXED = re.compile(rf"(?i)[a-z]\d|(?<!\d)(?!\d+(?:{UNITS})(?![a-z]))\d+[a-z]")
_NO_ROOM = re.compile(r"[^\W\d_]\.+[^\W_]|\d\.+[^\W\d_]|[a-zA-Z0-9]。+[a-zA-Z0-9]|//|[^\W_]{4,}/|/[^\W_]{4,}")
_ENDING = re.compile(r"\.\s*(?:com|net|org|info|shop|store|site|link|app|io|ly|me|co|id|vn|th|my|ph|sg|cn|uk|us)\b")
_NAME = re.compile(r"(?<=[^\W_]|,)[ ]+(?:[A-ZÀ-ÞĐ][a-zß-ÿđ'’]+|[A-ZÀ-ÞĐ]{4,})(?![^\W_])")
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")


def shareable(text: str, names: Iterable[str] = (), *, nouns: bool = False) -> str:
    """Return a question as other teams may read it, in one line of plain words; "" where there is any doubt.

    `names` are those that must not be read in it: the buyer's, the team's. `nouns`: its language writes nouns with
    capital letters, so that those tell no names.
    """
    said = _cleaned(text)
    if not SHORTEST <= len(said) <= LONGEST or _counts(said) or _reaches(said):
        return ""
    if not nouns and not said.isupper() and _NAME.search(said):
        return ""
    return "" if _tells(said) or _names_somebody(said, names) else said


def alike(text: str) -> str:
    """Return what is the same of two questions that differ in capitals, accents, signs or blanks alone."""
    return "".join(sign for sign in _folded(text) if sign.isalnum())


def words(text: str) -> frozenset[str]:
    """Return what a question is made of, numbers aside: its words; in scripts that do not part them, pairs of signs."""
    return frozenset(_words(_folded(text)))


def _words(folded: str) -> Iterator[str]:
    for run in re.findall(r"[^\W\d_]+", folded):
        if _script(run[0]) in SPACED or len(run) == 1:
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def _cleaned(text: str) -> str:
    """Return a text in the signs that may be read, without what is not seen; "" when it has others."""
    kept = []
    for sign in unicodedata.normalize("NFKC", text[: LONGEST * 4]):
        shown = _seen(sign)
        if shown is None:
            return ""
        kept.append(shown)
    said = unicodedata.normalize("NFC", "".join(kept))
    if any(unicodedata.category(sign).startswith("M") and not _marks(said, at) for at, sign in enumerate(said)):
        return ""
    return " ".join(said.split()) if len(text) <= LONGEST * 4 else ""


@lru_cache(maxsize=8192)
def _seen(sign: str) -> str | None:
    """Return what is kept of a sign: itself, a blank, nothing; None where it is reason enough for doubt."""
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return "" if unicodedata.bidirectional(sign) in ("BN", "ON") else None
    if kind in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if kind == "So" or PALEST <= sign <= DARKEST:
        return None if ord(sign) in DRAWN else " "
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    shown = _script(sign) in SCRIPTS and _is_plain(sign) if kind[0] == "L" or sign == "〇" else _stands_in_words(sign)
    return ("" if VARIANTS[0] <= sign <= VARIANTS[1] else sign) if shown else None


def _stands_in_words(sign: str) -> bool:
    return sign in SIGNS or unicodedata.category(sign)[0] == "M"


@lru_cache(maxsize=8192)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _is_plain(letter: str) -> bool:
    """Tell whether a letter is what it looks like: a Latin one is one of the alphabet, with or without accents."""
    return _script(letter) != "LATIN" or _plain(letter).isascii()


def _plain(letter: str) -> str:
    small = letter.lower()
    return PLAIN.get(small) or unicodedata.normalize("NFKD", small)[:1]


def _marks(said: str, at: int) -> bool:
    """Tell whether a mark stands on a letter of a script that has such marks, and is one of its own."""
    before = next((sign for sign in reversed(said[:at]) if not unicodedata.category(sign).startswith("M")), "")
    return bool(before) and _script(said[at]) == _script(before) and _script(before) in MARKED


@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    """Return a text in small letters without accents and without what is not seen."""
    whole = unicodedata.normalize("NFKD", text.casefold())
    kept = (sign for sign in whole if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))
    return "".join(PLAIN.get(sign, sign) for sign in kept)


def _counts(said: str) -> bool:
    """Tell whether there could be a number that is somebody's: too many digits, or numbers written as words."""
    digits = re.findall(r"\d+", said)
    parts = re.findall(r"[^\W\d_]+", _folded(said))
    spelled = sum(word in NUMBERS for word in parts) + sum(said.count(one) for one in NUMERALS)
    many = sum(map(len, digits))
    if many > MOST_DIGITS or spelled > MOST_NUMBERS or many + spelled > MOST_DIGITS:
        return True
    return any(len(one) > LONGEST_NUMBER for one in digits) or bool(_DIGITS_APART.search(said) or _MIXED.search(said))


def _reaches(said: str) -> bool:
    """Tell whether there could be a way to somebody: an address of the web, letters drawn apart."""
    spelled = (re.findall(r"[^\W\d_]", found[0].casefold()) for found in _LETTERS_APART.finditer(said))
    apart = any(not set(letters) <= set("xsml") and all(map(str.isascii, letters)) for letters in spelled)
    return apart or bool(_NO_ROOM.search(said) or _ENDING.search(said.casefold()))


def _tells(said: str) -> bool:
    """Tell whether it has words beside which people say who they are, or where."""
    parts = re.findall(r"[^\W_]+", _folded(said))
    if any(not known.isdisjoint((*parts, *re.findall(r"[^\W_]+", said.casefold()))) for known in TELLING):
        return True
    line = f" {' '.join(parts)} "
    return any(f" {phrase} " in line for phrase in PHRASES) or any(one in said for one in ELSEWHERE)


def _names_somebody(said: str, names: Iterable[str]) -> bool:
    """Tell whether a name, or a part of one, stands in a text, also in pieces."""
    whole, parts = alike(said), frozenset(re.findall(r"[^\W\d_]+", _folded(said)))
    for name in names:
        plain = unicodedata.normalize("NFKC", name)
        for piece in (plain, *_PIECES.findall(plain), *re.findall(r"[^\W\d_]+", plain)):
            known = alike(piece)
            if known and (known in parts or (known in whole and (len(known) > 3 or not known.isascii()))):
                return True
    return False
