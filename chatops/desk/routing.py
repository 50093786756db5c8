"""Where a ticket's threads are, and where they would be if the routes were others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chatops.model import conversation as conversations
from chatops.model import shop as shops
from chatops.model import ticket as tickets
from chatops.model.shop import Route
from chatops.model.ticket import Ticket
from chatops.rules.routing import best
from chatops.store.transaction import Transaction

A_WEEK = timedelta(days=7)

Place = tuple[str, str]  # workspace and channel


def routes_of(tx: Transaction, ticket: Ticket) -> list[Route]:
    """Return the routes that fit a ticket best, as it stands now."""
    return _best(tx, ticket, shops.routes(tx, ticket.shop_id, ticket.kind))


def last_week(tx: Transaction, planned: Sequence[Route], now: datetime) -> list[tuple[Place, int, int]]:
    """Return how many of last week's tickets each channel would get, by the routes as they are and as planned."""
    lately = tickets.opened_since(tx, now - A_WEEK)
    held = shops.every_route(tx)
    before, after = (_places(tx, lately, routes) for routes in (held, planned))
    return [(place, before[place], after[place]) for place in sorted(before | after)]


def _places(tx: Transaction, lately: Iterable[Ticket], routes: Sequence[Route]) -> Counter[Place]:
    by_key: dict[tuple[str, str], list[Route]] = {}
    for route in routes:
        by_key.setdefault((route.shop_id, route.kind), []).append(route)
    return Counter(
        (route.workspace_id, route.channel_id)
        for ticket in lately
        for route in _best(tx, ticket, by_key.get((ticket.shop_id, ticket.kind), []))
    )


def _best(tx: Transaction, ticket: Ticket, routes: Sequence[Route]) -> list[Route]:
    if not any(route.has_conditions for route in routes):
        return list(routes)
    shop = shops.get(tx, ticket.shop_id)
    conversation = conversations.get(tx, ticket.shop_id, ticket.conversation_id)
    if shop is None:
        return []
    language = conversations.language_of(ticket, conversation, shop)
    return best(routes, market=shop.region, language=language, level=ticket.level or "")
