"""Messages that wait for one thread become one post, and nothing of them is cut."""

from datetime import UTC, datetime

import pytest

from chatops.cards.message import Post, mirrored
from chatops.delivery.into_thread import MESSAGE_FRAME, POST_LIMITS
from chatops.model.message import Author, Message, MessageState
from chatops.model.workspace import PlatformName
from chatops.platforms.discord.paint import paint

CUT = "§cut§"


@pytest.mark.parametrize("number", range(2, 10))
@pytest.mark.parametrize("words", ["Where is it? ", "*_~", "-\n", "1.\n", "\n-", "รอ", "👨‍👩‍👧", "@everyone "])
def test_what_is_joined_for_discord_is_shown_to_the_letter(number: int, words: str) -> None:
    room = (POST_LIMITS[PlatformName.DISCORD] - number * MESSAGE_FRAME) // number
    text = (words * room)[:room]
    said = Message(
        shop_id="1",
        id="m1",
        conversation_id="c1",
        author=Author.BUYER,
        content={"content": text},
        state=MessageState.RECEIVED,
        said_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    painted = paint(mirrored([Post(said, "Mia" * 10)] * number), lambda _: CUT)
    assert CUT not in str(painted.embeds)
