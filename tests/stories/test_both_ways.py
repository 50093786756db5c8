"""A buyer writes, the team reads, the team answers, the buyer reads."""

import asyncio
from typing import Any

from chatops.sandbox.tiktok.pictures import plain_png
from tests.stories.cast import ACCEPTED, Story
from tests.stories.conftest import every_place, every_way


@every_place
async def test_a_message_becomes_a_thread_and_the_answer_reaches_the_buyer(story: Story) -> None:
    cast = story.cast
    head = await story.conversation(cast.mia, "Where is my parcel?")

    answer = await story.answers(story.noor, head, "On its way")

    await cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert cast.mia.heard == ["On its way"]
    assert len(story.side.below(head)) == 2


async def test_the_card_learns_who_the_buyer_is_and_what_they_ordered(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    for fact in (
        "Mia",
        "maomao-gb",
        "United Kingdom",
        story.cast.order.id,
        "To be shipped",
        "£12.90",
        "Velvet lipstick",
    ):
        await story.card_shows(head, fact)
    await story.card_shows(head, "Waiting since")

    await story.answers(story.noor, head, "On its way")
    await story.card_shows(head, "Answered")


async def test_a_buyer_without_an_order_has_a_card_without_one(story: Story) -> None:
    head = await story.conversation(story.cast.budi, "Halo")
    await story.card_shows(head, "Budi")
    assert "Newest order" not in head.text


async def test_a_picture_is_shown_in_the_thread(story: Story) -> None:
    picture = plain_png(40, 30)
    await story.cast.mia.sends_picture(picture)
    head = await story.thread_of(story.cast.mia)
    post = await story.reads(head, "Picture")
    assert post.pictures == [picture]


async def test_a_video_shows_its_cover_and_how_long_it_is(story: Story) -> None:
    cover = story.world.tiktok.picture(story.cast.lipstick.image)
    assert cover is not None
    video = {"url": "https://example.com/v.mp4", "cover": cover.url, "duration": "20.504", "vid": "v1", "format": "mp4"}
    await story.cast.mia.sends("VIDEO", video)
    head = await story.thread_of(story.cast.mia)
    post = await story.reads(head, "Video, 20 seconds")
    assert post.pictures == [cover.content]


async def test_a_picture_that_cannot_be_had_is_named_and_holds_nothing_up(story: Story) -> None:
    gone = {"url": f"{story.world.tiktok.url}/pictures/gone.png", "width": "1", "height": "1"}
    await story.cast.mia.sends("IMAGE", gone)
    head = await story.conversation(story.cast.mia, "Did you see it?")
    await story.reads(head, "TikTok Shop does not keep it any more")


CARDS: list[tuple[str, dict[str, Any], str]] = [
    ("EMOTICONS", {"sticker": "17"}, "Sticker"),
    ("PRODUCT_CARD", {"product_id": "12345"}, "Product number\n12345"),
    ("ORDER_CARD", {"order_id": "576461413038785752"}, "Order number\n576461413038785752"),
    ("LOGISTICS_CARD", {"order_id": "5764", "package_id": "1152"}, "Package number\n1152"),
    ("RETURN_REFUND_CARD", {"order_id": "5764", "sku_id": "1729"}, "Item number\n1729"),
    ("COUPON_CARD", {"coupon_id": "7136"}, "Coupon number\n7136"),
    ("VOUCHER_CARD", {"voucher_id": "7137"}, "Voucher number\n7137"),
    ("HOLOGRAM", {"beam": 1}, "This cannot be shown here (type HOLOGRAM). You can see it in Seller Center."),
]
CONTEXT: list[tuple[str, dict[str, Any], str]] = [
    ("ALLOCATED_SERVICE", {"content": "Agent Kim joined"}, "Agent Kim joined"),
    ("NOTIFICATION", {"content": "The parcel was shipped"}, "The parcel was shipped"),
    ("BUYER_ENTER_FROM_TRANSFER", {"content": "Handed over"}, "Handed over"),
    ("OTHER", {"content": "Something else"}, "Something else"),
    ("BUYER_ENTER_FROM_PRODUCT", {"product_id": "12345"}, "comes from a product page"),
    ("BUYER_ENTER_FROM_ORDER", {"order_id": "57646"}, "comes from an order page"),
]


async def test_every_kind_of_message_has_a_faithful_card(story: Story) -> None:
    for kind, content, card in CARDS:
        await story.cast.mia.sends(kind, content)
        head = await story.thread_of(story.cast.mia)
        post = await story.reads(head, card.partition("\n")[0])
        assert card in post.text.replace("*", "")
    await story.card_shows(head, "Waiting since")


async def test_what_the_platform_says_is_context_and_nobody_waits_for_an_answer_to_it(story: Story) -> None:
    for kind, content, _ in CONTEXT:
        await story.cast.mia.sends(kind, content)
    await story.rests()
    assert story.side.heads == []

    head = await story.conversation(story.cast.mia, "Hello?")
    said = "\n".join(story.mirrored(head))
    places = [said.index(words) for words in (*(card for _, _, card in CONTEXT), "Hello?")]
    assert places == sorted(places)

    await story.answers(story.noor, head, "Hi!")
    await story.cast.mia.hears("Hi!")
    for kind, content, _ in CONTEXT:
        await story.cast.mia.sends(kind, content)
    await story.rests()
    assert "Waiting since" not in head.text


async def test_what_a_robot_or_the_system_says_is_shown_and_does_not_stop_the_wait(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Anybody there?")
    await story.world.tiktok.seller_center_replies(story.cast.mia, "We answer within a day", role="ROBOT")
    await story.world.tiktok.seller_center_replies(story.cast.mia, "The chat was assigned", role="SYSTEM")
    for said in ("We answer within a day", "The chat was assigned"):
        post = await story.reads(head, said)
        assert "Automatic message" in post.text
    await story.rests()
    assert "Waiting since" in head.text


async def test_an_answer_typed_in_seller_center_is_mirrored_and_stops_the_wait(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.world.tiktok.seller_center_replies(story.cast.mia, "It arrives on Monday")
    post = await story.reads(head, "It arrives on Monday")
    assert "Answered in Seller Center" in post.text
    await story.card_shows(head, "Answered")
    assert "Waiting since" not in head.text


async def test_what_tiktok_hides_is_not_shown(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Hello")
    await story.cast.mia.sends("TEXT", {"content": "invisible"}, visible=False)
    await story.world.tiktok.seller_center_replies(story.cast.mia, "hidden", visible=False)
    await story.rests()
    assert len(story.mirrored(head)) == 1


async def test_our_own_answer_coming_back_is_not_mirrored_even_when_it_is_faster_than_tiktoks_reply(
    story: Story,
) -> None:
    story.world.tiktok.assumptions.echo_before_answer = True
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    answer = await story.answers(story.noor, head, "On its way")
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]
    assert len(story.mirrored(head)) == 1


async def test_the_same_words_answered_here_and_in_seller_center_are_two_answers(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    answer = await story.answers(story.noor, head, "On its way")
    await story.marked(answer, ACCEPTED)
    await story.world.tiktok.seller_center_replies(story.cast.mia, "On its way")
    await story.reads(head, "Answered in Seller Center")
    assert story.cast.mia.heard == ["On its way"] * 2


@every_way
async def test_many_buyers_at_once_each_keep_their_order(story: Story) -> None:
    buyers = [story.world.tiktok.create_buyer(story.cast.shop, f"Buyer {letter}") for letter in "ABCDEF"]

    async def chats(number: int) -> None:
        for line in range(5):
            await buyers[number].says(f"{buyers[number].nickname} says line {line}")

    await asyncio.gather(*(chats(number) for number in range(len(buyers))))
    await story.time_passes(seconds=10)  # in a rush not every name is read at once
    for buyer in buyers:
        head = await story.thread_of(buyer)
        await story.reads(head, f"{buyer.nickname} says line 4")
        said = "\n".join(story.mirrored(head))
        lines = [said.index(f"{buyer.nickname} says line {line}") for line in range(5)]
        assert lines == sorted(lines)
        assert all(story.shown(head, f"says line {line}") == 1 for line in range(5))


async def test_several_answers_to_one_buyer_arrive_in_order(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Three questions")
    for number in range(5):
        await story.noor.replies(head, f"Answer {number}")
    await story.undo_window_passes()
    await story.cast.mia.hears("Answer 4")
    assert story.cast.mia.heard == [f"Answer {number}" for number in range(5)]


async def test_channel_and_agents_read_their_own_languages(story: Story) -> None:
    await story.operator("apply", toml=story.desk_toml(route='locale = "zh-CN"'))
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    for word in ("店铺", "认领", "解决"):
        await story.card_shows(head, word)

    await story.noor.clicks(head, "认领")
    await story.rests()
    await story.li.clicks(head, "解决")
    await story.rests()
    await story.li.replies(head, "!claim")
    await story.li.is_told("此工单已解决。")
    await story.noor.replies(head, "!claim")
    await story.noor.is_told("This ticket is already resolved.")
