"""Answering somebody who asks what something means in another language."""

from chatops.cards import translation as cards
from chatops.delivery.hand import Hand, Tools
from chatops.delivery.into_thread import Scene
from chatops.errors import PlatformError
from chatops.i18n import current
from chatops.model import conversation as conversations
from chatops.model import message as messages
from chatops.model.message import Author
from chatops.platforms.ports import Translator
from chatops.ui import Card

LAST_SAID = 5  # messages of the buyer
LONGEST = 5_000  # characters that are translated at once


async def translated(tools: Tools, hand: Hand, scene: Scene, words: str) -> Card:
    """Return `words` in the buyer's language, or without any what the buyer said last in the reader's.

    The caller has entered the reader's language.
    """
    if tools.translator is None:
        return cards.not_set_up()
    hand.before_call()
    try:
        if words:
            theirs = conversations.language_of(scene.ticket, scene.conversation, scene.shop)
            said = await tools.translator.translate(words[:LONGEST], theirs)
            return cards.draft(said.text, theirs)
        return await _read(tools, tools.translator, scene)
    except PlatformError as error:
        return cards.failed(error.code)


async def _read(tools: Tools, translator: Translator, scene: Scene) -> Card:
    said_in = await tools.store.read(messages.said_in, scene.ticket.shop_id, scene.ticket.id)
    heard = [message.text for message in said_in if message.author == Author.BUYER and message.text]
    if not heard:
        return cards.nothing()
    said = await translator.translate("\n\n".join(heard[-LAST_SAID:])[-LONGEST:], current().partition("_")[0])
    return cards.read([part for part in said.text.split("\n\n") if part.strip()])
