"""What happens in one place is heard in the order in which it happened; places do not wait for each other.

Discord sends nothing again: what cannot be kept at once is tried again until it can.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import takewhile

import structlog

from chatops.errors import Busy

GRACE = 0.03  # seconds; two messages of one thread may overtake each other on their way by that much
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0  # seconds before what could not be kept is tried again; doubled
MOST_WAITING = 10_000  # in all places

Work = Callable[[], Awaitable[None]]
log = structlog.get_logger(__name__)


class Lines:
    """One line of waiting work for each place.

    Who waits beside others that carry a number (a message's id) goes in the order of these. When more waits than may be
    remembered, the rest is turned away, and must be found in another way: `on_overflow` is called once, after the rush.
    """

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._waiting: dict[str, deque[tuple[int, Work]]] = {}
        self._walking: set[asyncio.Task[None]] = set()
        self._on_overflow = on_overflow
        self._count = 0
        self._flowed_over = False

    def join(self, place: str, work: Work, number: int = 0) -> None:
        """Put work at the end of a place's line; `number` 0 keeps its place among its neighbours."""
        if self._count >= MOST_WAITING:
            if not self._flowed_over:
                log.error("too_much_to_hear", waiting=self._count)
            self._flowed_over = True
            return
        self._count += 1
        line = self._waiting.get(place)
        if line is None:
            self._waiting[place] = deque([(number, work)])
            walking = asyncio.create_task(self._walk(place))
            self._walking.add(walking)
            walking.add_done_callback(self._walking.discard)
        else:
            line.append((number, work))

    @property
    def busy(self) -> bool:
        """Whether work waits or is being done."""
        return bool(self._walking)

    async def finish(self, seconds: float) -> None:
        """Wait for what is in the lines; what takes longer is left."""
        if self._walking:
            _, late = await asyncio.wait(self._walking, timeout=seconds)
            for walking in late:
                walking.cancel()

    async def _walk(self, place: str) -> None:
        line = self._waiting[place]
        try:
            while line:
                if line[0][0]:
                    await asyncio.sleep(GRACE)
                first = min(list(takewhile(lambda one: one[0], line)) or [line[0]], key=lambda one: one[0])
                line.remove(first)
                self._count -= 1
                await _done(first[1])
        finally:
            self._count -= len(line)
            del self._waiting[place]
            if self._flowed_over and not self._count:
                self._flowed_over = False
                self._on_overflow()


async def _done(work: Work) -> None:
    """Do it, again and again while the database cannot take it; what cannot be understood is logged and passed over."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await work()
        except Busy as busy:
            log.warning("heard_later", reason=type(busy).__name__)
        except Exception as error:
            log.exception("incident", incident=secrets.token_hex(4), error=type(error).__name__)
            return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
