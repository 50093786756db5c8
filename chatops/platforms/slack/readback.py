"""Slack's own messages, read back: whose they are, which delivery made them, where people find them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from chatops.platforms.ports import AgentProfile, ChatFile, ChatMessage, MessageRef, ThreadRef

DELIVERY = "chatops_delivery"  # the `event_type` of our messages' metadata

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a bot token is; `clock_ahead` is how far our clock runs before Slack's (negative: behind)."""

    team_id: str
    team_name: str
    address: str  # https://<workspace>.slack.com/
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]
    clock_ahead: timedelta


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What Slack says of a channel; a private channel that we are not in looks as if it did not exist."""

    exists: bool
    is_member: bool = False
    is_archived: bool = False
    name: str = ""


def metadata(delivery: str) -> dict[str, Any]:
    """Return what is stored beside a message so that it can be found again; visible to the whole workspace."""
    return {"event_type": DELIVERY, "event_payload": {"delivery": delivery}}


def named(blocks: Iterable[Payload], delivery: str) -> list[dict[str, Any]]:
    """Write the delivery into the first block's id: the message of a shared file cannot carry metadata."""
    first, *rest = [dict(block) for block in blocks]
    return [{**first, "block_id": f"{DELIVERY}:{delivery}"}, *rest]


def delivery_of(message: Payload) -> str | None:
    """Return which delivery a message came from, by its metadata or the id of one of its blocks."""
    stored = message.get("metadata") or {}
    if stored.get("event_type") == DELIVERY:
        found = (stored.get("event_payload") or {}).get("delivery")
        return found if isinstance(found, str) else None
    for block in message.get("blocks") or []:
        kind, _, delivery = block.get("block_id", "").partition(":")
        if kind == DELIVERY and delivery:
            return str(delivery)
    return None


def chat_message(message: Payload, thread: ThreadRef, ours: Identity) -> ChatMessage:
    """Read a message payload; `text` stays Slack's markup."""
    return ChatMessage(
        external_id=message["ts"],
        thread_id=thread.thread_id,
        author_id=message.get("user") or message.get("bot_id") or "",
        text=message.get("text") or "",
        files=tuple(chat_file(file) for file in message.get("files") or () if file.get("url_private")),
        edited=bool(message.get("edited")),
        is_ours=ours.bot_user_id == message.get("user") or (bool(ours.bot_id) and ours.bot_id == message.get("bot_id")),
        delivery=delivery_of(message),
    )


def chat_file(file: Payload) -> ChatFile:
    """Read a file object."""
    return ChatFile(
        external_id=file["id"],
        name=file.get("name") or file.get("title") or file["id"],
        content_type=file.get("mimetype") or "",
        size=int(file.get("size") or 0),
        url=file.get("url_private_download") or file["url_private"],
    )


def agent_profile(member: Payload) -> AgentProfile:
    """Read a user object."""
    about = member.get("profile") or {}
    names = (about.get("display_name"), member.get("real_name"), about.get("real_name"), member.get("name"))
    return AgentProfile(
        external_id=member["id"],
        name=next(filter(None, names), member["id"]),
        locale=member.get("locale") or "",
        timezone=member.get("tz") or "",
        is_bot=bool(member.get("is_bot")) or member["id"] == "USLACKBOT",
        is_active=not member.get("deleted", False),
        is_guest=bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
    )


def permalink(address: str, message: MessageRef, thread_id: str = "") -> str:
    """Return where people open a message; `address` is the workspace's (`https://x.slack.com/`)."""
    link = f"{address.rstrip('/')}/archives/{message.channel_id}/p{message.message_id.replace('.', '')}"
    if thread_id and thread_id != message.message_id:
        link += "?" + urlencode({"thread_ts": thread_id, "cid": message.channel_id})
    return link
