"""The only way an effect leaves the desk: a delivery, written in the transaction of its cause.

A delivery holds references, never sentences: what people see is made when it is sent. Which lane it waits in, at which
pace the lane goes and how urgent it is are decided here, once for every kind.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from chatops.model.message import Message
from chatops.model.thread import Place, Thread, ThreadState
from chatops.model.workspace import PlatformName, platform_of
from chatops.store import lanes
from chatops.store.transaction import Transaction


class Kind(StrEnum):
    """What a delivery does."""

    OPEN_THREAD = "open_thread"
    MIRROR = "mirror"
    NOTICE = "notice"
    SPOKEN = "spoken"
    TOLD = "told"
    REDRAW = "redraw"
    MARK = "mark"
    WHISPER = "whisper"
    REMOVE = "remove"
    REPLY = "reply"
    LEARN_BUYER = "learn_buyer"
    LEARN_AGENT = "learn_agent"
    CHANNEL_NOTICE = "channel_notice"
    ROTA_PICTURE = "rota_picture"
    ROTA = "rota"
    DUTY = "duty"
    RECAP = "recap"
    GROUP = "group"
    ONCALL_FEED = "oncall_feed"
    SUMMON = "summon"
    PAGE_CHANNEL = "page_channel"
    OUTLET = "outlet"
    DIGEST_COUNT = "digest_count"
    DIGEST_POST = "digest_post"
    DIGEST_THREAD = "digest_thread"
    DIGEST_SECTION = "digest_section"
    DIGEST_PICTURE = "digest_picture"
    DIGEST_FAILED = "digest_failed"
    DIGEST_FILE = "digest_file"
    RATE_TO_PERSON = "rate_to_person"
    RATE_TO_CHANNEL = "rate_to_channel"


class Priority(IntEnum):
    """Where a pace is scarce the lower number goes first."""

    PAGE = 0
    REPLY = 1
    MIRROR = 2
    CARD = 3
    MARK = 4
    DIGEST = 5
    SECTION = 6


WHISPER_STANDS = timedelta(minutes=1)  # where others can see it too
LEARN_AFTER = timedelta(seconds=5)  # by then opening the thread has tried itself


class Whisper(StrEnum):
    """What a private answer is about."""

    REFUSAL = "refusal"
    UNDO_OFFER = "undo_offer"
    EDIT_TOO_LATE = "edit_too_late"
    DELETE_TOO_LATE = "delete_too_late"
    WITHDRAWN = "withdrawn"
    NOTE_KEPT = "note_kept"
    COPIED = "copied"
    LEFT_OUT = "left_out"
    UNREAD = "unread"
    ASKED = "asked"
    TRANSLATION = "translation"
    SNOOZED = "snoozed"
    DONE = "done"


class Told(StrEnum):
    """What is said in a thread about its ticket, to whom it concerns."""

    ASSIGNED = "assigned"
    TEAM = "team"
    ESCALATED = "escalated"
    BACK = "back"
    MERGED = "merged"
    CLOCK_WARNS = "clock_warns"
    CLOCK_BREACHED = "clock_breached"
    CLOCK_GOES_ON = "clock_goes_on"
    CUT_OFF = "cut_off"
    REACHED = "reached"
    PAGED = "paged"
    PAGE_UNHEARD = "page_unheard"
    PAGE_REFUSED = "page_refused"
    PAGE_TAKEN = "page_taken"


def thread_lane(thread: Thread | Place) -> str:
    """Return the lane in which everything is posted into one thread, in strict order."""
    return f"thread:{thread.workspace_id}/{thread.id}"


def buyer_lane(shop_id: str, conversation_id: str) -> str:
    """Return the lane of the answers to one buyer."""
    return f"buyer:{shop_id}/{conversation_id}"


def open_thread(tx: Transaction, thread: Thread, now: datetime) -> None:
    """Post the head of a thread; everything else in the thread's lane waits behind it."""
    _into_thread(tx, thread, Kind.OPEN_THREAD, {}, now)


def mirror(tx: Transaction, thread: Thread, message: Message, now: datetime) -> None:
    """Show a message of the conversation in a thread."""
    _into_thread(tx, thread, Kind.MIRROR, {"shop_id": message.shop_id, "message_id": message.id}, now)


def notice(
    tx: Transaction, thread: Thread, message: Message, now: datetime, delayed_until: datetime | None = None
) -> None:
    """Say in the thread that an answer did not reach the buyer, or will only after an instant."""
    about = {"shop_id": message.shop_id, "message_id": message.id}
    if delayed_until is not None:
        about["delayed_until"] = delayed_until.isoformat()
    _into_thread(tx, thread, Kind.NOTICE, about, now)


def spoken(tx: Transaction, thread: Thread, message: Message, now: datetime) -> None:
    """Show in a thread what a member of the team says there through us: no chat message of theirs stands for it."""
    _into_thread(tx, thread, Kind.SPOKEN, {"shop_id": message.shop_id, "message_id": message.id}, now)


def tell(tx: Transaction, thread: Thread, about: Told, facts: Mapping[str, str], now: datetime) -> None:
    """Say something about the ticket in a thread; `facts` fill the card that `about` names."""
    _into_thread(tx, thread, Kind.TOLD, {"about": about.value, **facts}, now)


def at_pace_of_posts(tx: Transaction, thread: Thread) -> None:
    """Let what waits below a head that stands go at the thread's own pace."""
    lanes.rescope(tx, thread_lane(thread), _post_scope(thread, ThreadState.OPEN), f"chat/{thread.workspace_id}/post")


def file_scopes(workspace_id: str, place: str) -> tuple[str, str]:
    """Return whose pace a post with a file takes from: Slack counts files apart; in Discord they are part of it."""
    post = f"chat/{workspace_id}/post/{place}"
    if platform_of(workspace_id) is PlatformName.DISCORD:
        return post, f"chat/{workspace_id}/post"
    return f"chat/{workspace_id}/file", post


def is_of_files(scope: str) -> bool:
    """Tell whether a scope's pace is that of a workspace's files."""
    return scope.endswith("/file")


def _post_scope(thread: Thread | Place, state: ThreadState) -> str:
    """Return whose pace a post into a thread takes from: the channel's; on Discord an open thread is a channel itself.

    While a thread opens, its lane goes at the pace of the channel's heads, so that a rush of them keeps to it.
    """
    channel = f"chat/{thread.workspace_id}/post/{thread.channel_id}"
    if platform_of(thread.workspace_id) is PlatformName.SLACK or state is ThreadState.OPENING:
        return channel
    return f"{channel}/{thread.id}"


def _into_thread(tx: Transaction, thread: Thread, kind: Kind, args: Mapping[str, str], now: datetime) -> None:
    lanes.put(tx, **_put_into_thread(thread, kind, args)._asdict(), now=now)


def _put_into_thread(
    thread: Thread | Place, kind: Kind, args: Mapping[str, str], priority: Priority = Priority.MIRROR
) -> lanes.Put:
    return lanes.Put(
        lane=thread_lane(thread),
        scope=_post_scope(thread, thread.state),
        wide=f"chat/{thread.workspace_id}/post",
        priority=priority,
        kind=kind,
        args={"workspace_id": thread.workspace_id, "thread_id": thread.id, **args},
    )


def channel_notice(tx: Transaction, workspace_id: str, channel_id: str, args: Mapping[str, str], now: datetime) -> None:
    """Say something about a shop in a channel, outside any thread."""
    to_channel(tx, workspace_id, channel_id, Kind.CHANNEL_NOTICE, args, now)


def to_channel(
    tx: Transaction,
    workspace_id: str,
    channel_id: str,
    kind: Kind,
    facts: Mapping[str, object],
    now: datetime,
    *,
    lane: str = "channel",
    priority: Priority = Priority.MIRROR,
) -> None:
    """Say something in a channel, outside any thread, after whatever waits in its `lane`."""
    lanes.put(
        tx,
        lane=f"{lane}:{workspace_id}/{channel_id}",
        scope=f"chat/{workspace_id}/post/{channel_id}",
        wide=f"chat/{workspace_id}/post",
        priority=priority,
        kind=kind,
        args={"workspace_id": workspace_id, "channel_id": channel_id, **facts},
        now=now,
    )


def to_person(
    tx: Transaction,
    workspace_id: str,
    agent_id: str,
    kind: Kind,
    facts: Mapping[str, object],
    now: datetime,
    *,
    lane: str = "duty",
    priority: Priority = Priority.REPLY,
) -> None:
    """Write to one person, after whatever waits for them in the `lane`."""
    lanes.put(
        tx,
        lane=f"{lane}:{workspace_id}/{agent_id}",
        scope=f"chat/{workspace_id}/post/@{agent_id}",
        wide=f"chat/{workspace_id}/post",
        priority=priority,
        kind=kind,
        args={"workspace_id": workspace_id, "agent_id": agent_id, **facts},
        now=now,
    )


def redraw(tx: Transaction, thread: Thread, now: datetime) -> None:
    """Bring the ticket card up to date; at most one redraw of a card waits."""
    lanes.put(
        tx,
        lane=f"card:{thread.workspace_id}/{thread.id}",
        scope=f"chat/{thread.workspace_id}/update",
        priority=Priority.CARD,
        kind=Kind.REDRAW,
        args={"workspace_id": thread.workspace_id, "thread_id": thread.id},
        now=now,
        coalesce=True,
    )


def tell_all(tx: Transaction, told: Iterable[tuple[Place, Told, Mapping[str, str]]], now: datetime) -> None:
    """Say something in many threads at once, as `tell` does in one; buyers' words do not wait behind a rush of it."""
    first: dict[str, lanes.Put] = {}
    more = []  # a second thing in the same thread
    for thread, about, facts in told:
        one = _put_into_thread(thread, Kind.TOLD, {"about": about.value, **facts}, Priority.CARD)
        if first.setdefault(one.lane, one) is not one:
            more.append(one)
    lanes.put_all(tx, first.values(), now)
    for one in more:
        lanes.put(tx, **one._asdict(), now=now)


def mark(tx: Transaction, workspace_id: str, channel_id: str, source_id: str, now: datetime) -> None:
    """Bring the ⏳ ✅ ❌ mark on an agent's message up to date; at most one change of a mark waits."""
    lanes.put(
        tx,
        lane=f"marks:{workspace_id}/{channel_id}/{source_id}",
        scope=f"chat/{workspace_id}/react",
        priority=Priority.MARK,
        kind=Kind.MARK,
        args={"workspace_id": workspace_id, "channel_id": channel_id, "source_id": source_id},
        now=now,
        coalesce=True,
    )


def whisper(
    tx: Transaction, thread: Thread, agent_id: str, about: Whisper, facts: Mapping[str, str | int], now: datetime
) -> None:
    """Answer one person privately; `facts` fill the card that `about` names."""
    lanes.put(
        tx,
        lane=f"whisper:{thread.workspace_id}/{thread.channel_id}/{agent_id}",
        scope=f"chat/{thread.workspace_id}/whisper",
        priority=Priority.REPLY,
        kind=Kind.WHISPER,
        args={
            "workspace_id": thread.workspace_id,
            "thread_id": thread.id,
            "agent_id": agent_id,
            "about": about,
            "facts": dict(facts),
        },
        now=now,
    )


def remove(
    tx: Transaction,
    workspace_id: str,
    channel_id: str,
    message_id: str,
    thread_external_id: str,
    now: datetime,
    useless_at: datetime | None = None,
) -> None:
    """Remove a message of ours that said something to one person in view of others, once it could be read.

    `useless_at`: when there is nothing to do about it any more, if that is sooner.
    """
    lanes.put(
        tx,
        lane=f"remove:{workspace_id}/{message_id}",
        scope=f"chat/{workspace_id}/update",
        priority=Priority.MARK,
        kind=Kind.REMOVE,
        args={
            "workspace_id": workspace_id,
            "channel_id": channel_id,
            "message_id": message_id,
            "thread_external_id": thread_external_id,
        },
        not_before=min(now + WHISPER_STANDS, useless_at or now + WHISPER_STANDS),
        now=now,
    )


def reply(tx: Transaction, message: Message, not_before: datetime, now: datetime) -> int:
    """Send an answer to the buyer, not earlier than `not_before`; return its number in the buyer's lane."""
    seq = lanes.put(
        tx,
        lane=buyer_lane(message.shop_id, message.conversation_id),
        scope=f"shop/{message.shop_id}/send",
        priority=Priority.REPLY,
        kind=Kind.REPLY,
        args={"shop_id": message.shop_id, "message_id": message.id},
        not_before=not_before,
        now=now,
    )
    if seq is None:
        raise AssertionError("an answer is never coalesced")
    return seq


def learn_buyer(tx: Transaction, shop_id: str, conversation_id: str, now: datetime) -> None:
    """Read who the buyer is and what they ordered, if opening the thread did not; at most one such reading waits."""
    lanes.put(
        tx,
        lane=f"learn:{shop_id}/{conversation_id}",
        scope=f"shop/{shop_id}/read",
        priority=Priority.CARD,
        kind=Kind.LEARN_BUYER,
        args={"shop_id": shop_id, "conversation_id": conversation_id},
        not_before=now + LEARN_AFTER,
        now=now,
        coalesce=True,
    )


def learn_agent(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> None:
    """Read a member's name, language and zone; at most one such reading waits."""
    lanes.put(
        tx,
        lane=f"agent:{workspace_id}/{agent_id}",
        scope=f"chat/{workspace_id}/read",
        priority=Priority.CARD,
        kind=Kind.LEARN_AGENT,
        args={"workspace_id": workspace_id, "agent_id": agent_id},
        now=now,
        coalesce=True,
    )
