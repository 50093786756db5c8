"""`GET /metrics`: how the product fares, as numbers, in the text that Prometheus and its like read.

Nothing in it names a buyer, an agent or a shop. It is for this machine, or for whoever knows the token.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from hmac import compare_digest
from typing import NamedTuple, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatops import __version__
from chatops.config import LOOPBACK
from chatops.model import backlog
from chatops.model.backlog import Overdue
from chatops.store import lanes
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TIME_ZONES, TimeSource

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = {"forwarded", "via", "x-forwarded-for", "x-real-ip"}  # a proxy on this machine asks for somebody else


class Lateness(Protocol):
    """What the loop that raises alarms knows of itself."""

    beat: datetime | None  # when it last looked
    lateness: list[int]  # how many alarms were late by up to each of `bounds`, and at the end by more
    late_seconds: float  # of all of them together
    bounds: tuple[float, ...]  # seconds
    put_off: int  # how often something could not be done
    agrees: bool  # no other replica counts by newer time zones


class Standing(NamedTuple):
    """What the database says of the present."""

    overdue: Overdue
    waiting: Mapping[str, int]
    ready_since: datetime | None
    given_up: int
    notifications: Mapping[str, int]


class Metrics:
    """Tells numbers; `parts` says which part and chat connection stands."""

    def __init__(
        self, store: Store, time: TimeSource, alarms: Lateness, parts: Callable[[], dict[str, bool]], token: str
    ) -> None:
        self._store = store
        self._time = time
        self._alarms = alarms
        self._parts = parts
        self._token = token

    async def __call__(self, request: Request) -> Response:
        """Answer whoever may ask."""
        if not self._may(request):
            return PlainTextResponse("Ask from this machine, or with the token (CHATOPS_METRICS_TOKEN).", 403)
        now = self._time.now()
        standing = await self._store.read(_standing, now)
        lines = (*self._of_process(), *_of_database(standing, now))
        return Response("\n".join(lines) + "\n", media_type=MEDIA_TYPE)

    def _may(self, request: Request) -> bool:
        if self._token:
            given = request.headers.get("authorization", "").encode()
            return compare_digest(given, f"Bearer {self._token}".encode())
        near = request.client is not None and request.client.host in LOOPBACK
        return near and PASSED_ON.isdisjoint(request.headers)

    def _of_process(self) -> Iterator[str]:
        """Yield what this replica knows of itself."""
        about = {"version": __version__, "time_zones": TIME_ZONES, "database": self._store.dialect}
        yield from _gauge("chatops_info", "The versions that run", [(about, 1)])
        parts = [({"part": name}, int(stands)) for name, stands in self._parts().items()]
        yield from _gauge("chatops_part_up", "Whether a part works, or a chat connection stands (1)", parts)
        counts = int(self._alarms.agrees)
        yield from _gauge("chatops_time_zones_agree", "Whether no replica counts by newer time zones", [({}, counts)])
        beat = self._alarms.beat.timestamp() if self._alarms.beat else 0
        yield from _gauge("chatops_alarms_looked_timestamp_seconds", "When it last looked what is due", [({}, beat)])
        yield from _head("chatops_alarms_put_off_total", "How often an alarm or call failed and was put off", "counter")
        yield _sample("chatops_alarms_put_off_total", {}, self._alarms.put_off)
        name = "chatops_alarm_lateness_seconds"
        yield from _head(name, "How late the alarms of clocks were raised", "histogram")
        total = 0
        for bound, count in zip((*self._alarms.bounds, "+Inf"), self._alarms.lateness, strict=True):
            total += count
            yield _sample(f"{name}_bucket", {"le": str(bound)}, total)
        yield _sample(f"{name}_sum", {}, round(self._alarms.late_seconds, 3))
        yield _sample(f"{name}_count", {}, total)


def _standing(tx: Transaction, now: datetime) -> Standing:
    return Standing(
        backlog.alarms(tx, now),
        lanes.waiting(tx),
        lanes.ready_since(tx, now),
        lanes.given_up(tx),
        backlog.notifications(tx),
    )


def _of_database(found: Standing, now: datetime) -> Iterator[str]:
    """Yield what every replica sees alike."""
    late = partial(_seconds, now=now)
    yield from _gauge("chatops_alarms_overdue", "Alarms and calls whose time has come", [({}, found.overdue.number)])
    yield from _gauge(
        "chatops_alarms_overdue_seconds", "How late the oldest of them is", [({}, late(found.overdue.since))]
    )
    waiting = [({"kind": kind}, count) for kind, count in found.waiting.items()]
    yield from _gauge("chatops_deliveries_waiting", "Effects not carried out yet", waiting)
    yield from _gauge(
        "chatops_deliveries_overdue_seconds", "How long the oldest might have gone", [({}, late(found.ready_since))]
    )
    yield from _gauge("chatops_deliveries_given_up", "Effects that a person should look at", [({}, found.given_up)])
    kept = [({"state": state}, count) for state, count in found.notifications.items()]
    yield from _gauge("chatops_inbox", "Notifications not taken in yet, or not understood (failed)", kept)


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0 if since is None else round((now - since).total_seconds(), 3)


def _gauge(name: str, about: str, samples: Iterable[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    yield from _head(name, about, "gauge")
    yield from (_sample(name, labels, value) for labels, value in samples)


def _head(name: str, about: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {about}.", f"# TYPE {name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    named = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{named}}} {value}" if named else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
