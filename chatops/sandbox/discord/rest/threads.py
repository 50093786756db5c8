"""Threads and forum posts: opened, joined, listed."""

from datetime import datetime
from typing import Any

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.channel import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Channel, Thread
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.call import Call, Route
from chatops.sandbox.discord.rest.checks import IN_POST, check_count, check_length
from chatops.sandbox.discord.rest.drafts import drafted
from chatops.sandbox.discord.rest.messages import need_for

DURATIONS = {60, 1440, 4320, 10080}
MOST_TAGS = 5
MEMBERS = "/channels/{channel_id}/thread-members"


def open_on(call: Call) -> Json:
    """Open a thread on a message."""
    channel = call.channel(READ_MESSAGE_HISTORY, CREATE_PUBLIC_THREADS)
    if channel.type != TEXT:
        raise Refusal(50024)
    message, asked = call.message(channel), call.only("name", "auto_archive_duration", "rate_limit_per_user")
    call.status = 201
    about = check_thread(asked)
    thread = threads.open_on(call.server, channel, message, call.app.bot, about.pop("name"), **about)
    return thread.wire(call.app.bot.id)


def create(call: Call) -> Json:
    """Open a forum post with its first message, or in a text channel a thread on no message."""
    channel = call.channel()
    call.status = 201
    if channel.type == FORUM:
        return _create_post(call, channel)
    if channel.type != TEXT:
        raise Refusal(50024)
    asked = call.only("name", "auto_archive_duration", "rate_limit_per_user", "type", "invitable")
    kind = asked.get("type", PRIVATE_THREAD)
    call.need(channel, CREATE_PUBLIC_THREADS if kind == PUBLIC_THREAD else CREATE_PRIVATE_THREADS)
    about = check_thread(asked) | {"type": kind}
    if asked.get("invitable") is not None:
        about["invitable"] = bool(asked["invitable"])
    return threads.open_bare(call.server, channel, call.app.bot, about.pop("name"), **about).wire(call.app.bot.id)


def _create_post(call: Call, forum: Channel) -> Json:
    call.need(forum, SEND_MESSAGES)
    asked = call.only("name", "auto_archive_duration", "rate_limit_per_user", "type", "applied_tags", "message")
    about = check_thread(asked)
    tags = check_tags(call, forum, asked.get("applied_tags"))
    if not isinstance(asked.get("message"), dict):
        raise invalid("message", "BASE_TYPE_REQUIRED", "This field is required")
    fields = drafted(call.uploads, call.body, asked["message"], IN_POST)
    need_for(call, forum, fields)
    thread, said = threads.open_post(
        call.server, forum, call.app.bot, about.pop("name"), fields.pop("content"),
        asked["message"].get("allowed_mentions"), tags, about, **fields,
    )  # fmt: skip
    return thread.wire(call.app.bot.id) | {"message": messages.shown(call.server, said, call.app.bot.id)}


def check_thread(asked: Json) -> dict[str, Any]:
    """Return the checked fields of `Thread` that a new one is asked to have."""
    check_length("name", asked.get("name") or "", 100, 1)
    about: dict[str, Any] = {"name": asked["name"].strip()}
    duration = asked.get("auto_archive_duration")
    if duration is not None:
        about["auto_archive_duration"] = check_duration(duration)
    if asked.get("rate_limit_per_user") is not None:
        about["rate_limit_per_user"] = asked["rate_limit_per_user"]
    return about


def check_duration(duration: Any) -> int:
    """Return an auto_archive_duration in minutes; Refusal 50035 for one that Discord does not offer."""
    if not isinstance(duration, int) or duration not in DURATIONS:
        raise invalid("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(DURATIONS)}.")
    return int(duration)


def check_tags(call: Call, forum: Channel, asked: list[Any] | None) -> list[str]:
    """Return the tags of a post; Refusal for unknown, too many, missing or moderated ones."""
    check_count("applied_tags", asked, MOST_TAGS)
    known = {tag["id"]: tag for tag in forum.available_tags}
    tags = [str(tag) for tag in asked or []]
    for index, tag in enumerate(tags):
        if tag not in known:
            raise invalid(f"applied_tags.{index}", "FORUM_TAG_UNKNOWN", "There is no such tag.")
        if known[tag]["moderated"]:
            call.need(forum, MANAGE_THREADS)
    if forum.tag_required and not tags:
        raise Refusal(40067)
    return tags


def active(call: Call) -> Json:
    """Return every active thread that the bot can see, newest first."""
    call.guild()
    seen = [thread for thread in call.server.threads if not thread.archived and call.may(thread, VIEW_CHANNEL)]
    return _page(call, sorted(seen, key=lambda thread: -int(thread.id))) | {"has_more": False}


def archived(call: Call) -> Json:
    """Return the archived public threads of a channel, those archived last first."""
    return _archived(call, PUBLIC_THREAD)


def archived_private(call: Call) -> Json:
    """Return the archived private threads of a channel."""
    return _archived(call, PRIVATE_THREAD)


def _archived(call: Call, kind: int) -> Json:
    channel = call.channel(READ_MESSAGE_HISTORY, *((MANAGE_THREADS,) if kind == PRIVATE_THREAD else ()))
    here = [
        thread
        for thread in call.server.threads
        if thread.archived and thread.type == kind and thread.parent_id == channel.id and _before(call, thread)
    ]
    limit = call.number("limit", 50, 2, 100)
    here.sort(key=lambda thread: thread.archive_changed, reverse=True)
    return _page(call, here[:limit]) | {"has_more": len(here) > limit}


def _before(call: Call, thread: Thread) -> bool:
    before = call.query.get("before")
    try:
        return before is None or thread.archive_changed < datetime.fromisoformat(before)
    except (TypeError, ValueError):
        raise invalid("before", "DATE_TIME_TYPE_PARSE", "Could not parse. Should be ISO8601.") from None


def _page(call: Call, found: list[Thread]) -> Json:
    me = call.app.bot.id
    joined = [thread.member(me) for thread in found if me in thread.members]
    return {"threads": [thread.wire(me) for thread in found], "members": joined}


def join(call: Call) -> None:
    """Join a thread or bring somebody in."""
    threads.join(call.server, call.thread(), call.member().id)


def leave(call: Call) -> None:
    """Leave a thread or take somebody out."""
    thread, who = call.thread(), call.member()
    if who.id != call.app.bot.id:
        call.need(thread, MANAGE_THREADS)
    threads.leave(call.server, thread, who.id)


def members(call: Call) -> list[Json]:
    """Return who joined a thread."""
    thread = call.thread()
    return [thread.member(who) for who in thread.members]


ROUTES = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", "threads.open_on", open_on),
    Route("POST", "/channels/{channel_id}/threads", "threads.create", create),
    Route("GET", "/guilds/{guild_id}/threads/active", "threads.active", active),
    Route("GET", "/channels/{channel_id}/threads/archived/public", "threads.archived", archived),
    Route("GET", "/channels/{channel_id}/threads/archived/private", "threads.archived_private", archived_private),
    Route("GET", MEMBERS, "thread_members.list", members),
    Route("PUT", MEMBERS + "/{user_id}", "thread_members.put", join),
    Route("DELETE", MEMBERS + "/{user_id}", "thread_members.delete", leave),
)
