"""What is said outside the chat about a page: which shop, by when; never what a buyer wrote."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.i18n import _, moment
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.words import one_line


def summary(ticket: Ticket, shop: Shop, due_at: datetime | None, zone: str) -> str:
    """Return a line for somebody in a time zone ("": the shop's)."""
    name = one_line(shop.name)
    if due_at is None:
        return _("{shop}: you are called to ticket {ticket}.", shop=name, ticket=ticket.id)
    return _(
        "{shop}: a buyer waits in ticket {ticket}, the promise ends {when}.",
        shop=name,
        ticket=ticket.id,
        when=moment(due_at, ZoneInfo(zone or shop.timezone)),
    )
