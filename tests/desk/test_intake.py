"""What buyers write becomes conversations, tickets and threads, once, whatever way it comes."""

from datetime import timedelta

import pytest
from sqlmodel import select

from chatops.catalog import Verb
from chatops.desk import intake, setup
from chatops.desk.setup import OpenedShop
from chatops.errors import NotUnderstood
from chatops.model.conversation import Conversation
from chatops.model.facts import MarketConversation, OrderFacts, SenderRole
from chatops.model.message import Author, Message
from chatops.model.shop import Authorization
from chatops.model.ticket import TicketState
from chatops.outbox import Kind
from chatops.store import Transaction
from tests.desk.scenes import (
    NIGHT,
    NOON,
    SHOP,
    SUPPORT,
    BuyerThere,
    Desk,
    Teammate,
    a_permission,
    a_plan,
    a_route,
    heard_from,
)

WEEK = timedelta(days=7)


def test_a_new_buyer_gets_a_ticket_and_a_thread(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    ticket = desk.ticket(mia)
    assert (ticket.state, ticket.waiting_since, ticket.buyer_id) == (TicketState.OPEN, NOON, "im-conversation-mia")
    assert [(each.kind, each.seq) for each in desk.waiting(Kind.OPEN_THREAD) + desk.waiting(Kind.MIRROR)] == [
        (Kind.OPEN_THREAD, 1),
        (Kind.MIRROR, 2),
    ]
    desk.carry_out()
    assert desk.channels == {SUPPORT: ["(card)", "Where is my parcel?"]}
    desk.passes(minutes=1)
    assert desk.learned == [mia.conversation]


def test_everything_a_buyer_says_stands_in_the_thread_in_order(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    mia.says("Where is my parcel?")
    desk.carry_out()
    mia.says("Anybody there?")
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Hello", "Where is my parcel?", "Anybody there?"]
    assert len(desk.tickets(mia)) == 1


def test_buyers_do_not_share_a_thread(desk: Desk, mia: BuyerThere) -> None:
    ana = desk.buyer("ana")
    mia.says("Where is my parcel?")
    ana.says("Is this in stock?")
    assert desk.thread(mia).id != desk.thread(ana).id
    assert desk.ticket(mia).id != desk.ticket(ana).id


def test_a_message_counts_once_by_webhook_and_by_catch_up(desk: Desk, mia: BuyerThere) -> None:
    message = mia.writes("Where is my parcel?")
    assert mia.is_heard(message)
    assert not mia.is_heard(message)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?"]


def test_a_shop_that_is_not_ours_is_not_understood_and_leaves_nothing(desk: Desk, mia: BuyerThere) -> None:
    with pytest.raises(NotUnderstood):
        intake.message_arrived(desk.tx, "999", desk.now, mia.writes("Hello"))
    with pytest.raises(NotUnderstood):
        intake.shop_disconnected(desk.tx, "999", desk.now, "revoked")
    with pytest.raises(NotUnderstood):
        intake.connection_ending(desk.tx, "999", desk.now, desk.now)
    assert desk.tx.all(Conversation, select(Conversation)) == []


def test_the_wait_counts_from_the_oldest_question_even_when_it_comes_last(desk: Desk, mia: BuyerThere) -> None:
    earlier = mia.writes("Hello?")
    desk.passes(minutes=2)
    mia.says("Are you there?")
    mia.is_heard(earlier)
    assert desk.ticket(mia).waiting_since == NOON


def test_entering_from_a_product_is_no_question(desk: Desk, mia: BuyerThere) -> None:
    mia.says("", kind="BUYER_ENTER_FROM_PRODUCT", content={"product_id": "7"})
    assert desk.tickets(mia) == []
    desk.carry_out()
    assert desk.channels == {}


def test_the_first_question_brings_its_context_along(desk: Desk, mia: BuyerThere) -> None:
    mia.says("", kind="BUYER_ENTER_FROM_PRODUCT", content={"product_id": "7"})
    desk.passes(seconds=10)
    mia.says("", kind="ALLOCATED_SERVICE", content={}, role=SenderRole.SYSTEM)
    desk.passes(seconds=10)
    mia.says("Does it come in red?")
    desk.carry_out()
    assert desk.channels[SUPPORT] == [
        "(card)",
        "BUYER_ENTER_FROM_PRODUCT",
        "ALLOCATED_SERVICE",
        "Does it come in red?",
    ]
    assert desk.ticket(mia).waiting_since == NOON + timedelta(seconds=20)


def test_context_of_an_open_ticket_is_shown_but_nobody_waits_for_it(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Does it come in red?")
    mia.is_told("Yes")
    mia.says("", kind="BUYER_ENTER_FROM_ORDER", content={"order_id": "7"})
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "BUYER_ENTER_FROM_ORDER"
    assert desk.ticket(mia).waiting_since is None


def test_what_the_platform_hides_stays_hidden(desk: Desk, mia: BuyerThere) -> None:
    mia.says("internal chatter", visible=False)
    assert desk.tickets(mia) == []
    mia.says("Hello")
    mia.says("more of it", visible=False)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Hello"]
    assert len(desk.tx.all(Message, select(Message))) == 3


@pytest.mark.parametrize("role", [SenderRole.ROBOT, SenderRole.SYSTEM])
def test_automatic_answers_are_shown_but_do_not_end_the_wait(desk: Desk, mia: BuyerThere, role: SenderRole) -> None:
    mia.says("Where is my parcel?")
    message = mia.is_told("We will be with you shortly", role)
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "We will be with you shortly"
    assert desk.ticket(mia).waiting_since == NOON
    assert desk.message("We will be with you shortly").author == Author.AUTOMATIC
    assert not mia.is_heard(message)


@pytest.mark.parametrize("role", [SenderRole.ROBOT, SenderRole.SYSTEM, SenderRole.CUSTOMER_SERVICE])
def test_only_a_buyer_opens_a_ticket(desk: Desk, mia: BuyerThere, role: SenderRole) -> None:
    mia.is_told("Welcome to our shop", role)
    assert desk.tickets(mia) == []


@pytest.mark.parametrize("role", [SenderRole.CUSTOMER_SERVICE, SenderRole.SHOP])
def test_an_answer_from_seller_center_ends_the_wait(desk: Desk, mia: BuyerThere, role: SenderRole) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=3)
    mia.is_told("It left this morning", role)
    desk.carry_out()
    ticket = desk.ticket(mia)
    assert (ticket.waiting_since, ticket.answered_at) == (None, NOON + timedelta(minutes=3))
    assert desk.channels[SUPPORT][-1] == "It left this morning"
    assert desk.message("It left this morning").author == Author.SELLER_CENTER
    assert desk.history(mia) == ["opened", "answered_elsewhere"]


def test_an_answer_heard_late_does_not_end_the_wait_of_a_newer_question(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=1)
    answer = mia.writes("It left this morning", SenderRole.CUSTOMER_SERVICE)
    desk.passes(minutes=1)
    mia.says("And the second one?")
    mia.is_heard(answer)
    assert desk.ticket(mia).waiting_since == NOON + timedelta(minutes=2)


def test_our_own_answer_comes_back_and_is_known_by_its_id(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("On its way", mia)
    desk.passes(seconds=5)
    echo = heard_from(SenderRole.CUSTOMER_SERVICE, "On its way", int(desk.sent_ids[0][1:]), mia.conversation, desk.now)
    assert not mia.is_heard(echo)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?"]


def test_our_own_answer_may_come_back_before_we_know_it_was_sent(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    source = li.says("On its way", mia)
    desk.now += timedelta(seconds=6)
    echo = mia.writes("On its way", SenderRole.CUSTOMER_SERVICE)
    assert not mia.is_heard(echo)
    assert desk.written(source) == [("On its way", "sent")]
    assert desk.message("On its way").external_id == echo.external_id
    assert desk.ticket(mia).waiting_since is None
    desk.carry_out()
    assert mia.heard == []  # it was sent already, by whoever caused the echo
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?"]
    assert not mia.is_heard(echo)


def test_the_same_words_from_seller_center_are_no_echo_of_an_answer_still_held_back(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("On its way", mia)
    mia.is_told("On its way")
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "On its way"
    desk.passes(seconds=5)
    assert mia.heard == ["On its way"]


def test_two_equal_answers_have_an_echo_each(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Hello? Hello?")
    desk.carry_out()
    sources = [li.says("Hello", mia), li.says("Hello", mia)]
    desk.now += timedelta(seconds=6)
    mia.is_told("Hello")
    assert [desk.written(source)[0][1] for source in sources] == ["sent", "waiting"]
    mia.is_told("Hello")
    assert [desk.written(source)[0][1] for source in sources] == ["sent", "sent"]


def test_the_same_words_that_somebody_sent_before_are_no_echo_when_they_are_heard_late(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Hello?")
    lost = mia.writes("Hello", SenderRole.CUSTOMER_SERVICE)
    desk.passes(minutes=10)
    source = li.says("Hello", mia)
    desk.now += timedelta(seconds=6)  # it is due, but the marketplace is slow
    mia.is_heard(lost)
    assert desk.written(source) == [("Hello", "waiting")]
    desk.carry_out()
    assert mia.heard == ["Hello"]


def test_an_answer_in_doubt_that_comes_back_after_all_was_sent(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    desk.trouble = "unsure"
    source = li.says("On its way", mia)
    li.says("It comes tomorrow", mia)
    desk.passes(seconds=5)
    assert desk.written(source) == [("On its way", "failed")]
    desk.trouble = None
    assert not mia.is_heard(mia.writes("On its way", SenderRole.CUSTOMER_SERVICE))
    assert desk.written(source) == [("On its way", "sent")]
    desk.carry_out()
    assert mia.heard == ["It comes tomorrow"]


def resolved(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("!resolve", mia)
    desk.carry_out()
    assert desk.ticket(mia).state == TicketState.RESOLVED


def test_a_buyer_who_comes_back_within_a_week_reopens_the_ticket(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    resolved(desk, mia, li)
    desk.now = desk.kept + WEEK
    mia.says("It has not come")
    desk.carry_out()
    [ticket] = desk.tickets(mia)
    assert (ticket.state, ticket.resolved_at, ticket.waiting_since) == (TicketState.OPEN, None, desk.kept)
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?", "It has not come"]
    assert desk.history(mia) == ["opened", "resolved", "reopened"]


def test_a_buyer_who_comes_back_later_gets_a_new_ticket(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    resolved(desk, mia, li)
    desk.now += WEEK + timedelta(milliseconds=1)
    mia.says("It has not come")
    desk.carry_out()
    former, ticket = desk.tickets(mia)
    assert (former.state, ticket.state) == (TicketState.RESOLVED, TicketState.OPEN)
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?", "(card)", "It has not come"]


def test_a_former_ticket_that_was_reopened_takes_what_the_buyer_says(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    resolved(desk, mia, li)
    desk.now += timedelta(days=8)
    mia.says("Another question")
    desk.carry_out()
    former, latter = desk.tickets(mia)
    li.presses(Verb.RESOLVE, latter)
    li.presses(Verb.REOPEN, former)
    mia.says("About the first parcel again")
    assert [ticket.state for ticket in desk.tickets(mia)] == [TicketState.OPEN, TicketState.RESOLVED]
    assert desk.message("About the first parcel again").ticket_id == former.id


def test_a_shop_routed_to_two_channels_is_mirrored_into_both(tx: Transaction) -> None:
    desk = Desk(tx, a_route(SUPPORT), a_route(NIGHT))
    mia, li = desk.buyer("mia"), desk.teammate("li")
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("On its way", mia)
    desk.passes(seconds=5)
    assert desk.channels == {
        SUPPORT: ["(card)", "Where is my parcel?"],
        NIGHT: ["(card)", "Where is my parcel?", "On its way"],
    }
    assert mia.heard == ["On its way"]


def test_a_route_that_is_taken_away_leaves_its_threads_as_they_are(tx: Transaction) -> None:
    desk = Desk(tx, a_route(SUPPORT), a_route(NIGHT))
    mia = desk.buyer("mia")
    mia.says("Hello")
    setup.apply(tx, a_plan(a_route(SUPPORT)), desk.now)
    desk.carry_out()
    assert desk.channels[NIGHT] == ["(card)", "Hello"]  # what was promised is kept


def test_who_the_buyer_is_and_what_they_ordered_comes_on_the_card(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    facts = MarketConversation(
        mia.conversation, "im-conversation-mia", "u-1", "Mia", "https://a/b", can_send=True, unread=1, latest=None
    )
    order = OrderFacts("57", "IN_TRANSIT", "19.90", "GBP", NOON, "TRACK1", ("2 × Lamp", "Bulb"))
    before = len(desk.redrawn)
    intake.buyer_learned(desk.tx, SHOP, facts, order, desk.now)
    desk.carry_out()
    ticket = desk.ticket(mia)
    assert (ticket.order_id, ticket.order_items, ticket.order_total) == ("57", "2 × Lamp\nBulb", "19.90")
    assert len(desk.redrawn) == before + 1
    intake.buyer_learned(desk.tx, SHOP, facts, None, desk.now)
    assert desk.ticket(mia).order_id == "57"


def test_a_shop_that_took_its_permission_away_is_told_in_every_channel_once(tx: Transaction) -> None:
    desk = Desk(tx, a_route(SUPPORT), a_route(NIGHT))
    intake.shop_disconnected(tx, SHOP, desk.now, "seller")
    intake.connection_ending(tx, SHOP, desk.now, desk.now + WEEK)
    desk.carry_out()
    assert desk.channels == {SUPPORT: ["(disconnected)", "(ending)"], NIGHT: ["(disconnected)", "(ending)"]}
    assert [granted.revoked_reason for granted in tx.all(Authorization, select(Authorization))] == ["seller"]


def test_a_refusal_of_keys_that_were_replaced_meanwhile_ends_nothing(desk: Desk) -> None:
    setup.shops_connected(desk.tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])  # connected again: version 2
    intake.permission_ended(desk.tx, "seller", "refresh_token_expired", desk.now, version=1)
    desk.carry_out()
    assert desk.channels == {}
    intake.permission_ended(desk.tx, "seller", "refresh_token_expired", desk.now, version=2)
    desk.carry_out()
    assert desk.channels == {SUPPORT: ["(disconnected)"]}


def test_the_desk_learns_which_language_a_buyer_writes_in(desk: Desk) -> None:
    mia = desk.buyer("mia")
    mia.says("ok")
    assert _language(desk, mia) == ""
    mia.says("cuándo me devuelven el dinero")
    mia.says("👍 5769238001122")
    assert _language(desk, mia) == "es"
    mia.says("Sorry, could you answer in English please?")
    assert _language(desk, mia) == "en"


def _language(desk: Desk, buyer: BuyerThere) -> str | None:
    found = desk.tx.get(Conversation, SHOP, buyer.conversation)
    return None if found is None else found.language
