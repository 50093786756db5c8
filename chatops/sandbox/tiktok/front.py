"""The way every request takes: a planned fault, the answer, the platform's envelope, the log."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.tiktok.refusals import INTERNAL, TOO_MANY_REQUESTS, RefusalError
from chatops.sandbox.tiktok.state import Json, State, compact

SECRET_PARAMETERS = frozenset({"sign", "app_secret", "access_token", "auth_code", "refresh_token"})
OVERLOADED = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"


@dataclass(frozen=True)
class RequestRecord:
    """One request as it was answered; `status` is None when the connection was closed instead."""

    at: datetime
    name: str  # the name that faults use; "" for an unknown path
    method: str
    path: str
    query: dict[str, str]  # without secrets
    status: int | None
    code: int | None  # the envelope's code; None when no envelope was sent


Answering = Callable[[], Awaitable[tuple[int | None, web.Response]]]


class Front:
    """Answers requests by name, so that faults can be planned for them and tests can count them."""

    def __init__(self, state: State, faults: Faults) -> None:
        self.log: list[RequestRecord] = []
        self._state = state
        self._faults = faults

    async def answer(
        self, request: web.Request, name: str, run: Callable[[], Awaitable[Json]], *, success: str = "Success"
    ) -> web.StreamResponse:
        """Run an endpoint and wrap what it returns; a refusal becomes the platform's error."""

        async def enveloped() -> tuple[int | None, web.Response]:
            try:
                return 0, self._json(200, {"code": 0, "message": success, "data": await run()})
            except RefusalError as refusal:
                return refusal.code, self.refuse(refusal)

        return await self.serve(request, name, enveloped)

    async def serve(self, request: web.Request, name: str, run: Answering) -> web.StreamResponse:
        """Run something between the faults planned for `name`."""
        fault = self._faults.take(name)
        if fault is None:
            code, response = await run()
            return self._done(request, name, response, code)
        if (instead := self._instead(request, name, fault)) is not None:
            return instead
        code, response = await run()
        return await self._spoil(request, name, fault, response, code)

    def refuse(self, refusal: RefusalError) -> web.Response:
        """Return the platform's error answer."""
        assumptions = self._state.assumptions
        status = refusal.status or assumptions.statuses.get(refusal.code, assumptions.business_error_status)
        response = self._json(status, {"code": refusal.code, "data": None, "message": refusal.message})
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def record(self, request: web.Request, name: str, status: int | None, code: int | None) -> None:
        """Log a request."""
        query = {key: value for key, value in request.query.items() if key not in SECRET_PARAMETERS}
        at = self._state.time.now()
        self.log.append(RequestRecord(at, name, request.method, request.path, query, status, code))

    def _instead(self, request: web.Request, name: str, fault: Fault) -> web.StreamResponse | None:
        match fault.trouble:
            case Trouble.RATE_LIMITED:
                refusal = RefusalError(TOO_MANY_REQUESTS, retry_after=fault.retry_after)
            case Trouble.SERVER_ERROR:
                refusal = RefusalError(INTERNAL)
            case Trouble.ERROR:
                refusal = RefusalError(int(fault.code), retry_after=fault.retry_after)
            case Trouble.UNAVAILABLE:
                return self._done(
                    request, name, web.Response(status=503, text=OVERLOADED, content_type="text/html"), None
                )
            case Trouble.DROP_BEFORE:
                return self._dropped(request, name)
            case _:
                return None
        return self._done(request, name, self.refuse(refusal), refusal.code)

    async def _spoil(
        self, request: web.Request, name: str, fault: Fault, response: web.Response, code: int | None
    ) -> web.StreamResponse:
        if fault.trouble is Trouble.DROP_AFTER:
            return self._dropped(request, name)
        if fault.trouble is Trouble.GARBAGE and isinstance(response.body, bytes):
            half = response.body[: len(response.body) // 2]
            response = web.Response(body=half, content_type=response.content_type)
        if fault.trouble is Trouble.SLOW:
            await self._state.time.wait_until(self._state.time.now() + timedelta(seconds=fault.seconds))
        return self._done(request, name, response, code)

    def _done(self, request: web.Request, name: str, response: web.Response, code: int | None) -> web.Response:
        self.record(request, name, response.status, code)
        return response

    def _dropped(self, request: web.Request, name: str) -> web.Response:
        self.record(request, name, None, None)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _json(self, status: int, envelope: Json) -> web.Response:
        request_id = f"{self._state.time.now():%Y%m%d%H%M%S}{uuid.uuid4().hex[:20].upper()}"
        text = compact({**envelope, "request_id": request_id})
        return web.Response(status=status, text=text, content_type="application/json")
