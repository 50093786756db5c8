"""The card at the head of a thread."""

from datetime import timedelta

from chatops.cards.ticket import head, order_status
from chatops.model.agent import Agent
from chatops.model.ticket import Level, Ticket, TicketPriority, TicketState
from chatops.ui import Button, Card, Controls, Fields, Inline, Mention, Moment, Tone
from tests.cards.painter import words
from tests.cards.samples import CLAIMED, LI, MIA, NAMELESS, NOW, ORDER, SHOP, ticket


def card(shown: Ticket, assignee: Agent | None = LI) -> Card:
    return head(shown, SHOP, MIA, assignee)


def verbs(shown: Card) -> list[str]:
    rows = [part.controls for part in shown.parts if isinstance(part, Controls)]
    return [control.press.verb for row in rows for control in row if isinstance(control, Button)]


def fact(shown: Card, label: str) -> tuple[Inline, ...] | None:
    fields = [field for part in shown.parts if isinstance(part, Fields) for field in part.fields]
    return next((field.value for field in fields if field.label == label), None)


def test_the_buttons_are_those_that_make_sense() -> None:
    assert verbs(card(ticket())) == ["claim", "resolve", "macro"]
    assert verbs(card(ticket(**CLAIMED))) == ["resolve", "macro"]
    assert verbs(card(ticket(state=TicketState.RESOLVED))) == ["reopen"]


def test_a_buyer_without_a_nickname_is_told_apart_by_the_end_of_the_id() -> None:
    assert head(ticket(), SHOP, NAMELESS, None).title == "Buyer …4261"
    assert head(ticket(), SHOP, None, None).title == "Buyer …4261"
    assert head(ticket(buyer_id=None), SHOP, None, None).title == "Buyer"


def test_waiting_is_a_moment_that_each_reader_sees_in_their_own_zone() -> None:
    shown = card(ticket())
    [waiting] = fact(shown, "Waiting since") or ()
    assert isinstance(waiting, Moment)
    assert waiting.instant == NOW - timedelta(minutes=4)
    assert shown.tone is Tone.WARN


def test_once_answered_nobody_waits() -> None:
    shown = card(ticket(waiting_since=None, answered_at=NOW))
    assert fact(shown, "Waiting since") is None
    assert fact(shown, "Answered")
    assert shown.tone is Tone.NEUTRAL


def test_the_assignee_is_mentioned_at_home_and_named_elsewhere() -> None:
    claimed = ticket(**CLAIMED)
    assert fact(card(claimed), "Claimed by") == (Mention("ULI"),)
    assert fact(head(claimed, SHOP, MIA, LI, workspace_id="T2"), "Claimed by") == ("Li Wei",)
    assert fact(card(ticket(), assignee=None), "Claimed by") == ("Nobody yet",)


def test_the_order_is_shown_when_it_is_known() -> None:
    shown = card(ticket(**ORDER))
    assert fact(shown, "Order status") == ("To be shipped",)
    assert fact(shown, "Total") == ("IDR125,000",)
    assert fact(shown, "Items") == ("2 × Headlight bulb (H4, 12V)\nWiper",)
    assert "Order 576461413038785752 · To be shipped" in shown.summary
    assert fact(card(ticket()), "Newest order") is None


def test_a_long_order_is_counted_not_listed() -> None:
    shown = card(ticket(order_id="1", order_items="\n".join(f"Thing {n}" for n in range(1, 31))))
    assert words(fact(shown, "Items") or ()).splitlines() == [*(f"Thing {n}" for n in range(1, 6)), "and 25 more"]


def test_both_spellings_of_cancelled_and_unknown_states() -> None:
    assert order_status("CANCEL") == order_status("CANCELLED") == "Cancelled"
    assert order_status("LOST_IN_SPACE") == "LOST_IN_SPACE"


def test_what_rests_is_quiet_and_what_needs_a_lead_is_loud() -> None:
    assert card(ticket(snoozed_until=NOW)).tone is Tone.NEUTRAL
    assert card(ticket(escalated_at=NOW)).tone is Tone.BAD
    assert card(ticket(priority=TicketPriority.URGENT, snoozed_until=NOW)).tone is Tone.BAD


def test_what_the_team_said_takes_no_room_of_its_own() -> None:
    bare = card(ticket())
    said = head(
        ticket(
            level=Level.LOGISTICS, priority=TicketPriority.HIGH, tags=["vip"], team="Night shift", snoozed_until=NOW
        ),
        SHOP,
        MIA,
        None,
        language="th",
    )
    assert fact(said, "About") == ("Chat · Delivery · Thai",)
    assert words(fact(said, "State") or ()).startswith("Open · High · rests until")
    assert words(fact(said, "Claimed by") or ()) == "Nobody yet · Night shift"
    assert len(said.parts) == len(bare.parts) + 1, "the tags stand in a small line"


def test_a_forum_may_have_tags_for_what_the_team_said() -> None:
    shown = card(ticket(level=Level.QUALITY, priority=TicketPriority.URGENT, snoozed_until=NOW))
    assert shown.labels == ("Open", "Snoozed", "Urgent", "Quality")
    assert set(shown.unlabelled) == {"Resolved", "High", "Before buying", "Delivery", "Complaint"}
    assert card(ticket()).labels == ("Open",)


def test_the_summary_tells_everything_at_once() -> None:
    assert card(ticket(**CLAIMED)).summary.replace("\u202f", " ") == (
        "Mia · Glow Shop · Indonesia · Chat · Open · Claimed by Li Wei · Waiting since Mar 14, 2026, 9:22 AM (UTC)"
    )
