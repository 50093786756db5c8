"""What Discord's failures mean, and whether the thing that was asked may have happened all the same.

A call is *repeatable* when doing it twice shows nobody anything twice (reads, edits, reactions, archiving). For such a
call a broken connection is only `Unavailable`; for a post it is `Unsure`. Discord's codes are numbers; the ones known
here have a word each, which is what a `PlatformError.code` carries.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import aiohttp

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable, Unsure

DEFAULT_PAUSE = timedelta(seconds=10)  # when a limit is reported without saying for how long
SHUT_OUT = timedelta(minutes=1)  # when Discord's edge turns our address away without saying for how long
BROKEN = (aiohttp.ClientError, OSError, TimeoutError, UnicodeDecodeError)
"""What aiohttp raises when a call fails, down to an answer cut off in the middle of a character."""

_WORDS: Mapping[type[PlatformError], Mapping[int, str]] = {
    RateLimited: {20016: "slow_mode", 20028: "channel_write_limit", 20029: "server_write_limit"},
    Unavailable: {
        30046: "too_many_edits_of_old_messages",
        40333: "internal_network_error",
        130000: "overloaded",
        160006: "too_many_active_threads",  # room comes back when posts are archived
    },
    TokenRevoked: {40001: "unauthorized", 40002: "verification_needed", 50014: "invalid_token"},
    TargetGone: {
        10003: "unknown_channel",
        10004: "unknown_server",
        10008: "unknown_message",
        50001: "missing_access",
        50013: "missing_permissions",
        160005: "thread_locked",  # until a moderator unlocks it
    },
    Rejected: {
        10007: "unknown_member",
        10011: "unknown_role",
        10013: "unknown_person",
        10014: "unknown_emoji",
        10015: "unknown_webhook",
        10062: "unknown_interaction",
        10087: "unknown_tag",
        40005: "file_too_large",
        40060: "already_acknowledged",
        40067: "tag_required",
        50006: "empty_message",
        50007: "cannot_message_person",
        50008: "not_a_text_channel",
        50024: "wrong_channel_type",
        50027: "invalid_webhook_token",
        50035: "invalid_form",
        50083: "thread_archived",
        50109: "invalid_json",
        50278: "no_server_shared",
        90001: "reaction_blocked",
        160004: "thread_exists",
        200000: "blocked_by_automod",
        240000: "harmful_link",
    },
}
_KNOWN = {number: (kind, word) for kind, words in _WORDS.items() for number, word in words.items()}
# What ends without a word to us: somebody repairs the permission, opens the channel again or invites us.
NOT_LET_IN = {*_WORDS[TokenRevoked].values(), "missing_access", "missing_permissions", "unknown_channel"}


def broken(error: BaseException, *, repeatable: bool) -> PlatformError:
    """Say what a call means that found no answer; `error` is whatever aiohttp raised."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Unavailable("unreachable", str(error))  # nothing ever left
    code = "timeout" if isinstance(error, asyncio.TimeoutError) else "connection_lost"
    return _perhaps(code, type(error).__name__, repeatable=repeatable)


def result(status: int, headers: Mapping[str, str], body: bytes, *, repeatable: bool) -> Any:
    """Return what an answer says; raises the `PlatformError` that a failure means."""
    said = _json(body)
    if 200 <= status < 300 and (said is not None or not body):
        return said
    raise failure(status, headers, said, repeatable=repeatable)


def failure(status: int, headers: Mapping[str, str], said: Any, *, repeatable: bool) -> PlatformError:
    """Say what a failed call means; `said` is the JSON that came with it, None if it was something else."""
    told: Mapping[str, Any] = said if isinstance(said, dict) else {}
    if status == 429:
        return _too_fast(headers, told)
    if status >= 500 or 200 <= status < 300:  # a gateway's 5xx hides whether it went through; half an answer too
        kind, word = _KNOWN.get(_number(told), (Unsure, f"http_{status}"))
        return kind(word) if kind is Unavailable else _perhaps(word, _detail(told), repeatable=repeatable)
    if status == 401 and _number(told) not in _WORDS[Rejected]:
        return TokenRevoked("unauthorized", _detail(told))
    if not told:  # a page of Discord's edge, which has refused to ask Discord at all
        return _too_fast(headers, told) if status == 403 else Unavailable(f"http_{status}", "not Discord's JSON")
    kind, word = _KNOWN.get(_number(told), (Rejected, f"discord_{_number(told)}"))
    return RateLimited(word, _pause(headers, told)) if kind is RateLimited else kind(word, _detail(told))


def shut_out(status: int, headers: Mapping[str, str]) -> bool:
    """Tell whether an answer came from Discord's edge, which has had enough of our address."""
    return status in {403, 429} and headers.get("Content-Type") != "application/json"


def _too_fast(headers: Mapping[str, str], told: Mapping[str, Any]) -> RateLimited:
    number = _number(told)
    word = _KNOWN[number][1] if number in _KNOWN else "rate_limited"
    return RateLimited("shut_out" if not told else word, _pause(headers, told))


def _pause(headers: Mapping[str, str], told: Mapping[str, Any]) -> timedelta:
    """Read for how long to be quiet, in seconds: from the body, which has decimals, else from the header."""
    for said in (told.get("retry_after"), headers.get("Retry-After")):
        try:
            return timedelta(seconds=max(0.0, float(said or "")))
        except (TypeError, ValueError, OverflowError):
            continue
    return DEFAULT_PAUSE if told else SHUT_OUT


def _number(told: Mapping[str, Any]) -> int:
    number = told.get("code")
    return number if isinstance(number, int) else 0


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _perhaps(code: str, detail: str, *, repeatable: bool) -> PlatformError:
    return Unavailable(code, detail) if repeatable else Unsure(code, detail)


def _detail(told: Mapping[str, Any]) -> str:
    """Collect what Discord adds to a code: its sentence, and the broken fields by name."""
    return "; ".join([str(told.get("message", "")), *_faults(told.get("errors"), "")]).strip("; ")


def _faults(errors: object, path: str) -> Iterator[str]:
    if not isinstance(errors, dict):
        return
    for name, below in errors.items():
        if name == "_errors" and isinstance(below, list):
            yield from (f"{path}: {fault.get('code', '')}" for fault in below if isinstance(fault, dict))
        else:
            yield from _faults(below, f"{path}.{name}".strip("."))
