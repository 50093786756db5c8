"""Whatever a buyer writes is words: it pings nobody, links nowhere, turns nothing round."""

import pytest

from tests.stories.cast import Story

HOSTILE = (
    "<!channel> <!here> <!everyone> wake up",
    "@channel @here @everyone wake up",
    "<@U0LI> <@U0NOOR> <!subteam^S0ONCALL> <#C0SUPPORT>",
    "<https://evil.example/login|https://team.slack.com/login>",
    "https://evil.example/phishing and evil.example/phishing and www.evil.example",
    "[click me](https://evil.example) **bold** *bold* _it_ ~no~ `code` ```block```",
    "<@&1> <@!U0LI> <id:customize> </claim:1> <t:1392734382:R> <a:party:1> ||hidden|| -# small\n# large",
    "[https://team.example](https://evil.example) [\u200bclick](<https://evil.example>) discord.gg/evil",
    "<!date^1392734382^{date_num}^https://evil.example|x>",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "\u202eelif exe\u202c \u2067right to left\u2069 \u200f",
    "zero\u200bwidth\u200djoin\ufeffbom \u00adsoft",
    "مرحبا، أين طلبي؟ שלום",
    "> quoted\n• list\n1. one\n:rotating_light: :party-parrot:",
    "line\nbreak\r\nand\ttab \x07bell \x1b[31mred",
    '"}],"blocks":[{"type":"divider"}] {"user_id":"U0LI"}',
    "🏳️‍🌈👨‍👩‍👧‍👦🇬🇧" * 20,
    " ",
    "x" * 10_000,
    "<!channel>" * 1_000,
)


def aimed(story: Story, words: str) -> str:
    """Return words that mean the people of this story."""
    return (
        words.replace("U0LI", story.li.id).replace("U0NOOR", story.noor.id).replace("C0SUPPORT", story.side.channel.id)
    )


async def test_hostile_words_ping_nobody_and_link_nowhere(story: Story) -> None:
    for words in HOSTILE:
        await story.cast.mia.says(aimed(story, words))
    head = await story.conversation(story.cast.mia, "That was all")
    await story.rests()
    assert story.side.pinged == set()
    said = "\n".join(story.mirrored(head))
    for word in ("wake up", "right to left", "مرحبا، أين طلبي؟ שלום", "evil.example/phishing"):
        assert word in said


@pytest.mark.parametrize(
    "name", ["<!channel>", "<@U0LI>", "\u202eaiM", "*Mia*\n<!here>", "M" * 300, "https://evil.example"]
)
async def test_hostile_names_ping_nobody(story: Story, name: str) -> None:
    buyer = story.world.tiktok.create_buyer(story.cast.shop, aimed(story, name))
    await buyer.says("Hello")
    head = await story.some_head()
    await story.reads(head, "Hello")
    await buyer.says("Is it me?")
    await story.reads(head, "Is it me?")
    await story.answers(story.noor, head, "Yes")
    await story.rests()
    assert story.side.pinged <= {story.noor.id}


async def test_words_of_ten_thousand_characters_are_shown_as_far_as_they_fit(story: Story) -> None:
    text = " ".join(f"word{number}" for number in range(1_200))
    head = await story.conversation(story.cast.mia, "word0")
    await story.cast.mia.says(text)
    post = await story.reads(head, "word500")
    assert "word0 word1" in post.text


async def test_a_refused_answer_quoting_hostile_words_pings_only_its_writer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Hello")
    await story.answers(story.noor, head, "Casino &lt;!channel&gt; <!channel> @ channel")
    await story.reads(head, "did not reach the buyer")
    assert story.side.pinged == {story.noor.id}
