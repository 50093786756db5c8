"""Ways out of the chat for a page: PagerDuty's events, and whatever Apprise speaks (e-mail, SMS, phones, other chats).

What a buyer wrote never goes this way: a call names the shop, the promise and the thread, and nothing else.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from types import ModuleType
from typing import Any

import aiohttp

from chatops.errors import PlatformError, RateLimited, Rejected, SetupError, TokenRevoked, Unavailable
from chatops.model.outlet import OutletKind, Turn
from chatops.platforms.ports import Call

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
APPRISE_WITHIN = 25.0  # seconds; it tells only at the end whether it worked
WAIT = timedelta(seconds=30)  # when PagerDuty is too busy and does not say for how long
LONGEST_KEY = 255  # characters of a dedup_key
LONGEST_SUMMARY = 1024


class Loudspeaker:
    """PagerDuty's Events API v2 at `pagerduty_url`, and Apprise if it is installed."""

    def __init__(self, pagerduty_url: str) -> None:
        self._url = f"{pagerduty_url.rstrip('/')}/v2/enqueue"
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: OutletKind, address: str, call: Call) -> None:
        """Carry a call out."""
        if kind is OutletKind.PAGERDUTY:
            await self._pagerduty(_event(address, call))
        elif call.turn is Turn.CALL:  # elsewhere there is nothing to acknowledge or to end
            await _apprise(address, call)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _pagerduty(self, event: Mapping[str, Any]) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(self._url, json=event) as response:
                status, told = response.status, response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable("unreachable", type(error).__name__) from error
        if status not in (200, 201, 202):
            raise _failure(status, told)


def _event(routing_key: str, call: Call) -> Mapping[str, Any]:
    """Return what PagerDuty's Events API v2 asks for (developer.pagerduty.com/docs/events-api-v2)."""
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": call.turn.value,
        "dedup_key": call.key[:LONGEST_KEY],
    }
    if call.turn is not Turn.CALL:
        return event
    payload = {
        "summary": call.summary[:LONGEST_SUMMARY],
        "source": call.source,
        "severity": "critical" if call.critical else "warning",
        **({"timestamp": call.at.isoformat()} if call.at else {}),
    }
    links = [{"href": call.link, "text": call.source}] if call.link else []
    return event | {"payload": payload, "client": "chatops", "links": links}


def _failure(status: int, told: str) -> PlatformError:
    if status == 429:
        return RateLimited("too_many", timedelta(seconds=int(told)) if told.isdecimal() else WAIT)
    if status >= 500:
        return Unavailable(f"http_{status}")
    return TokenRevoked("key_refused") if status in (401, 403) else Rejected("refused", f"http {status}")


async def _apprise(address: str, call: Call) -> None:
    """Say it by Apprise, which blocks a thread and tells no more than whether it worked."""
    body = f"{call.summary}\n{call.link}".strip()
    try:
        async with asyncio.timeout(APPRISE_WITHIN):
            said = await asyncio.to_thread(_library(), address, call.summary, body)
    except TimeoutError as error:
        raise Unavailable("no_answer") from error
    if not said:
        raise Unavailable("not_delivered")


@cache
def _library() -> Callable[[str, str, str], bool]:
    """Return Apprise's own way to say something."""
    try:
        apprise = _apprise_itself()
    except ImportError:
        raise Rejected("not_installed") from None

    def say(address: str, title: str, body: str) -> bool:
        speaker = apprise.Apprise()
        return bool(speaker.add(address)) and bool(speaker.notify(body=body, title=title))

    return say


def _apprise_itself() -> ModuleType:
    """Return Apprise, loaded at the first use; it must not log addresses."""
    import apprise  # noqa: PLC0415 - an extra that most do without

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return apprise


def must_be_address(kind: OutletKind, address: str) -> None:
    """Let an address through that its kind can make sense of.

    Raises:
        SetupError: it cannot, or Apprise is not installed.
    """
    if kind is OutletKind.PAGERDUTY:
        if not (address.isalnum() and len(address) == 32):
            raise SetupError("this is no routing key", "Copy the Integration Key of an Events API v2 integration.")
        return
    try:
        apprise = _apprise_itself()
    except ImportError:
        raise SetupError("Apprise is not installed", 'Run `pip install "chatops[notify]"`.') from None
    if not apprise.Apprise().add(address):
        raise SetupError("Apprise makes nothing of this address", "Its wiki names them: mailtos://…, ntfy://…, …")
