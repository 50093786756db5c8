"""Pictures and videos of messages, as far as they were fetched."""

from enum import StrEnum

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from chatops.store.choices import Choice
from chatops.store.transaction import Transaction


class MediaState(StrEnum):
    """How far a picture or video has come."""

    STORED = "stored"
    REFUSED = "refused"


class Media(SQLModel, table=True):
    """A picture or video of a message, fetched once and kept in the data folder under `path` (relative to it).

    `uploads` maps a chat workspace to the file id that the platform gave for it.
    """

    shop_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    state: MediaState = Field(sa_type=Choice(MediaState))
    fault: str = ""
    path: str = ""
    content_type: str = ""
    size: int = Field(default=0, sa_type=BigInteger)
    sha256: str = ""
    uploads: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


def get(tx: Transaction, shop_id: str, message_id: str) -> Media | None:
    """Return a message's picture or video, once it was fetched or refused."""
    return tx.get(Media, shop_id, message_id)
