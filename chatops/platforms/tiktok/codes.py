"""What TikTok Shop's refusals mean, as a table, and how one becomes an error of our tree.

TikTok uses one number (36009004) for many causes and does not say which HTTP status goes with which code, so a refusal
is judged by status, number and wording together. In doubt a shop is never taken for disconnected.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, Unavailable, Unsure
from chatops.platforms.tiktok.limits import BACKOFF, LONGEST_BACKOFF, until_next_day


class StaleToken(PlatformError):
    """The access token is not accepted (any more): refresh it once, then ask again."""


class Sense(Enum):
    """What is to be done about a refusal."""

    REFRESH = auto()  # the access token is the trouble
    WAIT = auto()  # too fast
    TOMORROW = auto()  # the day's quota is used up
    LATER = auto()  # not done, worth another try
    BROKEN = auto()  # TikTok failed on the way: a write may have been done
    GONE = auto()  # what was named is not there for us
    NEVER = auto()  # understood, and no


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `keyword` (lower case) must occur in the message; the first row that fits decides."""

    code: int
    word: str
    sense: Sense
    keyword: str = ""


RULES: tuple[Rule, ...] = (
    Rule(105002, "token_expired", Sense.REFRESH),
    Rule(105001, "wrong_principal", Sense.NEVER),  # a seller's token on somebody else's endpoint
    Rule(105005, "scope_missing", Sense.NEVER),  # enable the scope, then connect again: a refresh adds none
    Rule(101000, "wrong_shop", Sense.NEVER),  # token and cipher do not belong together
    Rule(106001, "bad_signature", Sense.NEVER),  # wrong app secret
    Rule(106013, "cipher_missing", Sense.NEVER),
    Rule(36009002, "too_many_requests", Sense.WAIT),
    Rule(36009037, "sandbox_quota", Sense.WAIT),  # test shops: 100 or 1,000 calls an hour
    Rule(36009003, "internal_error", Sense.BROKEN),
    Rule(36009007, "timeout", Sense.BROKEN),
    Rule(36009004, "token_invalid", Sense.REFRESH, "x-tts-access-token"),
    Rule(36009004, "token_invalid", Sense.REFRESH, "access_token"),
    Rule(36009004, "bad_app_key", Sense.NEVER, "app_key"),
    Rule(36009004, "clock_skew", Sense.LATER, "timestamp"),
    Rule(36009004, "cipher_unexpected", Sense.NEVER, "unexpected identifier"),
    Rule(36009004, "wrong_shop", Sense.NEVER, "invalid identifier"),
    Rule(36009004, "bad_version", Sense.NEVER, "api version"),
    Rule(36009004, "bad_grant", Sense.NEVER, "grant_type"),
    Rule(36009004, "invalid_request", Sense.NEVER),
    Rule(36009009, "bad_path", Sense.NEVER),
    Rule(40006, "bad_path", Sense.NEVER),
    Rule(36009010, "bad_method", Sense.NEVER),
    Rule(36009014, "bad_version", Sense.NEVER),
    Rule(36009021, "file_too_large", Sense.NEVER),
    Rule(36009022, "bad_content_type", Sense.NEVER),
    Rule(36009023, "bad_body", Sense.NEVER),
    Rule(36009033, "address_not_allowed", Sense.NEVER),  # our IP address is not on the app's allow list
    Rule(36009043, "shop_inactive", Sense.NEVER),
    Rule(36009044, "seller_inactive", Sense.NEVER),
    Rule(36004004, "bad_auth_code", Sense.NEVER),  # wrong, used, or older than 30 minutes
    Rule(45101001, "internal_error", Sense.BROKEN),
    Rule(45101003, "not_found", Sense.GONE),
    Rule(45101004, "daily_quota", Sense.TOMORROW),
    Rule(45101006, "sensitive_content", Sense.NEVER),
    Rule(45101008, "internal_error", Sense.BROKEN),
    Rule(45102007, "no_access", Sense.GONE),
    Rule(45109003, "no_contact", Sense.NEVER),
)

ERRORS: dict[Sense, type[PlatformError]] = {
    Sense.REFRESH: StaleToken,
    Sense.LATER: Unavailable,
    Sense.BROKEN: Unavailable,
    Sense.GONE: TargetGone,
    Sense.NEVER: Rejected,
}

OUR_OWN_FAULT = frozenset(
    {
        "bad_signature",
        "bad_app_key",
        "address_not_allowed",
        "bad_path",
        "bad_method",
        "bad_version",
        "bad_grant",
        "invalid_app",
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer that is not a success; `code` is 0 when there was no envelope to read."""

    status: int
    code: int
    message: str
    request_id: str = ""
    retry_after: timedelta | None = None


def meaning(refusal: Refusal) -> tuple[str, Sense]:
    """Return our word for a refusal, and what is to be done about it."""
    text = refusal.message.lower()
    for rule in RULES:
        if rule.code == refusal.code and rule.keyword in text:
            return rule.word, Sense.WAIT if _throttled(refusal, rule.sense) else rule.sense
    if any(keyword in text for keyword in ("app_key", "app_secret", "app key", "app secret")):
        return "invalid_app", Sense.NEVER
    word = f"tiktok_{refusal.code}" if refusal.code else f"http_{refusal.status}"
    if refusal.status == 429:
        return word, Sense.WAIT
    if refusal.status == 503:  # overload or maintenance: turned away at the door
        return word, Sense.LATER
    if refusal.status >= 500:
        return word, Sense.BROKEN
    return word, Sense.NEVER if refusal.code else Sense.LATER


def error(refusal: Refusal, *, now: datetime, once: bool) -> PlatformError:
    """Return the error a refusal means; `once` says that doing the call twice would show (a message to a buyer)."""
    word, sense = meaning(refusal)
    detail = describe(refusal)
    if sense is Sense.WAIT:
        return RateLimited(word, refusal.retry_after or BACKOFF)
    if sense is Sense.TOMORROW:
        return RateLimited(word, until_next_day(now), scope="daily")
    if sense is Sense.BROKEN and once:
        return Unsure(word, detail)
    return ERRORS[sense](word, detail)


def describe(refusal: Refusal) -> str:
    """Return what an operator needs to ask TikTok about a refusal, with no words a person wrote."""
    parts = [f"HTTP {refusal.status}", f"code {refusal.code}"]
    if refusal.request_id:
        parts.append(f"request {refusal.request_id[:64]}")
    if refusal.message and (refusal.code < 45_000_000):  # business errors may quote the message that was refused
        parts.append(refusal.message[:200])
    return ", ".join(parts)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Return the wait a `Retry-After` header asks for (seconds or a date), at most a day; None if it asks for none."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_BACKOFF)
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return min(max(instant - now, timedelta()), LONGEST_BACKOFF)


def _throttled(refusal: Refusal, sense: Sense) -> bool:
    """Whether a 429 says more than the code: a definite code wins, for business errors were seen with 429 as well."""
    return refusal.status == 429 and sense in {Sense.LATER, Sense.BROKEN}
