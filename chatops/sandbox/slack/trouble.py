"""Serving a request with whatever trouble was planned for it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.slack.workspace import Workspace

COMMITTED_ERRORS = {"fatal_error", "internal_error"}  # Slack warns that these may come after the fact
HTML = "<!DOCTYPE html><html><body><h1>{}</h1></body></html>"
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve_with_faults(
    faults: Faults, workspace: Workspace, name: str, request: web.Request, serve: Serve
) -> web.StreamResponse:
    """Return what `serve` answers, unless a fault for `name` comes before, instead or after."""
    fault = faults.take(name)
    if fault is None:
        return await serve(request)
    workspace.changed()  # someone may wait for the trouble to begin
    if fault.trouble is Trouble.SLOW:
        await workspace.time.wait_until(workspace.now() + timedelta(seconds=fault.seconds))
    return _instead(request, fault) or _afterwards(request, fault, await serve(request))


def _instead(request: web.Request, fault: Fault) -> web.Response | None:
    match fault.trouble:
        case Trouble.RATE_LIMITED:
            retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=retry)
        case Trouble.UNAVAILABLE:
            return web.Response(status=503, text=HTML.format("Unavailable"), content_type="text/html")
        case Trouble.SERVER_ERROR:
            return web.Response(status=500, text=HTML.format("Error"), content_type="text/html")
        case Trouble.DROP_BEFORE:
            return _cut(request)
        case Trouble.ERROR if fault.code not in COMMITTED_ERRORS:
            return web.json_response({"ok": False, "error": fault.code})
    return None


def _afterwards(request: web.Request, fault: Fault, answer: web.StreamResponse) -> web.StreamResponse:
    match fault.trouble:
        case Trouble.DROP_AFTER:
            return _cut(request)
        case Trouble.GARBAGE:
            whole = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{"
            return web.Response(body=whole[: max(1, len(whole) // 2)], content_type="application/json")
        case Trouble.ERROR:
            return web.json_response({"ok": False, "error": fault.code})
    return answer


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
