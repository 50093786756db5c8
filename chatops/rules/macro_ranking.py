"""Which prepared answer fits best what a buyer said, or what somebody of the team looks for."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NAMED, BEGUN, IN_NAME, IN_KEYWORDS, IN_TEXT = 1000, 400, 300, 200, 100  # any way of being found outweighs the rest
HEARD, LONGEST, MOST = 10, 10, 60  # for a keyword of the buyer's, and for its length; for all of them together
KIND, LANGUAGE, USED = 5, 4, 6
_STACKED = re.compile("[\u0300-\u036f]")  # accents; people leave them out
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, Chinese, Japanese


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A macro as far as choosing goes; `keywords` and `texts` of all its languages, `uses` of late in this shop."""

    id: str
    name: str
    folder: str = ""
    keywords: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    uses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for: `words` an agent typed, or none; what the buyer `said` last; the ticket's kind, language."""

    words: str = ""
    said: str = ""
    kind: str = ""
    language: str = ""


def rank(candidates: Iterable[Candidate], wish: Wish) -> list[Candidate]:
    """Return what fits, best first.

    Typed words decide first: they are the id or name, begin it, stand in it, in the keywords or in a text, and what has
    them nowhere does not fit at all. Without any, what is for other kinds of tickets does not fit. Then counts how many
    of its keywords the buyer used (10 each and 1 for each sign up to 10, up to 60 together), whether it is meant for
    this kind (5), is written in the buyer's language (4), and was often used in this shop of late (up to 6). Folder and
    name settle the rest.
    """
    words = folded(wish.words)
    found = [(candidate, _sought(candidate, words) if words else 0) for candidate in candidates]
    fitting = [
        (candidate, sought)
        for candidate, sought in found
        if (sought if words else not candidate.kinds or wish.kind in ("", *candidate.kinds))
    ]
    said = folded(wish.said)
    fitting.sort(key=lambda pair: (-pair[1] - _worth(pair[0], wish, said), pair[0].folder, pair[0].name, pair[0].id))
    return [candidate for candidate, _sought in fitting]


def answering(candidates: Iterable[Candidate], said: str) -> Candidate | None:
    """Return the macro of whose keywords the most stand in what was asked; None where none has any."""
    words = folded(said)
    told = [(_heard(one, words), one) for one in candidates]
    return max((pair for pair in told if pair[0]), key=lambda pair: (pair[0], pair[1].id), default=(0, None))[1]


def folded(text: str) -> str:
    """Return a text as it is compared: without case, accents, and more than one blank in a row."""
    plain = _STACKED.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("đ", "d")
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def _sought(candidate: Candidate, words: str) -> int:
    name, identifier = folded(candidate.name), candidate.id.casefold()
    parts = words.replace("-", " ").split()
    if words in (name, identifier):
        return NAMED
    if name.startswith(words) or identifier.startswith(words):
        return BEGUN
    if _all_in(parts, f"{name} {identifier} {folded(candidate.folder)}"):
        return IN_NAME
    if _all_in(parts, " ".join(map(folded, candidate.keywords))):
        return IN_KEYWORDS
    return IN_TEXT if any(_all_in(parts, folded(text)) for text in candidate.texts) else 0


def _all_in(parts: Iterable[str], text: str) -> bool:
    return all(_stands_in(part, text) for part in parts)


def _stands_in(word: str, text: str) -> bool:
    """Tell whether a word begins somewhere in a text; its end is free, for plurals and endings."""
    if _UNSPACED.search(word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None


def _worth(candidate: Candidate, wish: Wish, said: str) -> float:
    heard = _heard(candidate, said)
    spoken = any(locale.partition("-")[0] == wish.language for locale in candidate.locales)
    used = min(math.log2(1 + candidate.uses), USED)
    return min(heard, MOST) + KIND * (wish.kind in candidate.kinds) + LANGUAGE * spoken + used


def _heard(candidate: Candidate, said: str) -> int:
    keywords = {folded(keyword) for keyword in candidate.keywords} - {""}
    return sum(HEARD + min(len(keyword), LONGEST) for keyword in keywords if _stands_in(keyword, said))
