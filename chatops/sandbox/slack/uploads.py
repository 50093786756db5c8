"""Files on their way in and out: upload addresses, private downloads and what became of each."""

import mimetypes
import secrets
from dataclasses import dataclass, field

from aiohttp import web

from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import StoredFile
from chatops.sandbox.slack.workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to your workspace</body></html>"
MOST_BYTES = 1_000_000_000


@dataclass
class Pending:
    """An upload that was asked for: where its bytes go, and whether they came."""

    file: StoredFile
    ticket: str
    length: int
    app_id: str
    arrived: bool = False


@dataclass
class Uploads:
    """Serves the upload and download addresses."""

    workspace: Workspace
    pending: dict[str, Pending] = field(default_factory=dict)  # by file id

    def store(self, name: str, content: bytes, mimetype: str, owner: str) -> StoredFile:
        """Keep a file that is complete."""
        file = self._new(name, mimetype, owner)
        file.content = content
        self.workspace.files[file.id] = file
        return file

    def ask(self, app: App, name: str, length: int, alt_txt: str) -> tuple[str, StoredFile]:
        """Return an address for exactly one upload, and the file it will become."""
        file = self._new(name, mimetypes.guess_type(name)[0] or "application/octet-stream", app.bot_user_id)
        file.alt_txt = alt_txt
        ticket = secrets.token_hex(12)
        self.pending[file.id] = Pending(file, ticket, length, app.app_id)
        return f"{self.workspace.url}/upload/v1/{ticket}", file

    def _new(self, name: str, mimetype: str, owner: str) -> StoredFile:
        file_id = f"F0{secrets.token_hex(4).upper()}"
        made, team = self.workspace.unix(), self.workspace.team.id
        return StoredFile(file_id, name, name, mimetype, b"", owner, made, team, self.workspace.url)

    async def receive(self, request: web.Request) -> web.Response:
        """Take the raw or multipart bytes of an upload."""
        ticket = request.match_info["ticket"]
        pending = next((entry for entry in self.pending.values() if entry.ticket == ticket), None)
        if pending is None or pending.arrived:
            return web.Response(status=404, text="no such upload")
        content = await self._content(request)
        if len(content) != pending.length:
            return web.Response(status=400, text=f"expected {pending.length} bytes, got {len(content)}")
        pending.file.content, pending.arrived = content, True
        return web.Response(text=f"OK - {len(content)}")

    @staticmethod
    async def _content(request: web.Request) -> bytes:
        if request.content_type != "multipart/form-data":
            return await request.read()
        for part in (await request.post()).values():
            if isinstance(part, web.FileField):
                return part.file.read()
        return b""

    async def download(self, request: web.Request) -> web.Response:
        """Give a private file to an app that may read it; anyone else gets the sign-in page, with status 200."""
        file = self.workspace.files.get(request.match_info["file"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        app = next((app for app in self.workspace.apps.values() if app.bot_token == token and not app.revoked), None)
        if app is None or "files:read" not in app.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or file.deleted:
            return web.Response(status=404, text="File not found")
        return web.Response(body=file.content, content_type=file.mimetype)
