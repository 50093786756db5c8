"""Files: what comes with a message, where it is served, and how large it may be."""

import mimetypes
import re
import secrets
import struct

from aiohttp import web

from chatops.sandbox.discord.message import Json, StoredFile
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.bodies import Body
from chatops.sandbox.discord.server import Server

NOT_IN_NAMES = re.compile(r"[^\w.\-]+")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


class Uploads:
    """Keeps files and serves them; an address works with its signature only."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def store(
        self, filename: str, content: bytes, content_type: str | None = None, description: str | None = None
    ) -> StoredFile:
        """Keep a file; Refusal 40005 when it is larger than the server's boosts allow."""
        if len(content) > self.server.upload_limit:
            raise Refusal(40005)
        file_id, name = self.server.ids.next(), NOT_IN_NAMES.sub("_", filename)
        known = content_type if content_type not in {None, "application/octet-stream"} else None
        kind = known or mimetypes.guess_type(name)[0] or "application/octet-stream"
        url = f"{self.server.url}/attachments/{file_id}/{name}?ex={secrets.token_hex(4)}&hm={secrets.token_hex(16)}"
        file = StoredFile(file_id, name, content, kind, url, description, _size_on_screen(content))
        self.server.files[file_id] = file
        return file

    def of(self, body: Body, payload: Json, kept: list[StoredFile] | None = None) -> list[StoredFile]:
        """Return the files a message shall have: those it keeps (an edit's) and those that come with the request.

        `payload["attachments"]`, when there, names each: an upload by its number, a kept one by its id.
        """
        listed = payload.get("attachments")
        if listed is None:
            new = [self.store(upload.filename, upload.content, upload.content_type) for upload in body.uploads]
            return [*(kept or []), *new]
        before = {file.id: file for file in kept or []}
        uploads = {str(upload.index): upload for upload in body.uploads}
        files = []
        for index, entry in enumerate(listed):
            key = str(entry.get("id"))
            if key in before:
                files.append(before[key])
            elif key in uploads:
                upload, name = uploads[key], entry.get("filename") or uploads[key].filename
                files.append(self.store(name, upload.content, upload.content_type, entry.get("description")))
            else:
                raise invalid(f"attachments.{index}.id", "ATTACHMENT_NOT_FOUND", "There is no such file.")
        return files

    async def download(self, request: web.Request) -> web.Response:
        """Give a file to whoever has its whole address."""
        file = self.server.files.get(request.match_info["file_id"])
        if file is None or not file.url.endswith(request.path_qs):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.content, content_type=file.content_type)


def shown_in(embeds: list[Json], files: list[StoredFile]) -> list[Json]:
    """Return the embeds as Discord keeps them: of type rich, with `attachment://name` as the file's address."""
    addresses = {f"attachment://{file.filename}": file.url for file in files}
    return [{"type": "rich"} | {name: _resolved(part, addresses) for name, part in embed.items()} for embed in embeds]


def _resolved(part: object, addresses: dict[str, str]) -> object:
    if isinstance(part, dict) and part.get("url") in addresses:
        return part | {"url": addresses[part["url"]]}
    return part


def _size_on_screen(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(PNG_HEAD) or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height
