"""The links by which owners read a report: one secret each, good for some days, and gone once withdrawn."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, bindparam
from sqlmodel import Field, SQLModel, col, select

from chatops.store.instants import Instant, instant_field
from chatops.store.prepared import Prepared
from chatops.store.transaction import Transaction

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class ReportLink(SQLModel, table=True):
    """Who knows the secret of a link reads the page of a digest until it expires; of the secret there is only a hash.

    `agent_id` made it. The row stays and tells who let a report out, when, and until when; the `page` goes ("").
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    workspace_id: str = Field(foreign_key="workspace.id")
    digest_id: int = Field(sa_type=_NUMBER)
    agent_id: str
    secret_hash: str = Field(unique=True)
    page: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = instant_field(default=None)


_BY_HASH = Prepared(select(ReportLink).where(col(ReportLink.secret_hash) == bindparam("secret_hash")))


def get(tx: Transaction, number: int) -> ReportLink | None:
    """Return one link."""
    return tx.one(ReportLink, select(ReportLink).where(ReportLink.id == number))


def known(tx: Transaction, secret_hash: str) -> ReportLink | None:
    """Return the link whose secret has this hash."""
    return tx.one(ReportLink, _BY_HASH, secret_hash=secret_hash)


def every_open(tx: Transaction, now: datetime) -> list[ReportLink]:
    """Return the links that show something."""
    good = col(ReportLink.withdrawn_at).is_(None), ReportLink.expires_at > now
    return tx.all(ReportLink, select(ReportLink).where(*good))


def open_of(tx: Transaction, digest_id: int, agent_id: str) -> list[ReportLink]:
    """Return the links to a digest that somebody made and did not withdraw."""
    theirs = ReportLink.digest_id == digest_id, ReportLink.agent_id == agent_id
    return tx.all(ReportLink, select(ReportLink).where(*theirs, col(ReportLink.withdrawn_at).is_(None)))
