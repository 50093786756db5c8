"""What TikTok Shop's webhooks look like; everything here is pure, and nothing in its errors was written by a person."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import msgspec
from msgspec import Raw, Struct

from chatops.errors import NotUnderstood
from chatops.platforms.ports import MarketMessage
from chatops.platforms.tiktok.payloads import Id, Sender, content_of, index_of, instant

LARGEST_BODY = 256 * 1024
LONGEST_ID = 128


class Topic(IntEnum):
    """The topics we subscribe to; TikTok numbers them."""

    SELLER_DEAUTHORIZATION = 6
    UPCOMING_AUTHORIZATION_EXPIRATION = 7
    NEW_CONVERSATION = 13
    NEW_MESSAGE = 14


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


@dataclass(frozen=True, slots=True)
class Notification:
    """One webhook; `id` stays the same when TikTok repeats it, `at` is when TikTok pushed it (None if unknown)."""

    id: str
    shop_id: str
    type: int
    at: datetime | None
    news: News


class _Envelope(Struct):
    type: int
    shop_id: Id | None = None
    tts_notification_id: Id | None = None
    timestamp: int | None = None
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


def parse(body: bytes) -> Notification:
    """Return what a webhook tells; `NotUnderstood` with a reason free of personal data when it makes no sense.

    A notification without an id gets the SHA-256 of its body as one: the oldest samples have none.
    """
    if len(body) > LARGEST_BODY:
        raise NotUnderstood("longer than any notification")
    try:
        body.decode()  # also what nobody here reads on has to be text, for it will be kept as text
        envelope = _envelope.decode(body)
        news = _news(envelope)
    except UnicodeDecodeError:
        raise NotUnderstood("not UTF-8") from None
    except RecursionError:
        raise NotUnderstood("nested too deeply") from None
    except msgspec.ValidationError:
        raise NotUnderstood("a field is missing or has the wrong type") from None
    except msgspec.DecodeError:
        raise NotUnderstood("not JSON") from None
    shop_id = "" if envelope.shop_id is None else str(envelope.shop_id)
    if not _usable(shop_id) and not (shop_id == "" and isinstance(news, Unknown)):
        raise NotUnderstood("no usable shop_id")
    return Notification(
        id=_notification_id(envelope, body),
        shop_id=shop_id,
        type=envelope.type,
        at=None if envelope.timestamp is None else instant(envelope.timestamp),
        news=news,
    )


def _news(envelope: _Envelope) -> News:
    match envelope.type:
        case Topic.NEW_MESSAGE:
            return MessageArrived(_arrived(_message.decode(envelope.data)))
        case Topic.NEW_CONVERSATION:
            changed = _conversation.decode(envelope.data)
            return ConversationChanged(_id(changed.conversation_id), _instant(changed.create_time))
        case Topic.SELLER_DEAUTHORIZATION:
            return Deauthorized()
        case Topic.UPCOMING_AUTHORIZATION_EXPIRATION:
            ends = _ending.decode(envelope.data).expiration_time
            return AuthorizationEnding(None if ends is None else instant(ends))
        case other:
            return Unknown(other)


def _arrived(wire: _Message) -> MarketMessage:
    index = index_of(wire.index)
    if index is None:
        raise NotUnderstood("no usable index")
    sender = wire.sender or Sender()
    return MarketMessage(
        external_id=_id(wire.message_id),
        conversation_id=_id(wire.conversation_id),
        index=index,
        kind=wire.type or "OTHER",
        content=content_of(wire.content),
        sender_id="" if sender.im_user_id is None else str(sender.im_user_id),
        role=sender.role or "",
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
        raise NotUnderstood("an id is empty, too long or not printable")
    return found


def _usable(raw: str) -> bool:
    """Tell whether this can be an id: PostgreSQL keeps no text with a NUL in it."""
    return 0 < len(raw) <= LONGEST_ID and raw.isprintable()


def _instant(seconds: int) -> datetime:
    found = instant(seconds)
    if found is None:
        raise NotUnderstood("a time is out of range")
    return found


@dataclass(frozen=True, slots=True)
class Recognized:
    """What could be read of a notification whose news makes no sense: enough to keep it."""

    id: str
    shop_id: str
    type: int


def recognize(body: bytes) -> Recognized | None:
    """Return the envelope of a notification that `parse` did not understand; None when even that makes no sense."""
    try:
        body.decode()
        envelope = _envelope.decode(body)
    except (UnicodeDecodeError, RecursionError, msgspec.DecodeError):
        return None
    shop_id = "" if envelope.shop_id is None else str(envelope.shop_id)
    if len(body) > LARGEST_BODY or not _usable(shop_id):
        return None
    return Recognized(_notification_id(envelope, body), shop_id, envelope.type)
