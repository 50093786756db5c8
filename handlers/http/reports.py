"""`GET /reports/SECRET`: a report for somebody outside of the chat, as long as its link is good."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse

from chatops.cards.report import POLICY, gone, too_often
from chatops.desk import report_links
from chatops.i18n import language, liked_best
from chatops.store.store import Store
from chatops.times import TimeSource
from handlers.http.turnstile import Turnstile

EACH, TOGETHER = 30, 300  # requests a minute
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": f"{POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Reports:
    """Shows a report to whoever knows the secret of a link to it, as it was when the link was made.

    Nobody else learns anything: a made up, an expired and a withdrawn link look the same, and nobody can try many.
    """

    def __init__(self, store: Store, time: TimeSource) -> None:
        self._store = store
        self._time = time
        self._turnstile = Turnstile(time, each=EACH, together=TOGETHER)

    async def __call__(self, request: Request) -> HTMLResponse:
        """Answer with the page, or with one that says that there is none, or that they ask too often."""
        if wait := self._turnstile.wait(request):
            return _told(request, too_often, 429, {**HEADERS, "Retry-After": str(wait)})
        page = await self._store.read(report_links.read, request.path_params["secret"], self._time.now())
        return _told(request, gone, 404) if page is None else HTMLResponse(page, headers=HEADERS)


def _told(request: Request, page: Callable[[], str], status: int, headers: Mapping[str, str] = HEADERS) -> HTMLResponse:
    """Answer in the language of the browser."""
    with language(liked_best(request.headers.get("Accept-Language", ""))):
        return HTMLResponse(page(), status, headers=headers)
