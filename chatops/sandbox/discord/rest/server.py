"""Serving REST v10: who asks, may they, is it too often, what goes wrong on purpose."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from chatops.sandbox.discord.limits import Limits
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.nonces import Nonces
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest import account, channels, messages, people, pins, reactions, threads, webhooks
from chatops.sandbox.discord.rest.answers import empty_answer, json_answer, limited, page, refused
from chatops.sandbox.discord.rest.bodies import BODY, Body, read_body
from chatops.sandbox.discord.rest.call import APP, Call, Route
from chatops.sandbox.discord.rest.trouble import Serve, serve_with_faults
from chatops.sandbox.discord.rest.uploads import Uploads
from chatops.sandbox.discord.server import Server
from chatops.sandbox.faults import Faults

BASE = "/api/v10"
MAJOR = ("channel_id", "guild_id", "webhook_id")


@dataclass
class Request:
    """One exchange in the world's log; `answer` is the JSON that was sent, None where there was none."""

    name: str
    method: str
    path: str
    body: Any
    status: int
    answer: Any = None
    app_id: str = ""
    files: int = 0

    @property
    def error(self) -> int:
        """Return Discord's error code, 0 when all went well."""
        return int(self.answer.get("code", 0)) if self.status >= 400 and isinstance(self.answer, dict) else 0


@dataclass
class Rest:
    """The REST interface of the server."""

    server: Server
    faults: Faults
    limits: Limits
    uploads: Uploads
    nonces: Nonces
    identifies: Callable[[App], Json]
    requests: list[Request] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        """Return every route, and last the answer to what is none."""
        families = (account, channels, pins, messages, people, reactions, threads, webhooks)
        known = [route for family in families for route in family.ROUTES]
        served = [
            web.route(
                route.method, BASE + route.address, self.around(route.name, self._serving(route), authorized=True)
            )
            for route in known
        ]
        return [*served, web.route("*", BASE + "/{tail:.*}", self.around("unknown", _not_found))]

    def around(self, name: str, handler: Serve, *, authorized: bool = False) -> Serve:
        """Return the handler with everything around it: faults planned under `name`, refusals, the log.

        `authorized` wants a bot's token, puts its app into `request[APP]` and applies the rate limits.
        """

        async def served(request: web.Request) -> web.StreamResponse:
            async def serve(asked: web.Request) -> web.StreamResponse:
                return await (self._authorized(name, handler, asked) if authorized else handler(asked))

            answer = await serve_with_faults(self.faults, self.server, name, request, _refusing(serve))
            await self._log(name, request, answer)
            return answer

        return served

    async def _authorized(self, name: str, handler: Serve, request: web.Request) -> web.StreamResponse:
        if self.limits.banned:
            return page(429, "Error 1015: you are being rate limited")
        app = request[APP] = self._app(request)
        body = (await read_body(request)).payload
        major = "/".join(request.match_info.get(part, "") for part in MAJOR)
        renames = name == "channels.edit" and isinstance(body, dict) and "name" in body
        verdict = self.limits.ask(app.id, name, major, renames=renames)
        if verdict.wait is not None:
            self.limits.count_invalid(429, verdict.scope)
            return limited(verdict)
        answer = await _refusing(handler)(request)
        answer.headers.update(verdict.headers)
        self.limits.count_invalid(answer.status, "user")
        return answer

    def _app(self, request: web.Request) -> App:
        token = request.headers.get("Authorization", "").removeprefix("Bot ").strip()
        app = next((app for app in self.server.apps.values() if app.token == token and not app.revoked), None)
        if app is None:
            self.limits.count_invalid(401, "user")
            raise Refusal(0)
        return app

    def _serving(self, route: Route) -> Serve:
        async def serve(request: web.Request) -> web.StreamResponse:
            body: Body = await read_body(request)
            call = Call(
                self.server, request[APP], dict(request.match_info), dict(request.query), body, self.nonces,
                self.uploads, self.identifies,
            )  # fmt: skip
            answer = route.handler(call)
            if inspect.isawaitable(answer):
                answer = await answer
            return empty_answer() if answer is None else json_answer(answer, call.status)

        return serve

    async def _log(self, name: str, request: web.Request, answer: web.StreamResponse) -> None:
        body = request.get(BODY) or Body()
        app = request.get(APP)
        known = Request(
            name, request.method, request.path, body.payload or None, answer.status, _told(answer),
            app.id if app else "", len(body.uploads),
        )  # fmt: skip
        self.requests.append(known)
        self.server.changed()


def _refusing(serve: Serve) -> Serve:
    """Turn Discord's refusals into answers."""

    async def served(request: web.Request) -> web.StreamResponse:
        try:
            return await serve(request)
        except Refusal as refusal:
            return refused(refusal)

    return served


def _told(answer: web.StreamResponse) -> Any:
    if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        return None
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


async def _not_found(_: web.Request) -> web.StreamResponse:
    return json_answer({"message": "404: Not Found", "code": 0}, 404)
