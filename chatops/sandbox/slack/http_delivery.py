"""HTTP mode: signed requests to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from chatops.sandbox.slack.acks import Ack
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json

FORM = "application/x-www-form-urlencoded"


@dataclass
class HttpDelivery:
    """Posts to request URLs with Slack's v0 signature; `signing_clock` may be replaced to play a wrong clock."""

    signing_clock: Callable[[], datetime]
    session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the outgoing connections; the process's proxy settings are none of their business."""
        self.session = aiohttp.ClientSession(trust_env=False)

    async def stop(self) -> None:
        """Close the outgoing connections."""
        if self.session:
            await self.session.close()

    async def event(self, app: App, body: Json, seconds: float, attempt: int, reason: str) -> Ack:
        """Send an Events API body as JSON, with the retry headers from the second attempt on."""
        retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        return await self._post(app, json.dumps(body).encode(), "application/json", seconds, retry)

    async def interactive(self, app: App, payload: Json, seconds: float) -> Ack:
        """Send an interactivity payload as the form field `payload`."""
        return await self._post(app, urlencode({"payload": json.dumps(payload)}).encode(), FORM, seconds, {})

    async def command(self, app: App, fields: Json, seconds: float) -> Ack:
        """Send a slash command as a form."""
        return await self._post(app, urlencode(fields).encode(), FORM, seconds, {})

    async def challenge(self, app: App) -> bool:
        """Check the request URL as Slack does when it is saved: it must echo the challenge."""
        body = json.dumps({"type": "url_verification", "token": "legacy", "challenge": "3eZbrw1aB10"}).encode()
        ack = await self._post(app, body, "application/json", 3.0, {})
        return ack.acked and ack.body is not None and "3eZbrw1aB10" in ack.body.values()

    async def _post(self, app: App, body: bytes, content_type: str, seconds: float, extra: dict[str, str]) -> Ack:
        if not app.request_url or not self.session:
            return Ack(acked=False, reason="connection_failed")
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self.signature(app, body) | extra
        try:
            timeout = aiohttp.ClientTimeout(total=seconds)
            async with self.session.post(
                app.request_url, data=body, headers=headers, timeout=timeout, max_redirects=2
            ) as response:
                text = await response.text()
                if response.status == 200:
                    return Ack(acked=True, body=_body(text))
                final = response.headers.get("X-Slack-No-Retry") == "1"
                return Ack(acked=False, body=_body(text), reason="http_error", final=final)
        except asyncio.TimeoutError:  # noqa: UP041 - aiohttp documents this name
            return Ack(acked=False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Ack(acked=False, reason="too_many_redirects")
        except aiohttp.ClientError:
            return Ack(acked=False, reason="connection_failed")

    def signature(self, app: App, body: bytes) -> dict[str, str]:
        """Return the two headers that prove the body came from Slack."""
        timestamp = str(int(self.signing_clock().timestamp()))
        proof = hmac.new(app.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={proof}"}


def _body(text: str) -> Json | None:
    if not text.strip():
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
