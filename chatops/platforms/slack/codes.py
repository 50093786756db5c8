"""What Slack's failures mean, and whether the thing that was asked may have happened all the same.

A call is *repeatable* when doing it twice shows nobody anything twice (reads, `chat.update`, reactions, uploads that
nobody sees yet). For such a call a broken connection is only `Unavailable`; for a post it is `Unsure`.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure

DEFAULT_PAUSE = timedelta(seconds=10)  # when a limit is reported without saying for how long

# Every code that is not listed is a plain refusal: `Rejected`.
_MEANINGS: Mapping[type[PlatformError], frozenset[str]] = {
    RateLimited: frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "too_many_requests"}),
    Unavailable: frozenset(
        {"service_unavailable", "request_timeout", "team_added_to_org", "update_failed", "file_update_failed"}
    ),
    # Slack's own words: some aspect of the operation may have succeeded.
    Unsure: frozenset({"fatal_error", "internal_error"}),
    TokenRevoked: frozenset(
        {
            "access_denied",
            "account_inactive",
            "invalid_auth",
            "not_authed",
            "org_login_required",
            "team_access_not_granted",
            "token_expired",
            "token_revoked",
            "two_factor_setup_required",
        }
    ),
    TargetGone: frozenset(
        {
            "cannot_reply_to_message",
            "channel_not_found",
            "file_deleted",
            "file_is_deleted",
            "file_not_found",
            "is_archived",
            "is_inactive",
            "message_not_found",
            "not_in_channel",
            "thread_not_found",
        }
    ),
}
# What ends without a word to us: somebody repairs the permission, opens the channel again or invites us.
NOT_LET_IN = _MEANINGS[TokenRevoked] | {"channel_not_found", "is_archived", "is_inactive", "not_in_channel"}
_CLASSES: Mapping[str, type[PlatformError]] = {code: kind for kind, codes in _MEANINGS.items() for code in codes}


def failure(error: BaseException, *, repeatable: bool) -> PlatformError:
    """Say what a failed call means; `error` is whatever slack_sdk or aiohttp raised."""
    if isinstance(error, SlackApiError):
        return _answered(error, repeatable=repeatable)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Unavailable("unreachable", str(error))  # nothing ever left
    code = "timeout" if isinstance(error, asyncio.TimeoutError) else "connection_lost"
    return _perhaps(code, type(error).__name__, repeatable=repeatable)


def refusal(code: str, *, repeatable: bool, detail: str = "", pause: timedelta = DEFAULT_PAUSE) -> PlatformError:
    """Say what Slack's error `code` means."""
    kind = _CLASSES.get(code, Rejected)
    if kind is RateLimited:
        return RateLimited(code, pause)
    if kind is Unsure:
        return _perhaps(code, detail, repeatable=repeatable)
    if code == "invalid_blocks" and "slack_file" in detail:
        return Unavailable("slack_file_not_ready", detail)  # Slack looks at a file for a while before it shows it
    return kind(code, detail)


def status_failure(status: int, headers: Mapping[str, str], *, repeatable: bool) -> PlatformError:
    """Say what an HTTP answer without Slack's JSON means; a gateway's 5xx hides whether it went through."""
    if status == 429:
        return RateLimited("ratelimited", pause(headers))
    if status >= 500 or status == 200:
        return _perhaps(f"http_{status}", "not Slack's JSON", repeatable=repeatable)
    return Rejected(f"http_{status}", "not Slack's JSON")


def pause(headers: Mapping[str, str]) -> timedelta:
    """Read `Retry-After` (whole seconds); ten seconds when it is missing or unreadable."""
    value = headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isdecimal() else DEFAULT_PAUSE


def _perhaps(code: str, detail: str, *, repeatable: bool) -> PlatformError:
    return Unavailable(code, detail) if repeatable else Unsure(code, detail)


def _answered(error: SlackApiError, *, repeatable: bool) -> PlatformError:
    response = error.response
    if isinstance(response, aiohttp.ClientResponse):  # slack_sdk hands this over when the body was not JSON
        return status_failure(response.status, response.headers, repeatable=repeatable)
    if not isinstance(response, AsyncSlackResponse):
        return _perhaps("no_answer", str(error), repeatable=repeatable)
    data = response.data if isinstance(response.data, dict) else {}
    code = data.get("error")
    if response.status_code == 429 or response.status_code >= 500 or not code:
        return status_failure(response.status_code, response.headers, repeatable=repeatable)
    return refusal(code, repeatable=repeatable, detail=_detail(data), pause=pause(response.headers))


def _detail(data: Mapping[str, Any]) -> str:
    """Collect what Slack adds to a code: broken blocks by pointer, or the scope that is missing."""
    notes = (data.get("response_metadata") or {}).get("messages") or data.get("errors") or []
    scope = [f"needs the scope {data['needed']}"] if data.get("needed") else []
    return "; ".join([*map(str, notes), *scope])
