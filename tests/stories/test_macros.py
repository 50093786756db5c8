"""A prepared answer: found, looked over, sent, marked, taken back and compared, in Slack as in Discord."""

from chatops.desk import macro_library
from chatops.rules.macrofile import MacroEntry
from tests.stories.cast import ACCEPTED, WAITING, Post, Story

WHERE = MacroEntry(
    id="where",
    name="Where is my order",
    keywords={"th": ("พัสดุ",)},
    texts={"en": "Hi {buyer.name}, it is on its way!", "th": "คุณ{buyer.name} กำลังจัดส่งค่ะ"},
)
SOON = MacroEntry(id="soon", name="Soon", texts={"th": "ของจะถึงเร็วๆ นี้ค่ะ"})
BYE = MacroEntry(id="bye", name="Goodbye", texts={"th": "ขอให้เป็นวันที่ดีนะคะ"})
THANKS = MacroEntry(id="thanks", name="Thank you", acts=("note Sent a voucher", "resolve"), texts={"th": "ขอบคุณมากค่ะ"})


async def sends(story: Story, head: Post, words: str, expected: str) -> Post:
    """Let Noor ask for a macro in the thread and send what she is shown; return our post that stands for it."""
    await story.noor.replies(head, f"!macro {words}")
    picker = await story.noor.is_told(expected)
    await story.noor.clicks(picker, "Send")
    return await story.reads(head, expected)


async def test_a_prepared_answer_from_the_card_to_the_buyer(story: Story) -> None:
    await story.store.write(macro_library.apply, [WHERE, SOON, BYE, THANKS], story.clock.now())
    mia = story.cast.mia
    head = await story.conversation(mia, "พัสดุของฉันอยู่ที่ไหนคะ")
    said = f"คุณ{mia.profile.nickname} กำลังจัดส่งค่ะ"

    taken_back = await sends(story, head, "thank", "ขอบคุณมากค่ะ")
    await story.card_shows(head, "Resolved")
    await story.reads(head, "Sent a voucher")
    await story.marked(taken_back.id, WAITING)
    await story.noor.clicks(await story.noor.is_told("goes to the buyer"), "Undo")
    await story.until(lambda: story.side.marks(taken_back.id) == [], "no mark on what was taken back")

    await story.card_shows(head, "Open")  # it was resolved by what did not leave
    await story.noor.clicks(head, "Macro")
    picker = await story.noor.is_told("The buyer reads, in Thai")
    assert f"Hi {mia.profile.nickname}, it is on its way" in picker.text
    await story.noor.clicks(picker, "Send")
    post = await story.reads(head, said)
    assert "Noor" in post.text
    await story.marked(post.id, WAITING)
    await story.undo_window_passes()
    await mia.hears(said)
    await story.marked(post.id, ACCEPTED)

    story.side.delete(await sends(story, head, "soon", "ของจะถึงเร็วๆ นี้ค่ะ"))
    kept = await sends(story, head, "bye", "ขอให้เป็นวันที่ดีนะคะ")
    await story.comparison_is_due()
    await story.rests()
    await story.marked(kept.id, ACCEPTED)
    assert mia.heard == [said, "ขอให้เป็นวันที่ดีนะคะ"]
