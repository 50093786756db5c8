"""What people write into forms, kept whatever is wrong with it, until it counts."""

from datetime import datetime

from chatops.catalog import Verb
from chatops.desk.time_writing import Act, Values, opened_by
from chatops.errors import Refusal, Refused
from chatops.model import form_draft as drafts
from chatops.model.agent import Agent
from chatops.model.form_draft import FormDraft
from chatops.store.transaction import Transaction


def keeping(verb: Verb) -> Act:
    """Return the act of a verb's form: what it holds becomes somebody's draft."""

    def keep(tx: Transaction, agent: Agent, ref: str, values: Values, now: datetime) -> None:
        opened = opened_by(ref)
        draft = FormDraft(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            key=drafts.key_of(verb, opened),
            verb=verb,
            ref=ref,
            about=opened,
            values=dict(values),
            written_at=now,
        )
        drafts.put(tx, draft)

    return keep


def of_form(tx: Transaction, agent: Agent, verb: Verb, ref: str) -> FormDraft:
    """Return what somebody wrote into the form of a ref.

    Raises:
        Refused: it is kept no more.
    """
    draft = drafts.get(tx, agent.workspace_id, agent.id, drafts.key_of(verb, opened_by(ref)))
    if draft is None:
        raise Refused(Refusal.STALE)
    return draft


def pressed(tx: Transaction, agent: Agent, ref: str) -> FormDraft:
    """Return the draft that a button is about, the one that was shown with it.

    Raises:
        Refused: it is another one by now.
    """
    key, _, reading = ref.partition("/")
    draft = drafts.get(tx, agent.workspace_id, agent.id, key)
    if draft is None or draft.reading != reading:
        raise Refused(Refusal.STALE)
    return draft
