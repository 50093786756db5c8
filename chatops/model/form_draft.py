"""What people wrote into forms that did not come to count: tried, or refused. It can be gone on with for a week."""

from datetime import datetime, timedelta
from hashlib import blake2s

from sqlalchemy import JSON, delete
from sqlmodel import Field, SQLModel, col, select

from chatops.entries import Verb
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.transaction import Transaction

LASTS = timedelta(days=7)


class FormDraft(SQLModel, table=True):
    """What one member of the team wrote last into one form; `values` by the names of its inputs.

    `key` stands for the form; `ref` is what its submission carried, `about` what the press that opens it is about.
    """

    workspace_id: str = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    verb: Verb = Field(sa_type=Choice(Verb))
    ref: str
    about: str
    values: dict[str, str] = Field(sa_type=JSON)
    written_at: datetime = Field(sa_type=Instant)

    @property
    def reading(self) -> str:
        """A short name of what it says: whoever presses what carries it was shown this, and nothing else."""
        said = "\0".join((self.ref, *(piece for one in sorted(self.values.items()) for piece in one)))
        return _short(said)


def key_of(verb: Verb, about: str) -> str:
    """Return what stands for a form among those of one person."""
    return _short(f"{verb}/{about}")


def _short(text: str) -> str:
    return blake2s(text.encode(), digest_size=6).hexdigest()


def get(tx: Transaction, workspace_id: str, agent_id: str, key: str) -> FormDraft | None:
    """Return what somebody wrote into a form."""
    sought = FormDraft.workspace_id == workspace_id, FormDraft.agent_id == agent_id, FormDraft.key == key
    return tx.one(FormDraft, select(FormDraft).where(*sought))


def put(tx: Transaction, draft: FormDraft) -> None:
    """Keep what somebody wrote in place of what they had written into this form; what is old by now goes."""
    mine = col(FormDraft.workspace_id) == draft.workspace_id, col(FormDraft.agent_id) == draft.agent_id
    tx.execute(delete(FormDraft).where(*mine, col(FormDraft.written_at) < draft.written_at - LASTS))
    values = draft.model_dump()
    tx.execute(tx.upsert(FormDraft, values, ("workspace_id", "agent_id", "key"), values))


def forget(tx: Transaction, draft: FormDraft) -> None:
    """Keep it no more: it has come to count."""
    this = col(FormDraft.workspace_id) == draft.workspace_id, col(FormDraft.agent_id) == draft.agent_id
    tx.execute(delete(FormDraft).where(*this, col(FormDraft.key) == draft.key))
