"""What is of no more use is forgotten; what is needed stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from chatops.desk.sweep import sweep
from chatops.model.digest import Digest
from chatops.model.inbox import Inbox, InboxState
from chatops.store import lanes
from chatops.store.store import Store
from chatops.store.transaction import Transaction

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _receipt(tx: Transaction, name: str, age: timedelta, state: InboxState) -> None:
    tx.insert(Inbox(source="T0TEAM", external_id=name, received_at=NOW - age, state=state))


def _fill(tx: Transaction) -> None:
    _receipt(tx, "old", timedelta(days=31), InboxState.DONE)
    _receipt(tx, "old but not understood", timedelta(days=300), InboxState.FAILED)
    _receipt(tx, "old but not taken in", timedelta(days=31), InboxState.RECEIVED)
    _receipt(tx, "young", timedelta(days=29), InboxState.DONE)
    tx.insert(
        lanes.Pace(
            scope="long idle",
            open_at=NOW - timedelta(days=2),
            spare_at=NOW - timedelta(days=2),
            tat=NOW - timedelta(days=2),
        )
    )
    tx.insert(
        lanes.Pace(
            scope="called lately",
            open_at=NOW - timedelta(days=2),
            spare_at=NOW - timedelta(days=2),
            tat=NOW - timedelta(hours=1),
        )
    )
    tx.insert(
        lanes.Pace(
            scope="told to wait",
            open_at=NOW + timedelta(hours=1),
            spare_at=NOW + timedelta(hours=1),
            tat=NOW - timedelta(days=2),
        )
    )
    for lane in ("marks:done", "marks:waiting", "thread:done", "digest:T0TEAM/#7/done", "digest-picture:T0TEAM/done"):
        seq = lanes.put(tx, lane=lane, scope="s", wide="", priority=1, kind="mark", args={}, not_before=NOW, now=NOW)
        if lane.endswith("done"):
            lanes.cancel(tx, lane, seq or 0, now=NOW)


async def test_old_receipts_empty_passing_lanes_and_idle_paces_go_and_nothing_else(store: Store) -> None:
    await store.write(_fill)

    assert await store.write(sweep, NOW) == 5

    assert {row.external_id for row in await store.read(lambda tx: tx.all(Inbox, select(Inbox)))} == {
        "old but not understood",
        "old but not taken in",
        "young",
    }
    assert {row.key for row in await store.read(lambda tx: tx.all(lanes.Lane, select(lanes.Lane)))} == {
        "marks:waiting",
        "thread:done",
    }
    assert {row.scope for row in await store.read(lambda tx: tx.all(lanes.Pace, select(lanes.Pace)))} == {
        "called lately",
        "told to wait",
    }
    assert await store.write(sweep, NOW) == 0


async def test_digests_somebody_asked_for_go_after_a_month_and_what_plans_told_stays_for_good(store: Store) -> None:
    def ask(tx: Transaction, plan: str, age: timedelta) -> None:
        at = NOW - age
        told: dict[str, Any] = {
            "start_at": at,
            "end_at": at,
            "timezone": "UTC",
            "scope": {},
            "sections": [],
            "locale": "en",
        }
        tx.insert(Digest(workspace_id="T0TEAM", plan=plan, due_at=at, channel_id="", asked_by="li", made_at=at, **told))

    await store.write(ask, "", timedelta(days=31))
    await store.write(ask, "", timedelta(days=29))
    await store.write(ask, "morning", timedelta(days=400))
    assert await store.write(sweep, NOW) == 1
    left = await store.read(lambda tx: tx.all(Digest, select(Digest).order_by(col(Digest.id))))
    assert [(one.plan, one.made_at) for one in left] == [
        ("", NOW - timedelta(days=29)),
        ("morning", NOW - timedelta(days=400)),
    ]
