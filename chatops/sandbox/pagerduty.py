"""PagerDuty on the wire: Events API v2 in, webhooks v3 out. Strict: what it would refuse is refused."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Self

import aiohttp
from aiohttp import web

from chatops.sandbox.faults import Faults, Trouble

ROUTING_KEY = "0123456789abcdef0123456789abcdef"
WEBHOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105 - of a world that exists in tests only
SEVERITIES = frozenset({"critical", "error", "warning", "info"})
ALERT = frozenset({"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images"})
PAYLOAD = frozenset({"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"})
STATUS = {Trouble.RATE_LIMITED: 429, Trouble.UNAVAILABLE: 503, Trouble.SERVER_ERROR: 500}
AFTER = {"trigger": "triggered", "acknowledge": "acknowledged", "resolve": "resolved"}


class PagerDutyWorld:
    """One service with one integration; `incidents` by their dedup_key, each with its status and summary."""

    def __init__(self) -> None:
        self.incidents: dict[str, dict[str, Any]] = {}
        self.heard: list[Mapping[str, Any]] = []
        self.faults = Faults()
        self.url = ""
        self._told = 0

    async def __aenter__(self) -> Self:
        """Begin to serve."""
        served = web.Application()
        served.router.add_post("/v2/enqueue", self._enqueue)
        self._runner = web.AppRunner(served)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self._runner.cleanup()

    async def _enqueue(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("v2.enqueue")
        if fault:
            return web.Response(status=STATUS.get(fault.trouble, 500))
        body = await request.json()
        if wrong := _wrong(body):
            return web.json_response(
                {"status": "invalid event", "message": "Event object is invalid", "errors": wrong}, status=400
            )
        self.heard.append(body)
        key, action = body["dedup_key"], body["event_action"]
        held = self.incidents.get(key)
        if action == "trigger" and (held is None or held["status"] == "resolved"):
            self.incidents[key] = {"status": "triggered", "summary": body["payload"]["summary"], "links": body["links"]}
        elif action != "trigger" and held is not None and held["status"] != "resolved":
            held["status"] = AFTER[action]
        return web.json_response({"status": "success", "message": "Event processed", "dedup_key": key}, status=202)

    async def acknowledges(
        self,
        key: str,
        url: str,
        name: str = "Ana Pager",
        secret: str = WEBHOOK_SECRET,
        kind: str = "user_reference",
    ) -> int:
        """Let somebody acknowledge an incident in PagerDuty's app, and tell the webhook at `url`; return its answer.

        `kind`: what they are; "": nobody, it was PagerDuty itself.
        """
        self.incidents[key]["status"] = "acknowledged"
        self._told += 1
        happened = {
            "id": f"01EVENT{self._told:06}",
            "event_type": "incident.acknowledged",
            "resource_type": "incident",
            "occurred_at": "2026-05-04T12:00:00.000Z",
            "agent": {"id": "PANA", "type": kind, "summary": name} if kind else None,
            "client": None,
            "data": {"id": "PINC", "type": "incident", "status": "acknowledged", "incident_key": key, "title": "…"},
        }
        body = json.dumps({"event": happened}).encode()
        sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-PagerDuty-Signature": f"v1={sign}", "Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
            return response.status


def _wrong(body: Mapping[str, Any]) -> list[str]:
    """Return what PagerDuty would find wrong with an alert."""
    if body.get("routing_key") != ROUTING_KEY:
        return ["'routing_key' is invalid"]
    wrong = [f"'{name}' is unknown" for name in set(body) - ALERT]
    if body.get("event_action") not in AFTER:
        wrong.append("'event_action' is invalid")
    if not 0 < len(body.get("dedup_key", "")) <= 255:
        wrong.append("'dedup_key' is invalid")
    payload = body.get("payload")
    if body.get("event_action") == "trigger":
        given = payload if isinstance(payload, dict) else {}
        wrong += [f"'payload.{name}' is missing" for name in ("summary", "source", "severity") if not given.get(name)]
        wrong += [f"'payload.{name}' is unknown" for name in set(given) - PAYLOAD]
        if given.get("severity") not in SEVERITIES:
            wrong.append("'payload.severity' is invalid")
        if len(given.get("summary", "")) > 1024:
            wrong.append("'payload.summary' is too long")
    return wrong
