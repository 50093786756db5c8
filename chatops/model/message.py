"""What was said: by buyers, to buyers, and among the team."""

from datetime import datetime
from enum import StrEnum
from hashlib import blake2s
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Index, and_, bindparam, false, or_, text
from sqlmodel import Field, SQLModel, col, select

from chatops.model.thread import Mirror
from chatops.model.ticket import Ticket, TicketState
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction


class Author(StrEnum):
    """Who wrote a message."""

    BUYER = "buyer"
    AGENT = "agent"  # a member of the team, through us
    SELLER_CENTER = "seller_center"  # a person of the shop, elsewhere
    AUTOMATIC = "automatic"  # the shop's robot or the platform


class MessageState(StrEnum):
    """How far a message has come."""

    RECEIVED = "received"  # it is in the marketplace's conversation
    NOTE = "note"  # internal; it never leaves
    WAITING = "waiting"  # an answer on its way to the buyer
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # taken back before it left


class Held(StrEnum):
    """Why an answer does not leave before a person has said so, as the fault it is kept with."""

    BUYER_WROTE = "buyer_wrote"  # after it was written
    TEAMMATE_ANSWERS = "teammate_answers"  # the same buyer, just now
    LINT = "lint"  # a rule found something to look at
    LINT_BLOCK = "lint_block"  # a rule found something that a lead must approve


HELD = frozenset(Held)
_ANSWERING = frozenset((Author.AGENT, Author.SELLER_CENTER))
_THERE = frozenset((MessageState.SENT, MessageState.RECEIVED))


UNSETTLED = text("state IN ('waiting', 'failed')")  # in these very words the index is found again
_ANSWERS = text("answers_since IS NOT NULL")
CONTEXT_KINDS = (  # what the platform says by itself, also in the buyer's name: context for people, not a question
    "ALLOCATED_SERVICE",
    "BUYER_ENTER_FROM_ORDER",
    "BUYER_ENTER_FROM_PRODUCT",
    "BUYER_ENTER_FROM_TRANSFER",
    "NOTIFICATION",
)
_ASKED = text(f"author = 'buyer' AND visible AND kind NOT IN {CONTEXT_KINDS}")
_ABOUT_PRODUCT = text("product_id IS NOT NULL")


class Message(SQLModel, table=True):
    """One utterance.

    `id` is TikTok's message id for what arrived from there, and derived from the agent's own chat message for what a
    member of the team wrote, so that hearing the same thing twice cannot make two. `external_id` is TikTok's id in
    either case, empty until known. `content` is TikTok's inner JSON for the `kind`. The source columns say which chat
    message of which thread an agent wrote; `fault` is the code of why it failed. `sent_at` is when the buyer had an
    answer; `answers_since` stands on one that ended their wait, and says since when they had waited; `first_answer`:
    nobody had answered in its ticket before. `product_id` is what the buyer showed, or from whose page they came.
    """

    __table_args__ = (
        Index("message_external", "shop_id", "external_id"),
        Index("message_conversation", "shop_id", "conversation_id", "said_at"),
        Index(
            "message_unsettled",
            "shop_id",
            "conversation_id",
            "said_at",
            "id",
            sqlite_where=UNSETTLED,
            postgresql_where=UNSETTLED,
        ),
        Index("message_ticket", "shop_id", "ticket_id", "said_at"),
        Index("message_said", "said_at"),
        Index("message_source", "source_workspace_id", "source_channel_id", "source_id"),
        Index("message_asked", "shop_id", "said_at", "ticket_id", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index(
            "message_answers",
            "sent_at",
            "shop_id",
            "answers_since",
            "first_answer",
            "source_workspace_id",
            "agent_id",
            sqlite_where=_ANSWERS,
            postgresql_where=_ANSWERS,
        ),
        Index(
            "message_product",
            "shop_id",
            "said_at",
            "product_id",
            "ticket_id",
            sqlite_where=_ABOUT_PRODUCT,
            postgresql_where=_ABOUT_PRODUCT,
        ),
    )

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    id: str = Field(primary_key=True)
    conversation_id: str
    ticket_id: str | None = None
    external_id: str = ""
    index: int = Field(default=0, sa_type=BigInteger)
    author: Author = Field(sa_type=Choice(Author))
    kind: str = "TEXT"
    content: dict[str, Any] = Field(sa_type=JSON)
    plaintext: str = ""
    visible: bool = True
    state: MessageState = Field(sa_type=Choice(MessageState))
    fault: str = ""
    said_at: datetime = Field(sa_type=Instant)
    leaves_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    agent_id: str | None = None
    source_workspace_id: str | None = None
    source_channel_id: str | None = None
    source_thread_id: str | None = None
    source_id: str | None = None
    lane_seq: int | None = None  # the delivery in the buyer's lane that carries it
    answers_since: datetime | None = Field(default=None, sa_type=Instant)
    first_answer: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    product_id: str | None = None

    @property
    def text(self) -> str:
        """The words of a text message, empty for other kinds."""
        words = self.content.get("content", "")
        return words if isinstance(words, str) else ""

    @property
    def reading(self) -> str:
        """A short name of its words: a press that carries it was made by somebody who read these, and no others."""
        return blake2s(self.text.encode(), digest_size=3).hexdigest()

    @property
    def is_asked(self) -> bool:
        """Whether a buyer wrote it, and it is seen."""
        return self.author is Author.BUYER and self.visible and self.kind not in CONTEXT_KINDS

    @property
    def is_answer(self) -> bool:
        """Whether a person wrote it to the buyer, who has it."""
        return self.author in _ANSWERING and self.state in _THERE and self.visible

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person to let it leave."""
        return self.state == MessageState.FAILED and self.fault in HELD


def get(tx: Transaction, shop_id: str, message_id: str) -> Message | None:
    """Return one message."""
    return tx.get(Message, shop_id, message_id)


def lock(tx: Transaction, shop_id: str, message_id: str) -> Message | None:
    """Return one message, held against every other transaction until this one ends."""
    return tx.one(
        Message, select(Message).where(Message.shop_id == shop_id, Message.id == message_id).with_for_update()
    )


def by_external_id(tx: Transaction, shop_id: str, external_id: str) -> Message | None:
    """Return the message with TikTok's id."""
    return tx.one(
        Message, select(Message).where(Message.shop_id == shop_id, Message.external_id == external_id).limit(1)
    )


def from_source(
    tx: Transaction, workspace_id: str, channel_id: str, source_id: str, *, lock: bool = False
) -> list[Message]:
    """Return what an agent's chat message became: its words and its files, in order.

    `lock`: held against every other transaction until this one ends, for whoever changes them.
    """
    found = (
        select(Message)
        .where(
            Message.source_workspace_id == workspace_id,
            Message.source_channel_id == channel_id,
            Message.source_id == source_id,
        )
        .order_by(Message.id)
    )
    return tx.all(Message, found.with_for_update() if lock else found)


def pieces(tx: Transaction, shop_id: str, message_id: str) -> list[Message]:
    """Return an answer and what was split from it, held against every other transaction until this one ends."""
    return tx.all(
        Message,
        select(Message).where(Message.shop_id == shop_id, piece_of(message_id)).order_by(Message.id).with_for_update(),
    )


def piece_of(message_id: str) -> ColumnElement[bool]:
    """Return what is true of an answer and of what was split from it."""
    return or_(col(Message.id) == message_id, col(Message.id).startswith(f"{message_id}.", autoescape=True))


def mirrored(tx: Transaction, workspace_id: str, channel_id: str, post_id: str) -> list[Message]:
    """Return what a post of ours shows of a conversation, oldest first."""
    return tx.all(
        Message,
        select(Message)
        .join(Mirror, (col(Mirror.shop_id) == Message.shop_id) & (col(Mirror.message_id) == Message.id))
        .where(
            Mirror.workspace_id == workspace_id,
            Mirror.channel_id == channel_id,
            Mirror.external_id == post_id,
        )
        .order_by(col(Message.said_at), col(Message.index)),
    )


_IN_CONVERSATION = Prepared(
    select(Message)
    .where(
        col(Message.shop_id) == bindparam("shop_id"),
        col(Message.conversation_id) == bindparam("conversation_id"),
        UNSETTLED,
    )
    .order_by(col(Message.said_at), col(Message.id))
)


def unsettled(tx: Transaction, shop_id: str, conversation_id: str) -> list[Message]:
    """Return a conversation's answers that are still on their way or failed, oldest first."""
    return tx.all(Message, _IN_CONVERSATION, shop_id=shop_id, conversation_id=conversation_id)


def answered_lately(
    tx: Transaction, shop_id: str, conversation_id: str, since: datetime, *, but: tuple[str, str]
) -> bool:
    """Tell whether somebody else than `but` (workspace and agent) wrote the buyer an answer that waits, or since then.

    People are known by workspace: somebody who is in two is two.
    """
    others = or_(col(Message.source_workspace_id) != but[0], col(Message.agent_id) != but[1])
    fresh = or_(
        col(Message.state) == MessageState.WAITING,
        and_(col(Message.state) == MessageState.SENT, col(Message.sent_at) > since),
    )
    found = tx.scalar(
        select(Message.id)
        .where(
            Message.shop_id == shop_id,
            Message.conversation_id == conversation_id,
            Message.author == Author.AGENT,
            others,
            fresh,
        )
        .limit(1)
    )
    return found is not None


def said_lately(tx: Transaction, shop_id: str, conversation_id: str, agent_id: str, text: str, since: datetime) -> bool:
    """Tell whether somebody of the team wrote this very answer since then, and did not take it back."""
    found = tx.all(
        Message,
        select(Message).where(
            Message.shop_id == shop_id,
            Message.conversation_id == conversation_id,
            Message.agent_id == agent_id,
            col(Message.state).not_in((MessageState.NOTE, MessageState.WITHDRAWN)),
            Message.said_at > since,
        ),
    )
    return any(message.text == text for message in found)


def waiting_in_open_tickets(tx: Transaction, workspace_id: str) -> list[Message]:
    """Return the answers written in a workspace that are still on their way, as far as their tickets are open."""
    return tx.all(
        Message,
        select(Message)
        .join(Ticket, (col(Ticket.shop_id) == Message.shop_id) & (col(Ticket.id) == Message.ticket_id))
        .where(
            Ticket.state == TicketState.OPEN,
            Message.state == MessageState.WAITING,
            Message.source_workspace_id == workspace_id,
        )
        .order_by(col(Message.said_at), col(Message.id)),
    )


def waiting_of(tx: Transaction, workspace_id: str, agent_id: str) -> list[Message]:
    """Return the answers of one member of the team that have not left, oldest first."""
    return tx.all(
        Message,
        select(Message)
        .where(
            Message.source_workspace_id == workspace_id,
            Message.agent_id == agent_id,
            Message.state == MessageState.WAITING,
        )
        .order_by(col(Message.said_at), col(Message.id)),
    )


_WITHOUT_TICKET = Prepared(
    select(Message)
    .where(
        col(Message.shop_id) == bindparam("shop_id"),
        col(Message.conversation_id) == bindparam("conversation_id"),
        col(Message.ticket_id).is_(None),
        col(Message.visible).is_(True),
    )
    .order_by(col(Message.said_at), col(Message.index))
)


def without_ticket(tx: Transaction, shop_id: str, conversation_id: str) -> list[Message]:
    """Return what arrived while no ticket was open and opened none, oldest first."""
    return tx.all(Message, _WITHOUT_TICKET, shop_id=shop_id, conversation_id=conversation_id)


def first_asked(tx: Transaction, shop_id: str, ticket_id: str) -> Message | None:
    """Return the first thing that the buyer said in a ticket."""
    return tx.one(
        Message,
        select(Message)
        .where(Message.shop_id == shop_id, Message.ticket_id == ticket_id, Message.author == Author.BUYER)
        .order_by(col(Message.said_at), col(Message.index))
        .limit(1),
    )


_SAID_IN = Prepared(
    select(Message)
    .where(
        col(Message.shop_id) == bindparam("shop_id"),
        col(Message.ticket_id) == bindparam("ticket_id"),
        or_(col(Message.state) == MessageState.RECEIVED, col(Message.state) == MessageState.SENT),
    )
    .order_by(col(Message.said_at), col(Message.index))
)


def said_in(tx: Transaction, shop_id: str, ticket_id: str) -> list[Message]:
    """Return what buyer and shop said to each other in a ticket, oldest first."""
    return tx.all(Message, _SAID_IN, shop_id=shop_id, ticket_id=ticket_id)


def sent_since(tx: Transaction, instant: datetime, most: int) -> list[Message]:
    """Return the newest texts that the team sent to buyers lately, of every shop."""
    written = col(Message.author) == Author.AGENT, col(Message.state) == MessageState.SENT, Message.kind == "TEXT"
    lately = select(Message).where(col(Message.said_at) >= instant, *written)
    return tx.all(Message, lately.order_by(col(Message.said_at).desc()).limit(most))


def first_after(tx: Transaction, shop_id: str, ticket_id: str, instant: datetime) -> datetime | None:
    """Return when the buyer first said something in a ticket after an instant, if they did."""
    found = tx.scalar(
        select(Message.said_at)
        .where(
            Message.shop_id == shop_id,
            Message.ticket_id == ticket_id,
            Message.author == Author.BUYER,
            Message.said_at > instant,
        )
        .order_by(col(Message.said_at))
        .limit(1)
    )
    return found if isinstance(found, datetime) else None


def answers(tx: Transaction, shop_id: str, ticket_id: str) -> list[Message]:
    """Return the answers that ended a wait in a ticket, in the order in which the buyer had them."""
    ended = col(Message.answers_since).is_not(None)
    return tx.all(
        Message,
        select(Message)
        .where(Message.shop_id == shop_id, Message.ticket_id == ticket_id, ended)
        .order_by(col(Message.sent_at), col(Message.id)),
    )
