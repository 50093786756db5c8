"""Deliveries that are put into many lanes at once stand there as if each had been put alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select, text

from chatops.store import Store, Transaction
from chatops.store.lanes import Delivery, Lane, Put, put, put_all
from chatops.store.lanes.putting import PUT_ALL
from chatops.store.transaction import table
from tests.store.rooms import explained

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LANES = ("a", "b", "c", "d")
ROUNDS = some.lists(some.dictionaries(some.sampled_from(LANES), some.sampled_from(("told", "paged"))), max_size=4)
BY_KEY = "SEARCH lane USING INDEX", "Conflict Arbiter Indexes: lane_pkey"  # as each database says it
ODD = "'; \\ \" 你好 🎁 \n"


def deliveries(round_of: dict[str, str], number: int) -> list[Put]:
    return [
        Put(lane, f"scope/{lane}", "", 2, kind, {"number": number, "words": ODD, "none": None})
        for lane, kind in round_of.items()
    ]


def stands(tx: Transaction) -> tuple[list[Any], list[Any]]:
    lanes = [tuple(row) for row in tx.execute(select(table(Lane)).order_by(table(Lane).c.key))]
    found = select(table(Delivery)).order_by(table(Delivery).c.lane, table(Delivery).c.seq)
    return lanes, [tuple(row) for row in tx.execute(found)]


def both_ways(tx: Transaction, rounds: Sequence[dict[str, str]]) -> list[tuple[list[Any], list[Any]]]:
    found = []
    for together in (True, False):
        tx.execute(delete(table(Delivery)))
        tx.execute(delete(table(Lane)))
        for number, one in enumerate(rounds):
            if together:
                put_all(tx, deliveries(one, number), NOW)
                continue
            for each in sorted(deliveries(one, number)):
                put(tx, **each._asdict(), not_before=NOW, now=NOW)
        found.append(stands(tx))
    return found


@given(rounds=ROUNDS)
@settings(max_examples=25)
async def test_many_at_once_stand_as_one_by_one(store: Store, rounds: Sequence[dict[str, str]]) -> None:
    together, alone = await store.write(both_ways, rounds)
    assert together == alone


async def test_each_lane_is_looked_up_however_few_there_were_when_the_database_counted_them(store: Store) -> None:
    def counted(tx: Transaction) -> str:
        put_all(tx, deliveries({"a": "told"}, 1), NOW)
        tx.execute(text("ANALYZE"))
        return "\n".join(explained(tx, one, {"rows": []}) for one in PUT_ALL.stated[tx.dialect])

    plan = await store.write(counted)
    assert any(words in plan for words in BY_KEY)
    assert not any(words in plan for words in ("SCAN lane", "Seq Scan on lane"))
