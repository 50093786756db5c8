"""What a request carries: JSON, or a form whose payload_json stands beside files."""

import json
from dataclasses import dataclass, field

from aiohttp import web

from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.refusals import Refusal

MOST_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """One file of a form; `index` is the number in `files[0]`."""

    index: int
    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Body:
    """The JSON of a request (an object, or an array where a route wants one) and its files."""

    payload: Json | list[Json] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    @property
    def fields(self) -> Json:
        """Return the JSON object; Refusal 50109 for anything else."""
        if not isinstance(self.payload, dict):
            raise Refusal(50109)
        return self.payload


BODY = web.RequestKey("body", Body)


async def read_body(request: web.Request) -> Body:
    """Return what the request carries, also when asked again; Refusal 50109 or 40005 where it cannot be taken."""
    if BODY not in request:
        try:
            request[BODY] = await _read(request)
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(40005) from None
    return request[BODY]


async def _read(request: web.Request) -> Body:
    if request.content_type == "multipart/form-data":
        return await _read_form(request)
    raw = await request.read()
    if not raw or request.content_type == "application/octet-stream":  # discord.py's way of sending nothing
        return Body()
    return Body(_parsed(raw))


async def _read_form(request: web.Request) -> Body:
    payload: Json = {}
    uploads = []
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            number = name.removeprefix("files[").removesuffix("]")
            if not number.isdigit():
                raise Refusal(50035, message=f"not a file's name: {name}")
            uploads.append(Upload(int(number), value.filename, value.file.read(), value.content_type))
        elif name == "payload_json":
            parsed = _parsed(value)
            payload = parsed if isinstance(parsed, dict) else {}
    return Body(payload, tuple(sorted(uploads, key=lambda upload: upload.index)))


def _parsed(raw: str | bytes | bytearray) -> Json | list[Json]:
    try:
        parsed = json.loads(raw)
    except ValueError:
        raise Refusal(50109) from None
    if not isinstance(parsed, (dict, list)):
        raise Refusal(50109)
    return parsed
