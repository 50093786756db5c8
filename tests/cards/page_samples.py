"""One of everything that a page shows in a direct message or a channel."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from chatops.cards import page
from chatops.cards.page import Called
from chatops.cards.ticket import head
from chatops.model.macro import Macro
from chatops.model.page import How, Page, Standing, Why
from chatops.rules.escalation import PageState
from chatops.rules.targets import Urgency
from chatops.ui import Card
from tests.cards.samples import LI, MIA, NOW, SHOP, ticket

URL = "https://acme.slack.com/archives/C1/p1"


WORDS = "Where is my *parcel*? <!channel>"


def called(name: str = "Mia", said: str = WORDS, minutes: float | None = 3.5, **facts: Any) -> Called:
    """Return a page about a ticket whose time runs out in so many minutes."""
    whole = {
        "shop_id": SHOP.id,
        "ticket_id": f"{name}.1",
        "number": 1,
        "workspace_id": "T1",
        "escalation": "front",
        "revision": 1,
        "why": Why.WARN,
        "urgency": Urgency.PAGE,
        "due_at": None if minutes is None else NOW + timedelta(minutes=minutes),
        "opened_at": NOW,
        "loop_began_at": NOW,
        "ends_at": NOW + timedelta(minutes=10),
        "state": PageState.CALLING,
    }
    macro = Macro(id="where", name="Where is it", folder="Delivery") if name == "Mia" else None
    return Called(Page(**{**whole, **facts}), name, SHOP.name, said, URL, macro)


def direct(*listed: Called) -> Callable[[], Card]:
    """Return the direct message about pages."""
    return lambda: page.direct(listed, NOW)


OVER = called("Bo", state=PageState.OVER)
TAKEN = called("Cy", state=PageState.ACKNOWLEDGED, acknowledged_by=LI.id, how=How.TAKEN)
PUT_OFF = called("Di", state=PageState.ACKNOWLEDGED, acknowledged_by=LI.id, how=How.SNOOZED)


def card(workspace_id: str = "T1", **facts: Any) -> Callable[[], Card]:
    """Return the card of Mia's ticket, for whose page somebody is called since a minute."""
    standing = Standing(called(**facts).page, NOW - timedelta(minutes=1))
    return lambda: head(ticket(), SHOP, MIA, None, workspace_id, paged=standing)


HEARD: dict[str, Any] = {"state": PageState.ACKNOWLEDGED, "acknowledged_by": LI.id, "acknowledged_at": NOW}
PAGES: Mapping[str, Callable[[], Card]] = {
    "one": direct(called()),
    "too late, nothing said": direct(called("Ann", "", minutes=-2, why=Why.BREACH)),
    "asked for": direct(called("Ann", minutes=None, why=Why.ASKED, asked_by=LI.id, words="She is *furious*")),
    "several, the most urgent first": direct(called("Ann", minutes=20), called(), OVER, TAKEN, PUT_OFF),
    "very many": direct(*(called(f"Buyer {number}", minutes=number) for number in range(1, 21))),
    "nobody needed any more": direct(OVER),
    "somebody has it": direct(TAKEN, PUT_OFF),
    "in a channel": partial(page.in_channel, called(), "step"),
    "in a channel, nobody to call": partial(page.in_channel, called(), "fallback"),
    "on the card": card(called=[f"agent {LI.id}", "channel C1", "team Night *shift*"]),
    "on the card, in another workspace": card("T2", called=[f"agent {LI.id}"]),
    "on the card, nobody came": card(state=PageState.EXHAUSTED),
    "on the card, somebody has it": card(how=How.TAKEN, **HEARD),
    "on the card, put off": card(how=How.SNOOZED, **HEARD),
    "on the card, outside of the chat": card(how=How.OUTSIDE, **(HEARD | {"acknowledged_by": ""})),
    "in a channel, nobody answered": partial(page.in_channel, called(minutes=-1, why=Why.BREACH), "exhausted"),
}
