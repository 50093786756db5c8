"""Questions of buyers as examples for people of other teams: chosen so that nothing in them tells who asked.

A question is only an example when its words are common: each of them was used by several buyers, or is the team's own.
What is kept is where it stands; its words are read when it is shown, and looked at again: what was erased since then,
or would not be chosen any more, is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, text
from sqlalchemy import select as rows_of
from sqlmodel import col

from chatops.digest import tables
from chatops.digest.scope import Window
from chatops.digest.topics import Key
from chatops.model import agent as agents
from chatops.model import macro as macros
from chatops.model.conversation import Buyer, Conversation
from chatops.model.message import Author, Message
from chatops.model.rulebook import triage_rules
from chatops.rules.personal import alike, shareable, words
from chatops.rules.wording import found
from chatops.store.transaction import Transaction, table

KEPT, SHOWN = 5, 3  # examples of a topic; the others stand in for those that are gone
TRIED = 40  # of a topic's questions, the most frequent first
COMMON = 4  # buyers who used a word: two or three may write of somebody whom they all know
ALL_SAID = 2_000  # messages that are looked at
GERMAN = "de"


class Question(msgspec.Struct, frozen=True):
    """Where a question stands."""

    shop_id: str
    message_id: str


class Said(NamedTuple):
    """Words of a buyer, where they stand, in which ticket, and who wrote them."""

    where: Question
    ticket: Key
    words: str
    who: str
    names: tuple[str, ...]
    language: str


class Chooser:
    """Chooses examples topic by topic, of each buyer one at most; `said` is all that was written in their tickets.

    `titles` are texts whose words are no buyer's.
    """

    def __init__(self, tx: Transaction, said: Sequence[Said], titles: Iterable[str] = ()) -> None:
        self._said: Mapping[Key, list[Said]] = defaultdict(list)
        askers: Mapping[str, set[str]] = defaultdict(set)
        for one in said:
            self._said[one.ticket].append(one)
            for word in words(one.words):
                askers[word].add(one.who)
        self._common = {word for word, who in askers.items() if len(who) >= COMMON} | _own_words(tx).union(
            *map(words, titles)
        )
        self._team = team_names(tx)
        self._chosen: set[str] = set()

    def examples(self, having: Iterable[Key], about: Mapping[str, Sequence[str]]) -> tuple[Question, ...]:
        """Return examples from tickets, what several asked alike first; `about`: a topic's words by language."""
        asked = [one for ticket in having for one in self._said.get(ticket, ())]
        telling = [one for one in asked if about and found(about, one.words, one.language)]
        groups: Mapping[str, list[Said]] = defaultdict(list)
        for one in telling or asked:
            groups[alike(one.words)].append(one)
        order = sorted(groups.values(), key=lambda group: (-len({one.who for one in group}), len(group[0].words)))
        chosen: list[Question] = []
        for group in order[:TRIED]:
            new = next((one for one in group if one.who not in self._chosen), None)
            if new is not None and self._is_common(group) and self._is_free(new, group):
                chosen.append(new.where)
                self._chosen.add(new.who)
            if len(chosen) == KEPT:
                break
        return tuple(chosen)

    def _is_common(self, group: Sequence[Said]) -> bool:
        return words(group[0].words) <= self._common

    def _is_free(self, one: Said, group: Sequence[Said]) -> bool:
        names = {name for each in group for name in each.names} | set(self._team)
        return bool(free(one, names))


def free(one: Said, names: Iterable[str]) -> str:
    """Return the words of a question if others may read them, "" otherwise."""
    return shareable(one.words, (*one.names, *names), nouns=one.language == GERMAN)


def team_names(tx: Transaction) -> tuple[str, ...]:
    """Return how all who answer buyers are called, wherever they do."""
    return agents.names(tx)


def said_in(tx: Transaction, tickets: Iterable[Key], window: Window) -> list[Said]:
    """Return what buyers wrote in tickets in a window, the oldest of each shop first."""
    by_shop: Mapping[str, set[str]] = defaultdict(set)
    for one in tickets:
        by_shop[one.shop_id].add(one.ticket_id)
    heard: list[Said] = []
    for shop_id, of in by_shop.items():
        there = col(Message.shop_id) == shop_id, col(Message.ticket_id).in_(sorted(of))
        at = col(Message.said_at)
        heard += _read(tx, *there, tables.within(at, window), limit=ALL_SAID // len(by_shop))
    return heard


def read(tx: Transaction, where: Question) -> Said | None:
    """Return a question as it stands; None when it is gone, or not to be seen."""
    here = col(Message.shop_id) == where.shop_id, col(Message.id) == where.message_id
    return next(iter(_read(tx, *here, limit=1)), None)


def _read(tx: Transaction, *which: ColumnElement[bool], limit: int) -> Iterator[Said]:
    line, buyer, at = col(Conversation.buyer_id), col(Buyer.nickname), col(Message.said_at)
    asked = (
        rows_of(*(table(Message).c[name] for name in ("shop_id", "id", "ticket_id", "content", "conversation_id")))
        .add_columns(line, col(Conversation.language), buyer, col(Buyer.user_id))
        .select_from(Message)
        .join(Conversation, _same(Conversation.shop_id, Message.shop_id, Conversation.id, Message.conversation_id))
        .outerjoin(Buyer, _same(Buyer.shop_id, Conversation.shop_id, Buyer.id, Conversation.buyer_id))
        .where(*which, col(Message.author) == Author.BUYER, col(Message.kind) == "TEXT", text("message.visible"))
        .order_by(at, col(Message.id))
        .limit(limit)
    )
    for shop_id, message_id, ticket_id, content, conversation_id, buyer_id, language, name, person in tx.execute(asked):
        said = content.get("content") if isinstance(content, dict) else None
        if isinstance(said, str) and said.strip():
            who = person or buyer_id or conversation_id
            key = Key(shop_id, ticket_id or "")
            yield Said(Question(shop_id, message_id), key, said, who, (name,) if name else (), language)


def _same(*columns: Any) -> ColumnElement[bool]:
    return and_(col(columns[0]) == col(columns[1]), col(columns[2]) == col(columns[3]))


def _own_words(tx: Transaction) -> frozenset[str]:
    """Return the words that the team itself uses: in its prepared answers, and in its rules."""
    written = [one for text in macros.every_text(tx) for one in (text.text, *text.keywords)]
    rules = [entry for rule in triage_rules(tx) for entries in rule.words.values() for entry in entries]
    return _words_of((*written, *rules))


@lru_cache(maxsize=4)
def _words_of(written: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*map(words, written))
