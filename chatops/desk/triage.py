"""What the desk makes of a buyer's words by itself: the language, and what kind of work a ticket is."""

from sqlalchemy import update
from sqlmodel import col

from chatops.model import shop as shops
from chatops.model.conversation import Conversation
from chatops.model.message import Message
from chatops.rules import languages
from chatops.store.transaction import Transaction


def language_heard(tx: Transaction, conversation: Conversation, message: Message) -> None:
    """Remember which language the buyer writes in; words that do not tell it change nothing."""
    if not message.text:
        return
    shop = shops.get(tx, conversation.shop_id)
    likely = languages.likely(shop.region, shop.locale) if shop else ()
    found = languages.detect(message.text, likely, conversation.language)
    if found == conversation.language:
        return
    conversation.language = found
    this = col(Conversation.shop_id) == conversation.shop_id, col(Conversation.id) == conversation.id
    tx.execute(update(Conversation).where(*this).values(language=found))
