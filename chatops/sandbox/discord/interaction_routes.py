"""The addresses at which an app answers interactions; they need no bot token, only the interaction's own."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from chatops.sandbox.discord import interaction_shapes, messages
from chatops.sandbox.discord.interaction import Answer, Interaction
from chatops.sandbox.discord.interactions import Interactions
from chatops.sandbox.discord.message import EPHEMERAL, Json, Message
from chatops.sandbox.discord.refusals import invalid
from chatops.sandbox.discord.rest.answers import empty_answer, json_answer
from chatops.sandbox.discord.rest.bodies import Body, read_body
from chatops.sandbox.discord.rest.checks import EDIT
from chatops.sandbox.discord.rest.drafts import drafted, redrafted
from chatops.sandbox.discord.rest.uploads import Uploads

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
Around = Callable[[str, Serve], Serve]  # puts planned faults, Discord's errors and the log around a named route


def routes(interactions: Interactions, uploads: Uploads, around: Around) -> list[web.RouteDef]:
    """Return the routes; their names for faults are `interactions.callback` and `followups.…`."""
    served = _Answering(interactions, uploads)
    webhook = "/api/v10/webhooks/{app_id}/{token}"
    callback = "/api/v10/interactions/{interaction_id}/{token}/callback"
    return [
        web.post(callback, around("interactions.callback", served.callback)),
        web.post(webhook, around("followups.create", served.follow_up)),
        web.get(f"{webhook}/messages/{{message_id}}", around("followups.get", served.look)),
        web.patch(f"{webhook}/messages/{{message_id}}", around("followups.edit", served.edit)),
        web.delete(f"{webhook}/messages/{{message_id}}", around("followups.delete", served.delete)),
    ]


class _Answering:
    def __init__(self, interactions: Interactions, uploads: Uploads) -> None:
        self.interactions = interactions
        self.server = interactions.server
        self.uploads = uploads

    async def callback(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        interaction = self.interactions.awaiting(request.match_info["interaction_id"], request.match_info["token"])
        kind, data = body.fields.get("type"), body.fields.get("data") or {}
        if not isinstance(data, dict):
            raise invalid("data", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        fields: Json = {}
        if kind == Answer.SAY:
            fields = self._new(body, data)
        elif kind == Answer.CHANGE and interaction.source:
            fields = self._changed(body, data, self.interactions.source(interaction))
        self.interactions.take(interaction, kind, data, fields)
        if request.query.get("with_response", "").lower() not in {"1", "true"}:
            return empty_answer()
        resource = interaction.original if kind in {Answer.SAY, Answer.CHANGE} else None
        return json_answer(interaction_shapes.acknowledged(self.server, interaction, resource))

    async def follow_up(self, request: web.Request) -> web.Response:
        interaction, body = self._open(request), await read_body(request)
        waiting = self.interactions.waiting(interaction)
        if waiting:  # the first one after a deferral fills in what was deferred, as ever
            fields = self._changed(body, body.fields, waiting)
            message = self.interactions.change(interaction, waiting, body.fields, fields)
        else:
            message = self.interactions.say(interaction, body.fields, self._new(body, body.fields))
        if request.query.get("wait", "").lower() in {"1", "true"}:
            return self._shown(interaction, message)
        return empty_answer()

    async def look(self, request: web.Request) -> web.Response:
        interaction = self._open(request)
        return self._shown(interaction, self.interactions.shown(interaction, request.match_info["message_id"]))

    async def edit(self, request: web.Request) -> web.Response:
        interaction, body = self._open(request), await read_body(request)
        message = self.interactions.shown(interaction, request.match_info["message_id"])
        fields = self._changed(body, body.fields, message)
        return self._shown(interaction, self.interactions.change(interaction, message, body.fields, fields))

    async def delete(self, request: web.Request) -> web.Response:
        interaction = self._open(request)
        self.interactions.remove(interaction, self.interactions.shown(interaction, request.match_info["message_id"]))
        return empty_answer()

    def _open(self, request: web.Request) -> Interaction:
        return self.interactions.open(request.match_info["app_id"], request.match_info["token"])

    def _shown(self, interaction: Interaction, message: Message) -> web.Response:
        return json_answer(messages.shown(self.server, message, interaction.app.bot.id))

    def _new(self, body: Body, payload: Json) -> Json:
        fields = drafted(self.uploads, body, payload, EDIT)
        return fields | {"flags": fields["flags"] | (payload.get("flags") or 0) & EPHEMERAL}

    def _changed(self, body: Body, payload: Json, message: Message) -> Json:
        return redrafted(self.uploads, body, payload, message)
