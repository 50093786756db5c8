"""Serving /api/<method>: who asks, may they, is it too often, what goes wrong on purpose."""

import json
import secrets
from dataclasses import dataclass, field

from aiohttp import web

from chatops.sandbox.faults import Faults
from chatops.sandbox.slack.delivery import Delivery
from chatops.sandbox.slack.interactions import Interactions
from chatops.sandbox.slack.limits import Limits
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.trouble import serve_with_faults
from chatops.sandbox.slack.uploads import Uploads
from chatops.sandbox.slack.views import Views
from chatops.sandbox.slack.web_api import chat, conversations, files, people, reactions, team, views
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method, read_arguments
from chatops.sandbox.slack.workspace import Workspace

METHODS: dict[str, Method] = {
    **chat.METHODS, **conversations.METHODS, **files.METHODS, **people.METHODS, **reactions.METHODS, **team.METHODS,
    **views.METHODS,
}  # fmt: skip
EVERYWHERE = {"team_id", "token", "pretty"}


@dataclass
class Request:
    """One call in the world's log."""

    method: str
    args: Json
    status: int
    error: str = ""
    app_id: str = ""


@dataclass
class WebApi:
    """The Web API of the workspace."""

    workspace: Workspace
    faults: Faults
    limits: Limits
    views: Views
    interactions: Interactions
    uploads: Uploads
    delivery: Delivery
    requests: list[Request] = field(default_factory=list)

    def log(self, method: str, args: Json, status: int, error: str = "", app_id: str = "") -> None:
        """Remember a request."""
        self.requests.append(Request(method, args, status, error, app_id))
        self.workspace.changed()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one call, with whatever trouble is planned for it."""
        name = request.match_info["method"]
        served = False

        async def serve(asked: web.Request) -> web.StreamResponse:
            nonlocal served
            served = True
            return await self._serve(asked)

        answer = await serve_with_faults(self.faults, self.workspace, name, request, serve)
        if not served:
            self.log(name, dict(request.query), answer.status, "fault")
        return answer

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        args: Json = {}
        body: Json
        headers: dict[str, str] = {}
        app: App | None = None
        try:
            args = await read_arguments(request)
            app = self._app(request, args, METHODS.get(name))
            headers["x-oauth-scopes"] = ",".join(app.scopes)
            body, error = {"ok": True} | self._carry_out(app, name, args, headers), ""
        except ApiError as refused:
            body, error = {"ok": False, "error": refused.code} | refused.more, refused.code
        status = 429 if error == "ratelimited" else 200
        self.log(name, {k: v for k, v in args.items() if k != "token"}, status, error, app.app_id if app else "")
        return _json(body, status, headers)

    def _carry_out(self, app: App, name: str, args: Json, headers: dict[str, str]) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        wait = self.limits.refuse(app.app_id, name, method.per_minute)
        if wait is not None:
            headers["Retry-After"] = str(wait)
            raise ApiError("ratelimited")
        call = Call(
            self.workspace, app, args, self.limits, self.views, self.interactions, self.uploads, self.delivery, headers
        )
        _check_arguments(call, method)
        return method.handler(call)

    def _app(self, request: web.Request, args: Json, method: Method | None) -> App:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or str(args.get("token", ""))
        if not token:
            raise ApiError("not_authed")
        app = next((app for app in self.workspace.apps.values() if token in {app.bot_token, app.app_token}), None)
        if app is None:
            raise ApiError("invalid_auth")
        if app.revoked:
            raise ApiError("token_revoked")
        if method and not token.startswith(method.token):
            raise ApiError("not_allowed_token_type")
        return app


def _json(body: Json, status: int, headers: dict[str, str]) -> web.Response:
    more = {"x-slack-req-id": secrets.token_hex(16)} | headers
    content = json.dumps(body).encode()
    return web.Response(body=content, status=status, headers=more, content_type="application/json", charset="utf-8")


def _check_arguments(call: Call, method: Method) -> None:
    call.need(*method.scopes)
    unknown = call.args.keys() - set(method.required) - set(method.optional) - EVERYWHERE
    if unknown:
        problems = [f"[ERROR] unknown argument: {name}" for name in sorted(unknown)]
        raise ApiError("invalid_arguments", response_metadata={"messages": problems})
    missing = [name for name in method.required if call.args.get(name) in (None, "")]
    if missing == ["channel"]:
        raise ApiError("channel_not_found")
    if missing:
        problems = [f"[ERROR] missing required field: {name}" for name in missing]
        raise ApiError("invalid_arguments", response_metadata={"messages": problems})
