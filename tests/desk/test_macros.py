"""A prepared answer goes in the buyer's language, filled, with all it does to the ticket, or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chatops.cards import macros as cards
from chatops.catalog import Verb, entry
from chatops.desk import gestures, macro_library
from chatops.desk.gestures import Pressed
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import macro as macros
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer, Conversation
from chatops.model.history import History
from chatops.model.message import Message, MessageState
from chatops.model.ticket import Ticket
from chatops.model.workspace import PlatformName, Workspace
from chatops.refs import choice_ref, ticket_ref
from chatops.rules.macrofile import MacroEntry
from chatops.ui import Card, Form, Input, Menu
from handlers.asking import Asker, before
from tests.desk.scenes import NOON, SUPPORT, TEAM, BuyerThere, Desk, Teammate

PARCEL = MacroEntry(
    id="where",
    name="Where is my order",
    folder="Shipping",
    keywords={"en": ("parcel", "where is")},
    texts={
        "en": "Hi {buyer.name}, track order {order.id} here: {order.tracking_url}",
        "th": "สวัสดีค่ะคุณ{buyer.name} ออเดอร์ {order.id} ติดตามได้ที่ {order.tracking_url}",
    },
)
THANKS = MacroEntry(id="thanks", name="Thank you", acts=("resolve",), texts={"en": "Thank you, {buyer.name}!"})
OLD = MacroEntry(id="old", name="Old", archived=True, texts={"en": "Gone"})


@pytest.fixture
def library(desk: Desk, asked: BuyerThere) -> Desk:
    """A desk with some macros; Mia is known by name and has an order."""
    macro_library.apply(desk.tx, [PARCEL, THANKS, OLD], desk.now)
    desk.tx.insert(Buyer(shop_id=desk.ticket(asked).shop_id, id="im-mia", nickname="Mia"))
    desk.tx.execute(update(Ticket).values(order_id="577", buyer_id="im-mia"))
    return desk


def ref_of(desk: Desk, to: BuyerThere, macro: str, about: Ticket | None = None) -> str:
    ticket = about or desk.ticket(to)
    return choice_ref(ticket_ref(ticket.shop_id, ticket.id), macro)


def press(
    desk: Desk, who: Teammate, to: BuyerThere, macro: str, press_id: str = "p1", ref: str = "", **values: str
) -> bool:
    filled = {name.replace("__", "."): value for name, value in values.items()}
    heard = Pressed(
        TEAM, SUPPORT, who.name, Verb.MACRO_SEND, ref or ref_of(desk, to, macro), values=filled, id=press_id
    )
    return gestures.pressed(desk.tx, heard, desk.now)


def refusal(
    desk: Desk, who: Teammate, to: BuyerThere, macro: str, **values: str
) -> tuple[Refusal, Mapping[str, object]]:
    """Why a macro is not sent; what the transaction did is given up, as the store does it."""
    savepoint = desk.tx.connection.begin_nested()
    with pytest.raises(Refused) as raised:
        press(desk, who, to, macro, **values)
    savepoint.rollback()
    return raised.value.reason, raised.value.facts


def speaks(desk: Desk, language: str) -> None:
    desk.tx.execute(update(Conversation).values(language=language))


def shown(desk: Desk, who: Teammate, to: BuyerThere, words: str = "", locale: str = "en") -> Card:
    desk.tx.execute(update(Agent).where(col(Agent.id) == who.name).values(locale=locale))
    agent = agents.get(desk.tx, TEAM, who.name)
    assert agent is not None
    with language(locale):
        return cards.answer(desk.tx, agent, desk.thread(to), words, desk.now)


def test_it_goes_in_the_buyers_language_and_stands_in_the_thread_in_its_writers_name(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    speaks(library, "th")
    assert press(library, li, asked, "where", order__tracking_url="https://t.example/1")
    library.passes(seconds=6)
    words = "สวัสดีค่ะคุณMia ออเดอร์ 577 ติดตามได้ที่ https://t.example/1"
    assert asked.heard == [words]
    assert library.channels[SUPPORT][-1] == words
    assert "macro" in library.history(asked)
    assert macros.uses(library.tx, NOON) == {"where": 1}


def test_pressed_twice_it_is_sent_once(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    for _ in range(2):
        assert press(library, li, asked, "thanks")
    library.passes(seconds=6)
    assert asked.heard == ["Thank you, Mia!"]
    assert macros.uses(library.tx, NOON) == {"thanks": 1}


def test_what_it_does_to_the_ticket_is_done_with_it(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    noting = replace(THANKS, acts=("note Send a voucher", "resolve"))
    macro_library.apply(library.tx, [noting], library.now)
    press(library, li, asked, "thanks")
    assert library.ticket(asked).state == "resolved"
    library.passes(seconds=6)
    assert library.channels[SUPPORT][-2:] == ["Send a voucher", "Thank you, Mia!"]
    assert library.message("Send a voucher").state == MessageState.NOTE
    assert asked.heard == ["Thank you, Mia!"]
    press(library, li, asked, "thanks", "p2")  # resolving once more is no reason to refuse


def test_when_what_it_does_is_not_possible_nothing_is_sent(
    library: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("note Mine now", "claim"))], library.now)
    noor.presses(Verb.CLAIM, library.ticket(asked))
    reason, facts = refusal(library, li, asked, "thanks")
    assert (reason, facts["act"], facts["why"]) == (Refusal.ACT_REFUSED, "claim", "already_claimed")
    library.passes(seconds=6)
    assert asked.heard == []
    assert macros.uses(library.tx, NOON) == {}
    assert library.tx.one(Message, select(Message).where(Message.state == MessageState.NOTE)) is None


def test_a_variable_without_a_value_is_asked_for_and_never_sent_empty(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    assert refusal(library, li, asked, "where") == (Refusal.VALUE_NEEDED, {"names": "order.tracking_url"})
    changed = "So, {buyer.name}: {offer.amount|money}"
    assert refusal(library, li, asked, "where", text=changed) == (Refusal.VALUE_NEEDED, {"names": "offer.amount"})
    assert refusal(library, li, asked, "where", text="  ") == (Refusal.EMPTY, {})


def test_words_that_were_changed_go_as_they_are(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    press(library, li, asked, "where", text="{buyer.name}, wait a day please {-:")
    library.passes(seconds=6)
    assert asked.heard == ["Mia, wait a day please {-:"]


@pytest.mark.parametrize("macro", ["unheard-of", "old"])
def test_what_is_gone_or_archived_is_not_sent(library: Desk, asked: BuyerThere, li: Teammate, macro: str) -> None:
    assert refusal(library, li, asked, macro)[0] == Refusal.NO_SUCH_MACRO


def test_what_is_for_another_shop_is_neither_offered_nor_sent(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    library.tx.execute(update(macros.Macro).where(col(macros.Macro.id) == "thanks").values(shop_ids=["9"]))
    assert refusal(library, li, asked, "thanks")[0] == Refusal.NO_SUCH_MACRO
    assert composed(library, li, asked, "thanks") is None
    assert "Thank you" not in choices(shown(library, li, asked))


def test_what_grows_too_long_waits_to_be_split_and_does_then_what_it_does(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    press(library, li, asked, "thanks", text="A word too many. " * 150)
    library.passes(seconds=6)
    assert asked.heard == []
    assert library.ticket(asked).state == "open"
    assert "too_long" in li.whispers
    [kept] = library.tx.all(Message, select(Message).where(Message.fault == "too_long"))
    li.presses(Verb.SPLIT, kept)
    assert library.ticket(asked).state == "resolved"
    library.passes(seconds=6)
    assert len(asked.heard) == 2


def test_what_it_does_waits_with_an_answer_that_somebody_has_to_look_at(
    library: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("note Thanked", "resolve"))], library.now)
    noor.says("It has arrived, I see", asked)
    press(library, li, asked, "thanks")
    assert library.ticket(asked).state == "open"
    held = library.message("Thank you, Mia!")
    assert held.fault == "teammate_answers"
    li.presses(Verb.SEND_ANYWAY, held)
    assert li.whispers[-1] == "act_refused"  # noor's answer still waits
    assert library.message("Thank you, Mia!").fault == "teammate_answers"
    library.passes(seconds=6)
    li.presses(Verb.SEND_ANYWAY, held)
    assert library.ticket(asked).state == "resolved"
    library.passes(seconds=6)
    assert asked.heard == ["It has arrived, I see", "Thank you, Mia!"]
    assert library.channels[SUPPORT].count("Thanked") == 1


def test_a_ticket_is_open_again_when_the_answer_that_resolved_it_does_not_leave(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    since = library.ticket(asked).waiting_since
    press(library, li, asked, "thanks")
    assert library.ticket(asked).state == "resolved"
    library.passes(seconds=1)
    li.presses(Verb.UNDO, library.message("Thank you, Mia!"))
    ticket = library.ticket(asked)
    assert (ticket.state, ticket.waiting_since) == ("open", since)
    library.trouble = "no_contact"
    press(library, li, asked, "thanks", "p2")
    library.passes(seconds=6)
    assert (library.ticket(asked).state, library.message("Thank you, Mia!").fault) == ("open", "no_contact")


def test_a_ticket_that_was_answered_stays_resolved_when_a_second_thank_you_is_taken_back(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("It is on its way", asked)
    library.passes(seconds=6)
    press(library, li, asked, "thanks")
    li.presses(Verb.UNDO, library.message("Thank you, Mia!"))
    assert library.ticket(asked).state == "resolved"


def test_it_resolves_last_whatever_comes_first_in_the_list(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("resolve", "snooze 2h", "tag vip"))], library.now)
    press(library, li, asked, "thanks")
    ticket = library.ticket(asked)
    assert (ticket.state, ticket.tags) == ("resolved", ["vip"])


def test_an_observer_sends_none(library: Desk, asked: BuyerThere) -> None:
    eve = library.teammate("eve", agents.Role.OBSERVER)
    assert refusal(library, eve, asked, "thanks")[0] == Refusal.NOT_ALLOWED


def test_what_became_of_it_is_in_the_history_without_a_word_of_the_buyers(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    press(library, li, asked, "thanks")
    [line] = library.tx.all(History, select(History).where(History.what == "macro"))
    assert (line.agent_id, line.facts) == ("li", {"macro_id": "thanks", "locale": "en", "version": 1})


def test_what_others_are_called_is_never_read_as_a_template(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    library.tx.execute(update(Buyer).values(nickname="{agent.name} {x}"))
    form = composed(library, li, asked, "thanks")
    assert form is not None
    press(library, li, asked, "thanks", text=form.inputs[0].value)
    library.passes(seconds=6)
    assert asked.heard == ["Thank you, (agent.name) (x)!"]


def test_nobody_is_introduced_by_what_they_log_in_with(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    hello = replace(THANKS, id="hello", name="Hello", texts={"en": "Hi, I am {agent.first_name}"})
    macro_library.apply(library.tx, [hello], library.now)
    library.tx.execute(update(Agent).where(col(Agent.id) == "li").values(name="li.wei_1987", learned_at=None))
    assert refusal(library, li, asked, "hello") == (Refusal.VALUE_NEEDED, {"names": "agent.first_name"})
    press(library, li, asked, "hello", agent__first_name="Li")
    library.passes(seconds=6)
    assert asked.heard == ["Hi, I am Li"]


def test_in_a_thread_whose_ticket_was_merged_it_does_its_work_where_that_went_on(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    macro_library.apply(library.tx, [replace(THANKS, acts=("tag vip",))], library.now)
    old = library.ticket(asked)
    li.presses(Verb.RESOLVE, old)
    library.passes(days=8)
    asked.says("Me again")
    library.carry_out()
    li.says("!merge", asked, about=old)
    [merged, going_on] = sorted(library.tickets(asked), key=lambda ticket: ticket.merged_into is None)
    assert press(library, li, asked, "thanks", ref=ref_of(library, asked, "thanks", merged), buyer__name="Mia")
    assert [ticket.tags for ticket in library.tickets(asked) if ticket.id == going_on.id] == [["vip"]]
    assert [ticket.tags for ticket in library.tickets(asked) if ticket.id == merged.id] == [[]]


# What is shown before


def composed(desk: Desk, who: Teammate, to: BuyerThere, macro: str) -> Form | None:
    agent = agents.get(desk.tx, TEAM, who.name)
    assert agent is not None
    return cards.compose(desk.tx, agent, ref_of(desk, to, macro))


def text_of(card: Card) -> str:
    return "\n".join(str(part) for part in card.parts)


def choices(card: Card) -> str:
    menus = [each for part in card.parts for each in getattr(part, "controls", ()) if isinstance(each, Menu)]
    return " ".join(option.label for menu in menus for option in menu.options)


def test_the_picker_shows_what_fits_in_the_buyers_language_beside_the_readers_own(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    speaks(library, "th")
    card = text_of(shown(library, li, asked))
    assert "Where is my order" in card
    assert "The buyer reads, in Thai:" in card
    assert "สวัสดีค่ะคุณMia ออเดอร์ 577 ติดตามได้ที่ [Tracking link]" in card
    assert "Hi Mia, track order 577 here" in card
    assert "You will be asked for: Tracking link" in card
    assert "No native speaker has signed this text off yet." in card
    assert choices(shown(library, li, asked)) == "Shipping · Where is my order Thank you"


def test_without_a_text_in_the_buyers_language_the_nearest_is_taken_and_said(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    speaks(library, "vi")
    card = text_of(shown(library, li, asked, "thanks"))
    assert "The buyer reads, in English:" in card
    assert "The buyer writes in Vietnamese, but there is no text in it." in card
    macro_library.apply(library.tx, [MacroEntry(id="ja", name="Only Japanese", texts={"ja": "はい"})], library.now)
    assert "The buyer reads, in Japanese:" in text_of(shown(library, li, asked, "ja"))


def test_an_ambiguous_name_says_so_and_an_unknown_one_offers_the_others(
    library: Desk, asked: BuyerThere, li: Teammate
) -> None:
    macro_library.apply(library.tx, [replace(THANKS, id="thanks-2")], library.now)
    assert "2 macros fit what you typed" in text_of(shown(library, li, asked, "Thank you"))
    unknown = shown(library, li, asked, "unicorn")
    assert unknown.summary == "There is no macro for “unicorn”."
    assert "Where is my order" in choices(unknown)


def test_what_it_does_beside_is_said_in_the_readers_words(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    acts = ("level logistics", "snooze tomorrow 9", "tag late", "language auto", "resolve")
    macro_library.apply(library.tx, [replace(THANKS, acts=acts)], library.now)
    said = "Level: Delivery · Snooze: Tomorrow at nine · Tags: late · Language: As the buyer writes · Resolve"
    assert f"Sending it also does: {said}" in text_of(shown(library, li, asked, "thanks"))
    assert "Tipo: Envío" in text_of(shown(library, li, asked, "thanks", "es"))


def test_the_readers_language_is_spoken(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    assert shown(library, li, asked, "unicorn", "es-MX").summary != "There is no macro for “unicorn”."


def test_the_form_holds_the_words_and_asks_for_what_is_missing(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    form = composed(library, li, asked, "where")
    assert form is not None
    assert [(each.name, each.value) for each in form.inputs if isinstance(each, Input)] == [
        ("text", "Hi Mia, track order 577 here: {order.tracking_url}"),
        ("order.tracking_url", ""),
    ]
    agent = agents.get(library.tx, TEAM, "li")
    assert agent is not None
    assert cards.lacks(library.tx, agent, ref_of(library, asked, "where"))
    assert not cards.lacks(library.tx, agent, ref_of(library, asked, "thanks"))
    assert composed(library, li, asked, "old") is None


def test_nobody_opens_the_form_of_a_ticket_of_another_workspace(library: Desk, asked: BuyerThere, li: Teammate) -> None:
    library.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    edit, ref = entry(Verb.MACRO_EDIT), ref_of(library, asked, "where")
    assert before(library.tx, Asker(TEAM, "li"), SUPPORT, edit, ref, library.now) is not None
    with pytest.raises(NotUnderstood):
        before(library.tx, Asker("T0OTHER", "eve"), "C0OTHER", edit, ref, library.now)


def test_the_library_is_shown_where_there_is_no_ticket(library: Desk, li: Teammate) -> None:
    late = replace(PARCEL, owner="Ana", review_by=(library.now - timedelta(days=1)).date())
    macro_library.apply(library.tx, [late], library.now)
    agent = agents.get(library.tx, TEAM, "li")
    assert agent is not None
    page = text_of(cards.answer(library.tx, agent, None, "", library.now))
    assert "Shipping" in page
    assert "To be looked over again: Shipping · Where is my order" in page
    whole = text_of(cards.answer(library.tx, agent, None, "parcel", library.now))
    assert "Kept by Ana" in whole
    assert "English, Thai" in whole
    assert "Should have been looked over by 3 May 2026" in whole.replace("May 3, 2026", "3 May 2026")
