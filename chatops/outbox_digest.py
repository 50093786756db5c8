"""The outbox's effects of digests: counting one, posting its head, and its sections below that.

Those of a workspace are counted one after the other, and so are their pictures drawn and handed over, at the pace of
files and of changed messages; each plan posts in a lane of its own, so that a channel that is gone holds up no other.
In a rush all heads go first, and the threads that Discord has to open below them at a pace of their own.
"""

from collections.abc import Mapping
from datetime import datetime

from chatops.model.digest import Digest
from chatops.model.workspace import PlatformName, platform_of
from chatops.outbox import Kind, Priority, file_scopes, to_channel, to_person
from chatops.rules.asked_time import Form
from chatops.store import lanes
from chatops.store.transaction import Transaction


def count(tx: Transaction, digest: Digest, now: datetime, form: str = "", done: int = 0) -> None:
    """Count the numbers of a digest, to hand them over in a `form` other than a post; `done`: steps that were."""
    lanes.put(
        tx,
        lane=f"digest:{digest.workspace_id}",
        scope=f"digest/{digest.workspace_id}",
        priority=Priority.DIGEST,
        kind=Kind.DIGEST_COUNT,
        args={"digest": digest.id, "form": form, "done": done},
        now=now,
    )


def post(tx: Transaction, digest: Digest, now: datetime) -> None:
    """Put the head of a digest where it belongs."""
    channel = f"chat/{digest.workspace_id}/post/{digest.channel_id or f'@{digest.asked_by}'}"
    lanes.put(
        tx,
        lane=f"digest:{digest.workspace_id}/{digest.plan or f'#{digest.id}'}",
        scope=f"{channel}/{digest.thread_id}" if digest.thread_id and on_discord(digest) else channel,
        wide=f"chat/{digest.workspace_id}/post",
        priority=Priority.DIGEST,
        kind=Kind.DIGEST_POST,
        args={"workspace_id": digest.workspace_id, "channel_id": digest.channel_id, "digest": digest.id},
        now=now,
    )


def thread(tx: Transaction, digest: Digest, now: datetime, *, again: bool = False) -> None:
    """Open the thread below a head in Discord, at a pace no post waits for; `again`: what follows may stand."""
    lanes.put(
        tx,
        lane=f"digest:{digest.workspace_id}/{digest.id}/{digest.head_id}",
        scope=f"chat/{digest.workspace_id}/thread",
        wide=f"chat/{digest.workspace_id}/post/{digest.channel_id}",
        priority=Priority.SECTION,
        kind=Kind.DIGEST_THREAD,
        args={
            "workspace_id": digest.workspace_id,
            "channel_id": digest.channel_id,
            "digest": digest.id,
            "again": again,
        },
        now=now,
    )


def section(tx: Transaction, digest: Digest, head_id: str, key: str, now: datetime, *, again: bool = False) -> None:
    """Say what one section of a digest has to say below a head; `again`: it may stand there."""
    channel = f"chat/{digest.workspace_id}/post/{digest.channel_id}"
    lanes.put(
        tx,
        lane=f"digest:{digest.workspace_id}/{digest.id}/{head_id}",
        scope=f"{channel}/{head_id}" if on_discord(digest) else channel,
        wide=f"chat/{digest.workspace_id}/post",
        priority=Priority.SECTION,
        kind=Kind.DIGEST_SECTION,
        args={
            "workspace_id": digest.workspace_id,
            "channel_id": digest.channel_id,
            "digest": digest.id,
            "head": head_id,
            "section": key,
            **_once(digest, key, again=again),
        },
        now=now,
    )


def picture(tx: Transaction, digest: Digest, now: datetime, *, alone: bool) -> None:
    """Show the picture of a digest on its head, when nothing more urgent is to be changed.

    `alone`: the sections stand in messages of their own.
    """
    lanes.put(
        tx,
        lane=f"digest-picture:{digest.workspace_id}",
        scope=f"chat/{digest.workspace_id}/file",
        wide=f"chat/{digest.workspace_id}/update",
        priority=Priority.SECTION,
        kind=Kind.DIGEST_PICTURE,
        args={"digest": digest.id, "alone": alone},
        now=now,
    )


def report(tx: Transaction, digest: Digest, agent_id: str, now: datetime, *, again: bool = False) -> None:
    """Hand the page for owners to somebody as its plan has it, to "": below its head; `again`: they may have it."""
    _hand_over(tx, digest, agent_id, Form.REPORT.value, now, _once(digest, f"report:{agent_id}", again=again))


def file(tx: Transaction, digest: Digest, agent_id: str, form: str, now: datetime) -> None:
    """Hand the numbers of a digest to somebody who asks: as a file, or by an address that shows them."""
    _hand_over(tx, digest, agent_id, form, now, {})


def _hand_over(
    tx: Transaction, digest: Digest, agent_id: str, form: str, now: datetime, once: Mapping[str, str]
) -> None:
    below = f"{digest.channel_id}/{digest.thread_id or digest.head_id}" if on_discord(digest) else digest.channel_id
    scope, wide = file_scopes(digest.workspace_id, f"@{agent_id}" if agent_id else below)
    lanes.put(
        tx,
        lane=f"digest-file:{digest.workspace_id}/{agent_id or f'#{digest.id}'}",
        scope=scope,
        wide=wide,
        priority=Priority.DIGEST if agent_id else Priority.SECTION,
        kind=Kind.DIGEST_FILE,
        args={"workspace_id": digest.workspace_id, "agent_id": agent_id, "digest": digest.id, "form": form, **once},
        now=now,
    )


def failed(tx: Transaction, digest: Digest, agent_id: str, now: datetime, lack: str = "") -> None:
    """Tell somebody that a digest could not be posted where it belongs, or what it lacks."""
    about = {"digest": digest.id, "lack": lack}
    to_person(tx, digest.workspace_id, agent_id, Kind.DIGEST_FAILED, about, now, priority=Priority.DIGEST)


def failed_to_all(tx: Transaction, digest: Digest, channel_id: str, now: datetime, lack: str = "") -> None:
    """Tell a channel the same, where there is nobody to be told of it."""
    about = {"digest": digest.id, "lack": lack}
    to_channel(tx, digest.workspace_id, channel_id, Kind.DIGEST_FAILED, about, now, priority=Priority.DIGEST)


def rate(tx: Transaction, workspace_id: str, agent_id: str, about: Mapping[str, str], now: datetime) -> None:
    """Tell one person that a shop's rate is near its line, or below it; `about` names what is known of it."""
    to_person(tx, workspace_id, agent_id, Kind.RATE_TO_PERSON, about, now)


def rate_to_all(tx: Transaction, workspace_id: str, channel_id: str, about: Mapping[str, str], now: datetime) -> None:
    """Tell a channel the same, where there is nobody to be told of it."""
    to_channel(tx, workspace_id, channel_id, Kind.RATE_TO_CHANNEL, about, now)


def _once(digest: Digest, what: str, *, again: bool) -> dict[str, str]:
    """Return by what a part of a digest is known however often it is sent, and `again`: since when it may stand."""
    made = digest.made_at.isoformat()
    return {"key": f"digest {digest.id} {what} {made}", **({"again": made} if again else {})}


def on_discord(digest: Digest) -> bool:
    """Tell whether a thread is a channel of its own, which is opened, with a pace of its own."""
    return platform_of(digest.workspace_id) is PlatformName.DISCORD
