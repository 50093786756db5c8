"""A route may let buyers speak in Discord under their own names: nobody can pass for one of the team by that."""

import pytest

from chatops.sandbox.discord.permissions import MANAGE_WEBHOOKS
from chatops.sandbox.faults import Trouble
from tests.stories.cast import ACCEPTED, Post, Story
from tests.stories.conftest import in_discord
from tests.stories.side import EYES

pytestmark = in_discord


@pytest.fixture
async def named(story: Story) -> Story:
    """A story whose route shows buyers by name, and whose bot may do that."""
    [role] = story.cast.discord.app.bot.roles
    story.world.discord.server.roles[role].permissions |= MANAGE_WEBHOOKS
    await story.operator("apply", toml=story.desk_toml(route="buyer_identity = true"))
    return story


def speaker(post: Post) -> str:
    """Return the name under which a post stands in its thread."""
    return str(post.message.author["username"])


async def test_what_a_buyer_says_stands_under_their_name_and_is_answered_as_ever(named: Story) -> None:
    story = named
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    post = await story.reads(head, "Where is my parcel?")
    assert "Mia" in speaker(post)
    assert speaker(post) != "Mia"  # it says that this is a buyer
    await story.noor.reacts(post, EYES)
    await story.card_shows(head, story.noor.on_card)
    answer = await story.answers(story.noor, head, "On its way")
    await story.cast.mia.hears("On its way")
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert story.cast.mia.heard == ["On its way"]


@pytest.mark.parametrize("name", ["Noor", "chatops", "Clyde", "Discord Support", "@everyone", "a" * 200, "\u202erooN"])
async def test_whatever_a_buyer_is_called_nobody_takes_them_for_one_of_the_team(named: Story, name: str) -> None:
    story = named
    buyer = story.world.tiktok.create_buyer(story.cast.shop, name)
    await buyer.says("I am one of you")
    head = await story.some_head()
    post = await story.reads(head, "I am one of you")
    assert speaker(post) not in {"Noor", "noor", "Li", "li", "chatops", name}
    assert speaker(post).endswith(" · Buyer")
    await story.rests()
    assert story.side.pinged == set()
    assert story.shown(head, "I am one of you") == 1


@pytest.mark.parametrize("trouble", [Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.DROP_AFTER, Trouble.GARBAGE])
async def test_it_stands_there_once_whatever_happens_to_the_request(named: Story, trouble: Trouble) -> None:
    story = named
    head = await story.conversation(story.cast.mia, "One")
    story.side.fails("webhooks.execute", trouble, retry_after=20)
    await story.cast.mia.says("Two")
    await story.trouble_happened()
    await story.cast.mia.says("Three")
    await story.time_passes_until(lambda: story.find(head, "Three"), "the newest message")
    await story.time_passes(minutes=2)
    await story.rests()
    said = "\n".join(story.mirrored(head))
    assert said.index("One") < said.index("Two") < said.index("Three")
    assert [story.shown(head, words) for words in ("One", "Two", "Three")] == [1, 1, 1]


async def test_where_the_right_is_taken_away_the_bot_speaks_for_the_buyer(named: Story) -> None:
    story = named
    head = await story.conversation(story.cast.mia, "One")
    [role] = story.cast.discord.app.bot.roles
    story.world.discord.server.roles[role].permissions &= ~MANAGE_WEBHOOKS
    await story.product_is_killed()
    await story.product_starts()
    await story.cast.mia.says("Two")
    post = await story.reads(head, "Two")
    assert speaker(post) == "chatops"


async def test_killed_when_the_buyers_words_have_just_appeared(named: Story) -> None:
    story = named
    head = await story.conversation(story.cast.mia, "One")
    await story.cast.mia.says("Two")
    await story.cast.mia.says("Three")
    await story.reads(head, "Two")
    await story.product_is_killed()
    await story.product_starts()
    await story.time_passes(minutes=5)
    await story.reads(head, "Three")
    await story.comparison_is_due()
    await story.rests()
    assert [story.shown(head, words) for words in ("One", "Two", "Three")] == [1, 1, 1]
    assert story.cast.mia.heard == []
