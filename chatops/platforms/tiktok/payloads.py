"""What TikTok Shop's answers look like, read leniently: unknown fields, nulls and numbers as text cost nothing."""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from chatops.platforms.ports import ConnectedShop, MarketConversation, MarketMessage, OfficialFigures, OrderFacts

log = logging.getLogger(__name__)

T = TypeVar("T")
S = TypeVar("S", bound=Struct)

Id = int | str  # documented as decimal text, seen as a number too
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
LAST_INSTANT = 253_402_300_799  # the last second of the year 9999
LARGEST_INDEX = 2**63 - 1
DEEPEST_CONTENT = 32


class Envelope(Struct):
    """What every answer is wrapped in; `code` 0 is success."""

    code: int
    message: str | None = None
    request_id: str | None = None
    data: Raw = Raw(b"null")


class Sender(Struct):
    """Who wrote a message."""

    im_user_id: Id | None = None
    role: str | None = None


class WireMessage(Struct):
    """One message, as pages of messages and conversations show it."""

    id: Id
    index: Id
    create_time: int
    type: str | None = None
    content: str | None = None
    is_visible: bool | None = None
    sender: Sender | None = None
    plaintext: str | None = None


class Participant(Struct):
    """Somebody in a conversation."""

    im_user_id: Id | None = None
    user_id: Id | None = None
    role: str | None = None
    nickname: str | None = None
    avatar: str | None = None


class WireConversation(Struct):
    """One conversation; the single view leaves out `can_send_message` and `latest_message`."""

    id: Id
    participants: list[Participant | None] | None = None
    can_send_message: bool | None = None
    unread_count: int | None = None
    latest_message: Raw = Raw(b"null")


class Page(Struct):
    """One page; the entries are read one by one so that a broken one does not cost the others."""

    next_page_token: str | None = None
    conversations: list[Raw] | None = None
    messages: list[Raw] | None = None
    orders: list[Raw] | None = None
    shops: list[Raw] | None = None


class One(Struct):
    """The single view of a conversation."""

    conversation: WireConversation


class Sent(Struct):
    """The answer to a message that was accepted."""

    message_id: Id


class Picture(Struct):
    """An uploaded picture."""

    url: str
    width: int
    height: int


class Performance(Struct):
    """How a shop's service did; all but the count are decimal texts, some are left out."""

    support_session_count: int = 0
    response_percentage: str | None = None
    satisfaction_percentage: str | None = None
    response_time_mins: str | None = None


class Performed(Struct):
    """The answer about how a shop's service did."""

    performance: Performance


class AgentSettings(Struct):
    """The shop owner's own chat settings."""

    can_accept_chat: bool | None = None


class WireShop(Struct):
    """A shop an authorization opens."""

    id: Id
    cipher: str
    name: str | None = None
    region: str | None = None


class Payment(Struct):
    """An order's money."""

    currency: str | None = None
    total_amount: Id | float | None = None


class LineItem(Struct):
    """One unit of something that was bought."""

    product_name: str | None = None
    sku_name: str | None = None


class WireOrder(Struct):
    """An order, as far as a ticket card shows it."""

    id: Id
    create_time: int
    status: str | None = None
    tracking_number: Id | None = None
    payment: Payment | None = None
    line_items: list[LineItem | None] | None = None


class WireTokens(Struct):
    """The answer of the token host; both `expire_in` are instants in Unix seconds, far beyond 32 bits."""

    access_token: str
    access_token_expire_in: int
    refresh_token: str
    refresh_token_expire_in: int | None = None
    open_id: Id | None = None
    seller_name: str | None = None
    seller_base_region: str | None = None
    user_type: int | None = None
    granted_scopes: list[str | None] | None = None


_envelope = msgspec.json.Decoder(Envelope, strict=False)


def envelope(body: bytes) -> Envelope | None:
    """Return the envelope of an answer; None when there is none to read."""
    try:
        return _envelope.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def read(raw: bytes | Raw, kind: type[S]) -> S | None:
    """Return one object; None when it lacks what it must have."""
    try:
        return msgspec.json.decode(raw, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def entries(raw: Iterable[Raw] | None, kind: type[S], convert: Callable[[S], T | None]) -> list[T]:
    """Return the entries of a page that can be read; the others are counted in the log."""
    kept: list[T] = []
    broken = 0
    for one in raw or ():
        if bytes(one) == b"null":
            continue
        wire = read(one, kind)
        value = None if wire is None else convert(wire)
        if value is None:
            broken += 1
        else:
            kept.append(value)
    if broken:
        log.warning("left out %d unreadable entries (%s) of a page from TikTok Shop", broken, kind.__name__)
    return kept


def instant(seconds: int) -> datetime | None:
    """Return the instant of Unix seconds; None outside the years 1970 to 9999."""
    return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= LAST_INSTANT else None


def content_of(raw: str | None) -> dict[str, object]:
    """Return a message's content, which is JSON inside a string; anything else stands whole under `content`."""
    if not raw:
        return {}
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        value = _mended(raw)
    if not isinstance(value, dict) or (raw.count("{") + raw.count("[") > DEEPEST_CONTENT and _too_deep(value)):
        return {"content": raw.replace("\0", "")}
    return {key: _storable(one) for key, one in value.items()} if "\\u0000" in raw else value


def index_of(raw: Id) -> int | None:
    """Return a message's place in its conversation; None unless it is a whole number of at most 63 bits."""
    text = str(raw)
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        return None
    value = int(text)
    return value if value <= LARGEST_INDEX else None


def message(wire: WireMessage, conversation_id: str) -> MarketMessage | None:
    """Return a message of `conversation_id`; None when its place or time makes no sense."""
    index, at = index_of(wire.index), instant(wire.create_time)
    if index is None or at is None:
        return None
    sender = wire.sender or Sender()
    return MarketMessage(
        external_id=str(wire.id),
        conversation_id=conversation_id,
        index=index,
        kind=wire.type or "OTHER",
        content=content_of(wire.content),
        sender_id=text(sender.im_user_id),
        role=sender.role or "",
        visible=wire.is_visible is not False,
        at=at,
        plaintext=(wire.plaintext or "").replace("\0", ""),  # PostgreSQL keeps no NUL
    )


def conversation(wire: WireConversation) -> MarketConversation:
    """Return a conversation with its buyer."""
    people = [person for person in wire.participants or () if person is not None]
    buyer = next((person for person in people if person.role == "BUYER"), Participant())
    latest = None if bytes(wire.latest_message) == b"null" else read(wire.latest_message, WireMessage)
    return MarketConversation(
        external_id=str(wire.id),
        buyer_im_id=text(buyer.im_user_id),
        buyer_user_id=text(buyer.user_id),
        nickname=(buyer.nickname or "").replace("\0", ""),
        avatar_url=buyer.avatar or "",
        can_send=wire.can_send_message,
        unread=wire.unread_count or 0,
        latest=None if latest is None else message(latest, str(wire.id)),
    )


def shop(wire: WireShop) -> ConnectedShop:
    """Return a shop that an authorization opens."""
    return ConnectedShop(shop_id=str(wire.id), name=wire.name or "", region=wire.region or "", cipher=wire.cipher)


def order(wire: WireOrder) -> OrderFacts | None:
    """Return what a ticket card shows of an order; equal units are joined ("Light bulb (H4) ×2")."""
    created_at = instant(wire.create_time)
    if created_at is None:
        return None
    payment = wire.payment or Payment()
    units = Counter(_unit(item) for item in wire.line_items or () if item is not None)
    return OrderFacts(
        order_id=str(wire.id),
        status=wire.status or "",
        total=text(payment.total_amount),
        currency=payment.currency or "",
        created_at=created_at,
        tracking_number=text(wire.tracking_number),
        items=tuple(f"{name} ×{count}" if count > 1 else name for name, count in units.items()),
    )


def text(value: float | str | None) -> str:
    """Return a value that may be missing or written as a number as text."""
    return "" if value is None else str(value)


def _unit(item: LineItem) -> str:
    name, variant = item.product_name or "", item.sku_name or ""
    return f"{name} ({variant})" if name and variant else name or variant


def _mended(raw: str) -> object:
    """Read JSON whose text was cut in the middle of an emoji (a lone surrogate becomes "?")."""
    try:
        plain = json.dumps(json.loads(raw), ensure_ascii=False)
        return msgspec.json.decode(plain.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _storable(value: object) -> object:
    """Leave out the NUL characters, which no database keeps as text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return {key: _storable(one) for key, one in value.items()} if isinstance(value, dict) else value


def _too_deep(value: object, left: int = DEEPEST_CONTENT) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(left == 0 or _too_deep(one, left - 1) for one in inner if isinstance(one, dict | list))


def compact(content: dict[str, str | int]) -> str:
    """Return a message's content as the JSON inside a string that TikTok wants."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def performed(wire: Performance) -> OfficialFigures:
    """Read what TikTok counted of a shop's service."""
    shares = (_number(text) for text in (wire.response_percentage, wire.satisfaction_percentage))
    answered, satisfied = (None if share is None else share / 100 for share in shares)
    return OfficialFigures(wire.support_session_count, answered, satisfied, _number(wire.response_time_mins))


def _number(text: str | None) -> float | None:
    """Return a decimal text as a number, None for anything else."""
    return float(text) if text is not None and _DECIMAL.fullmatch(text) else None
