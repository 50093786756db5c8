"""What the rules found in an answer, in words."""

import unicodedata
from collections.abc import Sequence

from chatops.i18n import _, current
from chatops.rules.lint import About, Hit, Severity
from chatops.ui import Paragraph, Part, Small
from chatops.words import FOUND, one_line

MOST = 5  # findings that are told
LONGEST = 80  # characters of what was found

WHOLE = frozenset({About.CAPITALS, About.LANGUAGE})  # about all of the answer


def findings(text: str, hits: Sequence[Hit]) -> tuple[Part, ...]:
    """Return what the rules found in an answer, each with the reason; what a lead must approve, with the source."""
    words = unicodedata.normalize("NFC", text)
    by_rule = {hit.rule.id: [one for one in hits if one.rule.id == hit.rule.id] for hit in hits}
    told = list(by_rule.values())[:MOST]
    parts: list[Part] = [Paragraph((_finding(words, found),)) for found in told]
    sources = dict.fromkeys(found[0].rule.source for found in told if found[0].rule.severity is Severity.BLOCK)
    return (*parts, *(Small((_("Source: {source}", source=one_line(source, 300)),)) for source in sources))


def _finding(words: str, hits: Sequence[Hit]) -> str:
    rule = hits[0].rule
    why = rule.says.get(current()) or rule.says.get("en") or FOUND[rule.about]()
    if rule.about in WHOLE:
        return why
    found = " … ".join(words[hit.span.start : hit.span.end] for hit in hits)
    return _("“{words}”: {why}", words=one_line(found, LONGEST), why=why)
