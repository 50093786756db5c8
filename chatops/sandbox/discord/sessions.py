"""Gateway sessions: who is connected with which intents, what can be replayed, and how often one may begin anew."""

import itertools
import json
import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatops.sandbox.discord.gateway_line import Line
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Json
from chatops.sandbox.storytime import StoryTime

DAY = timedelta(days=1)


@dataclass(eq=False)
class Session:
    """One session of an app; it outlives a dropped connection for a while and keeps what was not confirmed."""

    id: str
    app: App
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    read: int = 0  # the last number its client certainly got
    line: Line | None = None
    parted: datetime | None = None
    kept: deque[tuple[int, str]] = field(default_factory=deque)

    def dispatch(self, name: str, data: Json) -> None:
        """Send a dispatch under the next sequence number and keep it for a resume (which is not news itself)."""
        self.seq += 1
        text = json.dumps({"op": 0, "t": name, "s": self.seq, "d": data})
        self.kept.append((self.seq, "" if name == "RESUMED" else text))
        if self.line is not None:
            self.line.pass_on(text)

    def confirm(self, seq: int) -> None:
        """Forget what the client has certainly got: a heartbeat names the last number it read."""
        self.read = max(self.read, seq)
        while self.kept and self.kept[0][0] <= seq:
            self.kept.popleft()

    def reaches_back_to(self, seq: int) -> bool:
        """Return whether everything after `seq` is still there."""
        return seq == self.seq or bool(self.kept and self.kept[0][0] <= seq + 1)

    def missed_since(self, seq: int) -> list[str]:
        """Return the frames to be sent again, oldest first."""
        return [text for number, text in self.kept if number > seq and text]

    def covers(self, server_id: str) -> bool:
        """Return whether this session's shard is the one of a server."""
        return (int(server_id) >> 22) % self.shard[1] == self.shard[0]


@dataclass
class Allowance:
    """How many sessions an app has begun since `since`, and when the last one of each lane began."""

    since: datetime
    used: int = 0
    last: dict[int, datetime] = field(default_factory=dict)


@dataclass
class Sessions:
    """All sessions of all apps; times are the story's."""

    time: StoryTime
    total: int = 1000  # sessions a day; one more and Discord resets the token
    concurrency: int = 1  # sessions that may begin within `identify_seconds`
    identify_seconds: float = 5.0
    resume_seconds: float = 180.0
    open: dict[str, Session] = field(default_factory=dict)
    _allowances: dict[str, Allowance] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def of(self, app: App) -> list[Session]:
        """Return the app's sessions, those that could still be resumed included, oldest first."""
        for session in tuple(self.open.values()):
            if session.parted and self.time.now() > session.parted + timedelta(seconds=self.resume_seconds):
                self.end(session)
        return [session for session in self.open.values() if session.app is app]

    def find(self, app: App, session_id: str) -> Session | None:
        """Return a session that this app may resume."""
        return next((session for session in self.of(app) if session.id == session_id), None)

    def limit(self, app: App) -> Json:
        """Return `session_start_limit` as `GET /gateway/bot` tells it."""
        mine = self._allowance(app)
        left = mine.since + DAY - self.time.now()
        return {
            "total": self.total, "remaining": max(0, self.total - mine.used),
            "reset_after": max(0, int(left.total_seconds() * 1000)), "max_concurrency": self.concurrency,
        }  # fmt: skip

    def may_begin(self, app: App, shard: int) -> bool:
        """Return whether the app waited long enough since it last began a session in this shard's lane."""
        last = self._allowance(app).last.get(shard % self.concurrency)
        return last is None or self.time.now() - last >= timedelta(seconds=self.identify_seconds)

    def begin(self, app: App, intents: int, shard: tuple[int, int]) -> Session | None:
        """Begin a session; None when the day's allowance is used up, and then the app's token is worthless."""
        mine = self._allowance(app)
        if mine.used >= self.total:
            app.token = secrets.token_urlsafe(24)
            return None
        mine.used += 1
        mine.last[shard[0] % self.concurrency] = self.time.now()
        session = Session(f"{next(self._numbers):04d}{secrets.token_hex(14)}", app, intents, shard)
        self.open[session.id] = session
        return session

    def end(self, session: Session) -> None:
        """Forget a session: it cannot be resumed any more."""
        self.open.pop(session.id, None)

    def _allowance(self, app: App) -> Allowance:
        mine = self._allowances.get(app.id)
        if mine is None or self.time.now() >= mine.since + DAY:
            mine = self._allowances[app.id] = Allowance(self.time.now())
        return mine
