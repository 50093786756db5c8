"""Everything that can go wrong, by meaning.

ChatopsError
├── Refused                    a person asked for something impossible; shown, translated, to that person only
├── PlatformError              a platform did not do what was asked
│   ├── RateLimited            not done; try again after `retry_after`
│   ├── Unavailable            not done; try again later
│   ├── TokenRevoked           not done; somebody must connect again
│   ├── TargetGone             not done; the channel, thread or message is not there (any more)
│   ├── Rejected               not done, and it never will be: `code` says why
│   └── Unsure                 perhaps done: look before sending again
├── Undone                     one part of a transaction failed and left nothing behind; the rest can go on
├── NotUnderstood              an incoming payload has a shape nobody here knows
├── Busy                       too much is waiting to be written; nothing was kept, send it again later
│   ├── Unwritable             the database cannot take it now (disk full, locked, gone); nothing was kept
│   └── Unconfirmed            the connection to the database broke during the commit: perhaps it was kept
└── SetupError                 the installation is not ready; `remedy` says what to do next
    └── BadRule                a file of rules makes no sense; `why` says the same to a person in the chat
"""

from datetime import timedelta
from enum import StrEnum


class Refusal(StrEnum):
    """Why a person's request was refused; `cards` has the sentence for each."""

    TOO_LONG = "too_long"
    EMPTY = "empty"
    SHOP_DISCONNECTED = "shop_disconnected"
    NOT_WAITING = "not_waiting"
    ALREADY_CLAIMED = "already_claimed"
    ALREADY_RESOLVED = "already_resolved"
    NOT_RESOLVED = "not_resolved"
    FILE_TYPE = "file_type"
    FILE_TOO_LARGE = "file_too_large"
    NOT_ALLOWED = "not_allowed"
    STALE = "stale"
    UNKNOWN_ORDER = "unknown_order"
    IN_PROFILE = "in_profile"
    NO_SUCH_ZONE = "no_such_zone"
    NO_SUCH_HOURS = "no_such_hours"
    NO_SUCH_LANGUAGE = "no_such_language"
    WORDS_NEEDED = "words_needed"
    NO_SUCH_CHOICE = "no_such_choice"
    NO_SUCH_PERSON = "no_such_person"
    NO_SUCH_TEAM = "no_such_team"
    SEVERAL_PEOPLE = "several_people"
    CANNOT_ANSWER = "cannot_answer"
    NOT_CLAIMED = "not_claimed"
    BAD_TAG = "bad_tag"
    NO_TIERS = "no_tiers"
    WHEN_UNCLEAR = "when_unclear"
    WHEN_PAST = "when_past"
    NOT_AFTER = "not_after"
    TOO_FAR = "too_far"
    NOT_SNOOZED = "not_snoozed"
    ANSWER_WAITING = "answer_waiting"
    ALREADY_ESCALATED = "already_escalated"
    NO_ESCALATION = "no_escalation"
    NOT_CALLED = "not_called"
    NOT_TO_ONESELF = "not_to_oneself"
    NOTHING_TO_MERGE = "nothing_to_merge"
    ALREADY_MERGED = "already_merged"
    ANOTHER_IS_OPEN = "another_is_open"
    NO_SUCH_MACRO = "no_such_macro"
    VALUE_NEEDED = "value_needed"
    ACT_REFUSED = "act_refused"
    MACRO_LENGTH = "macro_length"
    BAD_VARIABLE = "bad_variable"
    RULE_UNREADABLE = "rule_unreadable"
    RULE_TWINS = "rule_twins"
    RULE_IDLE = "rule_idle"
    RULE_NONSENSE = "rule_nonsense"
    RULE_TOO_LONG = "rule_too_long"
    RULES_CHANGED = "rules_changed"
    ROTAS_CHANGED = "rotas_changed"
    STILL_CALLED = "still_called"
    NOT_SHOWN = "not_shown"
    BAD_LINE = "bad_line"
    NO_SUCH_DAY = "no_such_day"
    DAY_TWICE = "day_twice"
    NEVER_OPEN = "never_open"
    TRIED = "tried"
    STILL_COUNTING = "still_counting"
    NO_ROOM = "no_room"
    NOT_DEFINED = "not_defined"
    NO_ROTATION = "no_rotation"
    NO_ROTA_CHANNEL = "no_rota_channel"
    NO_SHIFT = "no_shift"
    NOT_ON_CALL = "not_on_call"
    SWAP_SELF = "swap_self"
    SWAP_OVER = "swap_over"
    NOT_YET = "not_yet"
    ALREADY_ON_CALL = "already_on_call"
    OUTAGE_UNCLEAR = "outage_unclear"
    HOLIDAY_UNCLEAR = "holiday_unclear"
    DIGEST_UNCLEAR = "digest_unclear"
    DIGEST_HOURS = "digest_hours"
    NOT_OF_PART = "not_of_part"
    NO_SUCH_FIGURE = "no_such_figure"


class ChatopsError(Exception):
    """The root of this tree."""


class Refused(ChatopsError):
    """A person asked for something impossible; `facts` fill the sentence that tells them.

    `field` names the input of a form that it is about, where it is about one.
    """

    field = ""

    def __init__(self, reason: Refusal, **facts: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class PlatformError(ChatopsError):
    """A platform did not do what was asked; `code` is its own word for it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class RateLimited(PlatformError):
    """Too fast; nothing was done. `scope` narrows what must slow down (empty: the delivery's own scope)."""

    def __init__(self, code: str, retry_after: timedelta, scope: str = "") -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.scope = scope


class Unavailable(PlatformError):
    """The platform is down or not reachable; nothing was done."""


class TokenRevoked(PlatformError):
    """Our permission ended; nothing was done until somebody connects again."""


class TargetGone(PlatformError):
    """The channel, thread, message or conversation is not there, or we are not in it."""


class Rejected(PlatformError):
    """The platform understood and said no; trying again will not help."""


class Unsure(PlatformError):
    """The connection broke after the request left: perhaps it was done."""


class Undone(ChatopsError):
    """One part of a transaction failed (its cause says how) and left nothing behind; the rest can go on."""


class NotUnderstood(ChatopsError):
    """An incoming payload has a shape nobody here knows."""


class Busy(ChatopsError):
    """Too much is waiting to be written."""


class Unwritable(Busy):
    """The database cannot take it now: disk full, locked, or not reachable; nothing was kept."""


class Unconfirmed(Busy):
    """The connection to the database broke during the commit: perhaps it was kept, send it again to be sure."""


class SetupError(ChatopsError):
    """The installation is not ready; `remedy` says what to do next."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


class BadRule(SetupError):
    """A file of rules makes no sense; `why` says the same to a person in the chat."""

    def __init__(self, problem: str, remedy: str, reason: Refusal, **facts: str) -> None:
        super().__init__(problem, remedy)
        self.why = Refused(reason, **facts)
