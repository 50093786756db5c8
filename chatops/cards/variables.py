"""What the variables of prepared answers are called, and how their values are typed."""

from collections.abc import Callable, Mapping

from chatops.i18n import _
from chatops.words import one_line

LABELS: Mapping[str, Callable[[], str]] = {
    "buyer.name": lambda: _("The buyer's name"),
    "order.id": lambda: _("Order number"),
    "order.items": lambda: _("Items"),
    "order.total": lambda: _("Total"),
    "order.tracking": lambda: _("Tracking number"),
    "order.tracking_url": lambda: _("Tracking link"),
    "order.eta": lambda: _("Expected delivery"),
    "shop.name": lambda: _("Shop"),
    "agent.name": lambda: _("Your name"),
    "agent.first_name": lambda: _("Your first name"),
    # what the answers that come with the product ask for
    "back_at": lambda: _("Back at"),
    "offer.amount": lambda: _("Amount off"),
    "product.contents": lambda: _("What is in the box"),
    "product.material": lambda: _("Material"),
    "product.price": lambda: _("Price"),
    "product.protection": lambda: _("Water protection"),
    "product.source": lambda: _("Where we get it from"),
    "refund.date": lambda: _("Refund started on"),
    "shipping.days": lambda: _("Days until it arrives"),
    "shipping.free_from": lambda: _("Free shipping from"),
}

HINTS: Mapping[str, Callable[[], str]] = {
    "date": lambda: _("A day such as 2026-05-24, or your own words"),
    "time": lambda: _("A time such as 09:30, or your own words"),
    "money": lambda: _("An amount such as 12.50"),
    "number": lambda: _("A number"),
    "plural": lambda: _("A number"),
}


def label(name: str) -> str:
    """Return what a variable is called; one that whoever wrote the macro made up, by its own name."""
    known = LABELS.get(name)
    return known() if known else one_line(name.replace(".", " ").replace("_", " "))


def hint(form: str) -> str:
    """Return how a value for a variable's form is typed, "" when any words do."""
    known = HINTS.get(form)
    return known() if known else ""
