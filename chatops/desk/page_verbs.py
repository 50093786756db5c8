"""What people do about pages: ask for one, take it, put it off, pass it on, react to it."""

from datetime import datetime, timedelta

from chatops.catalog import Verb
from chatops.desk import chronicle, handling, paging, team, tickets
from chatops.errors import Refusal, Refused
from chatops.model import clock as clocks
from chatops.model import definition as definitions
from chatops.model import page as pages
from chatops.model import team as teams
from chatops.model import ticket as ticket_questions
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.page import UNANSWERED, How, Summons, Why
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.rules.escalation import Escalation, Way
from chatops.rules.targets import ServiceLevel, Urgency
from chatops.store.transaction import Transaction

A_WHILE = timedelta(minutes=10)


def page(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Call whoever is on call about a ticket; `words` say why.

    Raises:
        Refused: it is resolved, or the desk has nobody to call: no escalation for this workspace.
    """
    handling.must_be_open(ticket)
    escalation = _escalation(tx, ticket, agent)
    if not paging.summon(tx, ticket, escalation, Why.ASKED, Urgency.PAGE, now, None, agent, words.strip()):
        raise Refused(Refusal.NO_ESCALATION)
    chronicle.note(tx, ticket, "paged", now, agent)


def _escalation(tx: Transaction, ticket: Ticket, agent: Agent) -> str:
    """Return by what a ticket's promise calls, else the first escalation of somebody's workspace; "" for none."""
    workspace = workspaces.get(tx, agent.workspace_id)
    known = definitions.current(tx, DefinitionKind.ESCALATION)
    near = [one.name for one in known if workspace and one.read(Escalation).workspace == workspace.name]
    pins = clocks.promised(tx, ticket.shop_id, ticket.id)
    level = definitions.get(tx, DefinitionKind.SERVICE_LEVEL, pins.service_level, pins.revision) if pins else None
    promised = level.read(ServiceLevel).escalation if level else ""
    return promised if promised in near else next(iter(near), "")


def take(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, _words: str, now: datetime) -> None:
    """Make a ticket somebody's, whoever had it and does not answer, and let nobody else be called.

    Raises:
        Refused: it is resolved, or a colleague, who may have been called in the same second, was faster.
    """
    handling.must_be_open(ticket)
    if not _is_called(tx, ticket, agent):
        handling.must_be_free(ticket, agent)
    if not tickets.owns(ticket, agent):
        tickets.change(tx, ticket, now, assignee_workspace_id=agent.workspace_id, assignee_id=agent.id)
        chronicle.note(tx, ticket, "claimed", now, agent)
    paging.acknowledged(tx, ticket, agent, now, How.TAKEN)


def _is_called(tx: Transaction, ticket: Ticket, agent: Agent) -> bool:
    """Tell whether somebody is still called about a ticket, or this one has answered the call."""
    page = pages.open_page(tx, ticket.shop_id, ticket.id)
    return page is not None and (page.state in UNANSWERED or page.acknowledged_by == agent.id)


def later(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, _words: str, now: datetime) -> None:
    """Let nobody be called for a while.

    Raises:
        Refused: nobody is called about this ticket (any more).
    """
    if not _is_called(tx, ticket, agent) or not paging.acknowledged(tx, ticket, agent, now, How.SNOOZED, A_WHILE):
        raise Refused(Refusal.NOT_CALLED)


def pass_on(tx: Transaction, _: Thread, ticket: Ticket, agent: Agent, words: str, now: datetime) -> None:
    """Let a teammate or a team be called in place of those who were.

    Raises:
        Refused: nobody is called about this ticket, nobody or several are called so, they may not answer, or it is
            whoever says it.
    """
    handling.must_be_given(ticket, words, Verb.HAND_ON)
    found = teams.meant(tx, agent.workspace_id, words)
    if found is not None and teams.called(tx, agent.workspace_id, found.name) is None:
        raise Refused(Refusal.NO_SUCH_PERSON, name=found.name)  # a name is enough to own a ticket, not to be called
    if found is not None:
        whom = f"{Way.TEAM} {found.name}"
    else:
        one = handling.called(tx, agent, words, now)
        if one.id == agent.id:
            raise Refused(Refusal.NOT_TO_ONESELF)
        if team.rank(one) < team.rank_needed(Verb.REPLY):
            raise Refused(Refusal.CANNOT_ANSWER, agent_id=one.id)
        whom = f"{Way.AGENT} {one.id}"
    if not paging.passed(tx, ticket, agent, whom, now):
        raise Refused(Refusal.NOT_CALLED)


def reacted(tx: Transaction, one: Summons, agent: Agent, now: datetime) -> None:
    """Let somebody who may have every page of their direct message that nobody has answered: they reacted to it."""
    if team.rank(agent) < team.rank_needed(Verb.TAKE):
        return
    for found in pages.listed(tx, one):
        ticket = ticket_questions.lock(tx, found.shop_id, found.ticket_id)
        page = pages.open_page(tx, found.shop_id, found.ticket_id)  # as it stands now that nobody else answers
        if ticket is not None and page is not None and page.key == found.key and page.state in UNANSWERED:
            paging.acknowledged(tx, ticket, agent, now, How.REACTED)
