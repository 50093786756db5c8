"""`POST /slack/events`: Slack in HTTP mode, for events, presses and commands alike.

The signature is checked here, over the raw body, and forms are read here: bolt's own reading takes any form in which
the word "payload" occurs for a press, and answers garbled headers with an exception.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.responses import Response

from chatops.errors import NotUnderstood, SetupError
from chatops.times import TimeSource

LARGEST_EVENT = 1024 * 1024  # bytes
ANSWER_WITHIN = 2.8  # seconds; Slack waits for three
OLDEST = timedelta(minutes=5)
FORM = "application/x-www-form-urlencoded"
RETRY_HEADERS = ("x-slack-retry-num", "x-slack-retry-reason")


class SlackEndpoint:
    """Takes Slack's requests in.

    401 for what Slack did not sign or signed more than five minutes ago, 400 for what makes no sense;
    else bolt's own answer. Anything but 200 makes Slack send an event again.
    """

    def __init__(self, app: AsyncApp, signing_secret: str, time: TimeSource) -> None:
        if not signing_secret:
            raise SetupError("Slack's signing secret is not set", "put it into SLACK_SIGNING_SECRET")
        self._app = app
        self._secret = signing_secret.encode()
        self._time = time

    async def __call__(self, headers: Mapping[str, str], raw: bytes) -> Response:
        """Answer one request."""
        if not self._is_genuine(headers, raw):
            return Response(status_code=200 if _is_ssl_check(headers, raw) else 401)
        try:
            heard = _request(headers, raw)
        except NotUnderstood:
            return Response(status_code=400)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                said = await self._app.async_dispatch(heard)
        except TimeoutError:
            return Response(status_code=503)
        return Response(said.body, said.status, {name: values[0] for name, values in said.headers.items() if values})

    def _is_genuine(self, headers: Mapping[str, str], raw: bytes) -> bool:
        sent_at = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 12 and signature.isascii()):
            return False
        if abs(self._time.now().timestamp() - int(sent_at)) > OLDEST.total_seconds():
            return False
        proof = hmac.new(self._secret, b"v0:" + sent_at.encode() + b":" + raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={proof}".encode(), signature.encode())


def _is_form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().casefold() == FORM


def _is_ssl_check(headers: Mapping[str, str], raw: bytes) -> bool:
    """Tell whether Slack only looks at our certificate, which it does unsigned."""
    return _is_form(headers) and len(raw) < 1_000 and parse_qs(raw).get(b"ssl_check") == [b"1"]


def _request(headers: Mapping[str, str], raw: bytes) -> AsyncBoltRequest:
    """Read a request into bolt's; as a dict, so that bolt neither reads nor verifies it once more.

    Raises:
        NotUnderstood: it is neither JSON nor a form, or nothing like what Slack sends.
    """
    repeated: dict[str, str | Sequence[str]] = {name: headers[name] for name in RETRY_HEADERS if name in headers}
    try:
        text = raw.decode()
        body = _fields(text) if _is_form(headers) else json.loads(text)
        if not isinstance(body, dict):
            raise NotUnderstood("not an object")
        return AsyncBoltRequest(body=body, headers=repeated, mode="socket_mode")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise NotUnderstood(type(error).__name__) from error


def _fields(text: str) -> Any:
    fields = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
    return json.loads(fields["payload"]) if "payload" in fields and "command" not in fields else fields
