"""The prepared answers that come with the product, and values for what they ask."""

from functools import cache

from chatops.rules.macrofile import Kind, MacroEntry, read
from tests.house.tree import ROOT

EXAMPLES = {
    "back_at": "09:00",
    "offer.amount": "15",
    "order.eta": "2026-12-01",
    "order.id": "577189012345678901",
    "product.price": "129000",
    "refund.date": "2026-11-20",
    "shipping.days": "5",
    "shipping.free_from": "50",
}


@cache
def library() -> tuple[MacroEntry, ...]:
    """Return what comes with the product, after nothing was found wrong with it."""
    entries: list[MacroEntry] = []
    for path in sorted((ROOT / "chatops" / "starter" / "macros").iterdir()):
        found, problems = read(path.read_bytes(), Kind.YAML)
        assert problems == [], path.name
        entries += found
    return tuple(entries)
