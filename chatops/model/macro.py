"""Prepared answers: their texts in each language, what the texts were before, and where they were used."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Date, Index, Integer, func
from sqlmodel import Field, SQLModel, col, select

from chatops.store.instants import Instant
from chatops.store.transaction import Transaction

ID_LIMIT = 24  # characters of a macro's id: it stands in a press beside a shop's and a ticket's


class Macro(SQLModel, table=True):
    """A prepared answer; `id` is short and made from letters, digits and hyphens.

    `acts` are verbs with their words as typed behind an exclamation mark ("level logistics"), carried out in their
    order when the answer is sent, "resolve" last. `kinds` and `shop_ids` say where it fits, empty: anywhere.
    `review_by` is the day until when somebody should read it again, `version` counts the changes.
    """

    id: str = Field(primary_key=True)
    name: str
    folder: str = ""
    owner: str = ""
    reviewed_on: date | None = Field(default=None, sa_type=Date)
    review_by: date | None = Field(default=None, sa_type=Date)
    archived: bool = False
    acts: list[str] = Field(default_factory=list, sa_type=JSON)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    shop_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    version: int = 1

    def is_for(self, shop_id: str) -> bool:
        """Tell whether it may be sent to buyers of a shop."""
        return not self.shop_ids or shop_id in self.shop_ids


class MacroText(SQLModel, table=True):
    """What a macro says in one language, and the words buyers use when they need it.

    `signed_off_by`: the native speaker who found this very text good, empty: nobody yet.
    """

    macro_id: str = Field(primary_key=True, foreign_key="macro.id")
    locale: str = Field(primary_key=True)
    text: str
    keywords: list[str] = Field(default_factory=list, sa_type=JSON)
    signed_off_by: str = ""
    signed_off_on: date | None = Field(default=None, sa_type=Date)
    version: int = 1


class MacroVersion(SQLModel, table=True):
    """What a macro said in one language before it was changed, and by whom that was signed off."""

    macro_id: str = Field(primary_key=True, foreign_key="macro.id")
    locale: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str
    signed_off_by: str = ""
    replaced_at: datetime = Field(sa_type=Instant)


class MacroUse(SQLModel, table=True):
    """One answer sent by a macro."""

    __table_args__ = (Index("macro_use_shop", "shop_id", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    shop_id: str
    ticket_id: str
    macro_id: str
    locale: str
    workspace_id: str
    agent_id: str
    at: datetime = Field(sa_type=Instant)


def get(tx: Transaction, macro_id: str) -> Macro | None:
    """Return one macro."""
    return tx.get(Macro, macro_id)


def every(tx: Transaction, *, archived: bool = False) -> list[Macro]:
    """Return the macros by folder and name; with `archived` also those put away."""
    wanted = select(Macro).order_by(col(Macro.folder), col(Macro.name), col(Macro.id))
    return tx.all(Macro, wanted if archived else wanted.where(col(Macro.archived).is_(False)))


def texts(tx: Transaction, macro_id: str) -> list[MacroText]:
    """Return what a macro says, in every language it has."""
    return tx.all(MacroText, select(MacroText).where(MacroText.macro_id == macro_id).order_by(col(MacroText.locale)))


def every_text(tx: Transaction) -> list[MacroText]:
    """Return what all macros say, in every language."""
    return tx.all(MacroText, select(MacroText).order_by(col(MacroText.macro_id), col(MacroText.locale)))


def before(tx: Transaction, macro_id: str, locale: str) -> list[MacroVersion]:
    """Return what a macro said in one language before, newest first."""
    return tx.all(
        MacroVersion,
        select(MacroVersion)
        .where(MacroVersion.macro_id == macro_id, MacroVersion.locale == locale)
        .order_by(col(MacroVersion.version).desc()),
    )


def uses(tx: Transaction, since: datetime, shop_ids: Sequence[str] = ()) -> dict[str, int]:
    """Return how often each macro was sent since an instant, in these shops (none given: in all)."""
    counted = select(MacroUse.macro_id, func.count()).where(col(MacroUse.at) >= since).group_by(col(MacroUse.macro_id))
    rows = tx.execute(counted.where(col(MacroUse.shop_id).in_(shop_ids)) if shop_ids else counted)
    return {macro_id: int(count) for macro_id, count in rows}
