"""PagerDuty's webhooks (v3): somebody acknowledged in its app what we called them for."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from starlette.responses import Response

from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource

LARGEST = 1_000_000  # bytes of a notification
ACKNOWLEDGED = frozenset({"incident.acknowledged", "incident.resolved"})  # no answer reached the buyer by either

PERSON = "user"  # others are services and integrations: our own words come back so, and what ran out by itself

# Takes the key of the page that is acknowledged, the name of who did it, when it was heard, and the notification's id.
Heed = Callable[[Transaction, str, str, datetime, str], object]


class _Who(msgspec.Struct):
    type: str = ""
    summary: str | None = None


class _Incident(msgspec.Struct):
    incident_key: str | None = None


class _Happening(msgspec.Struct):
    event_type: str
    data: _Incident
    agent: _Who | None = None
    id: str = ""


class _Body(msgspec.Struct):
    event: _Happening


class PagerDutyWebhook:
    """Takes notifications whose signature is right; what is about no page of ours is taken and forgotten."""

    def __init__(self, store: Store, time: TimeSource, secret: str, heed: Heed) -> None:
        self._store, self._time, self._secret, self._heed = store, time, secret, heed

    async def __call__(self, headers: Mapping[str, str], raw: bytes) -> Response:
        """Answer 202 when it is taken, 401 when it is not PagerDuty's, 400 when it makes no sense."""
        if not self._signed(raw, headers.get("X-PagerDuty-Signature", "")):
            return Response(status_code=401)
        try:
            happened = msgspec.json.decode(raw, type=_Body).event
        except msgspec.DecodeError:
            return Response(status_code=400)
        who, key = happened.agent, happened.data.incident_key
        if happened.event_type in ACKNOWLEDGED and key and who and who.type.removesuffix("_reference") == PERSON:
            await self._store.write(self._heed, key, who.summary or "", self._time.now(), happened.id)
        return Response(status_code=202)

    def _signed(self, raw: bytes, header: str) -> bool:
        """Tell whether one of the signatures is that of the body; several stand there while a secret is changed."""
        if not self._secret:
            return False
        expected = "v1=" + hmac.new(self._secret.encode(), raw, hashlib.sha256).hexdigest()
        return any(hmac.compare_digest(one.strip().encode(), expected.encode()) for one in header.split(","))
