"""What happens to messages: posted, edited, deleted, reacted to; each tells the apps that listen."""

import copy

from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.workspace import Happening, Workspace

IN_MENTIONS = (
    "client_msg_id", "text", "user", "ts", "thread_ts", "parent_user_id", "team", "blocks", "files", "channel",
    "event_ts",
)  # fmt: skip
CHANNEL_TYPES = {"channel": "C", "group": "G", "im": "D"}


def subscription(channel: Channel) -> str:
    """Return the name of the subscription under which this channel's messages are sent."""
    return {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[channel.kind]


def post(workspace: Workspace, channel: Channel, message: Message) -> Message:
    """Store a new message and announce it; a mention of an app is announced a second time as app_mention."""
    channel.add(message)
    workspace.note_alive(message)
    for file in message.files:
        reach = "public" if channel.kind == "channel" else "private"
        place = {"ts": message.ts, "channel_name": channel.name, "reply_users": [], "team_id": workspace.team.id}
        file.shares.setdefault(reach, {}).setdefault(channel.id, []).append(place)
    shown = _placed(channel, channel.wire(message), message.ts)
    if message.broadcast and message.is_reply:
        root = channel.all_messages.get(message.thread_ts or "")
        shown["root"] = channel.wire(root) if root else {}
    workspace.announce(Happening(subscription(channel), shown, channel))
    for app in workspace.apps.values():
        if channel.kind != "im" and f"<@{app.bot_user_id}>" in message.text and message.user != app.bot_user_id:
            _announce_mention(workspace, channel, shown, app)
    return message


def _announce_mention(workspace: Workspace, channel: Channel, shown: Json, app: App) -> None:
    event = {"type": "app_mention"} | {key: shown[key] for key in IN_MENTIONS if key in shown}
    if app.bot_user_id in channel.members:
        workspace.announce(Happening("app_mention", event, channel, only=app))


def change(workspace: Workspace, channel: Channel, message: Message, **new: object) -> None:
    """Set the given fields of a message and announce message_changed with what stood there before."""
    before = copy.deepcopy(channel.wire(message))
    for name, value in new.items():
        setattr(message, name, value)
    workspace.note_alive(message)
    _announce_change(workspace, channel, channel.wire(message), before)


def _announce_change(workspace: Workspace, channel: Channel, after: Json, before: Json) -> None:
    ts = workspace.mint_ts()
    event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": after,
             "previous_message": before, "ts": ts}  # fmt: skip
    workspace.announce(Happening(subscription(channel), _placed(channel, event, ts), channel))


def remove(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Delete a message; a root with replies stays as a tombstone so that its thread keeps a head."""
    before = copy.deepcopy(channel.wire(message))
    if channel.replies(message.ts):
        message.subtype, message.text, message.blocks, message.files = "tombstone", "This message was deleted.", [], []
        message.user, message.metadata, message.reactions = "USLACKBOT", None, {}
        message.bot_id = message.app_id = message.bot_profile = message.username = message.client_msg_id = None
        message.attachments, message.extra = [], {"hidden": True}
        _announce_change(workspace, channel, channel.wire(message), before)
        return
    channel.drop(message)
    ts = workspace.mint_ts()
    event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts,
             "previous_message": before, "ts": ts}  # fmt: skip
    workspace.announce(Happening(subscription(channel), _placed(channel, event, ts), channel))


def react(workspace: Workspace, channel: Channel, message: Message, who: str, name: str) -> bool:
    """Add a reaction; return False when this member had already reacted so."""
    by = message.reactions.setdefault(name, [])
    if who in by:
        return False
    by.append(who)
    _announce_reaction(workspace, channel, message, kind="reaction_added", who=who, name=name)
    return True


def unreact(workspace: Workspace, channel: Channel, message: Message, who: str, name: str) -> bool:
    """Take a reaction back; return False when there was none."""
    by = message.reactions.get(name, [])
    if who not in by:
        return False
    by.remove(who)
    if not by:
        del message.reactions[name]
    _announce_reaction(workspace, channel, message, kind="reaction_removed", who=who, name=name)
    return True


def _announce_reaction(
    workspace: Workspace, channel: Channel, message: Message, *, kind: str, who: str, name: str
) -> None:
    event: Json = {"type": kind, "user": who, "reaction": name, "event_ts": workspace.mint_ts()}
    event["item"] = {"type": "message", "channel": channel.id, "ts": message.ts}
    if message.user:
        event["item_user"] = message.user
    workspace.announce(Happening(kind, event, channel))


def notice(workspace: Workspace, channel: Channel, who: str, subtype: str, text: str, **extra: object) -> Message:
    """Post one of Slack's own lines about the channel, such as channel_join."""
    said = Message(channel.id, workspace.mint_ts(), workspace.team.id, text, user=who, subtype=subtype)
    said.extra = dict(extra)
    return post(workspace, channel, said)


def bring_in(workspace: Workspace, channel: Channel, who: str, inviter: str | None = None) -> bool:
    """Make someone a member, with Slack's line and event; return False when they already were."""
    if who in channel.members:
        return False
    channel.members.append(who)
    event: Json = {"type": "member_joined_channel", "user": who, "channel": channel.id, "team": workspace.team.id,
                   "channel_type": CHANNEL_TYPES[channel.kind], "event_ts": workspace.mint_ts()}  # fmt: skip
    if inviter:
        event["inviter"] = inviter
    workspace.announce(Happening("member_joined_channel", event, channel))
    notice(
        workspace,
        channel,
        who,
        f"{channel.kind}_join",
        f"<@{who}> has joined the channel",
        **({"inviter": inviter} if inviter else {}),
    )
    return True


def take_out(workspace: Workspace, channel: Channel, who: str) -> None:
    """End a membership; an app that is thrown out hears of it too."""
    if who not in channel.members:
        return
    event = {"type": "member_left_channel", "user": who, "channel": channel.id, "team": workspace.team.id,
             "channel_type": CHANNEL_TYPES[channel.kind], "event_ts": workspace.mint_ts()}  # fmt: skip
    workspace.announce(Happening("member_left_channel", event, channel))
    channel.members.remove(who)
    app = workspace.app_of(who)
    if app:
        left = {"type": f"{channel.kind}_left", "channel": channel.id, "event_ts": workspace.mint_ts()}
        workspace.announce(Happening(f"{channel.kind}_left", left, channel, only=app))


def app_message(
    workspace: Workspace, channel: Channel, app: App, text: str = "", thread_ts: str | None = None
) -> Message:
    """Return a new, not yet posted message written by an app."""
    return Message(
        channel.id, workspace.mint_ts(), workspace.team.id, text, user=app.bot_user_id, thread_ts=thread_ts,
        bot_id=app.bot_id, app_id=app.app_id, bot_profile=app.bot_profile(),
    )  # fmt: skip


def _placed(channel: Channel, shown: Json, ts: str) -> Json:
    kind = "im" if channel.kind == "im" else channel.kind
    return copy.deepcopy(shown) | {"channel": channel.id, "event_ts": ts, "channel_type": kind}
