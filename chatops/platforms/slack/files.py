"""Files in both directions: pictures and videos for a thread, and what agents post there."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from chatops.errors import PlatformError, Rejected, TargetGone
from chatops.platforms.cutting import shorten
from chatops.platforms.ports import ChatFile, ThreadRef, Upload
from chatops.platforms.slack.calls import BROKEN, answer
from chatops.platforms.slack.codes import failure, status_failure
from chatops.platforms.slack.texts import plain

FILE_HOST = "files.slack.com"
MOST_REDIRECTS = 3
ALT_TEXT = 1_000
NAME = 200
_CHUNK = 64 * 1024
_TRANSFER = aiohttp.ClientTimeout(total=20, sock_connect=5)


class SlackFiles:
    """Carries bytes; the bot token goes to Slack's file host and to the API's own origin only."""

    def __init__(self, session: aiohttp.ClientSession, client: AsyncWebClient, base_url: str) -> None:
        self._session = session
        self._client = client
        self._api = urlsplit(base_url)

    async def keep(self, token: str, upload: Upload) -> str:
        """Hand over a file that nobody sees yet; return its id."""
        file_id, title = await self._hand_over(token, upload)
        call = self._client.files_completeUploadExternal(token=token, files=[{"id": file_id, "title": title}])
        await answer(call, repeatable=True)
        return file_id

    async def share(self, token: str, thread: ThreadRef, upload: Upload, blocks: Sequence[Mapping[str, Any]]) -> str:
        """Post a file into a thread with `blocks` beside it; return the file's id."""
        file_id, title = await self._hand_over(token, upload)
        call = self._client.files_completeUploadExternal(
            token=token,
            files=[{"id": file_id, "title": title}],
            channel_id=thread.channel_id,
            thread_ts=thread.thread_id or None,
            blocks=json.dumps(blocks),
        )
        await answer(call, repeatable=False)
        return file_id

    async def download(self, token: str, file: ChatFile, limit: int) -> bytes:
        """Read a file of at most `limit` bytes."""
        if file.size > limit:
            raise Rejected("file_too_large", f"{file.size} bytes")
        url = file.url
        try:
            for _ in range(1 + MOST_REDIRECTS):
                found = await self._fetch(token, url, file, limit)
                if isinstance(found, bytes):
                    return found
                url = found
        except BROKEN as error:
            raise failure(error, repeatable=True) from error
        raise Rejected("too_many_redirects")

    async def _hand_over(self, token: str, upload: Upload) -> tuple[str, str]:
        content = await _read(upload)
        name = shorten(plain(upload.name).replace("/", "_"), NAME) or "file"
        call = self._client.files_getUploadURLExternal(
            token=token,
            filename=name,
            length=len(content),
            alt_txt=shorten(plain(upload.alt), ALT_TEXT) or None,
        )
        asked = await answer(call, repeatable=True)
        try:
            async with self._session.post(
                asked["upload_url"],
                data=content,
                headers={"Content-Type": "application/octet-stream"},
                allow_redirects=False,
                timeout=_TRANSFER,
            ) as response:
                if response.status != 200:
                    raise status_failure(response.status, response.headers, repeatable=True)
        except BROKEN as error:
            raise failure(error, repeatable=True) from error
        return asked["file_id"], name

    async def _fetch(self, token: str, url: str, file: ChatFile, limit: int) -> bytes | str:
        """Return the bytes at `url`, or the address it leads on to."""
        if not self._may_see_the_token(urlsplit(url)):
            raise Rejected("foreign_file_host", f"{urlsplit(url).hostname} must not see our token")
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.get(url, headers=headers, allow_redirects=False, timeout=_TRANSFER) as response:
            if 300 <= response.status < 400:
                onward = urljoin(url, response.headers.get("Location", ""))
                if not self._may_see_the_token(urlsplit(onward)):
                    raise _login_page()
                return onward
            if problem := _problem(response, file):
                raise problem
            return await _bytes(response, limit)

    def _may_see_the_token(self, url: SplitResult) -> bool:
        if (url.scheme, url.netloc) == (self._api.scheme, self._api.netloc):
            return True
        return (url.scheme, url.netloc) == ("https", FILE_HOST)


async def _read(upload: Upload) -> bytes:
    try:
        return await asyncio.to_thread(upload.path.read_bytes)
    except OSError as error:
        raise Rejected("file_unreadable", str(error)) from error


async def _bytes(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise Rejected("file_too_large", f"more than {limit} bytes")
    return bytes(content)


def _problem(response: aiohttp.ClientResponse, file: ChatFile) -> PlatformError | None:
    if response.status in {404, 410}:
        return TargetGone("file_not_found")
    if response.status != 200:
        return status_failure(response.status, response.headers, repeatable=True)
    if response.content_type == "text/html" and file.content_type != "text/html":
        return _login_page()
    return None


def _login_page() -> Rejected:
    """Slack shows a page to sign in where it should have said no; one file is no proof that the token is dead."""
    return Rejected("file_login_page", "the token is not valid for this file, or the scope files:read is missing")
