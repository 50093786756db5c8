"""How often strangers may ask for what costs us something: each address, and all of them together."""

import math
from collections import Counter
from datetime import timedelta
from ipaddress import IPv6Address

from starlette.requests import Request

from chatops.times import TimeSource

MINUTE = timedelta(minutes=1)


class Turnstile:
    """Lets in so many requests a minute; each process counts its own, and remembers only whom it let in."""

    def __init__(self, time: TimeSource, *, each: int, together: int) -> None:
        self._time, self._each, self._together = time, each, together
        self._since = time.now()
        self._let_in: Counter[str] = Counter()

    def wait(self, request: Request) -> int:
        """Return after how many seconds whoever asks may ask again; 0: they are let in."""
        now, whose = self._time.now(), _whose(request)
        if not self._since <= now < self._since + MINUTE:  # a clock may be set back, too
            self._since, self._let_in = now, Counter()
        if self._let_in[whose] >= self._each or self._let_in.total() >= self._together:
            return math.ceil((self._since + MINUTE - now).total_seconds())
        self._let_in[whose] += 1
        return 0


def _whose(request: Request) -> str:
    """Return the address a request comes from; the last 64 bits of IPv6 are for one household to choose."""
    host = request.client.host if request.client else ""
    try:
        return IPv6Address(host).exploded[:19]
    except ValueError:
        return host
