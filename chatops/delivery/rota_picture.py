"""Carrier of the picture of a rotation: drawn when it leaves, from what counts then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from chatops import drawing
from chatops.cards import rota_picture as cards
from chatops.cards import rota_post
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import oncall_feed
from chatops.i18n import language
from chatops.model import oncall
from chatops.model.oncall_feed import Stint
from chatops.platforms.ports import ThreadRef, Upload
from chatops.rules.hours import zone
from chatops.store.transaction import Transaction

WEEKS = 5


async def rota_picture(tools: Tools, hand: Hand) -> Result:
    """Show the coming weeks of a rotation; where pictures cannot be drawn, in words alone."""
    args, now = hand.first.args, tools.time.now()
    found = await tools.store.read(_coming, args["rotation"], now)
    if found is None:
        return Result(hand.first.seq, paced=False)
    timezone, stints = found
    place = ThreadRef(args["workspace_id"], args["channel_id"], args["thread_external_id"])
    chat, key = tools.chat(place.workspace_id), f"{hand.key(hand.first)} {hand.first.created_at.isoformat()}"
    if hand.in_doubt and await chat.find(place, key, hand.first.created_at):
        return Result(hand.first.seq)
    with language(args["locale"]):
        card = rota_post.card(args["rotation"], stints, now, now + timedelta(weeks=WEEKS))
        svg = cards.drawn(args["rotation"], zone(timezone), stints, now, WEEKS)
    hand.before_call()
    if not drawing.possible():
        await chat.post(place, card, key)
        return Result(hand.first.seq)
    with _file(await drawing.png(svg)) as path:
        await chat.share(place, Upload(path, "on-call.png", card.summary), card, key)
    return Result(hand.first.seq)


def _coming(tx: Transaction, rotation: str, now: datetime) -> tuple[str, list[Stint]] | None:
    ahead = timedelta(weeks=WEEKS)
    found = oncall.duty(tx, rotation, now, now + ahead)
    return None if found is None else (found.rota.spec.timezone, oncall_feed.stints_of(tx, found, rotation, now, ahead))


@contextmanager
def _file(content: bytes) -> Iterator[Path]:
    """Keep a picture on disk for as long as it takes to hand it over."""
    with NamedTemporaryFile(suffix=".png") as kept:
        kept.write(content)
        kept.flush()
        yield Path(kept.name)
