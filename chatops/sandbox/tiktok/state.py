"""What TikTok Shop knows: apps, shops, buyers, conversations, messages, products, orders, pictures."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.assumptions import Assumptions

Json = dict[str, Any]

SCOPES = ("seller.authorization.info", "seller.customer_service", "seller.order.info", "seller.product.basic")


def seconds(instant: datetime) -> int:
    """Return the Unix seconds in which TikTok writes its instants."""
    return int(instant.timestamp())


def compact(value: object) -> str:
    """Return JSON without blanks, as the platform writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@dataclass(eq=False)
class App:
    """An app registered in Partner Center."""

    key: str
    secret: str
    service_id: str
    scopes: tuple[str, ...] = SCOPES
    webhook_url: str | None = None
    redirect_url: str | None = None


@dataclass(eq=False)
class Shop:
    """A seller's shop in one market; `webhooks` holds per-topic addresses that override the app's."""

    app: App
    id: str
    name: str
    region: str
    seller_type: str
    cipher: str
    code: str
    im_user_id: str
    agent_im_user_id: str
    avatar: str = ""
    active: bool = True
    agents: int = 1
    can_accept_chat: bool = True
    webhooks: dict[str, Json] = field(default_factory=dict)
    performance: Json = field(default_factory=dict)

    @property
    def guards_pictures(self) -> bool:
        """Local shops in Indonesia hand out pictures only to callers with the shop's token and cipher."""
        return self.region == "ID" and self.seller_type == "LOCAL"


@dataclass(eq=False)
class Profile:
    """A buyer as one shop sees them; `contactable` overrides the platform's own rule when it is not None."""

    shop: Shop
    user_id: str
    im_user_id: str
    nickname: str
    avatar: str
    buyer_platform: str = "TIKTOK_SHOP"
    contactable: bool | None = None
    has_returned: bool = False


@dataclass(eq=False)
class Conversation:
    """The endless line between a shop and one buyer."""

    id: str
    shop: Shop
    profile: Profile
    created_at: datetime
    activity: int
    messages: list["Message"] = field(default_factory=list)
    unread: int = 0
    agent_joined: bool = False
    session_id: str = ""
    phase: str = "QUEUED"


@dataclass(eq=False)
class Message:
    """One utterance; `content` is the JSON string of the wire."""

    id: str
    conversation: Conversation
    type: str
    content: str
    role: str
    created_at: datetime
    visible: bool
    index: int

    @property
    def inner(self) -> Json:
        """The content as an object."""
        value = json.loads(self.content)
        return value if isinstance(value, dict) else {}

    @property
    def text(self) -> str | None:
        """What was written, if this is a text."""
        return str(self.inner.get("content", "")) if self.type == "TEXT" else None


@dataclass(eq=False)
class Product:
    """Something a shop sells."""

    shop: Shop
    id: str
    sku_id: str
    title: str
    price: str
    currency: str
    status: str
    image: str
    created_at: datetime


@dataclass(eq=False)
class Order:
    """What a buyer bought; one entry of `products` is one unit; `fields` overrides or adds fields of the answer."""

    shop: Shop
    id: str
    profile: Profile
    status: str
    products: list[Product]
    created_at: datetime
    updated_at: datetime
    fields: Json = field(default_factory=dict)


@dataclass(eq=False)
class Picture:
    """A hosted picture; `shop` is None for public ones such as avatars."""

    url: str
    content: bytes
    mime: str
    width: int
    height: int
    shop: Shop | None


@dataclass
class State:
    """Everything stored, and the ids under which it is found."""

    time: StoryTime
    assumptions: Assumptions
    apps: dict[str, App] = field(default_factory=dict)
    shops: dict[str, Shop] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    sensitive_words: set[str] = field(default_factory=lambda: {"whatsapp", "telegram", "casino"})

    def __post_init__(self) -> None:
        self._ids = itertools.count(7494560109732334261)
        self._sequence = itertools.count(1)
        self._by_buyer: dict[str, Conversation] = {}

    def new_id(self) -> str:
        """Return a decimal id that nothing else has."""
        return str(next(self._ids))

    def next_activity(self) -> int:
        """Return a number that grows with everything that happens."""
        return next(self._sequence)

    def shop_by_cipher(self, cipher: str) -> Shop | None:
        """Return the shop that `cipher` names."""
        return next((shop for shop in self.shops.values() if shop.cipher == cipher), None)

    def conversation_of(self, profile: Profile) -> Conversation | None:
        """Return the conversation of one buyer with their shop."""
        return self._by_buyer.get(profile.user_id)

    def add_conversation(self, conversation: Conversation) -> None:
        """Keep a conversation."""
        self.conversations[conversation.id] = conversation
        self._by_buyer[conversation.profile.user_id] = conversation
