"""What the product asks of a chat platform and of a marketplace, in exact types.

Every method either did what it says, or raises a `PlatformError` whose class tells whether it happened:
`RateLimited`, `Unavailable`, `TokenRevoked`, `TargetGone` and `Rejected` mean it did not; `Unsure` means perhaps.
No method tries again by itself where that could do something twice.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from chatops.model.facts import (
    AgentProfile,
    ChatFile,
    MarketConversation,
    MarketMessage,
    OfficialFigures,
    OrderFacts,
    SenderRole,
)
from chatops.model.outlet import OutletKind, Turn
from chatops.ui import Card, Form, Speaker

__all__ = [
    "AgentProfile",
    "ChatFile",
    "MarketConversation",
    "MarketMessage",
    "OfficialFigures",
    "OrderFacts",
    "SenderRole",
]


class Mark(StrEnum):
    """What the bot's reaction on an agent's message says."""

    WAITING = "waiting"  # ⏳ waiting or leaving
    ACCEPTED = "accepted"  # ✅ the marketplace accepted it
    FAILED = "failed"  # ❌ it did not


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel of a workspace, by the platform's ids."""

    workspace_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class ThreadRef:
    """A thread in a channel; `thread_id` is the id of its head."""

    workspace_id: str
    channel_id: str
    thread_id: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One message in a channel, by the platform's id; `thread_id` is the head it stands below ("" for a head)."""

    workspace_id: str
    channel_id: str
    message_id: str
    thread_id: str = ""


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A member of a workspace, by the platform's ids; `channel_id`: where they were written to before, as far as known.

    Whoever is written to there need not be asked for first, which is a call less.
    """

    workspace_id: str
    agent_id: str
    channel_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's proof that something was done: the id it gave, and when (its own clock if it says)."""

    external_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to put into a thread."""

    path: Path
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message a person wrote in a thread, as read back from the chat platform."""

    external_id: str
    thread_id: str
    author_id: str
    text: str
    files: tuple[ChatFile, ...]
    edited: bool
    is_ours: bool
    delivery: str | None  # our delivery id, when we posted it


class ChatPlatform(Protocol):
    """Slack, Discord: where the team sits. `delivery` is our id, stored beside the message so that it can be found."""

    def pieces(self, card: Card) -> list[Card]:
        """Return a card as those that show all of it, each in one message; one that fits stays as it is."""
        ...

    async def open_thread(self, channel: ChannelRef, card: Card, delivery: str) -> Receipt:
        """Post the head of a thread; the receipt's id names both the message and the thread."""
        ...

    async def post(self, thread: ThreadRef, card: Card, delivery: str, speaker: Speaker | None = None) -> Receipt:
        """Post a message into a thread; under a speaker's name where the platform can and lets us."""
        ...

    async def open_below(self, head: ThreadRef, card: Card) -> None:
        """Open the thread below a message of ours, unless there is one; what shows `card` lends it its name."""
        ...

    async def upload(self, thread: ThreadRef, upload: Upload) -> str:
        """Hand a file to the platform without showing it yet; return the file id a `ui.Picture` names."""
        ...

    async def share(self, thread: ThreadRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Post a file that no `ui.Picture` can show into a thread, with `card` beside it; "": the channel itself."""
        ...

    async def redraw(self, message: MessageRef, card: Card) -> None:
        """Replace one of our own messages."""
        ...

    async def mark(self, message: MessageRef, mark: Mark | None) -> None:
        """Make `mark` the only mark of ours on a message (None: no mark)."""
        ...

    async def whisper(
        self, thread: ThreadRef, agent_id: str, card: Card, trigger: str = "", delivery: str = ""
    ) -> MessageRef | None:
        """Show a card to one person only; may get lost, so never the only way to say something important.

        `trigger` is what the person's last press in this thread gave. Returns the message when others can see it too:
        it is to be removed soon.
        """
        ...

    async def direct(self, person: PersonRef, card: Card, delivery: str) -> MessageRef:
        """Write to one person, who is notified; the message is redrawn and removed as any other.

        Raises:
            TargetGone: nothing can be written to them: they left, or take no messages of ours.
        """
        ...

    async def share_direct(self, person: PersonRef, upload: Upload, card: Card, delivery: str) -> Receipt:
        """Send a file to one person, with `card` beside it; `find_direct` finds it; raises as `direct`."""
        ...

    async def find_direct(self, person: PersonRef, delivery: str, since: datetime) -> MessageRef | None:
        """Look whether `delivery` has been written to a person (at `since` or later); raises as `direct`."""
        ...

    async def set_group(self, workspace_id: str, group_id: str, members: Sequence[str], former: Sequence[str]) -> None:
        """Make `members` those of a user group or role, and take it from the `former`; repeatable.

        Slack replaces all who are in the group, and disables it when there are none, until there are some again; in
        Discord nobody else than `former` loses the role.
        """
        ...

    async def remove(self, message: MessageRef) -> None:
        """Delete one of our own messages; one that is gone already is fine."""
        ...

    async def show_form(self, trigger: str, form: Form, place: ThreadRef | None = None) -> None:
        """Open a form for the person whose press gave `trigger`; `place` is the thread it is about."""
        ...

    async def find(self, place: ChannelRef | ThreadRef, delivery: str, since: datetime) -> Receipt | None:
        """Look whether the message of `delivery` is there (posted at `since` or later)."""
        ...

    def messages_after(self, thread: ThreadRef, message_id: str) -> AsyncIterator[ChatMessage]:
        """Read a thread's messages that are newer than `message_id`, oldest first."""
        ...

    async def download(self, file: ChatFile, limit: int) -> bytes:
        """Read a file somebody posted; `Rejected("file_too_large")` beyond `limit` bytes."""
        ...

    async def profile(self, agent_id: str) -> AgentProfile:
        """Read who somebody is."""
        ...


@dataclass(frozen=True, slots=True)
class ShopRef:
    """A connected shop, by TikTok's id."""

    shop_id: str


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """Words for a buyer."""

    text: str


@dataclass(frozen=True, slots=True)
class OutgoingImage:
    """An uploaded picture for a buyer, as the upload call described it."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class OutgoingProduct:
    """A product card for a buyer."""

    product_id: str


@dataclass(frozen=True, slots=True)
class OutgoingOrder:
    """An order card for a buyer."""

    order_id: str


Outgoing = OutgoingText | OutgoingImage | OutgoingProduct | OutgoingOrder


@dataclass(frozen=True, slots=True)
class ConnectedShop:
    """A shop that a seller's authorization opens."""

    shop_id: str
    name: str
    region: str
    cipher: str


@dataclass(frozen=True, slots=True)
class Translation:
    """Words in another language; `language` is the one they were in, as far as the service could tell."""

    text: str
    language: str


class Translator(Protocol):
    """A service that translates; it reads what buyers wrote, so nobody has one who did not ask for it."""

    async def translate(self, text: str, to: str) -> Translation:
        """Return a text in another language (a primary tag such as "th"); asking again does no harm."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to say outside the chat about one page."""

    key: str  # the page's: the same for all its turns
    turn: Turn
    summary: str
    link: str = ""
    source: str = "chatops"
    critical: bool = False
    at: datetime | None = None


class Outlets(Protocol):
    """What the ways out can do."""

    async def send(self, kind: OutletKind, address: str, call: Call) -> None:
        """Carry a call out; doing it again does no harm at PagerDuty, and says it twice elsewhere.

        Raises:
            PlatformError: it did not arrive.
        """
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class Marketplace(Protocol):
    """TikTok Shop: where the buyers are."""

    async def send(self, shop: ShopRef, conversation_id: str, content: Outgoing) -> Receipt:
        """Send to a buyer."""
        ...

    async def upload_image(self, shop: ShopRef, data: bytes, name: str) -> OutgoingImage:
        """Hand over a picture (jpg, png, gif or webp, at most 10 MB)."""
        ...

    async def conversations(self, shop: ShopRef, page_token: str = "") -> tuple[Sequence[MarketConversation], str]:
        """Read one page of conversations (at most 20) and the token of the next page ("" at the end)."""
        ...

    async def conversation(self, shop: ShopRef, conversation_id: str) -> MarketConversation:
        """Read who takes part in a conversation."""
        ...

    async def messages(
        self, shop: ShopRef, conversation_id: str, page_token: str = ""
    ) -> tuple[Sequence[MarketMessage], str]:
        """Read one page of messages (at most 10), newest first, and the token of the next page ("" at the end)."""
        ...

    async def mark_read(self, shop: ShopRef, conversation_id: str) -> None:
        """Mark a conversation's buyer messages as read."""
        ...

    async def latest_order(self, shop: ShopRef, buyer_user_id: str) -> OrderFacts | None:
        """Read the buyer's newest order; None when there is none or the scope is not granted."""
        ...

    async def official_figures(self, shop: ShopRef, start: date, end: date) -> OfficialFigures | None:
        """Read what the marketplace counted of the days from `start` up to, and without, `end`; None: not granted."""
        ...

    async def fetch_media(self, shop: ShopRef, url: str, limit: int) -> bytes:
        """Read a picture or video of a message; `Rejected("file_too_large")` beyond `limit` bytes."""
        ...

    async def keep_fresh(self, shop: ShopRef) -> None:
        """See to it that the shop's permission does not run out unused."""
        ...
