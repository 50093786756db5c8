"""`POST /tiktok/shop/webhook`: kept durably first, then answered with an empty 200."""

from collections.abc import Mapping

import structlog
from starlette.responses import Response

from chatops.desk import intake
from chatops.errors import Busy, NotUnderstood
from chatops.model.inbox import InboxState
from chatops.times import TimeSource
from handlers.tiktok import payloads
from handlers.tiktok.inbox import HEEDED, Receipts
from handlers.tiktok.payloads import Notification
from handlers.tiktok.signature import genuine

log = structlog.get_logger(__name__)


class ShopWebhook:
    """Takes TikTok Shop's notifications in.

    200 only when the notification is committed; 401 for a wrong signature, 400 for what is no notification
    (neither writes anything); 503 when it could not be kept in time, so that TikTok sends it again.
    """

    def __init__(self, receipts: Receipts, time: TimeSource, app_key: str, app_secret: str) -> None:
        self._receipts = receipts
        self._time = time
        self._app_key = app_key
        self._app_secret = app_secret

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one notification."""
        if not genuine(self._app_key, self._app_secret, headers.get("Authorization"), body):
            return Response(status_code=401)
        try:
            heard = payloads.recognize(body)
        except NotUnderstood:
            return Response(status_code=400)
        try:
            await self._receipts.keep(self._receipt(heard, body))
        except Busy:
            return Response(status_code=503, headers={"Retry-After": "1"})
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, TikTok shall send it again
            log.error("notification_not_kept", error=type(error).__name__)  # noqa: TRY400 - the cause is in the name
            return Response(status_code=503)
        return Response(status_code=200)

    def _receipt(self, heard: Notification, body: bytes) -> intake.Notification:
        now = self._time.now()
        state = InboxState.RECEIVED if heard.type in HEEDED else InboxState.IGNORED
        place = self._receipts.next_place(now)
        return intake.Notification(heard.id, heard.shop_id, str(heard.type), now, place, body.decode(), state)
