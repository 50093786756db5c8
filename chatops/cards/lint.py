"""What the rules found in an answer, in words."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from chatops.cards.words import one_line
from chatops.i18n import _, current
from chatops.rules.lint import About, Hit, Severity
from chatops.ui import Paragraph, Part, Small

MOST = 5  # findings that are told
LONGEST = 80  # characters of what was found

WHY: Mapping[About, Callable[[], str]] = {
    About.CURE: lambda: _("It promises to cure or treat something. Only medicines may say that."),
    About.OFF_PLATFORM: lambda: _("It leads the buyer away from TikTok Shop, which TikTok forbids."),
    About.PAID_REVIEW: lambda: _("It offers something for a review, or asks for a review to be changed."),
    About.PROMISE: lambda: _("It promises what may not be kept."),
    About.CANNOT: lambda: _("It says what cannot be done. Say what can."),
    About.PERSONAL: lambda: _("It contains or asks for personal data."),
    About.CAPITALS: lambda: _("It is written in capitals, which reads as shouting."),
    About.LEFTOVER: lambda: _("A gap of a prepared answer is not filled in."),
    About.LANGUAGE: lambda: _("The buyer writes in another language."),
}
WHOLE = frozenset({About.CAPITALS, About.LANGUAGE})  # about all of the answer


def findings(text: str, hits: Sequence[Hit]) -> tuple[Part, ...]:
    """Return what the rules found in an answer, each with the reason; what a lead must approve, with the source."""
    words = unicodedata.normalize("NFC", text)
    parts: list[Part] = [Paragraph((_finding(words, hit),)) for hit in hits[:MOST]]
    sources = dict.fromkeys(hit.rule.source for hit in hits[:MOST] if hit.rule.severity is Severity.BLOCK)
    return (*parts, *(Small((_("Source: {source}", source=one_line(source, 300)),)) for source in sources))


def _finding(words: str, hit: Hit) -> str:
    why = hit.rule.says.get(current()) or hit.rule.says.get("en") or WHY[hit.rule.about]()
    if hit.rule.about in WHOLE:
        return why
    return _("“{words}”: {why}", words=one_line(words[hit.span.start : hit.span.end], LONGEST), why=why)
