"""The endless line with one buyer, and who that buyer is."""

from datetime import datetime

from sqlalchemy import Index, bindparam, or_
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col, select

from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.rules.languages import primary
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction, table


class Buyer(SQLModel, table=True):
    """Somebody who writes to a shop; `id` is TikTok's im_user_id, `user_id` the one that orders carry.

    `tier` is the one that the team has put them in for this shop, "" none.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    id: str = Field(primary_key=True)
    user_id: str = ""
    nickname: str = ""
    avatar_url: str = ""
    learned_at: datetime | None = Field(default=None, sa_type=Instant)
    blocked_at: datetime | None = Field(default=None, sa_type=Instant)
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Conversation(SQLModel, table=True):
    """One line of messages; `id` is TikTok's, `language` what the buyer writes in ("" while that is not known)."""

    __table_args__ = (Index("conversation_spoken", "shop_id", "id", "language"),)

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    id: str = Field(primary_key=True)
    buyer_id: str | None = None
    tickets: int = 0  # how many tickets it has had
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})


_LOCKED = Prepared(
    select(Conversation)
    .where(
        col(Conversation.shop_id) == bindparam("shop_id"),
        col(Conversation.id) == bindparam("conversation_id"),
    )
    .with_for_update()
)


def known_language(ticket: Ticket, conversation: Conversation | None) -> str:
    """Return what a ticket's buyer reads, as a primary tag: chosen by the team, else heard; "" while nobody knows."""
    return primary(ticket.language or (conversation.language if conversation else ""))


def language_of(ticket: Ticket, conversation: Conversation | None, shop: Shop) -> str:
    """Return the language a ticket's buyer is answered in, as a primary tag: the known one, else the shop's."""
    return known_language(ticket, conversation) or primary(shop.locale)


def get(tx: Transaction, shop_id: str, conversation_id: str) -> Conversation | None:
    """Return one conversation."""
    return tx.one(
        Conversation,
        select(Conversation).where(Conversation.shop_id == shop_id, Conversation.id == conversation_id),
    )


def exist(tx: Transaction) -> bool:
    """Tell whether a buyer has ever written."""
    return bool(tx.scalar(select(col(Conversation.id)).limit(1)))


def buyer(tx: Transaction, shop_id: str, buyer_id: str | None) -> Buyer | None:
    """Return one buyer."""
    return tx.get(Buyer, shop_id, buyer_id)


def tiers(tx: Transaction) -> dict[tuple[str, str], str]:
    """Return the tier of every buyer who is in one, by shop and buyer."""
    found = tx.execute(
        rows_of(*(table(Buyer).c[name] for name in ("shop_id", "id", "tier"))).where(col(Buyer.tier) != "")
    )
    return {(shop_id, buyer_id): tier for shop_id, buyer_id, tier in found}


def learned_at(tx: Transaction, shop_id: str, conversation_id: str) -> datetime | None:
    """Return when a conversation's buyer was last read from the marketplace."""
    found = buyer(tx, shop_id, conversation.buyer_id) if (conversation := get(tx, shop_id, conversation_id)) else None
    return None if found is None else found.learned_at


def lock(tx: Transaction, shop_id: str, conversation_id: str) -> Conversation | None:
    """Return one conversation, held against every other transaction until this one ends."""
    return tx.one(Conversation, _LOCKED, shop_id=shop_id, conversation_id=conversation_id)


def same_buyer(tx: Transaction, known: Buyer) -> list[Buyer]:
    """Return a buyer as every shop knows them: by the same id, or the same one in their orders."""
    same = col(Buyer.id) == known.id
    if known.user_id:
        same = or_(same, col(Buyer.user_id) == known.user_id)
    return tx.all(Buyer, select(Buyer).where(same).order_by(Buyer.shop_id, Buyer.id))
