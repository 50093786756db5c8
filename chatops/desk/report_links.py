"""Links to a report for people outside of the chat: made for some days, withdrawn, and what is read there."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import col

from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import report_link as links
from chatops.model import setting
from chatops.model.agent import Agent, Role
from chatops.model.digest import Digest
from chatops.model.report_link import ReportLink
from chatops.store.transaction import Transaction


class Made(NamedTuple):
    """A new link: its number, its secret, which nobody can read here again, and until when it is good."""

    number: int
    secret: str
    expires_at: datetime


def made(tx: Transaction, digest: Digest, agent_id: str, page: str, now: datetime) -> Made:
    """Make a new link to the page of a digest, in place of the one somebody made before."""
    for before in links.open_of(tx, digest.id or 0, agent_id):
        tx.update(before, withdrawn_at=now, page="")
    # Letters and digits alone: what ends with another sign, mail programs cut off.
    secret, until = secrets.token_hex(24), now + timedelta(days=setting.value(tx, "report_link_days"))
    link = ReportLink(
        workspace_id=digest.workspace_id,
        digest_id=digest.id or 0,
        agent_id=agent_id,
        secret_hash=_hash(secret),
        page=page,
        made_at=now,
        expires_at=until,
    )
    tx.insert(link)
    return Made(link.id or 0, secret, until)


def withdraw(tx: Transaction, agent: Agent, ref: str, now: datetime) -> None:
    """Let the link of a number show nothing any more; done before, it is done.

    Raises:
        Refused: their team has no such link.
    """
    link = links.get(tx, int(ref)) if ref.isdecimal() else None
    if link is None or link.workspace_id != agent.workspace_id:
        raise Refused(Refusal.STALE)
    if link.withdrawn_at is None:
        tx.update(link, withdrawn_at=now, page="")


def read(tx: Transaction, secret: str, now: datetime) -> str | None:
    """Return the page behind a link; None: made up, expired or withdrawn, its maker leads no more, or none are wanted.

    It is sought by its hash, so how long that takes tells nothing of a secret.
    """
    link = links.known(tx, _hash(secret))
    if link is None or link.withdrawn_at is not None or link.expires_at <= now:
        return None
    if not setting.value(tx, "report_link_days"):
        return None
    return link.page if _is_a_leads(tx, link) else None


def withdraw_of_former_leads(tx: Transaction, now: datetime) -> None:
    """Let the links of those who lead no more show nothing, also when they lead once again."""
    for link in links.every_open(tx, now):
        if not _is_a_leads(tx, link):
            tx.update(link, withdrawn_at=now, page="")


def _is_a_leads(tx: Transaction, link: ReportLink) -> bool:
    maker = agents.get(tx, link.workspace_id, link.agent_id)
    return maker is not None and maker.standing in (Role.LEAD, Role.OWNER)


def forget(tx: Transaction, now: datetime) -> int:
    """Forget the pages behind links that have expired; that there was a link is kept."""
    over = col(ReportLink.expires_at) <= now, col(ReportLink.page) != ""
    return tx.execute(update(ReportLink).where(*over).values(page="")).rowcount


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
