"""Counting with nothing but loops, one row after the other."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from msgspec.structs import replace

from chatops.digest.scope import ONE_DAY, Scope, Window, midnight
from chatops.digest.sections.asked import Asked
from chatops.digest.sections.audit import Asker, Audit
from chatops.digest.sections.clocks import Broken, Clocks, Kept
from chatops.digest.sections.pages import Pages
from chatops.digest.sections.platform import Market, Platform
from chatops.digest.sections.policy import Policy
from chatops.digest.sections.responses import LIMITS, Responses, Speed
from chatops.digest.sections.targets import Aimed, Targets, Value
from chatops.digest.sections.team import Person, Team
from chatops.digest.sections.volume import Split, Volume
from chatops.digest.sections.waiting import Waiting, Waits
from chatops.digest.topics import Topic
from chatops.model.history import History
from chatops.model.message import CONTEXT_KINDS, Author, Message
from chatops.model.page import NoticeState
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.times import MILLISECOND, to_milliseconds
from tests.digest.lived import SHOPS, TEAM, Lived

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
KNOWN = 2020  # from when on it is known what TikTok asks


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

    def listed(self, shop_id: str, ticket_id: str) -> bool:
        """Whether a list names a ticket."""
        its = (one for one in self.lived.threads if (one.shop_id, one.ticket_id) == (shop_id, ticket_id))
        return not self.scope.in_part or any(one.workspace_id == TEAM for one in its)

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

    def audit(self) -> Audit | None:
        """Return what the section should."""
        waits: dict[tuple[str, str], tuple[list[datetime], list[datetime]]] = {}
        for one in self.lived.messages:
            of = one.shop_id, one.ticket_id or ""
            if one.answers_since and one.sent_at and self.inside(one.answers_since) and self.meant(self.of_id.get(of)):
                began, ended = waits.setdefault(of, ([], []))
                began.append(one.answers_since)
                ended.append(one.sent_at)
        found = {of: (min(began), min(ended)) for of, (began, ended) in waits.items()}
        askers = [Asker(to_milliseconds(at), *of, (end - at) // MILLISECOND) for of, (at, end) in found.items()]
        for ticket in self.lived.tickets:
            at, of = ticket.waiting_since, (ticket.shop_id, ticket.id)
            if at and self.inside(at) and self.meant(ticket) and (of not in found or at < found[of][0]):
                askers = [one for one in askers if (one.shop_id, one.ticket_id) != of]
                askers.append(Asker(to_milliseconds(at), *of))
        took = [one.took for one in askers if one.took is not None]
        still = [one for one in askers if one.took is None]
        long = [one for one in still if to_milliseconds(self.window.end) - one.since > 600_000]
        over = len([one for one in took if one > 600_000]) + len(long)
        askers.sort(key=lambda one: (one.since, one.shop_id, one.ticket_id))
        counts = len(askers), len(still), nth(took, 0.5), over, len(took) + len(long)
        return Audit(*counts, tuple(askers[:10])) if askers else None

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
        for one in [one for one in late if self.listed(one.shop_id, one.ticket_id)]:
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
        oldest = tuple(
            Waits(one.shop_id, one.id, to_milliseconds(one.waiting_since or UNKNOWN))
            for one in ordered
            if self.listed(one.shop_id, one.id)
        )
        earlier = sum((one.waiting_since or UNKNOWN) < self.window.end for one in waits)
        return Waiting(len(waits), earlier, sum(one.assignee_id is None for one in waits), oldest) if waits else None

    def targets(self) -> Targets | None:
        """Return what the section should."""
        zone, end = self.window.zone, self.window.end
        last = (end - MILLISECOND).astimezone(zone).date()
        days = [last - back * ONE_DAY for back in range(13, -1, -1)]
        days = [day for day in days if midnight(day, zone) < midnight(day + ONE_DAY, zone)]
        spans = [Window(midnight(day, zone), min(midnight(day + ONE_DAY, zone), end), zone) for day in days]
        line, values = [self._aims(one) for one in spans], self._aims(self.window)
        limits = zip(("first_answer", "effective", "replied"), (300_000, 0.95, 1.0), strict=True)
        lights = tuple(
            Aimed(figure, "", limit, values[at], tuple(day[at] for day in line))
            for at, (figure, limit) in enumerate(limits)
            if end.year >= KNOWN and any(one[at].of for one in (values, *line))
        )
        told = tuple(day.isoformat() for day in days)
        return Targets(lights, told) if any(one.value.of for one in lights) else None

    def _aims(self, span: Window) -> tuple[Value, Value, Value]:
        """Return the figures of a span: the first answers, those in TikTok's time, those that came at all."""
        kept, late, unanswered = 0, 0, 0
        firsts: list[int] = []
        answers = [
            one
            for one in self.lived.messages
            if one.answers_since and self.meant(self.of_id.get((one.shop_id, one.ticket_id or "")))
        ]
        given = [one for one in answers if one.sent_at and span.start <= one.sent_at < span.end]
        waits = [(one.shop_id, one.answers_since, one.sent_at) for one in answers]
        waits += [
            (one.shop_id, one.waiting_since, None)
            for one in self.lived.tickets
            if one.waiting_since and self.meant(one) and one.state is TicketState.OPEN
        ]
        waits += [
            (one.shop_id, one.since, None)
            for one in self.lived.let_go
            if one.until >= self.window.end and self.meant(self.of_id[one.shop_id, one.ticket_id])
        ]
        for shop_id, since, sent in waits:
            assert since is not None
            over = since + timedelta(hours=12 if SHOPS[shop_id] == "TH" and self.window.end.year >= KNOWN else 24)
            is_late = sent is None or sent > over
            kept += bool(sent and not is_late and span.start <= sent < span.end)
            late += is_late and span.start <= over < span.end
            unanswered += is_late and span.start <= over < span.end and (sent is None or sent >= self.window.end)
        firsts = [length(one) for one in given if one.first_answer]
        return Value(sum(firsts), len(firsts)), Value(kept, kept + late), Value(len(given), len(given) + unanswered)

    def platform(self) -> Platform | None:
        """Return what the section should."""
        clocks = [
            one
            for one in self.lived.clocks
            if one.metric is Metric.PLATFORM_RESPONSE and self.meant(self.of_id[one.shop_id, one.ticket_id])
        ]
        kept = Counter(SHOPS[one.shop_id] for one in clocks if one.state is ClockState.MET and self.inside(one.met_at))
        broken = Counter(
            SHOPS[one.shop_id]
            for one in clocks
            if self.inside(one.breached_at) or (one.state is ClockState.RUNNING and self.inside(one.due_at))
        )
        decided = sorted({*kept, *broken})
        markets = {one: Market(kept=kept[one], broken=broken[one], alike=False) for one in decided}  # TikTok is silent
        return Platform(markets, len(list(self.window.days()))) if markets else None

    def pages(self) -> Pages | None:
        """Return what the section should."""
        ours = [
            one
            for one in self.lived.pages
            if one.workspace_id == TEAM and self.meant(self.of_id[one.shop_id, one.ticket_id])
        ]
        began = [one for one in ours if self.inside(one.opened_at)]
        unheard = [
            one
            for one in began
            if all(at is None or at >= self.window.end for at in (one.acknowledged_at, one.ended_at))
        ]
        waits = sorted(
            (one.acknowledged_at - one.opened_at) // MILLISECOND
            for one in ours
            if one.acknowledged_at and self.inside(one.acknowledged_at)
        )
        keys = {one.key for one in ours}
        told = [one for one in self.lived.notices if one.state is NoticeState.TOLD]
        calls = [one for one in told if self.inside(one.called_at) and one.page in keys]
        found = Pages(len(began), len(unheard), len(calls), tuple(waits))
        return found if began or waits or calls else None

    def team(self) -> Team | None:
        """Return what the section should."""
        whose = self.scope.agent_id
        given = [
            one
            for one in self.lived.messages
            if one.answers_since and self.inside(one.sent_at) and one.shop_id in self.shops
            if not self.scope.teams or self.of_id[one.shop_id, one.ticket_id or ""].team in self.scope.teams
            if not whose or one.agent_id == whose
        ]
        carried = Counter(
            one.assignee_id or ""
            for one in self.lived.tickets
            if self.meant(one) and one.state is TicketState.OPEN and one.assignee_workspace_id == TEAM
        )
        by: dict[str, list[int]] = {one: [] for one in carried if one}
        for one in given:
            if one.agent_id and one.source_workspace_id == TEAM:
                by.setdefault(one.agent_id, []).append(took(one))
        people = [Person(one, len(by[one]), nth(by[one], 0.5), carried[one]) for one in sorted(by)]
        macros = Counter(
            line.facts["macro_id"]
            for line in self._told(replace(self.scope, agent_id=""))
            if line.what == "macro" and (not whose or (line.workspace_id, line.agent_id) == (TEAM, whose))
        )
        elsewhere = sum(one.agent_id is None for one in given)
        handled = [
            -(-(end.at - one.opened_at) // timedelta(minutes=1)) * 60_000
            for one in self.lived.tickets
            if self.meant(one) and (end := self._end(one)) and end.what == "resolved" and self.inside(end.at)
        ]
        if not people and not elsewhere and not macros and not handled:
            return None
        return Team(
            people=tuple(people),
            answers=sum(one.answers for one in people),
            carried=sum(one.carried or 0 for one in people),
            used=macros.total(),
            elsewhere=elsewhere,
            handled=len(handled),
            handled_median=nth(handled, 0.5),
            macros=dict(macros),
        )

    def _end(self, ticket: Ticket) -> History | None:
        """What had happened last by the window's end of what resolves a ticket, opens it again or merges it."""
        ended = [one for one in self.lived.ends if one.ticket_id == ticket.id and one.at < self.window.end]
        return ended[-1] if ended else None

    def asked(self) -> Asked | None:
        """Return what the section should."""
        ours = [one for one in self.lived.tickets if self.meant(one)]
        opened = [one for one in ours if self.inside(one.opened_at)]
        spans = list(self._before())
        earlier = [one for one in ours if any(span.start <= one.opened_at < span.end for span in spans)]
        there = [one.opened_at for one in self.lived.tickets if one.shop_id in self.shops]
        known = bool(earlier) and any(at < spans[-1].end for at in there)
        tags = _topics([one.tags for one in opened], [one.tags for one in earlier])
        levels = _topics([[one.level or ""] for one in opened], [[one.level or ""] for one in earlier])
        often = [one for one in tags if known and one.count >= 5 and one.count >= 3 * one.before / 4]
        often.sort(key=lambda one: (one.before / one.count, -one.count, one.name))
        before = len(earlier) if known else 0
        return Asked(len(opened), before, tuple(tags), tuple(levels), unusual=tuple(often)) if opened else None

    def _before(self) -> Iterator[Window]:
        """The four stretches before, the last one first: as many local days before, from and until the same times."""
        zone, begins = self.window.zone, self.window.start
        long = len(list(self.window.days())) * ONE_DAY
        for back in range(1, 5):
            start, end = (self._shown(at, back * long) for at in (self.window.start, self.window.end))
            yield Window(start, min(end, begins), zone)
            begins = start

    def _shown(self, at: datetime, before: timedelta) -> datetime:
        """When the clock first showed so many days before what it shows at an instant, or later.

        A day that begins at one o'clock, since midnight is skipped, stands beside those from midnight on.
        """
        wanted, found = at.astimezone(self.window.zone).replace(tzinfo=None) - before, at - before - ONE_DAY
        if (at - MILLISECOND).astimezone(self.window.zone).date() < at.astimezone(self.window.zone).date():
            wanted = wanted.replace(hour=0, minute=0)
        while found.astimezone(self.window.zone).replace(tzinfo=None) < wanted:
            found += timedelta(minutes=15)
        return found

    def policy(self) -> Policy | None:
        """Return what the section should."""
        told = self._told(self.scope)
        stopped = [line for line in told if line.what == "lint"]
        sent = [line for line in told if line.what == "sent_anyway" and line.facts["why"] in ("lint", "lint_block")]
        about = Counter(chain.from_iterable(line.facts["about"].split() for line in stopped))
        return Policy(len(stopped), len(sent), dict(about)) if stopped or sent else None

    def _told(self, scope: Scope) -> list[History]:
        whole = ByHand(self.lived, scope)
        return [
            one
            for one in self.lived.history
            if self.inside(one.at) and whole.meant(self.of_id[one.shop_id, one.ticket_id])
        ]


def _topics(now: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> list[Topic]:
    counts, usual = Counter(chain.from_iterable(now)), Counter(chain.from_iterable(before))
    return sorted((Topic(one, counts[one], usual[one]) for one in counts), key=lambda one: (-one.count, one.name))


def length(answer: Message) -> int:
    """How long an answer took, to the millisecond."""
    assert answer.sent_at is not None
    assert answer.answers_since is not None
    return (answer.sent_at - answer.answers_since) // MILLISECOND


def took(answer: Message) -> int:
    """How long an answer took, as it is told."""
    assert answer.sent_at is not None
    assert answer.answers_since is not None
    length = answer.sent_at - answer.answers_since
    grain = timedelta(seconds=1) if length <= timedelta(hours=1) else timedelta(minutes=1)
    return int(-(-length // grain) * grain / timedelta(milliseconds=1))


def nth(lengths: Sequence[int], share: float) -> int | None:
    """The smallest length that at least this share of all does not exceed."""
    return next((one for one in sorted(lengths) if sum(each <= one for each in lengths) >= share * len(lengths)), None)


def speed(lengths: Sequence[int]) -> Speed:
    """How soon some answers came."""
    five, fifteen, sixty = (sum(one <= limit for one in lengths) for limit in LIMITS)
    return Speed(len(lengths), nth(lengths, 0.5), nth(lengths, 0.9), (five, fifteen, sixty))
