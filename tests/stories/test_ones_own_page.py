"""What somebody sees and sets of their own, and how a lead adds to what the team can say."""

from tests.stories.cast import Story


async def test_somebody_says_when_and_in_what_they_answer_and_sees_it_on_their_own_page(story: Story) -> None:
    noor, head = story.noor, await story.conversation(story.cast.mia, "Where is my parcel?")
    await noor.replies(head, "!languages en th")
    await noor.is_told("English, Thai")
    await noor.replies(head, "!quiet 22-8")
    page = await noor.is_told("22:00–08:00")
    assert "Mia" in page.text
    await noor.replies(head, "!try It cures acne, add me on WhatsApp")
    await noor.is_told("What the rules make of it")
    await story.rests()
    assert story.cast.mia.heard == []


async def test_a_lead_writes_a_macro_and_sends_it(stage: Story) -> None:
    await stage.set_up(stage.desk_toml() + stage.role_toml(stage.noor, "lead"))
    await stage.product_starts()
    noor, head = stage.noor, await stage.conversation(stage.cast.mia, "Do you have gift boxes?")
    await noor.replies(head, "!assign me")
    await noor.is_told("Done: Assign")
    await noor.replies(head, "!unassign")
    await noor.is_told("Done: Unassign")
    await noor.replies(head, "!macros")
    await noor.clicks(await noor.is_told("There are no macros yet"), "New macro")
    await noor.reads_form("Macro")
    await noor.fills_in(name="Gift boxes", text="Yes, in red and in gold.", keywords="gift box, gift boxes")
    await stage.rests()
    await noor.replies(head, "!macro gift")
    await noor.clicks(await noor.is_told("The buyer reads"), "Send")
    await stage.undo_window_passes()
    await stage.cast.mia.hears("Yes, in red and in gold.")
