"""What TikTok Shop's webhooks look like; everything here is pure, and nothing in its errors was written by a person."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from chatops.errors import NotUnderstood
from chatops.platforms.ports import MarketMessage
from chatops.platforms.tiktok.payloads import Id, Sender, content_of, index_of, instant

S = TypeVar("S", bound=Struct)

LARGEST_NOTIFICATION = 256 * 1024  # bytes
LONGEST_ID = 128


class Topic(IntEnum):
    """The topics we subscribe to; TikTok numbers them."""

    SELLER_DEAUTHORIZATION = 6
    UPCOMING_AUTHORIZATION_EXPIRATION = 7
    NEW_CONVERSATION = 13
    NEW_MESSAGE = 14


TOPICS = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """Somebody (a buyer, the shop, a robot, we ourselves) said something."""

    message: MarketMessage


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """An agent joined or left a conversation; TikTok advises to read the conversations again."""

    conversation_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deauthorized:
    """The seller withdrew our permission."""


@dataclass(frozen=True, slots=True)
class AuthorizationEnding:
    """The permission ends at `at` (None when TikTok does not say); told daily during the last 30 days."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A topic nobody here handles; keep it and go on."""

    type: int


News = MessageArrived | ConversationChanged | Deauthorized | AuthorizationEnding | Unknown


@dataclass(slots=True)
class Notification:
    """One webhook; `id` stays the same when TikTok repeats it, `data` is for `news_of`."""

    id: str
    shop_id: str
    type: int
    data: Raw


class _Envelope(Struct):
    type: int
    shop_id: Id | None = None
    tts_notification_id: Id | None = None
    data: Raw = Raw(b"null")


class _Message(Struct):
    message_id: Id
    conversation_id: Id
    index: Id
    create_time: int
    type: str | None = None
    content: str | None = None
    is_visible: bool | None = None
    sender: Sender | None = None


class _Conversation(Struct):
    conversation_id: Id
    create_time: int


class _Ending(Struct):
    expiration_time: int | None = None


_envelope = msgspec.json.Decoder(_Envelope, strict=False)
_message = msgspec.json.Decoder(_Message, strict=False)
_conversation = msgspec.json.Decoder(_Conversation, strict=False)
_ending = msgspec.json.Decoder(_Ending, strict=False)


def recognize(body: bytes) -> Notification:
    """Return whose webhook it is and what about, without reading what it tells.

    One without an id gets the SHA-256 of its body as one: the oldest samples have none.

    Raises:
        NotUnderstood: it makes no sense; the reason is free of personal data.
    """
    if len(body) > LARGEST_NOTIFICATION:
        raise NotUnderstood("longer than any notification")
    try:
        body.decode()  # also what nobody here reads on has to be text, for it will be kept as text
    except UnicodeDecodeError:
        raise NotUnderstood("not UTF-8") from None
    envelope = _decoded(_envelope, body)
    shop_id = "" if envelope.shop_id is None else str(envelope.shop_id)
    if not _usable(shop_id) and (shop_id or envelope.type in TOPICS):
        raise NotUnderstood("no usable shop_id")
    return Notification(_notification_id(envelope, body), shop_id, envelope.type, envelope.data)


def news_of(notification: Notification) -> News:
    """Return what a webhook tells.

    Raises:
        NotUnderstood: it makes no sense; the reason is free of personal data.
    """
    data = notification.data
    match notification.type:
        case Topic.NEW_MESSAGE:
            return MessageArrived(_arrived(_decoded(_message, data)))
        case Topic.NEW_CONVERSATION:
            changed = _decoded(_conversation, data)
            return ConversationChanged(_id(changed.conversation_id), _instant(changed.create_time))
        case Topic.SELLER_DEAUTHORIZATION:
            return Deauthorized()
        case Topic.UPCOMING_AUTHORIZATION_EXPIRATION:
            ends = _decoded(_ending, data).expiration_time
            return AuthorizationEnding(None if ends is None else instant(ends))
        case other:
            return Unknown(other)


def _decoded(decoder: msgspec.json.Decoder[S], raw: bytes | Raw) -> S:
    try:
        return decoder.decode(raw)
    except RecursionError:
        raise NotUnderstood("nested too deeply") from None
    except msgspec.ValidationError:
        raise NotUnderstood("a field is missing or has the wrong type") from None
    except msgspec.DecodeError:
        raise NotUnderstood("not JSON") from None


def _arrived(wire: _Message) -> MarketMessage:
    index = index_of(wire.index)
    if index is None:
        raise NotUnderstood("no usable index")
    sender = wire.sender or Sender()
    return MarketMessage(
        external_id=_id(wire.message_id),
        conversation_id=_id(wire.conversation_id),
        index=index,
        kind=_id(wire.type or "OTHER"),
        content=content_of(wire.content),
        sender_id=_id(sender.im_user_id) if sender.im_user_id else "",
        role=_id(sender.role) if sender.role else "",
        visible=wire.is_visible is not False,
        at=_instant(wire.create_time),
    )


def _notification_id(envelope: _Envelope, body: bytes) -> str:
    given = envelope.tts_notification_id
    if given is None or not _usable(str(given)):
        return f"sha256:{hashlib.sha256(body).hexdigest()}"
    return str(given)


def _id(raw: Id) -> str:
    found = str(raw)
    if not _usable(found):
        raise NotUnderstood("an id or a name is empty, too long or not printable")
    return found


def _usable(raw: str) -> bool:
    """Tell whether this can be an id: PostgreSQL keeps no text with a NUL in it."""
    return 0 < len(raw) <= LONGEST_ID and raw.isprintable()


def _instant(seconds: int) -> datetime:
    found = instant(seconds)
    if found is None:
        raise NotUnderstood("a time is out of range")
    return found
