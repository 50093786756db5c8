"""Carriers of digests: the numbers are counted, then said, then said again from what was kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from chatops.cards import digest as cards
from chatops.delivery import into_channel, into_direct
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import digests as desk
from chatops.desk.digests import Said
from chatops.digest import kept, memory
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import digest as digests
from chatops.model.digest import Digest, DigestState
from chatops.platforms.ports import ChatPlatform, MessageRef, Receipt, ThreadRef
from chatops.store.transaction import Transaction
from chatops.ui import Card, Picture
from chatops.words import one_line

T = TypeVar("T")

ROOM = Picture("F" * 20, "x" * 1_000)  # for the picture that comes later


async def count(tools: Tools, hand: Hand) -> Result:
    """Count the numbers of a digest, one section after the other, while others may write.

    What one turn of the lane does not suffice for, the next one goes on with, behind digests that wait.
    """
    digest = await tools.store.read(digests.get, hand.first.args["digest"])
    if digest is None or digest.state is not DigestState.PLANNED:
        return Result(hand.first.seq, paced=False)
    found: dict[str, Any] = {}
    before: dict[str, Any] = {}
    steps = [(found, kept.window_of(digest), key) for key in digest.sections]
    if digest.compare:
        steps += [(before, kept.before_of(digest), key) for key in digest.sections]
    scope, form, done = kept.scope_of(digest), hand.first.args.get("form", ""), hand.first.args.get("done", 0)
    async with tools.counting:
        hand.before_call()
        now = tools.time.now()
        for into, window, key in steps[done:]:
            numbers = await tools.store.read(kept.counted, key, scope, replace(window, counted_at=now))
            if numbers is not None:
                into[key] = numbers
            done += 1
            if not hand.lasts:
                break
        memory.give_back()
    told = {"number": digest.id or 0, "counted": found, "before": before, "now": tools.time.now(), "form": form}
    apply = partial(desk.frozen, **told) if done == len(steps) else partial(desk.counted, **told, done=done)
    return Result(hand.first.seq, apply, paced=False)


async def post(tools: Tools, hand: Hand) -> Result:
    """Put the head of a digest where it belongs, late if need be: no other one tells of its days."""
    number, now = hand.first.args["digest"], tools.time.now()
    digest = await tools.store.read(digests.get, number)
    if digest is None or digest.head_id or digest.state is DigestState.PLANNED:  # the clock was set back: counted anew
        return Result(hand.first.seq, paced=False)
    if digest.channel_id:
        said = (await _stands(tools, hand, digest) if hand.in_doubt else None) or await _say(tools, hand, digest, now)
    else:
        said = await _write(tools, hand, digest, now)
    return Result(hand.first.seq, partial(desk.posted, number=number, said=said, now=now))


async def _stands(tools: Tools, hand: Hand, digest: Digest) -> Said | None:
    """Look whether a digest stands where it belongs already."""
    chat, key, since = tools.chat(digest.workspace_id), key_of(hand), hand.first.created_at
    stands = await chat.find(_place(digest), key, since)
    return Said(stands.external_id) if stands else None


async def _say(tools: Tools, hand: Hand, digest: Digest, now: datetime) -> Said:
    """Post the head of a digest."""
    with language(digest.locale):
        card = cards.head(digest, now)
    hand.before_call()
    return Said((await tools.chat(digest.workspace_id).post(_place(digest), card, key_of(hand))).external_id)


def _place(digest: Digest) -> ThreadRef:
    return ThreadRef(digest.workspace_id, digest.channel_id, digest.thread_id)


async def _write(tools: Tools, hand: Hand, digest: Digest, now: datetime) -> Said:
    """Write a digest to the one who asked for it: as a whole, or its head first where no message holds all of it."""
    chat = tools.chat(digest.workspace_id)
    person = await tools.store.read(into_direct.known, digest.workspace_id, digest.asked_by)
    shown = await tools.store.read(_in_pieces, chat, digest, now)

    async def stands(key: str) -> MessageRef | None:
        return await chat.find_direct(person, key, hand.first.created_at)

    first = await _each_once(hand, shown, stands, partial(chat.direct, person))
    return Said(first.message_id, first.channel_id, in_pieces=len(shown) > 1)


def _in_pieces(tx: Transaction, chat: ChatPlatform, digest: Digest, now: datetime) -> list[Card]:
    agent = agents.get(tx, digest.workspace_id, digest.asked_by)
    with language((agent.locale if agent else "") or digest.locale):
        if len(chat.pieces(cards.whole(tx, digest, now, ROOM))) == 1:
            return [cards.whole(tx, digest, now)]
        return [cards.head(digest, now, at_once=True), *chat.pieces(cards.below(tx, digest))]


async def _each_once(
    hand: Hand,
    shown: Sequence[Card],
    stands: Callable[[str], Awaitable[T | None]],
    say: Callable[[Card, str], Awaitable[T]],
) -> T:
    """Say cards in their order, and what was said before we were stopped on the way not again; return the first."""
    said: list[T] = []
    for number, card in enumerate(shown):
        key = f"{key_of(hand)} {number}" if number else key_of(hand)
        there = await stands(key) if may_stand(hand) or len(shown) > 1 else None
        if there is None:
            hand.before_call()
            there = await say(card, key)
        said.append(there)
    return said[0]


async def open_thread(tools: Tools, hand: Hand) -> Result:
    """Open the thread below a head, unless it is open; once it is, what belongs there follows."""
    digest = await tools.store.read(digests.get, hand.first.args["digest"])
    if digest is None:
        return Result(hand.first.seq, paced=False)
    with language(digest.locale):
        card = cards.head(digest, digest.posted_at or digest.due_at)
    hand.before_call()
    await tools.chat(digest.workspace_id).open_below(replace(_place(digest), thread_id=digest.head_id), card)
    follow = partial(desk.say_below, digest=digest, now=tools.time.now(), again=hand.first.args["again"])
    return Result(hand.first.seq, follow)


async def section(tools: Tools, hand: Hand) -> Result:
    """Say what one section of a digest has to say, below its head, in as many messages as that takes."""
    args = hand.first.args
    card = await tools.store.read(_section, args["digest"], args["section"])
    if card is None:
        return Result(hand.first.seq, paced=False)
    place = ThreadRef(args["workspace_id"], args["channel_id"], args["head"])
    chat = tools.chat(place.workspace_id)

    async def stands(key: str) -> Receipt | None:
        return await chat.find(place, key, stood_since(hand))

    await _each_once(hand, chat.pieces(card), stands, partial(chat.post, place))
    return Result(hand.first.seq)


def _section(tx: Transaction, number: int, key: str) -> Card | None:
    digest = digests.get(tx, number)
    found = next((one for one in kept.shown(digest) if one.section.key == key), None) if digest else None
    if digest is None or found is None:
        return None
    with language(digest.locale):
        return cards.section(tx, found, kept.reading_of(digest))


async def failed(tools: Tools, hand: Hand) -> Result:
    """Tell somebody, or a channel, that a digest could not be posted where it belongs, or not all of it."""
    said = await tools.store.read(lacking, hand.first.args)
    if "agent_id" in hand.first.args:
        return await into_direct.written(tools, hand, said)
    return await into_channel.posted(tools, hand, said)


def lacking(tx: Transaction, args: Mapping[str, Any]) -> Card | None:
    """Return what somebody hears of a digest that found no place to stand, or of which something is missing."""
    digest, agent = digests.get(tx, args["digest"]), agents.get(tx, args["workspace_id"], args.get("agent_id", ""))
    if digest is None:
        return None
    with language((agent.locale if agent else "") or digest.locale):
        if not (lack := args.get("lack", "")):
            return cards.not_posted(digest)
        return cards.not_whole(digest, lack, None if "agent_id" in args else partial(_name, tx, digest))


def _name(tx: Transaction, digest: Digest, agent_id: str) -> str:
    """Return somebody's name as a channel reads it: nobody is called by it."""
    agent = agents.get(tx, digest.workspace_id, agent_id)
    return one_line(agent.name) if agent else agent_id


def may_stand(hand: Hand) -> bool:
    """Tell whether what is to be said may have been said: a former owner of the lane did, or it is sent again."""
    return hand.in_doubt or "again" in hand.first.args


def stood_since(hand: Hand) -> datetime:
    """Return since when it would stand."""
    again = hand.first.args.get("again")
    return datetime.fromisoformat(again) if again else hand.first.created_at


def key_of(hand: Hand) -> str:
    """Return by what is known what a delivery says: never that of another one once its lane begins anew."""
    return hand.first.args.get("key") or f"{hand.key(hand.first)} {hand.first.created_at.isoformat()}"
