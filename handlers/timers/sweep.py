"""An hour has passed: forget what is of no more use."""

import structlog

from chatops.desk import sweep as desk
from chatops.store.store import Store
from chatops.times import TimeSource

log = structlog.get_logger(__name__)


async def sweep(store: Store, time: TimeSource) -> None:
    """Forget, a little at a time, until nothing is left to forget."""
    forgotten = 0
    while found := await store.write(desk.sweep, time.now()):
        forgotten += found
    if forgotten:
        log.info("swept", rows=forgotten)
