"""What each section of a digest says, of fixed numbers: an ordinary day beside another, and counts of one."""

from datetime import timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine

from chatops.cards import digest as cards
from chatops.cards.digest_asking import explanation
from chatops.digest.kept import Shown
from chatops.digest.scope import Window
from chatops.digest.section import Reading
from chatops.digest.sections import named
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer, Conversation
from chatops.model.macro import Macro
from chatops.model.message import Author, Message, MessageState
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketKind
from chatops.model.workspace import PlatformName, Workspace
from chatops.store import Keyring, Transaction, generate_key
from chatops.store.transaction import new
from chatops.times import to_milliseconds
from chatops.ui import Card
from migrations.draft import declared
from tests.cards.samples import NOW, Group

TEAM, MINUTE, HOUR, PRODUCT = "T1", 60_000, 3_600_000, "1729592969712207008"
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
SINCE = NOW - timedelta(hours=11)
READING = Reading(TEAM, Window(MIDNIGHT - timedelta(days=1), MIDNIGHT, ZoneInfo("UTC")))
WEEK = {"start": to_milliseconds(MIDNIGHT - timedelta(days=5)), "end": to_milliseconds(MIDNIGHT + timedelta(days=2))}
NIGHT = {"start": to_milliseconds(NOW + timedelta(hours=12)), "end": to_milliseconds(NOW + timedelta(hours=20))}


def several(**counts: int) -> dict[str, dict[str, int]]:
    """Return conversations by what they are."""
    return {"conversations": counts, "messages": counts}


def line(limit: float, *days: float | None) -> dict[str, Any]:
    """Return a limit, the last day's value and those before it."""
    values = [{"sum": 0 if day is None else day * 20, "of": 0 if day is None else 20} for day in days]
    return {"limit": limit, "value": values[-1], "days": values}


DAYS = [(MIDNIGHT - timedelta(days=back)).date().isoformat() for back in (3, 2, 1)]
ASKER = {"shop_id": "1", "ticket_id": "c1.1", "since": to_milliseconds(SINCE)}
ORDINARY: dict[str, Any] = {
    "volume": {
        "conversations": 214, "messages": 1731, "hours": [0] * 24,
        "kinds": several(chat=202, comment=12), "levels": several(logistics=148, presale=61),
        "languages": several(id=120, en=94), "markets": several(ID=120, GB=94),
    },
    "waiting": {
        "waiting": 3, "earlier": 2, "unowned": 2,
        "oldest": [{"shop_id": "1", "ticket_id": "c1.1", "since": to_milliseconds(SINCE)}],
    },
    "audit": {
        "conversations": 48, "unanswered": 2, "median": 3 * MINUTE, "over": 7, "decided": 47,
        "first": [
            {**ASKER, "took": 95_000}, {**ASKER, "ticket_id": "gone"},
        ],
    },
    "responses": {
        "first": {"count": 214, "median": 4 * MINUTE, "p90": 40 * MINUTE, "within": [150, 171, 200]},
        "next": {"count": 301, "median": 45_000, "p90": 3 * HOUR, "within": [250, 260, 290]},
        "hours": [[0, None]] * 21 + [[31, 95 * MINUTE]] + [[0, None]] * 2,
    },
    "clocks": {
        "kept": {
            metric: {"met": met, "late": late}
            for metric, met, late in [("first_response", 206, 8), ("resolution", 31, 0), ("platform_response", 214, 1)]
        },
        "open": 4, "worst": [{"shop_id": "1", "ticket_id": "c1.1", "metric": "first_response", "over": 95 * MINUTE}],
    },
    "platform": {
        "days": 3,
        "markets": {
            "GB": {
                "kept": 180, "broken": 20, "answered": 0.912, "satisfied": 0.8, "sessions": 1300, "days": 3,
                "alike": True,
            },
            "ID": {"kept": 1731, "broken": 0, "answered": 0.9, "sessions": 1, "days": 2, "alike": False}, "": {},
        },
        "rates": [
            {"shop_id": "1", **WEEK, "budget": {"kept": 742, "missed": 70, "coming": 1, "line": 0.9051}},
            {"shop_id": "2", **WEEK, "budget": {"kept": 90, "missed": 10, "coming": 0, "line": 0.9}},
            {"shop_id": "2", **WEEK, "budget": {"kept": 80, "missed": 20, "coming": 25, "line": 0.85}},
        ],
    },
    "targets": {
        "days": DAYS,
        "lights": [
            {"figure": "first_answer", "market": "", **line(5 * MINUTE, 4 * MINUTE, None, 5.2 * MINUTE)},
            {"figure": "effective", "market": "", **line(0.95, 0.6, 0.9, 0.96)},
            {"figure": "satisfied", "market": "GB", **line(0.85, 0.9, 0.8, 0.8)},
        ],
    },
    "asked": {
        "tickets": 214, "before": 800, "others": 12, "other_tags": 5,
        "tags": [{"name": "size", "count": 60, "before": 80}, {"name": "parcel", "count": 148, "before": 560}],
        "levels": [{"name": "logistics", "count": 148, "before": 560}, {"name": "", "count": 5, "before": 20}],
        "unusual": [{"name": "size", "count": 60, "before": 80}],
        "more": {"product": {"topics": [{"name": PRODUCT, "count": 12, "before": 12}], "different": 1}},
    },
    "fix": {
        "tickets": 214, "before": 800,
        "points": [
            {
                "source": "tag", "name": "size", "count": 60, "before": 80,
                "asked": [{"shop_id": "1", "message_id": "m1"}],
            },
            {"source": "product", "name": PRODUCT, "count": 5, "before": 20},
        ],
    },
    "pages": {
        "pages": 5, "unheard": 2, "calls": 7, "waits": [MINUTE, 2 * MINUTE, 9 * MINUTE],
        "holes": [
            {"rotation": "front", **NIGHT},
            {"rotation": "back", **NIGHT, "language": "th", "times": 3, "last": NIGHT["end"]},
        ],
    },
    "team": {
        "people": [
            {"agent_id": "ULI", "answers": 150, "median": 4 * MINUTE, "carried": 12},
            {"agent_id": "UNOOR", "answers": 61, "median": 45_000, "carried": 0},
        ],
        "answers": 211, "carried": 12, "used": 33, "others": 2, "elsewhere": 3, "handled": 120,
        "handled_median": 26 * HOUR, "macros": {"late": 30, "gone": 3},
    },
    "policy": {"stopped": 6, "sent_anyway": 2, "about": {"cannot": 4, "off_platform": 2}},
}  # fmt: skip
ONCE: dict[str, Any] = {
    "volume": {"conversations": 1, "messages": 1, "hours": [0] * 24},
    "waiting": {"waiting": 1, "earlier": 0, "unowned": 1, "oldest": []},
    "audit": {"conversations": 2, "unanswered": 1, "median": MINUTE, "over": 0, "decided": 1, "first": [ASKER]},
    "responses": {
        "first": {"count": 1, "median": 7 * MINUTE, "p90": 7 * MINUTE, "within": [0, 1, 1]},
        "next": {"count": 0}, "hours": [[0, None]] * 24,
    },
    "clocks": {"kept": {"first_response": {"met": 0, "late": 1}}, "open": 1},
    "platform": {"markets": {"GB": {"kept": 1}}, "days": 1},
    "asked": {"tickets": 1, "before": 0, "tags": [{"name": "size", "count": 1}], "others": 1, "other_tags": 1},
    "pages": {"pages": 1, "unheard": 1, "calls": 1, "waits": [2 * MINUTE]},
    "team": {
        "people": [{"agent_id": "ULI", "answers": 1, "median": 1_000, "carried": 1}],
        "answers": 1, "carried": 1, "others": 1, "elsewhere": 1, "handled": 1, "handled_median": MINUTE,
        "macros": {"late": 1},
    },
    "policy": {"stopped": 1, "sent_anyway": 1, "about": {"cannot": 1}},
}  # fmt: skip


@cache
def there() -> Transaction:
    """Return a desk with what sections call by name: shops, people, a prepared answer, and a buyer who waits."""
    engine = create_engine("sqlite://")
    Keyring([generate_key()]).install(engine)
    connection = engine.connect()
    declared().create_all(connection)
    tx = Transaction(connection)
    tx.insert(Workspace(id=TEAM, name="team", platform=PlatformName.SLACK, locale="en"))
    for shop_id, name, region in ("1", "maomao-gb", "GB"), ("2", "maomao-id", "ID"):
        tx.insert(Shop(id=shop_id, name=name, timezone="UTC", locale="en", region=region, cipher=""))
    for agent_id, name in ("ULI", "Li"), ("UNOOR", "Noor"):
        tx.insert(Agent(workspace_id=TEAM, id=agent_id, name=name))
    tx.insert(Macro(id="late", name="Parcel is late"))
    tx.insert(Buyer(shop_id="1", id="b1", nickname="Mia"))
    tx.insert(new(Conversation, shop_id="1", id="c1", buyer_id="b1"))
    of = {"shop_id": "1", "conversation_id": "c1"}
    chat = {"kind": TicketKind.CHAT, "buyer_id": "b1", "opened_at": SINCE, "waiting_since": SINCE}
    tx.insert(new(Ticket, **of, id="c1.1", **chat))
    place = {"workspace_id": TEAM, "id": "C1/1/c1.1", "channel_id": "C1", "shop_id": "1", "ticket_id": "c1.1"}
    tx.insert(new(Thread, **place, locale="en", external_id="1700.1", created_at=SINCE))
    said = {"author": Author.BUYER, "kind": "TEXT", "content": {"content": "Which size do I need?"}}
    written = {"state": MessageState.RECEIVED, "said_at": SINCE, "visible": True}
    tx.insert(new(Message, **of, id="m1", ticket_id="c1.1", **said, **written))
    return tx


def section(key: str, kept: dict[str, Any], before: dict[str, Any] | None = None) -> Card:
    """Return what a section says of numbers that were kept, beside those of the time before if there are any."""
    found = named(key)
    assert found is not None
    earlier = found.read(before) if before else None
    return cards.section(there(), Shown(found, found.read(kept), earlier), READING)


def each(numbers: dict[str, Any], how: str = "") -> Group:
    """Return the sections that there are numbers for."""
    return {f"{key}{how}": partial(section, key, kept) for key, kept in numbers.items()}


def explained(key: str) -> Card:
    """Return how a section's numbers are counted, and what they come to."""
    found = named(key)
    assert found is not None
    return explanation(found, Shown(found, found.read(ORDINARY[key]), None))


BESIDE = ("volume", "audit", "responses", "clocks", "targets")
SECTIONS: Group = {
    **each(ORDINARY),
    **each(ONCE, ", once"),
    **{f"{key}, beside another time": partial(section, key, ORDINARY[key], ORDINARY[key]) for key in BESIDE},
    **{f"how {key} are counted": partial(explained, key) for key in ("clocks", "pages")},
}
