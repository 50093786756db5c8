"""What the team writes in threads, changes and deletes."""

from functools import partial

from chatops.desk import hearing
from chatops.model.thread import Thread
from chatops.platforms.discord.readback import chat_file
from chatops.platforms.discord.spoken import as_typed
from handlers.discord.context import Context, Payload
from handlers.discord.plaintext import to_plain

WRITTEN = {0, 19}  # plain messages and answers to one; the other types are Discord's or an app's own lines


async def written(context: Context, said: Payload, thread: Thread) -> None:
    """Hear a message as it stands now: new, or edited."""
    heard = read(context, said, thread)
    if heard is not None:
        verb = hearing.edited if heard.edit_id else hearing.said
        await context.store.write(verb, heard, context.now())


async def deleted(context: Context, gone: Payload, _: str) -> None:
    """Follow a deletion, of one message or of several; it is never kept waiting."""
    thread = await context.thread_at(gone.get("guild_id") or "", gone["channel_id"])
    if thread is None:
        return
    follow = partial(hearing.deleted, thread_id=thread.external_id)
    for message_id in gone.get("ids") or [gone["id"]]:
        await context.store.write(follow, thread.workspace_id, thread.channel_id, message_id, context.now())


def read(context: Context, said: Payload, thread: Thread, *, shown: bool = False) -> hearing.Said | None:
    """Return what a member of the team wrote in a thread of ours; None when it is not that.

    Where we may not read, nothing typed is read, unless somebody has `shown` it to us by its menu. That its words are
    there says nothing: Discord tells some all the same (of messages that mention the bot, or answer it), and all of
    them when they are read back while the portal allows it.
    """
    typed, purpose = as_typed(said, context.ours.user_id)
    if not is_ours_to_hear(context, typed):
        return None
    plain = to_plain(typed)
    mentions = tuple(who for who in plain.mentions if who != context.ours.user_id)
    trigger, locale = context.begun.of(said)
    return hearing.Said(
        workspace_id=thread.workspace_id,
        channel_id=thread.channel_id,
        thread_id=thread.external_id,
        message_id=said["id"],
        agent_id=typed["author"]["id"],
        text=plain.text,
        files=tuple(chat_file(file) for file in said.get("attachments") or ()),
        to_team=plain.mentions_team or bool(mentions),
        mentions=mentions,
        left_out=plain.left_out,
        trigger=trigger,
        locale=locale,
        purpose=purpose,
        edit_id=said.get("edited_timestamp") or "",
        unread=not context.reads_messages and purpose is None and not shown,
    )


def is_ours_to_hear(context: Context, said: Payload) -> bool:
    """Tell whether a colleague wrote this, or said it by a command: no app, no webhook, no line of Discord's own."""
    said, _ = as_typed(said, context.ours.user_id)
    person = said.get("author") or {}
    return said.get("type") in WRITTEN and not said.get("webhook_id") and context.is_colleague(person)
