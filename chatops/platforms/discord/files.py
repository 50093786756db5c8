"""Files in both directions: what a message shows, read when it is sent, and what agents post.

Discord keeps no file for a bot before a message shows it. So the id of an uploaded file is its place on our disk, and
the bytes travel with the message that shows it.
"""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import aiohttp

from chatops.errors import Rejected, TargetGone, Unavailable
from chatops.platforms.cutting import shorten
from chatops.platforms.discord.calls import TRANSFER, Attached
from chatops.platforms.discord.codes import BROKEN, broken, failure
from chatops.platforms.discord.paint import ALT_TEXT, Shown
from chatops.platforms.discord.texts import plain
from chatops.platforms.ports import ChatFile, Upload

HOSTS = {"cdn.discordapp.com", "media.discordapp.net"}
NAME = 100
LARGEST = 10 * 1024 * 1024  # bytes of one file; servers that are boosted take more
_ODD = re.compile(r"[^\w.-]+")
_CHUNK = 64 * 1024


async def held(upload: Upload) -> str:
    """Return the id by which a `ui.Picture` names a file.

    Raises:
        Rejected: there is no such file, or a server that nobody boosts would not take it.
    """
    try:
        size = (await asyncio.to_thread(upload.path.stat)).st_size
    except OSError as error:
        raise Rejected("file_unreadable", str(error)) from error
    if size > LARGEST:
        raise Rejected("file_too_large", f"{size} bytes")
    return str(upload.path.absolute())


async def pictures(shown: Sequence[Shown]) -> list[Attached]:
    """Read the pictures of a painted card.

    Raises:
        Unavailable: one is not on this machine; another replica may have it.
    """
    return [Attached(one.name, one.alt, await _bytes(one.file_id)) for one in shown]


async def attached(upload: Upload) -> Attached:
    """Read a file that a message shows beside its words.

    Raises:
        Rejected: there is no such file.
    """
    name = shorten(_ODD.sub("_", plain(upload.name)).strip("._"), NAME, lambda _: "") or "file"
    try:
        content = await asyncio.to_thread(upload.path.read_bytes)
    except OSError as error:
        raise Rejected("file_unreadable", str(error)) from error
    return Attached(name, shorten(plain(upload.alt), ALT_TEXT), content)


async def download(session: aiohttp.ClientSession, api_url: str, file: ChatFile, limit: int) -> bytes:
    """Read a file of at most `limit` bytes; its address is signed, so our token is shown to nobody."""
    if file.size > limit:
        raise Rejected("file_too_large", f"{file.size} bytes")
    if not _is_discords(urlsplit(file.url), urlsplit(api_url)):
        raise Rejected("foreign_file_host", f"{urlsplit(file.url).hostname} is not Discord's")
    try:
        async with session.get(file.url, allow_redirects=False, timeout=TRANSFER) as response:
            if response.status in {403, 404, 410}:  # deleted, or its signature ran out
                raise TargetGone("file_not_found")
            if response.status != 200:
                raise failure(response.status, response.headers, None, repeatable=True)
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > limit:
                    raise Rejected("file_too_large", f"more than {limit} bytes")
    except BROKEN as error:
        raise broken(error, repeatable=True) from error
    return bytes(content)


async def _bytes(file_id: str) -> bytes:
    try:
        return await asyncio.to_thread(Path(file_id).read_bytes)
    except OSError as error:
        raise Unavailable("picture_unavailable", str(error)) from error


def _is_discords(url: SplitResult, api: SplitResult) -> bool:
    if (url.scheme, url.netloc) == (api.scheme, api.netloc):
        return True
    return url.scheme == "https" and url.netloc in HOSTS
