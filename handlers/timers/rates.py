"""An hour has passed: tell those who can act where TikTok's answer rate of a shop is about to fall below its line."""

from chatops.desk import rates as desk
from chatops.store.store import Store
from chatops.times import TimeSource


async def warn(store: Store, time: TimeSource) -> None:
    """Count first, which holds up no writer, then say what nobody has said yet."""
    now = time.now()
    for rate, how in await store.read(desk.endangered, now):
        await store.write(desk.warn, rate, how, now)
