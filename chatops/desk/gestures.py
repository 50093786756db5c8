"""What the team does by a gesture: pressing a button, adding a reaction, taking one away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from chatops import outbox
from chatops.catalog import Entry, Verb, by_binding, by_reaction
from chatops.desk import (
    digest_asking,
    digest_writing,
    macro_library,
    macros,
    page_verbs,
    replies,
    rota_writing,
    rule_writing,
    shifts,
    team,
    tickets,
    time_writing,
    verbs,
)
from chatops.desk.hearing import Said, first_time, obey, take_back, ticket_of
from chatops.desk.pointing import AT_MESSAGES, pointed
from chatops.errors import Refusal, Refused
from chatops.model import binding as bindings
from chatops.model import conversation as conversations
from chatops.model import history
from chatops.model import message as messages
from chatops.model import page as pages
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.model.message import Message
from chatops.model.page import Summons
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.refs import choice_ref, split_choice, split_ref
from chatops.rules import choices
from chatops.rules.macro import WORDS
from chatops.store.transaction import Transaction

Whisper = outbox.Whisper

WAKE = "off"  # what ends a rest
WITH_WORDS = frozenset(
    (Verb.SEND_ANYWAY, Verb.APPROVE, Verb.REWORD)
)  # these let go what was read on the notice, and nothing else
# What is decided for the whole desk.
FOR_ALL = {
    **rule_writing.BY_VERB,
    **time_writing.BY_VERB,
    **rota_writing.BY_VERB,
    **digest_writing.BY_VERB,
    **digest_asking.BY_VERB,
    **shifts.BY_BUTTON,
}
KEPT = frozenset((Verb.RULE_WRITE, Verb.ROTA_WRITE, Verb.DIGEST_WRITE))  # forms whose words become a draft


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button somebody pressed in a channel."""

    workspace_id: str
    channel_id: str
    agent_id: str
    verb: Verb
    ref: str
    words: str = ""  # what the verb was given, where a form asked for it
    values: Mapping[str, str] = field(default_factory=dict)  # what a form held, by its inputs, where it asked for more
    id: str = ""  # the platform's id of the press: heard twice, it counts once
    trigger: str = ""  # by which the platform answers this press unseen by others
    locale: str = ""  # of the person's client, where the press tells it


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction somebody added to, or took from, a message."""

    workspace_id: str
    channel_id: str
    message_id: str
    agent_id: str
    name: str
    added: bool
    id: str = ""  # the platform's id of the change: heard twice, it counts once


def pressed(tx: Transaction, heard: Pressed, now: datetime) -> bool:
    """Do what a button or form asks for; False when it is about something that is not there (any more).

    Raises:
        Refused: what a form holds could not be sent or saved; the transaction has to be given up. Other refusals are
            said privately.
    """
    if heard.verb == Verb.MACRO_WRITE:
        return _write_macro(tx, heard, now)
    # A form that is sent off again, from where it stayed open, holds other words: these count.
    again = not first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "press", now)
    if again and heard.verb not in KEPT:
        return True
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale)
    if heard.verb in FOR_ALL:
        team.must_be_allowed(tx, agent, heard.verb)
        FOR_ALL[heard.verb](tx, agent, heard.ref, heard.values, now)
        return True
    if heard.verb in (Verb.MACRO_SEND, Verb.ANSWER):
        return _send(tx, heard, agent, now)
    if heard.verb in verbs.BY_VERB:
        return _about_ticket(tx, heard, agent, now)
    return _about_message(tx, heard, agent, now)


def _about_ticket(tx: Transaction, heard: Pressed, agent: Agent, now: datetime) -> bool:
    about = split_ref(heard.ref)
    ticket = ticket_questions.lock(tx, *about)
    thread = pages.thread_at(tx, *about, heard.workspace_id, heard.channel_id)
    if thread is None and heard.verb is Verb.TAKE:  # a digest offers it wherever it stands
        near = threads.of_ticket(tx, *about)
        thread = next((one for one in near if one.workspace_id == heard.workspace_id), None)
    if ticket is None or thread is None:
        return False
    team.pressed(tx, agent, thread.id, heard.trigger, now)
    act = partial(verbs.BY_VERB[heard.verb], tx, thread, ticket, agent, heard.words, now)
    obey(tx, thread, agent, heard.verb, act, now)
    return True


def _about_message(tx: Transaction, heard: Pressed, agent: Agent, now: datetime) -> bool:
    about = split_choice(heard.ref)[0] if heard.verb in WITH_WORDS else heard.ref
    message = _locked(tx, *split_ref(about))
    if message is None or message.source_workspace_id != heard.workspace_id:
        return False
    thread = threads.get(tx, heard.workspace_id, message.source_thread_id or "")
    if thread is None or thread.channel_id != heard.channel_id:
        return False
    team.pressed(tx, agent, thread.id, heard.trigger, now)
    act = _message_act(tx, heard, message, thread, agent, now)
    if heard.verb in WITH_WORDS and heard.ref != choice_ref(about, message.reading):
        act = _stale
    if heard.verb == Verb.REWORD:  # a form keeps what was typed when this is refused
        team.must_be_allowed(tx, agent, heard.verb)
        act()
    else:
        obey(tx, thread, agent, heard.verb, act, now)
    return True


def _locked(tx: Transaction, shop_id: str, message_id: str) -> Message | None:
    """Return a message, held like its conversation, and after it as everywhere."""
    message = messages.get(tx, shop_id, message_id)
    if message is not None:
        conversations.lock(tx, shop_id, message.conversation_id)
    return messages.lock(tx, shop_id, message_id)


def _stale() -> None:
    raise Refused(Refusal.STALE)


def _write_macro(tx: Transaction, heard: Pressed, now: datetime) -> bool:
    if first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "press", now):
        team.must_be_allowed(tx, team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale), heard.verb)
        macro_library.write(tx, heard.ref, heard.values, now)
    return True


def _send(tx: Transaction, heard: Pressed, agent: Agent, now: datetime) -> bool:
    about, macro_id = split_choice(heard.ref) if heard.verb == Verb.MACRO_SEND else (heard.ref, "")
    thread = pages.thread_at(tx, *split_ref(about), heard.workspace_id, heard.channel_id)
    if thread is None:
        return False
    team.pressed(tx, agent, thread.id, heard.trigger, now)
    team.must_be_allowed(tx, agent, heard.verb)
    ticket = ticket_of(tx, thread)
    if macro_id:
        macros.send(tx, thread, ticket, agent, macro_id, heard.values, heard.id, now)
    else:
        words = heard.values.get(WORDS, "").strip()
        macros.say(tx, thread, ticket, agent, macros.key(agent.id, heard.id), words, [], now)
    return True


def _message_act(
    tx: Transaction, heard: Pressed, message: Message, thread: Thread, agent: Agent, now: datetime
) -> Callable[[], object]:
    def undo() -> None:
        if not take_back(tx, thread, agent, replies.parts(tx, message), now, about=Whisper.DELETE_TOO_LATE):
            return
        facts = {"shop_id": message.shop_id, "message_id": message.id}
        outbox.whisper(tx, thread, agent.id, Whisper.WITHDRAWN, facts, now)

    def copy() -> None:
        facts = {"shop_id": message.shop_id, "message_id": message.id}
        outbox.whisper(tx, thread, agent.id, Whisper.COPIED, facts, now)

    def leaving(leave: Callable[[], object]) -> Callable[[], object]:
        return lambda: macros.let_leave(tx, thread, message, agent, leave, now)

    acts: dict[Verb, Callable[[], object]] = {
        Verb.UNDO: undo,
        Verb.COPY: copy,
        Verb.RETRY: lambda: replies.try_again(tx, message, now),
        Verb.DROP: lambda: replies.drop(tx, message, now),
        Verb.SPLIT: leaving(lambda: replies.split(tx, message, now)),
        Verb.SEND_ANYWAY: leaving(lambda: replies.send_anyway(tx, message, thread, agent, now)),
        Verb.APPROVE: leaving(lambda: replies.send_anyway(tx, message, thread, agent, now, approved=True)),
        Verb.REWORD: lambda: macros.reword(tx, thread, message, agent, heard.values.get(WORDS, ""), heard.id, now),
        Verb.SEND_NOTE: lambda: replies.send_note(tx, message, thread, agent, now),
    }
    return acts[heard.verb]


def reacted(tx: Transaction, heard: Reacted, now: datetime) -> bool:
    """Do what a reaction on the card or on a mirrored message means; taking it away undoes what can be undone so."""
    summons = pages.at(tx, heard.workspace_id, heard.channel_id, heard.message_id)
    if summons is not None:
        return _heeded(tx, heard, summons, now)
    entry, words = _meaning(tx, heard)
    if entry is not None and entry.verb in AT_MESSAGES:
        source = Said(heard.workspace_id, heard.channel_id, "", heard.message_id, heard.agent_id, "")
        return pointed(tx, entry.verb, source, heard.id, now, added=heard.added)
    thread = threads.holding(tx, heard.workspace_id, heard.channel_id, heard.message_id)
    if entry is None or thread is None or not (entry.asks or entry.verb in verbs.BY_VERB):
        return False
    if not first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "reaction", now):
        return True
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now)
    ticket = ticket_of(tx, thread)
    if heard.added and entry.asks:
        facts = {"verb": entry.verb.value, "words": words}
        asked = partial(outbox.whisper, tx, thread, agent.id, Whisper.ASKED, facts, now)
        obey(tx, thread, agent, entry.verb, asked, now)
    elif heard.added:
        act = partial(verbs.BY_VERB[entry.verb], tx, thread, ticket, agent, words, now)
        obey(tx, thread, agent, entry.verb, act, now)
    else:
        _taken_away(tx, thread, ticket, agent, entry.verb, words, now)
    return True


def _heeded(tx: Transaction, heard: Reacted, summons: Summons, now: datetime) -> bool:
    """Whatever somebody adds to the direct message that rang them up says that they have heard it."""
    if heard.added and first_time(tx, heard.workspace_id, heard.agent_id, heard.id, "reaction", now):
        page_verbs.reacted(tx, summons, team.seen(tx, heard.workspace_id, heard.agent_id, now), now)
    return True


def _meaning(tx: Transaction, heard: Reacted) -> tuple[Entry | None, str]:
    """Return what a reaction means here: what the workspace made of it, else what it means everywhere."""
    bound = bindings.get(tx, heard.workspace_id, heard.name)
    return by_binding(bound.does) if bound else (by_reaction(heard.name), "")


def _taken_away(
    tx: Transaction, thread: Thread, ticket: Ticket, agent: Agent, verb: Verb, words: str, now: datetime
) -> None:
    """Undo what a reaction did, where that has a meaning."""
    if verb == Verb.CLAIM:
        tickets.unclaim(tx, ticket, agent, now)
    elif verb == Verb.SNOOZE and ticket.snoozed_until is not None and _let_rest(tx, ticket, agent):
        obey(tx, thread, agent, verb, partial(verbs.BY_VERB[verb], tx, thread, ticket, agent, WAKE, now), now)
    elif verb == Verb.TAG:
        added, _ = choices.tags(words) or ([], [])
        off = " ".join(f"-{tag}" for tag in added if tag in ticket.tags)
        if off:
            obey(tx, thread, agent, verb, partial(verbs.BY_VERB[verb], tx, thread, ticket, agent, off, now), now)


def _let_rest(tx: Transaction, ticket: Ticket, agent: Agent) -> bool:
    """Tell whether it was this member who let the ticket rest last."""
    last = history.last(tx, ticket.shop_id, ticket.id, "snoozed")
    return last is not None and (last.workspace_id, last.agent_id) == (agent.workspace_id, agent.id)
