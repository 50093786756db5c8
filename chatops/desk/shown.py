"""What the chat platforms proved they show: threads, mirrored messages, cards, pictures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox
from chatops.desk import replies
from chatops.desk import tickets as desk
from chatops.model import message as messages
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.inbox import Inbox
from chatops.model.media import Media
from chatops.model.message import Message, MessageState
from chatops.model.thread import Mirror, Thread, ThreadState
from chatops.store import lanes
from chatops.store.transaction import Transaction

IN_THREAD = {
    outbox.Kind.OPEN_THREAD,
    outbox.Kind.MIRROR,
    outbox.Kind.NOTICE,
    outbox.Kind.SPOKEN,
    outbox.Kind.TOLD,
}


def thread_opened(tx: Transaction, thread: Thread, external_id: str, drawn_version: int, now: datetime) -> None:
    """Remember where a thread is; redraw its card if the ticket changed while it was being opened."""
    _set(
        tx,
        thread,
        external_id=external_id,
        seen_id=external_id,
        state=ThreadState.OPEN,
        drawn_version=drawn_version,
    )
    ticket = tickets.lock(tx, thread.shop_id, thread.ticket_id)  # whoever changes it now sees the thread
    outbox.at_pace_of_posts(tx, thread)
    if ticket is not None and ticket.version != drawn_version:
        outbox.redraw(tx, thread, now)


def messages_mirrored(
    tx: Transaction, thread: Thread, message_ids: Sequence[str], external_id: str, *, with_files: bool = False
) -> None:
    """Remember which post shows which messages; what follows one `with_files` goes at the pace of posts again."""
    if with_files:
        outbox.at_pace_of_posts(tx, thread)
    for message_id in message_ids:
        tx.insert_ignore(
            Mirror(
                workspace_id=thread.workspace_id,
                thread_id=thread.id,
                message_id=message_id,
                shop_id=thread.shop_id,
                channel_id=thread.channel_id,
                external_id=external_id,
            )
        )


def spoken(tx: Transaction, thread: Thread, message: Message, external_id: str, now: datetime) -> None:
    """Remember which post stands for what a member of the team said through us; it carries the mark from now on.

    Somebody may have deleted the post before we knew its id: then its receipt is there, and the answer is taken back.
    """
    tx.execute(
        update(Message)
        .where(col(Message.shop_id) == message.shop_id, messages.piece_of(message.id))
        .values(source_id=external_id)
    )
    if tx.get(Inbox, thread.workspace_id, f"{thread.channel_id}/{external_id}") is not None:
        for part in replies.became(tx, thread.workspace_id, thread.channel_id, external_id):
            replies.take_back(tx, part, now)
    elif message.state != MessageState.NOTE:
        outbox.mark(tx, thread.workspace_id, thread.channel_id, external_id, now)


def told(tx: Transaction, shop_id: str, ticket_id: str, now: datetime) -> None:
    """Let the card of a ticket, too, show what its clock or its page has said below it."""
    ticket = tickets.lock(tx, shop_id, ticket_id)
    if ticket is not None:
        desk.redraw(tx, ticket, now)


def card_drawn(tx: Transaction, thread: Thread, version: int) -> None:
    """Remember which state of the ticket the card shows."""
    _set(tx, thread, drawn_version=version)


def thread_compared(tx: Transaction, workspace_id: str, thread_id: str, seen_id: str) -> None:
    """Remember how far the catch-up reader has compared a thread."""
    tx.execute(
        update(Thread)
        .where(col(Thread.workspace_id) == workspace_id, col(Thread.id) == thread_id, col(Thread.seen_id) < seen_id)
        .values(seen_id=seen_id)
    )


def given_up(tx: Transaction, kind: str, args: Mapping[str, Any], error: str, now: datetime) -> None:
    """Say in the channel that something could not be shown in a thread; cards, marks and whispers are not worth it."""
    if kind not in IN_THREAD:
        return
    thread = threads.get(tx, args["workspace_id"], args["thread_id"])
    if thread is not None:
        facts = {"about": "undelivered", "kind": kind, "error": error, "locale": thread.locale}
        facts |= {"shop_id": thread.shop_id, "ticket_id": thread.ticket_id}
        outbox.channel_notice(tx, thread.workspace_id, thread.channel_id, facts, now)


def channel_back(tx: Transaction, workspace_id: str, channel_id: str, now: datetime) -> None:
    """Go on posting into a channel that can be written to again."""
    _resume(tx, f"chat/{workspace_id}/post/{channel_id}", now)


def workspace_back(tx: Transaction, workspace_id: str, now: datetime) -> None:
    """Go on posting into a workspace that lets us in again."""
    _resume(tx, f"chat/{workspace_id}/post", now)


def shut_channels(tx: Transaction, workspace_id: str, codes: Collection[str]) -> list[str]:
    """Return the channels into which something does not go on because of one of these refusals."""
    scope = f"chat/{workspace_id}/post"
    return sorted({_posts_at(lane).removeprefix(f"{scope}/").partition("/")[0] for lane in _held(tx, scope, codes)})


def channel_answers(tx: Transaction, workspace_id: str, channel_id: str, codes: Collection[str], now: datetime) -> None:
    """Go on posting into a channel that lets us in; what was held for another reason than these refusals stays."""
    for lane in _held(tx, f"chat/{workspace_id}/post/{channel_id}", codes):
        lanes.resume(tx, lane.key, now)


def _held(tx: Transaction, scope: str, codes: Collection[str]) -> list[lanes.Lane]:
    held = [lane for lane in lanes.held_lanes(tx) if _within(lane, scope)]
    refused = {head.lane for head in lanes.failing_heads(tx) if head.last_error in codes} if held else set()
    return [lane for lane in held if lane.key in refused]


def _resume(tx: Transaction, scope: str, now: datetime) -> None:
    """Let every held lane of a scope, or of a narrower one, go on."""
    for lane in lanes.held_lanes(tx):
        if _within(lane, scope):
            lanes.resume(tx, lane.key, now)


def _within(lane: lanes.Lane, scope: str) -> bool:
    """Tell whether a lane's scope is this one or narrower: a channel's holds its threads'."""
    return f"{_posts_at(lane)}/".startswith(f"{scope}/")


def _posts_at(lane: lanes.Lane) -> str:
    """Return the scope of a lane's posts: where files or threads have a pace of their own, the wide one tells it."""
    return lane.wide if "/post/" in lane.wide else lane.scope


def media_fetched(tx: Transaction, media: Media) -> None:
    """Keep what is known of a message's picture or video; the newest word counts."""
    if not tx.insert_ignore(media):
        tx.execute(
            update(Media)
            .where(col(Media.shop_id) == media.shop_id, col(Media.message_id) == media.message_id)
            .values(**media.model_dump(exclude={"shop_id", "message_id"}))
        )


def _set(tx: Transaction, thread: Thread, **values: object) -> None:
    tx.execute(
        update(Thread)
        .where(col(Thread.workspace_id) == thread.workspace_id, col(Thread.id) == thread.id)
        .values(**values)
    )
