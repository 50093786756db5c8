"""Channels and threads as things of their own: read, altered, removed."""

from typing import Any

from chatops.sandbox.discord import moderation, threads
from chatops.sandbox.discord.channel import DIRECT, FORUM, Channel, Thread
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import (
    MANAGE_CHANNELS,
    MANAGE_THREADS,
    SEND_MESSAGES_IN_THREADS,
)
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.call import Call, Route
from chatops.sandbox.discord.rest.checks import check_count, check_kinds, check_length
from chatops.sandbox.discord.rest.threads import check_duration, check_tags

OF_THREADS = (
    "name", "archived", "locked", "auto_archive_duration", "applied_tags", "rate_limit_per_user", "flags", "invitable",
)  # fmt: skip
MOST_TAGS, TAG_REQUIRED = 20, 1 << 4
ADDRESS = "/channels/{channel_id}"


def one(call: Call) -> Json:
    """Return a channel or thread."""
    return _shown(call, call.channel())


def edit(call: Call) -> Json:
    """Alter a channel or thread."""
    channel = call.channel()
    if isinstance(channel, Thread):
        _edit_thread(call, channel)
    elif channel.type == DIRECT:
        raise Refusal(50024)
    else:
        _edit_channel(call, channel)
    return _shown(call, channel)


def _edit_thread(call: Call, thread: Thread) -> None:
    asked = {name: value for name, value in call.only(*OF_THREADS).items() if value is not None}
    check_length("name", asked.get("name"), 100, 1)
    if "auto_archive_duration" in asked:
        check_duration(asked["auto_archive_duration"])
    _need_for_thread(call, thread, asked)
    if "applied_tags" in asked:
        asked["applied_tags"] = check_tags(call, call.server.channels[thread.parent_id], asked["applied_tags"])
    threads.alter(call.server, thread, call.app.bot, **asked)


def _need_for_thread(call: Call, thread: Thread, asked: Json) -> None:
    """Anybody who can write there opens an archived thread; the rest is for its owner and for moderators."""
    only_opens = asked.keys() <= {"archived", "auto_archive_duration"} and asked.get("archived") is False
    if call.may(thread, MANAGE_THREADS):
        return
    if thread.locked or "locked" in asked or "flags" in asked:
        raise Refusal(160005 if thread.locked else 50013)
    call.need(thread, SEND_MESSAGES_IN_THREADS)
    if not only_opens and thread.owner_id != call.app.bot.id:
        raise Refusal(50013)


def _edit_channel(call: Call, channel: Channel) -> None:
    call.need(channel, MANAGE_CHANNELS)
    asked = call.only("name", "topic", "position", "available_tags", "flags", "permission_overwrites")
    asked = {name: value for name, value in asked.items() if value is not None or name == "topic"}
    check_kinds(asked, {"flags": int, "position": int, "available_tags": list, "permission_overwrites": list})
    check_length("name", asked.get("name"), 100, 1)
    check_length("topic", asked.get("topic"), 4096 if channel.type == FORUM else 1024)
    if "available_tags" in asked:
        channel.available_tags = _tags(call, asked["available_tags"])
    if "flags" in asked:
        channel.tag_required = bool(asked["flags"] & TAG_REQUIRED)
    for name in asked.keys() & {"name", "topic", "position"}:
        setattr(channel, name, asked[name])
    if "permission_overwrites" in asked:
        moderation.overwrite(call.server, channel, asked["permission_overwrites"])
    else:
        call.server.happens("CHANNEL_UPDATE", channel.wire(), channel.id)


def _tags(call: Call, asked: list[Any]) -> list[Json]:
    check_count("available_tags", asked, MOST_TAGS)
    tags = []
    for index, tag in enumerate(asked):
        check_length(f"available_tags.{index}.name", tag.get("name") or "", 20, 1)
        known = {name: tag.get(name) for name in ("emoji_id", "emoji_name")}
        tags.append({"id": str(tag.get("id") or call.server.ids.next()), "name": tag["name"],
                     "moderated": bool(tag.get("moderated"))} | known)  # fmt: skip
    return tags


def delete(call: Call) -> Json:
    """Delete a thread or channel for good."""
    channel = call.channel()
    call.need(channel, MANAGE_THREADS if isinstance(channel, Thread) else MANAGE_CHANNELS)
    shown = _shown(call, channel)
    if isinstance(channel, Thread):
        threads.remove(call.server, channel)
    else:
        threads.remove_channel(call.server, channel)
    return shown


def _shown(call: Call, channel: Channel) -> Json:
    return channel.wire(call.app.bot.id) if isinstance(channel, Thread) else channel.wire()


ROUTES = (
    Route("GET", ADDRESS, "channels.get", one),
    Route("PATCH", ADDRESS, "channels.edit", edit),
    Route("DELETE", ADDRESS, "channels.delete", delete),
)
