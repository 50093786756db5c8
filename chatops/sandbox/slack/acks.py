"""How an app answered a delivery, and waiting for that answer."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chatops.sandbox.slack.message import Json
from chatops.sandbox.storytime import StoryTime


@dataclass
class Ack:
    """The app's answer: `acked` within the time allowed, with an optional `body`; else `reason` in Slack's words."""

    acked: bool
    body: Json | None = None
    reason: str = ""
    final: bool = False  # the app asked not to be tried again


async def answered(future: "asyncio.Future[Any]", time: StoryTime, seconds: float) -> bool:
    """Return whether `future` was done before the story had moved on by `seconds`."""
    clock = asyncio.ensure_future(time.wait_until(time.now() + timedelta(seconds=seconds)))
    try:
        await asyncio.wait({future, clock}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        clock.cancel()
    return future.done()
