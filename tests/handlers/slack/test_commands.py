"""Slash commands: they work in channels only, and say privately where everything else works."""

from chatops.sandbox.slack.reading import visible
from tests.handlers.slack.desk import Desk


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


async def test_what_needs_a_ticket_says_how_it_is_typed_in_the_thread_and_gives_the_words_back(desk: Desk) -> None:
    assert "type there: !claim" in await told(desk, "/desk claim")
    assert "payload=1&x=<b>" in await told(desk, "/note payload=1&x=<b>")
    assert "in the thread of a ticket" in await told(desk, "/shrug")
    assert (await desk.ticket()).assignee_id is None
    assert not (await desk.li.runs(desk.support, "/desk help", desk.head)).acked, "Slack has no commands in threads"
