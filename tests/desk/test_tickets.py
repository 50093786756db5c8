"""Who works on what: claiming, resolving, reopening, by words, buttons and reactions; and cards that stay true."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from chatops.catalog import Verb
from chatops.desk import gestures, shown, team
from chatops.desk.gestures import Pressed, Reacted
from chatops.errors import NotUnderstood
from chatops.model import agent as agents
from chatops.model import thread as threads
from chatops.model.agent import Role
from chatops.model.facts import AgentProfile
from chatops.model.media import Media, MediaState
from chatops.model.media import get as media_of
from chatops.model.thread import Mirror, ThreadState
from chatops.model.ticket import TicketState
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind, file_scopes
from chatops.store import Transaction, lanes
from tests.desk.scenes import NIGHT, NOON, SHOP, SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_route


def another_workspace() -> Workspace:
    return Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en")


def owner(desk: Desk, buyer: BuyerThere) -> str | None:
    return desk.ticket(buyer).assignee_id


def test_a_ticket_is_claimed_by_a_word_a_button_or_a_reaction(desk: Desk, li: Teammate) -> None:
    for name in ("ana", "bo", "cy"):
        buyer = desk.buyer(name)
        buyer.says("Hello")
        desk.carry_out()
        if name == "ana":
            li.says("!claim", buyer)
        elif name == "bo":
            li.presses(Verb.CLAIM, desk.ticket(buyer))
        else:
            li.reacts("eyes", buyer)
        assert owner(desk, buyer) == "li"
    assert li.whispers == []


def test_a_claimed_ticket_is_not_taken_from_its_owner(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.says("!claim", asked)
    noor.says("!claim", asked)
    assert owner(desk, asked) == "li"
    desk.carry_out()
    [(_, facts)] = desk.whispers["noor"]
    assert (facts["reason"], facts["agent_id"]) == ("already_claimed", "li")


def test_claiming_twice_is_no_mistake(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!claim", asked)
    li.presses(Verb.CLAIM, desk.ticket(asked))
    assert li.whispers == []
    assert desk.history(asked) == ["opened", "claimed"]


def test_taking_the_reaction_away_gives_the_ticket_back(
    desk: Desk, asked: BuyerThere, li: Teammate, noor: Teammate
) -> None:
    li.reacts("eyes", asked)
    noor.reacts("eyes", asked, added=False)
    assert owner(desk, asked) == "li"
    li.reacts("eyes", asked, added=False)
    assert owner(desk, asked) is None
    noor.says("!claim", asked)
    assert owner(desk, asked) == "noor"
    assert desk.history(asked) == ["opened", "claimed", "unclaimed", "claimed"]


def test_a_ticket_is_resolved_and_reopened(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.reacts("white_check_mark", asked)
    ticket = desk.ticket(asked)
    assert (ticket.state, ticket.resolved_at, ticket.waiting_since) == (TicketState.RESOLVED, NOON, None)
    li.says("!resolve", asked)
    li.says("!claim", asked)
    assert li.whispers == ["already_resolved", "already_resolved"]
    li.reacts("arrows_counterclockwise", asked)
    ticket = desk.ticket(asked)
    assert (ticket.state, ticket.resolved_at) == (TicketState.OPEN, None)
    li.says("!reopen", asked)
    assert li.whispers[-1] == "not_resolved"
    assert desk.history(asked) == ["opened", "resolved", "reopened"]


def test_a_former_ticket_is_not_reopened_beside_an_open_one(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!resolve", asked)
    desk.now += timedelta(days=8)
    asked.says("Another question")
    desk.carry_out()
    former, _ = desk.tickets(asked)
    li.presses(Verb.REOPEN, former)
    assert li.whispers == ["not_resolved"]
    assert [ticket.state for ticket in desk.tickets(asked)] == [TicketState.RESOLVED, TicketState.OPEN]


def test_reactions_count_on_mirrored_messages_too_and_in_any_skin_tone(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    asked.says("Hello?")
    desk.carry_out()
    thread = desk.thread(asked)
    post = max(mirror.external_id for mirror in desk.tx.all(Mirror, select(Mirror)))
    assert post != thread.external_id
    assert li.reacts("eyes::skin-tone-3", asked, post=post)
    assert owner(desk, asked) == "li"


def test_other_reactions_and_other_posts_mean_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    assert not li.reacts("tada", asked)
    assert not li.reacts("eyes", asked, post="1.000001")
    assert owner(desk, asked) is None


@pytest.mark.parametrize("text", ["On its way", "// a note", "!claim", "!resolve"])
def test_an_observer_only_watches(desk: Desk, asked: BuyerThere, text: str) -> None:
    eve = desk.teammate("eve", Role.OBSERVER)
    source = eve.says(text, asked)
    desk.passes(seconds=5)
    assert eve.whispers == ["not_allowed"]
    assert (asked.heard, desk.written(source), owner(desk, asked)) == ([], [], None)
    assert desk.ticket(asked).state == TicketState.OPEN


def test_an_observer_may_not_press_either(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    eve = desk.teammate("eve", Role.OBSERVER)
    li.says("On its way", asked)
    eve.presses(Verb.CLAIM, desk.ticket(asked))
    eve.presses(Verb.UNDO, desk.message("On its way"))
    assert eve.whispers == ["not_allowed", "not_allowed"]
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_somebody_new_may_answer_and_their_profile_is_read(desk: Desk, asked: BuyerThere) -> None:
    kim = Teammate(desk, "kim")
    kim.says("On its way", asked)
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]
    assert "kim" in desk.learned
    team.learned(desk.tx, TEAM, AgentProfile("kim", "Kim", "id", "Asia/Jakarta", False, True), desk.now)
    known = agents.get(desk.tx, TEAM, "kim")
    assert known is not None
    assert (known.name, known.locale, known.timezone) == ("Kim", "id", "Asia/Jakarta")
    desk.learned.clear()
    kim.says("Anything else?", asked)
    desk.passes(seconds=5)
    assert desk.learned == []
    desk.passes(days=2)
    kim.says("Bye", asked)
    desk.carry_out()
    assert desk.learned == ["kim"]


def test_a_name_that_becomes_known_or_changes_is_drawn_on_what_its_bearer_holds(desk: Desk, asked: BuyerThere) -> None:
    kim, other = Teammate(desk, "kim"), desk.buyer("other")
    other.says("Hello")
    kim.presses(Verb.CLAIM, desk.ticket(asked))
    desk.carry_out()
    for name, drawn in (("Kim", 1), ("Kim", 0), ("Kim B.", 1)):
        desk.redrawn.clear()
        team.learned(desk.tx, TEAM, AgentProfile("kim", name, "", "", False, True), desk.now)
        desk.carry_out()
        assert desk.redrawn == [SUPPORT] * drawn


# Presses that come from elsewhere, or too late


def test_a_press_on_something_that_is_not_there_is_said_to_be_stale(desk: Desk, asked: BuyerThere) -> None:
    gone = Pressed(TEAM, SUPPORT, "li", Verb.CLAIM, f"{SHOP}/nobody.1")
    assert not gestures.pressed(desk.tx, gone, desk.now)
    gone = Pressed(TEAM, SUPPORT, "li", Verb.RETRY, f"{SHOP}/nothing")
    assert not gestures.pressed(desk.tx, gone, desk.now)
    with pytest.raises(NotUnderstood):
        gestures.pressed(desk.tx, Pressed(TEAM, SUPPORT, "li", Verb.RETRY, "rubbish"), desk.now)


@pytest.mark.parametrize(("workspace", "channel"), [("T0OTHER", SUPPORT), (TEAM, "C0ELSEWHERE")])
def test_a_ticket_is_not_claimed_from_where_it_has_no_thread(
    desk: Desk, asked: BuyerThere, workspace: str, channel: str
) -> None:
    from_elsewhere = Pressed(workspace, channel, "li", Verb.CLAIM, f"{SHOP}/{desk.ticket(asked).id}")
    desk.tx.insert(another_workspace())
    assert not gestures.pressed(desk.tx, from_elsewhere, desk.now)
    assert owner(desk, asked) is None


def test_an_answer_is_not_undone_from_another_workspace(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    desk.tx.insert(another_workspace())
    li.says("On its way", asked)
    answer = desk.message("On its way")
    assert not gestures.pressed(desk.tx, Pressed("T0OTHER", SUPPORT, "eve", Verb.UNDO, f"{SHOP}/{answer.id}"), desk.now)
    assert not gestures.reacted(
        desk.tx, Reacted("T0OTHER", SUPPORT, desk.thread(asked).external_id, "eve", "eyes", added=True), desk.now
    )
    desk.passes(seconds=5)
    assert asked.heard == ["On its way"]


def test_a_press_heard_twice_counts_once(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    press = Pressed(TEAM, SUPPORT, "li", Verb.RESOLVE, f"{SHOP}/{desk.ticket(asked).id}", id="trigger-1")
    assert gestures.pressed(desk.tx, press, desk.now)
    assert gestures.pressed(desk.tx, press, desk.now)
    assert li.whispers == []
    assert desk.history(asked) == ["opened", "resolved"]


# Cards


def test_the_card_is_drawn_anew_when_the_ticket_changed(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    li.says("!claim", asked)
    [waiting] = desk.waiting(Kind.REDRAW)
    li.says("!resolve", asked)
    assert len(desk.waiting(Kind.REDRAW)) == 1, "at most one redraw of a card waits"
    assert waiting.args["thread_id"] == desk.thread(asked).id


def test_a_ticket_that_changed_while_its_thread_was_opening_is_drawn_anew(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    thread = desk.thread(mia)
    before = desk.ticket(mia).version
    mia.is_told("It left this morning")
    assert desk.waiting(Kind.REDRAW) == []
    shown.thread_opened(desk.tx, thread, "17.000001", before, desk.now)
    assert len(desk.waiting(Kind.REDRAW)) == 1
    opened = desk.thread(mia)
    assert (opened.state, opened.external_id, opened.seen_id) == (ThreadState.OPEN, "17.000001", "17.000001")
    shown.card_drawn(desk.tx, opened, desk.ticket(mia).version)
    assert desk.thread(mia).drawn_version == desk.ticket(mia).version


def test_a_thread_is_compared_forwards_only(desk: Desk, asked: BuyerThere) -> None:
    thread = desk.thread(asked)
    shown.thread_compared(desk.tx, TEAM, thread.id, "9999999999.000002")
    shown.thread_compared(desk.tx, TEAM, thread.id, "9999999999.000001")
    assert desk.thread(asked).seen_id == "9999999999.000002"


def test_threads_of_open_and_lately_resolved_tickets_are_compared(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    def compared(since: datetime) -> list[str]:
        return [thread.id for thread in threads.to_compare(desk.tx, TEAM, since)]

    thread = desk.thread(asked)
    assert compared(desk.now) == [thread.id]
    li.says("!resolve", asked)
    assert compared(desk.now) == [thread.id]
    assert compared(desk.now + timedelta(seconds=1)) == []


def test_a_channel_that_is_back_goes_on_where_it_stopped(tx: Transaction) -> None:
    desk = Desk(tx, a_route(SUPPORT), a_route(NIGHT))
    desk.buyer("mia").says("Hello")
    hands = lanes.claim(
        tx, owner="worker", now=NOON, lease=timedelta(minutes=2), lanes=9, per_lane=9, limits=lambda _: None
    )
    archived = [lanes.Hold(hand.lane, "is_archived") for hand in hands if hand.lane.startswith("thread:")]
    with_picture = next(hand for hand in hands if hand.scope.endswith(NIGHT))
    lanes.rescope(tx, with_picture.lane, *file_scopes(TEAM, NIGHT))
    lanes.settle(tx, archived, owner="worker", now=NOON, limits=lambda _: None)
    shown.channel_back(tx, TEAM, NIGHT, desk.now)
    desk.carry_out()
    assert desk.channels == {NIGHT: ["(card)", "Hello"]}
    shown.workspace_back(tx, TEAM, desk.now)
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Hello"]


def test_the_newest_word_about_a_picture_counts(desk: Desk, asked: BuyerThere) -> None:
    shown.media_fetched(desk.tx, Media(shop_id=SHOP, message_id="m1", state=MediaState.REFUSED, fault="too_large"))
    shown.media_fetched(desk.tx, Media(shop_id=SHOP, message_id="m1", state=MediaState.STORED, path="ab/cd", size=7))
    kept = media_of(desk.tx, SHOP, "m1")
    assert kept is not None
    assert (kept.state, kept.fault, kept.path, kept.size) == (MediaState.STORED, "", "ab/cd", 7)
