"""Every verb that changes a ticket: however it is said, it ends here."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import handling, merging, page_verbs, snoozing, tickets, tiers
from chatops.model.agent import Agent
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction

Act = Callable[[Transaction, Thread, Ticket, Agent, str, datetime], None]  # the words are what it was given, as typed


def _wordless(act: Callable[[Transaction, Ticket, Agent, datetime], None]) -> Act:
    """Return the act of a verb that takes no words, and says nothing in the thread."""
    return lambda tx, _thread, ticket, agent, _words, now: act(tx, ticket, agent, now)


# What is said by these is seen on the card alone, which may stand far above whoever typed it.
UNSEEN = frozenset(
    (
        Verb.ASSIGN,
        Verb.UNASSIGN,
        Verb.LEVEL,
        Verb.PRIORITY,
        Verb.LANGUAGE,
        Verb.TAG,
        Verb.TIER,
        Verb.NO_REPLY,
        Verb.BLOCK,
    )
)


def _translate(tx: Transaction, thread: Thread, _ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Let somebody be told what their words are in the buyer's language, or the buyer's in theirs."""
    outbox.whisper(tx, thread, agent.id, outbox.Whisper.TRANSLATION, {"words": words}, now)


BY_VERB: Mapping[Verb, Act] = {
    Verb.CLAIM: _wordless(tickets.claim),
    Verb.RESOLVE: _wordless(tickets.resolve),
    Verb.REOPEN: _wordless(tickets.reopen),
    Verb.ASSIGN: handling.assign,
    Verb.UNASSIGN: handling.unassign,
    Verb.LEVEL: handling.set_level,
    Verb.PRIORITY: handling.set_priority,
    Verb.LANGUAGE: handling.set_language,
    Verb.TAG: handling.set_tags,
    Verb.TIER: tiers.set_tier,
    Verb.SNOOZE: snoozing.snooze,
    Verb.NO_REPLY: handling.no_reply,
    Verb.ESCALATE: handling.escalate,
    Verb.PAGE: page_verbs.page,
    Verb.TAKE: page_verbs.take,
    Verb.LATER: page_verbs.later,
    Verb.HAND_ON: page_verbs.pass_on,
    Verb.MERGE: merging.merge,
    Verb.BLOCK: handling.block,
    Verb.TRANSLATE: _translate,
}
