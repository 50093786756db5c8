"""Every verb that changes a ticket: however it is said, it ends here."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chatops.catalog import Verb
from chatops.desk import tickets
from chatops.model.agent import Agent
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.store.transaction import Transaction

Act = Callable[[Transaction, Thread, Ticket, Agent, str, datetime], None]  # the words are what it was given, as typed


def _wordless(act: Callable[[Transaction, Ticket, Agent, datetime], None]) -> Act:
    """Return the act of a verb that takes no words, and says nothing in the thread."""
    return lambda tx, _thread, ticket, agent, _words, now: act(tx, ticket, agent, now)


BY_VERB: Mapping[Verb, Act] = {
    Verb.CLAIM: _wordless(tickets.claim),
    Verb.RESOLVE: _wordless(tickets.resolve),
    Verb.REOPEN: _wordless(tickets.reopen),
}
