"""Carrying events and interactions to apps: over sockets or HTTP, with retries, losses and doubles on demand."""

import asyncio
import itertools
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chatops.sandbox.slack.acks import Ack
from chatops.sandbox.slack.events import hearers, outer_body
from chatops.sandbox.slack.http_delivery import HttpDelivery
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.sockets import Sockets
from chatops.sandbox.slack.workspace import Happening, Workspace


@dataclass
class Delivery:
    """The postman. All times are seconds; retries run on the story's clock, an interaction's limit on the real one."""

    workspace: Workspace
    sockets: Sockets
    http: HttpDelivery
    ack_seconds: float = 3.0
    redelivery_seconds: float = 4.0
    retry_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
    lost: list[Json] = field(default_factory=list)
    parked: int = 0  # deliveries that wait for their next attempt
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _running: set["asyncio.Task[Any]"] = field(default_factory=set)
    _in_flight: int = 0
    _held: list[tuple[App, Json]] | None = None
    _drop: int = 0
    _duplicate: int = 0

    def hear(self, happening: Happening) -> None:
        """Send a happening on its way to every app that should hear of it."""
        for app in hearers(self.workspace, happening):
            body = outer_body(self.workspace, app, happening.event, next(self._numbers))
            if self._drop:
                self._drop -= 1
                self.lost.append(body)
                continue
            copies = 1
            if self._duplicate:
                self._duplicate -= 1
                copies = 2
            for _ in range(copies):
                self._dispatch(app, body)

    def drop_next(self, count: int = 1) -> None:
        """Lose the next events silently."""
        self._drop += count

    def duplicate_next(self, count: int = 1) -> None:
        """Deliver each of the next events twice, under the same event_id."""
        self._duplicate += count

    def hold(self) -> None:
        """Keep events back from now on."""
        self._held = self._held if self._held is not None else []

    def release(self, *, shuffled: bool = False) -> None:
        """Deliver what was kept back, newest first when `shuffled` (an order nobody can have by chance)."""
        kept, self._held = self._held or [], None
        for app, body in reversed(kept) if shuffled else kept:
            self._dispatch(app, body)

    async def settled(self) -> None:
        """Return once nothing is on its way or waiting for an answer; far retries and held events do not count."""
        while self._in_flight:
            await self.workspace.until(lambda: not self._in_flight, timeout=60, describe="deliveries to settle")
            await asyncio.sleep(0)

    async def interact(self, app: App, kind: str, payload: Json) -> Ack:
        """Hand over something a person did and return the app's answer within the time Slack allows."""
        with self._counted():
            if not app.socket_mode:
                send = self.http.command if kind == "slash_commands" else self.http.interactive
                return await send(app, payload, self.ack_seconds)
            try:
                async with asyncio.timeout(self.ack_seconds):
                    return await self.sockets.deliver(app, kind, payload, seconds=86_400.0)
            except TimeoutError:
                return Ack(acked=False, reason="operation_timeout")

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something in the background until `close`."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Drop everything that is still on its way."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _dispatch(self, app: App, body: Json) -> None:
        if self._held is not None:
            self._held.append((app, body))
            return
        self._in_flight += 1  # counted from this moment, so that `settled` cannot miss it
        self.spawn(self._carry(app, body))

    async def _carry(self, app: App, body: Json) -> None:
        reason = ""
        for attempt in range(len(self.retry_seconds) + 1):
            ack = await self._try(app, body, attempt, reason)
            if ack.acked:
                self._landed()
                return
            if ack.final or attempt == len(self.retry_seconds):
                break
            reason = ack.reason
            if reason != "timeout":  # a socket that stays silent is tried again at once
                await self._park(self.retry_seconds[attempt])
        self.lost.append(body)
        self._landed()

    async def _try(self, app: App, body: Json, attempt: int, reason: str) -> Ack:
        if app.socket_mode:
            return await self.sockets.deliver(
                app, "events_api", body, self.redelivery_seconds, attempt=attempt, reason=reason
            )
        return await self.http.event(app, body, self.ack_seconds, attempt, reason)

    async def _park(self, seconds: float) -> None:
        self.parked += 1
        self._landed()
        try:
            await self.workspace.time.wait_until(self.workspace.now() + timedelta(seconds=seconds))
        finally:
            self.parked -= 1
            self._in_flight += 1
            self.workspace.changed()

    def _landed(self) -> None:
        self._in_flight -= 1
        self.workspace.changed()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._in_flight += 1
        try:
            yield
        finally:
            self._landed()
