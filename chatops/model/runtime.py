"""What all replicas have to agree on while they run."""

from sqlmodel import Field, SQLModel

from chatops.store.transaction import Transaction

TIME_ZONES = "time zones"


class Runtime(SQLModel, table=True):
    """One such fact."""

    name: str = Field(primary_key=True)
    value: str


def value(tx: Transaction, name: str) -> str:
    """Return a fact, "" while nobody has said it."""
    found = tx.get(Runtime, name)
    return "" if found is None else found.value


def say(tx: Transaction, name: str, value: str) -> None:
    """Say a fact for everybody."""
    tx.execute(tx.upsert(Runtime, {"name": name, "value": value}, ["name"], {"value": value}))
