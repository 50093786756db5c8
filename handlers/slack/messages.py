"""What the team writes in threads, changes and deletes."""

from dataclasses import replace
from functools import partial

from chatops.desk import hearing
from chatops.model.facts import ChatFile
from chatops.platforms.slack.readback import chat_file
from handlers.slack.context import Context, Payload
from handlers.slack.plaintext import to_plain

WRITTEN = {None, "file_share", "thread_broadcast"}  # the other subtypes are Slack's or an app's own lines


async def message(context: Context, event: Payload, body: Payload) -> None:
    """Hear a message event, whatever happened to the message."""
    match event.get("subtype"):
        case "message_changed":
            await _changed(context, event, body)
        case "message_deleted":
            await _gone(context, event, event.get("deleted_ts") or "")
        case subtype if subtype in WRITTEN:
            heard = read(context, event, event.get("channel") or "", body)
            if heard is not None:
                await context.store.write(hearing.said, heard, context.now())


async def _changed(context: Context, event: Payload, body: Payload) -> None:
    """Follow an edit; unfurls, counters and our own redraws change no words."""
    after, before = event.get("message") or {}, event.get("previous_message") or {}
    if after.get("subtype") == "tombstone":
        await _gone(context, event, after.get("ts") or "")
        return
    if before and after.get("text") == before.get("text") and _file_ids(after) == _file_ids(before):
        return
    heard = read(context, after, event.get("channel") or "", body)
    if heard is not None:
        heard = replace(heard, edit_id=heard.edit_id or event.get("ts") or "")
        await context.store.write(hearing.edited, heard, context.now())


async def _gone(context: Context, event: Payload, message_id: str) -> None:
    channel_id, thread_id = event.get("channel") or "", (event.get("previous_message") or {}).get("thread_ts") or ""
    gone = partial(hearing.deleted, thread_id=thread_id)
    await context.store.write(gone, context.workspace_id, channel_id, message_id, context.now())


def read(context: Context, said: Payload, channel_id: str, body: Payload) -> hearing.Said | None:
    """Return what a member of the team wrote in a thread; None when it is not that (`body`: the event's outer part)."""
    message_id, thread_id = said.get("ts"), said.get("thread_ts")
    if not message_id or not thread_id or thread_id == message_id or said.get("subtype") not in WRITTEN:
        return None
    if not context.is_colleague(said, body):
        return None
    plain = to_plain(said)
    mentions = tuple(who for who in plain.mentions if who != context.ours.bot_user_id)
    return hearing.Said(
        workspace_id=context.workspace_id,
        channel_id=channel_id,
        thread_id=thread_id,
        message_id=message_id,
        agent_id=said["user"],
        text=plain.text,
        files=tuple(_file(file) for file in _files(said)),
        to_team=plain.mentions_team or bool(mentions) or _shares(said),
        mentions=mentions,
        left_out=plain.left_out,
        edit_id=(said.get("edited") or {}).get("ts") or "",
    )


def _files(said: Payload) -> list[Payload]:
    """Return the files of a message; one that was deleted leaves a tombstone."""
    return [file for file in said.get("files") or () if file.get("mode") != "tombstone"]


def _file_ids(said: Payload) -> list[str]:
    return [file.get("id") or "" for file in _files(said)]


def _shares(said: Payload) -> bool:
    """Tell whether a message brings another one of the workspace: what is said about that is for the team."""
    brought = said.get("attachments") or ()
    return any(attached.get("is_share") or attached.get("is_msg_unfurl") for attached in brought)


def _file(file: Payload) -> ChatFile:
    """Read a file; one that Slack does not let us see keeps no type, so that it is refused politely."""
    hidden = file.get("file_access") == "check_file_info" or not (file.get("url_private") and file.get("id"))
    if hidden:
        return ChatFile(file.get("id") or "", file.get("name") or file.get("title") or "", "", 0, "")
    return chat_file(file)
