"""Many rows are added in one step, as they are; those that are there already stay as they were."""

from datetime import UTC, datetime

from sqlmodel import select

from chatops.model import inbox
from chatops.model.inbox import Inbox, InboxState
from chatops.store import Store, Transaction
from chatops.times import to_milliseconds
from tests.store.rooms import explained

NOON = datetime(2026, 5, 4, 12, 0, 0, 5000, tzinfo=UTC)
ODD = '\'; \\ " 你好 🎁 \u202eback\u200b\n{"a": [1, null]}'


def row(name: str, body: str | None = None, place: int = 1) -> dict[str, object]:
    return {
        "source": "world",
        "external_id": name,
        "scope": "",
        "received_at": NOON,
        "place": place,
        "state": InboxState.RECEIVED,
        "kind": "14",
        "body": body,
        "fault": "",
    }


def bare(name: str, body: str | None, place: int = 1) -> tuple[object, ...]:
    return tuple((row(name, body, place) | {"received_at": to_milliseconds(NOON)}).values())


def every(tx: Transaction) -> dict[str, Inbox]:
    return {one.external_id: one for one in tx.all(Inbox, select(Inbox))}


async def test_rows_come_back_as_they_went_in(store: Store) -> None:
    rows = [row("odd", ODD, 2**52), row(ODD, None), row("long", "x" * 200_000)]
    await store.write(Transaction.insert_ignore_all, Inbox, rows)
    kept = await store.read(every)
    assert {name: (one.body, one.place) for name, one in kept.items()} == {
        "odd": (ODD, 2**52),
        ODD: (None, 1),
        "long": ("x" * 200_000, 1),
    }
    assert (kept["odd"].received_at, kept["odd"].state) == (NOON, InboxState.RECEIVED)


async def test_what_is_there_stays_as_it_was(store: Store) -> None:
    await store.write(Transaction.insert_ignore_all, Inbox, [row("a", "first"), row("a", "again")])
    await store.write(Transaction.insert_ignore_all, Inbox, [row("a", "later"), row("b", "new")])
    assert {name: one.body for name, one in (await store.read(every)).items()} == {"a": "first", "b": "new"}


async def test_what_waits_is_found_without_looking_at_what_is_done(store: Store) -> None:
    values = {"of_source": "world", "at_most": 8}
    assert "inbox_received" in await store.write(explained, inbox.OLDEST_RECEIVED, values)


async def test_who_adds_rows_learns_which_were_new(store: Store) -> None:
    assert await store.write(Transaction.insert_new, Inbox, []) == set()
    await store.write(Transaction.insert_new, Inbox, [bare("a", "first")])
    added = await store.write(
        Transaction.insert_new, Inbox, [bare("a", "later"), bare(ODD, ODD, 2**52), bare("c", None)]
    )
    assert added == {("world", ODD), ("world", "c")}
    kept = await store.read(every)
    assert {name: (one.body, one.place) for name, one in kept.items()} == {
        "a": ("first", 1),
        ODD: (ODD, 2**52),
        "c": (None, 1),
    }
    assert (kept[ODD].received_at, kept[ODD].state) == (NOON, InboxState.RECEIVED)
