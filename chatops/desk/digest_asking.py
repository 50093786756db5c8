"""Anybody of the team asks how days went: what was told of them is said again, else it is counted for them."""

from collections.abc import Mapping
from datetime import datetime

from chatops import outbox_digest as outbox
from chatops.catalog import Verb
from chatops.desk import digest_lacks, digests, report_links, team
from chatops.desk.time_writing import Act, Values
from chatops.digest import asking, sections
from chatops.digest.asking import Wish
from chatops.errors import Refusal, Refused
from chatops.model import digest as model
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.rules.asked_time import Form
from chatops.store.transaction import Transaction


def asked(tx: Transaction, agent: Agent, words: str, now: datetime, channel_id: str = "") -> None:
    """Let a digest come to somebody as a direct message or a file, or to the channel where they ask for that.

    Raises:
        Refused: it is not clear of what; a section is not told of one person or team; or it is for leads: others see
            it, or people are put in an order.
    """
    wish, workspace = asking.wished(tx, agent, words, now), workspaces.get(tx, agent.workspace_id)
    if workspace is None or (wish.here and not channel_id):
        raise Refused(Refusal.STALE)
    for section in filter(None, map(sections.named, wish.keys)):
        asking.must_fit(wish.scope, section)
    if wish.here or wish.ranked or wish.form in (Form.REPORT, Form.LINK):
        team.must_lead(tx, agent, Verb.DIGEST)
    place = (channel_id, "") if wish.here else ("", "")
    locale = workspace.locale if wish.here else agent.locale or workspace.locale
    form = "" if wish.form is Form.POST else wish.form.value
    if not _told_again(tx, agent, wish, place, locale, form, now):
        digests.ask(
            tx,
            workspace,
            agent.id,
            wish.scope,
            wish.window,
            place,
            now,
            keys=wish.keys,
            locale=locale,
            compare=wish.compare,
            ranked=wish.ranked,
            form=form,
        )


def _handing(form: Form) -> Act:
    """Return what hands the numbers of a digest, by its number, to whoever presses the button below it."""

    def act(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
        digest = model.read_by(tx, agent.workspace_id, agent.id, ref)
        if digest is None:
            raise Refused(Refusal.STALE)
        outbox.file(tx, digest, agent.id, form.value, now)

    return act


def _again(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    digest_lacks.send_again(tx, agent, ref, now)


def _withdrawn(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    report_links.withdraw(tx, agent, ref, now)


BY_VERB: Mapping[Verb, Act] = {
    Verb.DIGEST_CSV: _handing(Form.CSV),
    Verb.DIGEST_JSON: _handing(Form.JSON),
    Verb.DIGEST_AGAIN: _again,
    Verb.REPORT_LINK: _handing(Form.LINK),
    Verb.REPORT_UNLINK: _withdrawn,
}


def _told_again(
    tx: Transaction, agent: Agent, wish: Wish, place: tuple[str, str], locale: str, form: str, now: datetime
) -> bool:
    """Say again what a plan told of the same days and work; False when none did."""
    told = asking.kept_for(tx, wish, digests.fitting(wish.scope, wish.keys))
    if told is None or (form and wish.keys):
        return False
    if form:
        outbox.file(tx, told, agent.id, form, now)
        return True
    keys = wish.keys or told.sections
    numbers, before = ({key: one[key] for key in keys if key in one} for one in (told.numbers, told.before))
    facts = {"sections": list(keys), "numbers": numbers, "before": before if wish.compare else {}}
    digests.again(tx, told, agent.id, place, now, locale=locale, ranked=wish.ranked, **facts)
    return True
