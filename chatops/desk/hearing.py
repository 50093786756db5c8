"""What the team says in a mirrored thread: texts, edits and deletions.

A refusal is never an error of the transaction: it becomes a private answer, and everything the person wrote is kept
where it stands, in their own message.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col

from chatops import outbox
from chatops.catalog import Takes, Verb, by_words, entry
from chatops.desk import drafts, replies, settings, team, verbs
from chatops.errors import Refusal, Refused
from chatops.model import conversation as conversations
from chatops.model import thread as threads
from chatops.model import ticket as ticket_questions
from chatops.model.agent import Agent
from chatops.model.facts import ChatFile
from chatops.model.inbox import Inbox, InboxState
from chatops.model.message import Message, MessageState
from chatops.model.shop import RoutePosture
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.opening import looks_like_order
from chatops.store.transaction import Transaction

Whisper = outbox.Whisper

MESSAGE, REFUSED, UNREAD = "message", "refused message", "unread message"  # kinds of receipts
MOST_PIECES = 10  # of what was left out are named


@dataclass(frozen=True, slots=True)
class Said:
    """One message a person wrote in a thread, as plain text."""

    workspace_id: str
    channel_id: str
    thread_id: str  # the platform's id of the thread's head
    message_id: str
    agent_id: str
    text: str
    files: tuple[ChatFile, ...] = ()
    to_team: bool = False  # it mentions a teammate or the whole team
    mentions: tuple[str, ...] = ()  # the teammates it mentions, who are left out of `text`
    left_out: tuple[str, ...] = ()  # what is for the team alone, and not in `text`
    trigger: str = ""  # by which the platform answers unseen by others, when this was said by a command or form
    locale: str = ""  # of the person's client, where a command or form tells it
    purpose: Verb | None = None  # REPLY or NOTE, when it was said by a command or form for that, and not just typed
    edit_id: str = ""  # the platform's id of the edit that made the text so; later edits sort behind earlier ones
    unread: bool = False  # typed where we may not read: whatever `text` says, nothing is made of it


def said(tx: Transaction, heard: Said, now: datetime) -> bool:
    """Do what a text in a thread asks for; False when it is not in a thread of ours, or was heard before."""
    thread = threads.at(tx, heard.workspace_id, heard.channel_id, heard.thread_id)
    if thread is None or not _first_time(tx, heard.workspace_id, heard.channel_id, heard.message_id, now):
        return False
    if heard.unread:
        _unread(tx, thread, heard, now)
    else:
        _hear(tx, thread, heard, 0, now)
    return True


def _unread(tx: Transaction, thread: Thread, heard: Said, now: datetime) -> None:
    """Remember that a text is none for the buyer, also once we may read; tell its writer, once in each thread."""
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now)
    _turn(tx, heard.workspace_id, heard.channel_id, heard.message_id, MESSAGE, UNREAD)
    if first_time(tx, thread.workspace_id, agent.id, thread.id, "unread", now):
        outbox.whisper(tx, thread, agent.id, Whisper.UNREAD, {}, now)


def now_shown(tx: Transaction, heard: Said) -> None:
    """Let a text that we did not read be heard as a new one: somebody chose to show it to us."""
    receipt = _receipt_of(heard.workspace_id, heard.channel_id, heard.message_id)
    tx.execute(delete(Inbox).where(*receipt, col(Inbox.kind) == UNREAD))


def _hear(tx: Transaction, thread: Thread, heard: Said, first: int, now: datetime) -> None:
    """Do what a text asks for; what is refused stays where it stands, and is heard anew when it is edited.

    `first`: the number of the first part of an answer, more than 0 when the same chat message made some before.
    """
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now, heard.locale)
    team.pressed(tx, agent, thread.id, heard.trigger, now)
    verb, text = _meant(heard)
    typed_inside = heard.purpose is None and thread.posture == RoutePosture.INTERNAL and not looks_like_order(text)
    if (verb == Verb.REPLY and typed_inside) or (verb == Verb.NOTE and heard.purpose == Verb.REPLY):
        done = obey(tx, thread, agent, Verb.NOTE, lambda: _keep(tx, thread, agent, heard, text, now), now)
    else:
        done = obey(tx, thread, agent, verb, lambda: _do(tx, thread, agent, verb, heard, text, first, now), now)
    if not done:
        _now_refused(tx, heard.workspace_id, heard.channel_id, heard.message_id)


def _meant(heard: Said) -> tuple[Verb, str]:
    """Return what a text asks for, and the text without the prefix that says so; a note by command is nothing else."""
    meant, text = by_words(heard.text)
    if heard.purpose == Verb.NOTE:
        return Verb.NOTE, text if meant.verb == Verb.NOTE else heard.text.strip()
    return Verb.NOTE if meant.verb == Verb.REPLY and heard.to_team else meant.verb, text


def _keep(tx: Transaction, thread: Thread, agent: Agent, heard: Said, text: str, now: datetime) -> None:
    """Keep as a note what was not sent on purpose, and offer to send it."""
    keep_note(tx, thread, agent, heard, text, now)
    facts = {"shop_id": thread.shop_id, "message_id": _note_id(heard)}
    outbox.whisper(tx, thread, agent.id, Whisper.NOTE_KEPT, facts, now)


def _do(
    tx: Transaction, thread: Thread, agent: Agent, verb: Verb, heard: Said, text: str, first: int, now: datetime
) -> None:
    if verb == Verb.REPLY and looks_like_order(text):
        raise Refused(Refusal.UNKNOWN_ORDER)
    if verb == Verb.REPLY:
        replies.write(tx, thread, agent, heard.message_id, text, heard.files, now, first=first)
        _tell_left_out(tx, thread, agent, heard, now)
    elif verb == Verb.NOTE:
        keep_note(tx, thread, agent, heard, text, now)
    elif entry(verb).asks:
        outbox.whisper(tx, thread, agent.id, Whisper.ASKED, {"verb": verb.value, "words": text}, now)
    elif verb in settings.BY_VERB:
        given = _given(verb, heard, text)
        settings.settle(tx, agent, verb, given, now, thread.channel_id)
        page, words = settings.shown_after(verb, given)
        outbox.whisper(tx, thread, agent.id, Whisper.ASKED, {"verb": page.value, "words": words}, now)
    else:
        verbs.BY_VERB[verb](tx, thread, ticket_of(tx, thread), agent, _given(verb, heard, text), now)
        if verb in verbs.UNSEEN:
            outbox.whisper(tx, thread, agent.id, Whisper.DONE, {"verb": verb.value, "words": text}, now)


def _given(verb: Verb, heard: Said, text: str) -> str:
    """Return what a verb was given; to one that is about a teammate, those who were mentioned belong."""
    argument = entry(verb).argument
    about_teammate = verb in settings.BY_VERB or (argument is not None and argument.takes is Takes.AGENT)
    return " ".join([*(f"<@{who}>" for who in heard.mentions if about_teammate), text]).strip()


def _tell_left_out(tx: Transaction, thread: Thread, agent: Agent, heard: Said, now: datetime) -> None:
    if heard.left_out:
        facts = {"pieces": " ".join(heard.left_out[:MOST_PIECES])}
        outbox.whisper(tx, thread, agent.id, Whisper.LEFT_OUT, facts, now)


def obey(tx: Transaction, thread: Thread, agent: Agent, verb: Verb, act: Callable[[], object], now: datetime) -> bool:
    """Run `act` if the agent may say `verb`; turn a refusal into a private answer, and return False."""
    try:
        team.must_be_allowed(tx, agent, verb)
        act()
    except Refused as refused:
        facts = {"reason": refused.reason.value, **refused.facts}
        outbox.whisper(tx, thread, agent.id, Whisper.REFUSAL, facts, now)
        return False
    return True


def _first_time(tx: Transaction, workspace_id: str, channel_id: str, message_id: str, now: datetime) -> bool:
    """Keep the receipt of a chat message: one text may come by several events and again by the catch-up reader."""
    return _receipt(tx, workspace_id, f"{channel_id}/{message_id}", MESSAGE, now)


def _now_refused(tx: Transaction, workspace_id: str, channel_id: str, message_id: str) -> None:
    """Remember that nothing came of a chat message, and that an edit may change that."""
    _turn(tx, workspace_id, channel_id, message_id, MESSAGE, REFUSED)


def _was_refused(tx: Transaction, workspace_id: str, channel_id: str, message_id: str) -> bool:
    """Tell whether nothing came of a chat message, once: it counts as heard from now on."""
    return _turn(tx, workspace_id, channel_id, message_id, REFUSED, MESSAGE)


def _turn(tx: Transaction, workspace_id: str, channel_id: str, message_id: str, before: str, after: str) -> bool:
    receipt = _receipt_of(workspace_id, channel_id, message_id)
    return tx.execute(update(Inbox).where(*receipt, col(Inbox.kind) == before).values(kind=after)).rowcount == 1


def _receipt_of(workspace_id: str, channel_id: str, message_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Inbox.source) == workspace_id, col(Inbox.external_id) == f"{channel_id}/{message_id}"


def _receipt(tx: Transaction, workspace_id: str, key: str, kind: str, now: datetime, body: str | None = None) -> bool:
    return tx.insert_ignore(
        Inbox(
            source=workspace_id,
            external_id=key,
            scope=workspace_id,
            received_at=now,
            state=InboxState.DONE,
            kind=kind,
            body=body,
        )
    )


def first_time(tx: Transaction, workspace_id: str, agent_id: str, gesture_id: str, kind: str, now: datetime) -> bool:
    """Keep the receipt of somebody's gesture; False when it was heard before. Without an id it counts as new."""
    return not gesture_id or _receipt(tx, workspace_id, f"{kind}/{agent_id}/{gesture_id}", kind, now)


def newest(tx: Transaction, heard: Said, now: datetime) -> bool:
    """Keep the receipt of an edit; False when this one, or a later one that overtook it, was heard before."""
    key = f"{heard.channel_id}/{heard.message_id}/edit"
    if not heard.edit_id or _receipt(tx, heard.workspace_id, key, "edit", now, heard.edit_id):
        return True
    changed = tx.execute(
        update(Inbox)
        .where(
            col(Inbox.source) == heard.workspace_id,
            col(Inbox.external_id) == key,
            col(Inbox.body) < heard.edit_id,
        )
        .values(body=heard.edit_id)
    )
    return changed.rowcount == 1


def ticket_of(tx: Transaction, thread: Thread) -> Ticket:
    """Return the ticket a thread mirrors, or the one that goes on with it; its conversation is held first.

    Raises:
        Refused: it is gone.
    """
    known = ticket_questions.going_on(tx, thread.shop_id, thread.ticket_id)
    if known is not None:
        conversations.lock(tx, known.shop_id, known.conversation_id)
    ticket = ticket_questions.lock_going_on(tx, thread.shop_id, thread.ticket_id)
    if ticket is None:
        raise Refused(Refusal.STALE)
    return ticket


def _note_id(heard: Said) -> str:
    return f"{heard.workspace_id}-{heard.channel_id}-{heard.message_id}-note"


def keep_note(tx: Transaction, thread: Thread, agent: Agent, heard: Said, text: str, now: datetime) -> None:
    """Keep a text as an internal note of the ticket, in place of what was noted from the same chat message."""
    note = drafts.note(thread, ticket_of(tx, thread), agent, heard.message_id, text, now)
    if not tx.insert_ignore(note):
        tx.execute(
            update(Message)
            .where(col(Message.shop_id) == note.shop_id, col(Message.id) == note.id)
            .values(content=note.content, state=note.state)
        )


def edited(tx: Transaction, heard: Said, now: datetime) -> None:
    """Follow an edit: a note or an answer that has not left changes, one that has left stays as it is.

    An edit may overtake the message itself; then the message is heard as it stands now. So is one that was refused.
    """
    thread = threads.at(tx, heard.workspace_id, heard.channel_id, heard.thread_id)
    if thread is None or not newest(tx, heard, now) or said(tx, heard, now):
        return
    found = replies.became(tx, heard.workspace_id, heard.channel_id, heard.message_id)
    if heard.unread:
        _edited_unread(tx, thread, found, now)
        return
    if _was_refused(tx, heard.workspace_id, heard.channel_id, heard.message_id):
        left = any(message.state != MessageState.WITHDRAWN for message in found)  # pictures stay as they are
        _hear(tx, thread, replace(heard, files=()) if left else heard, len(found), now)
        return
    words = [message for message in found if message.kind == "TEXT" and message.state != MessageState.WITHDRAWN]
    together = words + [picture for picture in found if picture.kind != "TEXT" and picture.is_held]
    meant, text = by_words(heard.text)
    order = meant.verb not in (Verb.REPLY, Verb.NOTE) or (not heard.to_team and looks_like_order(text))
    inside = order or meant.verb == Verb.NOTE or heard.to_team
    if not words:
        _edited_in_vain(tx, thread, heard, found, now)
        return
    if _same(words, text) and not inside:
        return
    agent = team.seen(tx, heard.workspace_id, heard.agent_id, now)
    if words[0].state == MessageState.NOTE:
        keep_note(tx, thread, agent, heard, text, now)
    elif order:
        back, verb = take_back(tx, thread, agent, together, now), meant.verb
        done = obey(tx, thread, agent, verb, lambda: _do(tx, thread, agent, verb, heard, text, 0, now), now)
        if back and not done:
            _now_refused(tx, heard.workspace_id, heard.channel_id, heard.message_id)
    elif inside:
        if take_back(tx, thread, agent, together, now):
            keep_note(tx, thread, agent, heard, text, now)
    elif not obey(tx, thread, agent, Verb.REPLY, lambda: None, now):
        take_back(tx, thread, agent, together, now)
    elif _rewrite(tx, thread, agent, words, text, now):
        _tell_left_out(tx, thread, agent, heard, now)


def _edited_in_vain(tx: Transaction, thread: Thread, heard: Said, found: list[Message], now: datetime) -> None:
    """Tell whoever edits words that were taken back that these do not leave either."""
    before = [message for message in found if message.kind == "TEXT"]
    if before and heard.edit_id and not _same(before, heard.text):  # without an id it may be no edit, but a second look
        facts = {"shop_id": before[0].shop_id, "message_id": before[0].id}
        outbox.whisper(tx, thread, heard.agent_id, Whisper.WITHDRAWN, facts, now)


def _same(words: list[Message], text: str) -> bool:
    """Say whether this is what was written; where it was split, blanks were lost."""
    if len(words) == 1:
        return words[0].text == text
    return _inked(part.text for part in words) == _inked([text])


def _inked(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())


def _rewrite(tx: Transaction, thread: Thread, agent: Agent, words: list[Message], text: str, now: datetime) -> bool:
    """Replace the words of an answer, in however many parts, if it has not left."""
    first, *others = words
    if not replies.rewrite(tx, thread, agent, first, text, now):
        facts = {"shop_id": first.shop_id, "message_id": first.id}
        outbox.whisper(tx, thread, agent.id, Whisper.EDIT_TOO_LATE, facts, now)
        return False
    for part in others:  # they stand behind the first in their lane, so they have not left either
        replies.take_back(tx, part, now)
    return True


def _edited_unread(tx: Transaction, thread: Thread, found: list[Message], now: datetime) -> None:
    """Follow an edit that we may not read: what was to leave does not stand there any more, so it does not leave."""
    left = [message for message in found if message.state != MessageState.WITHDRAWN]
    if not left or left[0].state == MessageState.NOTE:
        return
    agent = team.seen(tx, thread.workspace_id, left[0].agent_id or "", now)
    if take_back(tx, thread, agent, left, now):
        facts = {"shop_id": left[0].shop_id, "message_id": left[0].id}
        outbox.whisper(tx, thread, agent.id, Whisper.WITHDRAWN, facts, now)


def deleted(
    tx: Transaction, workspace_id: str, channel_id: str, message_id: str, now: datetime, thread_id: str = ""
) -> None:
    """Follow a deletion: what has not left is taken back; for what has left the writer is told that it stays.

    A deletion may overtake the message itself; then that message is never heard (if `thread_id`, the platform's id of
    the thread's head, says that it stood in a thread of ours).
    """
    found = replies.became(tx, workspace_id, channel_id, message_id)
    for kind in (REFUSED, UNREAD):  # an edit, or a wish to send it, that comes late finds nothing to hear
        _turn(tx, workspace_id, channel_id, message_id, kind, MESSAGE)
    if not found:
        if threads.at(tx, workspace_id, channel_id, thread_id) is not None:
            _first_time(tx, workspace_id, channel_id, message_id, now)
        return
    thread = threads.get(tx, workspace_id, found[0].source_thread_id or "")
    if thread is None:
        return
    agent = team.seen(tx, workspace_id, found[0].agent_id or "", now)
    take_back(tx, thread, agent, found, now, about=Whisper.DELETE_TOO_LATE)


def take_back(
    tx: Transaction,
    thread: Thread,
    agent: Agent,
    found: list[Message],
    now: datetime,
    about: Whisper = Whisper.EDIT_TOO_LATE,
) -> bool:
    """Withdraw what can be; False, and a private answer, when something has left already."""
    late = [message for message in found if not replies.take_back(tx, message, now)]
    if late:
        facts = {"shop_id": late[0].shop_id, "message_id": late[0].id}
        outbox.whisper(tx, thread, agent.id, about, facts, now)
    return not late
