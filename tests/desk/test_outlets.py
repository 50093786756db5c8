"""Pages leave the chat through outlets, which hear how they end; nothing a buyer wrote goes with them."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from chatops.cards import outlet as cards
from chatops.desk import outlets, paging
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import outlet as questions
from chatops.model import page as pages
from chatops.model import shop as shops
from chatops.model.outlet import Outlet, OutletKind
from chatops.model.page import How, Why
from chatops.model.ticket import Ticket
from chatops.rules.escalation import PageState, Step
from chatops.rules.targets import Urgency
from chatops.store import Transaction
from chatops.store.lanes import Delivery
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Desk, Teammate
from tests.desk.test_paging import Paged

KEY = "0123456789abcdef0123456789abcdef"
WORDS = "Where is my parcel"


def an_outlet(name: str, agent: str | None = None) -> Outlet:
    place = TEAM if agent else None
    return Outlet(name=name, kind=OutletKind.PAGERDUTY, address=KEY, workspace_id=place, agent_id=agent, made_at=NOON)


@pytest.fixture
def paged(desk: Desk, li: Teammate, noor: Teammate) -> Paged:
    """A desk that calls Li and Noor, and PagerDuty besides."""
    made = Paged(desk)
    made.escalates((Step(("rotation desk", "outlet front", "outlet gone"), "5m"), Step(("agent boss",), "10m")))
    outlets.add(desk.tx, an_outlet("front"))
    outlets.add(desk.tx, an_outlet("li's phone", "li"))
    outlets.add(desk.tx, an_outlet("boss's phone", "boss"))
    return made


def calls(desk: Desk, buyer: BuyerThere) -> None:
    """Let a promise about the buyer's ticket call for somebody, and nothing leave yet."""
    assert paging.summon(desk.tx, desk.ticket(buyer), "front", Why.WARN, Urgency.PAGE, desk.now, desk.now)


def rings_up(desk: Desk) -> None:
    """Let the direct message reach Li that was begun."""
    one = pages.newest_summons(desk.tx, TEAM, "li")
    assert one is not None
    if not one.message_id:
        paging.told(desk.tx, one, {page.key for page in pages.listed(desk.tx, one)}, "D0LI", "1.1", desk.now)


def waiting(tx: Transaction) -> list[Delivery]:
    """Return what waits to leave the chat, in order."""
    return tx.all(Delivery, select(Delivery).where(col(Delivery.kind) == "outlet").order_by(col(Delivery.seq)))


def said(tx: Transaction) -> set[tuple[str, str]]:
    assert not any(WORDS in str(one.args) or KEY in str(one.args) for one in waiting(tx))
    return {(one.args["outlet"], one.args["turn"]) for one in waiting(tx)}


CALLED = {("front", "trigger"), ("li's phone", "trigger")}


def test_what_was_called_hears_who_has_the_page_and_how_it_ends(desk: Desk, paged: Paged) -> None:
    mia = desk.buyer("mia")
    mia.says(WORDS)
    calls(desk, mia)
    assert said(desk.tx) == CALLED
    ticket, boss = desk.ticket(mia), agents.get(desk.tx, TEAM, "boss")
    assert boss is not None
    assert paging.acknowledged(desk.tx, ticket, boss, desk.now, How.TAKEN)
    heard = {name for name, _ in CALLED}
    assert said(desk.tx) == CALLED | {(name, "acknowledge") for name in heard}
    paging.settle(desk.tx, ticket, "met", desk.now)
    assert said(desk.tx) >= {(name, "resolve") for name in heard}


def test_somebody_acknowledges_outside_once_and_only_what_is_ours(desk: Desk, paged: Paged) -> None:
    mia = desk.buyer("mia")
    mia.says(WORDS)
    calls(desk, mia)
    key = paged.page(mia).key
    assert not paging.acknowledged_outside(desk.tx, "another's key", "Ana", desk.now)
    assert not paging.acknowledged_outside(desk.tx, f"{key}7", "Ana", desk.now)
    assert paging.acknowledged_outside(desk.tx, key, "Ana <!channel>", desk.now)
    assert not paging.acknowledged_outside(desk.tx, key, "Ana", desk.now)
    assert (paged.page(mia).state, paged.page(mia).how) == (PageState.ACKNOWLEDGED, How.OUTSIDE)
    assert said(desk.tx) == CALLED | {(name, "acknowledge") for name, _ in CALLED}, "nothing else goes on ringing"


def test_what_was_acknowledged_outside_before_a_page_called_again_does_not_count_twice(
    desk: Desk, paged: Paged
) -> None:
    mia = desk.buyer("mia")
    mia.says(WORDS)
    calls(desk, mia)
    key = paged.page(mia).key
    assert paging.acknowledged_outside(desk.tx, key, "Ana", desk.now, "event-1")
    paged.passes(minutes=31)
    assert paged.page(mia).state is PageState.CALLING
    assert not paging.acknowledged_outside(desk.tx, key, "Ana", desk.now, "event-1")
    assert paged.page(mia).state is PageState.CALLING
    assert paging.acknowledged_outside(desk.tx, key, "Ana", desk.now, "event-2")


def test_what_was_acknowledged_rings_anew_outside_when_the_page_calls_again(desk: Desk, paged: Paged) -> None:
    mia = desk.buyer("mia")
    mia.says(WORDS)
    calls(desk, mia)
    boss = agents.get(desk.tx, TEAM, "boss")
    assert boss is not None
    paging.acknowledged(desk.tx, desk.ticket(mia), boss, desk.now, How.TAKEN)
    desk.now += timedelta(minutes=30)
    paging.climb_due(desk.tx, desk.now)
    turns = [one.args["turn"] for one in waiting(desk.tx) if one.args["outlet"] == "front"]
    assert turns == ["trigger", "acknowledge", "resolve", "trigger"]


def test_an_agents_own_outlet_rings_when_they_do_who_waited_for_it(desk: Desk, paged: Paged) -> None:
    mia, ben = desk.buyer("mia"), desk.buyer("ben")
    for buyer in (mia, ben):
        buyer.says(WORDS)
        calls(desk, buyer)
        rings_up(desk)
    assert phoned(desk.tx) == [paged.page(mia).key], "not twice within a minute"
    desk.now += timedelta(minutes=1)
    paging.ring_due(desk.tx, desk.now)
    assert phoned(desk.tx) == [paged.page(mia).key, paged.page(ben).key]


def phoned(tx: Transaction) -> list[str]:
    """Return the pages for which Li's phone is called."""
    return [one.args["page"] for one in waiting(tx) if one.args["outlet"] == "li's phone"]


def test_an_agents_own_outlet_is_kept_once_and_forgotten(tx: Transaction, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    for _ in range(2):
        outlets.add(tx, an_outlet("li's phone", li.name))
    [held] = questions.of_agent(tx, TEAM, li.name)
    assert (held.address, KEY in repr(held)) == (KEY, False)
    assert outlets.remove(tx, "li's phone")
    assert not outlets.remove(tx, "li's phone")


@pytest.mark.parametrize(
    ("name", "agent", "problem"),
    [("phone", "nobody", "nobody here"), ("", None, "no name"), (" two  blanks", None, "no name")],
)
def test_an_outlet_that_makes_no_sense_is_refused(tx: Transaction, name: str, agent: str | None, problem: str) -> None:
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
