"""Numbers are those of whoever counts everything by hand, one row after the other: on random histories, at any hour."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine

from chatops.digest.scope import Scope, Window, midnight
from chatops.digest.sections import clocks, responses, team, volume, waiting
from chatops.digest.sections.clocks import Broken, Clocks, Kept
from chatops.digest.sections.responses import LIMITS, Responses, Speed
from chatops.digest.sections.team import Person, Team
from chatops.digest.sections.volume import Split, Volume
from chatops.digest.sections.waiting import Waiting, Waits
from chatops.model.clock import Clock
from chatops.model.conversation import Conversation
from chatops.model.message import CONTEXT_KINDS, Author, Message, MessageState
from chatops.model.shop import Shop
from chatops.model.ticket import Level, Ticket, TicketKind, TicketState
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.store import Transaction
from chatops.store.transaction import new
from chatops.times import to_milliseconds

TEAM = "T0TEAM"
SHOPS = {"1": "GB", "2": "US", "3": "US"}  # the two in the US have zones of their own, and one window
CHANGES = (  # a day with 25, 24.5 and 23 hours, and a window around one that never was
    Window(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC), ZoneInfo("Europe/London")),
    Window(datetime(2026, 4, 4, 13, tzinfo=UTC), datetime(2026, 4, 5, 14, tzinfo=UTC), ZoneInfo("Australia/Lord_Howe")),
    Window(datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC), ZoneInfo("America/New_York")),
    Window(datetime(2011, 12, 29, 10, tzinfo=UTC), datetime(2011, 12, 31, 10, tzinfo=UTC), ZoneInfo("Pacific/Apia")),
)  # fmt: skip
SCOPES = (
    Scope(TEAM, tuple(SHOPS)),
    Scope(TEAM, ("1", "3", "of others")),
    Scope(TEAM, tuple(SHOPS), markets=("US",)),
    Scope(TEAM, tuple(SHOPS), teams=("front",)),
    Scope(TEAM, tuple(SHOPS), agent_id="li"),
)


class Lived:
    """What shops lived through around a window, at random."""

    def __init__(self, chance: Random, window: Window) -> None:
        self.chance, self.window = chance, window
        self.lines = [self._line(number) for number in range(6)]
        self.tickets = [self._ticket(number) for number in range(12)]
        self.messages = [self._message(number) for number in range(60)]
        self.clocks = list(self._clocks())

    def insert(self, tx: Transaction) -> None:
        """Write it down."""
        for shop_id, region in SHOPS.items():
            tx.insert(Shop(id=shop_id, name=shop_id, timezone="UTC", locale="en", region=region, cipher=""))
        for row in (*self.lines, *self.tickets, *self.messages, *self.clocks):
            tx.insert(row)

    def at(self) -> datetime:
        """Return an instant near the window, often one of its ends or a change of the clocks to the millisecond."""
        start, end = self.window.start, self.window.end
        edges = [start, end, *(day.start for day in self.window.days()), start + (end - start) / 2]
        near = self.chance.choice([*edges, *edges, start + (end - start) * self.chance.uniform(-0.3, 1.3)])
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
            assignee_workspace_id=chance.choice([TEAM, "T0ELSE"]),
            waiting_since=chance.choice([None, self.at(), self.at()]) if number > 8 else None,
            snoozed_until=chance.choice([None, None, self.at()]),
            opened_at=self.at(),
        )

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
            source_workspace_id=chance.choice([TEAM, "T0ELSE"]) if author is Author.AGENT else None,
        )

    def _clocks(self) -> Iterator[Clock]:
        for ticket in self.tickets:
            for metric in self.chance.sample(list(Metric), 3):
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


class ByHand:
    """Counting with nothing but loops."""

    def __init__(self, lived: Lived, scope: Scope) -> None:
        self.lived, self.scope, self.window = lived, scope, lived.window
        self.shops = [
            one for one, region in SHOPS.items() if one in scope.shops and region in (scope.markets or SHOPS.values())
        ]
        self.of_id = {(one.shop_id, one.id): one for one in lived.tickets}

    def inside(self, at: datetime | None) -> bool:
        """Whether an instant is in the window."""
        return at is not None and self.window.start <= at < self.window.end

    def meant(self, ticket: Ticket | None) -> bool:
        """Whether a ticket is in the scope."""
        if ticket is None or ticket.shop_id not in self.shops:
            return False
        mine = (ticket.assignee_id, ticket.assignee_workspace_id) == (self.scope.agent_id, TEAM)
        return (not self.scope.teams or ticket.team in self.scope.teams) and (not self.scope.agent_id or mine)

    def hour(self, at: datetime) -> int:
        """The hour of the day."""
        return at.astimezone(self.window.zone).hour

    def volume(self) -> Volume | None:
        """Return what the section should."""
        asked = [
            (message, self.of_id[message.shop_id, message.ticket_id])
            for message in self.lived.messages
            if message.author is Author.BUYER and message.visible and message.kind not in CONTEXT_KINDS
            if message.ticket_id and self.inside(message.said_at)
            if self.meant(self.of_id[message.shop_id, message.ticket_id])
        ]
        if not asked:
            return None
        once = {ticket.id: ticket for _, ticket in asked}
        hours = Counter(self.hour(message.said_at) for message, _ in asked)
        spoken = {line.id: line.language for line in self.lived.lines}

        def split(of: Callable[[Ticket], str]) -> Split:
            each, messages = Counter(of(ticket) for ticket in once.values()), Counter(of(ticket) for _, ticket in asked)
            return Split(dict(each), dict(messages))

        splits = (
            split(lambda ticket: ticket.kind.value),
            split(lambda ticket: ticket.level.value if ticket.level else ""),
            split(lambda ticket: (ticket.language or spoken[ticket.conversation_id]).partition("-")[0]),
            split(lambda ticket: SHOPS[ticket.shop_id]),
            split(lambda ticket: ticket.shop_id),
        )
        return Volume(len(once), len(asked), tuple(hours[hour] for hour in range(24)), *splits)

    def responses(self) -> Responses | None:
        """Return what the section should."""
        given = [
            message
            for message in self.lived.messages
            if message.answers_since and self.inside(message.sent_at) and message.shop_id in self.shops
            if not self.scope.agent_id or (message.agent_id, message.source_workspace_id) == ("li", TEAM)
            if not self.scope.teams or self.of_id[message.shop_id, message.ticket_id or ""].team in self.scope.teams
        ]
        if not given:
            return None
        at_hour: list[list[int]] = [[] for _ in range(24)]
        for one in given:
            assert one.answers_since is not None
            at_hour[self.hour(one.answers_since)].append(took(one))
        first, following = (
            speed([took(one) for one in given if one.first_answer is wanted]) for wanted in (True, False)
        )
        return Responses(first, following, tuple((len(some), nth(some, 0.5)) for some in at_hour))

    def team(self) -> Team | None:
        """Return what the section should."""
        given = [
            message
            for message in self.lived.messages
            if message.answers_since and self.inside(message.sent_at) and message.shop_id in self.shops
            if not self.scope.agent_id or message.agent_id == self.scope.agent_id
            if not self.scope.teams or self.of_id[message.shop_id, message.ticket_id or ""].team in self.scope.teams
        ]
        owners = [
            ticket.assignee_id
            for ticket in self.lived.tickets
            if self.meant(ticket) and ticket.state is TicketState.OPEN and ticket.assignee_workspace_id == TEAM
        ]
        people = []
        for agent_id in ("li", "noor"):
            long = [seconds(one) for one in given if (one.agent_id, one.source_workspace_id) == (agent_id, TEAM)]
            if long or agent_id in owners:
                people.append(Person(agent_id, len(long), nth(long, 0.5), owners.count(agent_id)))
        elsewhere = sum(one.agent_id is None for one in given)
        answers, carried = sum(one.answers for one in people), sum(one.carried for one in people)
        return Team(tuple(people), answers, carried, elsewhere=elsewhere) if people or elsewhere else None

    def clocks(self) -> Clocks | None:
        """Return what the section should."""
        mine = [one for one in self.lived.clocks if self.meant(self.of_id[one.shop_id, one.ticket_id])]
        met = [one for one in mine if one.state is ClockState.MET and self.inside(one.met_at)]
        late = [one for one in mine if self.inside(one.breached_at)]
        late += [one for one in mine if one.state is ClockState.RUNNING and self.inside(one.due_at)]
        end = self.window.end
        runs = [one for one in mine if one.running_since and one.due_at and one.due_at >= end > one.started_at]
        kept = {
            metric.value: Kept(sum(one.metric is metric for one in met), sum(one.metric is metric for one in late))
            for metric in Metric
            if any(one.metric is metric for one in (*met, *late))
        }
        worst: dict[str, Broken] = {}
        for one in late:
            assert one.due_at is not None
            over = to_milliseconds(min(one.ended_at or end, end)) - to_milliseconds(one.due_at)
            found = Broken(one.shop_id, one.ticket_id, one.metric.value, over)
            worst[one.ticket_id] = min(
                worst.get(one.ticket_id, found), found, key=lambda each: (-each.over, each.metric)
            )
        ordered = sorted(worst.values(), key=lambda each: (-each.over, each.ticket_id))
        return Clocks(kept, len(runs), tuple(ordered[:5])) if kept or runs else None

    def waiting(self) -> Waiting | None:
        """Return what the section should."""
        waits = [
            one
            for one in self.lived.tickets
            if self.meant(one) and one.state is TicketState.OPEN and one.waiting_since and not one.snoozed_until
        ]
        ordered = sorted(waits, key=lambda one: (one.waiting_since or UNKNOWN, one.id))
        oldest = tuple(Waits(one.shop_id, one.id, to_milliseconds(one.waiting_since or UNKNOWN)) for one in ordered)
        earlier = sum((one.waiting_since or UNKNOWN) < self.window.end for one in waits)
        return Waiting(len(waits), earlier, sum(one.assignee_id is None for one in waits), oldest) if waits else None


UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def took(answer: Message) -> int:
    """How long an answer took, as it is told."""
    assert answer.sent_at is not None
    assert answer.answers_since is not None
    length = answer.sent_at - answer.answers_since
    grain = timedelta(seconds=1) if length <= timedelta(hours=1) else timedelta(minutes=1)
    return int(-(-length // grain) * grain / timedelta(milliseconds=1))


def seconds(answer: Message) -> int:
    """How long an answer took, in whole seconds that had passed, as milliseconds."""
    assert answer.sent_at is not None
    assert answer.answers_since is not None
    return (answer.sent_at - answer.answers_since) // timedelta(seconds=1) * 1000


def nth(lengths: Sequence[int], share: float) -> int | None:
    """The smallest length that at least this share of all does not exceed."""
    return next((one for one in sorted(lengths) if sum(each <= one for each in lengths) >= share * len(lengths)), None)


def speed(lengths: Sequence[int]) -> Speed:
    """How soon some answers came."""
    five, fifteen, sixty = (sum(one <= limit for one in lengths) for limit in LIMITS)
    return Speed(len(lengths), nth(lengths, 0.5), nth(lengths, 0.9), (five, fifteen, sixty))


@given(some.integers(0, 2**32), some.sampled_from(CHANGES), some.sampled_from(SCOPES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_number_is_what_a_slow_recount_finds(engine: Engine, seed: int, window: Window, scope: Scope) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        tx, lived = Transaction(connection), Lived(Random(seed), window)  # noqa: S311 - not for secrets
        lived.insert(tx)
        by_hand = ByHand(lived, scope)
        assert volume.SECTION.count(tx, scope, window) == by_hand.volume()
        assert responses.SECTION.count(tx, scope, window) == by_hand.responses()
        assert team.SECTION.count(tx, scope, window) == by_hand.team()
        assert clocks.SECTION.count(tx, scope, window) == by_hand.clocks()
        assert waiting.SECTION.count(tx, scope, window) == by_hand.waiting()
        transaction.rollback()


def test_windows_of_days_meet_without_hole_or_overlap_where_clocks_change() -> None:
    for window in CHANGES:
        days = list(window.days())
        assert [day.start for day in days[1:]] == [day.end for day in days[:-1]]
        assert all(midnight(day.date, window.zone) == day.start for day in days[1:])
