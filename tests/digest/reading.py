"""One day of the desk, counted and read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatops.digest.scope import Scope, Window
from chatops.digest.section import Reading, Section
from chatops.i18n import language
from chatops.ui import Inline, Paragraph, Part, Small
from tests.desk.scenes import NOON, SHOP, TEAM, Desk

SCOPE = Scope(TEAM, (SHOP,))
DAY = Window(NOON - timedelta(hours=12), NOON + timedelta(hours=12), ZoneInfo("UTC"))


def shown(desk: Desk, section: Section[Any], scope: Scope = SCOPE, *, ranked: bool = False) -> str:
    """Return the words of a section for the day, without what only looks."""
    facts = section.count(desk.tx, scope, DAY)
    if facts is None:
        return ""
    kept = section.read(section.frozen(facts))
    with language("en"):
        parts = section.parts(desk.tx, kept, None, Reading(TEAM, DAY, ranked))
    return plain(parts)


def plain(parts: Sequence[Part]) -> str:
    """Return words without what only looks."""
    return "\n".join("".join(map(_plain, part.line)) for part in parts if isinstance(part, Paragraph | Small))


def _plain(piece: Inline) -> str:
    return piece if isinstance(piece, str) else getattr(piece, "text", "") or getattr(piece, "fallback", "")


def figures(desk: Desk, section: Section[Any], scope: Scope = SCOPE) -> dict[str, float | None]:
    """Return the figures of a section for the day."""
    facts = section.count(desk.tx, scope, DAY)
    return {} if facts is None else {one.key: one.value(facts) for one in section.figures}
