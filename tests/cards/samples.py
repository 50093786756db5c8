"""One of everything a person can be shown."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from chatops.cards import commands, notice, told
from chatops.cards import help as help_cards
from chatops.cards.faults import SENDING
from chatops.cards.home import home
from chatops.cards.message import Post, mirrored
from chatops.cards.ticket import ORDER_STATUS, head
from chatops.catalog import CATALOG, Verb, entry
from chatops.errors import Refusal, Refused
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.conversation import Buyer
from chatops.model.message import Author, Message, MessageState
from chatops.model.shop import Route, RoutePosture, Shop
from chatops.model.ticket import Level, Ticket, TicketKind, TicketPriority, TicketState
from chatops.outbox import Told
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.ui import Card

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
SHOP = Shop(id="7494049642642441621", name="Glow Shop", region="ID", timezone="Asia/Jakarta", locale="id-ID")
MIA = Buyer(shop_id=SHOP.id, id="7494560109732334261", nickname="Mia")
NAMELESS = Buyer(shop_id=SHOP.id, id="7494560109732334261")
LI = Agent(workspace_id="T1", id="ULI", name="Li Wei")

Group = Mapping[str, Callable[[], Card]]


def ticket(**facts: Any) -> Ticket:
    """Return an open ticket of Mia's, waiting for four minutes, that nobody has claimed."""
    return Ticket(
        **{
            "shop_id": SHOP.id,
            "id": "576486316948490001-1",
            "conversation_id": "576486316948490001",
            "buyer_id": MIA.id,
            "kind": TicketKind.CHAT,
            "state": TicketState.OPEN,
            "opened_at": NOW - timedelta(minutes=4),
            "waiting_since": NOW - timedelta(minutes=4),
            **facts,
        }
    )


def message(kind: str = "TEXT", content: Any = None, **facts: Any) -> Message:
    """Return a message of Mia's."""
    return Message(
        **{
            "shop_id": SHOP.id,
            "id": "722323407926368819",
            "conversation_id": "576486316948490001",
            "author": Author.BUYER,
            "kind": kind,
            "content": {} if content is None else content,
            "state": MessageState.RECEIVED,
            "said_at": NOW,
            **facts,
        }
    )


def said(text: str, **facts: Any) -> Message:
    """Return a text of Mia's."""
    return message("TEXT", {"content": text}, **facts)


def answer(text: str = "It left today.", **facts: Any) -> Message:
    """Return Li's answer, on its way."""
    mine = {"author": Author.AGENT, "state": MessageState.WAITING, "agent_id": LI.id, "id": "T1-C1-1700000000.000100-0"}
    return said(text, **{**mine, "leaves_at": NOW + timedelta(seconds=5), **facts})


def failed(fault: str, **facts: Any) -> Message:
    """Return Li's answer that did not leave."""
    return answer(state=MessageState.FAILED, fault=fault, lane_seq=7, **facts)


def post(shown: Message, speaker: str = "Mia", picture: str | None = None, media_fault: str = "") -> Callable[[], Card]:
    """Return how to show a single message."""
    return lambda: mirrored([Post(shown, speaker, picture, media_fault)])


ORDER = {
    "order_id": "576461413038785752",
    "order_status": "AWAITING_SHIPMENT",
    "order_total": "125000",
    "order_currency": "IDR",
    "order_items": "2 × Headlight bulb (H4, 12V)\nWiper",
    "order_tracking": "1Z789",
}
CLAIMED = {"assignee_workspace_id": "T1", "assignee_id": LI.id}


def shown(ticket: Ticket, assignee: Agent | None = None) -> Callable[[], Card]:
    """Return how to show a ticket of Mia's."""
    return lambda: head(ticket, SHOP, MIA, assignee)


def on_clock(metric: Metric, **facts: Any) -> Callable[[], Card]:
    """Return how to show a ticket of Mia's with its most urgent clock."""
    key: dict[str, Any] = {"shop_id": SHOP.id, "ticket_id": "1", "target": metric.value, "cycle": 1, "started_at": NOW}
    standing: dict[str, Any] = {"state": ClockState.RUNNING, "limit": 300_000, "due_at": NOW + timedelta(minutes=3)}
    clock = Clock(**key, metric=metric, **(standing | facts))
    return lambda: head(ticket(), SHOP, MIA, None, clock=clock)


def refused(reason: Refusal, message: Message | None = None, **facts: str | int) -> Callable[[], Card]:
    """Return how to show a refusal."""
    return lambda: notice.refusal(Refused(reason, **facts), message)


def not_sent(message: Message) -> Callable[[], Card]:
    """Return how to show that an answer failed."""
    return lambda: notice.not_sent(message)


def undelivered(kind: str, **about: str) -> Callable[[], Card]:
    """Return how to show that something cannot be shown."""
    return lambda: notice.undelivered(kind, "channel_not_found", **about)


TICKETS: Group = {
    "new": shown(ticket()),
    "nameless buyer, nothing known of the shop": lambda: head(
        ticket(waiting_since=None),
        Shop(id=SHOP.id, name="Glow Shop", timezone="UTC", locale="en"),
        NAMELESS,
        None,
    ),
    "unknown buyer": lambda: head(ticket(buyer_id=None), SHOP, None, None),
    "claimed, with an order": shown(ticket(**CLAIMED, **ORDER), LI),
    "its answer is due": on_clock(Metric.FIRST_RESPONSE),
    "its solution is due, in office hours": on_clock(Metric.RESOLUTION, calendar="office", limit=86_400_000),
    "TikTok wants an answer": on_clock(Metric.PLATFORM_RESPONSE, limit=43_200_000),
    "TikTok's deadline": on_clock(Metric.PLATFORM_DEADLINE),
    "its answer is overdue": on_clock(Metric.NEXT_RESPONSE, state=ClockState.BREACHED),
    **{
        f"its clock stands still, {why or 'nobody says why'}": on_clock(
            Metric.RESOLUTION, state=ClockState.PAUSED, due_at=None, paused_for=why, consumed=60_000
        )
        for why in ("", "buyer snooze", "platform_down")
    },
    "order of many items": shown(ticket(order_id="5764", order_items="\n".join(f"Thing {n}" for n in range(1, 8)))),
    "with all that the team said of it": lambda: head(
        ticket(
            snoozed_until=NOW + timedelta(days=1),
            escalated_at=NOW,
            level=Level.LOGISTICS,
            priority=TicketPriority.URGENT,
            tags=["vip", "พัสดุหาย"],
            team="Night shift",
        ),
        SHOP,
        Buyer(**{**MIA.model_dump(), "blocked_at": NOW, "tier": "VIP"}),
        None,
        language="th",
    ),
    **{f"level {level}": shown(ticket(level=level, priority=TicketPriority.HIGH)) for level in Level},
    "claimed in another workspace": lambda: head(ticket(**CLAIMED), SHOP, MIA, LI, workspace_id="T2"),
    "answered": shown(ticket(waiting_since=None, answered_at=NOW, **CLAIMED), LI),
    "resolved": shown(ticket(state=TicketState.RESOLVED, waiting_since=None, resolved_at=NOW, **CLAIMED), LI),
    **{f"about {kind}": shown(ticket(kind=kind)) for kind in TicketKind},
    **{
        f"order {status}": shown(ticket(order_id="5764", order_status=status))
        for status in (*ORDER_STATUS, "SOMETHING_NEW")
    },
}

MESSAGES: Group = {
    "text": post(said("Where is my parcel?\nI ordered on Monday.")),
    "text without words": post(message("TEXT")),
    "several, joined": lambda: mirrored(
        [
            Post(said("Hello"), "Mia"),
            Post(message("IMAGE", {"url": "https://x/1"}), "Mia", "F1"),
            Post(said("It is on its way.", author=Author.SELLER_CENTER), ""),
        ]
    ),
    "picture": post(message("IMAGE", {"url": "https://x/1"}), picture="F1"),
    "picture refused": post(message("IMAGE"), media_fault="file_type"),
    "picture too large": post(message("IMAGE"), media_fault="file_too_large"),
    "picture gone": post(message("IMAGE"), media_fault="media_gone"),
    "picture lost for another reason": post(message("IMAGE"), media_fault="http_403"),
    "picture without a reason": post(message("IMAGE")),
    "video": post(message("VIDEO", {"duration": "20.504"}), picture="F2"),
    "short video": post(message("VIDEO", {"duration": "1.2"}), picture="F2"),
    "video that cannot be shown": post(message("VIDEO", {"duration": None}), media_fault="file_too_large"),
    "sticker": post(message("EMOTICONS", {"url": "https://x/2"})),
    "sticker in words": post(message("EMOTICONS", {}, plaintext="[thumbs up]")),
    "product": post(message("PRODUCT_CARD", {"product_id": "12345"}, plaintext="Headlight bulb, $10.00")),
    "from a product": post(message("BUYER_ENTER_FROM_PRODUCT", {"product_id": 12345})),
    "order": post(message("ORDER_CARD", {"order_id": "5764"}), "Mia"),
    "from an order": post(message("BUYER_ENTER_FROM_ORDER", {"order_id": "5764"})),
    "shipping": post(message("LOGISTICS_CARD", {"order_id": "5764", "package_id": "1152"})),
    "return": post(message("RETURN_REFUND_CARD", {"order_id": "5764", "sku_id": "1729"})),
    "coupon": post(message("COUPON_CARD", {"coupon_id": "99"}, author=Author.AUTOMATIC)),
    "voucher": post(message("VOUCHER_CARD", {"voucher_id": "98"}, author=Author.AUTOMATIC)),
    "notice": post(message("NOTIFICATION", {"content": "Please rate us."}, author=Author.AUTOMATIC)),
    "joined": post(message("ALLOCATED_SERVICE", {"content": "Li joined."}, author=Author.AUTOMATIC)),
    "handed over": post(message("BUYER_ENTER_FROM_TRANSFER", {"content": "To Li."}, author=Author.AUTOMATIC)),
    "other": post(message("OTHER", {"content": "Something else"}, author=Author.AUTOMATIC)),
    "unknown": post(message("HOLOGRAM", {"beam": 3})),
    "unknown, described": post(message("HOLOGRAM", {"beam": 3}, plaintext="A hologram of a parcel")),
    "nameless buyer": post(said("Hi"), ""),
    "from another channel": post(answer(state=MessageState.SENT), "Li Wei"),
    "from another channel, nameless": post(answer(state=MessageState.SENT), ""),
    "note from another channel": post(answer("He wrote before.", state=MessageState.NOTE), "Li Wei"),
    "answered in Seller Center": post(said("On its way", author=Author.SELLER_CENTER), "Glow"),
    "automatic": post(said("We answer from 9 to 5.", author=Author.AUTOMATIC), "Glow"),
}

CLOCK = {  # what a thread is told about one
    "metric": "first_response",
    "limit": "300000",
    "due_at": NOW.isoformat(),
    "assignee_id": LI.id,
    "late": "",
}

CALL = {  # what a thread is told about a page
    "rung": "ULI UBO",
    "named": "Ana",
    "groups": "S1",
    "teams": "",
    "shop_id": SHOP.id,
    "ticket_id": "7300.1",
    "why": "warn",
    "due_at": NOW.isoformat(),
    "asked_by": "",
    "cause": "fallback",
    "how": "taken",
}

NOTICES: Group = {
    "undo": lambda: notice.undo_offer(answer()),
    "not sent, picture": not_sent(message("IMAGE", author=Author.AGENT, fault="unreachable")),
    **{f"not sent, {code}": not_sent(failed(code)) for code in (*SENDING, "tiktok_45109999")},
    "waits long": lambda: notice.delayed(failed("delayed"), NOW),
    "not sent, without a code": not_sent(failed("")),
    "copied": lambda: notice.copied(answer()),
    "copied, no words": lambda: notice.copied(message("IMAGE")),
    **{f"refused, {reason}": refused(reason) for reason in Refusal},
    "refused, too_long, counted": refused(Refusal.TOO_LONG, answer(), length=4001, limit=2000, parts=3),
    "refused, already_claimed, by": refused(Refusal.ALREADY_CLAIMED, agent_id=LI.id),
    "refused, not_allowed, with leads": refused(Refusal.NOT_ALLOWED, leads="Ana, Bo"),
    **{
        f"refused, words_needed, {found.verb}": refused(Refusal.WORDS_NEEDED, verb=found.verb.value)
        for found in CATALOG
        if found.more and found.argument
    },
    "refused, digest_hours": refused(Refusal.DIGEST_HOURS, zone="Europe/London", ahead=True),
    "refused, hours that no clock showed": refused(Refusal.DIGEST_HOURS, zone="Europe/London", ahead=False),
    "refused, not_of_part": refused(Refusal.NOT_OF_PART, name="targets.first_answer", narrow="agent_id"),
    "refused, not of a team": refused(Refusal.NOT_OF_PART, name="targets.official", narrow="teams"),
    "refused, not of a country": refused(Refusal.NOT_OF_PART, name="pages.holes", narrow="markets"),
    "refused, file_type, named": refused(Refusal.FILE_TYPE, name="invoice.pdf"),
    "refused, file_too_large, named": refused(Refusal.FILE_TOO_LARGE, name="box.png"),
    "edit too late": lambda: notice.edit_too_late(answer()),
    "delete too late": lambda: notice.delete_too_late(answer()),
    "withdrawn": lambda: notice.withdrawn(answer()),
    "left out": lambda: notice.left_out("https://acme.slack.com/archives/C1/p1 :parrot_party:"),
    "note kept": lambda: notice.note_kept(answer(state=MessageState.NOTE)),
    "incident": lambda: notice.incident("k7f3"),
    **{
        f"undelivered {kind}": undelivered(kind, buyer="Mia", shop="Glow")
        for kind in (*notice.UNDELIVERED, "something_new")
    },
    "undelivered, nothing known": undelivered("mirror"),
    "disconnected": lambda: notice.shop_disconnected(SHOP),
    **{
        f"told, {about}": partial(
            told.told,
            about,
            {"agent_id": "ULI", "by": "UBO", "leads": "UAN", "words": "", "url": "", "team": "Night", "mention": "S1"}
            | CALL
            | {"at": NOW.isoformat()},
        )
        for about in Told
        if not about.startswith(("clock_", "page"))
    },
    **{
        f"told, {about}, {metric}": partial(told.told, about, CLOCK | {"metric": metric})
        for about in (Told.CLOCK_WARNS, Told.CLOCK_BREACHED)
        for metric in ("first_response", "resolution", "platform_response", "platform_deadline")
    },
    "told, clock_breached by a change": partial(told.told, Told.CLOCK_BREACHED, CLOCK | {"late": "1"}),
    **{
        f"told, clock_goes_on after {answer}": partial(told.told, Told.CLOCK_GOES_ON, CLOCK | {"answer": answer})
        for answer in ("automatic", "greeting", "sticker", "something new")
    },
    "told, paged too late": partial(told.told, Told.PAGED, CALL | {"why": "breach", "words": ""}),
    "told, paged by somebody": partial(
        told.told, Told.PAGED, CALL | {"why": "asked", "asked_by": "UBO", "due_at": "", "words": "She is *furious*"}
    ),
    "told, cut_off, noticed by itself": partial(
        told.told, Told.CUT_OFF, {"at": NOW.isoformat(), "words": "", "by": ""}
    ),
    "told, everybody paged": partial(told.told, Told.PAGE_UNHEARD, CALL | {"cause": "exhausted"}),
    "told, page put off": partial(told.told, Told.PAGE_TAKEN, CALL | {"agent_id": "ULI", "how": "snoozed"}),
    "told, escalated, nobody named": partial(
        told.told, Told.ESCALATED, {"by": "UBO", "leads": "", "words": "She wants her money back"}
    ),
    "told, team, without a group": partial(told.told, Told.TEAM, {"team": "Night *shift*", "mention": "", "by": "UBO"}),
    "told, back, nobody's": partial(told.told, Told.BACK, {"agent_id": ""}),
    "told, merged, with the way there": partial(told.told, Told.MERGED, {"url": "https://example.com/thread"}),
    "snoozed": partial(told.snoozed, {"until": NOW.isoformat(), "zone": "Asia/Jakarta", "own": 1}),
    "snoozed, in the shop's zone": partial(told.snoozed, {"until": NOW.isoformat(), "zone": "Asia/Jakarta", "own": 0}),
    "connection ending": lambda: notice.connection_ending(SHOP, NOW + timedelta(days=30)),
}

HELP: Group = {
    "thread": help_cards.thread_help,
    "thread where words stay inside": lambda: help_cards.thread_help(RoutePosture.INTERNAL),
    "thread with commands": lambda: help_cards.thread_help(commands=True),
    "thread with commands where words stay inside": lambda: help_cards.thread_help(
        RoutePosture.INTERNAL, commands=True
    ),
    "thread where nothing typed is read": lambda: help_cards.thread_help(commands=True, typed=False),
    "claim": lambda: help_cards.verb_help(entry(Verb.CLAIM)),
    "help with commands": lambda: help_cards.verb_help(entry(Verb.HELP), commands=True),
}

COMMANDS: Group = {
    **{f"done, {verb}": partial(commands.done, verb) for verb in commands.DONE},
    "done, with words": partial(commands.done, Verb.LEVEL, "logistics"),
    "outside of a thread": commands.no_thread,
    "outside of a thread, with words": lambda: commands.no_thread("On its way!"),
    "outside of a thread, in Slack": lambda: commands.no_thread("", entry(Verb.CLAIM)),
    "a form too late": commands.form_not_shown,
    "own page, in Slack": lambda: home(
        Agent(
            workspace_id="T1",
            id="ULI",
            locale="th-TH",
            languages=["th", "en"],
            quiet="22:00-08:00",
            timezone="Asia/Bangkok",
        ),
        [],
        [(SHOP, Route(shop_id=SHOP.id, kind=TicketKind.CHAT, workspace_id="T1", channel_id="C1", locale="en"))],
    ),
    "own page, in Discord": lambda: home(Agent(workspace_id="1580", id="7", timezone="Asia/Bangkok"), []),
    "on another message": commands.not_ours,
    "unread": commands.unread,
    "not taken": lambda: commands.not_taken("On its way!"),
    "in doubt": lambda: commands.in_doubt("On its way!"),
    "in doubt, with a code": lambda: commands.in_doubt("On its way!", "4f5a6b7c"),
    "passed on": commands.passed_on,
    "given back": lambda: commands.given_back(notice.refusal(Refused(Refusal.NOT_ALLOWED)), "On its way!"),
}

GROUPS: Mapping[str, Group] = {
    "ticket": TICKETS,
    "message": MESSAGES,
    "notice": NOTICES,
    "help": HELP,
    "commands": COMMANDS,
}
