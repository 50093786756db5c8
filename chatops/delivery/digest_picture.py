"""Carrier of a digest's picture: drawn from kept numbers once the head stands, so that no words wait for it."""

from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from chatops import drawing
from chatops.cards import digest as cards
from chatops.delivery.drawn import drawn
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import digests as desk
from chatops.digest import picture
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import digest as digests
from chatops.model.digest import Digest
from chatops.model.workspace import PlatformName, platform_of
from chatops.platforms.ports import MessageRef, ThreadRef, Upload
from chatops.store.transaction import Transaction
from chatops.ui import Card, Picture


async def show(tools: Tools, hand: Hand) -> Result:
    """Show the picture of a digest on its head; where none can be drawn, the words stand alone."""
    digest = await tools.store.read(digests.get, hand.first.args["digest"])
    if digest is None or not digest.head_id or not drawing.possible():
        return Result(hand.first.seq, paced=False)
    tongue = await tools.store.read(_tongue, digest)
    with language(tongue):
        charts = picture.charts_of(digest)
        if not picture.chosen(charts):
            return Result(hand.first.seq, paced=False)
        shown = Picture(digest.picture, picture.alt(charts))
        with NamedTemporaryFile(suffix=".png") as file:
            if not digest.picture:
                title = cards.titled(digest, digest.posted_at or digest.due_at)
                file.write(await drawn(tools, charts, title=title, dark=_dark(digest)))
                file.flush()
                shown = await _handed_over(tools, hand, digest, Upload(Path(file.name), "digest.png", shown.alt))
            alone = hand.first.args.get("alone", bool(digest.channel_id))
            card = await tools.store.read(partial(_card, digest=digest, shown=shown, alone=alone))
            hand.before_call()
            await tools.chat(digest.workspace_id).redraw(_head(digest), card)
    return Result(hand.first.seq)


def _tongue(tx: Transaction, digest: Digest) -> str:
    """Return the language of whoever reads it: the channel's, or of a direct message theirs."""
    agent = None if digest.channel_id else agents.get(tx, digest.workspace_id, digest.asked_by)
    return (agent.locale if agent else "") or digest.locale


def _dark(digest: Digest) -> bool:
    """Tell what most people have there."""
    return platform_of(digest.workspace_id) is PlatformName.DISCORD


async def _handed_over(tools: Tools, hand: Hand, digest: Digest, upload: Upload) -> Picture:
    hand.before_call()
    place = ThreadRef(digest.workspace_id, digest.channel_id, digest.thread_id)
    file_id = await tools.chat(digest.workspace_id).upload(place, upload)
    if platform_of(digest.workspace_id) is PlatformName.SLACK:  # which looks at it first; in Discord it leaves at once
        await tools.store.write(desk.pictured, digest.id or 0, file_id)
    return Picture(file_id, upload.alt)


def _card(tx: Transaction, digest: Digest, shown: Picture, *, alone: bool) -> Card:
    """Return what the head shows; `alone`: the sections stand in messages of their own."""
    at = digest.posted_at or digest.due_at
    with language(_tongue(tx, digest)):
        if alone:
            return cards.head(digest, at, shown, at_once=not digest.channel_id)
        return cards.whole(tx, digest, at, shown)


def _head(digest: Digest) -> MessageRef:
    if not digest.channel_id:
        return MessageRef(digest.workspace_id, digest.thread_id, digest.head_id)
    return MessageRef(digest.workspace_id, digest.channel_id, digest.head_id, digest.thread_id)
