"""Whatever a buyer writes is words: it pings nobody, links nowhere, turns nothing round."""

import pytest

from chatops.sandbox.slack.reading import visible
from tests.stories.cast import Story

HOSTILE = (
    "<!channel> <!here> <!everyone> wake up",
    "@channel @here @everyone wake up",
    "<@U0LI> <@U0NOOR> <!subteam^S0ONCALL> <#C0SUPPORT>",
    "<https://evil.example/login|https://team.slack.com/login>",
    "https://evil.example/phishing and evil.example/phishing and www.evil.example",
    "[click me](https://evil.example) **bold** *bold* _it_ ~no~ `code` ```block```",
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


async def test_hostile_words_ping_nobody_and_link_nowhere(story: Story) -> None:
    for words in HOSTILE:
        await story.cast.mia.says(words)
    head = await story.conversation(story.cast.mia, "That was all")
    await story.rests()
    assert story.world.slack.mention_audit == []
    said = "\n".join(story.mirrored(head))
    for word in ("wake up", "right to left", "مرحبا، أين طلبي؟ שלום", "evil.example/phishing"):
        assert word in said


@pytest.mark.parametrize(
    "name", ["<!channel>", "<@U0LI>", "\u202eaiM", "*Mia*\n<!here>", "M" * 300, "https://evil.example"]
)
async def test_hostile_names_ping_nobody(story: Story, name: str) -> None:
    buyer = story.world.tiktok.create_buyer(story.cast.shop, name)
    await buyer.says("Hello")
    head = await story.cast.support.expects(lambda message: not message.is_reply)
    await story.reads(head, "Hello")
    await buyer.says("Is it me?")
    await story.reads(head, "Is it me?")
    await story.answers(story.cast.noor, head, "Yes")
    await story.rests()
    assert [alive for alive in story.world.slack.mention_audit if alive.target != "U0NOOR"] == []


async def test_words_of_ten_thousand_characters_are_shown_as_far_as_they_fit(story: Story) -> None:
    text = " ".join(f"word{number}" for number in range(1_200))
    head = await story.conversation(story.cast.mia, "word0")
    await story.cast.mia.says(text)
    post = await story.reads(head, "word500")
    assert "word0 word1" in visible(post)


async def test_a_refused_answer_quoting_hostile_words_pings_only_its_writer(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "Hello")
    await story.answers(story.cast.noor, head, "Telegram &lt;!channel&gt; <!channel> @ channel")
    await story.reads(head, "did not reach the buyer")
    assert {(alive.kind, alive.target) for alive in story.world.slack.mention_audit} == {("person", "U0NOOR")}
