"""Columns with a meaning of their own: instants and secrets."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Field, SQLModel, select, text

from chatops.errors import SetupError
from chatops.store import Keyring, Secret, SecretText, Store, Transaction, generate_key, instant_field, open_store
from chatops.store.secrets import FleetingSecret, reencrypt_all
from chatops.times import SystemTime, from_milliseconds, to_milliseconds


class Visit(SQLModel, table=True):
    """Somebody came at an instant, with a pass."""

    __tablename__ = "test_visit"

    name: str = Field(primary_key=True)
    at: datetime = instant_field()
    pass_word: str | None = Field(default=None, sa_type=Secret)
    ticket: str | None = Field(default=None, sa_type=FleetingSecret)


def come(tx: Transaction, name: str, at: datetime, pass_word: str | None = None) -> None:
    tx.insert(Visit(name=name, at=at, pass_word=pass_word))


def visit(tx: Transaction, name: str) -> Visit | None:
    return tx.one(Visit, select(Visit).where(Visit.name == name))


NOON = datetime(2026, 5, 4, 12, 0, 0, 123_000, tzinfo=UTC)


async def test_an_instant_comes_back_in_utc(store: Store) -> None:
    await store.write(come, "mia", NOON.astimezone(timezone(timedelta(hours=7))))
    found = await store.read(visit, "mia")
    assert found is not None
    assert (found.at, found.at.tzinfo) == (NOON, UTC)


async def test_instants_are_compared_as_instants(store: Store) -> None:
    await store.write(come, "mia", NOON)
    await store.write(come, "noor", NOON + timedelta(days=20_000))
    early = select(Visit).where(Visit.at <= NOON.astimezone(timezone(timedelta(hours=-9))))
    assert [found.name for found in await store.read(lambda tx: tx.all(Visit, early))] == ["mia"]


async def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await store.write(come, "mia", NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        await store.read(lambda tx: tx.all(Visit, select(Visit).where(Visit.at < NOON.replace(tzinfo=None))))


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_loses_less_than_a_millisecond(instant: datetime) -> None:
    lost = instant - from_milliseconds(to_milliseconds(instant))
    assert timedelta(0) <= lost < timedelta(milliseconds=1)


async def test_a_secret_is_not_stored_in_the_clear(store: Store) -> None:
    await store.write(come, "mia", NOON, "open sesame")
    stored = await store.read(lambda tx: tx.scalar(text("SELECT pass_word FROM test_visit")))
    assert "sesame" not in stored
    found = await store.read(visit, "mia")
    assert found is not None
    assert found.pass_word == "open sesame"


async def test_a_secret_does_not_show_itself(store: Store) -> None:
    await store.write(come, "mia", NOON, "open sesame")
    found = await store.read(visit, "mia")
    assert "sesame" not in repr(found)
    assert "sesame" not in repr([SecretText("open sesame")])
    assert f"Bearer {SecretText('open sesame')}" == "Bearer open sesame"


async def test_a_failing_statement_does_not_tell_what_it_was_about(store: Store) -> None:
    await store.write(come, "mia", NOON, "open sesame")
    with pytest.raises(Exception, match="test_visit") as failure:
        await store.write(come, "mia", NOON, "open sesame")
    assert "sesame" not in str(failure.value)
    assert "'mia'" not in str(failure.value)


async def test_keys_are_rotated_without_losing_a_secret(database_url: str) -> None:
    former, latest = generate_key(), generate_key()

    async def with_keys(*keys: str) -> Store:
        store = open_store(database_url, time=SystemTime(), keys=Keyring(keys))
        await store.start()
        return store

    store = await with_keys(former)
    await store.write(come, "mia", NOON, "open sesame")
    await store.write(come, "noor", NOON)
    await store.close()

    store = await with_keys(latest, former)
    assert await store.write(lambda tx: reencrypt_all(tx.connection, Keyring([latest, former]), [Visit])) == 1
    await store.close()

    store = await with_keys(latest)
    found = await store.read(visit, "mia")
    assert found is not None
    assert found.pass_word == "open sesame"
    await store.close()

    store = await with_keys(former)
    with pytest.raises(SetupError) as refusal:
        await store.read(visit, "mia")
    assert "CHATOPS_SECRET_KEY" in refusal.value.remedy
    await store.close()


async def test_a_fleeting_secret_of_a_lost_key_stands_in_nobodys_way(database_url: str) -> None:
    lost, latest = Keyring([generate_key()]), Keyring([generate_key()])
    store = open_store(database_url, time=SystemTime(), keys=lost)
    await store.start()
    await store.write(lambda tx: tx.insert(Visit(name="mia", at=NOON, ticket="good for a minute")))
    found = await store.read(visit, "mia")
    assert found is not None
    assert found.ticket == "good for a minute"
    await store.close()

    store = open_store(database_url, time=SystemTime(), keys=latest)
    await store.start()
    found = await store.read(visit, "mia")
    assert found is not None
    assert found.ticket is None
    await store.write(lambda tx: reencrypt_all(tx.connection, latest, [Visit]))
    await store.close()


@pytest.mark.parametrize("keys", [[], [""], ["short"], [generate_key(), "short"]])
def test_something_that_is_no_key_is_a_matter_of_setup(keys: list[str]) -> None:
    with pytest.raises(SetupError):
        Keyring(keys)


async def test_without_a_key_secrets_are_neither_written_nor_read(sqlite_url: str) -> None:
    store = open_store(sqlite_url, time=SystemTime())
    await store.start()
    await store.write(come, "mia", NOON)
    with pytest.raises(SetupError):
        await store.write(come, "noor", NOON, "open sesame")
    await store.close()
