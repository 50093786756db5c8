"""Who is notified by a message: what its text mentions, as far as the author allows and is allowed."""

import re
from collections.abc import Iterator

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.message import COMPONENTS_V2, REPLY, Json, Message
from chatops.sandbox.discord.permissions import MENTION_EVERYONE, permissions
from chatops.sandbox.discord.server import Ping, Server

PERSON, ROLE, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(?:everyone|here)\b")
TEXT_DISPLAY = 10
ALL_KINDS = ("users", "roles", "everyone")


def mention(server: Server, channel: Channel, message: Message, allowed: Json | None) -> None:
    """Work out whom the message notifies; without `allowed` (allowed_mentions) that is everybody it names."""
    text = "\n".join((message.content, *_displayed(message)))
    kinds = ALL_KINDS if allowed is None else allowed.get("parse", ())
    people = [name for name in _once(PERSON.findall(text)) if _let_through("users", name, kinds, allowed)]
    people += [name for name in _answered(server, message, allowed) if name not in people]
    known = [server.members[name] for name in people if name in server.members]
    message.pinged, message.mentions = [member.id for member in known], [member.user() for member in known]
    by_webhook = message.author_id in server.webhooks  # which may do what its channel's owner may
    reach_all = by_webhook or bool(permissions(server, message.author_id, channel) & MENTION_EVERYONE)
    message.pinged_roles = [
        name
        for name in _once(ROLE.findall(text))
        if name in server.roles and _let_through("roles", name, kinds, allowed)
        if reach_all or server.roles[name].mentionable
    ]
    message.pinged_everyone = reach_all and "everyone" in kinds and bool(EVERYONE.search(text))
    if server.app_of(message.author_id) or message.webhook_id:
        _remember(server, message)


def _remember(server: Server, message: Message) -> None:
    found = [("person", name) for name in message.pinged] + [("role", name) for name in message.pinged_roles]
    found += [("everyone", "everyone")] if message.pinged_everyone else []
    pings = (Ping(kind, target, message.channel_id, message.id) for kind, target in found)
    server.pings += [ping for ping in pings if ping not in server.pings]


def _once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _let_through(kind: str, name: str, kinds: tuple[str, ...] | list[str], allowed: Json | None) -> bool:
    return kind in kinds or name in map(str, (allowed or {}).get(kind) or ())


def _answered(server: Server, message: Message, allowed: Json | None) -> Iterator[str]:
    """A reply notifies the author it answers, unless that is switched off."""
    wanted = True if allowed is None else allowed.get("replied_user", False)
    if message.type != REPLY or not wanted or not message.reference:
        return
    answered = server.find_message(message.reference["message_id"])
    if answered and answered[1].author_id != message.author_id:
        yield answered[1].author_id


def _displayed(message: Message) -> Iterator[str]:
    """Text components notify as content does; embeds never do."""
    pending = list(message.components) if message.flags & COMPONENTS_V2 else []
    while pending:
        component = pending.pop(0)
        if component.get("type") == TEXT_DISPLAY:
            yield component["content"]
        pending += component.get("components", [])
