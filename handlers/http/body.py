"""Reading what somebody sends us, but no more of it than we want; who is too slow is the door's to turn away."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

Answer = Callable[[Mapping[str, str], bytes], Awaitable[Response]]


def with_body(answer: Answer, limit: int) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that gives a request's headers (in whatever case) and raw body to `answer`.

    413 for a body longer than `limit` bytes, of which the rest is not read; 400 for one that breaks off.
    """

    async def endpoint(request: Request) -> Response:
        declared = request.headers.get("Content-Length", "0")
        if declared.isdecimal() and int(declared) > limit:
            return _too_large()
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    return _too_large()
        except ClientDisconnect:
            return Response(status_code=400)
        return await answer(request.headers, bytes(body))

    return endpoint


def _too_large() -> Response:
    return Response(status_code=413, headers={"Connection": "close"})
