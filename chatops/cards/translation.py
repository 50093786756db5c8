"""What was said, in another language: for one person alone."""

from collections.abc import Callable, Mapping, Sequence

from chatops.i18n import _, language_name
from chatops.ui import Card, Paragraph, Quote, Small, Tone

WHY: Mapping[str, Callable[[], str]] = {
    "key_refused": lambda: _("The translation service refused our key. Ask whoever runs chatops."),
    "quota_used_up": lambda: _("The translation service translates no more for us this month."),
    "too_many": lambda: _("The translation service is too busy. Try again in a minute."),
    "refused": lambda: _("The translation service does not know this language."),
}


def read(translated: Sequence[str]) -> Card:
    """Return what the buyer said, in the reader's language."""
    said = _("What the buyer wrote, translated by a machine:")
    return Card(summary=f"{said} {' '.join(translated)}", parts=(Paragraph((said,)), *map(Quote, translated)))


def draft(translated: str, language: str) -> Card:
    """Return the reader's words in the buyer's language, to copy and send."""
    said = _("In {language}, translated by a machine:", language=language_name(language))
    hint = _("Nothing was sent. Copy it into the thread, change what you like, and send it.")
    return Card(summary=f"{said} {translated}", parts=(Paragraph((said,)), Quote(translated), Small((hint,))))


def nothing() -> Card:
    """Return that the buyer wrote nothing that could be translated."""
    return _said(_("The buyer wrote no words here that could be translated."))


def not_set_up() -> Card:
    """Return that no service translates for this team."""
    return _said(_("Translation is not set up here. Whoever runs chatops can do that with TRANSLATE_URL."))


def failed(code: str) -> Card:
    """Return why nothing was translated."""
    known = WHY.get(code)
    return _said(known() if known else _("The translation service could not be reached. Try again in a minute."))


def _said(words: str) -> Card:
    return Card(summary=words, tone=Tone.WARN, parts=(Paragraph((words,)),))
