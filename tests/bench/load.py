"""The sender of the intake measure, a process of its own: `python -m tests.bench.load PORT`.

Each line it reads (FIRST COUNT CONVERSATIONS NEW) sends COUNT notifications, numbered from FIRST on, of that many
conversations in turn; every NEWth opens one of its own (0: none does). It answers with one line of JSON. Requests are
built and signed before the clock runs, answers are not parsed beyond what tells them apart.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import cast

import uvloop

from tests.bench import notifications
from tests.bench.tables import percentile

CONNECTIONS = 64


class Sender(asyncio.Protocol):
    """One keep-alive connection: the next request leaves when the answer to the last one is there."""

    def __init__(self, requests: Iterator[bytes], took: list[float], statuses: Counter[str]) -> None:
        self._requests = requests
        self._took = took
        self._statuses = statuses
        self._answer = b""
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without being derived from it
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take an answer; short as they are, it comes in one piece or ends with one."""
        self._answer += data
        head, found, content = self._answer.partition(b"\r\n\r\n")
        if not found or len(content) < _length(head):
            return
        self._took.append(time.perf_counter() - self._sent)
        self._statuses[self._answer[9:12].decode()] += 1
        self._answer = b""
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        """Nothing more is to come."""
        if not self.ended.done():
            self.ended.set_result(None)

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0] or 0)


async def send(port: int, requests: list[bytes]) -> dict[str, object]:
    """Send all requests over 64 connections and return what came back."""
    took: list[float] = []
    statuses: Counter[str] = Counter()
    loop, waiting = asyncio.get_running_loop(), iter(requests)
    began, cpu = time.perf_counter(), time.process_time()
    opened = await asyncio.gather(
        *(
            loop.create_connection(lambda: Sender(waiting, took, statuses), "127.0.0.1", port)
            for _ in range(min(CONNECTIONS, len(requests)))
        )
    )
    await asyncio.gather(*(sender.ended for _, sender in opened))
    seconds, took = time.perf_counter() - began, sorted(took)
    return {
        "seconds": seconds,
        "p50": percentile(took, 0.5),
        "p99": percentile(took, 0.99),
        "statuses": statuses,
        "cpu": time.process_time() - cpu,
    }


def main() -> None:
    """Send what each line asks for."""
    port = int(sys.argv[1])
    for line in sys.stdin:
        first, count, conversations, new = map(int, line.split())
        requests = [
            notifications.request(number, number if new and number % new == 0 else number % conversations)
            for number in range(first, first + count)
        ]
        sys.stdout.write(json.dumps(uvloop.run(send(port, requests))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
