"""What of a digest could not be said: told once to those who can help, and sent again when they did."""

from collections.abc import Sequence
from datetime import datetime

from chatops import outbox_digest as outbox
from chatops.desk.digests import go_on_below
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import definition as definitions
from chatops.model import digest as digests
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.digest import Digest, DigestState, Lack
from chatops.rules.plan import HERE
from chatops.store.transaction import Transaction


def not_counted(tx: Transaction, number: int, code: str, now: datetime) -> None:
    """Say where a digest belongs that its numbers could not be counted."""
    digest = digests.get(tx, number)
    if digest is not None and digest.state is DigestState.PLANNED:
        tx.update(digest, state=DigestState.FAILED, fault=code, numbers={}, before={})
        outbox.post(tx, digest, now)


def not_posted(tx: Transaction, number: int, code: str, now: datetime) -> None:
    """Tell whoever planned a digest, or asked for it, that it could not be posted; of a file's plan, the leads.

    A plan whose author has left is told of as a file's.
    """
    digest = digests.get(tx, number)
    if digest is None or digest.head_id:
        return
    tx.update(digest, state=DigestState.FAILED, fault=code)
    author = _author(tx, digest) if digest.plan else digest.asked_by
    _tell(tx, digest, [author] if author else _leads(tx, digest), now)


def unheard(tx: Transaction, number: int, agent_id: str, lack: str, now: datetime) -> None:
    """Tell others what is wrong with a plan's digest when somebody cannot be told who was the only one."""
    digest = digests.get(tx, number)
    if digest is None or not digest.plan:
        return
    others = [lead for lead in _leads(tx, digest) if lead != agent_id]
    if not others or (not lack and _author(tx, digest) == agent_id):
        _tell(tx, digest, others, now, lack)


def not_whole(tx: Transaction, number: int, what: Lack, code: str, now: datetime, whom: str = "") -> None:
    """Tell the leads, or who asked for it, what a digest lacks for good: once, not again each morning it is so.

    Of its report, for `whom` or below its head, only where its plan sends it there.
    """
    digest = digests.get(tx, number)
    if digest is None or (what is Lack.REPORT and (whom or HERE) not in digest.report_to):
        return
    missing = f"{what}:{whom}" if whom else what.value
    if not digests.note_lack(tx, number, missing, code):
        return
    lack = f"{missing}/{code}"
    told = digests.last(tx, digest.plan, 2)[1:] if digest.plan else ()
    if all(lack not in before.lacks.split() for before in told):
        _tell(tx, digest, _leads(tx, digest) if digest.plan else [digest.asked_by], now, lack)


def send_again(tx: Transaction, agent: Agent, ref: str, now: datetime) -> None:
    """Send once more what a plan's digest lacks ("7/picture", "7/report:U1"); what stands by now is not said twice.

    Raises:
        Refused: it lacks nothing of the kind, or somebody else sends it already.
    """
    number, _slash, missing = ref.partition("/")
    digest = digests.get(tx, int(number)) if number.isdecimal() else None
    if digest is None or digest.workspace_id != agent.workspace_id or not digests.forget_lack(tx, digest, missing):
        raise Refused(Refusal.STALE)
    what, _colon, whom = missing.partition(":")
    if what == Lack.PICTURE:
        outbox.picture(tx, digest, now, alone=True)
    elif what == Lack.REPORT:
        outbox.report(tx, digest, whom, now, again=True)
    else:
        go_on_below(tx, digest, now, again=True)


def _tell(tx: Transaction, digest: Digest, people: Sequence[str], now: datetime, lack: str = "") -> None:
    """Tell people what is wrong with a digest; where there are none, a channel to which tickets go and it may, too."""
    for who in people:
        outbox.failed(tx, digest, who, now, lack)
    if not people:
        here = (channel for workspace_id, channel in shops.channels(tx) if workspace_id == digest.workspace_id)
        open_one = next((channel for channel in here if lack or channel != digest.channel_id), "")
        if open_one:
            outbox.failed_to_all(tx, digest, open_one, now, lack)


def _leads(tx: Transaction, digest: Digest) -> list[str]:
    return [lead.id for lead in agents.leads(tx, digest.workspace_id)]


def _author(tx: Transaction, digest: Digest) -> str:
    """Return who planned a digest, "" where they are not of the workspace that it belongs to (any more), or a file did.

    Not who put another plan before it: that gives it another place, and the same words.
    """
    found = definitions.newest(tx, DefinitionKind.DIGEST, digest.plan)
    written = definitions.unchanged_since(tx, found) if found else None
    if written is None or written.made_by_workspace != digest.workspace_id:
        return ""
    who = agents.get(tx, digest.workspace_id, written.made_by)
    return who.id if who and not who.has_left else ""
