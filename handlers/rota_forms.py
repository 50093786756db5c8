"""What a lead is shown who changes a rotation or an escalation, and the forms that are opened again as they were."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chatops.cards import drafts
from chatops.cards import rota_writing as cards
from chatops.catalog import Verb
from chatops.desk import form_drafts
from chatops.desk import rota_writing as desk
from chatops.errors import Refused
from chatops.model.agent import Agent
from chatops.store.transaction import Transaction
from chatops.ui import Card, Form


def opened(tx: Transaction, agent: Agent, about: str, now: datetime) -> Form:
    """Return the form for a rotation or an escalation, or for a new one.

    Raises:
        Refused: there is none (any more), or it does not fit a form.
    """
    return cards.form(*desk.form_of(tx, agent, about, now))


def came_of_it(tx: Transaction, agent: Agent, ref: str, now: datetime) -> Card:
    """Return what would come of what somebody has just written.

    Raises:
        Refused: what is wrong with it.
    """
    draft = form_drafts.of_form(tx, agent, Verb.ROTA_WRITE, ref)
    return cards.trial(agent, draft, desk.tried(tx, agent, draft, now), now)


def wrong(tx: Transaction, agent: Agent, verb: Verb, why: Refused, ref: str) -> Card:
    """Return what is wrong with what somebody wrote, with the way to go on, where the form is closed by now."""
    return drafts.wrong(why, form_drafts.of_form(tx, agent, verb, ref))


def filled(form: Form, values: Mapping[str, str]) -> Form:
    """Return a form with what was written into it before."""
    inputs = (replace(one, value=values.get(one.name, one.value)) for one in form.inputs)
    return replace(form, inputs=tuple(inputs))
