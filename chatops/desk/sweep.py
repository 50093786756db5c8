"""Forgetting what is of no more use: receipts nobody will send again, lanes that stand empty, paces long caught up,
digests that somebody asked for long ago."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, tuple_
from sqlmodel import col, select

from chatops.desk import report_links
from chatops.model import digest as digests
from chatops.model.inbox import Inbox, InboxState
from chatops.store import lanes
from chatops.store.transaction import Transaction

RECEIPTS_LAST = timedelta(days=30)  # TikTok and Slack send an event again for a day at most; catching up reaches two
ASKED_LAST = timedelta(days=30)  # digests that no plan told of: so long the buttons below them give their numbers
PACES_LAST = timedelta(days=1)  # a scope nobody called for so long starts anew
AT_ONCE = 2_000  # rows one transaction forgets, so that nobody waits for it
# Lanes that come and go by the thousand. Those of threads and buyers stay: their numbers name what was posted; what a
# digest posts is named by when it was put there, too.
PASSING = (
    *("marks:", "whisper:", "learn:", "agent:", "card:", "remove:"),
    *("digest:", "digest-picture:", "digest-file:"),
)


def sweep(tx: Transaction, now: datetime) -> int:
    """Forget some of what is of no more use; return how much, 0 when there is nothing left to forget."""
    asked = digests.forget_asked(tx, now - ASKED_LAST, AT_ONCE)
    return _receipts(tx, now) + _lanes(tx) + _paces(tx, now) + asked + report_links.forget(tx, now)


def _receipts(tx: Transaction, now: datetime) -> int:
    key = (col(Inbox.source), col(Inbox.external_id))
    old = (
        select(*key)
        .where(col(Inbox.state).in_((InboxState.DONE, InboxState.IGNORED)), Inbox.received_at < now - RECEIPTS_LAST)
        .limit(AT_ONCE)
    )
    return tx.execute(delete(Inbox).where(tuple_(*key).in_(old))).rowcount


def _lanes(tx: Transaction) -> int:
    lane = lanes.Lane
    empty = and_(
        col(lane.next_seq) == col(lane.done_seq),
        col(lane.owner).is_(None),
        or_(*(col(lane.key).startswith(prefix) for prefix in PASSING)),
    )
    some = select(lane.key).where(empty).limit(AT_ONCE)
    return tx.execute(delete(lane).where(col(lane.key).in_(some), empty)).rowcount


def _paces(tx: Transaction, now: datetime) -> int:
    pace = lanes.Pace
    idle = and_(col(pace.tat) < now - PACES_LAST, col(pace.open_at) < now)
    some = select(pace.scope).where(idle).limit(AT_ONCE)
    return tx.execute(delete(pace).where(col(pace.scope).in_(some), idle)).rowcount
