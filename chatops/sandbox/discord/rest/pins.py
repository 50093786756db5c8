"""Pinned messages."""

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.permissions import PIN_MESSAGES, READ_MESSAGE_HISTORY
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.call import Call, Route
from chatops.sandbox.discord.rest.messages import as_read

MOST = 250
ADDRESS = "/channels/{channel_id}/messages/pins"


def listed(call: Call) -> Json:
    """Return the pinned messages, the latest pinned first."""
    channel = call.channel(READ_MESSAGE_HISTORY)
    pinned = [message for message in reversed(channel.messages.values()) if message.pinned]
    limit = call.number("limit", 50, 1, 50)
    items = [
        {"pinned_at": call.server.time.now().isoformat(), "message": as_read(call, channel, message)}
        for message in pinned[:limit]
    ]
    return {"items": items, "has_more": len(pinned) > limit}


def pin(call: Call) -> None:
    """Pin a message."""
    channel = call.channel(PIN_MESSAGES)
    message = call.message(channel)
    if not message.pinned and sum(other.pinned for other in channel.messages.values()) >= MOST:
        raise Refusal(30003)
    messages.change(call.server, channel, message, edited=False, pinned=True)


def unpin(call: Call) -> None:
    """Take a pin off."""
    channel = call.channel(PIN_MESSAGES)
    messages.change(call.server, channel, call.message(channel), edited=False, pinned=False)


ROUTES = (
    Route("GET", ADDRESS, "pins.list", listed),
    Route("PUT", ADDRESS + "/{message_id}", "pins.put", pin),
    Route("DELETE", ADDRESS + "/{message_id}", "pins.delete", unpin),
)
