"""What happens when two things happen at the same instant, in two writers on PostgreSQL or one on SQLite."""

import asyncio
from datetime import timedelta

from sqlmodel import col, select

from chatops.catalog import NEW, Verb
from chatops.desk import (
    definitions,
    gestures,
    hearing,
    intake,
    outcome,
    rates,
    replies,
    shown,
    tickets,
    time_writing,
)
from chatops.desk.gestures import Pressed
from chatops.desk.hearing import Said
from chatops.digest.rates import Rate
from chatops.errors import Refusal, Refused
from chatops.model import message as messages
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent, Role
from chatops.model.conversation import Conversation
from chatops.model.facts import SenderRole
from chatops.model.history import History
from chatops.model.message import Message, MessageState
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketState
from chatops.outbox import Kind
from chatops.refs import message_ref, ticket_ref
from chatops.rules.budget import Budget, Danger
from chatops.store import Store, Transaction, lanes
from chatops.times import to_milliseconds
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, heard_from

TIMES = 12  # often enough that two writers do meet


async def test_two_messages_of_one_new_buyer_make_one_ticket(busy: Store) -> None:
    for number in range(TIMES):
        said = [
            heard_from(SenderRole.BUYER, "Hello", number * 10 + each, f"c{number}", NOON + timedelta(seconds=each))
            for each in range(2)
        ]
        await asyncio.gather(*(busy.write(intake.message_arrived, SHOP, NOON, message) for message in said * 2))

    found = await busy.read(lambda tx: tx.all(Ticket, select(Ticket)))
    assert sorted(ticket.conversation_id for ticket in found) == sorted(f"c{number}" for number in range(TIMES))
    assert {ticket.waiting_since for ticket in found} == {NOON}
    conversations = await busy.read(lambda tx: tx.all(Conversation, select(Conversation)))
    assert {conversation.tickets for conversation in conversations} == {1}
    waiting = await busy.read(
        lambda tx: tx.all(lanes.Delivery, select(lanes.Delivery).order_by(col(lanes.Delivery.seq)))
    )
    by_lane: dict[str, list[str]] = {}
    for delivery in waiting:
        if delivery.lane.startswith("thread:"):
            by_lane.setdefault(delivery.lane, []).append(delivery.kind)
    assert set(map(tuple, by_lane.values())) == {(Kind.OPEN_THREAD, Kind.MIRROR, Kind.MIRROR)}
    assert len(by_lane) == TIMES


async def ticket_with_thread(store: Store, name: str) -> Ticket:
    """Let somebody ask, and open the thread."""

    def ask(tx: Transaction) -> Ticket:
        intake.message_arrived(tx, SHOP, NOON, heard_from(SenderRole.BUYER, "Hello", 1, name, NOON, external_id=name))
        found = tx.one(Ticket, select(Ticket).where(Ticket.conversation_id == name))
        thread = tx.one(Thread, select(Thread).where(Thread.ticket_id == f"{name}.1"))
        assert found is not None
        assert thread is not None
        shown.thread_opened(tx, thread, f"head-{name}", found.version, NOON)
        return found

    return await store.write(ask)


async def test_of_two_who_claim_at_once_one_is_refused(busy: Store) -> None:
    for number in range(TIMES):
        ticket = await ticket_with_thread(busy, f"c{number}")
        presses = [Pressed(TEAM, SUPPORT, name, Verb.CLAIM, ticket_ref(SHOP, ticket.id)) for name in ("li", "noor")]
        await asyncio.gather(*(busy.write(gestures.pressed, press, NOON) for press in presses))

    claims = await busy.read(lambda tx: tx.all(History, select(History).where(History.what == "claimed")))
    assert len(claims) == TIMES
    owners = {each.ticket_id: each.agent_id for each in claims}
    found = await busy.read(lambda tx: tx.all(Ticket, select(Ticket)))
    assert {ticket.id: ticket.assignee_id for ticket in found} == owners
    refusals = await busy.read(
        lambda tx: tx.all(lanes.Delivery, select(lanes.Delivery).where(lanes.Delivery.kind == Kind.WHISPER))
    )
    assert [refusal.args["facts"]["reason"] for refusal in refusals] == ["already_claimed"] * TIMES
    told = {refusal.args["thread_id"].split("/")[-1]: refusal.args["agent_id"] for refusal in refusals}
    assert all({told[key], owner} == {"li", "noor"} for key, owner in owners.items())


async def test_no_change_of_a_card_is_lost_between_two(busy: Store) -> None:
    for number in range(TIMES):
        ticket = await ticket_with_thread(busy, f"c{number}")
        before = ticket.version
        claim = Pressed(TEAM, SUPPORT, "li", Verb.CLAIM, ticket_ref(SHOP, ticket.id))
        answer = heard_from(
            SenderRole.CUSTOMER_SERVICE, "Hi", 2, ticket.conversation_id, NOON, external_id=f"a{number}"
        )
        await asyncio.gather(
            busy.write(gestures.pressed, claim, NOON), busy.write(intake.message_arrived, SHOP, NOON, answer)
        )
        now = await busy.read(ticket_questions.get, SHOP, ticket.id)
        assert now is not None
        assert (now.version, now.assignee_id, now.waiting_since) == (before + 2, "li", None)


async def test_an_answer_whose_echo_and_receipt_come_together_counts_once(busy: Store) -> None:
    for number in range(TIMES):
        ticket = await ticket_with_thread(busy, f"c{number}")

        def write(tx: Transaction, key: str = ticket.id, source: str = f"17.{number:06}") -> Message:
            thread = tx.one(Thread, select(Thread).where(Thread.ticket_id == key))
            agent = tx.one(Agent, select(Agent).where(Agent.id == "li"))
            assert thread is not None
            assert agent is not None
            return replies.write(tx, thread, agent, source, "On its way", (), NOON)[0]

        answer = await busy.write(write)
        later = NOON + timedelta(seconds=6)
        echo = heard_from(
            SenderRole.CUSTOMER_SERVICE, "On its way", 2, ticket.conversation_id, later, external_id=f"e{number}"
        )
        await asyncio.gather(
            busy.write(outcome.sent, SHOP, answer.id, f"e{number}", later),
            busy.write(intake.message_arrived, SHOP, later, echo),
        )

    said = await busy.read(lambda tx: tx.all(Message, select(Message).where(Message.agent_id == "li")))
    assert {message.state for message in said} == {MessageState.SENT}
    lines = await busy.read(lambda tx: tx.all(History, select(History).where(History.what != "opened")))
    assert [line.what for line in lines] == ["answered"] * TIMES


async def test_a_note_that_two_people_send_leaves_once(busy: Store) -> None:
    for number in range(TIMES):
        ticket = await ticket_with_thread(busy, f"c{number}")
        said = hearing.Said(TEAM, SUPPORT, f"head-{ticket.conversation_id}", f"17.{number}", "li", "// On its way")
        await busy.write(hearing.said, said, NOON)
        ref = message_ref(SHOP, f"{TEAM}-{SUPPORT}-17.{number}-note")
        presses = [Pressed(TEAM, SUPPORT, name, Verb.SEND_NOTE, ref) for name in ("li", "noor")]
        await asyncio.gather(*(busy.write(gestures.pressed, press, NOON) for press in presses))

    answers = await busy.read(lambda tx: tx.all(Message, select(Message).where(Message.state == MessageState.WAITING)))
    assert len(answers) == TIMES


async def test_a_buyer_who_writes_while_the_ticket_is_resolved_is_not_forgotten(busy: Store) -> None:
    for number in range(TIMES):
        ticket = await ticket_with_thread(busy, f"c{number}")
        resolve = Pressed(TEAM, SUPPORT, "li", Verb.RESOLVE, ticket_ref(SHOP, ticket.id))
        more = heard_from(SenderRole.BUYER, "Wait", 3, ticket.conversation_id, NOON, external_id=f"w{number}")
        await asyncio.gather(
            busy.write(gestures.pressed, resolve, NOON), busy.write(intake.message_arrived, SHOP, NOON, more)
        )

    found = await busy.read(lambda tx: tx.all(Ticket, select(Ticket)))
    for ticket in found:
        reopened = ticket.state == TicketState.OPEN and ticket.waiting_since is not None
        resolved_afterwards = ticket.state == TicketState.RESOLVED and ticket.waiting_since is None
        assert reopened or resolved_afterwards
    assert len(found) == TIMES


async def test_an_answer_that_is_written_while_its_ticket_is_merged_goes_on_with_it(busy: Store) -> None:
    for number in range(TIMES):
        former = await ticket_with_thread(busy, f"c{number}")

        def comes_back(tx: Transaction, former: Ticket = former) -> Thread:
            ticket = ticket_questions.lock(tx, SHOP, former.id)
            agent = tx.one(Agent, select(Agent).where(Agent.id == "li"))
            assert ticket is not None
            assert agent is not None
            tickets.resolve(tx, ticket, agent, NOON)
            later = NOON + timedelta(days=8)
            again = heard_from(SenderRole.BUYER, "And?", 2, former.conversation_id, later, external_id=f"{former.id}-2")
            intake.message_arrived(tx, SHOP, later, again)
            thread = tx.one(Thread, select(Thread).where(Thread.ticket_id == f"{former.conversation_id}.2"))
            assert thread is not None
            shown.thread_opened(tx, thread, f"head-{thread.ticket_id}", 1, later)
            return thread

        thread, now = await busy.write(comes_back), NOON + timedelta(days=8)
        merge = Pressed(TEAM, SUPPORT, "li", Verb.MERGE, ticket_ref(SHOP, thread.ticket_id))
        answer = Said(TEAM, SUPPORT, f"head-{thread.ticket_id}", f"18.{number:06}", "noor", "On its way")
        await asyncio.gather(busy.write(hearing.said, answer, now), busy.write(gestures.pressed, merge, now))
        written = await busy.read(messages.from_source, TEAM, SUPPORT, answer.message_id)
        assert [message.ticket_id for message in written] == [former.id]


async def test_two_leads_who_save_a_promise_each_do_not_overwrite_each_other(busy: Store) -> None:
    await busy.write(_lead)
    kept: list[str] = []
    for number in range(TIMES):
        ref = await busy.read(time_writing.as_now, Verb.PROMISE_WRITE, NEW)
        saved = [
            Pressed(TEAM, SUPPORT, name, Verb.PROMISE_WRITE, ref, values=_promise(f"{name} {number}"))
            for name in ("li", "noor")
        ]
        came = await asyncio.gather(*(busy.write(gestures.pressed, one, NOON) for one in saved), return_exceptions=True)
        won = [one.agent_id for one, came_of_it in zip(saved, came, strict=True) if came_of_it is True]
        lost = [one for one in came if isinstance(one, Refused)]
        assert (len(won), [one.reason for one in lost]) == (1, [Refusal.STALE])
        kept.append(f"{won[0]} {number}")
        assert sorted(one.name for one in await busy.read(definitions.current)) == sorted(kept)


def _promise(name: str) -> dict[str, str]:
    text = f'name = "{name}"\ntargets = [{{ metric = "first_response", within = "15m" }}]'
    return {"text": text, "place": "1", "how": "save"}


def _lead(tx: Transaction) -> None:
    for one in tx.all(Agent, select(Agent)):
        tx.update(one, role=Role.LEAD)


async def test_two_replicas_that_see_a_rate_fall_say_so_once(busy: Store) -> None:
    for week in range(TIMES):
        rate = Rate(SHOP, 0, to_milliseconds(NOON + timedelta(weeks=week)), Budget(70, 29, 1, 0.7))
        seen = [Danger.NEAR, Danger.BELOW, Danger.NEAR, Danger.BELOW]
        await asyncio.gather(*(busy.write(rates.warn, rate, how, NOON) for how in seen))
    waiting = await busy.read(lambda tx: tx.all(lanes.Delivery, select(lanes.Delivery)))
    said = [(one.args["until"], one.args["danger"]) for one in waiting if one.kind == Kind.RATE_TO_CHANNEL]
    assert len(said) == len(set(said))
    assert sum(how == "below" for _, how in said) == TIMES
