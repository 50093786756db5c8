"""One call of Slack's Web API, and what its failure means."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.errors import Rejected
from chatops.platforms.slack.codes import failure

BROKEN = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, UnicodeDecodeError)
"""What slack_sdk and aiohttp raise when a call fails, down to an answer cut off in the middle of a character."""


async def answer(call: Awaitable[AsyncSlackResponse], *, repeatable: bool) -> AsyncSlackResponse:
    """Await a call; raises the `PlatformError` that its failure means."""
    try:
        return await call
    except BROKEN as error:
        raise failure(error, repeatable=repeatable) from error


@contextmanager
def harmless(code: str) -> Iterator[None]:
    """Take the refusal `code` for a success: things already are as they were wanted."""
    try:
        yield
    except Rejected as refusal:
        if refusal.code != code:
            raise
