"""A clock that cannot speak, by whatever mistake, beside one that can: it alone waits, whoever else is at work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import make_url, update
from sqlmodel import col, select
from structlog.testing import capture_logs

from chatops.desk import alarms, definitions, intake, recounting
from chatops.desk.definitions import Defined
from chatops.desk.sweeping import PutOff
from chatops.errors import Unwritable
from chatops.model import alarm as clocks
from chatops.model import recount
from chatops.model.alarm import Due
from chatops.model.clock import AlarmRaised, Clock, Promised
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.store import Keyring, Store, Transaction, generate_key, open_store, postgres
from chatops.times import SystemTime
from handlers.timers.alarms import PUT_OFF, Alarms
from tests.desk.scenes import NOON, SHOP, Desk, a_desk, heard_from

LATER = NOON + timedelta(minutes=5, seconds=1)
LEVEL = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m", warn=(), urgency=Urgency.CHANNEL),))


class Later(SystemTime):
    """A clock that stands."""

    def now(self) -> datetime:
        """Return the instant at which both clocks are due."""
        return LATER


def promised(tx: Transaction, *buyers: str) -> None:
    """Buyers wait, one after the other; what the one is promised who is sick, nobody can read."""
    definitions.define(tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", LEVEL), None, NOON)
    for number, buyer in enumerate(buyers):
        at = NOON + timedelta(milliseconds=number)
        intake.message_arrived(tx, SHOP, at, heard_from(SenderRole.BUYER, "Where?", number, buyer, at))
    tx.execute(update(Promised).where(col(Promised.ticket_id) == "sick.1").values(calendars=["nonsense"]))


def waiting(tx: Transaction) -> dict[str, datetime | None]:
    """Return when each ticket's clock speaks next."""
    return {one.ticket_id: one.next_alarm_at for one in tx.all(Clock, select(Clock))}


def spoken(tx: Transaction) -> dict[str, datetime]:
    """Return whose clocks have spoken, and when."""
    return {one.ticket_id: one.raised_at for one in tx.all(AlarmRaised, select(AlarmRaised))}


@contextmanager
def another_replica(url: str) -> Iterator[Callable[[], object]]:
    """Yield what lets another replica take, in the midst of its transaction, the clock that is due first.

    On SQLite there is none: whoever writes is alone.
    """
    if url.startswith("sqlite"):
        yield lambda: None
        return
    writing, _ = postgres.engines(make_url(url), 1, 1)
    with writing.connect() as connection, connection.begin():
        beside = Transaction(connection)
        yield lambda: clocks.due(beside, LATER, 1, urgent=False)
    writing.dispose()


async def test_what_is_put_off_is_what_could_not_be_done(busy: Store, database_url: str) -> None:
    await busy.write(promised, "sick", "well")
    loop = Alarms(busy, Later())
    with another_replica(database_url) as takes, capture_logs() as lines:

        def put_off(tx: Transaction, due: Due, until: datetime) -> str:
            takes()
            return alarms.raise_due.put_off(tx, due, until)

        await loop._turn(replace(alarms.raise_due, put_off=put_off))
    await loop._turn(alarms.raise_due)
    assert await busy.read(waiting) == {"sick.1": LATER + PUT_OFF, "well.1": None}
    assert await busy.read(spoken) == {"well.1": LATER}
    named = [line["what"] for line in lines if line["event"] == "alarm_put_off"]
    assert (named, loop.put_off) == ([f"clock {SHOP}/sick.1 first_response 1"], 1)


async def test_what_cannot_even_be_put_off_stays_due(busy: Store) -> None:
    await busy.write(promised, "sick", "well")
    due, loop = await busy.read(waiting), Alarms(busy, Later())

    def put_off(_tx: Transaction, _due: Due, _until: datetime) -> str:
        raise ValueError("this neither")

    with pytest.raises(ValueError, match="this neither"):
        await loop._turn(replace(alarms.raise_due, put_off=put_off))
    assert (await busy.read(waiting), loop.put_off) == (due, 0)


async def test_what_the_database_cannot_take_is_nobodys_sickness(postgres_url: str) -> None:
    store = open_store(postgres_url, time=SystemTime(), keys=Keyring([generate_key()]), lock_wait=postgres.LOCK_TRY)
    await store.start()
    await store.write(a_desk)
    await store.write(promised, "well", "sick")
    due, loop = await store.read(waiting), Alarms(store, Later())
    with psycopg.connect(postgres_url) as stranger:
        stranger.execute("LOCK TABLE alarmraised IN EXCLUSIVE MODE")
        with pytest.raises(Unwritable):
            await loop._turn(alarms.raise_due)
        stranger.rollback()
    assert (await store.read(waiting), loop.put_off) == (due, 0)
    await loop._turn(alarms.raise_due)
    assert await store.read(waiting) == {"sick.1": LATER + PUT_OFF, "well.1": None}
    await store.close()


def test_a_round_goes_past_a_ticket_that_cannot_be_counted_again(desk: Desk) -> None:
    promised(desk.tx, "sick", "well")
    recounting.look_again(desk.tx, NOON)
    first = recounting.move_due.first(desk.tx, NOON, LATER)
    assert isinstance(first, PutOff)
    assert first.what.startswith(f"ticket {SHOP}/sick.1")
    assert [recounting.move_due.first(desk.tx, NOON, LATER) for _ in range(2)] == [1, 0]
    assert desk.tx.scalar(recount.BEGAN_AT) is None
