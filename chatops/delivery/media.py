"""Pictures and videos on their way from the marketplace to the team: fetched once, checked, kept, handed on."""

import asyncio
import hashlib
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import filetype

from chatops.delivery.hand import Hand, Tools
from chatops.desk import shown
from chatops.errors import RateLimited, Rejected, TargetGone, TokenRevoked, Unavailable
from chatops.model import media as media_questions
from chatops.model.media import Media, MediaState
from chatops.model.message import Message
from chatops.model.workspace import PlatformName, platform_of
from chatops.outbox import file_scopes
from chatops.platforms.ports import ShopRef, ThreadRef, Upload

LIMIT = 20 * 1024 * 1024  # bytes; what the marketplace lets a buyer send is smaller
LATE = "picture_unavailable"
LATE_CODES = {LATE, "slack_file_not_ready"}
PATIENCE = 6  # attempts, about a minute: then the words must not wait for the picture any longer
SHOWABLE = {"image/jpeg", "image/png", "image/gif", "image/webp"}


async def shown_in(tools: Tools, hand: Hand, place: ThreadRef, message: Message) -> tuple[str | None, str]:
    """Return the chat platform's file id of a message's picture, or the fault code of why there is none.

    Raises:
        AnotherTurn: it is handed on at the pace of files.
        Rejected: the shop is disconnected.
        PlatformError: the picture cannot be had or handed on now; try again.
    """
    url = _picture_url(message)
    if not url:
        return None, ""
    if hand.first.attempts >= PATIENCE and hand.first.last_error in LATE_CODES:
        return None, LATE
    media = await tools.store.read(media_questions.get, message.shop_id, message.id)
    if media is None or _lies_elsewhere(tools, media, place):
        hand.before_call()
        media = await _fetch(tools, message, url)
        await tools.store.write(shown.media_fetched, media)
    if media.state == MediaState.REFUSED:
        return None, media.fault
    known = media.uploads.get(place.workspace_id)
    if known is None:
        if platform_of(place.workspace_id) is PlatformName.SLACK:
            hand.takes_turn(file_scopes(place.workspace_id, place.channel_id))
        hand.before_call()
        upload = Upload(tools.media_dir / media.path, Path(media.path).name, "")
        known = await tools.chat(place.workspace_id).upload(place, upload)
        if platform_of(place.workspace_id) is PlatformName.DISCORD:  # the file's place on this machine, for this post
            return known, ""
        media.uploads = {**media.uploads, place.workspace_id: known}
        await tools.store.write(shown.media_fetched, media)
    return known, ""


def _lies_elsewhere(tools: Tools, media: Media, place: ThreadRef) -> bool:
    """Tell whether another replica, with a data folder of its own, keeps the file that we would need now."""
    needed = media.state == MediaState.STORED and place.workspace_id not in media.uploads
    return needed and not (tools.media_dir / media.path).exists()


def _picture_url(message: Message) -> str:
    """Return the address of the picture that stands for a message: a video shows its cover."""
    field = {"IMAGE": "url", "VIDEO": "cover"}.get(message.kind, "")
    url = message.content.get(field)
    return url if isinstance(url, str) else ""


async def _fetch(tools: Tools, message: Message, url: str) -> Media:
    media = Media(shop_id=message.shop_id, message_id=message.id, state=MediaState.REFUSED, uploads={})
    try:
        data = await tools.marketplace.fetch_media(ShopRef(message.shop_id), url, LIMIT)
    except (Rejected, TargetGone) as refused:
        media.fault = refused.code if isinstance(refused, Rejected) else "media_gone"
        return media
    except TokenRevoked as ended:  # the shop's trouble, which must not stop what is said to the team
        raise Rejected(ended.code) from ended
    except (RateLimited, Unavailable) as trouble:
        raise Unavailable(LATE, trouble.code) from trouble
    kind, digest = await asyncio.to_thread(_looked_at, data)
    if kind is None or kind.mime not in SHOWABLE:
        media.fault = "file_type"
        return media
    media.sha256 = digest
    media.path = f"{media.sha256[:2]}/{media.sha256}.{kind.extension}"
    media.content_type, media.size, media.state = kind.mime, len(data), MediaState.STORED
    await asyncio.to_thread(keep, tools.media_dir / media.path, data)
    return media


def _looked_at(data: bytes) -> tuple[Any, str]:
    """Return what kind of file this is and its digest; with 20 MB that takes long enough to keep others waiting."""
    return filetype.guess(data), hashlib.sha256(data).hexdigest()


def keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; the same content under the same name may be written twice, at once too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as partial:
        partial.write(data)
    Path(partial.name).replace(path)
