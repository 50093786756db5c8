"""One REST call: what it is about, who makes it, and the readers that raise Discord's own errors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from chatops.sandbox.discord.channel import FORUM, Channel, Thread
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.nonces import Nonces
from chatops.sandbox.discord.permissions import VIEW_CHANNEL, permissions
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.bodies import Body
from chatops.sandbox.discord.rest.uploads import Uploads
from chatops.sandbox.discord.server import Server

APP = web.RequestKey("app", App)  # whose token a request carries


@dataclass
class Call:
    """What a route works with."""

    server: Server
    app: App
    path: dict[str, str]
    query: dict[str, str]
    body: Body
    nonces: Nonces
    uploads: Uploads
    identifies: Callable[[App], Json]  # session_start_limit, kept by the gateway
    status: int = 200  # of the answer

    @property
    def payload(self) -> Json:
        """Return the JSON object of the request."""
        return self.body.fields

    def only(self, *known: str) -> Json:
        """Return the JSON object; Refusal 50035 when it holds anything else (the real one looks away)."""
        for name in self.payload:
            if name not in known:
                raise invalid(name, "UNKNOWN_FIELD", "This field is not known.")
        return self.payload

    def guild(self) -> Server:
        """Return the server named in the path; Refusal when it is unknown or the app's bot is not in it."""
        if self.path["guild_id"] != self.server.id:
            raise Refusal(10004)
        if self.app.bot.id not in self.server.members:
            raise Refusal(50001)
        return self.server

    def channel(self, *needed: int) -> Channel:
        """Return the channel named in the path; Refusal when it is unknown, hidden, or a permission is missing."""
        channel = self.server.channels.get(self.path["channel_id"])
        if channel is None:
            raise Refusal(10003)
        if channel.recipient is None:
            self.need(channel, VIEW_CHANNEL, code=50001)
            self.need(channel, *needed)
        return channel

    def thread(self, *needed: int) -> Thread:
        """Return the thread named in the path; Refusal 50024 for other channels."""
        channel = self.channel(*needed)
        if not isinstance(channel, Thread):
            raise Refusal(50024)
        return channel

    def forum(self, *needed: int) -> Channel:
        """Return the forum named in the path."""
        channel = self.channel(*needed)
        if channel.type != FORUM:
            raise Refusal(50024)
        return channel

    def may(self, channel: Channel | None, permission: int) -> bool:
        """Return whether the app's bot holds a permission."""
        return bool(permissions(self.server, self.app.bot.id, channel) & permission)

    def need(self, channel: Channel | None, *needed: int, code: int = 50013) -> None:
        """Raise a Refusal unless the app's bot holds all these permissions."""
        if not all(self.may(channel, permission) for permission in needed):
            raise Refusal(code)

    def message(self, channel: Channel) -> Message:
        """Return the message named in the path."""
        message = channel.messages.get(self.path["message_id"])
        if message is None:
            raise Refusal(10008)
        return message

    def member(self, name: str = "user_id") -> Member:
        """Return the member named in the path; `@me` is the app's bot."""
        asked = self.path.get(name, "@me")
        member = self.app.bot if asked == "@me" else self.server.members.get(asked)
        if member is None:
            raise Refusal(10013)
        return member

    def mark(self, name: str) -> int:
        """Return an id of the query as a number, 0 when it is absent; Refusal 50035 when it is none."""
        value = self.query.get(name, "0")
        if not value.isdigit():
            raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return int(value)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a number of the query; Refusal 50035 when it is none or out of range."""
        value = self.query.get(name, str(default))
        if not value.isdigit():
            raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        if not least <= int(value) <= most:
            raise invalid(name, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
        return int(value)


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Route:
    """A method and address of REST; `name` is what faults, limits and the log call it."""

    method: str
    address: str
    name: str
    handler: Handler | Callable[[Call], Awaitable[Any]]
