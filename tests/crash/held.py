"""What the product itself holds: whether it has something left to do, and what it says was taken back."""

import json
from datetime import datetime

from sqlalchemy import Engine, create_engine, make_url, text

from chatops.store.sqlite import DRIVER
from chatops.times import from_milliseconds
from tests.crash.ledger import Answer

WAITING = text("SELECT count(*) FROM lane WHERE ready_at IS NOT NULL")
STUCK = text(
    "SELECT lane.key, lane.held, lane.ready_at, delivery.attempts, delivery.last_error FROM lane JOIN delivery"
    " ON delivery.lane = lane.key AND delivery.seq = lane.done_seq + 1 ORDER BY lane.key"
)
WORDS = text("SELECT content FROM message WHERE source_id = :source_id AND author = 'agent' AND state = 'sent'")
STATES = text("SELECT state FROM message WHERE source_id = :source_id AND author = 'agent'")


class Held:
    """Looks into the product's database from outside."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: Engine | None = None

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            address = make_url(self._url)
            if address.get_backend_name() == "sqlite":
                self._opened = create_engine(address, module=DRIVER)
            else:
                self._opened = create_engine(address.set(drivername="postgresql+psycopg"))
        return self._opened

    def waiting(self) -> int:
        """Return how many lanes have something to do."""
        with self._engine.connect() as connection:
            return int(connection.scalar(WAITING) or 0)

    def stuck(self, now: datetime) -> list[str]:
        """Return the lanes that are not empty: how often their heads failed, why, and when they are tried again."""
        with self._engine.connect() as connection:
            rows = connection.execute(STUCK).all()
        return [
            f"{lane}: {'held' if held else 'asleep' if ready_at is None else _due(ready_at, now)}, "
            f"tried {attempts} times, {error or 'no error'}"
            for lane, held, ready_at, attempts, error in rows
        ]

    def withdrawn(self, answer: Answer) -> bool:
        """Tell whether an agent's message was taken back, or never taken as an answer."""
        with self._engine.connect() as connection:
            states = connection.scalars(STATES, {"source_id": answer.id}).all()
        return all(state == "withdrawn" for state in states)

    def words(self, answer: Answer) -> list[str]:
        """Return the words the product believes the buyer got from an agent's message."""
        with self._engine.connect() as connection:
            kept = connection.scalars(WORDS, {"source_id": answer.id}).all()
        contents = [json.loads(content) if isinstance(content, str) else content for content in kept]
        return [content["content"] for content in contents]


def _due(ready_at: int, now: datetime) -> str:
    return f"due in {(from_milliseconds(ready_at) - now).total_seconds():.0f} s"
