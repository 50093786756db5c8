"""`POST /tiktok/shop/webhook`: kept durably first, then answered with an empty 200."""

import asyncio

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chatops.desk import intake
from chatops.errors import Busy, NotUnderstood
from chatops.model.inbox import InboxState
from chatops.times import TimeSource
from handlers.tiktok import payloads
from handlers.tiktok.inbox import Receipts, verb_for
from handlers.tiktok.payloads import Notification, Recognized
from handlers.tiktok.signature import genuine

ANSWER_WITHIN = 2.5  # seconds; TikTok waits for three
log = structlog.get_logger(__name__)


class ShopWebhook:
    """Takes TikTok Shop's notifications in.

    200 only when the notification is committed; 401 for a wrong signature, 413 for too much, 408 for what comes too
    slowly, 400 for what is no notification (none of these writes anything); 503 when it could not be kept, so that
    TikTok sends it again.
    """

    def __init__(self, receipts: Receipts, time: TimeSource, app_key: str, app_secret: str) -> None:
        self._receipts = receipts
        self._time = time
        self._app_key = app_key
        self._app_secret = app_secret
        self._place = 0

    async def __call__(self, request: Request) -> Response:
        """Answer one notification."""
        body = None
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                body = await read_body(request, payloads.LARGEST_BODY)
                return await self._answer(request, body)
        except TimeoutError:
            if body is None:
                return Response(status_code=408, headers={"Connection": "close"})
            log.error("notification_not_kept", error="TimeoutError")  # noqa: TRY400 - nothing more is known
            return Response(status_code=503)
        except ClientDisconnect:
            return Response(status_code=400)

    async def _answer(self, request: Request, body: bytes | None) -> Response:
        if body is None:
            return Response(status_code=413, headers={"Connection": "close"})
        if not genuine(self._app_key, self._app_secret, request.headers.get("Authorization"), body):
            return Response(status_code=401)
        notification = self._read(body)
        if notification is None:
            return Response(status_code=400)
        try:
            await self._receipts.keep(notification)
        except Busy:
            return Response(status_code=503, headers={"Retry-After": "1"})
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, TikTok shall send it again
            log.error("notification_not_kept", error=type(error).__name__)  # noqa: TRY400 - the cause is in the name
            return Response(status_code=503)
        return Response(status_code=200)

    def _read(self, body: bytes) -> intake.Notification | None:
        """Return the notification; one that makes no sense is kept as well, if it says what it is."""
        try:
            heard = payloads.parse(body)
        except NotUnderstood as fault:
            known = payloads.recognize(body)
            if known is None:
                return None
            log.warning("notification_not_understood", type=known.type, fault=str(fault))
            return self._notification(known, body, InboxState.FAILED, str(fault))
        useful = verb_for(heard.news) is not None
        return self._notification(heard, body, InboxState.RECEIVED if useful else InboxState.IGNORED)

    def _notification(
        self, heard: Notification | Recognized, body: bytes, state: InboxState, fault: str = ""
    ) -> intake.Notification:
        now = self._time.now()
        self._place = max(self._place + 1, int(now.timestamp() * 1e6))  # nobody comes twice at one microsecond
        return intake.Notification(
            heard.id, heard.shop_id, str(heard.type), now, self._place, body.decode(), state, fault
        )


async def read_body(request: Request, limit: int) -> bytes | None:
    """Return the request's body; None when it is longer than `limit` bytes, which are not read to the end."""
    declared = request.headers.get("Content-Length", "0")
    if declared.isdecimal() and int(declared) > limit:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)
