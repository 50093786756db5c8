"""Pages leave the chat through outlets, which hear how they end; nothing a buyer wrote goes with them."""

import pytest
from sqlmodel import col, select

from chatops.cards import outlet as cards
from chatops.desk import outlets
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import outlet as questions
from chatops.model import shop as shops
from chatops.model.outlet import Outlet, OutletKind
from chatops.model.ticket import Ticket
from chatops.store import Transaction
from chatops.store.lanes import Delivery
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Teammate

KEY = "0123456789abcdef0123456789abcdef"


def an_outlet(name: str, agent: str | None = None) -> Outlet:
    place = TEAM if agent else None
    return Outlet(name=name, kind=OutletKind.PAGERDUTY, address=KEY, workspace_id=place, agent_id=agent, made_at=NOON)


def said(tx: Transaction) -> list[tuple[str, str]]:
    waiting = tx.all(Delivery, select(Delivery).where(col(Delivery.kind) == "outlet"))
    return [(one.args["outlet"], one.args["turn"]) for one in sorted(waiting, key=lambda one: (one.lane, one.seq))]


def test_what_was_called_hears_how_the_page_ends(tx: Transaction, asked: BuyerThere) -> None:
    ticket = tx.one(Ticket, select(Ticket))
    assert ticket is not None
    for name in ("front", "night"):
        outlets.add(tx, an_outlet(name))
    assert outlets.call(tx, "p1", ticket, ["front", "front", "nobody"], {"due_at": NOON.isoformat()}, NOON) == 1
    outlets.acknowledged(tx, "p1", ticket, NOON)
    outlets.ended(tx, "p1", ticket, NOON)
    assert said(tx) == [("front", "trigger"), ("front", "acknowledge"), ("front", "resolve")]
    waiting = tx.all(Delivery, select(Delivery).where(col(Delivery.kind) == "outlet"))
    assert not any("Hello" in str(one.args) or KEY in str(one.args) for one in waiting)


def test_an_agents_own_outlet_is_found_and_forgotten(tx: Transaction, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    outlets.add(tx, an_outlet("li's phone", li.name))
    outlets.add(tx, an_outlet("li's phone", li.name))
    assert outlets.of_agent(tx, TEAM, li.name) == ["li's phone"]
    held = questions.get(tx, "li's phone")
    assert held is not None
    assert (held.address, KEY in repr(held)) == (KEY, False)
    assert outlets.remove(tx, "li's phone")
    assert not outlets.remove(tx, "li's phone")


@pytest.mark.parametrize(
    ("name", "agent", "problem"),
    [("phone", "nobody", "nobody here"), ("", None, "no name"), (" two  blanks", None, "no name")],
)
def test_an_outlet_of_nobody_or_without_a_name_is_refused(
    tx: Transaction, name: str, agent: str | None, problem: str
) -> None:
    with pytest.raises(SetupError, match=problem):
        outlets.add(tx, an_outlet(name, agent))


def test_the_call_names_the_shop_and_the_instant_in_the_readers_zone(tx: Transaction, asked: BuyerThere) -> None:
    ticket, shop = tx.one(Ticket, select(Ticket)), shops.get(tx, SHOP)
    assert ticket is not None
    assert shop is not None
    with language("en"):
        assert "7:00" in cards.summary(ticket, shop, NOON, "Asia/Jakarta")
        assert "1:00" in cards.summary(ticket, shop, NOON, "")  # London in May
        assert cards.summary(ticket, shop, None, "") == f"maomao-gb: you are called to ticket {ticket.id}."
