"""`POST /tiktok/shop/webhook`: kept durably first, then answered with an empty 200."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chatops.desk import intake
from chatops.errors import Busy, ChatopsError, NotUnderstood
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource
from handlers.tiktok import payloads
from handlers.tiktok.payloads import AuthorizationEnding, Deauthorized, MessageArrived, News
from handlers.tiktok.signature import genuine

ANSWER_WITHIN = 2.5  # seconds; TikTok waits for three
log = structlog.get_logger(__name__)


class ShopWebhook:
    """Takes TikTok Shop's notifications in.

    200 only when the notification is committed; 401 for a wrong signature, 413 for too much, 408 for what comes too
    slowly, 400 for what is no notification (none of these writes anything); 503 when it could not be kept, so that
    TikTok sends it again.
    """

    def __init__(self, store: Store, time: TimeSource, app_key: str, app_secret: str) -> None:
        self._store = store
        self._time = time
        self._app_key = app_key
        self._app_secret = app_secret

    async def __call__(self, request: Request) -> Response:
        """Answer one notification."""
        deadline = asyncio.get_running_loop().time() + ANSWER_WITHIN
        body = await _heard(request, deadline)
        if isinstance(body, Response):
            return body
        if not genuine(self._app_key, self._app_secret, request.headers.get("Authorization"), body):
            return Response(status_code=401)
        try:
            async with asyncio.timeout_at(deadline):
                return await self._keep(body)
        except Busy:
            return Response(status_code=503, headers={"Retry-After": "1"})
        except (ChatopsError, TimeoutError) as error:
            log.error("notification_not_kept", error=type(error).__name__)  # noqa: TRY400 - the cause is in the name
            return Response(status_code=503)

    async def _keep(self, body: bytes) -> Response:
        try:
            heard = payloads.parse(body)
        except NotUnderstood as fault:
            return await self._keep_raw(body, str(fault))
        notification = self._notification(heard.id, heard.shop_id, heard.type, body)
        try:
            await self._store.write(intake.notified, notification, verb_for(heard.news))
        except NotUnderstood as fault:
            return await self._keep_raw(body, str(fault))
        except ChatopsError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge: whatever intake stumbles over, the notification is kept
            return await self._keep_raw(body, type(error).__name__)
        return Response(status_code=200)

    async def _keep_raw(self, body: bytes, fault: str) -> Response:
        """Understanding may fail, keeping may not."""
        known = payloads.recognize(body)
        if known is None:
            return Response(status_code=400)
        log.warning("notification_not_understood", type=known.type, fault=fault)
        notification = self._notification(known.id, known.shop_id, known.type, body)
        await self._store.write(intake.not_understood, notification, fault)
        return Response(status_code=200)

    def _notification(self, external_id: str, shop_id: str, kind: int, body: bytes) -> intake.Notification:
        return intake.Notification(external_id, shop_id, str(kind), self._time.now(), body.decode())


def verb_for(news: News) -> Callable[[Transaction, str, datetime], object] | None:
    """Return what a piece of news means to the desk; None: of no use to us."""
    match news:
        case MessageArrived(message):
            return partial(intake.message_arrived, heard=message)
        case Deauthorized():
            return partial(intake.shop_disconnected, reason="deauthorized by the seller")
        case AuthorizationEnding(at) if at is not None:
            return partial(intake.connection_ending, ends_at=at)
        case _:
            return None


async def _heard(request: Request, deadline: float) -> bytes | Response:
    """Return the request's body, or the refusal of one that is too large or not there in time."""
    try:
        async with asyncio.timeout_at(deadline):
            body = await read_body(request, payloads.LARGEST_BODY)
    except TimeoutError:
        return Response(status_code=408, headers={"Connection": "close"})
    except ClientDisconnect:
        return Response(status_code=400)
    return Response(status_code=413, headers={"Connection": "close"}) if body is None else body


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


def take_in_again(tx: Transaction, body: str, shop_id: str, now: datetime) -> None:
    """Take in a notification that was kept raw.

    Raises:
        NotUnderstood: it still makes no sense.
    """
    verb = verb_for(payloads.parse(body.encode()).news)
    if verb is not None:
        verb(tx, shop_id, now)
