"""Discord's own messages, read back: whose they are, which delivery made them.

A message of ours carries its delivery in the first embed's `url`: Discord keeps it, and shows none of it because the
embed has no title. The address leads nowhere; nobody is meant to follow it.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from chatops.platforms.discord.paint import THREAD_NAME, TITLE_MARK
from chatops.platforms.ports import AgentProfile, ChatFile, ChatMessage

DELIVERY = "https://chatops.invalid/delivery/"
SAID = {0, 19, 20, 23}  # plain messages, answers, commands' replies; anything else is Discord telling of something

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are: the bot as a person, the application it belongs to, its name and Discord's flags on it."""

    user_id: str
    application_id: str
    name: str
    flags: int


def nonce(delivery: str) -> str:
    """Return what makes Discord answer with the first message when the same delivery is posted again soon."""
    return urlsafe_b64encode(hashlib.sha256(delivery.encode()).digest())[:24].decode()


def named(embeds: list[dict[str, Any]], delivery: str) -> list[dict[str, Any]]:
    """Write the delivery beside the embeds, where no person sees it."""
    first, *rest = embeds
    return [{**first, "url": DELIVERY + quote(delivery, safe="")}, *rest]


def delivery_of(message: Payload) -> str | None:
    """Return which delivery a message of ours came from."""
    for embed in message.get("embeds") or ():
        url = embed.get("url") or ""
        if url.startswith(DELIVERY):
            return unquote(url.removeprefix(DELIVERY))
    return None


def is_ours(message: Payload, ours: Identity) -> bool:
    """Tell whether we wrote a message, under our own name or by a webhook of ours."""
    by_webhook = message.get("webhook_id") and message.get("application_id") == ours.application_id
    return bool(message["author"]["id"] == ours.user_id or by_webhook)


def came_from(message: Payload, delivery: str, ours: Identity) -> bool:
    """Tell whether a message is ours and that of `delivery`."""
    if not is_ours(message, ours):
        return False
    return delivery_of(message) == delivery or message.get("nonce") == nonce(delivery)


def name_of(message: Payload) -> str:
    """Return what the thread of a head is called, by the title that was painted."""
    titles = [line for embed in message.get("embeds") or () for line in (embed.get("description") or "").split("\n")]
    title = next((line.removeprefix(TITLE_MARK) for line in titles if line.startswith(TITLE_MARK)), "…")
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", title)[:THREAD_NAME]


def chat_message(message: Payload, thread_id: str, ours: Identity) -> ChatMessage:
    """Read a message object; `text` stays Discord's markup."""
    own = is_ours(message, ours)
    return ChatMessage(
        external_id=message["id"],
        thread_id=thread_id,
        author_id=message["author"]["id"],
        text=message.get("content") or "",
        files=tuple(chat_file(file) for file in message.get("attachments") or ()),
        edited=bool(message.get("edited_timestamp")),
        is_ours=own,
        delivery=delivery_of(message) if own else None,
    )


def chat_file(file: Payload) -> ChatFile:
    """Read an attachment object."""
    return ChatFile(
        external_id=file["id"],
        name=file.get("filename") or file["id"],
        content_type=(file.get("content_type") or "").partition(";")[0],
        size=int(file.get("size") or 0),
        url=file["url"],
    )


def agent_profile(person: Payload, *, nick: str = "", is_member: bool = True) -> AgentProfile:
    """Read a user object; Discord tells bots neither a person's language nor time zone."""
    return AgentProfile(
        external_id=person["id"],
        name=nick or person.get("global_name") or person.get("username") or person["id"],
        locale="",
        timezone="",
        is_bot=bool(person.get("bot")),
        is_active=is_member,
    )
