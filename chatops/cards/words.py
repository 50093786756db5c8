"""Names and small phrases that several cards share."""

import unicodedata

from chatops.i18n import _, ngettext
from chatops.model.conversation import Buyer

NAME = 80  # characters of a name that fit a line
_RIGHT_TO_LEFT = {"R", "AL"}
_CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # line breaks, invisible marks, and what turns the reading direction


def one_line(text: str, limit: int = NAME) -> str:
    """Return somebody else's words fit to stand inside a line of ours: no breaks, nothing invisible, not endless.

    Words that read from right to left are isolated, so that they cannot rearrange what stands around them.
    """
    kept = "".join(" " if unicodedata.category(sign) in _CONTROLS and sign != "\u200d" else sign for sign in text)
    line = " ".join(kept.split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in line):
        return f"\u2068{line}\u2069"
    return line


def buyer_name(buyer: Buyer | None, buyer_id: str | None = None) -> str:
    """Return how a buyer is called, by the end of the id while the nickname is not known."""
    nickname = one_line(buyer.nickname) if buyer else ""
    if nickname:
        return nickname
    digits = (buyer.id if buyer else buyer_id or "")[-4:]
    return _("Buyer …{digits}", digits=digits) if digits else _("Buyer")


def side_by_side(*phrases: str) -> str:
    """Return phrases on one line, without the empty ones."""
    return " · ".join(phrase for phrase in phrases if phrase)


def shortened(count: int) -> str:
    """Return what stands where `count` characters were left out."""
    return ngettext("… ({count} more character)", "… ({count} more characters)", count)
