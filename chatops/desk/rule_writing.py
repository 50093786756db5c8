"""Leads write rules in the chat: what they wrote is kept as their draft, tried, and put in place when they say so."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from chatops.catalog import Verb
from chatops.desk import rulebooks
from chatops.errors import BadRule, Refusal, Refused
from chatops.model import rulebook
from chatops.model.agent import Agent
from chatops.model.rulebook import DRAFT, NEW, RulebookName, RuleDraft, Trial, split_ref
from chatops.rules import rulefile
from chatops.store.transaction import Transaction

MOST_TICKETS, MOST_ANSWERS = 250, 100  # of last week: somebody waits while they are looked at


def keep(tx: Transaction, agent: Agent, ref: str, values: Mapping[str, str], now: datetime) -> None:
    """Keep what a form holds as somebody's draft, whatever it says.

    Raises:
        Refused: it is about a draft that is not there any more.
        NotUnderstood: it is about a rule that never was.
    """
    name, version, place = split_ref(ref)
    before = rulebook.draft(tx, agent.workspace_id, agent.id, name)
    if place == DRAFT and before is None:
        raise Refused(Refusal.STALE)
    rule = before.rule if before and place == DRAFT else rulebook.rule_at(tx, name, version, place)
    if rule not in rulefile.texts(rulebook.text(tx, name)):
        rule = NEW  # somebody took it out meanwhile
    pieces = (values.get(part, "").strip("\n") for part in ("text", "rest"))
    written = {
        "version": version,
        "rule": rule,
        "text": "\n".join(piece for piece in pieces if piece.strip()),
        "sample": values.get("sample", "").strip(),
        "written_at": now,
    }
    key = {"workspace_id": agent.workspace_id, "agent_id": agent.id, "name": name}
    tx.execute(tx.upsert(RuleDraft, key | written, tuple(key), written))


def tried(tx: Transaction, draft: RuleDraft, now: datetime) -> Trial:
    """Return what a draft would change.

    Raises:
        Refused: what is wrong with it, or that the rules have changed since it was begun.
    """
    text = _whole(tx, draft)
    try:
        changes = tuple(rulebooks.compare(tx, draft.name, text))
    except BadRule as bad:
        raise bad.why from None
    if draft.name is RulebookName.LINT:
        looked_at, *held = rulebooks.held_last_week(tx, text, now, MOST_ANSWERS)
        return Trial(text, changes, looked_at, held=(held[0], held[1]))
    levels = rulebooks.last_week(tx, text, now, MOST_TICKETS)
    return Trial(text, changes, sum(one.now for one in levels), tuple((*one,) for one in levels))


def _whole(tx: Transaction, draft: RuleDraft) -> str:
    """Return the rulebook with a draft in it."""
    if draft.version != rulebook.number(tx, draft.name):
        raise Refused(Refusal.RULES_CHANGED)
    try:
        return rulefile.replaced(rulebook.text(tx, draft.name), draft.rule, draft.text)
    except BadRule as bad:
        raise bad.why from None


def save(tx: Transaction, agent: Agent, ref: str, _values: Mapping[str, str], now: datetime) -> None:
    """Let somebody's draft count, the one that was tried: `ref` tells which.

    Raises:
        Refused: it is another one by now, it makes no sense, or the rules have changed since it was begun.
    """
    name, _, reading = split_ref(ref)
    draft = rulebook.draft(tx, agent.workspace_id, agent.id, name)
    if draft is None or draft.reading != reading:
        raise Refused(Refusal.STALE)
    _apply(tx, name, _whole(tx, draft), now, agent)
    tx.execute(
        delete(RuleDraft).where(
            col(RuleDraft.workspace_id) == agent.workspace_id,
            col(RuleDraft.agent_id) == agent.id,
            col(RuleDraft.name) == name,
        )
    )


def go_back(tx: Transaction, agent: Agent, ref: str, _values: Mapping[str, str], now: datetime) -> None:
    """Let the version before the one that counts count again, as a new one.

    Raises:
        Refused: another one counts by now.
    """
    name, version, _ = split_ref(ref)
    text = rulebook.version(tx, name, version - 1)
    if version != rulebook.number(tx, name) or text is None:
        raise Refused(Refusal.RULES_CHANGED)
    _apply(tx, name, text, now, agent)


def _apply(tx: Transaction, name: RulebookName, text: str, now: datetime, agent: Agent) -> None:
    try:
        rulebooks.apply(tx, name, text, now, agent)
    except BadRule as bad:
        raise bad.why from None


BY_VERB: Mapping[Verb, Callable[[Transaction, Agent, str, Mapping[str, str], datetime], None]] = {
    Verb.RULE_WRITE: keep,
    Verb.RULE_SAVE: save,
    Verb.RULES_BACK: go_back,
}
