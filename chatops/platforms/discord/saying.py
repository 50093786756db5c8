"""Cards as messages: posted under our own name or a buyer's, each with a mark by which its delivery is found again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chatops.errors import Rejected, TargetGone
from chatops.platforms.cutting import Shortened
from chatops.platforms.discord import files
from chatops.platforms.discord.calls import Attached, Wire
from chatops.platforms.discord.paint import Painted, paint, thread_name
from chatops.platforms.discord.posts import SHOWN_FOR
from chatops.platforms.discord.readback import named, nonce
from chatops.platforms.discord.stamps import instant
from chatops.platforms.discord.webhooks import Webhooks
from chatops.platforms.ports import Receipt
from chatops.ui import Card, Picture, Small, Speaker

NOT_WITH_FILES = {"file_too_large", "missing_permissions"}  # of which the right to attach files may be the one
_PRIVATELY, _QUIETLY = 1 << 6, 1 << 12  # flags of a message: one person sees it; nobody is notified

Json = dict[str, Any]


class Saying:
    """Posts cards. Only pictures that a server does not take are tried again, in words alone."""

    def __init__(self, wire: Wire, webhooks: Webhooks, shortened: Shortened) -> None:
        self._wire = wire
        self._webhooks = webhooks
        self._shortened = shortened

    async def post(self, channel_id: str, card: Card, delivery: str, *more: Attached) -> Receipt:
        """Post a card into a channel or thread."""
        try:
            return await self._whole(channel_id, card, delivery, *more)
        except (Rejected, TargetGone) as refused:
            if refused.code not in NOT_WITH_FILES or in_words(card) == card:
                raise
        return await self._whole(channel_id, in_words(card), delivery, *more)

    async def open_post(
        self, forum_id: str, card: Card, delivery: str, tags: Sequence[str], *more: Attached
    ) -> Receipt:
        """Open a forum's post that begins with a card."""
        try:
            return await self._opened(forum_id, card, delivery, tags, *more)
        except (Rejected, TargetGone) as refused:
            if refused.code not in NOT_WITH_FILES or in_words(card) == card:
                raise
        return await self._opened(forum_id, in_words(card), delivery, tags, *more)

    async def _opened(self, forum_id: str, card: Card, delivery: str, tags: Sequence[str], *more: Attached) -> Receipt:
        painted = paint(card, self._shortened)
        body = {
            "name": thread_name(card),
            "auto_archive_duration": SHOWN_FOR,
            "applied_tags": list(tags),
            "message": {
                **message(painted, painted.addressed, painted.groups),
                "embeds": named(painted.embeds, delivery),
            },
        }
        shown = [*await files.pictures(painted.pictures), *more]
        route = "POST /channels/{}/threads"
        return _receipt(await self._wire.call(route, forum_id, repeatable=False, body=body, files=shown))

    async def speak(
        self, application_id: str, place: tuple[str, str], speaker: Speaker, card: Card, delivery: str
    ) -> Receipt | None:
        """Post a card into a thread (`place`: its channel and itself) under a buyer's name; None when we cannot."""
        try:
            return await self._spoken(application_id, place, speaker, card, delivery)
        except Rejected as refused:
            if refused.code != "file_too_large" or in_words(card) == card:
                raise
            return await self._spoken(application_id, place, speaker, in_words(card), delivery)

    async def _spoken(
        self, application_id: str, place: tuple[str, str], speaker: Speaker, card: Card, delivery: str
    ) -> Receipt | None:
        painted = paint(card, self._shortened)
        body = {**message(painted), "embeds": named(painted.embeds, delivery)}
        shown = await files.pictures(painted.pictures)
        said = await self._webhooks.speak(application_id, place, speaker, body, shown)
        return None if said is None else _receipt(said)

    async def quietly(self, channel_id: str, agent_id: str, card: Card, delivery: str) -> str:
        """Post a card that names somebody and notifies nobody; return the message's id."""
        known = {"nonce": nonce(delivery), "enforce_nonce": True} if delivery else {}
        painted = paint(in_words(card), self._shortened)
        body = {**message(painted, [agent_id]), "flags": _QUIETLY, **known}
        return str((await self._say(channel_id, body, ()))["id"])

    def privately(self, card: Card) -> Json:
        """Return an answer to a press that one person sees; such a one carries no files."""
        return {**message(paint(in_words(card), self._shortened)), "flags": _PRIVATELY}

    async def replace(self, channel_id: str, message_id: str, card: Card) -> None:
        """Show a card in place of what a message of ours shows."""
        painted = paint(card, self._shortened)
        body = {**message(painted), "attachments": []}
        where, shown = (channel_id, message_id), await files.pictures(painted.pictures)
        await self._wire.call("PATCH /channels/{}/messages/{}", *where, repeatable=True, body=body, files=shown)

    async def _whole(self, channel_id: str, card: Card, delivery: str, *more: Attached) -> Receipt:
        painted = paint(card, self._shortened)
        body = {
            **message(painted, painted.addressed, painted.groups),
            "embeds": named(painted.embeds, delivery),
            "nonce": nonce(delivery),
            "enforce_nonce": True,
        }
        return _receipt(await self._say(channel_id, body, [*await files.pictures(painted.pictures), *more]))

    async def _say(self, channel_id: str, body: Json, attached: Sequence[Attached]) -> Mapping[str, Any]:
        """Post a message; when it stands there by its nonce, return that; when it was deleted since, say it once more.

        Raises:
            Rejected: it was deleted twice.
        """
        for known in ({}, {"nonce": nonce(str(body.get("nonce")))}):
            try:
                return await self._send(channel_id, {**body, **known}, attached)
            except TargetGone as gone:
                if gone.code != "unknown_message":
                    raise
        raise Rejected("deleted_by_others")

    async def _send(self, channel_id: str, body: Json, attached: Sequence[Attached]) -> Mapping[str, Any]:
        route = "POST /channels/{}/messages"
        said: Mapping[str, Any] = await self._wire.call(route, channel_id, repeatable=False, body=body, files=attached)
        return said


def in_words(card: Card) -> Card:
    """Return a card that says what its pictures would show."""
    parts = (Small(("🖼️ ", part.alt)) if isinstance(part, Picture) else part for part in card.parts)
    return replace(card, parts=tuple(parts))


def message(painted: Painted, addressed: Sequence[str] = (), groups: Sequence[str] = ()) -> Json:
    """Return a message that pings the members and roles it is addressed to and nobody else."""
    allowed: Json = {"parse": [], "users": list(addressed)} | ({"roles": list(groups)} if groups else {})
    body: Json = {"embeds": painted.embeds, "components": painted.components, "allowed_mentions": allowed}
    content = " ".join([*(f"<@{member}>" for member in addressed), *(f"<@&{role}>" for role in groups)])
    return body | {"content": content} if content else body


def _receipt(said: Mapping[str, Any]) -> Receipt:
    return Receipt(said["id"], instant(said["id"]))
