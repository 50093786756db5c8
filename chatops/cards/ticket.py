"""The ticket at the head of its thread."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from chatops.cards import clock as clock_words
from chatops.cards import page as page_words
from chatops.cards.forms import more
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.i18n import _, country, language_name, moment, money, ngettext, weave
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.conversation import Buyer
from chatops.model.page import Standing
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket, TicketPriority, TicketState
from chatops.refs import ticket_ref
from chatops.rules.clock import ClockState
from chatops.ui import (
    Button,
    Card,
    Controls,
    Field,
    Fields,
    Inline,
    Line,
    Mention,
    Moment,
    MomentStyle,
    Small,
    Tone,
)
from chatops.words import KINDS, LEVELS, PRIORITIES, buyer_name, one_line, side_by_side

ITEMS = 5  # of an order; the rest is counted
LOUD = (TicketPriority.HIGH, TicketPriority.URGENT)

STATES: Mapping[TicketState, Callable[[], str]] = {
    TicketState.OPEN: lambda: _("Open"),
    TicketState.RESOLVED: lambda: _("Resolved"),
}


def _cancelled() -> str:
    return _("Cancelled")


ORDER_STATUS: Mapping[str, Callable[[], str]] = {
    "UNPAID": lambda: _("Not paid yet"),
    "ON_HOLD": lambda: _("On hold"),
    "AWAITING_SHIPMENT": lambda: _("To be shipped"),
    "PARTIALLY_SHIPPING": lambda: _("Partly shipped"),
    "AWAITING_COLLECTION": lambda: _("Waiting for the carrier"),
    "IN_TRANSIT": lambda: _("On the way"),
    "DELIVERED": lambda: _("Delivered"),
    "COMPLETED": lambda: _("Completed"),
    "CANCELLED": _cancelled,
    "CANCEL": _cancelled,  # as webhooks spell it
}


def head(
    ticket: Ticket,
    shop: Shop,
    buyer: Buyer | None,
    assignee: Agent | None,
    workspace_id: str = "",
    language: str = "",
    pinned: str = "",
    clock: Clock | None = None,
    paged: Standing | None = None,
) -> Card:
    """Return the card of a ticket.

    `workspace_id` is the workspace that reads the card: an assignee from another one is named, not mentioned.
    `language` is the buyer's, "" while it is not known; `pinned` are the words that somebody put on the card; `clock`
    is the most urgent one that runs, `paged` how its page stands.
    """
    name = buyer_name(buyer, ticket.buyer_id)
    claimed_by = _claimed_by(ticket, assignee, workspace_id)
    called = [page_words.on_card(paged, workspace_id)] if paged else []
    return Card(
        title=name,
        tone=_tone(ticket, clock),
        summary=_summary(ticket, shop, name, assignee, clock),
        parts=(
            Fields((*_work(ticket, shop, claimed_by, language, clock), *called, *_order(ticket))),
            *_small(ticket, buyer),
            *([Small((f"📌 {one_line(pinned, PINNED)}",))] if pinned else []),
            Controls((*_buttons(ticket), more(ticket))),
        ),
        labels=_labels(ticket),
        unlabelled=tuple(label for label in _every_label() if label not in _labels(ticket)),
        closed=ticket.state is TicketState.RESOLVED,
    )


def state_labels() -> tuple[str, ...]:
    """Return every word for a ticket's state that a card may be labelled with."""
    return tuple(said() for said in STATES.values())


def _labels(ticket: Ticket) -> tuple[str, ...]:
    """Return what a ticket is labelled with; a forum shows those that it has a tag for."""
    rests = (_("Snoozed"),) if ticket.snoozed_until else ()
    level = (LEVELS[ticket.level](),) if ticket.level else ()
    urgent = (PRIORITIES[ticket.priority](),) if ticket.priority in LOUD else ()
    return (STATES[ticket.state](), *rests, *urgent, *level)


def _every_label() -> tuple[str, ...]:
    levels, priorities = (said() for said in LEVELS.values()), (PRIORITIES[priority]() for priority in LOUD)
    return (*state_labels(), _("Snoozed"), *priorities, *levels)


def order_status(status: str) -> str:
    """Return an order's status in words; one that nobody here knows, as the platform writes it."""
    known = ORDER_STATUS.get(status)
    return known() if known else one_line(status)


def _claimed_by(ticket: Ticket, assignee: Agent | None, workspace_id: str) -> Inline:
    if not ticket.assignee_id:
        return _("Nobody yet")
    if workspace_id in ("", ticket.assignee_workspace_id):
        return Mention(ticket.assignee_id)
    return _name(assignee)


def _name(agent: Agent | None) -> str:
    return (one_line(agent.name) if agent else "") or _("A teammate")


def _work(ticket: Ticket, shop: Shop, claimed_by: Inline, language: str, clock: Clock | None) -> list[Field]:
    about = (KINDS[ticket.kind](), LEVELS[ticket.level]() if ticket.level else "", language and language_name(language))
    team = (" · ", one_line(ticket.team)) if ticket.team else ()
    fields = [
        Field(_("Shop"), (_market(shop),)),
        Field(_("About"), (side_by_side(*about),)),
        Field(_("State"), _state(ticket)),
        Field(_("Claimed by"), (claimed_by, *team)),
    ]
    if ticket.waiting_since:
        fields.append(Field(_("Waiting since"), (_ago(ticket.waiting_since),)))
    elif ticket.answered_at:
        fields.append(Field(_("Answered"), (_ago(ticket.answered_at),)))
    return fields if clock is None else [*fields, clock_words.on_card(clock)]


def _state(ticket: Ticket) -> Line:
    """Return how a ticket stands: its priority unless that is normal, who was called, until when it rests."""
    pieces: list[Line] = [(STATES[ticket.state](),)]
    if ticket.priority is not TicketPriority.NORMAL:
        pieces.append((PRIORITIES[ticket.priority](),))
    if ticket.escalated_at:
        pieces.append((_("lead called"),))
    if ticket.snoozed_until:
        pieces.append(weave("rests until {when}", when=_at(ticket.snoozed_until)))
    return tuple(inline for number, piece in enumerate(pieces) for inline in ((" · ",) if number else ()) + piece)


PINNED = 300  # characters of what somebody put on the card


def _small(ticket: Ticket, buyer: Buyer | None) -> Iterator[Small]:
    blocked = _("This buyer is blocked.") if buyer and buyer.blocked_at else ""
    tier = _("Buyer's tier: {name}", name=one_line(buyer.tier)) if buyer and buyer.tier else ""
    if said := side_by_side(blocked, tier, " ".join(f"#{one_line(tag)}" for tag in ticket.tags)):
        yield Small((said,))


def _order(ticket: Ticket) -> list[Field]:
    if not ticket.order_id:
        return []
    facts = (
        (_("Newest order"), ticket.order_id),
        (_("Order status"), order_status(ticket.order_status)),
        (_("Total"), money(ticket.order_total, ticket.order_currency)),
        (_("Items"), _items(ticket.order_items)),
        (_("Tracking number"), one_line(ticket.order_tracking)),
    )
    return [Field(label, (value,)) for label, value in facts if value]


def _items(text: str) -> str:
    items = [one_line(item) for item in text.splitlines() if item.strip()]
    rest = len(items) - ITEMS
    more = [ngettext("and {count} more", "and {count} more", rest)] if rest > 0 else []
    return "\n".join(items[:ITEMS] + more)


def _buttons(ticket: Ticket) -> list[Button]:
    ref = ticket_ref(ticket.shop_id, ticket.id)
    if ticket.state is TicketState.RESOLVED:
        return [button(Verb.REOPEN, ref)]
    claim = [] if ticket.assignee_id else [button(Verb.CLAIM, ref, Tone.GOOD)]
    return [*claim, button(Verb.RESOLVE, ref), button(Verb.MACRO, ref)]


def _summary(ticket: Ticket, shop: Shop, name: str, assignee: Agent | None, clock: Clock | None) -> str:
    taken = _("Claimed by {agent}", agent=_name(assignee)) if ticket.assignee_id else _("Not claimed yet")
    waiting = _("Waiting since {when}", when=moment(ticket.waiting_since)) if ticket.waiting_since else ""
    order = _("Order {number}", number=ticket.order_id) if ticket.order_id else ""
    return side_by_side(
        name,
        _market(shop),
        KINDS[ticket.kind](),
        STATES[ticket.state](),
        taken,
        waiting or (_("Answered") if ticket.answered_at else ""),
        clock_words.in_words(clock) if clock else "",
        order,
        order_status(ticket.order_status) if order else "",
        *_labels(ticket)[1:],
    )


def _tone(ticket: Ticket, clock: Clock | None) -> Tone:
    if ticket.state is TicketState.RESOLVED:
        return Tone.GOOD
    overdue = clock is not None and clock.state is ClockState.BREACHED
    if overdue or ticket.escalated_at or ticket.priority is TicketPriority.URGENT:
        return Tone.BAD
    return Tone.WARN if ticket.waiting_since and not ticket.snoozed_until else Tone.NEUTRAL


def _market(shop: Shop) -> str:
    return side_by_side(shop.name, country(shop.region) if shop.region else "")


def _at(instant: datetime) -> Moment:
    return Moment(instant, MomentStyle.DATE_TIME, moment(instant))


def _ago(instant: datetime) -> Moment:
    return Moment(instant, MomentStyle.AGO, moment(instant))
