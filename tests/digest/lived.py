"""What shops lived through around a window, at random: rows as the product keeps them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from chatops.digest.promises import UNTIL_RESOLVED
from chatops.digest.scope import Window
from chatops.model.clock import Clock
from chatops.model.conversation import Conversation
from chatops.model.history import History
from chatops.model.let_go import LetGo
from chatops.model.message import CONTEXT_KINDS, Author, Held, Message, MessageState
from chatops.model.page import NoticeState, Page, PageNotice, Why
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Level, Ticket, TicketKind, TicketState
from chatops.model.workspace import PlatformName, Workspace
from chatops.rules.clock import ClockState
from chatops.rules.escalation import Cause, PageState
from chatops.rules.lint import About
from chatops.rules.targets import Metric, Urgency
from chatops.store import Transaction
from chatops.store.transaction import new

TEAM, ELSE = "T0TEAM", "T0ELSE"
SHOPS = {"1": "TH", "2": "US", "3": "US"}  # the two in the US have zones of their own, and one window
ZONES = {"1": "Asia/Bangkok", "2": "America/New_York", "3": "America/Los_Angeles"}
CHANGES = (  # a day with 25, 24.5 and 23 hours, one that begins at four, and a window around one that never was
    Window(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC), ZoneInfo("Europe/London")),
    Window(datetime(2026, 4, 4, 13, tzinfo=UTC), datetime(2026, 4, 5, 14, tzinfo=UTC), ZoneInfo("Australia/Lord_Howe")),
    Window(datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC), ZoneInfo("America/New_York")),
    Window(datetime(2026, 3, 8, 9, tzinfo=UTC), datetime(2026, 3, 10, 4, tzinfo=UTC), ZoneInfo("America/New_York")),
    Window(datetime(2011, 12, 29, 10, tzinfo=UTC), datetime(2011, 12, 31, 10, tzinfo=UTC), ZoneInfo("Pacific/Apia")),
)  # fmt: skip


class Lived:
    """What shops lived through around a window, at random."""

    def __init__(self, chance: Random, window: Window) -> None:
        self.chance, self.window = chance, window
        self.lines = [self._line(number) for number in range(6)]
        self.tickets = [self._ticket(number) for number in range(12)]
        self.ends = [line for ticket in self.tickets for line in self._ends(ticket)]
        self.messages = [self._message(number) for number in range(60)]
        self.clocks = list(self._clocks())
        self.history = [*(self._line_of_history() for _ in range(20)), *self.ends]
        self.let_go = list({(one.ticket_id, one.since, one.until): one for one in map(self._let_go, range(8))}.values())
        self.pages = [self._page(number) for number in range(10)]
        self.notices = [self._notice(number) for number in range(20)]
        self.threads = [thread for ticket in self.tickets for thread in self._threads(ticket)]

    def insert(self, tx: Transaction) -> None:
        """Write it down."""
        for workspace in (TEAM, ELSE):
            tx.insert(Workspace(id=workspace, name=workspace, platform=PlatformName.SLACK, locale="en"))
        for shop_id, region in SHOPS.items():
            tx.insert(Shop(id=shop_id, name=shop_id, timezone=ZONES[shop_id], locale="en", region=region, cipher=""))
        for row in (
            *self.lines,
            *self.tickets,
            *self.messages,
            *self.clocks,
            *self.history,
            *self.let_go,
            *self.pages,
            *self.notices,
            *self.threads,
        ):
            tx.insert(row)

    def at(self) -> datetime:
        """Return an instant near the window, often one of its ends or a change of the clocks to the millisecond."""
        start, end = self.window.start, self.window.end
        edges = [start, end, *(day.start for day in self.window.days()), start + (end - start) / 2]
        near = self.chance.choice([*edges, *edges, start + (end - start) * self.chance.uniform(-0.3, 1.3)])
        near = near.replace(microsecond=near.microsecond // 1_000 * 1_000)  # as rows keep it
        return near + timedelta(milliseconds=self.chance.choice([0, 0, -1, 1, 300_000, -300_000, 1_000]))

    def _line(self, number: int) -> Conversation:
        language = self.chance.choice(["", "en", "id", "zh-Hans"])
        return new(Conversation, shop_id=self.chance.choice(list(SHOPS)), id=f"c{number}", language=language)

    def _ticket(self, number: int) -> Ticket:
        line, chance = self.chance.choice(self.lines), self.chance
        return new(
            Ticket,
            shop_id=line.shop_id,
            id=f"{line.id}.{number}",
            conversation_id=line.id,
            kind=list(TicketKind)[number % len(TicketKind)],  # of a kind there is one open in a conversation
            state=TicketState.RESOLVED if number < 9 else TicketState.OPEN,
            level=chance.choice([None, *Level]),
            language=chance.choice(["", "", "es", "th-TH"]),
            team=chance.choice(["", "front", "back"]),
            assignee_id=chance.choice([None, "li", "noor"]),
            assignee_workspace_id=chance.choice([TEAM, ELSE]),
            waiting_since=chance.choice([None, self.at(), self.at()]) if number > 8 else None,
            snoozed_until=chance.choice([None, None, self.at()]),
            opened_at=self.at() - (self.window.end - self.window.start) * chance.choice([0, 0, 0, 0, 1, 2, 3, 4]),
            tags=chance.sample(["size", "torn", "late"], chance.choice([0, 1, 2])),
        )

    def _ends(self, ticket: Ticket) -> Iterator[History]:
        """Resolve a ticket, open it again and so on, and leave it as its row says it is."""
        is_over = ticket.state is TicketState.RESOLVED
        many = self.chance.choice([0, 2, 4]) + is_over
        instants = sorted(max(ticket.opened_at, self.at()) for _ in range(many))
        happened = [*zip(instants, cycle(("resolved", "reopened")))]
        if is_over and self.chance.random() < 0.3:
            happened.append((max(instants[-1], self.at()), "merged"))
            ticket.merged_into = "elsewhere"
        ticket.resolved_at = happened[-1][0] if is_over else None
        for at, what in happened:
            yield new(History, shop_id=ticket.shop_id, ticket_id=ticket.id, at=at, what=what, facts={})

    def _let_go(self, _number: int) -> LetGo:
        ticket, since = self.chance.choice(self.tickets), self.at()
        return new(LetGo, shop_id=ticket.shop_id, ticket_id=ticket.id, since=since, until=max(since, self.at()))

    def _threads(self, ticket: Ticket) -> Iterator[Thread]:
        for workspace in self.chance.sample([TEAM, ELSE], self.chance.choice([0, 1, 1, 2])):
            about = {"shop_id": ticket.shop_id, "ticket_id": ticket.id, "locale": "en", "created_at": ticket.opened_at}
            yield new(Thread, workspace_id=workspace, id=f"C1/{ticket.id}", channel_id="C1", **about)

    def _message(self, number: int) -> Message:
        ticket, chance = self.chance.choice(self.tickets), self.chance
        author = chance.choice([Author.BUYER, Author.BUYER, *Author])
        since, sent = self.at(), self.at()
        answers = author in (Author.AGENT, Author.SELLER_CENTER) and since <= sent and chance.random() < 0.8
        return new(
            Message,
            shop_id=ticket.shop_id,
            id=f"m{number}",
            conversation_id=ticket.conversation_id,
            ticket_id=chance.choice([ticket.id, ticket.id, ticket.id, None]) if author is Author.BUYER else ticket.id,
            author=author,
            kind=chance.choice(["TEXT", "TEXT", "TEXT", "IMAGE", *CONTEXT_KINDS]),
            content={},
            visible=chance.random() < 0.9,
            state=MessageState.RECEIVED,
            said_at=self.at(),
            sent_at=sent if answers else None,
            answers_since=since if answers else None,
            first_answer=answers and chance.random() < 0.5,
            agent_id=chance.choice(["li", "noor"]) if author is Author.AGENT else None,
            source_workspace_id=chance.choice([TEAM, ELSE]) if author is Author.AGENT else None,
        )

    def _clocks(self) -> Iterator[Clock]:
        for ticket in self.tickets:
            went_on = sum(line.ticket_id == ticket.id for line in self.ends) > 1  # its clocks would follow
            ours = [one for one in Metric if one not in UNTIL_RESOLVED or not went_on]
            for metric in self.chance.sample(ours, 3):
                yield self._clock(ticket, metric)

    def _clock(self, ticket: Ticket, metric: Metric) -> Clock:
        state, due, ended = self.chance.choice(list(ClockState)), self.at(), self.at()
        broken = state in (ClockState.BREACHED, ClockState.MET_LATE) or (
            state is ClockState.CANCELLED and due < ended and self.chance.random() < 0.5
        )
        runs, over = state in (ClockState.RUNNING, ClockState.BREACHED), state in (ClockState.MET, ClockState.MET_LATE)
        after = max(due, ended) if broken else ended
        return new(
            Clock,
            shop_id=ticket.shop_id,
            ticket_id=ticket.id,
            target=metric.value,
            cycle=1,
            metric=metric,
            state=state,
            limit=300_000,
            started_at=due - timedelta(minutes=5),
            running_since=due - timedelta(minutes=5) if runs else None,
            due_at=None if state is ClockState.PAUSED else due,
            met_at=after if over else None,
            breached_at=due if broken else None,
            ended_at=after if over or state is ClockState.CANCELLED else None,
        )

    def _line_of_history(self) -> History:
        ticket, chance = self.chance.choice(self.tickets), self.chance
        what = chance.choice(["macro", "lint", "sent_anyway", "claimed"])
        facts: dict[str, dict[str, Any]] = {
            "macro": {"macro_id": chance.choice(["m1", "m2"])},
            "lint": {"about": " ".join(chance.sample(list(About), 2))},
            "sent_anyway": {"why": chance.choice(list(Held)).value},
        }
        who = {"workspace_id": chance.choice([TEAM, ELSE]), "agent_id": chance.choice(["li", "noor"])}
        about = {"shop_id": ticket.shop_id, "ticket_id": ticket.id, "facts": facts.get(what, {})}
        return new(History, at=self.at(), what=what, **about, **who)

    def _page(self, number: int) -> Page:
        ticket, opened, chance = self.chance.choice(self.tickets), self.at(), self.chance
        later = [None, *(at for at in (self.at(), self.at()) if at >= opened)]
        acknowledged = chance.choice(later)
        return new(
            Page,
            shop_id=ticket.shop_id,
            ticket_id=ticket.id,
            number=number,
            workspace_id=chance.choice([TEAM, TEAM, ELSE]),
            escalation="front",
            revision=1,
            why=Why.WARN,
            urgency=Urgency.PAGE,
            opened_at=opened,
            loop_began_at=opened,
            ends_at=opened,
            state=PageState.OVER,
            acknowledged_at=acknowledged,
            ended_at=acknowledged or chance.choice(later),
        )

    def _notice(self, number: int) -> PageNotice:
        page, called = self.chance.choice(self.pages), self.at()
        return new(
            PageNotice,
            shop_id=page.shop_id,
            ticket_id=page.ticket_id,
            number=page.number,
            call=number,
            agent_id="li",
            workspace_id=page.workspace_id,
            cause=next(iter(Cause)),
            state=NoticeState.TOLD if number % 5 else NoticeState.REFUSED,
            called_at=called,
            ring_at=called,
        )
