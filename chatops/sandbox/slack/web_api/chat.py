"""chat.*: posting, changing and deleting messages."""

from typing import Any

from chatops.sandbox.slack import messages
from chatops.sandbox.slack.blocks import check_blocks, finish_blocks, two_tables
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.emoji_names import to_short_names
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000
LARGEST_METADATA = 16_000  # Slack does not publish the number
DISGUISES = ("username", "icon_url", "icon_emoji")


def post_message(call: Call) -> Json:
    """Post into a channel, a thread or, given a person's id, the direct conversation with them."""
    channel = _target(call)
    _refuse_post(call, channel)
    new = messages.app_message(call.workspace, channel, call.app, *_said(call))
    _fill(call, new)
    new.thread_ts = _thread(call, channel)
    new.metadata = _metadata(call)
    if new.thread_ts:
        new.broadcast = call.flag("reply_broadcast")
    messages.post(call.workspace, channel, new)
    return {"channel": channel.id, "ts": new.ts, "message": channel.wire(new)}


def _target(call: Call) -> Channel:
    name = call.text("channel")
    if name in call.workspace.members:
        return call.workspace.direct(name, call.app.bot_user_id)
    return call.channel()


def _refuse_post(call: Call, channel: Channel) -> None:
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im":
        _refuse_direct(call, channel)
    if call.app.bot_user_id not in channel.members and "chat:write.public" not in call.app.scopes:
        raise ApiError("not_in_channel")
    wait = call.limits.refuse_post(channel.id)
    if wait is not None:
        call.headers["Retry-After"] = str(wait)
        raise ApiError("ratelimited")


def _refuse_direct(call: Call, channel: Channel) -> None:
    """What Slack says about somebody who was deactivated since is not published; this is the nearest of its codes."""
    if not call.app.messages_tab_enabled:
        raise ApiError("messages_tab_disabled")
    if any(call.workspace.members[who].deleted for who in channel.members):
        raise ApiError("channel_not_found")


def _said(call: Call, longest: int = LONGEST_POST) -> tuple[str]:
    text, markdown = call.text("text"), call.text("markdown_text")
    if markdown and (text or call.args.get("blocks")):
        raise ApiError("markdown_text_conflict")
    if len(markdown) > 12_000:
        raise ApiError("msg_too_long")
    return (to_short_names(markdown or text)[:longest],)


def _fill(call: Call, new: Message) -> None:
    new.blocks, new.attachments = _blocks(call), call.args.get("attachments") or []
    if len(new.attachments) > 100:
        raise ApiError("too_many_attachments")
    if not new.text and not new.blocks and not new.attachments:
        raise ApiError("no_text")
    new.unfurls = call.flag("unfurl_links", default=True) or call.flag("unfurl_media", default=True)
    new.parse = "full" if call.text("parse") == "full" else "names" if call.flag("link_names") else "none"
    if any(call.args.get(name) for name in DISGUISES):
        call.need("chat:write.customize")
        new.subtype, new.username, new.user = "bot_message", call.text("username") or call.app.name, None
        icon = {"emoji": call.text("icon_emoji")} if call.text("icon_emoji") else {"image_48": call.text("icon_url")}
        new.icons = icon if any(icon.values()) else None


def _blocks(call: Call) -> list[Json]:
    given: Any = call.args.get("blocks") or []
    if not isinstance(given, list):
        raise ApiError("invalid_blocks_format")
    if two_tables(given):
        raise ApiError("invalid_attachments", response_metadata={"messages": ["only_one_table_allowed"]})
    problems = check_blocks(given)
    if problems:
        raise ApiError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    return finish_blocks(given)


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    root = channel.all_messages.get(thread_ts)
    if root is None or root.is_reply:  # only the first message of a thread can be answered
        raise ApiError("cannot_reply_to_message")
    return thread_ts


def _metadata(call: Call) -> Json | None:
    given: Any = call.args.get("metadata")
    if not given:
        return None
    if not isinstance(given, dict) or set(given) - {"event_type", "event_payload", "entities"}:
        raise ApiError("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(str(given)) > LARGEST_METADATA:
        raise ApiError("metadata_too_large")
    return given


def update(call: Call) -> Json:
    """Change one of the app's own messages; what is not given stays, but text alone removes the blocks."""
    channel = call.channel()
    message = call.message(channel)
    if channel.archived:
        raise ApiError("is_inactive")
    if message.app_id != call.app.app_id:
        raise ApiError("cant_update_message")
    if len(call.text("text")) > LONGEST_UPDATE:
        raise ApiError("msg_too_long")
    new = _changes(call, message)
    messages.change(call.workspace, channel, message, **new)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": channel.wire(message)}


def _changes(call: Call, message: Message) -> Json:
    new: Json = {}
    if "blocks" in call.args:
        new["blocks"] = _blocks(call)
    if call.text("text") or call.text("markdown_text"):
        new["text"] = _said(call)[0]
        if not new.get("blocks"):
            new |= {"blocks": [], "edited": {"user": call.app.bot_user_id, "ts": call.workspace.mint_ts()}}
    if "attachments" in call.args:
        new["attachments"] = call.args["attachments"] or []
    if "metadata" in call.args:
        new["metadata"] = _metadata(call)
    if not new:
        raise ApiError("no_text")
    if not (new.get("text", message.text) or new.get("blocks", message.blocks) or message.attachments):
        raise ApiError("no_text")
    return new


def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = call.message(channel)
    if message.app_id != call.app.app_id:
        raise ApiError("cant_delete_message")
    messages.remove(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel, for now."""
    channel = call.channel(member=True)
    person = call.text("user")
    if channel.archived:
        raise ApiError("is_archived")
    if person not in channel.members:
        raise ApiError("user_not_in_channel")
    new = messages.app_message(call.workspace, channel, call.app, *_said(call))
    _fill(call, new)
    new.thread_ts, new.ephemeral_to = _thread(call, channel), person
    call.workspace.show(new)
    return {"message_ts": new.ts}


def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"https://{call.workspace.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


_CONTENT = ("attachments", "blocks", "link_names", "markdown_text", "parse", "text")
METHODS = {
    "chat.postMessage": Method(
        post_message, ("chat:write",), ("channel",),
        (*_CONTENT, *DISGUISES, "metadata", "mrkdwn", "reply_broadcast", "thread_ts", "unfurl_links", "unfurl_media",
         "as_user", "client_msg_id"), per_minute=300,
    ),
    "chat.update": Method(
        update, ("chat:write",), ("channel", "ts"),
        (*_CONTENT, "as_user", "file_ids", "metadata", "reply_broadcast", "unfurled_attachments"), per_minute=50,
    ),
    "chat.delete": Method(delete, ("chat:write",), ("channel", "ts"), ("as_user",), per_minute=50),
    "chat.postEphemeral": Method(
        post_ephemeral, ("chat:write",), ("channel", "user"), (*_CONTENT, *DISGUISES, "thread_ts", "as_user"),
        per_minute=100,
    ),
    "chat.getPermalink": Method(get_permalink, (), ("channel", "message_ts"), per_minute=300),
}  # fmt: skip
