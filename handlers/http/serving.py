"""Listening: uvicorn inside our own loop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from chatops.errors import SetupError
from handlers.http.door import Door

TICK = 0.1  # seconds between two looks after the server, as uvicorn has it
LOOK = 0.005  # seconds between two looks whether everybody has gone
GRACE = 2  # seconds an answer in progress gets when the server stops


class Listener(uvicorn.Server):
    """One application on one address, or on a socket in the file system that is for its owner only (`uds`)."""

    def __init__(self, application: Starlette, *, host: str = "127.0.0.1", port: int = 0, uds: Path | None = None):
        application.router.redirect_slashes = False  # it would redirect to whatever the Host header names
        super().__init__(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                http=Door,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._uds = uds
        self._stopping = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

    async def start(self) -> None:
        """Return when it listens.

        Raises:
            SetupError: it cannot.
        """
        try:
            sockets = None if self._uds is None else [_private(self._uds)]
        except OSError as error:
            raise SetupError(f"cannot listen on {self._uds}: {error.strerror}", "Check its folder.") from error
        self._serving = asyncio.create_task(self._serve_or_fail(sockets))
        while not self.started:
            if self._serving.done():
                raise SetupError(
                    f"cannot listen on {self._uds or f'{self.config.host}:{self.config.port}'}",
                    "Is another process listening there? Choose another CHATOPS_LISTEN.",
                )
            await asyncio.sleep(0.005)

    async def _serve_or_fail(self, sockets: list[socket.socket] | None) -> None:
        try:
            await self.serve(sockets)
        except SystemExit:  # uvicorn's way to say that the address is taken
            return

    async def main_loop(self) -> None:
        """Tick as uvicorn does, until told to stop; its own would sleep on to the next tick."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Close as uvicorn does, but go on as soon as everything is closed; its own looks every tenth of a second."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(int(GRACE / LOOK)):
            if self.force_exit or not (self.server_state.connections or self.server_state.tasks):
                break
            await asyncio.sleep(LOOK)
        for unfinished in self.server_state.tasks:
            unfinished.cancel()

    async def stop(self) -> None:
        """Take nothing new, let answers in progress end within the grace."""
        self.should_exit = True
        self._stopping.set()
        if self._serving is not None:
            await self._serving

    @property
    def port(self) -> int:
        """The port it listens on."""
        bound: tuple[str, int] = self.servers[0].sockets[0].getsockname()
        return bound[1]


def _private(path: Path) -> socket.socket:
    """Return a socket at `path`, in place of what lay there, that nobody else can ever connect to.

    Before it listens, nobody can connect at all; uvicorn's own would be open to everybody on this machine.
    """
    door = socket.socket(socket.AF_UNIX)
    path.unlink(missing_ok=True)
    door.bind(str(path))
    path.chmod(0o600)
    return door
