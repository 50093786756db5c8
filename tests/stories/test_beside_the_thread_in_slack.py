"""What somebody in Slack does without typing in a thread: a message's menu, commands in the channel, the own page."""

import pytest

from chatops.catalog import Verb
from chatops.desk import macro_library
from chatops.rules.macrofile import MacroEntry
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.reading import texts
from chatops.sandbox.slack.views import View
from tests.stories.cast import ACCEPTED, Post, Story
from tests.stories.slack_side import SlackSide, SlackTeammate

pytestmark = pytest.mark.parametrize("where", ["slack"])

TODAY = MacroEntry(id="today", name="Leaves today", texts={"en": "It leaves today, {buyer.name}."})
SORRY = MacroEntry(id="sorry", name="Sorry", texts={"en": "We are sorry, {buyer.name}."})


def noor_of(story: Story) -> Person:
    assert isinstance(story.noor, SlackTeammate)
    return story.noor.person


async def commands(story: Story, line: str) -> Post:
    """Let Noor give a command in the team's channel; return what she alone is answered."""
    noor, before = noor_of(story), len(story.noor.told)
    assert (await noor.runs(story.side.channel, line)).acked
    assert len(story.noor.told) == before + 1
    answer = noor.ephemerals[-1]
    return Post(story.side, answer.ts, answer)


async def own_page(story: Story) -> tuple[View, str]:
    """Let Noor open the app's Home; return it, and what she reads there."""
    assert isinstance(story.side, SlackSide)
    await noor_of(story).opens_home(story.side.app)
    await story.rests()
    page = noor_of(story).home(story.side.app)
    assert page is not None
    return page, "\n".join(texts(page.wire["blocks"]))


async def answers_from_the_menu_of_a_message(story: Story, head: Post) -> None:
    """It stands at what the buyer wrote; the answer is changed before it goes."""
    said = await story.reads(head, "Where is my parcel?")
    assert (await noor_of(story).uses_shortcut(Verb.MACRO, said.id)).acked
    picker = await story.noor.is_told("The buyer reads, in English")
    await story.noor.chooses(picker, "Another macro", "Leaves today")
    await story.noor.reads_form("Text in English")
    await story.noor.fills_in(text="It leaves today, dear Mia.")
    shown = await story.reads(head, "It leaves today, dear Mia.")
    await story.undo_window_passes()
    await story.cast.mia.hears("It leaves today, dear Mia.")
    await story.marked(shown.id, ACCEPTED)


async def answers_from_the_channel(story: Story, head: Post) -> None:
    """`/macro` asks for the ticket, too, and its form turns into the macro's own."""
    noor, mia = noor_of(story), story.cast.mia
    assert "no macro for “refund”" in (await commands(story, "/macro refund")).text
    assert (await noor.runs(story.side.channel, "/macro sorry")).acked
    form = await noor.expects_modal()
    tickets = form.wire["blocks"][0]["element"]["options"]
    [ticket] = [option["value"] for option in tickets if mia.profile.nickname in option["text"]["text"]]
    chosen = {"which-ticket": {"which-ticket": ticket}}
    refused = await noor.submits(form, {**chosen, "sought-macro": {"sought-macro": "xyzzy"}})
    assert "Choose another" in str(refused.body)
    await noor.submits(form, {"sought-macro": {"sought-macro": ""}})
    assert noor.modal is form, "one form follows the other"
    await story.noor.reads_form("Text in English")
    assert (await noor.submits(form)).acked
    assert noor.modal is None
    await story.reads(head, "We are sorry")
    await story.undo_window_passes()
    await mia.hears(f"We are sorry, {mia.profile.nickname}.")


async def looks_around_from_the_channel(story: Story) -> None:
    """What needs no ticket is answered; what needs one says where it works, and gives the words back."""
    assert "Nobody's: 1" in (await commands(story, "/queue")).text
    assert "Nobody's: 1" in (await commands(story, "/desk queue unassigned")).text
    assert "Found for PARCEL: 1" in (await commands(story, "/find PARCEL")).text
    assert "What you can do in this thread" in (await commands(story, "/desk")).text
    assert "Press the button" in (await commands(story, "/desk help claim")).text
    assert "If you answer it" in (await commands(story, "/desk try where is my parcel")).text
    elsewhere = (await commands(story, "/desk snooze tomorrow 9")).text
    assert "type there: !snooze" in elsewhere
    assert "tomorrow 9" in elsewhere
    assert "Leaves today" in (await commands(story, "/desk macros")).text
    assert "Slack tells this" in (await commands(story, "/desk zone Bangkok")).text
    assert "Thai" in (await commands(story, "/desk languages en th")).text


async def sets_up_the_own_page(story: Story) -> None:
    """What somebody tells about themselves is told by a form; one that cannot be stays open as it was typed."""
    noor = noor_of(story)
    page, read = await own_page(story)
    assert "English, Thai" in read
    assert story.cast.mia.profile.nickname in read
    assert buttons(page)[-2:] == ["My languages", "Quiet hours"], "the time zone is told by Slack"
    assert (await noor.clicks(page, "Quiet hours")).acked
    form = await noor.expects_modal()
    refused = await noor.submits(form, {"text": {"text": "at night"}})
    assert "like 22-8" in str(refused.body)
    assert noor.modal is form
    assert (await noor.submits(form, {"text": {"text": "22-8"}})).acked
    page, read = await own_page(story)
    assert "22:00–08:00" in read
    assert (await noor.clicks(page, "My languages")).acked
    await story.noor.fills_in(text="th vi")
    assert "Thai, Vietnamese" in (await own_page(story))[1]


def buttons(page: View) -> list[str]:
    """Return what the buttons of a page say."""
    rows = [block["elements"] for block in page.wire["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


async def test_everything_that_is_not_typed_in_the_thread(story: Story) -> None:
    await story.store.write(macro_library.apply, [TODAY, SORRY], story.clock.now())
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await looks_around_from_the_channel(story)
    await answers_from_the_menu_of_a_message(story, head)
    await answers_from_the_channel(story, head)
    await sets_up_the_own_page(story)
    assert len(story.cast.mia.heard) == 2, "nothing else was for the buyer"
    assert len(story.side.below(head)) == 3, "nor for the thread"
