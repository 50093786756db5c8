"""One Web API call: its arguments however they were encoded, the app behind it, and how a method says no."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.delivery import Delivery
from chatops.sandbox.slack.interactions import Interactions
from chatops.sandbox.slack.limits import Limits
from chatops.sandbox.slack.member import App, Member
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.uploads import Uploads
from chatops.sandbox.slack.views import ViewRefused, Views
from chatops.sandbox.slack.workspace import Workspace

STRUCTURED = {
    "blocks", "attachments", "view", "metadata", "files", "unfurls", "profile", "prefs", "file_ids", "source",
}  # fmt: skip
T = TypeVar("T")


class ApiError(Exception):
    """A refusal with Slack's error code and whatever else the answer carries."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass
class Call:
    """What a method works with; the argument readers raise Slack's own errors."""

    workspace: Workspace
    app: App
    args: Json
    limits: Limits
    views: Views
    interactions: Interactions
    uploads: Uploads
    delivery: Delivery
    headers: dict[str, str] = field(default_factory=dict)  # for the answer

    def text(self, name: str, default: str = "") -> str:
        """Return a string argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean however Python, Node or a browser writes it."""
        value = self.args.get(name)
        return default if value is None or value == "" else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int, error: str = "invalid_arguments") -> int:
        """Return a whole number or raise `error`."""
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise ApiError(error) from None

    def items(self, name: str) -> list[str]:
        """Return a list given as a list or joined with commas."""
        value = self.args.get(name) or []
        given = value if isinstance(value, list) else str(value).split(",")
        return [str(item).strip() for item in given if str(item).strip()]

    def channel(self, name: str = "channel", *, member: bool = False, scopes: str = "") -> Channel:
        """Return the channel this app can see; raise channel_not_found, or not_in_channel when `member` is asked.

        `scopes` such as "history" checks the scope for this kind of channel (channels:, groups: or im:history).
        """
        channel = self.workspace.channel(self.text(name))
        joined = channel is not None and self.app.bot_user_id in channel.members
        if channel is None or (channel.kind != "channel" and not joined):
            raise ApiError("channel_not_found")
        if scopes:
            self.need({"channel": "channels", "group": "groups", "im": "im"}[channel.kind] + f":{scopes}")
        if member and not joined:
            raise ApiError("not_in_channel")
        return channel

    def need(self, *scopes: str) -> None:
        """Raise missing_scope unless the app has one of these scopes."""
        if scopes and not set(scopes) & set(self.app.scopes):
            raise ApiError("missing_scope", needed=scopes[0], provided=",".join(self.app.scopes))

    def message(self, channel: Channel, name: str = "ts", missing: str = "message_not_found") -> Message:
        """Return the message named by a ts argument."""
        message = channel.all_messages.get(self.text(name))
        if message is None:
            raise ApiError(missing)
        return message

    def member(self, name: str = "user", missing: str = "user_not_found") -> Member:
        """Return the member named by an id argument."""
        member = self.workspace.members.get(self.text(name))
        if member is None:
            raise ApiError(missing)
        return member

    def page(self, everything: Sequence[T], default: int, most: int) -> tuple[list[T], Json]:
        """Return the page that `cursor` and `limit` ask for, and the response_metadata that leads to the next."""
        limit = self.number("limit", default, "invalid_limit")
        if not 0 < limit <= most:
            raise ApiError("invalid_limit")
        start = self._start()
        after = start + limit
        cursor = base64.b64encode(f"next:{after}".encode()).decode() if after < len(everything) else ""
        return list(everything[start:after]), {"next_cursor": cursor}

    def _start(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            word, number = base64.b64decode(cursor, validate=True).decode().split(":")
            return int(number) if word == "next" else int("")
        except ValueError:
            raise ApiError("invalid_cursor") from None


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A Web API method: who may call it, with which arguments, how often a minute."""

    handler: Handler
    scopes: tuple[str, ...] = ()  # any of them
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    per_minute: int = 50
    token: str = "xoxb-"  # noqa: S105 - the prefix that tells bot tokens from app tokens


async def read_arguments(request: web.Request) -> Json:
    """Return query, form, multipart and JSON arguments as one; structured ones may come as JSON text."""
    args: Json = dict(request.query)
    kind = request.content_type
    if kind == "application/json" and request.can_read_body:
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(body, dict):
            raise ApiError("json_not_object")
        args |= body
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"} and request.can_read_body:
        args |= dict(await request.post())
    for name in STRUCTURED & args.keys():
        args[name] = _parsed(name, args[name])
    return args


def _parsed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return json.loads(value)
    except ValueError:
        code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}.get(name, "invalid_arguments")
        if name in {"file_ids", "source"}:
            return value
        raise ApiError(code) from None


def view_refused(refusal: ViewRefused) -> ApiError:
    """Return the API's form of a refused view."""
    return ApiError(refusal.code, **refusal.more)
