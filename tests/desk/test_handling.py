"""What the team decides about tickets, in words; it is the same however it is said."""

from datetime import timedelta

import pytest

from chatops.catalog import Verb
from chatops.desk import gestures, intake, snoozing
from chatops.desk.gestures import Pressed
from chatops.model import conversation as conversations
from chatops.model.agent import Role
from chatops.model.facts import MarketConversation
from chatops.model.ticket import Level, TicketPriority, TicketState
from tests.desk.scenes import NOON, SHOP, SUPPORT, TEAM, BuyerThere, Desk, Teammate


@pytest.fixture
def ada(desk: Desk) -> Teammate:
    """A lead."""
    return desk.teammate("ada", Role.LEAD)


def test_a_ticket_is_given_to_a_teammate_by_mention_or_name(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate, ada: Teammate
) -> None:
    li.says("!assign", asked, mentions=("noor",))
    assert desk.ticket(asked).assignee_id == "noor"
    li.says("!assign li", asked)
    assert li.whispers == ["done", "already_claimed"], "nobody but a lead takes a ticket from somebody else"
    noor.says("!assign Li", asked)
    assert desk.ticket(asked).assignee_id == "li"
    ada.says("!assign me", asked)
    assert desk.ticket(asked).assignee_id == "ada"
    desk.carry_out()
    assert desk.told == [("assigned", "noor"), ("assigned", "li")], "whoever gives a ticket to themselves is not told"
    assert asked.heard == []


def test_nobody_is_guessed(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> None:
    eve = desk.teammate("eve", Role.OBSERVER)
    desk.teammate("nora")
    for words in ("!assign", "!assign No", "!assign Zed"):
        li.says(words, asked)
    li.says("!assign", asked, mentions=(eve.name,))
    assert li.whispers == ["words_needed", "several_people", "no_such_person", "cannot_answer"]
    assert desk.ticket(asked).assignee_id is None
    li.says("!assign noor", asked)
    assert desk.ticket(asked).assignee_id == "noor", "a whole name counts before the beginning of another"


def test_a_ticket_is_given_to_a_team_and_taken_back(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!claim", asked)
    li.says("!assign team  Night shift", asked)
    ticket = desk.ticket(asked)
    assert (ticket.team, ticket.assignee_id) == ("Night shift", None)
    li.says("!unassign", asked)
    assert desk.ticket(asked).team == ""
    li.says("!unassign", asked)
    assert li.whispers == ["done", "done", "not_claimed"]
    assert desk.history(asked) == ["opened", "claimed", "given_to_team", "unassigned"]


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("!level logistics", "level", Level.LOGISTICS),
        ("!level 物流", "level", Level.LOGISTICS),
        ("!level คุณภาพ", "level", Level.QUALITY),
        ("!level khiếu nại", "level", Level.COMPLAINT),
        ("!level pre", "level", Level.PRESALE),
        ("!level none", "level", None),
        ("!priority urgent", "priority", TicketPriority.URGENT),
        ("!priority tinggi", "priority", TicketPriority.HIGH),
        ("!priority off", "priority", TicketPriority.NORMAL),
        ("!language th", "language", "th"),
        ("!language Spanish", "language", "es"),
        ("!language tiếng việt", "language", "vi"),
        ("!language auto", "language", ""),
    ],
)
def test_what_a_ticket_is_is_said_in_anybodys_language(
    desk: Desk, asked: BuyerThere, li: Teammate, said: str, name: str, value: object
) -> None:
    li.says(said, asked)
    assert getattr(desk.ticket(asked), name) == value
    assert li.whispers == ["done"], "the card that shows it may stand far above"
    assert asked.heard == []


@pytest.mark.parametrize("said", ["!level nonsense", "!priority 7", "!language klingon", "!level p q"])
def test_a_choice_that_is_none_is_refused(desk: Desk, asked: BuyerThere, li: Teammate, said: str) -> None:
    li.says(said, asked)
    assert li.whispers == ["no_such_choice"]


def test_tags_come_and_go(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!tag VIP, #late  พัสดุ-หาย", asked)
    li.says("!tag -late vip new", asked)
    assert desk.ticket(asked).tags == ["vip", "พัสดุ-หาย", "new"]
    for words in ("!tag", "!tag a/b", f"!tag {'x' * 25}", "!tag " + " ".join(map(str, range(13)))):
        li.says(words, asked)
    assert li.whispers == ["done", "done", "words_needed", *["bad_tag"] * 3]
    assert desk.ticket(asked).tags == ["vip", "พัสดุ-หาย", "new"]


def test_a_ticket_rests_and_comes_back_by_itself(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!snooze 2h", asked)
    assert desk.ticket(asked).snoozed_until == NOON + timedelta(hours=2)
    assert li.whispers == ["snoozed"]
    [(about, facts)] = desk.whispers["li"]
    assert (about, facts["zone"], facts["own"]) == ("snoozed", "Europe/London", 0), "nobody knows Li's zone yet"
    desk.passes(minutes=119)
    assert snoozing.wake_due(desk.tx, desk.now) == 0
    desk.passes(minutes=1)
    assert snoozing.wake_due(desk.tx, desk.now) == 1
    assert desk.ticket(asked).snoozed_until is None
    desk.carry_out()
    assert desk.told == [("back", "li")], "who let it rest is told, for nobody owns it"


def test_it_comes_back_when_the_buyer_writes(desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate) -> None:
    noor.says("!claim", asked)
    li.says("!snooze tomorrow 9", asked)
    asked.says("Hello?")
    assert desk.ticket(asked).snoozed_until is None
    desk.carry_out()
    assert desk.told == [("back", "noor")]


def test_the_hour_is_that_of_whoever_says_it(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    desk.knows(li, timezone="Asia/Bangkok")
    li.says("!snooze พรุ่งนี้ 9 โมง", asked)
    assert f"{desk.ticket(asked).snoozed_until:%d %H:%M}" == "05 02:00"
    desk.carry_out()
    assert desk.whispers["li"][0][1]["own"] == 1
    desk.knows(li, timezone="Mars/Olympus")
    li.says("!snooze tomorrow 9", asked)
    assert f"{desk.ticket(asked).snoozed_until:%d %H:%M}" == "05 08:00", "London's summer, as the shop's"


def test_what_cannot_rest_does_not(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    for words in ("!snooze", "!snooze soon", "!snooze today 9", "!snooze off"):
        li.says(words, asked)
    refused = ["words_needed", "when_unclear", "when_past", "not_snoozed"]
    assert li.whispers == refused
    li.says("!snooze 2h", asked)
    li.says("!snooze off", asked)
    assert desk.ticket(asked).snoozed_until is None
    li.says("!snooze 2h", asked)
    li.says("!resolve", asked)
    assert desk.ticket(asked).snoozed_until is None
    li.says("!snooze 2h", asked)
    assert li.whispers[-1] == "already_resolved"
    desk.passes(hours=3)
    assert snoozing.wake_due(desk.tx, desk.now) == 0


def test_what_needs_no_answer_keeps_nobody_waiting(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!no-reply", asked)
    ticket = desk.ticket(asked)
    assert (ticket.waiting_since, ticket.no_reply_at, ticket.state) == (None, NOON, TicketState.OPEN)
    desk.passes(minutes=1)
    asked.says("One more thing")
    ticket = desk.ticket(asked)
    assert (ticket.waiting_since, ticket.no_reply_at) == (desk.kept, None)


def test_the_leads_are_called_into_the_thread_with_the_reason(
    desk: Desk, asked: BuyerThere, li: Teammate, ada: Teammate
) -> None:
    li.says("!escalate She wants her money back", asked)
    desk.carry_out()
    assert desk.told == [("escalated", "ada She wants her money back")]
    assert desk.ticket(asked).escalated_at == NOON
    li.reacts("rotating_light", asked)
    assert li.whispers == ["already_escalated"]
    desk.passes(minutes=15)
    li.reacts("rotating_light", asked)
    desk.carry_out()
    assert len(desk.told) == 2


def test_only_a_lead_blocks_a_buyer_and_the_refusal_names_them(
    desk: Desk, asked: BuyerThere, li: Teammate, ada: Teammate
) -> None:
    li.says("!block", asked)
    desk.carry_out()
    [(_, facts)] = desk.whispers["li"]
    assert (facts["reason"], facts["leads"]) == ("not_allowed", "Ada")
    ada.says("!block", asked)
    buyer = conversations.buyer(desk.tx, SHOP, desk.ticket(asked).buyer_id)
    assert buyer is not None
    assert buyer.blocked_at == NOON


def test_a_blocked_buyer_is_heard_but_calls_nobody(desk: Desk, asked: BuyerThere, ada: Teammate) -> None:
    ada.says("!block", asked)
    asked.says("You will regret this")
    desk.carry_out()
    assert desk.channels[SUPPORT][-1] == "You will regret this", "nothing a buyer wrote is lost"
    assert desk.ticket(asked).waiting_since is None
    ada.says("!resolve", asked)
    desk.passes(minutes=1)
    asked.says("Answer me")
    desk.carry_out()
    assert desk.ticket(asked).state == TicketState.RESOLVED
    assert desk.channels[SUPPORT][-1] == "Answer me"
    ada.says("!block off", asked)
    asked.says("Sorry")
    assert desk.ticket(asked).state == TicketState.OPEN
    ada.says("!block forever", asked)
    assert ada.whispers == ["done", "done", "no_such_choice"]


def test_a_blocked_buyer_stays_blocked_when_tiktok_tells_who_they_are(
    desk: Desk, asked: BuyerThere, ada: Teammate
) -> None:
    ada.says("!block", asked)
    facts = MarketConversation(
        asked.conversation, f"im-{asked.conversation}", "u-1", "Mia", "", can_send=True, unread=0, latest=None
    )
    intake.buyer_learned(desk.tx, SHOP, facts, None, desk.now)
    buyer = conversations.buyer(desk.tx, SHOP, f"im-{asked.conversation}")
    assert buyer is not None
    assert (buyer.nickname, buyer.blocked_at) == ("Mia", NOON)


def test_a_ticket_is_not_resolved_while_an_answer_waits(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("On its way", asked)
    li.says("!resolve", asked)
    assert "answer_waiting" in li.whispers
    assert desk.ticket(asked).state == TicketState.OPEN
    desk.trouble = "unreachable"
    desk.passes(seconds=5)
    li.says("!resolve", asked)
    assert li.whispers[-1] == "answer_waiting", "what becomes of a failed one must be decided"
    li.presses(Verb.DROP, desk.message("On its way"))
    li.says("!resolve", asked)
    assert desk.ticket(asked).state == TicketState.RESOLVED


def test_a_form_gives_words_like_anything_else(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    ticket = desk.ticket(asked)
    heard = Pressed(TEAM, SUPPORT, "li", Verb.LEVEL, f"{SHOP}/{ticket.id}", words="quality")
    assert gestures.pressed(desk.tx, heard, desk.now)
    assert desk.ticket(asked).level == Level.QUALITY


def two_tickets(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    """Mia asks again a week after her first ticket was resolved."""
    li.says("!tag vip", asked)
    li.says("!resolve", asked)
    desk.passes(days=8)
    asked.says("It is still not here")
    desk.carry_out()


def test_a_later_ticket_goes_on_in_the_former_one(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    two_tickets(desk, asked, li)
    li.says("!priority high", asked)
    li.says("!merge", asked)
    former, later = desk.tickets(asked)
    assert (former.state, later.state) == (TicketState.OPEN, TicketState.RESOLVED)
    assert (later.merged_into, former.tags, former.priority) == (former.id, ["vip"], TicketPriority.HIGH)
    assert former.waiting_since == desk.message("It is still not here").said_at
    assert desk.message("It is still not here").ticket_id == former.id
    asked.says("Hello?")
    assert desk.message("Hello?").ticket_id == former.id
    li.says("!resolve", asked, about=former)
    desk.passes(days=1)
    asked.says("Thanks!")
    assert desk.message("Thanks!").ticket_id == former.id, "the merged one is over for good"


def test_what_cannot_be_merged_is_not(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!merge", asked)
    two_tickets(desk, asked, li)
    for words in ("!merge 7", "!merge #2", "!merge other"):
        li.says(words, asked)
    assert [told for told in li.whispers if told != "done"] == ["nothing_to_merge"] * 4
    li.says("!merge #1", asked)
    former, later = desk.tickets(asked)
    li.presses(Verb.MERGE, later)
    li.says("!merge 2", asked, about=former)
    li.presses(Verb.REOPEN, later)
    assert li.whispers[-3:] == ["already_merged"] * 3


def test_what_is_said_in_a_merged_thread_counts_for_the_ticket_that_goes_on(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    two_tickets(desk, asked, li)
    former, later = desk.tickets(asked)
    li.says("!merge", asked)
    li.says("On its way", asked, about=later)
    li.says("!tag found", asked, about=later)
    desk.passes(seconds=5)
    former, later = desk.tickets(asked)
    assert asked.heard == ["On its way"]
    assert (former.waiting_since, former.tags, later.tags) == (None, ["vip", "found"], [])


def test_no_ticket_opens_again_by_a_merge_while_a_third_one_is_open(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    two_tickets(desk, asked, li)
    li.says("!resolve", asked)
    desk.passes(days=8)
    asked.says("Nobody there?")
    desk.carry_out()
    first, _second, third = desk.tickets(asked)
    li.says("!merge 2", asked, about=first)
    assert li.whispers[-1] == "another_is_open"
    assert [ticket.state for ticket in desk.tickets(asked)] == ["resolved", "resolved", "open"]
    li.says("!merge 1", asked, about=third)
    assert [ticket.state for ticket in desk.tickets(asked)] == ["open", "resolved", "resolved"]


def test_what_is_pinned_stays_on_the_card_of_the_ticket_that_goes_on(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    two_tickets(desk, asked, li)
    post = li.says("Size M, sent on Monday", asked)
    li.reacts("pushpin", asked, post=post)
    pinned = desk.ticket(asked).pinned
    li.says("!merge", asked)
    former, _later = desk.tickets(asked)
    assert pinned
    assert former.pinned == pinned
