"""The menu of a message: it is about the ticket in whose thread the message stands."""

from chatops.catalog import Verb
from chatops.desk import macro_library
from chatops.model import agent as agents
from chatops.rules.macrofile import MacroEntry
from tests.handlers.slack.desk import Desk


async def test_a_macro_from_the_menu_of_a_message(desk: Desk) -> None:
    thanks = MacroEntry(id="thanks", name="Thank you", texts={"en": "Thank you!"})
    await desk.store.write(macro_library.apply, [thanks], desk.context.now())
    note = await desk.noor.replies(desk.head, "// who takes this?")
    for where in (desk.head, note):
        assert (await desk.li.uses_shortcut(Verb.MACRO, where)).acked
        picker = await desk.li.expects_ephemeral("The buyer reads, in English")
        desk.world.workspace.ephemerals.clear()
    desk.world.workspace.ephemerals.append(picker)
    assert (await desk.li.clicks(picker, "Send")).acked
    assert ("waiting", "Thank you!") in await desk.said()
    agent = await desk.store.read(agents.get, desk.world.team.id, desk.li.id)
    assert agent is not None
    assert agent.name == "li", "the answer stands in the thread under a name, although no profile was read yet"


async def test_outside_of_a_ticket_and_by_an_older_version_it_says_so(desk: Desk) -> None:
    chatter = await desk.li.posts(desk.support, "lunch?")
    assert (await desk.li.uses_shortcut(Verb.MACRO, chatter)).acked
    await desk.li.expects_ephemeral("This works in the thread of a ticket.")
    assert (await desk.li.uses_shortcut("teleport", desk.head)).acked
    await desk.li.expects_ephemeral("nothing was done")
