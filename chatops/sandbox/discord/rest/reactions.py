"""Reactions, and the sign that somebody is typing."""

import re

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import ADD_REACTIONS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.call import Call, Route

CUSTOM = re.compile(r"\w{2,32}:\d{15,20}")
# Enough of Unicode's pictures to tell an emoji from a word: symbols and dingbats, pictographs, flags, digits in a box.
PICTURE = re.compile(r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]|[0-9#*]\ufe0f?\u20e3")
ADDRESS = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"


def add(call: Call) -> None:
    """React as the bot."""
    channel = call.channel(READ_MESSAGE_HISTORY)
    message, emoji = call.message(channel), _emoji(call)
    if emoji not in message.reactions:
        call.need(channel, ADD_REACTIONS)
    messages.react(call.server, channel, message, call.app.bot.id, emoji)


def take_back(call: Call) -> None:
    """Take back a reaction, one's own or, with the permission, somebody else's."""
    channel, who = call.channel(), call.member()
    if who.id != call.app.bot.id:
        call.need(channel, MANAGE_MESSAGES)
    messages.unreact(call.server, channel, call.message(channel), who.id, _emoji(call))


def who_reacted(call: Call) -> list[Json]:
    """Return who reacted so."""
    by = call.message(call.channel(READ_MESSAGE_HISTORY)).reactions.get(_emoji(call), [])
    after, limit = call.mark("after"), call.number("limit", 25, 1, 100)
    later = sorted((who for who in by if int(who) > after), key=int)
    return [call.server.members[who].user() for who in later[:limit] if who in call.server.members]


def typing(call: Call) -> None:
    """Show that the bot is typing."""
    channel = call.channel()
    at = int(call.server.time.now().timestamp())
    data = {"channel_id": channel.id, "guild_id": call.server.id, "user_id": call.app.bot.id, "timestamp": at}
    call.server.happens("TYPING_START", data, channel.id)


def _emoji(call: Call) -> str:
    emoji = call.path["emoji"]
    if not CUSTOM.fullmatch(emoji) and (len(emoji) > 16 or not PICTURE.search(emoji)):
        raise Refusal(10014)
    return emoji


ROUTES = (
    Route("PUT", ADDRESS + "/@me", "reactions.put", add),
    Route("DELETE", ADDRESS + "/{user_id}", "reactions.delete", take_back),
    Route("GET", ADDRESS, "reactions.list", who_reacted),
    Route("POST", "/channels/{channel_id}/typing", "typing.start", typing),
)
