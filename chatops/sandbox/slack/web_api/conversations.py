"""conversations.*: channels, their members and what was said."""

import re

from chatops.sandbox.slack import messages
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
TS = re.compile(r"\d+(\.\d+)?")


def info(call: Call) -> Json:
    """Describe one channel."""
    channel = call.channel(scopes="read")
    return {"channel": channel.info(call.app.bot_user_id, with_count=call.flag("include_num_members"))}


def _listed(call: Call, member: str | None) -> Json:
    types = call.items("types") or ["public_channel"]
    if set(types) - TYPES.keys():
        raise ApiError("invalid_types")
    kinds = {TYPES[name] for name in types}
    me = call.app.bot_user_id
    found = [
        channel for channel in call.workspace.channels.values()
        if channel.kind in kinds and (channel.kind == "channel" or me in channel.members)
        and (member is None or member in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]  # fmt: skip
    page, metadata = call.page(found, default=100, most=1000)
    return {"channels": [channel.info(me, with_count=True) for channel in page], "response_metadata": metadata}


def list_all(call: Call) -> Json:
    """List the channels the app can see."""
    return _listed(call, None)


def of_member(call: Call) -> Json:
    """List the channels someone (by default the app) is a member of."""
    return _listed(call, call.text("user") or call.app.bot_user_id)


def members(call: Call) -> Json:
    """List a channel's members."""
    page, metadata = call.page(call.channel(scopes="read").members, default=100, most=1000)
    return {"members": page, "response_metadata": metadata}


def _within(call: Call, among: list[Message]) -> list[Message]:
    bounds = {name: call.text(name) for name in ("oldest", "latest")}
    for name, value in bounds.items():
        if value and not TS.fullmatch(value):
            raise ApiError(f"invalid_ts_{name}")
    oldest = _key(bounds["oldest"] or "0")
    latest = _key(bounds["latest"]) if bounds["latest"] else (1 << 62, 0)
    if call.flag("inclusive"):
        return [message for message in among if oldest <= _key(message.ts) <= latest]
    return [message for message in among if oldest < _key(message.ts) < latest]


def _key(ts: str) -> tuple[int, int]:
    whole, _, part = ts.partition(".")
    return int(whole), int(part.ljust(6, "0") or 0)


def _most(call: Call, usual: int) -> int:
    return 15 if call.limits.restricted else usual


def history(call: Call) -> Json:
    """Return what stands in the channel, newest first; replies only when they were also sent to the channel."""
    channel = call.channel(member=True, scopes="history")
    found = _within(call, channel.roots)[::-1]
    if call.limits.restricted:
        call.args["limit"] = min(call.number("limit", 15), 15)
    page, metadata = call.page(found, default=_most(call, 100), most=999)
    more = bool(metadata["next_cursor"])
    answer: Json = {"messages": _shown(call, channel, page), "has_more": more, "pin_count": len(channel.pins)}
    return answer | ({"response_metadata": metadata} if more else {"response_metadata": {"next_cursor": ""}})


def replies(call: Call) -> Json:
    """Return a thread, oldest first; every page starts with the root."""
    channel = call.channel(scopes="history")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("channel_not_found" if channel.kind != "channel" else "not_in_channel")
    asked = channel.all_messages.get(call.text("ts"))
    if asked is None:
        raise ApiError("thread_not_found")
    root = channel.all_messages[asked.thread_ts] if asked.is_reply and asked.thread_ts else asked
    if call.limits.restricted:
        call.args["limit"] = min(call.number("limit", 15), 15)
    page, metadata = call.page(_within(call, channel.replies(root.ts)), default=_most(call, 1000), most=1000)
    more = bool(metadata["next_cursor"])
    answer: Json = {"messages": _shown(call, channel, [root, *page]), "has_more": more}
    return answer | ({"response_metadata": metadata} if more else {})


def _shown(call: Call, channel: Channel, page: list[Message]) -> list[Json]:
    everything = call.flag("include_all_metadata")
    return [channel.wire(message, all_metadata=everything) for message in page]


def join(call: Call) -> Json:
    """Become a member of a public channel."""
    channel = call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    new = messages.bring_in(call.workspace, channel, call.app.bot_user_id)
    answer: Json = {"channel": channel.info(call.app.bot_user_id)}
    note = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer if new else answer | note


def open_direct(call: Call) -> Json:
    """Return the direct conversation with one person."""
    people = call.items("users")
    given = call.workspace.channel(call.text("channel"))
    if call.text("channel"):
        if given is None or given.kind != "im" or call.app.bot_user_id not in given.members:
            raise ApiError("channel_not_found")
        channel = given
    elif not people:
        raise ApiError("users_list_not_supplied")
    elif len(people) > 1:
        raise ApiError("invalid_user_combination")  # this world has no group conversations
    elif people[0] not in call.workspace.members:
        raise ApiError("user_not_found")
    elif call.workspace.members[people[0]].deleted:
        raise ApiError("user_disabled")
    else:
        channel = call.workspace.direct(people[0], call.app.bot_user_id)
    return {"channel": channel.info(call.app.bot_user_id) if call.flag("return_im") else {"id": channel.id}}


def create(call: Call) -> Json:
    """Create a channel with the app as its first member."""
    name = call.text("name")
    if len(name) > 80:
        raise ApiError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w\-]+", name) or name != name.lower():
        raise ApiError("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise ApiError("name_taken")
    kind = "group" if call.flag("is_private") else "channel"
    channel = call.workspace.add_channel(name, kind, (call.app.bot_user_id,))
    channel.creator = call.app.bot_user_id
    return {"channel": channel.info(call.app.bot_user_id)}


def set_topic(call: Call) -> Json:
    """Write the line at the top of a channel."""
    channel = call.channel(member=True)
    if channel.archived:
        raise ApiError("is_archived")
    topic = call.text("topic")
    if len(topic) > 250:
        raise ApiError("too_long")
    channel.topic = topic
    subtype = f"{channel.kind}_topic"
    messages.notice(call.workspace, channel, call.app.bot_user_id, subtype, f"set the topic: {topic}", topic=topic)
    return {"channel": channel.info(call.app.bot_user_id)}


def invite(call: Call) -> Json:
    """Bring people into a channel."""
    channel = call.channel(member=True)
    people = call.items("users")
    if channel.archived:
        raise ApiError("is_archived")
    if not people:
        raise ApiError("no_user")
    if call.app.bot_user_id in people:
        raise ApiError("cant_invite_self")
    if any(person not in call.workspace.members for person in people) or len(people) > 100:
        raise ApiError("user_not_found")
    if all(person in channel.members for person in people):
        raise ApiError("already_in_channel")
    for person in people:
        messages.bring_in(call.workspace, channel, person, inviter=call.app.bot_user_id)
    return {"channel": channel.info(call.app.bot_user_id)}


_RANGE = ("cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest")
METHODS = {
    "conversations.info": Method(info, READ, ("channel",), ("include_locale", "include_num_members")),
    "conversations.list": Method(list_all, READ, (), ("cursor", "exclude_archived", "limit", "types"), per_minute=20),
    "users.conversations": Method(of_member, READ, (), ("cursor", "exclude_archived", "limit", "types", "user")),
    "conversations.members": Method(members, READ, ("channel",), ("cursor", "limit"), per_minute=100),
    "conversations.history": Method(history, HISTORY, ("channel",), _RANGE),
    "conversations.replies": Method(replies, HISTORY, ("channel", "ts"), _RANGE),
    "conversations.join": Method(join, ("channels:join",), ("channel",)),
    "conversations.open": Method(open_direct, MANAGE, (), ("channel", "prevent_creation", "return_im", "users")),
    "conversations.create": Method(create, MANAGE, ("name",), ("is_private",), per_minute=20),
    "conversations.setTopic": Method(set_topic, (*MANAGE, "channels:write.topic"), ("channel", "topic"), per_minute=20),
    "conversations.invite": Method(invite, (*MANAGE, "channels:write.invites"), ("channel", "users"), ("force",)),
}
