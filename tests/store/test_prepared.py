"""Prepared statements: the same answers and the same failures as SQLAlchemy's own way."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, select

from chatops.errors import SetupError
from chatops.store import Secret, Store, Transaction, instant_field
from chatops.store.prepared import Prepared, key_among, keys
from chatops.store.transaction import table
from tests.store.rooms import NOON, Parcel, keep, kept


class Shipment(SQLModel, table=True):
    """Something on its way, with everything a column can be."""

    __tablename__ = "test_shipment"

    name: str = Field(primary_key=True)
    leaves: datetime | None = instant_field()
    label: str | None = Field(default=None, sa_type=Secret)
    urgent: bool = False


SHIPMENTS = table(Shipment)
PLAIN = select(Shipment).order_by(col(Shipment.name))
ALL = Prepared(PLAIN)
NAMED = Prepared(select(SHIPMENTS.c.name).where(key_among(SHIPMENTS.c.name, "names")).order_by(SHIPMENTS.c.name))
LEAVES = Prepared(
    update(SHIPMENTS).where(SHIPMENTS.c.name == bindparam("which")).values(leaves=bindparam("leaves"), urgent=True)
)
DROP = Prepared(delete(SHIPMENTS).where(SHIPMENTS.c.leaves <= bindparam("now"), SHIPMENTS.c.urgent.is_(True)))
RENAME = Prepared(update(table(Parcel)).where(table(Parcel).c.name == bindparam("old")).values(name=bindparam("new")))


def send(tx: Transaction, *names: str) -> None:
    for name in names:
        tx.insert(Shipment(name=name, leaves=NOON, label=f"to {name}"))


def named(tx: Transaction, names: list[str]) -> list[str]:
    return [name for (name,) in tx.rows(NAMED, names=keys(names))]


async def test_rows_are_the_same_as_those_of_the_plain_statement(store: Store) -> None:
    await store.write(send, "mia", "Łucja 📦", 'o"\\ne')
    await store.write(lambda tx: tx.change(LEAVES, {"which": "mia", "leaves": None}))
    prepared, plain = await store.read(lambda tx: (tx.all(Shipment, ALL), tx.all(Shipment, PLAIN)))
    assert prepared == plain
    assert [found.leaves for found in prepared if found.urgent] == [None]
    assert {found.label for found in prepared} == {"to mia", "to Łucja 📦", 'to o"\\ne'}


async def test_a_list_of_any_length_is_one_parameter(store: Store) -> None:
    names = [f"{number:04} 'quoted\" Łucja" for number in range(600)]
    await store.write(send, *names)
    for some in ([], names[:1], names[5:7], names):
        assert await store.read(named, some) == some


async def test_many_changes_go_in_one(store: Store) -> None:
    await store.write(send, "mia", "noor", "zoe")
    later = NOON + timedelta(hours=1)
    moved = [{"which": "mia", "leaves": NOON}, {"which": "zoe", "leaves": later}, {"which": "nobody", "leaves": NOON}]
    assert await store.write(lambda tx: tx.change(LEAVES, moved)) == 2
    assert await store.write(lambda tx: tx.change(DROP, {"now": NOON})) == 1
    assert await store.read(lambda tx: tx.scalar(Prepared(select(SHIPMENTS.c.name)))) in {"noor", "zoe"}


async def test_a_value_that_its_column_refuses_is_the_units_own_fault(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await store.write(lambda tx: tx.change(LEAVES, {"which": "mia", "leaves": NOON.replace(tzinfo=None)}))
    with pytest.raises(KeyError, match="which"):
        await store.write(lambda tx: tx.change(LEAVES, {"leaves": NOON}))


async def test_a_row_that_the_database_refuses_leaves_the_others_in_the_batch_alone(store: Store) -> None:
    await store.write(keep, "one")
    await store.write(keep, "two")
    with pytest.raises(IntegrityError):
        await store.write(lambda tx: tx.change(RENAME, {"old": "two", "new": "one"}))
    await store.write(keep, "three")
    assert await store.read(kept) == ["one", "three", "two"]


async def test_a_reader_can_neither_write_by_a_prepared_statement(store: Store) -> None:
    await store.write(send, "mia")
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await store.read(lambda tx: tx.change(DROP, {"now": NOON}))


async def test_what_cannot_be_prepared_says_so_when_it_is_first_asked(store: Store) -> None:
    listed = Prepared(select(Shipment).where(col(Shipment.name).in_(["mia", "noor"])))
    with pytest.raises(TypeError, match="cannot be prepared"):
        await store.read(lambda tx: tx.all(Shipment, listed))


async def test_nothing_is_kept_of_a_transaction_that_nobody_committed(store: Store) -> None:
    await store.write(send, "mia")

    def drop_and_fail(tx: Transaction) -> None:
        tx.change(LEAVES, {"which": "mia", "leaves": NOON})
        assert tx.change(DROP, {"now": NOON}) == 1
        raise SetupError("not today", "try tomorrow")

    with pytest.raises(SetupError):
        await store.write(drop_and_fail)
    assert len(await store.read(lambda tx: tx.all(Shipment, ALL))) == 1
