"""Socket Mode: tickets, WebSocket connections, envelopes and their acknowledgements."""

import asyncio
import json
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.slack.acks import Ack, answered
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.workspace import Workspace

MOST_CONNECTIONS = 10
PING_SECONDS = 15.0
PARTING_SECONDS = 0.2
WITH_BODY = ("slash_commands", "view_submission", "block_suggestion", "block_actions")


@dataclass(eq=False)
class Connection:
    """One WebSocket of an app; a frozen one is half-open: nothing goes in or out although it looks alive."""

    app_id: str
    ws: web.WebSocketResponse
    request: web.Request
    frozen: bool = False
    closing: "asyncio.Future[None] | None" = None
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, frame: Json) -> None:
        """Send one JSON frame, or swallow it when the line is dead."""
        if not self.frozen and not self.ws.closed:
            with suppress(ConnectionError):
                await self.ws.send_str(json.dumps(frame))

    async def part(self) -> None:
        """After the goodbye: let the other side hang up first, as Slack's clients do, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PARTING_SECONDS):
                await self.left.wait()
        await self.ws.close()

    def abort(self) -> None:
        """Cut the line without a closing handshake."""
        if self.request.transport:
            self.request.transport.abort()


@dataclass
class Sockets:
    """All Socket Mode connections of all apps of the workspace."""

    workspace: Workspace
    faults: Faults
    tickets: dict[str, str] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    same_envelope_id: bool = False
    _waiting: dict[str, "asyncio.Future[Json]"] = field(default_factory=dict)
    _first_ids: dict[str, str] = field(default_factory=dict)

    def of(self, app: App) -> list[Connection]:
        """Return the app's open connections."""
        return [line for line in self.connections if line.app_id == app.app_id and not line.ws.closed]

    def open(self, app: App) -> str:
        """Return a WebSocket address that works for one handshake."""
        ticket = secrets.token_hex(12)
        self.tickets[ticket] = app.app_id
        return f"{self.workspace.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={app.app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket from handshake to close."""
        app_id = self.tickets.pop(request.query.get("ticket", ""), None)
        refusal = await self._trouble_at_handshake(request)
        if refusal is not None:
            return refusal
        if app_id is None:
            return web.Response(status=404, text="unknown or used ticket")
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        line = Connection(app_id, ws, request)
        if len([other for other in self.connections if other.app_id == app_id]) >= MOST_CONNECTIONS:
            await line.send(self._goodbye("too_many_websockets"))
            await ws.close()
            return ws
        await self._serve(line)
        return ws

    async def _trouble_at_handshake(self, request: web.Request) -> web.StreamResponse | None:
        fault = self.faults.take("socket.handshake")
        match fault.trouble if fault else None:
            case None:
                return None
            case Trouble.SLOW if fault:
                pause: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                await answered(pause, self.workspace.time, fault.seconds)
                return None
            case Trouble.RATE_LIMITED if fault:
                return web.Response(status=429, headers={"Retry-After": str(fault.retry_after or 1)})
            case Trouble.DROP_BEFORE | Trouble.DROP_AFTER | Trouble.GARBAGE:
                if request.transport:
                    request.transport.abort()
                return web.Response(status=503)
            case Trouble.SERVER_ERROR:
                return web.Response(status=500, text="<html>error</html>", content_type="text/html")
        return web.Response(status=503, text="<html>unavailable</html>", content_type="text/html")

    async def _serve(self, line: Connection) -> None:
        self.connections.append(line)
        pings = asyncio.ensure_future(self._ping(line))
        count = len([other for other in self.connections if other.app_id == line.app_id])
        try:
            await line.send(
                {
                    "type": "hello", "num_connections": count, "connection_info": {"app_id": line.app_id},
                    "debug_info": {"host": "applink-sandbox", "build_number": 54, "approximate_connection_time": 3600,
                                   "started": self.workspace.now().strftime("%Y-%m-%d %H:%M:%S.000")},
                }
            )  # fmt: skip
            self.workspace.changed()
            await self._listen(line)
            line.left.set()
            if line.closing:
                await line.closing  # a connection dropped before the closing handshake is over looks like an error
        finally:
            pings.cancel()
            self.connections.remove(line)
            self.workspace.changed()

    async def _listen(self, line: Connection) -> None:
        async for frame in line.ws:
            if line.frozen:
                continue
            if frame.type is WSMsgType.PING:
                await line.ws.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._take_ack(frame.data)

    def _take_ack(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if waiting and not waiting.done():
            waiting.set_result(ack)

    async def _ping(self, line: Connection) -> None:
        while not line.ws.closed:  # the Node client leaves a server that is silent for 30 s
            await asyncio.sleep(PING_SECONDS)
            if not line.frozen:
                with suppress(ConnectionError):
                    await line.ws.ping()

    async def deliver(
        self, app: App, kind: str, payload: Json, seconds: float, *, attempt: int | None = None, reason: str = ""
    ) -> Ack:
        """Send one envelope over any of the app's connections and wait for its acknowledgement."""
        lines = self.of(app)
        if not lines:
            return Ack(acked=False, reason="connection_failed")
        envelope_id = self._envelope_id(payload)
        frame: Json = {
            "envelope_id": envelope_id, "type": kind, "payload": payload,
            "accepts_response_payload": kind in WITH_BODY or payload.get("type") in WITH_BODY,
        }  # fmt: skip
        if attempt is not None:
            frame |= {"retry_attempt": attempt, "retry_reason": reason}
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        try:
            await self._send(random.choice(lines), frame)  # noqa: S311 - any connection will do
            if not await answered(future, self.workspace.time, seconds):
                return Ack(acked=False, reason="timeout")
            return Ack(acked=True, body=future.result().get("payload"))
        finally:
            self._waiting.pop(envelope_id, None)

    def _envelope_id(self, payload: Json) -> str:
        def new() -> str:
            return f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(8)}"

        event_id = payload.get("event_id", "")
        return self._first_ids.setdefault(event_id, new()) if self.same_envelope_id and event_id else new()

    async def _send(self, line: Connection, frame: Json) -> None:
        fault: Fault | None = self.faults.take("socket.envelope")
        if fault is None:
            await line.send(frame)
            return
        if fault.trouble is Trouble.SLOW:
            pause: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            await answered(pause, self.workspace.time, fault.seconds)
        if fault.trouble in {Trouble.SLOW, Trouble.DROP_AFTER}:
            await line.send(frame)
        if fault.trouble is not Trouble.SLOW:
            line.abort()

    async def disconnect(self, reason: str) -> None:
        """End every connection; `abrupt` cuts the line, `half_open` freezes it, `warning` only warns."""
        for line in tuple(self.connections):
            match reason:
                case "abrupt":
                    line.abort()
                case "half_open":
                    line.frozen = True
                case "warning":
                    await line.send(self._goodbye(reason))
                case _:
                    await line.send(self._goodbye(reason))
                    line.closing = asyncio.ensure_future(line.part())
        self.workspace.changed()

    async def close(self) -> None:
        """Close every connection for good."""
        for line in tuple(self.connections):
            line.abort()

    @staticmethod
    def _goodbye(reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
