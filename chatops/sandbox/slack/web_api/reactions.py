"""reactions.* and pins.*: small marks on messages."""

from emoji import EMOJI_DATA

from chatops.sandbox.slack import messages
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.emoji_names import SHORT_NAMES
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method

KNOWN = frozenset(SHORT_NAMES.values()) | frozenset(
    name.strip(":") for entry in EMOJI_DATA.values() for name in (entry["en"], *entry.get("alias", []))
)
MOST_BY_ONE = 23
MOST_KINDS = 50
MOST_PINS = 100


def _marked(call: Call) -> tuple[Channel, Message]:
    channel = call.channel(member=False)
    if call.app.bot_user_id not in channel.members and channel.kind != "channel":
        raise ApiError("channel_not_found")
    if not call.text("timestamp"):
        raise ApiError("no_item_specified")
    return channel, call.message(channel, "timestamp")


def _name(call: Call) -> str:
    name = call.text("name").strip(":").split("::")[0]
    aliases = {"thumbsup": "+1", "thumbsdown": "-1"}
    if not name or (name not in KNOWN and name not in call.workspace.custom_emoji):
        raise ApiError("invalid_name")
    return aliases.get(name, name)


def add(call: Call) -> Json:
    """React to a message."""
    channel, message = _marked(call)
    name, me = _name(call), call.app.bot_user_id
    if channel.archived:
        raise ApiError("is_archived")
    if me not in channel.members:
        raise ApiError("not_in_channel")
    if name not in message.reactions and len(message.reactions) >= MOST_KINDS:
        raise ApiError("too_many_emoji")
    if sum(me in who for who in message.reactions.values()) >= MOST_BY_ONE:
        raise ApiError("too_many_reactions")
    if not messages.react(call.workspace, channel, message, me, name):
        raise ApiError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    """Take the app's own reaction back."""
    channel, message = _marked(call)
    if not messages.unreact(call.workspace, channel, message, call.app.bot_user_id, _name(call)):
        raise ApiError("no_reaction")
    return {}


def get(call: Call) -> Json:
    """Return a message with its reactions."""
    channel, message = _marked(call)
    return {"type": "message", "channel": channel.id, "message": channel.wire(message)}


def pin(call: Call) -> Json:
    """Pin a message to its channel."""
    channel, message = _marked(call)
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if message.ts in channel.pins:
        raise ApiError("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise ApiError("too_many_pins")
    channel.pins.append(message.ts)
    call.workspace.changed()
    return {}


def unpin(call: Call) -> Json:
    """Take a pin off."""
    channel, message = _marked(call)
    if message.ts not in channel.pins:
        raise ApiError("no_pin")
    channel.pins.remove(message.ts)
    call.workspace.changed()
    return {}


METHODS = {
    "reactions.add": Method(add, ("reactions:write",), ("channel", "name", "timestamp")),
    "reactions.remove": Method(
        remove, ("reactions:write",), ("name",), ("channel", "file", "file_comment", "timestamp"), per_minute=20
    ),
    "reactions.get": Method(get, ("reactions:read",), (), ("channel", "file", "file_comment", "full", "timestamp")),
    "pins.add": Method(pin, ("pins:write",), ("channel",), ("timestamp",), per_minute=20),
    "pins.remove": Method(unpin, ("pins:write",), ("channel",), ("timestamp",), per_minute=20),
}
