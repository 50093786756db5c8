"""Why something did not work, in words: one sentence per fault code.

The codes are those of `Message.fault` and `Media.fault`: the marketplace client's words and the desk's own.
"""

from collections.abc import Callable, Mapping

from chatops.i18n import _
from chatops.model.message import Held

UNSURE = "unsure"


def _disconnected() -> str:
    return _("The shop is not connected to TikTok Shop. Connect it again, then try again.")


def _unavailable() -> str:
    return _("TikTok Shop could not be reached, even after several tries.")


SENDING: Mapping[str, Callable[[], str]] = {
    UNSURE: lambda: _(
        "The connection broke while it was leaving. "
        "Look into the conversation in Seller Center first; send it again only if it is not there."
    ),
    Held.BUYER_WROTE: lambda: _(
        "The buyer has written again since you wrote it. Read that first; then send this, or edit your message."
    ),
    Held.TEAMMATE_ANSWERS: lambda: _(
        "A teammate has just answered this buyer. Read that first; then send this, edit your message, or drop it."
    ),
    Held.LINT: lambda: _("Look at this first; then send it, or edit your message."),
    Held.LINT_BLOCK: lambda: _("A lead must approve it first, or you edit your message."),
    "sensitive_content": lambda: _(
        "TikTok Shop refused it because of a word it does not allow. Copy the text, change it and send it again."
    ),
    "too_long": lambda: _("It is longer than TikTok Shop allows. Copy the text and send it in parts."),
    "no_contact": lambda: _(
        "TikTok Shop lets the shop write to this buyer only after a recent message, order or return."
    ),
    "no_access": lambda: _("TikTok Shop does not let this shop write in this conversation."),
    "not_found": lambda: _("TikTok Shop cannot find this conversation any more."),
    "shop_disconnected": _disconnected,
    "refresh_refused": _disconnected,
    "token_expired": _disconnected,
    "token_invalid": _disconnected,
    "scope_missing": lambda: _(
        "The shop did not allow customer-service messages when it was connected. "
        "Connect it again with that permission, then try again."
    ),
    "shop_inactive": lambda: _("TikTok Shop has switched this shop off."),
    "seller_inactive": lambda: _("TikTok Shop has switched this seller off."),
    "daily_quota": lambda: _("TikTok Shop accepts no more messages from this shop today. Try again tomorrow."),
    "unreachable": _unavailable,
    "internal_error": _unavailable,
    "timeout": _unavailable,
    "file_type": lambda: _("Only pictures can be sent to a buyer: JPG, PNG, GIF or WebP."),
    "file_too_large": lambda: _("The picture is larger than 10 MB. Send a smaller one."),
    "media_gone": lambda: _("The picture is not in the chat any more. Post it again."),
}

SENT_AGAIN_IN_VAIN = frozenset({"sensitive_content", "too_long", "file_type", "file_too_large", "media_gone"})

SHOWING: Mapping[str, Callable[[], str]] = {
    "file_type": lambda: _("Its file type cannot be shown here. You can see it in Seller Center."),
    "file_too_large": lambda: _("It is too large to be shown here. You can see it in Seller Center."),
    "media_gone": lambda: _("TikTok Shop does not keep it any more."),
}


def why_not_sent(code: str) -> str:
    """Return why an answer did not leave; an unknown code is named."""
    known = SENDING.get(code)
    if known:
        return known()
    return _("Reason: {code}", code=code) if code else _("The reason is not known.")


def why_not_shown(code: str) -> str:
    """Return why a picture or video cannot be seen; an unknown code is named."""
    known = SHOWING.get(code)
    if known:
        return known()
    if code:
        return _("It could not be fetched (code {code}). You can see it in Seller Center.", code=code)
    return _("You can see it in Seller Center.")
