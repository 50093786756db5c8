"""Which routes a ticket takes."""

from dataclasses import dataclass

import pytest

from chatops.rules.routing import best


@dataclass(frozen=True)
class Way:
    """A route by its name."""

    name: str
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


REST, AGAIN = Way("rest"), Way("rest elsewhere")
THAI, MALAY = Way("thai", languages=("th",)), Way("malay", languages=("ms", "id"))
BRITISH, ANGRY = Way("british", markets=("GB",)), Way("angry", levels=("complaint",))
ANGRY_THAI = Way("angry thai", languages=("th",), levels=("complaint",))
EVERY = (REST, THAI, MALAY, BRITISH, ANGRY, ANGRY_THAI, AGAIN)


@pytest.mark.parametrize(
    ("market", "language", "level", "taken"),
    [
        ("TH", "en", "", "rest, rest elsewhere"),
        ("TH", "th", "", "thai"),
        ("TH", "id", "quality", "malay"),
        ("TH", "th", "complaint", "angry thai"),
        ("TH", "ms", "complaint", "malay, angry"),
        ("GB", "en", "", "british"),
        ("GB", "th", "", "thai, british"),
        ("", "", "", "rest, rest elsewhere"),
    ],
)
def test_a_ticket_takes_the_routes_that_fit_it_best(market: str, language: str, level: str, taken: str) -> None:
    found = best(EVERY, market=market, language=language, level=level)
    assert ", ".join(way.name for way in found) == taken


def test_without_a_route_for_the_rest_a_ticket_may_take_none() -> None:
    assert best([THAI], market="TH", language="en", level="") == []
