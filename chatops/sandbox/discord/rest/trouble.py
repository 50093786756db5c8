"""Serving a request with whatever trouble was planned for it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from chatops.sandbox.discord.limits import Verdict
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.answers import limited, page, refused
from chatops.sandbox.discord.server import Server
from chatops.sandbox.faults import Fault, Faults, Trouble

CLOUDFLARE = "cloudflare"  # a fault's code: the refusal is an HTML page from in front of Discord
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve_with_faults(
    faults: Faults, server: Server, name: str, request: web.Request, serve: Serve
) -> web.StreamResponse:
    """Return what `serve` answers, unless a fault for `name` comes before, instead or after.

    A fault's `code` tells more: for RATE_LIMITED the scope (user, shared, global) or `cloudflare`; for ERROR Discord's
    error number or `cloudflare`; for SERVER_ERROR and DROP_AFTER an HTTP status (502) to answer with.
    """
    fault = faults.take(name)
    if fault is None:
        return await serve(request)
    server.changed()  # someone may wait for the trouble to begin
    if fault.trouble is Trouble.SLOW:
        await server.time.wait_until(server.time.now() + timedelta(seconds=fault.seconds))
    return _instead(request, fault) or _afterwards(request, fault, await serve(request))


def _instead(request: web.Request, fault: Fault) -> web.Response | None:
    answer: web.Response | None = None
    match fault.trouble:
        case Trouble.RATE_LIMITED if fault.code == CLOUDFLARE:
            answer = page(429, "Error 1015: you are being rate limited")
        case Trouble.RATE_LIMITED:
            answer = limited(
                Verdict(float(1 if fault.retry_after is None else fault.retry_after), fault.code or "user")
            )
        case Trouble.UNAVAILABLE:
            answer = refused(Refusal(130000))
        case Trouble.SERVER_ERROR:
            answer = page(int(fault.code or 500), "Server error")
        case Trouble.DROP_BEFORE:
            answer = _cut(request)
        case Trouble.ERROR if fault.code == CLOUDFLARE:
            answer = page(403, "Error 1020: access denied")
        case Trouble.ERROR:
            answer = refused(Refusal(int(fault.code)))
    return answer


def _afterwards(request: web.Request, fault: Fault, answer: web.StreamResponse) -> web.StreamResponse:
    match fault.trouble:
        case Trouble.DROP_AFTER if fault.code:
            return page(int(fault.code), "Bad gateway")
        case Trouble.DROP_AFTER:
            return _cut(request)
        case Trouble.GARBAGE:
            whole = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{"
            return web.Response(body=whole[: max(1, len(whole) // 2)], headers={"Content-Type": "application/json"})
    return answer


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
