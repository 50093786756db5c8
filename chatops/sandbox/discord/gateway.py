"""The gateway: sessions over WebSocket, from HELLO to the close code, and the ways in which a connection goes wrong."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from aiohttp import WSMsgType, web

from chatops.sandbox.discord import gateway_shapes, intents
from chatops.sandbox.discord.gateway_line import Line
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.server import Server
from chatops.sandbox.discord.sessions import Session, Sessions
from chatops.sandbox.faults import Faults, Trouble

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, HEARTBEAT_ACK = (
    0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11,
)  # fmt: skip
LONGEST_FRAME = 4096  # bytes a client may send
MOST_FRAMES = 120  # within a minute
ENDS_SESSION = {1000, 1001}  # a client that closes so does not come back


class _HangUp(Exception):
    """The close code with which the gateway answers."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    """All gateway connections of one world; what is said over them comes from `Carrier`."""

    def __init__(self, server: Server, sessions: Sessions, faults: Faults) -> None:
        self.server = server
        self.faults = faults
        self.sessions = sessions
        self.lines: list[Line] = []
        self.heartbeat_seconds = 45.0
        self.refuse_resumes = 0  # so many of the next resumes end in an invalid session
        self.guilds_missing = 0  # so many of the next sessions hear of no server
        self._ops: dict[int, Callable[[Line, Any], None]] = {
            HEARTBEAT: self._heartbeat, IDENTIFY: self._identify, RESUME: self._resume, MEMBERS: self._members,
            PRESENCE: self._known_only, VOICE: self._known_only,
        }  # fmt: skip

    @property
    def url(self) -> str:
        """Return where clients connect and resume."""
        return f"{self.server.url.replace('http', 'ws', 1)}/gateway/"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket from handshake to close."""
        refusal = self._trouble_at_handshake(request)
        if refusal is not None:
            return refusal
        ws = web.WebSocketResponse(compress=False, timeout=1.0)
        await ws.prepare(request)
        line = Line(ws, request)
        self.lines.append(line)
        writer, goodbye = asyncio.ensure_future(line.write()), None
        try:
            if request.query.get("v") != "10":
                line.hang_up(4012)
            elif request.query.get("encoding", "json") != "json":
                line.hang_up(4002)
            line.send(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000), "_trace": ["sandbox"]})
            goodbye = await self._listen(line)
        finally:
            self.lines.remove(line)
            self._part(line, goodbye)
            if not line.hanging_up:  # a connection dropped before the closing handshake is over hides the close code
                writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
            self.server.changed()
        return ws

    def _trouble_at_handshake(self, request: web.Request) -> web.StreamResponse | None:
        fault = self.faults.take("gateway.handshake")
        if fault is None:
            return None
        if fault.trouble in {Trouble.DROP_BEFORE, Trouble.DROP_AFTER} and request.transport:
            request.transport.abort()
        status = {Trouble.RATE_LIMITED: 429, Trouble.SERVER_ERROR: 500}.get(fault.trouble, 503)
        return web.Response(status=status, text="<html>not now</html>", content_type="text/html")

    async def _listen(self, line: Line) -> int | None:
        """Return the code with which the client closes, None when it says no goodbye."""
        while True:
            frame = await line.ws.receive()
            if frame.type is WSMsgType.CLOSE:
                return int(frame.data)
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return None
            if not line.deaf:
                self._take(line, frame.data)

    def _take(self, line: Line, data: str | bytes) -> None:
        now = self.server.time.now()
        line.received.append(now)
        while line.received[0] < now - timedelta(minutes=1):
            line.received.popleft()
        try:
            self._answer(line, data)
        except _HangUp as refusal:
            line.hang_up(refusal.code)
        self.server.changed()

    def _answer(self, line: Line, data: str | bytes) -> None:
        if len(line.received) > MOST_FRAMES:
            raise _HangUp(4008)
        op, d = _parsed(data)
        if op not in self._ops:
            raise _HangUp(4001)
        self._ops[op](line, d)

    def _heartbeat(self, line: Line, d: Any) -> None:
        session = self._session(line)
        if session is not None and isinstance(d, int):
            session.confirm(d)
        line.send(HEARTBEAT_ACK)

    def _known_only(self, line: Line, d: Any) -> None:  # noqa: ARG002 - presence and voice change nothing here
        if self._session(line) is None:
            raise _HangUp(4003)

    def _session(self, line: Line) -> Session | None:
        return next((session for session in self.sessions.open.values() if session.line is line), None)

    def _app(self, token: Any) -> App:
        bare = str(token).removeprefix("Bot ")
        for app in self.server.apps.values():
            if app.token == bare and not app.revoked:
                return app
        raise _HangUp(4004)

    def _identify(self, line: Line, d: Any) -> None:
        if self._session(line) is not None:
            raise _HangUp(4005)
        if not isinstance(d, dict) or not isinstance(d.get("properties"), dict):
            raise _HangUp(4002)
        app, wanted, shard = self._app(d.get("token")), _intents(d.get("intents")), _shard(d.get("shard", [0, 1]))
        if wanted & intents.PRIVILEGED & ~app.intents:
            raise _HangUp(4014)
        if not self.sessions.may_begin(app, shard[0]):
            line.send(INVALID, d=False)
            return
        session = self.sessions.begin(app, wanted, shard)
        if session is None:
            self.throw_out(app)
            raise _HangUp(4004)
        self._join(line, session)
        session.dispatch("READY", gateway_shapes.ready(self.server, session, self.url, with_shard="shard" in d))
        if self.guilds_missing:
            self.guilds_missing -= 1
            return
        self._tell_guild(session)

    def _join(self, line: Line, session: Session) -> None:
        if session.line is not None:
            session.line.hang_up(4000)
        session.line, session.parted = line, None

    def _tell_guild(self, session: Session) -> None:
        here = gateway_shapes.is_in(self.server, session.app) and session.covers(self.server.id)
        if here and session.intents & intents.GUILDS:
            session.dispatch("GUILD_CREATE", gateway_shapes.guild(self.server, session.app))

    def throw_out(self, app: App) -> None:
        """End every session of an app for good, as a new token does."""
        for session in self.sessions.of(app):
            self.sessions.end(session)
            if session.line is not None:
                session.line.hang_up(4004)

    def _resume(self, line: Line, d: Any) -> None:
        if self._session(line) is not None:
            raise _HangUp(4005)
        if not isinstance(d, dict) or not isinstance(d.get("seq"), int):
            raise _HangUp(4002)
        session = self.sessions.find(self._app(d.get("token")), str(d.get("session_id")))
        if session is not None and d["seq"] > session.seq:
            raise _HangUp(4007)
        if self.refuse_resumes or session is None or not session.reaches_back_to(d["seq"]):
            self.refuse_resumes = max(0, self.refuse_resumes - 1)
            if session is not None:
                self.sessions.end(session)
            line.send(INVALID, d=False)
            return
        self._join(line, session)
        for text in session.missed_since(d["seq"]):
            line.pass_on(text)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})

    def _members(self, line: Line, d: Any) -> None:
        session = self._session(line)
        if session is None:
            raise _HangUp(4003)
        if not isinstance(d, dict) or str(d.get("guild_id")) != self.server.id:  # discord.py sends a number
            raise _HangUp(4002)
        # What Discord does to a session that may not see the list is not published; this tells the program most.
        everyone = not d.get("user_ids") and not d.get("query")
        if everyone and not session.intents & intents.GUILD_MEMBERS:
            raise _HangUp(4014)
        session.dispatch("GUILD_MEMBERS_CHUNK", gateway_shapes.chunk(self.server, d))

    def _part(self, line: Line, code: int | None) -> None:
        session = self._session(line)
        if session is None:
            return
        session.line, session.parted = None, self.server.time.now()
        if code in ENDS_SESSION:
            self.sessions.end(session)

    def of(self, app: App) -> list[Session]:
        """Return the app's sessions that are connected now."""
        return [session for session in self.sessions.of(app) if session.line is not None]

    async def settled(self) -> None:
        """Return once every client has read all that was sent to it: Discord may ask for a heartbeat at any time."""
        while behind := self.behind:
            await asyncio.gather(*(self._catching_up(line, session, session.seq) for line, session in behind))

    @property
    def behind(self) -> list[tuple[Line, Session]]:
        """Return the sessions with news that their clients did not confirm, over lines that can still carry it."""
        connected = [(line, self._session(line)) for line in self.lines if not line.deaf]
        return [(line, session) for line, session in connected if session and session.read < session.seq]

    async def _catching_up(self, line: Line, session: Session, seq: int) -> None:
        line.send(HEARTBEAT)
        await self.server.until(
            lambda: session.read >= seq or session.line is not line or line.deaf, 60, "a client to read what it got"
        )

    def drop(self) -> None:
        """Cut every connection without a goodbye; the sessions can be resumed."""
        for line in tuple(self.lines):
            line.abort()

    def go_deaf(self) -> None:
        """Make every connection half-open: it looks alive, but nothing comes through and no heartbeat is answered."""
        for line in self.lines:
            line.deaf = True

    def hang_up(self, code: int) -> None:
        """Close every connection with one of Discord's close codes."""
        for line in tuple(self.lines):
            line.hang_up(code)

    def ask_to_reconnect(self) -> None:
        """Ask every client to come back and resume, as before a deployment on Discord's side."""
        for line in tuple(self.lines):
            line.send(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Declare every connected session invalid; unless `resumable`, the client must begin anew."""
        for line in tuple(self.lines):
            session = self._session(line)
            if session is not None and not resumable:
                self.sessions.end(session)
            line.send(INVALID, resumable)

    def fall_out(self) -> None:
        """Let the server become unavailable for every session."""
        gone = {"id": self.server.id, "unavailable": True}
        for session in self._everyone():
            if session.intents & intents.GUILDS:
                session.dispatch("GUILD_DELETE", gone)

    def come_back(self) -> None:
        """Tell every session of the server, after an outage or when the news was missing."""
        for session in self._everyone():
            self._tell_guild(session)

    def _everyone(self) -> list[Session]:
        return [session for app in self.server.apps.values() for session in self.sessions.of(app)]

    def close(self) -> None:
        """Cut every connection for good."""
        self.drop()


def _parsed(data: str | bytes) -> tuple[int, Any]:
    if isinstance(data, bytes) or len(data.encode()) > LONGEST_FRAME:
        raise _HangUp(4002)
    try:
        frame = json.loads(data)
    except ValueError:
        raise _HangUp(4002) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
        raise _HangUp(4002)
    return frame["op"], frame.get("d")


def _intents(given: Any) -> int:
    if not isinstance(given, int) or given & ~intents.KNOWN:
        raise _HangUp(4013)
    return given


def _shard(given: Any) -> tuple[int, int]:
    match given:
        case [int(number), int(count)] if 0 <= number < count:
            return number, count
    raise _HangUp(4010)
