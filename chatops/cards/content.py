"""What a message holds: every kind TikTok Shop knows, and those it may come to know.

The platform's content is taken as it comes: a value may be missing, null or of any type, and what makes no sense is
left out. `plaintext`, the platform's own description of a card, is shown where there is one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chatops.cards.faults import why_not_shown
from chatops.i18n import _, ngettext
from chatops.model.message import Message
from chatops.ui import Field, Fields, Paragraph, Part, Picture, Quote
from chatops.words import one_line, side_by_side

WORDS = frozenset({"TEXT", "NOTIFICATION", "ALLOCATED_SERVICE", "BUYER_ENTER_FROM_TRANSFER", "OTHER", "EMOTICONS"})
MEDIA = frozenset({"IMAGE", "VIDEO"})
VOUCHER = "VOUCHER"  # the reference names no voucher kind; some markets call coupons so
LARGEST = 10**30  # no id is longer


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a card's content that is worth showing."""

    key: str
    label: Callable[[], str]


def _order_number() -> str:
    return _("Order number")


ORDER = Fact("order_id", _order_number)
PRODUCT = Fact("product_id", lambda: _("Product number"))
FACTS: Mapping[str, tuple[Fact, ...]] = {
    "PRODUCT_CARD": (PRODUCT,),
    "BUYER_ENTER_FROM_PRODUCT": (PRODUCT,),
    "ORDER_CARD": (ORDER,),
    "BUYER_ENTER_FROM_ORDER": (ORDER,),
    "LOGISTICS_CARD": (ORDER, Fact("package_id", lambda: _("Package number"))),
    "RETURN_REFUND_CARD": (ORDER, Fact("sku_id", lambda: _("Item number"))),
    "COUPON_CARD": (Fact("coupon_id", lambda: _("Coupon number")),),
    VOUCHER: (Fact("voucher_id", lambda: _("Voucher number")), Fact("coupon_id", lambda: _("Coupon number"))),
}

NAMES: Mapping[str, Callable[[], str]] = {
    "IMAGE": lambda: _("Picture"),
    "VIDEO": lambda: _("Video"),
    "EMOTICONS": lambda: _("Sticker"),
    "PRODUCT_CARD": lambda: _("Product card"),
    "BUYER_ENTER_FROM_PRODUCT": lambda: _("The buyer comes from a product page"),
    "ORDER_CARD": lambda: _("Order card"),
    "BUYER_ENTER_FROM_ORDER": lambda: _("The buyer comes from an order page"),
    "LOGISTICS_CARD": lambda: _("Shipping card"),
    "RETURN_REFUND_CARD": lambda: _("Return and refund card"),
    "COUPON_CARD": lambda: _("Coupon card"),
    VOUCHER: lambda: _("Voucher card"),
    "NOTIFICATION": lambda: _("Notice from TikTok Shop"),
    "ALLOCATED_SERVICE": lambda: _("Somebody of the shop joined the conversation"),
    "BUYER_ENTER_FROM_TRANSFER": lambda: _("The conversation was handed over"),
    "OTHER": lambda: _("Message from TikTok Shop"),
}


def shown(message: Message, picture: str | None, media_fault: str) -> Iterator[Part]:
    """Show a message's content; `picture` and `media_fault` are those of `Post`."""
    name, words = _name(message), _words(message)
    if name:
        yield Paragraph((name,))
    if message.kind in MEDIA:
        yield from _media(message, name, picture, media_fault)
    if words.strip():
        yield Quote(words)
    elif message.kind == "TEXT":
        yield Paragraph((_("(no words)"),))
    fields = tuple(Field(label, (value,)) for label, value in _facts(message))
    if fields:
        yield Fields(fields)


def essence(message: Message) -> str:
    """Return a message's content as plain text."""
    numbers = side_by_side(*(f"{label} {value}" for label, value in _facts(message)))
    name, words = _name(message), _words(message).strip()
    if message.kind == "TEXT":
        return words or _("(no words)")
    return side_by_side(name, words, numbers)


def _media(message: Message, name: str, picture: str | None, fault: str) -> Iterator[Part]:
    if picture:
        yield Picture(picture, side_by_side(name, _words(message).strip()))
    if fault or not picture:
        yield Paragraph((why_not_shown(fault),))


def _name(message: Message) -> str:
    """Say what kind of message it is, unless it is just words."""
    kind = _kind(message)
    if kind == "TEXT":
        return ""
    seconds = _seconds(message.content.get("duration")) if kind == "VIDEO" else 0
    if seconds:
        return ngettext("Video, {count} second", "Video, {count} seconds", seconds)
    known = NAMES.get(kind)
    if known:
        return known()
    return _("This cannot be shown here (type {kind}). You can see it in Seller Center.", kind=one_line(message.kind))


def _kind(message: Message) -> str:
    return VOUCHER if VOUCHER in message.kind else message.kind


def _words(message: Message) -> str:
    """Return the message's own words, or else the platform's description."""
    own = message.content.get("content") if message.kind in WORDS else None
    return own if isinstance(own, str) and own.strip() else message.plaintext


def _facts(message: Message) -> Iterator[tuple[str, str]]:
    for fact in FACTS.get(_kind(message), ()):
        value = _identifier(message.content.get(fact.key))
        if value:
            yield fact.label(), value


def _identifier(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST else ""
    return one_line(value)


def _seconds(value: object) -> int:
    """Read a duration such as "20.504"; 0 when it makes no sense."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
    whole = text.strip().partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 6 else 0
