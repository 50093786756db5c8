"""A desk in memory, empty but for its shop and its team's workspace."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chatops.store import Keyring, Store, Transaction, generate_key, open_store, sqlite
from chatops.times import SystemTime
from tests.desk.scenes import SUPPORT, BuyerThere, Desk, Teammate, a_desk, a_route


@pytest.fixture
def engine(sqlite_template: Path) -> Iterator[Engine]:
    """A database in memory with every table and no rows."""
    engine = sqlite.writing_engine(None, timedelta(0))
    Keyring([generate_key()]).install(engine)
    template = sqlite.DRIVER.connect(str(sqlite_template))
    with engine.connect() as connection:
        template.backup(connection.connection.driver_connection)
    template.close()
    yield engine
    engine.dispose()


@pytest.fixture
def tx(engine: Engine) -> Iterator[Transaction]:
    """One transaction for the whole story."""
    with engine.connect() as connection, connection.begin():
        yield Transaction(connection)


@pytest.fixture
def desk(tx: Transaction) -> Desk:
    """A desk whose chats go to one channel."""
    return Desk(tx, a_route(SUPPORT))


@pytest.fixture
def mia(desk: Desk) -> BuyerThere:
    """A buyer."""
    return desk.buyer("mia")


@pytest.fixture
def li(desk: Desk) -> Teammate:
    """An agent."""
    return desk.teammate("li")


@pytest.fixture
def noor(desk: Desk) -> Teammate:
    """Another agent."""
    return desk.teammate("noor")


@pytest.fixture
def asked(desk: Desk, mia: BuyerThere) -> BuyerThere:
    """Mia has asked something, and the thread is there."""
    mia.says("Where is my parcel?")
    desk.carry_out()
    return mia


@pytest.fixture
async def busy(database_url: str) -> AsyncIterator[Store]:
    """A desk on a database with two writers (on SQLite: one) that take one unit at a time."""
    store = open_store(database_url, time=SystemTime(), keys=Keyring([generate_key()]), writer_threads=2, batch_limit=1)
    await store.start()
    await store.write(a_desk)
    yield store
    await store.close()
