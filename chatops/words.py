"""What there is, called by name in the reader's language, and small phrases that cards and digests share."""

import unicodedata
from collections.abc import Callable, Mapping

from chatops.i18n import _, ngettext
from chatops.model.conversation import Buyer
from chatops.model.ticket import Level, TicketKind, TicketPriority
from chatops.rules.lint import About
from chatops.rules.targets import Metric

NAME = 80  # characters of a name that fit a line
_RIGHT_TO_LEFT = {"R", "AL"}
_CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # line breaks, invisible marks, and what turns the reading direction

LEVELS: Mapping[Level, Callable[[], str]] = {
    Level.PRESALE: lambda: _("Before buying"),
    Level.LOGISTICS: lambda: _("Delivery"),
    Level.QUALITY: lambda: _("Quality"),
    Level.COMPLAINT: lambda: _("Complaint"),
}

PRIORITIES: Mapping[TicketPriority, Callable[[], str]] = {
    TicketPriority.LOW: lambda: _("Low"),
    TicketPriority.NORMAL: lambda: _("Normal"),
    TicketPriority.HIGH: lambda: _("High"),
    TicketPriority.URGENT: lambda: _("Urgent"),
}


KINDS: Mapping[TicketKind, Callable[[], str]] = {
    TicketKind.CHAT: lambda: _("Chat"),
    TicketKind.COMMENT: lambda: _("Comment"),
    TicketKind.LIVE: lambda: _("LIVE comment"),
    TicketKind.RETURN: lambda: _("Return"),
    TicketKind.CANCELLATION: lambda: _("Cancellation"),
    TicketKind.DISPUTE: lambda: _("Dispute"),
}

METRICS: Mapping[Metric, Callable[[], str]] = {
    Metric.FIRST_RESPONSE: lambda: _("First answer"),
    Metric.NEXT_RESPONSE: lambda: _("Next answer"),
    Metric.RESOLUTION: lambda: _("Solution"),
    Metric.PLATFORM_RESPONSE: lambda: _("Answer, for TikTok"),
    Metric.PLATFORM_DEADLINE: lambda: _("TikTok's deadline"),
}

FOUND: Mapping[About, Callable[[], str]] = {  # what a rule guards against
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
