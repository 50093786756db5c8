"""What an agent does in a thread, and what the buyer gets, or never gets."""

from chatops.sandbox.faults import Trouble
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.world import DISCORD, SLACK
from tests.stories.cast import ACCEPTED, FAILED, WAITING, Story
from tests.stories.conftest import every_kind_of_place, every_place

PNG = "image/png"


@every_kind_of_place
async def test_a_picture_reaches_the_buyer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Which colour is it?")
    picture = plain_png(50, 20, (200, 30, 60))
    post = await story.noor.uploads(head, ("rosewood.png", picture, PNG))
    await story.undo_window_passes()
    [received] = await story.cast.mia.hears_messages(1)
    hosted = story.world.tiktok.picture(received.inner["url"])
    assert hosted is not None
    assert hosted.content == picture
    await story.marked(post, ACCEPTED)


async def test_words_and_two_pictures_arrive_in_this_order(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Which colours are there?")
    rosewood, plum = (("rosewood.png", plain_png(50, 20), PNG), ("plum.png", plain_png(20, 50), PNG))
    post = await story.noor.uploads(head, rosewood, plum, text="These two:")
    await story.undo_window_passes()
    words, first, second = await story.cast.mia.hears_messages(3)
    assert words.text == "These two:"
    assert [first.inner["width"], second.inner["width"]] == ["50", "20"]
    await story.marked(post, ACCEPTED)


async def test_what_is_no_picture_is_refused_privately(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "May I have an invoice?")
    await story.noor.uploads(head, ("invoice.pdf", b"%PDF-1.7", "application/pdf"))
    await story.noor.is_told("invoice.pdf is not a picture")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.received == []


@every_place
async def test_an_edit_inside_the_undo_window_changes_what_the_buyer_gets(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "How much is it?")
    answer = await story.noor.replies(head, "12 punds")
    await story.marked(answer, WAITING)
    await story.time_passes(seconds=3)
    await story.noor.edits(answer, "12 pounds")
    await story.time_passes(seconds=3)  # the edit got a window of its own
    await story.rests()
    assert story.cast.mia.heard == []
    await story.time_passes(seconds=3)
    await story.cast.mia.hears("12 pounds")
    await story.marked(answer, ACCEPTED)
    assert story.cast.mia.heard == ["12 pounds"]


async def test_an_answer_edited_three_times_leaves_once_as_it_stands_at_the_end(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "How much is it?")
    answer = await story.noor.replies(head, "12 punds")
    for better in ("12 pound", "12 pounds", "12.90 pounds"):
        await story.time_passes(seconds=3)
        await story.noor.edits(answer, better)
    await story.undo_window_passes()
    await story.cast.mia.hears("12.90 pounds")
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert story.cast.mia.heard == ["12.90 pounds"]


async def test_an_edit_after_the_answer_left_is_too_late_and_the_writer_learns_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "How much is it?")
    answer = await story.answers(story.noor, head, "12 pounds")
    await story.cast.mia.hears("12 pounds")
    await story.rests()
    await story.noor.edits(answer, "13 pounds")
    await story.noor.is_told("The buyer already has this answer as it was")
    assert story.cast.mia.heard == ["12 pounds"]


async def test_what_is_deleted_inside_the_window_never_leaves(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Is anybody there?")
    answer = await story.noor.replies(head, "Oh no")
    await story.marked(answer, WAITING)
    await story.noor.deletes(answer)
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []


async def test_deleting_what_has_left_takes_nothing_back_and_the_writer_learns_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Is anybody there?")
    answer = await story.answers(story.noor, head, "Yes")
    await story.cast.mia.hears("Yes")
    await story.rests()
    await story.noor.deletes(answer)
    await story.noor.is_told("deleting it here does not take it back")


@every_place
async def test_undo_takes_an_answer_back_and_offers_its_text(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Is it waterproof?")
    answer = await story.noor.replies(head, "No idea")
    offer = await story.noor.is_told("Your answer goes to the buyer at")
    await story.noor.clicks(offer, "Undo")
    await story.noor.clicks(offer, "Undo")  # pressed once more, it changes nothing
    taken = await story.noor.is_told("Taken back")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []
    assert story.side.marks(answer) == []

    await story.noor.clicks(taken, "Copy")
    await story.noor.is_told("No idea")
    await story.rests()
    assert story.cast.mia.heard == []


async def test_notes_and_words_to_a_teammate_stay_inside(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "I want my money back")
    for inside in (
        "// she is angry",
        "note: third time this week",
        "Note: so careful",
        f"{story.li.mention} can you look?",
        "@here who knows this?",
        "They talk about it in #support",
        "//",
    ):
        await story.noor.replies(head, inside)
    await story.undo_window_passes()
    await story.rests()
    await story.answers(story.noor, head, "We look into it")
    await story.cast.mia.hears("We look into it")
    assert story.cast.mia.heard == ["We look into it"]


async def test_an_answer_that_becomes_a_note_in_time_stays_inside(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "I want my money back")
    answer = await story.noor.replies(head, "what a liar")
    await story.marked(answer, WAITING)
    await story.noor.edits(answer, "// what a liar")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []


async def test_what_others_write_outside_our_threads_is_none_of_our_business(story: Story) -> None:
    await story.conversation(story.cast.mia, "Hello")
    lunch = await story.li.talks("Lunch?")
    await story.noor.replies(lunch, "Yes!")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []


FORMATTED = {
    SLACK: "You are *very* _welcome_ ~not~ `really` :tada: :+1:",
    DISCORD: "You are **very** *welcome* ~~not~~ `really` 🎉 👍",
}


async def test_formatting_becomes_plain_text_and_emoji_stay_emoji(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Thanks!")
    written = {
        FORMATTED[story.side.platform]: "You are very welcome not really 🎉 👍",
        "a < b & c > d": "a < b & c > d",
        "See https://example.com/track?a=1&b=2": "See https://example.com/track?a=1&b=2",
        "Terima kasih banyak 🙏": "Terima kasih banyak 🙏",
    }
    for text in written:
        await story.noor.replies(head, text)
    await story.undo_window_passes()
    await story.cast.mia.hears_messages(len(written))
    assert story.cast.mia.heard == list(written.values())


OWN_EMOJI = {SLACK: ":party-maomao:", DISCORD: "<:party_maomao:1573990291281543168>"}


async def test_an_answer_of_emoji_alone_leaves_unless_they_are_the_teams_own(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "It has come!")
    await story.answers(story.noor, head, "🎉🎉")
    await story.answers(story.noor, head, "👍🏽")
    await story.cast.mia.hears("👍🏽")
    await story.noor.replies(head, OWN_EMOJI[story.side.platform])
    await story.noor.is_told("there are no words and no picture in it")
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == ["🎉🎉", "👍🏽"]


async def test_who_may_not_speak_for_the_shop_is_told_so_and_nothing_leaves(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml() + story.role_toml(story.noor, "observer"))
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.replies(head, "No idea")
    await story.noor.is_told("You may not do this here.")
    await story.noor.clicks(head, "Claim")
    await story.li.replies(head, "On its way")
    await story.undo_window_passes()
    await story.cast.mia.hears("On its way")
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]
    await story.card_shows(head, "Nobody yet")


async def test_our_own_mention_and_links_to_where_we_talk_never_leave(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is it?")
    await story.noor.replies(head, f"It left, see {story.side.link_inside} for more")
    await story.noor.replies(head, f"{story.side.our_mention} it is on its way")
    await story.undo_window_passes()
    await story.cast.mia.hears_messages(2)
    assert story.cast.mia.heard == ["It left, see for more", "it is on its way"]


async def test_a_refused_answer_says_why_and_leaves_after_try_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Can we talk elsewhere?")
    answer = await story.answers(story.noor, head, "Yes, at the casino")
    notice = await story.reads(head, "This answer did not reach the buyer.")
    await story.reads(head, "because of a word it does not allow")
    await story.marked(answer, FAILED)
    assert story.cast.mia.heard == []

    await story.noor.clicks(notice, "Copy")
    await story.noor.is_told("Yes, at the casino")
    await story.noor.edits(answer, "Only here, sorry")
    await story.undo_window_passes()
    await story.cast.mia.hears("Only here, sorry")
    await story.marked(answer, ACCEPTED)


async def test_try_again_sends_what_the_marketplace_takes_now(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Hello?")
    story.cast.mia.profile.contactable = False
    answer = await story.answers(story.noor, head, "We have news")
    notice = await story.reads(head, "does not let this shop write in this conversation")
    await story.marked(answer, FAILED)
    story.cast.mia.profile.contactable = True
    await story.noor.clicks(notice, "Try again")
    await story.cast.mia.hears("We have news")
    await story.marked(answer, ACCEPTED)
    await story.noor.clicks(notice, "Try again")
    await story.noor.is_told("There is nothing left to do")
    await story.rests()
    assert story.cast.mia.heard == ["We have news"]


async def test_followers_wait_behind_a_refused_answer_until_it_is_dropped(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Can we talk elsewhere?")
    bad = await story.noor.replies(head, "Yes, near the casino")
    second = await story.li.replies(head, "Or call us")
    third = await story.noor.replies(head, "Any time")
    await story.undo_window_passes()
    notice = await story.reads(head, "Later answers to this buyer wait until you decide.")
    await story.marked(bad, FAILED)
    await story.time_passes(hours=1)
    await story.rests()
    assert story.cast.mia.heard == []

    await story.li.clicks(notice, "Drop")
    await story.cast.mia.hears("Any time")
    assert story.cast.mia.heard == ["Or call us", "Any time"]
    for answer in (second, third):
        await story.marked(answer, ACCEPTED)


async def test_followers_leave_in_order_after_try_again(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Can we talk elsewhere?")
    story.tiktok_fails("send_message", Trouble.ERROR, code="45109003")
    for words in ("One", "Two", "Three"):
        await story.noor.replies(head, words)
    await story.undo_window_passes()
    notice = await story.reads(head, "This answer did not reach the buyer.")
    await story.noor.clicks(notice, "Try again")
    await story.cast.mia.hears("Three")
    assert story.cast.mia.heard == ["One", "Two", "Three"]


async def test_an_answer_that_is_too_long_is_refused_with_the_count_and_sent_in_parts_on_a_click(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Tell me everything")
    text = " ".join(f"{number:07d}" for number in range(501))[:4001]
    assert len(text) == 4001
    answer = await story.noor.replies(head, text)
    refusal = await story.noor.is_told("4,001 characters, TikTok Shop allows 2,000")
    await story.marked(answer, FAILED)
    await story.undo_window_passes()
    await story.rests()
    assert story.cast.mia.heard == []

    await story.noor.clicks(refusal, "Send as 3 messages")
    await story.marked(answer, WAITING)
    await story.undo_window_passes()
    await story.cast.mia.hears_messages(3)
    assert " ".join(story.cast.mia.heard) == text
    await story.marked(answer, ACCEPTED)


async def test_an_emoji_counts_as_tiktok_counts_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "🎉")
    await story.noor.replies(head, "🎉" * 1001)
    await story.noor.is_told("2,002 characters, TikTok Shop allows 2,000")
    await story.answers(story.noor, head, "🎉" * 1000)
    await story.cast.mia.hears("🎉" * 1000)
