"""Carrying what happens to the sessions that hear it, with losses, doubles and a wrong order on demand."""

from chatops.sandbox.discord import gateway_shapes, intents
from chatops.sandbox.discord.server import Happening, Server
from chatops.sandbox.discord.sessions import Sessions


class Carrier:
    """The way from the server to the gateway's sessions; the faults count happenings, not sessions."""

    def __init__(self, server: Server, sessions: Sessions) -> None:
        self.server = server
        self.sessions = sessions
        self.interactions_to = "all"  # sessions of the app that get an interaction: "all", or "one": the newest
        self._lose = 0
        self._double = 0
        self._held: list[Happening] | None = None

    def hear(self, happening: Happening) -> None:
        """Carry a happening to every session that should hear of it."""
        if self._lose:
            self._lose -= 1
            return
        copies = 2 if self._double else 1
        self._double = max(0, self._double - 1)
        for _ in range(copies):
            if self._held is None:
                self._dispatch(happening)
            else:
                self._held.append(happening)

    def _dispatch(self, happening: Happening) -> None:
        for app in [happening.only] if happening.only else self.server.apps.values():
            sessions = [session for session in self.sessions.of(app) if session.covers(self.server.id)]
            if happening.name == "INTERACTION_CREATE" and self.interactions_to == "one":
                sessions = sessions[-1:]
            if not gateway_shapes.may_see(self.server, app, happening.channel_id):
                continue
            for session in sessions:
                data = intents.seen(happening.name, happening.data, app.bot.id, session.intents)
                if data is not None:
                    session.dispatch(happening.name, data)

    def lose_next(self, count: int = 1) -> None:
        """Lose the next dispatches silently: they get no sequence number."""
        self._lose += count

    def duplicate_next(self, count: int = 1) -> None:
        """Send each of the next dispatches twice, under two sequence numbers."""
        self._double += count

    def hold(self) -> None:
        """Keep dispatches back from now on."""
        self._held = self._held if self._held is not None else []

    def release(self, *, shuffled: bool = False) -> None:
        """Send what was kept back, newest first when `shuffled` (an order nobody can have by chance)."""
        kept, self._held = self._held or [], None
        for happening in reversed(kept) if shuffled else kept:
            self._dispatch(happening)
