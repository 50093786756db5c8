"""How what is due is done: some of it is taken, held from every other transaction, and then acted on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from chatops.errors import Undone
from chatops.store.transaction import Transaction

Done = int | Sequence[timedelta]  # how much was done, or how late each of it was
Row = TypeVar("Row")
D = TypeVar("D", int, list[timedelta])


class PutOff(NamedTuple):
    """What could not be done and waits now, and why."""

    what: str
    why: BaseException | None


@dataclass(frozen=True, slots=True)
class Sweeper(Generic[Row, D]):
    """A verb that does some of what is due, `at_once` at most.

    `take` holds rows that are due, `act` does what they are due for, and `put_off` lets one of them wait that cannot be
    done, and returns what that is.
    """

    take: Callable[[Transaction, datetime, int], Sequence[Row]]
    act: Callable[[Transaction, Sequence[Row], datetime], D]
    put_off: Callable[[Transaction, Row, datetime], str]
    at_once: int

    def __call__(self, tx: Transaction, now: datetime, limit: int | None = None) -> D:
        """Do what is due, `limit` of it at most; what cannot be done fails with all the rest."""
        return self.act(tx, self.take(tx, now, self.at_once if limit is None else limit), now)

    def first(self, tx: Transaction, now: datetime, until: datetime) -> D | PutOff:
        """Do what is due first, alone; if that cannot be done, it and nothing else waits `until` then.

        It is taken outside of what is undone, so that it stays held until it is put off.
        """
        taken = self.take(tx, now, 1)
        try:
            with tx.undone_on_failure():
                return self.act(tx, taken, now)
        except Undone as undone:
            return PutOff(self.put_off(tx, taken[0], until), undone.__cause__)
