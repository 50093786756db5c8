"""What a lead is shown who plans a digest: the form, and what would come of it."""

from datetime import datetime

from chatops.cards import digest_writing as cards
from chatops.cards import report_link as link_cards
from chatops.catalog import Verb
from chatops.desk import digest_writing as desk
from chatops.desk import form_drafts
from chatops.model.agent import Agent
from chatops.store.transaction import Transaction
from chatops.ui import Card, Form


def opened(tx: Transaction, agent: Agent, about: str, _now: datetime) -> Form:
    """Return the form for a plan, or for a new one.

    Raises:
        Refused: there is none (any more), or it does not fit a form.
    """
    return cards.form(*desk.form_of(tx, agent, about))


def came_of_it(tx: Transaction, agent: Agent, ref: str, now: datetime) -> Card:
    """Return what would come of what somebody has just written.

    Raises:
        Refused: what is wrong with it.
    """
    draft = form_drafts.of_form(tx, agent, Verb.DIGEST_WRITE, ref)
    return cards.trial(draft, desk.tried(tx, agent, draft, now), now)


def on_its_way(_tx: Transaction, _agent: Agent, _ref: str, _now: datetime) -> Card:
    """Return that a digest is being counted for whoever asked."""
    return cards.on_its_way()


def file_on_its_way(_tx: Transaction, _agent: Agent, _ref: str, _now: datetime) -> Card:
    """Return that a file comes to whoever asked for it."""
    return cards.file_on_its_way()


def again_on_its_way(_tx: Transaction, _agent: Agent, _ref: str, _now: datetime) -> Card:
    """Return that what a digest lacked is sent again."""
    return cards.again_on_its_way()


def link_on_its_way(_tx: Transaction, _agent: Agent, _ref: str, _now: datetime) -> Card:
    """Return that a link comes to whoever asked for it."""
    return link_cards.on_its_way()


def link_withdrawn(_tx: Transaction, _agent: Agent, _ref: str, _now: datetime) -> Card:
    """Return that a link shows nothing any more."""
    return link_cards.withdrawn()
