"""One call of Discord's REST API: sent once, its limits obeyed, its failure told by meaning."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from chatops import __version__
from chatops.errors import RateLimited, Rejected, TargetGone, TokenRevoked
from chatops.platforms.discord.buckets import Buckets
from chatops.platforms.discord.codes import BROKEN, broken, result, shut_out
from chatops.times import TimeSource

API_URL = "https://discord.com/api/v10"
AGENT = f"DiscordBot (https://chatops.invalid, {__version__})"  # Discord asks for an address and a version
PATIENCE = timedelta(seconds=1)  # a window that ends sooner is waited for; the lane is told of any other
TIMEOUT = aiohttp.ClientTimeout(total=8, sock_connect=5)  # one request; opening a thread takes up to three
TRANSFER = aiohttp.ClientTimeout(total=20, sock_connect=5)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file on its way, as its bytes."""

    name: str
    alt: str
    content: bytes


class Wire:
    """The connection to one API for one bot: no proxy of the environment, no second try, no long wait."""

    def __init__(self, token: str, api_url: str, time: TimeSource, timeout: aiohttp.ClientTimeout) -> None:
        self.api_url = api_url.rstrip("/")
        self._token = token
        self._time = time
        self._timeout = timeout
        self._buckets = Buckets(time)
        self._opened: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """Return the session, opening it at the first use (inside the running loop)."""
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                timeout=self._timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": AGENT},
            )
        return self._opened

    async def close(self) -> None:
        """Close the connection."""
        if self._opened:
            await self._opened.close()
            self._opened = None

    async def call(
        self,
        route: str,
        *ids: str,
        repeatable: bool,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        files: Sequence[Attached] = (),
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """Call `route` (`"PATCH /channels/{}/messages/{}"`) with its ids; returns the JSON of the answer.

        Raises:
            PlatformError: what its failure means.
        """
        method, _, path = route.partition(" ")
        address = URL(self.api_url + path.format(*(quote(one, safe="") for one in ids)), encoded=True)
        place = ids[0] if ids else ""
        if not _has_its_own_token(path):
            await self._turn(route, place)
        try:
            async with self.open().request(
                method, address, params=query, headers=self._headers(path), **_sent(body, files)
            ) as response:
                content = await response.read()
        except BROKEN as error:
            raise broken(error, repeatable=repeatable) from error
        self._buckets.learn(route, place, response.headers)
        try:
            return result(response.status, response.headers, content, repeatable=repeatable)
        except RateLimited as limited:
            if "X-RateLimit-Global" in response.headers or shut_out(response.status, response.headers):
                self._buckets.be_silent(limited.retry_after)
            raise

    async def _turn(self, route: str, place: str) -> None:
        """Wait for a window that ends soon; a call that Discord would refuse is not made."""
        patient_until = self._time.now() + PATIENCE
        while wait := self._buckets.take(route, place):
            free_at = self._time.now() + wait
            if free_at > patient_until:
                raise RateLimited("bucket_empty", wait)
            await self._time.wait(asyncio.Event(), free_at)

    def _headers(self, path: str) -> dict[str, str]:
        if _has_its_own_token(path):
            return {}
        if not self._token:
            raise TokenRevoked("not_connected", "no token for Discord")
        return {"Authorization": f"Bot {self._token}"}


def _has_its_own_token(path: str) -> bool:
    """Tell whether an address holds its own token: answers to presses, outside of the bot's limits and never late."""
    return path.startswith(("/interactions/", "/webhooks/"))


def _sent(body: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None, files: Sequence[Attached]) -> dict[str, Any]:
    """Return what aiohttp is to send; files stand beside the JSON that describes them."""
    if body is None:
        return {}
    if not files or not isinstance(body, Mapping):
        return {"json": body}
    described = [{"id": str(n), "filename": file.name, "description": file.alt} for n, file in enumerate(files)]
    message = {**body.get("message", body), "attachments": described}  # a forum's post holds its first message
    told = {**body, "message": message} if "message" in body else message
    form = aiohttp.FormData(quote_fields=False)  # Discord does not understand escaped brackets in names
    form.add_field("payload_json", json.dumps(told), content_type="application/json")
    for n, file in enumerate(files):
        form.add_field(f"files[{n}]", file.content, filename=file.name, content_type="application/octet-stream")
    return {"data": form, "timeout": TRANSFER}


@contextmanager
def harmless(code: str) -> Iterator[None]:
    """Take the refusal `code` for a success: things already are as they were wanted."""
    try:
        yield
    except Rejected as refusal:
        if refusal.code != code:
            raise


@contextmanager
def thread_gone() -> Iterator[None]:
    """Call a channel that is not there by what it was to us: a thread, which can be opened anew."""
    try:
        yield
    except TargetGone as gone:
        if gone.code != "unknown_channel":
            raise
        raise TargetGone("thread_not_found", str(gone)) from gone
