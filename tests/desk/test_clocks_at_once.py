"""Clocks that are due while others answer, on two writers of PostgreSQL and the one of SQLite."""

import asyncio
from datetime import timedelta

from sqlmodel import select

from chatops.desk import alarms, auditing, definitions, intake, paging, recounting
from chatops.desk.definitions import Defined
from chatops.model import page
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.clock import AlarmRaised, Clock
from chatops.model.definition import DefinitionKind
from chatops.model.facts import SenderRole
from chatops.model.page import How, NoticeState, Page, PageNotice, Why
from chatops.model.ticket import Ticket
from chatops.rules.clock import ClockState
from chatops.rules.escalation import Escalation, PageState, Step
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.store import Store, Transaction
from tests.desk.scenes import NOON, SHOP, TEAM, heard_from

BUYERS = 30
LATER = NOON + timedelta(minutes=5, seconds=1)
LEVEL = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m", warn=("1m left",)),), escalation="front")


def promise(tx: Transaction) -> None:
    """Promise an answer within five minutes."""
    crew = Escalation("team", (Step(("agent noor",)),))
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", crew), None, NOON)
    definitions.define(tx, Defined(DefinitionKind.SERVICE_LEVEL, "all", LEVEL), None, NOON)


def proved(tx: Transaction) -> int:
    """Return how many clocks stand otherwise than recorded."""
    return sum(len(auditing.rebuild(tx, ticket, LATER, keep=False)) for ticket in tx.all(Ticket, select(Ticket)))


async def test_each_alarm_speaks_once_whoever_answers_meanwhile(busy: Store) -> None:
    await busy.write(promise)
    asked = [heard_from(SenderRole.BUYER, "Where?", number, f"c{number}", NOON) for number in range(BUYERS)]
    for message in asked:
        await busy.write(intake.message_arrived, SHOP, NOON, message)
    await busy.write(recounting.move_due, NOON)

    in_time, late = NOON + timedelta(minutes=4, seconds=30), LATER
    answers = [
        heard_from(SenderRole.CUSTOMER_SERVICE, "Here", 100 + number, f"c{number}", in_time if number % 2 else late)
        for number in range(0, BUYERS, 3)
    ]
    await asyncio.gather(
        *(busy.write(sweeper, LATER) for sweeper in (alarms.raise_due, paging.climb_due) for _ in range(8)),
        *(busy.write(intake.message_arrived, SHOP, LATER, answer) for answer in answers),
        *(busy.write(alarms.raise_due, LATER) for _ in range(4)),
    )
    while await busy.write(alarms.raise_due, LATER):
        pass

    raised = await busy.read(lambda tx: tx.all(AlarmRaised, select(AlarmRaised)))
    assert len({(one.ticket_id, one.alarm) for one in raised}) == len(raised)
    rows = {one.ticket_id: one for one in await busy.read(lambda tx: tx.all(Clock, select(Clock)))}
    for number in range(BUYERS):
        answered_in_time = number % 2 == 1
        expected = {True: ClockState.MET if answered_in_time else ClockState.MET_LATE, False: ClockState.BREACHED}
        assert rows[f"c{number}.1"].state is expected[number % 3 == 0]
        assert rows[f"c{number}.1"].next_alarm_at is None
    assert await busy.write(proved) == 0
    pages = await busy.read(lambda tx: tx.all(Page, select(Page)))
    assert len({one.ticket_id for one in pages}) == len(pages), "one page for a ticket"
    calling = {one.ticket_id for one in pages if one.ended_at is None}
    assert calling == {f"c{number}.1" for number in range(BUYERS) if number % 3}


async def test_a_page_that_somebody_takes_as_its_time_comes_calls_nobody_after_that(busy: Store) -> None:
    await busy.write(promise)
    for number in range(BUYERS):
        asked = heard_from(SenderRole.BUYER, "Where?", number, f"c{number}", NOON)
        await busy.write(intake.message_arrived, SHOP, NOON, asked)

    def call(tx: Transaction) -> None:
        for ticket in tx.all(Ticket, select(Ticket)):
            assert paging.summon(tx, ticket, "front", Why.ASKED, Urgency.PAGE, NOON)

    def take(tx: Transaction, number: int) -> None:
        ticket = tickets.lock(tx, SHOP, f"c{number}.1")
        assert ticket is not None
        assert paging.acknowledged(tx, ticket, Agent(workspace_id=TEAM, id="li"), LATER, How.TAKEN)

    await busy.write(call)
    takes = [busy.write(take, number) for number in range(BUYERS)]
    acts = [busy.write(paging.climb_due, LATER, 2) for _ in range(BUYERS)]
    await asyncio.gather(*(one for both in zip(takes, acts, strict=True) for one in both))

    pages = await busy.read(lambda tx: [(one, page.records(tx, one)) for one in tx.all(Page, select(Page))])
    assert len(pages) == BUYERS
    for one, records in pages:
        assert (one.state, one.called) == (PageState.ACKNOWLEDGED, ["agent noor"])
        assert [record.what for record in records] in (["step", "acknowledged"], ["step", "step", "acknowledged"])
        assert one.records == len(records)
    waiting = await busy.read(lambda tx: tx.all(PageNotice, select(PageNotice)))
    assert {notice.state for notice in waiting} == {NoticeState.SPARED}
