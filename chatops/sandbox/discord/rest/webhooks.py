"""Webhooks: made by an app, then spoken through under any name by whoever has the token."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.channel import FORUM, TEXT, Channel, Thread
from chatops.sandbox.discord.limits import Limits
from chatops.sandbox.discord.member import Webhook
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.permissions import MANAGE_WEBHOOKS
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.answers import empty_answer, json_answer, limited
from chatops.sandbox.discord.rest.bodies import Body, read_body
from chatops.sandbox.discord.rest.call import Call, Route
from chatops.sandbox.discord.rest.checks import check_length
from chatops.sandbox.discord.rest.drafts import drafted, redrafted
from chatops.sandbox.discord.rest.trouble import Serve
from chatops.sandbox.discord.rest.uploads import Uploads
from chatops.sandbox.discord.server import Server

MOST = 15
NOT_IN_NAMES = ("clyde", "discord")
EXECUTE = ("content", "embeds", "allowed_mentions", "components", "flags", "attachments", "tts")
OF_WEBHOOKS = ("username", "avatar_url", "thread_name", "applied_tags")
UNLESS_ASKED: Json = {"parse": ["users"]}  # whom a webhook notifies
ADDRESS = r"/api/v10/webhooks/{webhook_id:\d+}/{token:[\w-]{68}}"


def create(call: Call) -> Json:
    """Make a webhook in a text channel or forum."""
    channel = call.channel(MANAGE_WEBHOOKS)
    if channel.type not in {TEXT, FORUM}:
        raise Refusal(50024)
    asked = call.only("name", "avatar")
    check_name("name", asked.get("name") or "")
    if sum(known.channel_id == channel.id for known in call.server.webhooks.values()) >= MOST:
        raise Refusal(30007)
    webhook = Webhook(call.server.ids.next(), asked["name"].strip(), channel.id, call.server.id, call.app)
    call.server.webhooks[webhook.id] = webhook
    call.server.happens("WEBHOOKS_UPDATE", {"guild_id": call.server.id, "channel_id": channel.id}, channel.id)
    return webhook.wire()


def listed(call: Call) -> list[Json]:
    """Return the webhooks of a channel."""
    channel = call.channel(MANAGE_WEBHOOKS)
    return [known.wire() for known in call.server.webhooks.values() if known.channel_id == channel.id]


def check_name(path: str, name: str) -> None:
    """Raise Refusal 50035 for a name that Discord gives to no webhook."""
    check_length(path, name, 80, 1)
    for word in NOT_IN_NAMES:
        if word in name.lower():
            raise invalid(path, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')


class Webhooks:
    """Answers those who speak through webhooks."""

    def __init__(self, server: Server, uploads: Uploads, limits: Limits) -> None:
        self.server = server
        self.uploads = uploads
        self.limits = limits

    def routes(self, around: Callable[[str, Serve], Serve]) -> list[web.RouteDef]:
        """Return the routes; their names for faults are `webhooks.…`."""
        one = ADDRESS + r"/messages/{message_id}"
        return [
            web.post(ADDRESS, around("webhooks.execute", self._execute)),
            web.get(one, around("webhooks.get", self._look)),
            web.patch(one, around("webhooks.edit", self._edit)),
            web.delete(one, around("webhooks.delete", self._delete)),
        ]

    async def _execute(self, request: web.Request) -> web.Response:
        webhook, body = self._webhook(request), await read_body(request)
        verdict = self.limits.ask_webhook(webhook.id, webhook.channel_id)
        if verdict.wait is not None:
            return limited(verdict)
        said = self._say(webhook, body, request.query.get("thread_id"))
        if request.query.get("wait", "").lower() not in {"1", "true"}:
            return empty_answer(verdict.headers)
        return json_answer(messages.shown(self.server, said), headers=verdict.headers)

    def _say(self, webhook: Webhook, body: Body, thread_id: str | None) -> Message:
        payload, channel = body.fields, self.server.channels[webhook.channel_id]
        fields = drafted(
            self.uploads, body, {key: value for key, value in payload.items() if key not in OF_WEBHOOKS}, EXECUTE
        )
        if payload.get("username"):
            check_name("username", payload["username"])
        author, allowed = webhook.author(payload.get("username") or ""), payload.get("allowed_mentions", UNLESS_ASKED)
        fields |= {"webhook_id": webhook.id, "application_id": webhook.app.id}
        name, content = payload.get("thread_name"), fields.pop("content")
        _check_place(channel, thread_id, name)
        if name:
            check_length("thread_name", name, 100, 1)
            tags = [str(tag) for tag in payload.get("applied_tags") or []]
            return threads.open_post(self.server, channel, author, name, content, allowed, tags, **fields)[1]
        return messages.post(self.server, self._place(webhook, thread_id), author, content, allowed, **fields)

    def _place(self, webhook: Webhook, thread_id: str | None) -> Channel:
        if thread_id is None:
            return self.server.channels[webhook.channel_id]
        thread = self.server.channels.get(thread_id)
        if not isinstance(thread, Thread) or thread.parent_id != webhook.channel_id:
            raise Refusal(10003)
        return thread

    async def _look(self, request: web.Request) -> web.Response:
        return json_answer(messages.shown(self.server, self._message(request)[1]))

    async def _edit(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        body = await read_body(request)
        fields: dict[str, Any] = redrafted(self.uploads, body, body.fields, message)
        messages.change(self.server, channel, message, body.fields.get("allowed_mentions", UNLESS_ASKED), **fields)
        return json_answer(messages.shown(self.server, message))

    async def _delete(self, request: web.Request) -> web.Response:
        messages.remove(self.server, *self._message(request))
        return empty_answer()

    def _webhook(self, request: web.Request) -> Webhook:
        webhook = self.server.webhooks.get(request.match_info["webhook_id"])
        if webhook is None or webhook.channel_id not in self.server.channels:
            raise Refusal(10015)
        if webhook.token != request.match_info["token"]:
            raise Refusal(50027)
        return webhook

    def _message(self, request: web.Request) -> tuple[Channel, Message]:
        webhook = self._webhook(request)
        channel = self._place(webhook, request.query.get("thread_id"))
        message = channel.messages.get(request.match_info["message_id"])
        if message is None or message.webhook_id != webhook.id:
            raise Refusal(10008)
        return channel, message


def _check_place(channel: Channel, thread_id: str | None, thread_name: str | None) -> None:
    if channel.type != FORUM:
        if thread_name:
            raise Refusal(220003)
    elif not thread_id and not thread_name:
        raise Refusal(220001)
    elif thread_id and thread_name:
        raise Refusal(220002)


ROUTES = (
    Route("POST", "/channels/{channel_id}/webhooks", "webhooks.create", create),
    Route("GET", "/channels/{channel_id}/webhooks", "webhooks.list", listed),
)
