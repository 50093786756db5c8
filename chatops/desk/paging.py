"""Pages: somebody is called, then others, until somebody has it. Whoever answers and whatever is due meet at its row.

Every function locks the page before it looks, so an acknowledgement and a timer never both win. Tickets and clocks are
locked before pages, lanes after them. What a page does is decided in `rules.escalation`; here it is written down.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy import BigInteger, type_coerce, update
from sqlmodel import col

from chatops import outbox, outbox_oncall
from chatops.desk import calling, outlets, profiles
from chatops.desk.crews import Crews
from chatops.desk.sweeping import Sweeper
from chatops.model import definition as definitions
from chatops.model import page as pages
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.inbox import Inbox, InboxState
from chatops.model.outlet import Turn
from chatops.model.page import UNANSWERED, How, NoticeState, Page, PageNotice, Summons, Why
from chatops.model.ticket import Ticket
from chatops.outbox import Told
from chatops.rules import escalation as rules
from chatops.rules.escalation import Cause, Climb, Crew, Escalation, Ladder, Moved, PageState, Way, Whom
from chatops.rules.targets import Urgency
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds, to_milliseconds

AT_ONCE = 50  # pages, or people to ring up, that one transaction sees to
Move = Callable[[Ladder, Climb, int, Crew], Moved]


def summon(
    tx: Transaction,
    ticket: Ticket,
    escalation: str,
    why: Why,
    urgency: Urgency,
    now: datetime,
    due_at: datetime | None = None,
    agent: Agent | None = None,
    words: str = "",
) -> bool:
    """Call the people of an escalation about a ticket; what joins a page that is open calls them again if it is graver,
    or if nobody has answered the call.

    `due_at`: when the promise is (or was) broken. `agent`: who asked for it, and in which `words`. False: there is no
    such escalation, so nobody is called.
    """
    page = pages.lock_open(tx, ticket.shop_id, ticket.id)
    if page is not None:
        if agent is not None:
            tx.update(page, words=words, asked_by=agent.id if agent.workspace_id == page.workspace_id else "")
        _join(tx, page, why, urgency, due_at, now)
        return True
    found = definitions.newest(tx, DefinitionKind.ESCALATION, escalation) if escalation else None
    workspace = workspaces.named(tx, found.read(Escalation).workspace) if found and not found.removed else None
    if found is None or workspace is None:
        return False
    page = Page(
        shop_id=ticket.shop_id,
        ticket_id=ticket.id,
        number=pages.count_of(tx, ticket.shop_id, ticket.id) + 1,
        workspace_id=workspace.id,
        escalation=escalation,
        revision=found.revision,
        why=why,
        urgency=urgency,
        words=words,
        asked_by=agent.id if agent else "",
        due_at=due_at,
        opened_at=now,
        loop_began_at=now,
        ends_at=now,
    )
    if not tx.insert_ignore(page):  # another replica opened one just now
        return summon(tx, ticket, escalation, why, urgency, now, due_at, agent, words)
    _move(tx, page, lambda plan, _, at, crew: rules.begun(plan, at, crew), now)
    return True


def _join(tx: Transaction, page: Page, why: Why, urgency: Urgency, due_at: datetime | None, now: datetime) -> None:
    was = page.why, page.urgency
    becomes = max(page.why, why, key=list(Why).index), max(page.urgency, urgency, key=list(Urgency).index)
    soonest = min((at for at in (page.due_at, due_at) if at is not None), default=None)
    tx.update(page, why=becomes[0], urgency=becomes[1], due_at=soonest)
    calling.note(tx, page, "joined", now, why=why.value)
    asked = why is Why.ASKED
    if asked or becomes != was or page.state is PageState.EXHAUSTED:
        broken = None if asked or due_at is None or becomes[1] != was[1] else to_milliseconds(due_at)
        _move(tx, page, partial(rules.risen, asked=asked, since=broken), now, tries_all=asked)
    calling.show(tx, page, now)


def acknowledged_outside(tx: Transaction, key: str, name: str, now: datetime, event_id: str = "") -> bool:
    """Let a page be somebody's who answered where it was sent beside the chat; False: it is over, or was never ours.

    `event_id`: by which it is known there that they did; heard again, it is no answer to a call that came after.
    """
    shop_id, _, rest = key.partition("/")
    page = pages.lock_open(tx, shop_id, rest.rpartition("/")[0])
    if page is None or page.key != key:
        return False
    if not _first_time(tx, page, event_id, now) or page.state not in UNANSWERED:
        return False
    _acknowledged(tx, page, "", now, How.OUTSIDE, None, name)
    outlets.tell(tx, page, Turn.ACKNOWLEDGE, now)
    return True


def _first_time(tx: Transaction, page: Page, event_id: str, now: datetime) -> bool:
    """Keep the receipt of what was done outside; without an id it counts as new."""
    receipt = Inbox(
        source="outlets",
        external_id=event_id,
        scope=page.workspace_id,
        received_at=now,
        state=InboxState.DONE,
        kind="acknowledged",
    )
    return not event_id or tx.insert_ignore(receipt)


def acknowledged(
    tx: Transaction, ticket: Ticket, agent: Agent, now: datetime, how: How, lasts: timedelta | None = None
) -> bool:
    """Let somebody have a ticket's page, for as long as its escalation says or it `lasts`; False: there is none."""
    page = pages.lock_open(tx, ticket.shop_id, ticket.id)
    if page is None:
        return False
    near = agent.workspace_id == page.workspace_id  # ids mean something in their own workspace only
    _acknowledged(tx, page, agent.id if near else "", now, how, lasts, "" if near else agent.name)
    outlets.tell(tx, page, Turn.ACKNOWLEDGE, now)
    return True


def disowned(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> None:
    """Let the pages call others at once that somebody has, or is called for, who may not answer, or is gone."""
    theirs = col(Page.workspace_id) == workspace_id, col(Page.acknowledged_by) == agent_id
    has = col(Page.state) == PageState.ACKNOWLEDGED, col(Page.next_at).is_not(None)  # the latter finds them quickly
    tx.execute(update(Page).where(*theirs, *has).values(ends_at=now, next_at=now, passed=False))
    unrung = update(PageNotice).filter_by(workspace_id=workspace_id, agent_id=agent_id, state=NoticeState.WAITING)
    tx.execute(unrung.values(state=NoticeState.SPARED))
    person = f"{Way.AGENT} {agent_id}"
    for found in pages.calling(tx, workspace_id):
        page = pages.lock_open(tx, found.shop_id, found.ticket_id) if person in found.called else None
        if page is not None:
            _move(tx, page, partial(_left, person), now)
    tx.ring()


def _acknowledged(
    tx: Transaction, page: Page, agent_id: str, now: datetime, how: How, lasts: timedelta | None, name: str = ""
) -> None:
    before = page.state, page.acknowledged_by
    length = None if lasts is None else lasts // timedelta(milliseconds=1)
    again = f"{Way.AGENT} {agent_id}" if agent_id and how is How.SNOOZED else ""
    climb = rules.acknowledged(_ladder(tx, page), _climb(page), to_milliseconds(now), length, again)
    _keep(tx, page, climb)
    tx.update(page, acknowledged_at=now, acknowledged_by=agent_id, how=how)
    who = (f"{Way.AGENT} {agent_id}",) if agent_id else ()
    calling.note(tx, page, "acknowledged", now, *who, how=how.value)
    if before != (page.state, agent_id):
        calling.tell(tx, page, Told.PAGE_TAKEN, {"agent_id": agent_id, "name": name, "how": how.value}, now)
    calling.spare(tx, page, now)


def passed(tx: Transaction, ticket: Ticket, agent: Agent, whom: str, now: datetime) -> bool:
    """Call somebody else ("agent U1", "team NAME") in place of those who were; False: none of theirs was called."""
    page = pages.lock_open(tx, ticket.shop_id, ticket.id)
    if page is None or page.workspace_id != agent.workspace_id:
        return False
    calling.note(tx, page, "passed_by", now, f"{Way.AGENT} {agent.id}")
    calling.spare(tx, page, now)
    _move(tx, page, lambda plan, climb, at, _: rules.passed(plan, climb, at, whom), now)
    return True


def settle(tx: Transaction, ticket: Ticket, reason: str, now: datetime) -> None:
    """End the page of a ticket, if it has one: nobody has to come any more. `reason` is a code."""
    page = pages.lock_open(tx, ticket.shop_id, ticket.id)
    if page is None:
        return
    tx.update(page, state=PageState.OVER, next_at=None, ended_at=now, end_reason=reason)
    calling.note(tx, page, "over", now, reason=reason)
    calling.spare(tx, page, now)
    outlets.tell(tx, page, Turn.END, now)  # whoever is rung up meanwhile, elsewhere, is known only now


def answered(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """End a page that somebody asked for once the buyer has an answer; what a promise called for, it ends itself."""
    page = pages.open_page(tx, ticket.shop_id, ticket.id)
    if page is not None and page.why is Why.ASKED:
        settle(tx, ticket, "answered", now)


def crew_changed(tx: Transaction, now: datetime) -> None:
    """Let every page that calls somebody look again who is on call: that has changed out of turn."""
    calls = col(Page.state) == PageState.CALLING, col(Page.next_at).is_not(None)  # the latter finds them quickly
    tx.execute(update(Page).where(*calls).values(changes_at=now, next_at=now))
    tx.ring()


def shift_begun(tx: Transaction, workspace_id: str, rotation: str, now: datetime) -> None:
    """Let pages that everybody heard and nobody answered begin anew, if they call whoever comes on call just now."""
    for found in pages.calling(tx, workspace_id):
        page = pages.lock_open(tx, found.shop_id, found.ticket_id) if found.state is PageState.EXHAUSTED else None
        if page is None or page.state is not PageState.EXHAUSTED:
            continue
        if any(Whom(Way.ROTATION, rotation) in rung.notify for rung in _ladder(tx, page).rungs):
            _move(tx, page, rules.risen, now)


def _climb_on(tx: Transaction, due: Sequence[Page], now: datetime) -> int:
    """Let pages go on whose time has come; return how many."""
    for page in due:
        _move(tx, page, rules.act, now)
    return len(due)


def _ring(tx: Transaction, waited: Sequence[PageNotice], now: datetime) -> int:
    """Ring up whom it is time for; return how many calls that are."""
    whose = sorted(waited, key=lambda one: (one.workspace_id, one.agent_id))
    for (workspace_id, agent_id), found in groupby(whose, key=lambda one: (one.workspace_id, one.agent_id)):
        number, ring_at = calling.place(tx, workspace_id, agent_id, now)
        state = NoticeState.RINGING if ring_at <= now else NoticeState.WAITING
        shown = {number}
        for notice in found:  # each leaves the message that it stood in so far
            shown |= {notice.summons} if notice.summons else set()
            tx.update(notice, summons=number, ring_at=ring_at, state=state)
            if state is NoticeState.RINGING:
                calling.ring_besides(tx, notice, now)
        for each in sorted(shown):
            outbox_oncall.summon(tx, workspace_id, agent_id, each, now)
    return len(waited)


def clock_set_back(tx: Transaction, by: timedelta) -> None:
    """Let nobody be called later by as much as the clock was set back; only where one process works.

    What waits for somebody's quiet hours to end still waits for that.
    """
    length = by // MILLISECOND
    names = ("loop_began_at", "ends_at", "next_at")
    waits = {name: type_coerce(col(getattr(Page, name)), BigInteger) - length for name in names}
    tx.execute(update(Page).where(col(Page.next_at).is_not(None)).values(waits))
    bundled = col(PageNotice.state) == NoticeState.WAITING, col(PageNotice.summons).is_not(None)
    sooner = type_coerce(col(PageNotice.ring_at), BigInteger) - length
    tx.execute(update(PageNotice).where(*bundled).values(ring_at=sooner))
    tx.ring()


def _put_off(tx: Transaction, page: Page, until: datetime) -> str:
    """Let a page wait that cannot go on; return which that is."""
    tx.update(page, next_at=until)
    return f"page {page.key}"


def _ring_later(tx: Transaction, notice: PageNotice, until: datetime) -> str:
    """Let somebody wait who cannot be rung up; return what for."""
    tx.update(notice, ring_at=until)
    return f"call of {notice.agent_id} for {notice.shop_id}/{notice.ticket_id}/{notice.number}"


climb_due = Sweeper(pages.due, _climb_on, _put_off, AT_ONCE)
ring_due = Sweeper(pages.to_ring, _ring, _ring_later, AT_ONCE)


def told(
    tx: Transaction, one: Summons, shown: Collection[str], channel_id: str, message_id: str, now: datetime
) -> None:
    """Remember which direct message rang somebody up for the pages (by their keys) it showed; the rest rings later."""
    tx.update(one, channel_id=channel_id, message_id=message_id)
    profiles.reached(tx, one.workspace_id, one.agent_id, channel_id)
    outbox_oncall.summons_stands(tx, one)
    for notice in pages.in_summons(tx, one.workspace_id, one.agent_id, one.number):
        if notice.page in shown and notice.state in (NoticeState.RINGING, NoticeState.SPARED):
            tx.update(notice, state=NoticeState.TOLD, told_at=now)
    rings_later(tx, one, now)


def rings_later(tx: Transaction, one: Summons, now: datetime) -> None:
    """Let what joined a direct message too late to ring with it do so by the next one: a change rings nobody up."""
    whose = col(PageNotice.workspace_id) == one.workspace_id, col(PageNotice.agent_id) == one.agent_id
    late = col(PageNotice.summons) == one.number, col(PageNotice.state) == NoticeState.RINGING
    later = from_milliseconds(rules.rings_at(to_milliseconds(one.rung_at), to_milliseconds(now)))
    tx.execute(update(PageNotice).where(*whose, *late).values(state=NoticeState.WAITING, ring_at=later))


def unreachable(tx: Transaction, workspace_id: str, agent_id: str, number: int, code: str, now: datetime) -> None:
    """Go on at once with every page that called somebody whom no direct message reaches, and say so in its threads."""
    person = f"{Way.AGENT} {agent_id}"
    outbox.learn_agent(tx, workspace_id, agent_id, now)  # they may have left
    for notice in pages.in_summons(tx, workspace_id, agent_id, number):
        page = pages.lock_open(tx, notice.shop_id, notice.ticket_id)
        if page is None or page.number != notice.number or not _refused(tx, notice):
            continue
        calling.note(tx, page, "unreachable", now, person, code=code)
        calling.tell(tx, page, Told.PAGE_REFUSED, {"agent_id": agent_id}, now)
        _move(tx, page, partial(_without, person), now)


def _refused(tx: Transaction, notice: PageNotice) -> bool:
    """Write down that a call did not reach somebody, if it was still on its way."""
    key = {name: getattr(notice, name) for name in ("shop_id", "ticket_id", "number", "call", "agent_id")}
    ringing = update(PageNotice).filter_by(**key, state=NoticeState.RINGING)
    return bool(tx.execute(ringing.values(state=NoticeState.REFUSED)).rowcount)


def _without(person: str, plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    return rules.unreachable(plan, climb, now, person, crew)


def _left(person: str, plan: Ladder, climb: Climb, now: int, crew: Crew) -> Moved:
    return rules.left(plan, climb, now, person, crew)


def _move(tx: Transaction, page: Page, move: Move, now: datetime, *, tries_all: bool = False) -> None:
    """Let a page that is held climb by a rule, and carry out what the rule asks for.

    `tries_all`: also those whom no message reached a moment ago.
    """
    plan, before = _ladder(tx, page), _climb(page)
    present = None if tries_all or page.step == len(plan.rungs) else plan.rungs[page.step]
    crews = Crews(tx, page, present)
    climb, calls = move(plan, before, to_milliseconds(now), crews)
    _keep(tx, page, climb)
    gone = {*before.called} - {*climb.called}
    if gone and to_milliseconds(now) < before.ends_at:  # not because their time was over
        calling.ring_no_more(tx, page, gone)
    for call in calls:
        calling.note(tx, page, call.cause.value, now, *call.people, at=(call.loop, call.step))
        if call.people:
            calling.call(tx, page, call, crews, now)
        elif call.cause in (Cause.FALLBACK, Cause.EXHAUSTED):
            calling.cry_out(tx, page, call, now)


def _climb(page: Page) -> Climb:
    return Climb(
        state=page.state,
        step=page.step,
        loop=page.loop,
        loop_began=to_milliseconds(page.loop_began_at),
        reached=page.reached,
        called=tuple(page.called),
        ends_at=to_milliseconds(page.ends_at),
        changes_at=None if page.changes_at is None else to_milliseconds(page.changes_at),
        passed=page.passed,
    )


def _keep(tx: Transaction, page: Page, climb: Climb) -> None:
    def instant(at: int | None) -> datetime | None:
        return None if at is None else from_milliseconds(at)

    tx.update(
        page,
        state=climb.state,
        step=climb.step,
        loop=climb.loop,
        loop_began_at=from_milliseconds(climb.loop_began),
        reached=climb.reached,
        called=list(climb.called),
        ends_at=from_milliseconds(climb.ends_at),
        changes_at=instant(climb.changes_at),
        passed=climb.passed,
        next_at=instant(climb.next_at),
    )


def _ladder(tx: Transaction, page: Page) -> Ladder:
    return rules.ladder(calling.escalation_of(tx, page))
