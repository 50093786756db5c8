"""A team that reads another language than its buyer."""

from pydantic import SecretStr

from chatops.sandbox.translation import KEY, TranslationWorld
from tests.stories.cast import Story


async def test_the_buyer_s_words_are_read_and_an_answer_drafted_in_another_language(stage: Story) -> None:
    async with TranslationWorld() as service:
        told = {"translate_url": service.url, "translate_key": SecretStr(KEY)}
        stage.config = stage.config.model_copy(update=told)
        await stage.product_starts()
        mia = stage.cast.mia
        head = await stage.conversation(mia, "?!")
        await stage.noor.replies(head, "!translate Guten Tag")
        await stage.noor.is_told("[en] Guten Tag")  # the shop's language while the buyer's is not known
        await mia.says("พัสดุของฉันอยู่ที่ไหน")
        await stage.noor.replies(head, "!translate")
        await stage.noor.is_told("[en] ?!")
        await stage.noor.replies(head, "!translate It arrives tomorrow")
        await stage.noor.is_told("[th] It arrives tomorrow")
        await stage.undo_window_passes()
        await stage.rests()
        assert mia.heard == [], "a draft is not an answer"
        await stage.product_stops()


async def test_without_a_service_nothing_leaves_the_house(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.noor.replies(head, "!translate")
    await story.noor.is_told("Translation is not set up here")
