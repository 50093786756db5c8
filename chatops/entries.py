"""What a verb of the catalogue is made of: its name, who may say it, what it is about, and what it takes."""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a person can do; the value is what a button carries."""

    REPLY = "reply"
    NOTE = "note"
    CLAIM = "claim"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    LEVEL = "level"
    PRIORITY = "priority"
    LANGUAGE = "language"
    TAG = "tag"
    TIER = "tier"
    SNOOZE = "snooze"
    NO_REPLY = "no_reply"
    ESCALATE = "escalate"
    PAGE = "page"
    TAKE = "take"
    ANSWER = "answer"
    LATER = "later"
    HAND_ON = "hand_on"
    MERGE = "merge"
    BLOCK = "block"
    QUEUE = "queue"
    FIND = "find"
    WHO = "who"
    TRANSLATE = "translate"
    SLA = "sla"
    MACRO = "macro"
    MACRO_SEND = "macro_send"
    MACRO_EDIT = "macro_edit"
    MACRO_WRITE = "macro_write"
    MACROS = "macros"
    TRY = "try"
    RULES = "rules"
    RULE_WRITE = "rule"
    RULE_SAVE = "rule_save"
    RULES_BACK = "rules_back"
    PROMISES = "promises"
    PROMISES_TAKE = "promises_take"
    PROMISES_APPLY = "promises_apply"
    PROMISES_BACK = "promises_back"
    PROMISE_WRITE = "promise"
    CALENDARS = "calendars"
    CALENDAR_WRITE = "calendar"
    SHOPS = "shops"
    OUTAGE = "outage"
    HOLIDAY = "holiday"
    ROTATIONS = "rotations"
    ROTA_WRITE = "rota"
    ROTA_SAVE = "rota_save"
    ROTATIONS_BACK = "rotations_back"
    DIGEST = "digest"
    STATS = "stats"
    DIGESTS = "digests"
    DIGEST_WRITE = "digest_plan"
    DIGEST_TRY = "digest_try"
    DIGEST_SAVE = "digest_save"
    DIGESTS_TAKE = "digests_take"
    DIGEST_CSV = "digest_csv"
    DIGEST_JSON = "digest_json"
    DIGESTS_BACK = "digests_back"
    DIGEST_AGAIN = "digest_again"
    REPORT_LINK = "report_link"
    REPORT_UNLINK = "report_unlink"
    AGAIN = "again"
    UNDO = "undo"
    RETRY = "retry"
    DROP = "drop"
    COPY = "copy"
    SPLIT = "split"
    SEND_ANYWAY = "anyway"  # short: its press carries the most
    APPROVE = "approve"
    REWORD = "reword"
    INTERNAL = "internal"
    PIN = "pin"
    SEND_NOTE = "send_note"
    MORE = "more"
    HOME = "home"
    ZONE = "zone"
    LANGUAGES = "languages"
    QUIET = "quiet"
    ONCALL = "oncall"
    SWAP = "swap"
    OVERRIDE = "override"
    ABSENT = "absent"
    PICTURE = "picture"
    FEED = "feed"
    SHIFT_TAKE = "shift_take"
    SHIFT_DECLINE = "shift_decline"
    SHIFT_BACK = "shift_back"
    HELP = "help"


class Standing(StrEnum):
    """Who may: the least a person must be; the words are those of the agents' roles."""

    OBSERVER = "observer"
    AGENT = "agent"
    LEAD = "lead"
    OWNER = "owner"


class About(StrEnum):
    """What a press's ref names."""

    TICKET = "ticket"
    MESSAGE = "message"
    MACRO = "macro"
    RULE = "rule"
    PROMISE = "promise"  # or the hours it counts in
    ROTA = "rota"  # a rotation, or an escalation
    DIGEST = "digest"  # a plan of digests, or one that was posted
    SECTION = "section"  # of a digest
    DRAFT = "draft"  # what somebody wrote into a form
    AGENT = "agent"  # whoever says it
    SHIFT = "shift"


class Takes(StrEnum):
    """What the words given to a verb name: it tells a form or command what there is to choose from."""

    WORDS = "words"
    AGENT = "agent"
    LANGUAGE = "language"
    LEVEL = "level"
    MACRO = "macro"
    MOMENT = "moment"
    PRIORITY = "priority"
    TAG = "tag"
    TICKET = "ticket"
    TIER = "tier"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Argument:
    """Words that a verb takes, at most `limit` characters of them; it may go without them when they are `optional`."""

    name: str
    limit: int
    takes: Takes = Takes.WORDS
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One verb and every way to say it.

    `words` are prefixes of a text typed into the thread, `reactions` the short names that mean it. `command` is the
    name of a slash command, with a blank before its sub-command: offered where commands work in threads. `menu`: it
    stands in the menu of a message, too; `more`: in the one on the ticket's card. `asks`: it changes nothing, and its
    answer is for the person alone. `anywhere`: it makes sense outside a ticket's thread, too.
    """

    verb: Verb
    about: About
    who: Standing = Standing.AGENT
    button: bool = False
    words: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    command: str = ""
    argument: Argument | None = None
    menu: bool = False
    more: bool = False
    asks: bool = False
    anywhere: bool = False
