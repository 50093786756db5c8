"""The token endpoints and the page on which a seller authorizes an app."""

import html
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from chatops.sandbox.tiktok.authorizations import Authorizations, token_answer
from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.front import Front
from chatops.sandbox.tiktok.refusals import INVALID_CREDENTIALS, WRONG_METHOD, RefusalError
from chatops.sandbox.tiktok.state import App, Json, Shop, State

PAGE = """<!doctype html><meta charset="utf-8"><title>TikTok Shop (sandbox)</title>
<body style="font-family:sans-serif;max-width:32rem;margin:3rem auto"><h1>{title}</h1>{body}</body>"""


class Tokens:
    """Serves `/api/v2/token/get`, `/api/v2/token/refresh` and `/open/authorize`."""

    def __init__(self, state: State, authorizations: Authorizations, front: Front, changes: Changes) -> None:
        self._state = state
        self._authorizations = authorizations
        self._front = front
        self._changes = changes

    def routes(self) -> list[web.RouteDef]:
        """Return what to serve."""
        return [
            web.route("*", "/api/v2/token/get", self._get),
            web.route("*", "/api/v2/token/refresh", self._refresh),
            web.get("/open/authorize", self._page),
            web.post("/open/authorize", self._authorize),
        ]

    async def _get(self, request: web.Request) -> web.StreamResponse:
        async def run() -> Json:
            app = self._app(request, {"authorized_code"})
            return token_answer(self._authorizations.exchange(app, request.query.get("auth_code", "")))

        return await self._front.answer(request, "token_get", run, success="success")

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        grants = {"refresh_token"}
        if self._state.assumptions.refresh_tolerates_authorized_code:
            grants.add("authorized_code")

        async def run() -> Json:
            app = self._app(request, grants)
            return token_answer(self._authorizations.refresh(app, request.query.get("refresh_token", "")))

        return await self._front.answer(request, "token_refresh", run, success="success")

    def _app(self, request: web.Request, grants: set[str]) -> App:
        if request.method != "GET":
            raise RefusalError(WRONG_METHOD)
        app = self._state.apps.get(request.query.get("app_key", ""))
        if app is None or app.secret != request.query.get("app_secret"):
            raise RefusalError(INVALID_CREDENTIALS, "Invalid credentials. Invalid `app_key` or `app_secret`.")
        if request.query.get("grant_type") not in grants:
            raise RefusalError(INVALID_CREDENTIALS, "Invalid parameter. Invalid `grant_type`.")
        return app

    async def _page(self, request: web.Request) -> web.Response:
        app = self._asking(request.query)
        if app is None:
            return _html("This service does not exist", "<p>Check the service_id.</p>", status=404)
        boxes = "".join(
            f'<p><label><input type="checkbox" name="shop" value="{shop.id}" checked> '
            f"{html.escape(shop.name)} ({html.escape(shop.region)})</label></p>"
            for shop in self._state.shops.values()
            if shop.app is app
        )
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(request.query.get(name, ""))}">'
            for name in ("service_id", "state")
        )
        return _html("Authorize this app?", f'<form method="post">{hidden}{boxes}<button>Authorize</button></form>')

    async def _authorize(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items() if name != "shop"}
        chosen = [self._state.shops.get(str(one)) for one in (await request.post()).getall("shop", [])]
        app, shops = self._asking(form), [shop for shop in chosen if shop is not None]
        if app is None or not shops or any(shop.app is not app for shop in shops):
            return _html("Nothing was authorized", "<p>Choose at least one shop of this app.</p>", status=400)
        address = self.redirect(app, shops, self._authorizations.code(app, shops), form.get("state", ""))
        self._changes.ring()
        if app.redirect_url is None:
            return _html("Authorized", f"<p>Hand this over:</p><pre>{html.escape(address)}</pre>")
        return web.Response(status=302, headers={"Location": address})

    def redirect(self, app: App, shops: list[Shop], code: str, state: str = "") -> str:
        """Return the address the seller's browser is sent to; `state` is missing when none was given."""
        query = {"app_key": app.key, "code": code, "locale": "en", "shop_region": shops[0].region}
        if state:
            query["state"] = state
        start = app.redirect_url or ""
        return f"{start}{'&' if '?' in start else '?'}{urlencode(query)}"

    def _asking(self, query: Mapping[str, str]) -> App | None:
        wanted = query.get("service_id", "")
        return next((app for app in self._state.apps.values() if app.service_id == wanted), None)


def _html(title: str, body: str, *, status: int = 200) -> web.Response:
    return web.Response(status=status, text=PAGE.format(title=title, body=body), content_type="text/html")
