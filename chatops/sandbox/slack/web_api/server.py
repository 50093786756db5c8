"""Serving /api/<method>: who asks, may they, is it too often, what goes wrong on purpose."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.slack.delivery import Delivery
from chatops.sandbox.slack.interactions import Interactions
from chatops.sandbox.slack.limits import Limits
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
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
COMMITTED_ERRORS = {"fatal_error", "internal_error"}  # Slack warns that these may come after the fact
HTML = "<!DOCTYPE html><html><body><h1>{}</h1></body></html>"


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
        fault = self.faults.take(name)
        if fault and fault.trouble is Trouble.SLOW:
            await self.workspace.time.wait_until(self.workspace.now() + timedelta(seconds=fault.seconds))
        refusal = self._trouble_before(request, name, fault)
        if refusal is not None:
            return refusal
        answer = await self._serve(request, name)
        return self._trouble_after(request, fault, answer)

    def _trouble_before(self, request: web.Request, name: str, fault: Fault | None) -> web.Response | None:
        match fault.trouble if fault else None:
            case Trouble.RATE_LIMITED if fault:
                retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                answer = self._json({"ok": False, "error": "ratelimited"}, 429, retry)
            case Trouble.UNAVAILABLE:
                answer = web.Response(status=503, text=HTML.format("Unavailable"), content_type="text/html")
            case Trouble.SERVER_ERROR:
                answer = web.Response(status=500, text=HTML.format("Error"), content_type="text/html")
            case Trouble.DROP_BEFORE:
                answer = _cut(request)
            case Trouble.ERROR if fault and fault.code not in COMMITTED_ERRORS:
                answer = self._json({"ok": False, "error": fault.code})
            case _:
                return None
        self.log(name, dict(request.query), answer.status, str(fault.trouble) if fault else "")
        return answer

    def _trouble_after(self, request: web.Request, fault: Fault | None, answer: web.Response) -> web.Response:
        match fault.trouble if fault else None:
            case Trouble.DROP_AFTER:
                return _cut(request)
            case Trouble.GARBAGE:
                whole = answer.body if isinstance(answer.body, bytes) else b""
                return web.Response(body=whole[: max(1, len(whole) // 2)], content_type="application/json")
            case Trouble.ERROR if fault:
                return self._json({"ok": False, "error": fault.code})
        return answer

    async def _serve(self, request: web.Request, name: str) -> web.Response:
        args: Json = {}
        body: Json
        headers: dict[str, str] = {}
        app: App | None = None
        try:
            args = await read_arguments(request)
            method = METHODS.get(name)
            app = self._app(request, args, method)
            headers["x-oauth-scopes"] = ",".join(app.scopes)
            if method is None:
                raise ApiError("unknown_method", req_method=name)
            self._count(app, name, method, headers)
            call = Call(
                self.workspace, app, args, self.limits, self.views, self.interactions, self.uploads, self.delivery,
                headers,
            )  # fmt: skip
            _check_arguments(call, method)
            body, error = {"ok": True} | method.handler(call), ""
        except ApiError as refused:
            body, error = {"ok": False, "error": refused.code} | refused.more, refused.code
        status = 429 if error == "ratelimited" else 200
        self.log(name, {k: v for k, v in args.items() if k != "token"}, status, error, app.app_id if app else "")
        return self._json(body, status, headers)

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

    def _count(self, app: App, name: str, method: Method, headers: dict[str, str]) -> None:
        wait = self.limits.refuse(app.app_id, name, method.per_minute)
        if wait is not None:
            headers["Retry-After"] = str(wait)
            raise ApiError("ratelimited")

    @staticmethod
    def _json(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        more = {"x-slack-req-id": secrets.token_hex(16)} | (headers or {})
        return web.Response(
            body=json.dumps(body).encode(),
            status=status,
            headers=more,
            content_type="application/json",
            charset="utf-8",
        )


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


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
