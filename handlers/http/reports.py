"""`GET /reports/SECRET`: a report for somebody outside of the chat, as long as its link is good."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from chatops.cards.report import POLICY, gone
from chatops.desk import report_links
from chatops.i18n import language, liked_best
from chatops.store.store import Store
from chatops.times import TimeSource

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Reports:
    """Shows a report to whoever knows the secret of a link to it, as it was when the link was made.

    Nobody else learns anything: a made up, an expired and a withdrawn link look the same.
    """

    def __init__(self, store: Store, time: TimeSource) -> None:
        self._store = store
        self._time = time

    async def __call__(self, request: Request) -> HTMLResponse:
        """Answer with the page, or with one that says that there is none, in the language of the browser."""
        page = await self._store.read(report_links.read, request.path_params["secret"], self._time.now())
        if page is not None:
            return HTMLResponse(page, headers=HEADERS)
        with language(liked_best(request.headers.get("Accept-Language", ""))):
            return HTMLResponse(gone(), 404, headers=HEADERS)
