"""Both services that translate, over the wire."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chatops.errors import PlatformError, RateLimited, Rejected, TokenRevoked, Unavailable
from chatops.platforms.ports import Translation, Translator
from chatops.platforms.translation import translator
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.translation import KEY, TranslationWorld

HOSTILE = 'สวัสดี <b>&"\u202e{x}'


@pytest.fixture
async def world() -> AsyncIterator[TranslationWorld]:
    """Both services."""
    async with TranslationWorld() as opened:
        yield opened


@pytest.fixture(params=["libretranslate", "deepl"])
async def client(request: pytest.FixtureRequest, world: TranslationWorld) -> AsyncIterator[Translator]:
    """The client of one of them."""
    made = translator(request.param, world.url, KEY)
    assert made is not None
    yield made
    await made.close()


async def test_words_come_back_to_the_letter_in_the_language_asked_for(
    client: Translator, world: TranslationWorld
) -> None:
    said = await client.translate(HOSTILE, "es")
    assert said.text.casefold() == f"[es] {HOSTILE}".casefold()
    assert said.language == "th"
    assert world.asked == [HOSTILE]


async def test_a_long_text_comes_back_whole_in_however_many_pieces_it_travels(client: Translator) -> None:
    said = await client.translate("ส" * 30_000, "es")  # more than is ever received at once
    assert said.text.count("ส") == 30_000


async def test_each_calls_the_languages_by_its_own_names(world: TranslationWorld) -> None:
    for api, said in (("libretranslate", "[zh] hi"), ("deepl", "[ZH-HANS] hi")):
        one = translator(api, world.url, KEY)
        assert one is not None
        assert (await one.translate("hi", "zh")).text == said
        await one.close()


@pytest.mark.parametrize(
    ("trouble", "meaning"),
    [
        (Trouble.RATE_LIMITED, RateLimited),
        (Trouble.UNAVAILABLE, Unavailable),
        (Trouble.SERVER_ERROR, Unavailable),
        (Trouble.GARBAGE, Unavailable),
        (Trouble.DROP_BEFORE, Unavailable),
    ],
)
async def test_what_goes_wrong_is_told_by_its_meaning(
    client: Translator, world: TranslationWorld, trouble: Trouble, meaning: type[PlatformError]
) -> None:
    world.faults.plan(Fault("*translate", trouble))
    with pytest.raises(meaning):
        await client.translate("hi", "es")
    assert (await client.translate("hi", "es")) != Translation("", "")


async def test_a_limit_says_how_long(client: Translator, world: TranslationWorld) -> None:
    world.faults.plan(Fault("*translate", Trouble.RATE_LIMITED, retry_after=30))
    with pytest.raises(RateLimited) as limited:
        await client.translate("hi", "es")
    assert limited.value.retry_after == timedelta(seconds=30)


async def test_an_unknown_language_is_refused(client: Translator) -> None:
    with pytest.raises(Rejected, match="refused"):
        await client.translate("hi", "tlh")


async def test_a_wrong_key_and_a_used_up_month_are_told(world: TranslationWorld) -> None:
    for api in ("libretranslate", "deepl"):
        stranger = translator(api, world.url, "wrong")
        assert stranger is not None
        with pytest.raises(TokenRevoked):
            await stranger.translate("hi", "es")
        await stranger.close()
    world.quota_used_up = True
    spent = translator("deepl", world.url, KEY)
    assert spent is not None
    with pytest.raises(Rejected, match="quota_used_up"):
        await spent.translate("hi", "es")
    await spent.close()


def test_without_an_address_nothing_is_translated() -> None:
    assert translator("deepl", "", KEY) is None
