"""What the platforms tell us, in the desk's own words: facts that become rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A file somebody posted in the chat platform; `url` needs our token to be read."""

    external_id: str
    name: str
    content_type: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """What the chat platform knows of a member of the team."""

    external_id: str
    name: str
    locale: str
    timezone: str
    is_bot: bool
    is_active: bool
    is_guest: bool = False


class SenderRole(StrEnum):
    """Who wrote a marketplace message; for SYSTEM and ROBOT the ids equal the shop's, so only the role tells."""

    BUYER = "BUYER"
    SHOP = "SHOP"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    SYSTEM = "SYSTEM"
    ROBOT = "ROBOT"


@dataclass(frozen=True, slots=True)
class MarketMessage:
    """One marketplace message; `content` is the platform's own JSON, `index` sorts within a conversation."""

    external_id: str
    conversation_id: str
    index: int
    kind: str
    content: dict[str, object]
    sender_id: str
    role: str
    visible: bool
    at: datetime
    plaintext: str = ""


@dataclass(frozen=True, slots=True)
class MarketConversation:
    """What the marketplace knows of a conversation."""

    external_id: str
    buyer_im_id: str
    buyer_user_id: str
    nickname: str
    avatar_url: str
    can_send: bool | None
    unread: int
    latest: MarketMessage | None


@dataclass(frozen=True, slots=True)
class OfficialFigures:
    """What the marketplace counted of a shop's service; None: it did not say. Shares are of one."""

    sessions: int
    answered: float | None  # share of the sessions
    satisfied: float | None  # share of the ratings
    minutes: float | None  # until an answer, on average


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order a buyer most likely writes about; money as the platform's decimal text."""

    order_id: str
    status: str
    total: str
    currency: str
    created_at: datetime
    tracking_number: str
    items: tuple[str, ...]
