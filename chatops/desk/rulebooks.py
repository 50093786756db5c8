"""Putting a rulebook in place of the one before, and trying rules before they count."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from chatops.desk import triage
from chatops.errors import BadRule, Refusal, SetupError
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model import rulebook
from chatops.model import shop as shops
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.lint import hits as found
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.rules import languages, lint
from chatops.rules import triage as triage_rules
from chatops.rules.lint import Hit
from chatops.rules.triage import Arrival, Proposal
from chatops.store.transaction import Transaction

A_WEEK = timedelta(days=7)


def must_be_read(name: RulebookName, text: str) -> dict[str, lint.Rule | triage_rules.Rule]:
    """Return the rules of a rulebook by their ids.

    Raises:
        SetupError: what is wrong with it.
    """
    if name is RulebookName.LINT:
        return {rule.id: rule for rule in lint.read(text)}
    return {rule.id: rule for rule in rulebook.read_triage(text)}


def _counting(tx: Transaction, name: RulebookName) -> dict[str, lint.Rule | triage_rules.Rule]:
    """Return the rules that count by their ids, also while the starter stands in for what nobody can read any more."""
    rules = rulebook.lint_rules(tx) if name is RulebookName.LINT else rulebook.triage_rules(tx)
    return {rule.id: rule for rule in rules}


def _must_know_shops(tx: Transaction, rules: Mapping[str, lint.Rule | triage_rules.Rule]) -> None:
    known = {shop.name for shop in shops.every(tx)}
    for rule in rules.values():
        if strange := [name for name in rule.shops if name not in known]:
            said = f"the rule {rule.id} is for a shop {strange[0]}"
            facts = {"rule": rule.id, "found": strange[0]}
            raise BadRule(said, "Use the names of desk.toml.", Refusal.RULE_NONSENSE, **facts)


def compare(tx: Transaction, name: RulebookName, text: str) -> list[str]:
    """Return which rules another text would add (+), change (~) and take away (-).

    Raises:
        SetupError: what is wrong with it.
    """
    before, after = _counting(tx, name), must_be_read(name, text)
    _must_know_shops(tx, after)
    changes = [f"+ {rule}" for rule in after if rule not in before]
    changes += [f"~ {rule}" for rule in after if rule in before and before[rule] != after[rule]]
    return changes + [f"- {rule}" for rule in before if rule not in after]


def apply(tx: Transaction, name: RulebookName, text: str, now: datetime, agent: Agent | None = None) -> int:
    """Let a text count from now on; the versions before it stay. Return the number of the new one.

    Raises:
        SetupError: what is wrong with it, or somebody else was faster.
    """
    _must_know_shops(tx, must_be_read(name, text))
    version = rulebook.number(tx, name) + 1
    made_by = {"made_by_workspace": agent.workspace_id, "made_by": agent.id} if agent else {}
    if not tx.insert_ignore(Rulebook(name=name, version=version, text=text, applied_at=now, **made_by)):
        raise BadRule("the rules have just been changed", "Look at them, then try again.", Refusal.RULES_CHANGED)
    return version


def overdue(tx: Transaction, now: datetime) -> list[str]:
    """Return the lint rules that somebody should have looked at again by now."""
    return [rule.id for rule in rulebook.lint_rules(tx) if rule.review_by < now.date()]


def try_answer(tx: Transaction, text: str, shop_name: str, language: str, rules: str = "") -> list[Hit]:
    """Return what the rules (of a text, or those that count) find in an answer to a buyer who reads `language`."""
    shop, market = _shop(tx, shop_name)
    known = lint.read(rules or rulebook.text(tx, RulebookName.LINT))
    spoken = languages.detect(text, [language] if language else languages.likely(market, shop))
    among = languages.used(market, shop, language) if shop else ()
    return lint.check(text, known, market=market, shop=shop_name, language=spoken, expected=language, among=among)


def try_arrival(tx: Transaction, text: str, shop_name: str, kind: str, rules: str = "") -> tuple[str, Proposal]:
    """Return the language of a buyer's words, and what the rules (of a text, or those that count) propose."""
    shop, market = _shop(tx, shop_name)
    known = rulebook.read_triage(rules or rulebook.text(tx, RulebookName.TRIAGE))
    spoken = languages.detect(text, languages.likely(market, shop))
    arrival = Arrival(text=text, language=spoken, kind=kind, shop=shop_name, market=market)
    return spoken, triage_rules.propose(arrival, known)


def _shop(tx: Transaction, name: str) -> tuple[str, str]:
    """Return a shop's language and region, by its name; of none, nothing.

    Raises:
        SetupError: there is no such shop.
    """
    if not name:
        return "", ""
    found = next((shop for shop in shops.every(tx) if shop.name == name), None)
    if found is None:
        raise SetupError(f"there is no shop {name}", "Use a name from desk.toml.")
    return found.locale, found.region


class Levels(NamedTuple):
    """How many of last week's tickets have a level, and how many would have it by the rules."""

    level: str
    now: int
    by_rules: int


def last_week(tx: Transaction, rules: str, now: datetime, most: int | None = None) -> list[Levels]:
    """Return what the rules of a text make of last week's tickets (the newest so many), by their buyers' first words.

    Raises:
        SetupError: what is wrong with the text.
    """
    known = rulebook.read_triage(rules)
    named = {shop.id: shop for shop in shops.every(tx)}
    lately = tickets.opened_since(tx, now - A_WEEK, most)
    held = Counter(ticket.level or "" for ticket in lately)
    found = Counter(triage_rules.propose(_arrival(tx, ticket, named[ticket.shop_id]), known).level for ticket in lately)
    return [Levels(level, held[level], found[level]) for level in ("", *rulebook.LEVELS)]


def held_last_week(tx: Transaction, rules: str, now: datetime, most: int) -> tuple[int, int, int]:
    """Return how many of last week's newest answers were looked at, how many the rules hold, how many a text's would.

    Raises:
        SetupError: what is wrong with the text.
    """
    known, counting = lint.read(rules), rulebook.lint_rules(tx)
    lately = [
        (ticket, message.text)
        for message in messages.sent_since(tx, now - A_WEEK, most)
        if (ticket := tickets.get(tx, message.shop_id, message.ticket_id or ""))
    ]
    held, would_be = (sum(bool(found(tx, *one, by)) for one in lately) for by in (counting, known))
    return len(lately), held, would_be


def _arrival(tx: Transaction, ticket: Ticket, shop: Shop) -> Arrival:
    """Return what a ticket was opened with."""
    first = messages.first_asked(tx, ticket.shop_id, ticket.id)
    conversation = conversations.get(tx, ticket.shop_id, ticket.conversation_id)
    if conversation is None:
        raise AssertionError("a ticket belongs to a conversation")
    return triage.arrival(conversation, shop, ticket, first.text if first else "")
