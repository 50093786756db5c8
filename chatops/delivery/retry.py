"""What happens to a lane when its head could not be carried out, by lane and by meaning of the failure."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from chatops.desk import digest_lacks, outcome, paging, replies, shown
from chatops.errors import (
    PlatformError,
    RateLimited,
    Rejected,
    TargetGone,
    TokenRevoked,
    Unavailable,
    Unsure,
)
from chatops.model.digest import Lack
from chatops.outbox import Kind
from chatops.rules.asked_time import Form
from chatops.store.lanes import Done, GiveUp, Hold, InHand, Later, Outcome
from chatops.store.transaction import Transaction

FIRST_WAIT = timedelta(seconds=1)
LONG_WAIT = timedelta(minutes=10)  # an answer that waits longer, as for a new day's quota, is spoken of
LONGEST_WAIT = timedelta(minutes=5)
LOOK_AGAIN = timedelta(seconds=1)
LOOK_FOR_ANSWER = timedelta(seconds=5)  # a marketplace lists late, and a buyer must not read the same twice
A_WHILE = 20  # attempts, about an hour: a card or a mark that stays wrong is looked at for long
TWO_DAYS = 600  # attempts: so long a platform may be down and what waits for it still arrives


class Stubbornness(StrEnum):
    """How a lane behaves when its head keeps failing."""

    INSIST = "insist"  # nobody must miss it: try for a long time, then say so and go on
    HOLD = "hold"  # the followers wait until a person decides
    SHRUG = "shrug"  # the next change makes up for it
    ESCALATE = "escalate"  # somebody else is called at once
    OWN_UP = "own_up"  # it is said once that it failed; nothing waits for it


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a head may fail before its lane gives up on it."""

    stubbornness: Stubbornness
    attempts: int


POLICIES: dict[str, Policy] = {
    Kind.OPEN_THREAD: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.MIRROR: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.NOTICE: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.SPOKEN: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.TOLD: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.CHANNEL_NOTICE: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.ROTA: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.RECAP: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.DUTY: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.GROUP: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.SUMMON: Policy(Stubbornness.ESCALATE, TWO_DAYS),
    Kind.PAGE_CHANNEL: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.OUTLET: Policy(Stubbornness.SHRUG, 8),  # about two minutes: by then the next step has been called
    Kind.REPLY: Policy(Stubbornness.HOLD, 12),
    Kind.REDRAW: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.MARK: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.ROTA_PICTURE: Policy(Stubbornness.SHRUG, 5),
    Kind.ONCALL_FEED: Policy(Stubbornness.SHRUG, 5),
    Kind.DIGEST_COUNT: Policy(Stubbornness.OWN_UP, A_WHILE),
    Kind.DIGEST_POST: Policy(Stubbornness.OWN_UP, TWO_DAYS),
    Kind.DIGEST_THREAD: Policy(Stubbornness.SHRUG, TWO_DAYS),
    Kind.DIGEST_SECTION: Policy(Stubbornness.SHRUG, TWO_DAYS),
    Kind.DIGEST_PICTURE: Policy(Stubbornness.SHRUG, 8),
    Kind.DIGEST_FAILED: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.DIGEST_FILE: Policy(Stubbornness.SHRUG, TWO_DAYS),
    Kind.RATE_TO_PERSON: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.RATE_TO_CHANNEL: Policy(Stubbornness.INSIST, TWO_DAYS),
    Kind.WHISPER: Policy(Stubbornness.SHRUG, 5),
    Kind.REMOVE: Policy(Stubbornness.SHRUG, A_WHILE),
    Kind.LEARN_BUYER: Policy(Stubbornness.SHRUG, 5),
    Kind.LEARN_AGENT: Policy(Stubbornness.SHRUG, 5),
}

PARTS: dict[str, Lack] = {
    Kind.DIGEST_PICTURE: Lack.PICTURE,
    Kind.DIGEST_THREAD: Lack.SECTION,
    Kind.DIGEST_SECTION: Lack.SECTION,
    Kind.DIGEST_FILE: Lack.REPORT,
}
# What belongs to a digest waits with it, so that it comes whole.
BELOW = {Kind.DIGEST_THREAD, Kind.DIGEST_SECTION, Kind.DIGEST_FILE}
NOT_ALLOWED = "missing_permissions"  # there it is, but nothing of this kind may be put there


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the lane, and what the desk must learn with it."""

    outcome: Outcome
    apply: Callable[[Transaction], object] | None = None


def judge(head: InHand, scope: str, error: PlatformError, now: datetime, *, in_doubt: bool = False) -> Verdict:
    """Decide what a failure of the lane's head means for the lane.

    `in_doubt`: it may have been sent before. The failure may be that of the look for it, so the doubt stays.
    """
    policy = POLICIES[head.kind]
    tries = head.attempts + 1
    answer = policy.stubbornness is Stubbornness.HOLD
    match error:
        case RateLimited():
            at = now + error.retry_after
            told = partial(_delayed, head, at, now) if answer and error.retry_after > LONG_WAIT else None
            return Verdict(Later(head.lane, at, error.code, in_doubt=in_doubt, slow_scope=scope, counts=False), told)
        case Unsure() if tries < policy.attempts:
            at = now + min((LOOK_FOR_ANSWER if answer else LOOK_AGAIN) * tries, LONGEST_WAIT)
            return Verdict(Later(head.lane, at, error.code, in_doubt=True))
        case Unavailable() if tries < policy.attempts:
            return Verdict(Later(head.lane, now + wait_after(tries), error.code, in_doubt=in_doubt))
        case _:
            return _last_word(head, policy, error, now, in_doubt=in_doubt)


def _last_word(head: InHand, policy: Policy, error: PlatformError, now: datetime, *, in_doubt: bool) -> Verdict:
    """Trying again by ourselves would not help."""
    if policy.stubbornness is Stubbornness.HOLD:
        unsure = isinstance(error, Unsure) or (in_doubt and not isinstance(error, Rejected))
        fault = replies.UNSURE if unsure else error.code
        return Verdict(
            Hold(head.lane, error.code),
            lambda tx: outcome.failed(tx, head.args["shop_id"], head.args["message_id"], fault, now),
        )
    if policy.stubbornness is Stubbornness.ESCALATE and not isinstance(error, TokenRevoked):
        return Verdict(Done(head.lane, head.seq), partial(_unreachable, head, error.code, now))
    owns_up = policy.stubbornness is Stubbornness.OWN_UP
    if isinstance(error, _waited_for(policy, head)):
        return Verdict(Hold(head.lane, error.code, in_doubt=in_doubt))  # goes on when the channel or connection is back
    if head.kind == Kind.OPEN_THREAD:  # what follows has no place to stand without it
        looked_for = in_doubt or isinstance(error, Unsure)
        return Verdict(Hold(head.lane, error.code, in_doubt=looked_for), _told(head, error.code, now))
    if policy.stubbornness is Stubbornness.SHRUG:
        return Verdict(Done(head.lane, head.seq), _missed(head, error, now))
    said = partial(_owned_up, head, error.code, now) if owns_up else _told(head, error.code, now)
    return Verdict(GiveUp(head.lane, head.seq, error.code), said)


def _waited_for(policy: Policy, head: InHand) -> tuple[type[PlatformError], ...]:
    """Return after which failures a lane stands still until the channel or the connection is back."""
    if policy.stubbornness is Stubbornness.SHRUG:
        return (TokenRevoked,) if head.kind in BELOW else ()
    return (TokenRevoked,) if policy.stubbornness is Stubbornness.OWN_UP else (TargetGone, TokenRevoked)


def _unreachable(head: InHand, code: str, now: datetime, tx: Transaction) -> None:
    paging.unreachable(tx, head.args["workspace_id"], head.args["agent_id"], head.args["number"], code, now)


def _owned_up(head: InHand, code: str, now: datetime, tx: Transaction) -> None:
    failed = digest_lacks.not_counted if head.kind == Kind.DIGEST_COUNT else digest_lacks.not_posted
    failed(tx, head.args["digest"], code, now)


def _missed(head: InHand, error: PlatformError, now: datetime) -> Callable[[Transaction], object] | None:
    """Return how it is said that a part of a digest is missing; nobody misses one whose place somebody removed.

    A person who is gone is no such place: whoever planned a report for them thinks that they have it. Nor is one whom
    no message reaches: of what they would have been told, others are.
    """
    what, whom = PARTS.get(head.kind), head.args.get("agent_id", "")
    if head.kind == Kind.DIGEST_FAILED and whom and not isinstance(error, TokenRevoked):
        return lambda tx: digest_lacks.unheard(tx, head.args["digest"], whom, head.args["lack"], now)
    removed = not whom and isinstance(error, TargetGone) and error.code != NOT_ALLOWED
    if what is None or removed or (what is Lack.REPORT and head.args.get("form") != Form.REPORT):
        return None
    return lambda tx: digest_lacks.not_whole(tx, head.args["digest"], what, error.code, now, whom)


def _told(head: InHand, code: str, now: datetime) -> Callable[[Transaction], object]:
    return lambda tx: shown.given_up(tx, head.kind, head.args, code, now)


def _delayed(head: InHand, until: datetime, now: datetime, tx: Transaction) -> None:
    outcome.delayed(tx, head.args["shop_id"], head.args["message_id"], until, now)


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after the n-th failure: doubling, at most five minutes, a little at random."""
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    seconds = wait.total_seconds() * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, keeps no secret
    return timedelta(seconds=seconds)


def bug(head: InHand, error: Exception, now: datetime, *, in_doubt: bool = False) -> Verdict:
    """Decide what an error of our own means: the head is set aside, a person is told, the lane goes on or waits.

    It may have come after the platform did what was asked.
    """
    return _last_word(head, POLICIES[head.kind], Unsure(type(error).__name__), now, in_doubt=in_doubt)
