"""Sending a prepared answer: its words go to the buyer and into the thread, and the ticket becomes what it asks for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2s

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import chronicle, drafts, replies, team, verbs
from chatops.errors import Refusal, Refused
from chatops.model import macro as macros
from chatops.model import macro_offer as offers
from chatops.model import message as messages
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.macro import MacroUse
from chatops.model.macro_offer import Draft
from chatops.model.message import Held, Message, MessageState
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketState
from chatops.rules.macro import WORDS
from chatops.store.transaction import Transaction

ACTS = "acts"  # beside the words of an answer that is held: what its macro does once it may leave
SECOND_CLICK = timedelta(seconds=10)  # what the same person says again within it


def send(
    tx: Transaction,
    thread: Thread,
    ticket: Ticket,
    agent: Agent,
    macro_id: str,
    values: Mapping[str, str],
    press_id: str,
    now: datetime,
) -> list[Message]:
    """Send a macro to a ticket's buyer, with `values` for "text" and for its variables; `press_id` is the platform's.

    What it does to the ticket is done first, so that it may resolve it; when the answer is held, or too long, it waits
    with it (see `let_leave`). The same answer pressed again at once is a second click: nothing is sent for it.

    Raises:
        Refused: there is no such macro, a variable has no value, what it does is not possible, or it cannot be sent.
            Then the whole transaction has to be given up: some of it may have been done.
    """
    source = key(agent.id, press_id or now.isoformat())
    draft = _draft(tx, ticket, agent, macro_id, values)
    if not draft.filled.text.strip():
        raise Refused(Refusal.EMPTY)
    if draft.missing:
        raise Refused(Refusal.VALUE_NEEDED, names=",".join(variable.name for variable in draft.missing))
    text = draft.filled.text.strip()
    if messages.said_lately(tx, ticket.shop_id, ticket.conversation_id, agent.id, text, now - SECOND_CLICK):
        return []
    _remember(tx, thread, ticket, agent, draft, now)
    return [say(tx, thread, ticket, agent, source, text, draft.macro.acts, now)]


def say(
    tx: Transaction,
    thread: Thread,
    ticket: Ticket,
    agent: Agent,
    source: str,
    text: str,
    acts: list[str],
    now: datetime,
    *,
    looked_at: bool = False,
) -> Message:
    """Send words that our own post stands for, and do what goes with them: now, or when they may leave."""
    act = partial(_do_all, tx, thread, ticket, agent, acts, source, now)
    [answer] = replies.write(tx, thread, agent, source, text, (), now, posted=False, before=act, looked_at=looked_at)
    if answer.state == MessageState.FAILED and acts:
        replies.change(tx, answer, content={**answer.content, ACTS: acts})
    return answer


def reword(
    tx: Transaction, thread: Thread, held: Message, agent: Agent, text: str, press_id: str, now: datetime
) -> None:
    """Send other words in place of an answer that is held, and with them its pictures and what its macro does.

    Raises:
        Refused: it is not held (any more), or these cannot be sent; the whole transaction has to be given up.
    """
    ticket = tickets.lock_going_on(tx, held.shop_id, held.ticket_id or "")
    if ticket is None or not held.is_held:
        raise Refused(Refusal.STALE)
    acts, looked_at = held.content.get(ACTS, []), held.fault == Held.TEAMMATE_ANSWERS
    whole = replies.held_with(tx, held)
    pictures = [part for part in whole if part.kind != "TEXT"]
    for words in (part for part in whole if part.kind == "TEXT"):
        replies.take_back(tx, words, now)
    source = key(agent.id, held.id, press_id)
    answer = say(tx, thread, ticket, agent, source, text.strip(), acts, now, looked_at=looked_at)
    for picture in pictures:
        replies.follow(tx, picture, answer.fault, answer.leaves_at or now, now)
    if answer.is_held and pictures:
        outbox.notice(tx, thread, pictures[0], now)


def let_leave(
    tx: Transaction, thread: Thread, answer: Message, agent: Agent, leave: Callable[[], object], now: datetime
) -> None:
    """Let an answer that waited for a person `leave`, and do with it what its macro does to the ticket, if it has one.

    While it still has to wait, for another reason, so does that.

    Raises:
        Refused: one of the two is not possible (any more); then neither is done.
    """
    acts = answer.content.get(ACTS, [])
    with tx.connection.begin_nested():  # a refusal is told privately here, and the transaction goes on
        leave()
        ticket = tickets.lock(tx, answer.shop_id, answer.ticket_id or "") if acts else None
        if ticket is None or answer.state != MessageState.WAITING:
            return
        replies.change(tx, answer, content={"content": answer.text})
        on_its_way = [(part, part.lane_seq) for part in replies.parts(tx, answer)]
        for part, _ in on_its_way:  # this very answer does not keep the ticket from being resolved
            replies.change(tx, part, lane_seq=None)
        _do_all(tx, thread, ticket, agent, acts, key(answer.id), now)
        for part, place in on_its_way:
            replies.change(tx, part, lane_seq=place)


def key(*parts: str) -> str:
    """Return a short name for something of which these parts tell it from everything else."""
    return blake2s("/".join(parts).encode(), digest_size=8).hexdigest()


def _do_all(
    tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, acts: list[str], source: str, now: datetime
) -> None:
    for number, act in enumerate(sorted(acts, key=lambda act: act == Verb.RESOLVE)):  # what is over cannot be changed
        _do(tx, thread, ticket, agent, act, f"{source}-{number}", now)


def _draft(tx: Transaction, ticket: Ticket, agent: Agent, macro_id: str, values: Mapping[str, str]) -> Draft:
    at, macro = offers.occasion(tx, ticket, agent), macros.get(tx, macro_id)
    if at is None or macro is None or macro.archived or not macro.is_for(ticket.shop_id):
        raise Refused(Refusal.NO_SUCH_MACRO, words=macro_id)
    typed = {name: value for name, value in values.items() if name != WORDS}
    draft = offers.draft(tx, at, macro, typed, values.get(WORDS))
    if draft is None:
        raise Refused(Refusal.NO_SUCH_MACRO, words=macro_id)
    return draft


def _do(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, act: str, source: str, now: datetime) -> None:
    """Do one thing that a macro does beside answering."""
    said, _, words = act.partition(" ")
    verb = Verb(said)
    if verb == Verb.RESOLVE and ticket.state == TicketState.RESOLVED:
        return
    try:
        team.must_be_allowed(tx, agent, verb)
        if verb == Verb.NOTE:
            _note(tx, thread, ticket, agent, words, source, now)
        else:
            verbs.BY_VERB[verb](tx, thread, ticket, agent, words.strip(), now)
    except Refused as refused:
        raise Refused(Refusal.ACT_REFUSED, **{**refused.facts, "act": act, "why": refused.reason.value}) from refused


def _note(
    tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, words: str, source: str, now: datetime
) -> None:
    """Keep a note inside the team, and show it in the thread."""
    note = drafts.note(thread, ticket, agent, source, words, now)
    note.source_id = None  # our own post is going to stand for it
    tx.insert(note)
    outbox.spoken(tx, thread, note, now)


def _remember(tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, draft: Draft, now: datetime) -> None:
    macro, locale = draft.macro, draft.text.locale
    use = MacroUse(
        shop_id=ticket.shop_id,
        ticket_id=ticket.id,
        macro_id=macro.id,
        locale=locale,
        workspace_id=thread.workspace_id,
        agent_id=agent.id,
        at=now,
    )
    tx.insert(use)
    chronicle.note(tx, ticket, "macro", now, agent, macro_id=macro.id, locale=locale, version=draft.text.version)
