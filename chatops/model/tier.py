"""The tiers that buyers can be put in, as the desk names them."""

from sqlmodel import Field, SQLModel, col, select

from chatops.rules.choices import choice
from chatops.store.transaction import Transaction


class Tier(SQLModel, table=True):
    """A kind of buyer that is promised something of its own; `position` is its place in `desk.toml`."""

    name: str = Field(primary_key=True)
    position: int = 0


def every(tx: Transaction) -> list[Tier]:
    """Return all of them, in order."""
    return tx.all(Tier, select(Tier).order_by(col(Tier.position), col(Tier.name)))


def names(tx: Transaction) -> list[str]:
    """Return what they are called, in order."""
    return [one.name for one in every(tx)]


def called(tx: Transaction, words: str) -> str | None:
    """Return the tier that somebody means, "" for none of them, None when that cannot be told."""
    said = " ".join(words.split()).casefold()
    whole = next((name for name in names(tx) if name.casefold() == said), None)
    return choice(words, {}) if whole is None else whole
