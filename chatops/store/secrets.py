"""Secrets in tables: encrypted before they reach the database, with keys that can be rotated.

The keys belong to an engine: `Keyring([...]).install(engine)` (`open_store(…, keys=…)` does it). There is no
process-wide key, so two stores in one process may have different ones. The first key encrypts; all of them decrypt.

To rotate: put the new key in front, start, run `reencrypt_all` in a unit, then take the old key away.
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, Dialect, Engine, Table, Text, literal, select, type_coerce, update
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from chatops.errors import SetupError
from chatops.store.transaction import table

_installed: WeakKeyDictionary[Dialect, "Keyring"] = WeakKeyDictionary()


class SecretText(str):
    """A secret as plain text that does not show itself in a repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Say that something is there, not what."""
        return "SecretText(…)"


def generate_key() -> str:
    """Return a new random key for `CHATOPS_SECRET_KEY`."""
    return Fernet.generate_key().decode()


class Keyring:
    """Encrypts with the first of its keys, decrypts with any; `SetupError` for keys of a wrong shape."""

    def __init__(self, keys: Iterable[str]) -> None:
        ring = [key.strip() for key in keys if key.strip()]
        try:
            self._fernet = MultiFernet([Fernet(key) for key in ring])
        except ValueError as error:
            raise SetupError(
                "CHATOPS_SECRET_KEY is missing or not a key",
                "`chatops db new-key` prints one; what was encrypted with another key needs that key, too.",
            ) from error

    def __repr__(self) -> str:
        """Hide the keys."""
        return "Keyring(…)"

    def install(self, engine: Engine) -> None:
        """Use these keys for every `Secret` column read or written through `engine`."""
        _installed[engine.dialect] = self

    def encrypt(self, plain: str) -> str:
        """Return the token to store."""
        return self._fernet.encrypt(plain.encode()).decode()

    def decrypt(self, token: str) -> SecretText:
        """Return what was encrypted; `SetupError` when none of the keys fits."""
        try:
            return SecretText(self._fernet.decrypt(token).decode())
        except InvalidToken as error:
            raise _wrong_key() from error

    def reencrypt(self, token: str) -> str:
        """Return the same secret under the first key; `SetupError` when none of the keys fits."""
        try:
            return self._fernet.rotate(token).decode()
        except InvalidToken as error:
            raise _wrong_key() from error


class Secret(TypeDecorator[str]):
    """A text column whose content is encrypted with the engine's keys and read back as `SecretText`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else _keys_of(dialect).encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> SecretText | None:
        """Decrypt."""
        return None if value is None else _keys_of(dialect).decrypt(value)


class FleetingSecret(Secret):
    """A secret that nobody needs for long: what none of the keys opens is as good as gone."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> SecretText | None:
        """Decrypt; None where that cannot be done."""
        keys = _keys_of(dialect)
        try:
            return None if value is None else keys.decrypt(value)
        except SetupError:
            return None


def reencrypt_all(connection: Connection, keys: Keyring, models: Iterable[type[SQLModel]]) -> int:
    """Put every stored secret under the first of `keys`, in the tables of `models`; return how many there were."""
    return sum(
        _reencrypt_column(connection, keys, rows, column.name)
        for rows in map(table, models)
        for column in rows.columns
        if isinstance(column.type, Secret)
    )


def _reencrypt_column(connection: Connection, keys: Keyring, rows_of: Table, name: str) -> int:
    column, identity = rows_of.c[name], list(rows_of.primary_key.columns)
    stored = select(*identity, type_coerce(column, Text).label("token")).where(column.is_not(None))
    rows = connection.execute(stored).all()
    for *values, token in rows:
        this_row = [part == value for part, value in zip(identity, values, strict=True)]
        try:
            renewed = keys.reencrypt(token)
        except SetupError:
            if not isinstance(column.type, FleetingSecret):
                raise
            continue
        connection.execute(update(rows_of).where(*this_row).values({name: type_coerce(literal(renewed), Text)}))
    return len(rows)


def _keys_of(dialect: Dialect) -> Keyring:
    try:
        return _installed[dialect]
    except KeyError:
        raise SetupError("there is no key for stored secrets", "set CHATOPS_SECRET_KEY") from None


def _wrong_key() -> SetupError:
    return SetupError(
        "a stored secret was encrypted with another key",
        "put the former key back, after the new one: CHATOPS_SECRET_KEY=new,former",
    )
