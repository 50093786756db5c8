"""The gateway: every check TikTok makes before an endpoint sees a request, in order."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl

from aiohttp import web

from chatops.sandbox.tiktok import refusals
from chatops.sandbox.tiktok.authorizations import Authorization, Authorizations
from chatops.sandbox.tiktok.front import Front
from chatops.sandbox.tiktok.limits import Limits
from chatops.sandbox.tiktok.pages import Parameters
from chatops.sandbox.tiktok.refusals import RefusalError
from chatops.sandbox.tiktok.signing import request_sign
from chatops.sandbox.tiktok.state import App, Json, Shop, State, seconds

OLDEST_TIMESTAMP = 300
NEWEST_TIMESTAMP = 30
COMMON = frozenset({"app_key", "timestamp", "sign", "access_token"})
CUSTOMER_SERVICE = "seller.customer_service"


@dataclass(frozen=True)
class Call:
    """One request that passed the gateway."""

    request: web.Request
    authorization: Authorization
    path: dict[str, str]
    query: dict[str, str]
    body: Json
    parameters: Parameters
    target: Shop | None

    @property
    def shop(self) -> Shop:
        """The shop that `shop_cipher` named."""
        if self.target is None:
            raise RefusalError(refusals.CIPHER_MISSING)
        return self.target


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Endpoint:
    """One operation; `name` is what faults are planned for. `required` and `optional` are the body's fields."""

    name: str
    method: str
    path: str
    handler: Handler
    scope: str | None = CUSTOMER_SERVICE
    query: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    needs_cipher: bool = True
    upload: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path)))

    @cached_property
    def any_version(self) -> re.Pattern[str]:
        """The same path in whatever version."""
        return re.compile(re.sub(r"/\d{6}/", r"/\\d{6}/", self.pattern.pattern))


class Gateway:
    """Serves the business API."""

    def __init__(
        self, state: State, authorizations: Authorizations, limits: Limits, front: Front, endpoints: list[Endpoint]
    ) -> None:
        self._state = state
        self._authorizations = authorizations
        self._limits = limits
        self._front = front
        self._endpoints = endpoints

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of the business API."""
        try:
            endpoint, path = self._find(request)
        except RefusalError as refusal:
            response = self._front.refuse(refusal)
            self._front.record(request, "", response.status, refusal.code)
            return response

        async def run() -> Json:
            return await endpoint.handler(await self._admit(request, endpoint, path))

        return await self._front.answer(request, endpoint.name, run)

    def _find(self, request: web.Request) -> tuple[Endpoint, dict[str, str]]:
        there = [(one, found) for one in self._endpoints if (found := one.pattern.fullmatch(request.path))]
        for endpoint, found in there:
            if endpoint.method == request.method:
                return endpoint, found.groupdict()
        if there:
            raise RefusalError(refusals.WRONG_METHOD)
        if any(one.any_version.fullmatch(request.path) for one in self._endpoints):
            raise RefusalError(refusals.UNKNOWN_VERSION)
        raise RefusalError(refusals.UNKNOWN_PATH)

    async def _admit(self, request: web.Request, endpoint: Endpoint, path: dict[str, str]) -> Call:
        pairs = parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True)
        query, now = dict(pairs), self._state.time.now()
        app = self._app(query)
        _check_timestamp(query["timestamp"], now)
        multipart = request.content_type == "multipart/form-data"
        raw = b"" if multipart else await request.read()
        # A repeated key cannot be signed: the platform knows one value per key.
        if len(pairs) != len(query) or query["sign"] != request_sign(app.secret, request.path, query, raw):
            raise RefusalError(refusals.BAD_SIGN)
        authorization = self._holder(request, app, now)
        shop = self._target(endpoint, app, authorization, query)
        customer_service = endpoint.scope == CUSTOMER_SERVICE
        if shop is not None:
            self._limits.admit(app, shop, endpoint.name, now, counted=customer_service)
        _check_content_type(request, endpoint)
        body = {} if endpoint.upload or request.method == "GET" else self._body(raw, endpoint)
        if strangers := query.keys() - COMMON - endpoint.query - {"shop_cipher"}:
            raise _unexpected(min(strangers))
        return Call(request, authorization, path, query, body, Parameters(query, self._state.assumptions), shop)

    def _app(self, query: dict[str, str]) -> App:
        for name in ("app_key", "timestamp", "sign"):
            if not query.get(name):
                raise RefusalError(refusals.INVALID_CREDENTIALS, f"Missing credentials. `{name}` is required.")
        app = self._state.apps.get(query["app_key"])
        if app is None:
            raise RefusalError(refusals.INVALID_CREDENTIALS, "Invalid credentials. Invalid `app_key` query parameter.")
        return app

    def _holder(self, request: web.Request, app: App, now: datetime) -> Authorization:
        held = self._authorizations.holder(request.headers.get("x-tts-access-token", ""))
        if held is None or held[0].app is not app:
            raise RefusalError(
                refusals.INVALID_CREDENTIALS, "Invalid credentials. The `x-tts-access-token` header is invalid."
            )
        if held[1] <= now:
            raise RefusalError(refusals.ACCESS_TOKEN_EXPIRED)
        return held[0]

    def _target(self, endpoint: Endpoint, app: App, authorization: Authorization, query: dict[str, str]) -> Shop | None:
        scope = endpoint.scope
        if scope is not None and (scope not in app.scopes or scope not in authorization.scopes):
            raise RefusalError(refusals.SCOPE_MISSING)
        cipher = query.get("shop_cipher")
        if not endpoint.needs_cipher:
            if cipher is not None:
                raise _unexpected("shop_cipher")
            return None
        if not cipher:
            raise RefusalError(refusals.CIPHER_MISSING)
        shop = self._state.shop_by_cipher(cipher)
        if shop is None or shop not in authorization.shops:
            raise RefusalError(refusals.WRONG_SHOP)
        if not shop.active:
            raise RefusalError(refusals.SHOP_INACTIVE)
        return shop

    def _body(self, raw: bytes, endpoint: Endpoint) -> Json:
        if not raw and not self._state.assumptions.empty_body_refused:
            raw = b"{}"
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise RefusalError(refusals.BAD_BODY) from None
        if not isinstance(body, dict):
            raise RefusalError(refusals.BAD_BODY)
        code = self._state.assumptions.invalid_parameter_code
        if missing := endpoint.required - body.keys():
            raise RefusalError(code, f"Invalid parameter. `{min(missing)}` is required.", status=400)
        if strangers := body.keys() - endpoint.required - endpoint.optional:
            raise RefusalError(code, f"Invalid parameter. `{min(strangers)}` is not known.", status=400)
        return body


def _check_timestamp(raw: str, now: datetime) -> None:
    sent = int(raw) if raw.removeprefix("-").isdecimal() else None
    if sent is None or sent < 0:
        problem = "The `timestamp` query parameter is lesser than 0 or not a number."
    elif sent < seconds(now) - OLDEST_TIMESTAMP:
        problem = "The `timestamp` query parameter is earlier than 5 minutes ago."
    elif sent > seconds(now) + NEWEST_TIMESTAMP:
        problem = "The `timestamp` query parameter must not exceed the current time by more than 30 seconds."
    else:
        return
    raise RefusalError(refusals.INVALID_CREDENTIALS, f"Invalid timestamp. {problem}")


def _check_content_type(request: web.Request, endpoint: Endpoint) -> None:
    wanted = "multipart/form-data" if endpoint.upload else "application/json"
    if request.method != "GET" and request.content_type != wanted:
        raise RefusalError(refusals.BAD_CONTENT_TYPE)


def _unexpected(name: str) -> RefusalError:
    return RefusalError(
        refusals.INVALID_CREDENTIALS,
        f"Unexpected identifier. The `{name}` query parameter is not required for this request.",
    )
