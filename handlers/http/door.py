"""Who stands at the door: strangers may neither fill our memory nor hold our connections.

uvicorn sets no limit to the head of a request, none to the time it takes to arrive and none to the number of idle
connections; whoever uses up the process's connections also keeps it from calling anybody.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024  # bytes of a request outside of its body
PATIENCE = 15.0  # seconds from the connection, or from the last answer, until the next request is there as a whole
BODY_PATIENCE = 0.8  # seconds from a head to the end of its body: whoever asks may wait three for the answer
MOST_IN_LINE = 4  # requests sent behind one that is not answered yet; nobody we know sends any
MOST_CONNECTIONS = 500  # well below the 1,024 files a process may usually open
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Door(HttpToolsProtocol):
    """One connection, which is hung up when it asks too much or too slowly."""

    _head = 0
    _deadline: asyncio.TimerHandle | None = None
    _incomplete: Any = None  # the request whose body is being waited for

    def connection_made(self, transport: Any) -> None:
        """Let somebody in, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._wait(PATIENCE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        super().connection_lost(exc)
        if self._deadline is not None:
            self._deadline.cancel()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head is too large."""
        self._head += len(data)
        super().data_received(data)
        if self.cycle is not None and self.cycle.more_body and self.cycle is not self._incomplete:
            self._incomplete = self.cycle
            self._wait(BODY_PATIENCE)
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Take the head of a request, unless a line of them stands there: one read may bring thousands."""
        if len(self.pipeline) >= MOST_IN_LINE:
            raise ConnectionRefusedError  # ends the reading; uvicorn answers 400 and hangs up
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body; its size is the application's to judge."""
        self._head -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew with the next request."""
        self._head = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait(PATIENCE)

    def _wait(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        if self.cycle is None or self.cycle.response_complete:  # nothing is asked, or not yet as much as a head
            self.transport.abort()
        elif self.cycle.more_body and not self.cycle.response_started:
            self.transport.write(TOO_SLOW)
            self.transport.close()
