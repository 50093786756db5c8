"""`GET /oncall/NAME.ics?secret=…`: who is on call, for the calendars that people subscribe with."""

from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatops.cards import oncall_feed as cards
from chatops.desk import oncall_feed as feeds
from chatops.i18n import language
from chatops.store.store import Store
from chatops.times import TimeSource
from handlers.http.turnstile import Turnstile

EACH, TOGETHER = 60, 300  # requests a minute: a provider of calendars asks for many people


class OnCallFeed:
    """Shows a rotation to whoever knows the secret of an address of it; `own=1` leaves out the turns of others.

    Nobody else learns what rotations there are: a wrong secret, a wrong name and a taken back address look the same.
    """

    def __init__(self, store: Store, time: TimeSource) -> None:
        self._store = store
        self._time = time
        self._turnstile = Turnstile(time, each=EACH, together=TOGETHER)

    async def __call__(self, request: Request) -> Response:
        """Answer with the text of a calendar."""
        if wait := self._turnstile.wait(request):
            return PlainTextResponse("Too many requests.", 429, headers={"Retry-After": str(wait)})
        rotation, now = request.path_params["rotation"], self._time.now()
        own = request.query_params.get("own") == "1"
        found = await self._store.read(
            partial(feeds.read, own=own), rotation, request.query_params.get("secret") or "", now
        )
        if found is None:
            return PlainTextResponse("There is no such calendar.", 404)
        with language(found.locale):
            text = cards.calendar(rotation, found.stints, now, found.owner.id if found.owner else "")
        return Response(
            text, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, max-age=300"}
        )
