"""One call of Slack's Web API, and what its failure means."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.errors import Rejected
from chatops.platforms.slack.codes import failure

BROKEN = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, UnicodeDecodeError)
"""What slack_sdk and aiohttp raise when a call fails, down to an answer cut off in the middle of a character."""


class Wire:
    """The connections to one Web API: our own time limit, no proxy of the environment, no second try of slack_sdk's."""

    def __init__(self, base_url: str, timeout: aiohttp.ClientTimeout) -> None:
        self.base_url = base_url
        self._timeout = timeout
        self._opened: tuple[aiohttp.ClientSession, AsyncWebClient] | None = None

    def open(self) -> tuple[aiohttp.ClientSession, AsyncWebClient]:
        """Return the session and the client on it, opening them at the first use (inside the running loop)."""
        if self._opened is None:
            session = aiohttp.ClientSession(timeout=self._timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())
            client = AsyncWebClient(base_url=self.base_url, session=session, retry_handlers=[])
            client.proxy = None  # it has read the proxy variables of the environment, which hold even for loopback
            self._opened = session, client
        return self._opened

    async def close(self) -> None:
        """Close the connections."""
        if self._opened:
            await self._opened[0].close()
            self._opened = None


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
