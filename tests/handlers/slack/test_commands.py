"""Slash commands: they work in channels only, and say privately where everything else works."""

from datetime import timedelta

import pytest

from chatops.desk import macro_library
from chatops.refs import ticket_ref
from chatops.rules.macrofile import MacroEntry
from chatops.sandbox.slack.reading import visible
from tests.handlers.slack.desk import SHOP, TICKET, Desk


async def told(desk: Desk, line: str) -> str:
    """Let Li run a command, and return what only Li sees."""
    desk.world.workspace.ephemerals.clear()
    assert (await desk.li.runs(desk.support, line)).acked
    [answer] = desk.li.ephemerals
    return visible(answer)


async def test_desk_help_says_what_works_where(desk: Desk) -> None:
    assert "What you can do in this thread" in await told(desk, "/desk")
    assert "!claim" in await told(desk, "/desk help")
    assert "so that everybody knows who answers" in await told(desk, "/desk help claim")
    assert "Press the button" in await told(desk, "/desk HELP !claim")
    assert await desk.said() == []
    [learning] = await desk.deliveries("learn_agent")
    assert learning.args["agent_id"] == desk.li.id, "who only asks is spoken with in their language, too"


async def test_what_needs_a_ticket_says_how_it_is_typed_in_the_thread_and_gives_the_words_back(desk: Desk) -> None:
    assert "type there: !claim" in await told(desk, "/desk claim")
    assert "payload=1&x=<b>" in await told(desk, "/note payload=1&x=<b>")
    assert "in the thread of a ticket" in await told(desk, "/shrug")
    assert (await desk.ticket()).assignee_id is None
    assert not (await desk.li.runs(desk.support, "/desk help", desk.head)).acked, "Slack has no commands in threads"


async def test_a_macro_that_one_chooses_is_sent_from_the_channel_to_a_ticket_one_chooses(desk: Desk) -> None:
    thanks = MacroEntry(id="thanks", name="Thank you", texts={"en": "Thank you!"})
    many = MacroEntry(id="many", name="Many thanks", texts={"en": "Many thanks!"})
    sorry = MacroEntry(id="sorry", name="Sorry", texts={"en": "We are sorry."})
    await desk.store.write(macro_library.apply, [thanks, many, sorry], desk.context.now())
    assert "no macro for “refund”" in await told(desk, "/macro refund")
    assert (await desk.li.runs(desk.support, "/macro thanks")).acked
    form = await desk.li.expects_modal()
    _, macro, _ = form.wire["blocks"]
    assert [option["value"] for option in macro["element"]["options"]] == ["thanks", "many"]
    assert macro["element"]["initial_option"]["value"] == "thanks"
    ticket = {"which-ticket": {"which-ticket": ticket_ref(SHOP, TICKET)}}
    refused = await desk.li.submits(form, {**ticket, "sought-macro": {"sought-macro": "refund"}})
    assert "Choose another" in str(refused.body)
    await desk.li.submits(form, {"which-macro": {"which-macro": "many"}, "sought-macro": {"sought-macro": ""}})
    assert desk.li.modal is form
    assert "Text in English" in str(form.wire["blocks"])
    if not desk.app.socket_mode:  # Li is called away; sockets would have to connect anew
        desk.world.time.skip(timedelta(hours=1))
    await desk.li.submits(form)
    assert desk.li.modal is None
    assert await desk.said() == [("waiting", "Many thanks!")]
    await desk.li.submits(form)
    assert await desk.said() == [("waiting", "Many thanks!")], "sent off twice, it counts once"


async def test_what_is_typed_into_the_form_finds_a_macro_and_does_not_become_the_answer(desk: Desk) -> None:
    thanks = MacroEntry(id="thanks", name="Thank you", texts={"en": "You are welcome!"})
    await desk.store.write(macro_library.apply, [thanks], desk.context.now())
    assert (await desk.li.runs(desk.support, "/macro")).acked
    form = await desk.li.expects_modal()
    ticket = {"which-ticket": {"which-ticket": ticket_ref(SHOP, TICKET)}}
    await desk.li.submits(form, {**ticket, "sought-macro": {"sought-macro": "thank"}})
    await desk.li.submits(form)
    assert await desk.said() == [("waiting", "You are welcome!")]


async def test_an_unexpected_failure_gives_the_words_of_a_command_back_with_a_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(desk.store, "write", broken)
    said = await told(desk, "/find Mia")
    assert "Something unexpected happened" in said
    assert "Mia" in said
