"""The picture of a digest on its way to the chat: drawn from kept numbers, handed over, shown on the head."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

import structlog

from chatops import drawing
from chatops.cards import digest as cards
from chatops.delivery.hand import Hand, Tools
from chatops.desk import digests as desk
from chatops.digest import kept, picture
from chatops.errors import PlatformError, RateLimited, TokenRevoked, Unavailable
from chatops.i18n import language
from chatops.model.digest import Digest
from chatops.model.workspace import PlatformName, platform_of
from chatops.platforms.ports import ThreadRef, Upload
from chatops.ui import Picture

PATIENCE = 3  # attempts: then the words must not wait for the picture any longer
LATE_CODES = {"picture_not_drawn", "slack_file_not_ready"}
log = structlog.get_logger(__name__)


@asynccontextmanager
async def shown(tools: Tools, hand: Hand, digest: Digest) -> AsyncIterator[Picture | None]:
    """Yield the picture of a digest while its head is posted; None where there is nothing to draw, or none can be had.

    Raises:
        Unavailable: not now; try again.
    """
    with language(digest.locale):
        reading = kept.reading_of(digest)
        charts = [chart for one in kept.shown(digest) for chart in one.section.charts(one.facts, reading)]
        alt, title = picture.alt(charts), cards.titled(digest)
        late = hand.first.attempts >= PATIENCE and hand.first.last_error in LATE_CODES
        if late or not (picture.chosen(charts) and drawing.possible()):
            yield None
            return
        if digest.picture:
            yield Picture(digest.picture, alt)
            return
        dark = platform_of(digest.workspace_id) is PlatformName.DISCORD  # as most people have it there
        content = await picture.drawn(charts, title=title, dark=dark)
    with NamedTemporaryFile(suffix=".png") as file:
        file.write(content)
        file.flush()
        known = await _handed_over(tools, hand, digest, Upload(Path(file.name), "digest.png", alt))
        yield Picture(known, alt) if known else None


async def _handed_over(tools: Tools, hand: Hand, digest: Digest, upload: Upload) -> str:
    """Return the file id that the platform gives; "": it takes no pictures from us."""
    hand.before_call()
    place = ThreadRef(digest.workspace_id, digest.channel_id, digest.thread_id)
    try:
        known = await tools.chat(digest.workspace_id).upload(place, upload)
    except (RateLimited, Unavailable, TokenRevoked):
        raise
    except PlatformError as refused:
        log.warning("picture_not_taken", code=refused.code)
        return ""
    if platform_of(digest.workspace_id) is PlatformName.SLACK:  # in Discord it leaves with the message
        await tools.store.write(partial(desk.pictured, number=digest.id or 0, file_id=known))
    return known
