"""Some seconds have passed: let the tickets come back whose rest is over."""

import structlog

from chatops.desk import snoozing
from chatops.store.store import Store
from chatops.times import TimeSource

log = structlog.get_logger(__name__)


async def wake(store: Store, time: TimeSource) -> None:
    """Wake, a little at a time, until nothing is due."""
    while woken := await store.write(snoozing.wake_due, time.now()):
        log.info("woken", tickets=woken)
