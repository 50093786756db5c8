"""Words for people to read, on any chat platform: rid of what nobody sees, cut and split without tearing."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from chatops.ui import Inline, Line, Strong

Shortened = Callable[[int], str]
"""Says, in the reader's language, that so many characters are left out."""

_INVISIBLE = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)"  # a flag spelled with tags stays
    "|[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2067\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    # Joiners hold emoji together and write Persian and Hindi; between other characters they only hide.
    "|(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"
)
_ISOLATE, _END = "\u2068", "\u2069"
_ISOLATED = re.compile(f"{_ISOLATE}[^{_END}]*{_END}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_SURROGATES = re.compile("[\ud800-\udfff]")


def in_figures(left_out: int) -> str:
    """Say how much is left out in no language at all."""
    return f"… (+{left_out:,})"


def clean(text: str) -> str:
    """Remove what cannot be seen: controls, direction overrides, zero-width characters that join nothing."""
    text = _LINE_ENDS.sub("\n", _SURROGATES.sub("\ufffd", text))
    text = _INVISIBLE.sub(lambda found: found[1] or "", _CONTROLS.sub("", text))
    return _paired(text) if _ISOLATE in text or _END in text else text


def _paired(text: str) -> str:
    """Keep the isolates that begin and end within a line: only those leave everything around them where it is."""
    kept, begun = list(text), []
    for at, sign in enumerate(text):
        if sign == _ISOLATE:
            begun.append(at)
        elif sign == _END and begun:
            begun.pop()
        elif sign == _END:
            kept[at] = ""
        elif sign == "\n":
            for alone in begun:
                kept[alone] = ""
            begun.clear()
    for alone in begun:
        kept[alone] = ""
    return "".join(kept)


def shorten(text: str, limit: int, shortened: Shortened = lambda _: "…") -> str:
    """Cut `text` to `limit` characters, the notice that something is missing included."""
    if len(text) <= limit:
        return text
    cut = safe_cut(text, limit - len(shortened(len(text))))
    return text[:cut] + shortened(len(text) - cut)


def safe_cut(text: str, limit: int) -> int:
    """Return where to cut at or shortly before `limit`, without tearing what a reader sees as one character."""
    cut = max(0, min(limit, len(text)))
    for position in range(cut, max(0, cut - 16), -1):
        if position == len(text) or not (_clings(text[position]) or text[position - 1] == "\u200d"):
            return position
    return cut


def split(text: str, limit: int) -> list[str]:
    """Split `text` into pieces of at most `limit` characters, at a line's or a word's end where there is one."""
    pieces = []
    while len(text) > limit:
        window = text[: limit + 1]
        at = max(window.rfind("\n"), 0) or max(window.rfind(" "), 0)
        cut = at if at > limit // 2 else safe_cut(text, limit)
        pieces.append(text[:cut])
        text = text[cut + 1 :] if cut == at else text[cut:]
    return [*pieces, text]


def fitted(
    line: Line, pieces: Sequence[str], render: Callable[[Inline], str], limit: int, shortened: Shortened = in_figures
) -> str:
    """Join the pieces of a line as they were rendered, at most `limit` characters; markup is never cut in two.

    Where the room ends, words are cut before they are rendered, and `shortened` says how much a reader misses.
    """
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    missing = sum(map(_weight, line))
    room = limit - len(shortened(missing))
    written = ""
    for piece, rendered in zip(line, pieces, strict=True):
        if len(written) + len(rendered) <= room:
            written += rendered
            missing -= _weight(piece)
            continue
        if isinstance(piece, str | Strong):
            kept = _fitting(piece, render, room - len(written))
            written += render(_prefix(piece, kept))
            missing -= kept
        break
    return written + shortened(missing)


def directed(line: Line, render: Callable[[Inline], str]) -> list[str]:
    """Render every piece of a line; among words written from right to left, no name or time rearranges anything."""
    return [render(piece) if _fits_in(piece, line) else _apart(piece, render) for piece in line]


def _fits_in(piece: Inline, line: Line) -> bool:
    if isinstance(piece, str) or not any(
        _right_to_left(_words(near)) for near in line if isinstance(near, str | Strong)
    ):
        return True
    return isinstance(piece, Strong) and _right_to_left(piece.text)


def _apart(piece: Inline, render: Callable[[Inline], str]) -> str:
    if isinstance(piece, Strong):
        return render(Strong(f"{_ISOLATE}{piece.text}{_END}"))
    rendered = render(piece)
    return f"{_ISOLATE}{rendered}{_END}" if rendered else ""


def _right_to_left(words: str) -> bool:
    """Tell whether there are such letters in what is not isolated."""
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in _ISOLATED.sub("", words))


def _clings(character: str) -> bool:
    return unicodedata.combining(character) > 0 or character in "\u200d\ufe0e\ufe0f" or "🏻" <= character <= "🏿"


def _weight(piece: Inline) -> int:
    """Count the characters a reader misses when a piece is left out."""
    return len(_words(piece)) if isinstance(piece, str | Strong) else 1


def _words(piece: str | Strong) -> str:
    return piece if isinstance(piece, str) else piece.text


def _prefix(piece: str | Strong, length: int) -> str | Strong:
    return piece[:length] if isinstance(piece, str) else Strong(piece.text[:length])


def _fitting(piece: str | Strong, render: Callable[[Inline], str], room: int) -> int:
    """Return how many characters of `piece` fit into `room` once rendered."""
    low, high = 0, max(0, min(len(_words(piece)), room))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(render(_prefix(piece, middle))) <= room else (low, middle - 1)
    return safe_cut(_words(piece), low)
