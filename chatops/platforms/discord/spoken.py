"""What a person says by a command or form: a message of ours shows it, and is read back as if they had typed it.

The first embed holds it: under `author` who said it, as `description` the words to the letter, and in its `url`, which
nobody sees, what they were meant for. Discord says beside it who gave the command. So the message tells everything, and
what it says is heard like any other message, however it comes to be read.
"""

from collections.abc import Mapping
from typing import Any

from chatops.catalog import Verb
from chatops.platforms.cutting import shorten
from chatops.platforms.discord.texts import one_line

SAID_BY = "https://chatops.invalid/said/"
NAME = 256
TYPED = 0  # Discord's number of a plain message

Payload = Mapping[str, Any]


def spoken(name: str, words: str, purpose: Verb) -> dict[str, Any]:
    """Return a message that shows a person's words (at most 4,096 characters, not blank) under a name."""
    embed = {"author": {"name": shorten(one_line(name), NAME)}, "description": words, "url": f"{SAID_BY}{purpose}"}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def as_typed(message: Payload, our_id: str) -> tuple[Payload, Verb | None]:
    """Return a message that shows somebody's words as that person's own, and what the words are for.

    Any other message comes back as it is, with None.
    """
    person = (message.get("interaction_metadata") or {}).get("user")
    embed: Payload = next(iter(message.get("embeds") or ()), {})
    said_by, found, purpose = (embed.get("url") or "").partition(SAID_BY)
    if not person or said_by or not found or purpose not in set(Verb) or message["author"]["id"] != our_id:
        return message, None
    typed = {key: value for key, value in message.items() if key not in {"webhook_id", "application_id", "embeds"}}
    return {**typed, "type": TYPED, "author": person, "content": embed.get("description") or ""}, Verb(purpose)
