"""What the product says, in the reader's language.

Sentences are whole, with their punctuation, and written as literals where they are said:

    with language("es-MX"):
        _("Kept inside the team.")
        _("Order {number}", number=order_id)
        ngettext("{count} message", "{count} messages", count)
        weave("Your answer leaves at {when}.", when=Moment(…))

Placeholders are filled after the translation was looked up, so what a buyer wrote is never read as a pattern; whole
numbers are written the way the language writes them. `python -m chatops.i18n.extract` brings the catalogues up to date.
"""

from chatops.i18n.formats import (
    clock,
    compact,
    country,
    day,
    formatting,
    hour_mark,
    language_name,
    length,
    moment,
    money,
    named_day,
    number,
    oclock,
    percent,
    right_to_left,
    share,
    short_day,
    short_moment,
    span,
    weekday,
    weekdays,
)
from chatops.i18n.reader import LANGUAGES, current, language, liked_best, negotiate
from chatops.i18n.sentences import _, ngettext, weave

__all__ = [
    "LANGUAGES",
    "_",
    "clock",
    "compact",
    "country",
    "current",
    "day",
    "formatting",
    "hour_mark",
    "language",
    "language_name",
    "length",
    "liked_best",
    "moment",
    "money",
    "named_day",
    "negotiate",
    "ngettext",
    "number",
    "oclock",
    "percent",
    "right_to_left",
    "share",
    "short_day",
    "short_moment",
    "span",
    "weave",
    "weekday",
    "weekdays",
]
