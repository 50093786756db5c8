"""An answer before it is on its way: whether it can be sent at all, and the messages it becomes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chatops.errors import Refusal, Refused
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.facts import ChatFile
from chatops.model.message import Author, Message, MessageState
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.rules import text as text_rules
from chatops.store.transaction import Transaction

IMAGE_TYPES = {"image/jpeg", "image/png", "image/gif", "image/webp"}  # what the marketplace takes
IMAGE_LIMIT = 10 * 1024 * 1024


def must_be_sendable(tx: Transaction, ticket: Ticket, text: str, files: Sequence[ChatFile]) -> None:
    """Let through what the marketplace may take.

    Raises:
        Refused: the shop is disconnected, there is nothing to send, or a file is of another kind or too large.
    """
    shop = shops.get(tx, ticket.shop_id)
    permission = shops.authorization(tx, shop.authorization_id) if shop and shop.authorization_id else None
    if permission is None or permission.revoked_reason is not None:
        raise Refused(Refusal.SHOP_DISCONNECTED)
    if not text and not files:
        raise Refused(Refusal.EMPTY)
    for file in files:
        if file.content_type not in IMAGE_TYPES:
            raise Refused(Refusal.FILE_TYPE, name=file.name)
        if file.size > IMAGE_LIMIT:
            raise Refused(Refusal.FILE_TOO_LARGE, name=file.name, limit_mb=IMAGE_LIMIT // 1024 // 1024)


def drafted(
    thread: Thread,
    ticket: Ticket,
    agent: Agent,
    source_id: str,
    text: str,
    files: Sequence[ChatFile],
    now: datetime,
    first: int = 0,
) -> list[Message]:
    """Return the messages that words and files become, numbered from `first`: the words, then each picture."""
    return [
        _said(thread, ticket, agent, (source_id, str(number)), kind, content, MessageState.WAITING, now)
        for number, (kind, content) in enumerate(_contents(text, files), start=first)
    ]


def note(thread: Thread, ticket: Ticket, agent: Agent, source_id: str, text: str, now: datetime) -> Message:
    """Return the internal note that words become."""
    return _said(thread, ticket, agent, (source_id, "note"), "TEXT", {"content": text}, MessageState.NOTE, now)


def _said(
    thread: Thread,
    ticket: Ticket,
    agent: Agent,
    source: tuple[str, str],  # the chat message's id, and which part of it this is
    kind: str,
    content: dict[str, object],
    state: MessageState,
    now: datetime,
) -> Message:
    return Message(
        shop_id=ticket.shop_id,
        id=f"{thread.workspace_id}-{thread.channel_id}-{'-'.join(source)}",
        conversation_id=ticket.conversation_id,
        ticket_id=ticket.id,
        author=Author.AGENT,
        kind=kind,
        content=content,
        state=state,
        said_at=now,
        agent_id=agent.id,
        source_workspace_id=thread.workspace_id,
        source_channel_id=thread.channel_id,
        source_thread_id=thread.id,
        source_id=source[0],
    )


def _contents(text: str, files: Sequence[ChatFile]) -> Iterator[tuple[str, dict[str, object]]]:
    if text:
        yield "TEXT", {"content": text}
    for file in files:
        yield (
            "IMAGE",
            {
                "file": {
                    "id": file.external_id,
                    "name": file.name,
                    "type": file.content_type,
                    "size": file.size,
                    "url": file.url,
                }
            },
        )


def too_long(message: Message) -> bool:
    """Tell whether the marketplace would refuse a message for its length."""
    return message.kind == "TEXT" and text_rules.buyer_length(message.text) > text_rules.BUYER_LIMIT
