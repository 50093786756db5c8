"""Which macros fit a ticket, and what one of them would say to its buyer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from chatops.i18n import current, formatting
from chatops.model import conversation as conversations
from chatops.model import macro as macros
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer, Conversation
from chatops.model.macro import Macro, MacroText
from chatops.model.message import Author
from chatops.model.shop import Shop
from chatops.model.ticket import Ticket
from chatops.rules import macro as templates
from chatops.rules.languages import primary
from chatops.rules.macro import Filled, Money, Value, Variable
from chatops.rules.macro_ranking import Candidate, Wish, rank
from chatops.store.transaction import Transaction

OF_LATE = timedelta(days=90)  # how far back it counts what was used
LAST_SAID = 5  # messages of the buyer's that tell what they want
_NO_BRACES = str.maketrans("{}", "()")


@dataclass(frozen=True)
class Occasion:
    """A ticket, and everything about it that an answer may speak of."""

    ticket: Ticket
    shop: Shop
    conversation: Conversation | None
    buyer: Buyer | None
    agent: Agent

    @cached_property
    def language(self) -> str:
        """The buyer's language as a primary tag: what a person chose, else as they write, else the shop's."""
        return conversations.language_of(self.ticket, self.conversation, self.shop)

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What the product knows of `templates.KNOWN`; what it does not know is left out.

        Others chose most of it, and a filled text may be read as a template once more: no value holds a variable. Until
        somebody's profile was read, what we call them may be how they log in: not what a buyer should read.
        """
        ticket = self.ticket
        agent = " ".join(self.agent.name.split()) if self.agent.learned_at else ""
        total = Money(ticket.order_total, ticket.order_currency) if ticket.order_total else ""
        known: dict[str, Value] = {
            "buyer.name": self.buyer.nickname if self.buyer else "",
            "order.id": ticket.order_id,
            "order.items": ", ".join(ticket.order_items.splitlines()),
            "order.total": total,
            "order.tracking": ticket.order_tracking,
            "shop.name": self.shop.name,
            "agent.name": agent,
            "agent.first_name": agent.partition(" ")[0],
        }
        return {
            name: value.translate(_NO_BRACES) if isinstance(value, str) else value
            for name, value in known.items()
            if value
        }

    def chain(self) -> tuple[str, ...]:
        """Return the locales to try in turn: the buyer's language here, anywhere, the shop's, English."""
        return f"{self.language}-{self.shop.region}", self.language, self.shop.locale, "en"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a macro would say to a buyer, `filled` in `text.locale`; `own` is the same for the agent, if another."""

    macro: Macro
    text: MacroText
    filled: Filled
    own: Filled | None
    language: str  # the buyer's

    @property
    def missing(self) -> tuple[Variable, ...]:
        """What somebody has to say before it can be sent."""
        return self.filled.missing

    @property
    def foreign(self) -> bool:
        """Whether it is in another language than the buyer's."""
        return primary(self.text.locale) != self.language


def occasion(tx: Transaction, ticket: Ticket, agent: Agent) -> Occasion | None:
    """Return what is known around a ticket; None when its shop is gone."""
    shop = shops.get(tx, ticket.shop_id)
    if shop is None:
        return None
    conversation = conversations.get(tx, ticket.shop_id, ticket.conversation_id)
    return Occasion(ticket, shop, conversation, conversations.buyer(tx, ticket.shop_id, ticket.buyer_id), agent)


def fitting(tx: Transaction, at: Occasion | None, words: str, now: datetime) -> list[Macro]:
    """Return the macros that fit a ticket and what somebody typed, best first; without a ticket those of all shops."""
    here = [macro for macro in macros.every(tx) if at is None or macro.is_for(at.shop.id)]
    by_id = {macro.id: macro for macro in here}
    return [by_id[found.id] for found in rank(_candidates(tx, at, here, now), _wish(tx, at, words))]


def draft(
    tx: Transaction, at: Occasion, macro: Macro, typed: Mapping[str, str] | None = None, edited: str | None = None
) -> Draft | None:
    """Return what a macro would say; None when it has no text in any language.

    `typed`: values for its variables by name; `edited`: what somebody made of its text, with or without variables.
    """
    texts = {text.locale: text for text in macros.texts(tx, macro.id)}
    if not texts:
        return None
    chosen = texts[templates.choose(at.chain(), texts) or min(texts)]
    filled = _filled(at, chosen.locale, chosen.text if edited is None else edited, typed or {})
    own = templates.choose([at.agent.locale or current()], texts)  # who acts for the first time is not known yet
    read = _filled(at, own, texts[own].text, typed or {}) if own and own != chosen.locale else None
    return Draft(macro, chosen, filled, read, at.language)


def _filled(at: Occasion, locale: str, text: str, typed: Mapping[str, str]) -> Filled:
    """Fill a text; one that was kept before variables were looked at is taken as somebody's own words."""
    formats = formatting(locale, at.shop.region, at.ticket.order_currency, ZoneInfo(at.shop.timezone))
    return templates.fill(templates.edited(text), {**at.values, **typed}, formats)


def _candidates(tx: Transaction, at: Occasion | None, found: Sequence[Macro], now: datetime) -> list[Candidate]:
    texts: dict[str, list[MacroText]] = {macro.id: [] for macro in found}
    for text in macros.every_text(tx):
        if text.macro_id in texts:
            texts[text.macro_id].append(text)
    uses = macros.uses(tx, now - OF_LATE, (at.shop.id,) if at else ())
    return [
        Candidate(
            id=macro.id,
            name=macro.name,
            folder=macro.folder,
            keywords=tuple(keyword for text in texts[macro.id] for keyword in text.keywords),
            texts=tuple(text.text for text in texts[macro.id]),
            kinds=tuple(macro.kinds),
            locales=tuple(text.locale for text in texts[macro.id]),
            uses=uses.get(macro.id, 0),
        )
        for macro in found
    ]


def _wish(tx: Transaction, at: Occasion | None, words: str) -> Wish:
    if at is None:
        return Wish(words=words)
    heard = [
        message.text
        for message in messages.said_in(tx, at.ticket.shop_id, at.ticket.id)
        if message.author == Author.BUYER
    ]
    return Wish(words=words, said="\n".join(heard[-LAST_SAID:]), kind=at.ticket.kind, language=at.language)
