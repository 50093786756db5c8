"""What the desk makes of a buyer's words by itself: the language, and what kind of work a ticket is."""

from datetime import datetime

from chatops.desk import chronicle, tickets, tiers
from chatops.model import conversation as conversations
from chatops.model import history, rulebook
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model.conversation import Conversation
from chatops.model.message import Message
from chatops.model.rulebook import LEVELS, PRIORITIES
from chatops.model.shop import Shop
from chatops.model.ticket import Level, Ticket, TicketKind, TicketPriority, TicketState
from chatops.rules import languages, triage
from chatops.rules.triage import Arrival, Proposal
from chatops.store.transaction import Transaction


def heard(tx: Transaction, conversation: Conversation, before: Ticket | None, message: Message) -> Proposal:
    """Remember which language the buyer writes in, and return what the rules make of the message.

    Each rule speaks once about the ticket that is there `before`. Words that tell no language change nothing.
    """
    shop = shops.get(tx, conversation.shop_id)
    if shop is None or not message.text:
        return triage.NOTHING
    _language_heard(tx, conversation, shop, message)
    return _proposal(tx, arrival(conversation, shop, before, message.text), before)


def _language_heard(tx: Transaction, conversation: Conversation, shop: Shop, message: Message) -> None:
    likely = languages.likely(shop.region, shop.locale)
    found = languages.detect(message.text, likely, conversation.language)
    if found != conversation.language:
        tx.update(conversation, language=found)


def arrival(conversation: Conversation, shop: Shop, ticket: Ticket | None, text: str) -> Arrival:
    """Return what the rules are asked about a buyer's words, said in a ticket or (None) opening a new one."""
    return Arrival(
        text=text,
        language=conversations.known_language(ticket, conversation) if ticket else conversation.language,
        kind=ticket.kind if ticket else TicketKind.CHAT,
        order=ticket.order_status if ticket else "",
        tickets=int(ticket.id.rpartition(".")[2]) - 1 if ticket else conversation.tickets,
        shop=shop.name,
        market=shop.region,
        among=languages.used(shop.region, shop.locale),
    )


def _proposal(tx: Transaction, arrived: Arrival, before: Ticket | None) -> Proposal:
    known = rulebook.triage_rules(tx)
    found = triage.propose(arrived, known)
    if before is None or not found.rules:
        return found
    spoken = {
        rule for line in history.lines(tx, before.shop_id, before.id, "triaged") for rule in line.facts["rules"].split()
    }
    return triage.propose(arrived, [rule for rule in known if rule.id not in spoken])


def order_learned(tx: Transaction, conversation: Conversation, ticket: Ticket, now: datetime) -> None:
    """Ask the rules again about an open ticket's first words, now that the order they may be about is known."""
    shop, first = shops.get(tx, ticket.shop_id), messages.first_asked(tx, ticket.shop_id, ticket.id)
    if shop is not None and first is not None and ticket.state is TicketState.OPEN:
        accept(tx, ticket, _proposal(tx, arrival(conversation, shop, ticket, first.text), ticket), now)


def accept(tx: Transaction, ticket: Ticket, proposed: Proposal, now: datetime) -> None:
    """Let what the rules propose raise a ticket's level and priority and add tags; what people chose stays."""
    if proposed.tier:
        tiers.propose(tx, ticket, proposed.tier, now)
    said = (
        history.lines(tx, ticket.shop_id, ticket.id, "triaged", "level_set", "priority_set") if proposed.rules else []
    )
    if not proposed.rules or any(line.facts.get("rules") == " ".join(proposed.rules) for line in said):
        return  # it was opened so
    chosen = {line.what for line in said}
    changed: dict[str, object] = {}
    if proposed.level and "level_set" not in chosen and _higher(LEVELS, proposed.level, ticket.level):
        changed["level"] = Level(proposed.level)
    if proposed.priority and "priority_set" not in chosen and _higher(PRIORITIES, proposed.priority, ticket.priority):
        changed["priority"] = TicketPriority(proposed.priority)
    if new := [tag for tag in proposed.tags if tag not in ticket.tags]:
        changed["tags"] = [*ticket.tags, *new]
    chronicle.note(tx, ticket, "triaged", now, rules=" ".join(proposed.rules))
    if changed:
        tickets.change(tx, ticket, now, **changed)
    if "level" in changed:
        tickets.open_threads(tx, ticket, now)


def _higher(order: tuple[str, ...], proposed: str, current: str | None) -> bool:
    return current is None or order.index(proposed) > order.index(current)
