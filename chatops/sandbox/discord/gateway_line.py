"""One WebSocket of the gateway: frames leave in order, compressed when the client asked for it."""

import asyncio
import json
import zlib
from collections import deque
from datetime import datetime
from typing import Any

from aiohttp import web


class Line:
    """A connection; what is sent goes through one queue, so that order and the compressed stream stay whole.

    A client that asks for zstd gets plain text instead, which it must take at any time.
    """

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.received: deque[datetime] = deque()  # of the last minute
        self.deaf = False  # half-open: it looks alive, but nothing is read or answered any more
        self.hanging_up = False
        self._request = request
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._waiting: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, op: int, d: Any = None) -> None:
        """Send a frame that is no dispatch."""
        self.pass_on(json.dumps({"op": op, "d": d, "s": None, "t": None}))

    def pass_on(self, text: str) -> None:
        """Send a frame that is already written out."""
        if not self.deaf:
            self._waiting.put_nowait(text)

    def hang_up(self, code: int) -> None:
        """Close with one of Discord's close codes, after everything that was sent before."""
        self._waiting.put_nowait(code)

    def abort(self) -> None:
        """Cut the line without a closing handshake."""
        if self._request.transport:
            self._request.transport.abort()

    async def write(self) -> None:
        """Carry what was sent to the socket until one of the sides hangs up."""
        while not self.ws.closed:
            item = await self._waiting.get()
            try:
                if isinstance(item, int):
                    self.hanging_up = True
                    await self.ws.close(code=item)
                elif self._deflate is None:
                    await self.ws.send_str(item)
                else:
                    packed = self._deflate.compress(item.encode())
                    await self.ws.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return
