"""What the rules find in an answer to a ticket's buyer."""

from collections.abc import Sequence

from chatops.model import conversation as conversations
from chatops.model import history, rulebook
from chatops.model import shop as shops
from chatops.model.ticket import Ticket
from chatops.rules import languages, lint
from chatops.rules.lint import About, Hit, Rule
from chatops.store.transaction import Transaction


def hits(tx: Transaction, ticket: Ticket, text: str, rules: Sequence[Rule] | None = None) -> list[Hit]:
    """Return what is to be looked at before an answer leaves, what a lead must approve first; by `rules` if given."""
    shop = shops.get(tx, ticket.shop_id)
    market, name = (shop.region, shop.name) if shop else ("", "")
    expected = conversations.known_language(ticket, conversations.get(tx, ticket.shop_id, ticket.conversation_id))
    # Nobody waits here for the model to be read: while it is not, the script tells the language or nothing does.
    tells = languages.detect if languages.is_loaded() else languages.by_script
    spoken = tells(text, [expected] if expected else [])
    found = lint.check(
        text,
        rulebook.lint_rules(tx) if rules is None else rules,
        market=market,
        shop=name,
        language=spoken,
        expected=expected,
        among=languages.used(market, shop.locale if shop else "", expected),
    )
    if any(hit.rule.about is About.LANGUAGE for hit in found) and _answered_so(tx, ticket):
        return [hit for hit in found if hit.rule.about is not About.LANGUAGE]
    return found


def _answered_so(tx: Transaction, ticket: Ticket) -> bool:
    """Tell whether somebody chose already to answer this ticket in another language: that is asked once."""
    overridden = history.lines(tx, ticket.shop_id, ticket.id, "sent_anyway")
    return any(About.LANGUAGE in line.facts.get("about", "").split() for line in overridden)


def facts(hits: Sequence[Hit]) -> dict[str, str]:
    """Return what the history keeps of what was found: which rules, and what they guard against."""
    rules = {hit.rule.id: hit.rule.about for hit in hits}
    return {"rules": " ".join(rules), "about": " ".join(dict.fromkeys(rules.values()))}
