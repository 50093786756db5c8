"""Messages: said, read, edited, deleted."""

from typing import Any

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.archiving import refuse_archived
from chatops.sandbox.discord.channel import DIRECT, FORUM, Channel, Thread
from chatops.sandbox.discord.intents import MESSAGE_CONTENT, censored
from chatops.sandbox.discord.message import NORMAL, REPLY, THREAD_STARTER, Json, Message
from chatops.sandbox.discord.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.call import Call, Route
from chatops.sandbox.discord.rest.drafts import drafted, redrafted

ADDRESS = "/channels/{channel_id}/messages"


def create(call: Call) -> Json:
    """Say something; under a nonce that was used lately, return what was said then."""
    channel = call.channel()
    _need_speech(call, channel)
    payload = call.payload
    fields = drafted(call.uploads, call.body, payload)
    need_for(call, channel, fields)
    fields |= _reference(call, channel, payload.get("message_reference"))
    nonce = payload.get("nonce")
    if nonce is not None and payload.get("enforce_nonce"):
        known = call.nonces.recall(call.app.bot.id, nonce)
        if known:
            return messages.shown(call.server, known[1], call.app.bot.id, with_nonce=True)
    said = messages.post(
        call.server,
        channel,
        call.app.bot,
        fields.pop("content"),
        payload.get("allowed_mentions"),
        nonce=nonce,
        **fields,
    )
    if nonce is not None:
        call.nonces.keep(said)
    return messages.shown(call.server, said, call.app.bot.id, with_nonce=True)


def need_for(call: Call, channel: Channel, fields: dict[str, Any]) -> None:
    """Raise Refusal 50013 when files or embeds come from a bot that may not send such."""
    if channel.type == DIRECT:
        return
    if fields.get("files"):
        call.need(channel, ATTACH_FILES)
    if fields.get("embeds"):
        call.need(channel, EMBED_LINKS)


def _need_speech(call: Call, channel: Channel) -> None:
    if channel.type == FORUM:
        raise Refusal(50008)
    if channel.type != DIRECT:
        call.need(channel, SEND_MESSAGES_IN_THREADS if isinstance(channel, Thread) else SEND_MESSAGES)
    elif not ((who := call.server.members.get(channel.name)) and who.accepts_dms):
        raise Refusal(50007)


def _reference(call: Call, channel: Channel, asked: Json | None) -> dict[str, Any]:
    if not asked:
        return {"type": NORMAL}
    if asked.get("type", 0) != 0:
        raise invalid("message_reference.type", "BASE_TYPE_CHOICES", "Only replies are known here.")
    call.need(channel, READ_MESSAGE_HISTORY, code=160002)
    if str(asked.get("message_id")) not in channel.messages:
        if asked.get("fail_if_not_exists", True):
            raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return {"type": NORMAL}
    reference = {"type": 0, "message_id": str(asked["message_id"]), "channel_id": channel.id}
    return {"type": REPLY, "reference": reference | ({"guild_id": channel.guild_id} if channel.guild_id else {})}


def listed(call: Call) -> list[Json]:
    """Return up to `limit` messages, newest first; nothing when the bot may not read what was."""
    channel = call.channel()
    limit = call.number("limit", 50, 1, 100)
    if channel.type != DIRECT and not call.may(channel, READ_MESSAGE_HISTORY):
        return []
    anchors = [name for name in ("before", "after", "around") if name in call.query]
    if len(anchors) > 1:
        raise invalid(anchors[1], "BASE_TYPE_CHOICES", "Only one of before, after and around may be set.")
    ids = sorted(channel.messages, key=int)
    chosen = _window(ids, anchors[0], call.mark(anchors[0]), limit) if anchors else ids[-limit:]
    return [as_read(call, channel, channel.messages[key]) for key in reversed(chosen)]


def as_read(call: Call, channel: Channel, message: Message) -> Json:
    """Return a message as the app may read it: without MESSAGE_CONTENT, others' words are hidden here too."""
    shown = messages.shown(call.server, message, call.app.bot.id)
    if call.app.intents & MESSAGE_CONTENT or channel.type == DIRECT:
        return shown
    hidden = censored(shown | {"guild_id": channel.guild_id}, call.app.bot.id)
    return {name: value for name, value in hidden.items() if name != "guild_id"}


def _window(ids: list[str], anchor: str, mark: int, limit: int) -> list[str]:
    earlier, later = [key for key in ids if int(key) < mark], [key for key in ids if int(key) > mark]
    if anchor == "before":
        return earlier[-limit:]
    if anchor == "after":
        return later[:limit]
    here = [key for key in ids if int(key) == mark]
    return [*earlier[-(limit // 2) :], *here, *later[: limit // 2]]


def one(call: Call) -> Json:
    """Return one message."""
    channel = call.channel()
    if channel.type != DIRECT:
        call.need(channel, READ_MESSAGE_HISTORY)
    return as_read(call, channel, call.message(channel))


def edit(call: Call) -> Json:
    """Edit one's own message."""
    channel = call.channel()
    message = call.message(channel)
    if message.author_id != call.app.bot.id:
        raise Refusal(50005)
    refuse_archived(channel)
    payload = call.payload
    fields = redrafted(call.uploads, call.body, payload, message)
    need_for(call, channel, {"files": call.body.uploads, "embeds": "embeds" in payload and fields.get("embeds")})
    messages.change(call.server, channel, message, payload.get("allowed_mentions"), **fields)
    return messages.shown(call.server, message, call.app.bot.id)


def delete(call: Call) -> None:
    """Delete a message, one's own or, with the permission, somebody else's."""
    channel = call.channel()
    message = call.message(channel)
    if message.author_id != call.app.bot.id and channel.type != DIRECT:
        call.need(channel, MANAGE_MESSAGES)
    if message.type == THREAD_STARTER:
        raise Refusal(50021)
    messages.remove(call.server, channel, message)


ROUTES = (
    Route("POST", ADDRESS, "messages.create", create),
    Route("GET", ADDRESS, "messages.list", listed),
    Route("GET", ADDRESS + "/{message_id}", "messages.get", one),
    Route("PATCH", ADDRESS + "/{message_id}", "messages.edit", edit),
    Route("DELETE", ADDRESS + "/{message_id}", "messages.delete", delete),
)
