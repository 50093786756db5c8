"""Buttons and reactions: each does what it says, once, and says so privately when it cannot."""

import pytest

from chatops.catalog import Verb
from chatops.refs import message_ref, ticket_ref
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.slack.acks import Ack
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.ui import Button, Press
from tests.handlers.slack.desk import SHOP, TICKET, Desk


async def test_the_card_s_buttons_claim_resolve_and_reopen(desk: Desk) -> None:
    assert (await desk.li.clicks(desk.head, "Claim")).acked
    assert (await desk.ticket()).assignee_id == desk.li.id
    assert (await desk.noor.clicks(desk.head, "Resolve")).acked
    assert (await desk.ticket()).state.value == "resolved"
    assert (await desk.noor.clicks(desk.head, "Reopen")).acked
    assert (await desk.ticket()).state.value == "open"
    assert await desk.whispers() == []


async def test_undo_takes_back_an_answer_before_it_leaves(desk: Desk) -> None:
    await desk.li.replies(desk.head, "On its way")
    (answer,) = await desk.messages()
    offer = await desk.shows(Button("Undo", Press(Verb.UNDO, message_ref(answer.shop_id, answer.id))))
    assert (await desk.li.clicks(offer, "Undo")).acked
    assert await desk.said() == [("withdrawn", "On its way")]
    assert await desk.deliveries("reply") == []


async def test_a_press_that_comes_twice_counts_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Json] = []
    interact = desk.world.delivery.interact

    async def remembered(app: App, kind: str, payload: Json) -> Ack:
        sent.append(payload)
        return await interact(app, kind, payload)

    monkeypatch.setattr(desk.world.delivery, "interact", remembered)
    await desk.li.clicks(desk.head, "Resolve")
    await desk.noor.clicks(desk.head, "Reopen")
    assert (await interact(desk.app, "interactive", sent[0])).acked
    assert (await desk.ticket()).state.value == "open"
    assert await desk.whispers() == []


async def test_presses_of_yesterday_and_of_nobody_are_answered_privately(desk: Desk) -> None:
    gone, odd = ticket_ref(SHOP, f"{TICKET}0"), Press("teleport", "somewhere")
    wrong = Press(Verb.NOTE, ticket_ref(SHOP, TICKET))
    shown = await desk.shows(
        Button("Gone", Press(Verb.CLAIM, gone)), Button("Odd", odd), Button("Wrong", wrong),
        Button("Lost", Press(Verb.CLAIM, "nowhere")),
    )  # fmt: skip
    for label in ("Gone", "Odd", "Wrong", "Lost"):
        assert (await desk.li.clicks(shown, label)).acked
    assert len(desk.li.ephemerals) == 4
    assert all("has changed in the meantime" in told.text for told in desk.li.ephemerals)
    assert all(told.thread_ts == desk.head for told in desk.li.ephemerals)


async def test_a_press_is_acknowledged_even_when_the_private_answer_gets_lost(desk: Desk) -> None:
    shown = await desk.shows(Button("Odd", Press("teleport", "somewhere")))
    desk.world.faults.plan(Fault("chat.postEphemeral", Trouble.UNAVAILABLE))
    assert (await desk.li.clicks(shown, "Odd")).acked
    assert desk.li.ephemerals == []


async def test_reactions_on_the_card_claim_give_back_and_resolve(desk: Desk) -> None:
    await desk.li.reacts(desk.head, "eyes")
    assert (await desk.ticket()).assignee_id == desk.li.id
    await desk.li.unreacts(desk.head, "eyes")
    assert (await desk.ticket()).assignee_id is None
    await desk.noor.reacts(desk.head, "white_check_mark")
    assert (await desk.ticket()).state.value == "resolved"


async def test_a_reaction_that_comes_twice_counts_once(desk: Desk) -> None:
    desk.world.delivery.duplicate_next()
    await desk.noor.reacts(desk.head, "white_check_mark")
    assert (await desk.ticket()).state.value == "resolved"
    assert await desk.whispers() == []


async def test_reactions_elsewhere_and_of_no_meaning_change_nothing(desk: Desk) -> None:
    chatter = await desk.li.posts(desk.support, "lunch?")
    await desk.noor.reacts(chatter, "white_check_mark")
    await desk.noor.reacts(desk.head, "tada")
    ticket = await desk.ticket()
    assert (ticket.state.value, ticket.assignee_id) == ("open", None)
    assert desk.world.delivery.lost == []
