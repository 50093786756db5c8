"""Every button of the catalogue does the same when it is pressed in Slack and in Discord."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from chatops.cards.forms import more
from chatops.cards.verbs import button, label
from chatops.catalog import CATALOG, NEW, SELF, Verb
from chatops.desk import definitions, macro_library, paging
from chatops.desk.definitions import Defined
from chatops.desk.gestures import WITH_WORDS
from chatops.model import macro as macros
from chatops.model import page as pages
from chatops.model import rotation as rotations
from chatops.model import rulebook
from chatops.model import ticket as tickets
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.page import Why
from chatops.model.rulebook import RulebookName
from chatops.refs import choice_ref, message_ref, ticket_ref
from chatops.rules.escalation import Escalation, Step
from chatops.rules.macrofile import MacroEntry
from chatops.rules.targets import Urgency
from chatops.store import Keyring, Store, generate_key, open_store
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from tests.handlers.about_time import about_digests, about_promises, about_rotations
from tests.handlers.discord import desk as discord
from tests.handlers.duties import wished
from tests.handlers.side import Side, leads
from tests.handlers.slack import desk as slack
from tests.handlers.slack.desk import SHOP, TICKET

TOO_LONG = "A very long story. " * 150


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A started store on an empty database."""
    opened = open_store(sqlite_url, time=SystemTime(), keys=Keyring([generate_key()]))
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture(params=["slack", "discord"])
async def side(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Side]:
    """One of the chat platforms, with Mia's ticket in a thread."""
    if request.param == "slack":
        async with slack.open_desk(store) as at_slack:
            yield Side(at_slack, lambda text: at_slack.li.replies(at_slack.head, text))
    else:
        async with discord.open_desk(store) as at_discord:
            yield Side(at_discord, lambda text: at_discord.says(at_discord.li, text))


async def _about_the_ticket(side: Side) -> set[Verb]:
    ref, desk = ticket_ref(SHOP, TICKET), side.desk
    await side.presses(Verb.CLAIM, ref)
    assert (await desk.ticket()).assignee_id == desk.li.id
    await side.presses(Verb.RESOLVE, ref)
    assert (await desk.ticket()).state.value == "resolved"
    await side.presses(Verb.REOPEN, ref)
    assert (await desk.ticket()).state.value == "open"
    return {Verb.CLAIM, Verb.RESOLVE, Verb.REOPEN}


async def _about_messages(side: Side) -> set[Verb]:
    for verb, text, write, becomes in (
        (Verb.UNDO, "It is lost", side.written, ["withdrawn"]),
        (Verb.RETRY, "Once more", side.refused, ["waiting"]),
        (Verb.DROP, "Never mind", side.refused, ["withdrawn"]),
        (Verb.SEND_ANYWAY, "All the same", side.held, ["waiting"]),
        (Verb.APPROVE, "I swear", side.stopped, ["waiting"]),
        (Verb.SPLIT, TOO_LONG, side.written, []),
        (Verb.COPY, "Good day", side.written, ["waiting"]),
    ):
        message = await write(text)
        ref = message_ref(message.shop_id, message.id)
        await side.presses(verb, choice_ref(ref, message.reading) if verb in WITH_WORDS else ref)
        assert await side.states(text) == becomes, verb
    note = await side.written("// On its way")
    await side.presses(Verb.SEND_NOTE, message_ref(note.shop_id, note.id))
    held = await side.held("Not like this")
    notice = button(Verb.REWORD, choice_ref(message_ref(held.shop_id, held.id), held.reading))
    await side.fills_in(await side.desk.shows(notice, text="Edit"), Verb.REWORD, text="But like that")
    assert (await side.states("Not like this"), await side.states("But like that")) == (["withdrawn"], ["waiting"])
    decided = {Verb.RETRY, Verb.DROP, Verb.SEND_ANYWAY, Verb.APPROVE, Verb.REWORD}
    return {Verb.UNDO, Verb.SPLIT, Verb.COPY, Verb.SEND_NOTE, *decided}


async def _from_the_cards_menu(side: Side) -> set[Verb]:
    ticket, desk = await side.desk.ticket(), side.desk
    shown = await desk.shows(more(ticket), text="More")
    menu = "more:0" if isinstance(desk, slack.Desk) else label(Verb.MORE)
    assert (await desk.li.clicks(shown, menu, label(Verb.HELP))).acked
    await desk.li.expects_ephemeral("What you can do in this thread")
    assert (await desk.ticket()).version == ticket.version + 1, "the card is drawn anew, with nothing chosen"
    return {Verb.MORE}


async def _about_oneself(side: Side) -> set[Verb]:
    """Each opens a form; what it keeps is told elsewhere."""
    found = {Verb.ZONE, Verb.LANGUAGES, Verb.QUIET, Verb.SWAP, Verb.OVERRIDE, Verb.ABSENT}
    shown = await side.desk.shows(*(button(verb, SELF) for verb in found), text="About oneself")
    for verb in found:
        assert (await side.desk.li.clicks(shown, label(verb))).acked
        form = await side.desk.li.expects_modal()
        assert str(verb) in str(form)
        await side.desk.li.closes(form)  # type: ignore[arg-type]  # each world has its own
    return found


THANKS = MacroEntry(id="thanks", name="Thank you", texts={"en": "Thank you!"})
TRACK = MacroEntry(id="track", name="Track it", texts={"en": "Track it here: {order.tracking_url}"})


async def _by_macro(side: Side) -> set[Verb]:
    ref, desk = ticket_ref(SHOP, TICKET), side.desk
    await desk.store.write(macro_library.apply, [THANKS, TRACK], SystemTime().now())
    shown = await desk.shows(button(Verb.MACRO, ref), text="Answer with a macro")
    assert (await desk.li.clicks(shown, label(Verb.MACRO))).acked
    await desk.li.expects_ephemeral("The buyer reads, in English")
    send = await desk.shows(button(Verb.MACRO_SEND, choice_ref(ref, "thanks")), text="Send thanks")
    assert (await desk.li.clicks(send, label(Verb.MACRO_SEND))).acked
    assert ("waiting", "Thank you!") in await desk.said()
    lacking = await desk.shows(button(Verb.MACRO_SEND, choice_ref(ref, "track")), text="Send track")
    await side.fills_in(lacking, Verb.MACRO_SEND, **{"order.tracking_url": "https://t.example/1"})
    assert ("waiting", "Track it here: https://t.example/1") in await desk.said()
    edit = await desk.shows(button(Verb.MACRO_EDIT, choice_ref(ref, "thanks")), text="Edit thanks")
    await side.fills_in(edit, Verb.MACRO_EDIT, text="Dear {buyer.name}!", told="something is missing")
    await side.fills_in(edit, Verb.MACRO_EDIT, text="Dear Mia!")
    assert ("waiting", "Dear Mia!") in await desk.said()
    await desk.store.write(lambda tx: tx.execute(update(Agent).values(role=Role.LEAD)).rowcount)
    write = await desk.shows(button(Verb.MACRO_WRITE, NEW), text="Write")
    await side.fills_in(write, Verb.MACRO_WRITE, name="Sorry", text="Sorry, {buyer.nmae}!", told="is no variable")
    await side.fills_in(write, Verb.MACRO_WRITE, name="Sorry", text="Sorry, {buyer.name}!")
    [sorry] = await desk.store.read(macros.texts, "sorry")
    assert (sorry.locale, sorry.text) == ("en", "Sorry, {buyer.name}!")
    return {Verb.MACRO, Verb.MACRO_SEND, Verb.MACRO_EDIT, Verb.MACRO_WRITE}


async def _about_shifts(side: Side) -> set[Verb]:
    """Noor wishes twice that Li takes her shift, and Li has said that he stands in for her."""
    taken, declined, said = await side.desk.store.write(wished, side.desk.li.id)
    await side.presses(Verb.SHIFT_TAKE, str(taken))
    await side.presses(Verb.SHIFT_DECLINE, str(declined))
    await side.presses(Verb.SHIFT_BACK, f"override/{said}")
    found = [await side.desk.store.write(rotations.swap, number) for number in (taken, declined)]
    assert [one and one.state.value for one in found] == ["taken", "declined"]
    assert getattr(await side.desk.store.write(rotations.lock_override, said), "cancelled_at", None) is not None
    return {Verb.SHIFT_TAKE, Verb.SHIFT_DECLINE, Verb.SHIFT_BACK}


SMALL = '[[rules]]\nid = "small"\ntags = ["small"]\n[rules.words]\nen = ["small"]'


async def _about_rules(side: Side) -> set[Verb]:
    """Li is a lead: writes a rule, in vain at first, lets it count, and takes it back."""
    desk, book = side.desk, RulebookName.TRIAGE
    await desk.store.write(leads, desk.li.id)
    write = await desk.shows(button(Verb.RULE_WRITE, rulebook.ref(book, 0, rulebook.NEW)), text="A new rule")
    assert (await desk.li.clicks(write, label(Verb.RULE_WRITE))).acked
    form = await desk.li.expects_modal()
    await side.submits(form, text="small talk", sample="How small is it?")
    if isinstance(desk, slack.Desk):
        assert desk.li.modal is form, "it stays open as it was filled in"
    else:
        await side.clicks_what_says("not written as a rule is", "Your draft")
    await side.submits(await desk.li.expects_modal(), text=SMALL)
    await side.clicks_what_says("#small", label(Verb.RULE_SAVE))  # what the rule makes of the message
    await side.clicks_what_says("Version 1 counts from now on.", label(Verb.RULES_BACK))
    await desk.li.expects_ephemeral("Version 2 counts from now on.")
    assert await desk.store.read(rulebook.text, book) == rulebook.starter(book)
    return {Verb.RULE_WRITE, Verb.RULE_SAVE, Verb.RULES_BACK}


async def test_a_verb_is_given_its_words_in_a_form(side: Side) -> None:
    desk = side.desk
    shown = await desk.shows(more(await desk.ticket()), text="More")
    await side.submits(await side.opens(Verb.LEVEL, shown), choice="quality")
    assert (await desk.ticket()).level == "quality"
    await side.submits(await side.opens(Verb.PRIORITY, shown), choice="urgent")
    assert (await desk.ticket()).priority == "urgent"
    await side.is_refused(await side.opens(Verb.SNOOZE, shown), "it is not clear when", text="when pigs fly")
    await side.submits(await side.opens(Verb.SNOOZE, shown), choice="1h", text="tomorrow 9")
    until = (await desk.ticket()).snoozed_until
    assert until is not None
    assert until.minute == 0, "what was typed counts before what was chosen"
    await side.submits(await side.opens(Verb.TAG, shown), text="vip")
    assert (await desk.ticket()).tags == ["vip"]
    await side.submits(await side.opens(Verb.TAG, shown), choice="vip", text="-vip late")  # known by now
    assert (await desk.ticket()).tags == ["late"]
    await side.submits(await side.opens(Verb.ESCALATE, shown), text="")
    assert (await desk.ticket()).escalated_at, "what a lead should know may be left out"
    await side.is_told(Verb.BLOCK, shown, "You may not do this here")  # before anything is typed
    await side.is_told(Verb.HELP, shown, "What you can do in this thread")


async def _about_a_call(side: Side) -> set[Verb]:
    ref, desk = ticket_ref(SHOP, TICKET), side.desk
    await desk.store.write(_called, desk.li.id)
    await side.presses(Verb.LATER, ref)
    assert await desk.store.read(_page) == ("acknowledged", "snoozed", [f"agent {desk.li.id}"])
    await side.presses(Verb.TAKE, ref)
    assert (await desk.store.read(_page))[:2] == ("acknowledged", "taken")
    return {Verb.LATER, Verb.TAKE}


async def _about_a_call_by_forms(side: Side) -> set[Verb]:
    ref, desk = ticket_ref(SHOP, TICKET), side.desk
    await desk.store.write(_called, desk.li.id)
    form, noor = await desk.shows(button(Verb.HAND_ON, ref), text="hand on"), f"<@{desk.noor.id}>"
    await side.fills_in(form, Verb.HAND_ON, text=noor)
    await desk.said()
    assert (await desk.store.read(_page))[0] == "calling", "whoever it was passed to is called"
    await side.fills_in(await desk.shows(button(Verb.ANSWER, ref), text="answer"), Verb.ANSWER, text="Here it is")
    await desk.said()
    assert await side.states("Here it is") == ["waiting"]
    assert (await desk.store.read(_page))[1] == "answered"
    return {Verb.HAND_ON, Verb.ANSWER}


def _called(tx: Transaction, agent_id: str) -> None:
    [workspace], ticket = workspaces.every(tx), tickets.get(tx, SHOP, TICKET)
    assert ticket
    spec = Escalation(workspace.name, (Step((f"agent {agent_id}",)),))
    now = SystemTime().now()
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", spec), None, now)
    assert paging.summon(tx, ticket, "front", Why.WARN, Urgency.PAGE, now)


def _page(tx: Transaction) -> tuple[str, str | None, list[str]]:
    page = pages.open_page(tx, SHOP, TICKET)
    assert page
    return page.state.value, page.how and page.how.value, page.called


async def test_each_button_does_what_it_says(side: Side) -> None:
    pressed = await _about_shifts(side)  # first: nothing was whispered yet
    pressed |= await _about_the_ticket(side) | await _about_a_call(side)
    pressed |= await _about_messages(side) | await _from_the_cards_menu(side)
    pressed |= await about_promises(side) | await about_rotations(side) | await about_digests(side)
    pressed |= await _about_oneself(side)
    pressed |= await _about_rules(side)
    pressed |= await _by_macro(side) | await _about_a_call_by_forms(side)
    assert pressed == {one.verb for one in CATALOG if one.button}
    parts = [words for state, words in await side.desk.said() if words.startswith("A very long") and state == "waiting"]
    assert len(parts) == 2, "a long text leaves in two"
    assert "copied" in await side.desk.whispers()
    assert await side.states("On its way") == ["waiting", "withdrawn"]
