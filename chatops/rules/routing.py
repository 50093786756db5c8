"""Which routes a ticket takes: those that fit it best."""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar


class Conditions(Protocol):
    """What a route asks of a ticket; where it names nothing, everything fits."""

    @property
    def markets(self) -> Collection[str]:
        """Countries of the shop, as ISO 3166 codes."""
        ...

    @property
    def languages(self) -> Collection[str]:
        """Languages of the buyer, as primary tags."""
        ...

    @property
    def levels(self) -> Collection[str]:
        """Kinds of help."""
        ...


R = TypeVar("R", bound=Conditions)


def best(routes: Iterable[R], *, market: str, language: str, level: str) -> list[R]:
    """Return the routes whose conditions all hold, and of these the ones with the most; in the order given.

    A route without conditions thus takes what no other one does.
    """
    fitting = []
    for route in routes:
        asked = [
            (wanted, is_so)
            for wanted, is_so in ((route.markets, market), (route.languages, language), (route.levels, level))
            if wanted
        ]
        if all(is_so in wanted for wanted, is_so in asked):
            fitting.append((len(asked), route))
    most = max((count for count, _ in fitting), default=0)
    return [route for count, route in fitting if count == most]
