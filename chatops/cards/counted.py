"""How numbers are counted, said of each: what several in a row have in common stands once, behind the last of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Any, NamedTuple

from chatops.digest.section import Figure

LEAST_SHARED = 60  # characters
_SENTENCE = re.compile(r"[.؟] |。|(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])")  # in Thai a blank stands between them


class Counted(NamedTuple):
    """A figure and how it is counted; `common`: what it and those before it go on with ("…"), "" but for the last."""

    figure: Figure[Any]
    how: str
    common: str


def each(figures: Sequence[Figure[Any]]) -> Iterator[Counted]:
    """Yield figures with how each is counted."""
    said = [figure.counted() for figure in figures]
    alike = [shared(one, other) for one, other in pairwise(said)]
    begin = 0
    for end, more in enumerate([*alike, ""], 1):
        if not more:
            common = min(alike[begin : end - 1], key=len, default="")  # each other one ends with the shortest
            yield from _together(figures[begin:end], said[begin:end], common)
            begin = end


def _together(figures: Sequence[Figure[Any]], said: Sequence[str], common: str) -> Iterator[Counted]:
    for figure, how in zip(figures, said, strict=True):
        own = f"{how.removesuffix(common).rstrip()} …" if common else how
        yield Counted(figure, own, f"… {common}" if common and figure is figures[-1] else "")


def shared(one: str, other: str) -> str:
    """Return the sentences with which two texts both end, if there is much of them."""
    same = takewhile(lambda signs: signs[0] == signs[1], zip(reversed(one), reversed(other), strict=False))
    common = one[len(one) - sum(1 for _signs in same) :]
    begins = _SENTENCE.search(common)
    found = common[begins.end() :].lstrip() if begins else ""
    return found if len(found) >= LEAST_SHARED else ""
