"""The outbox's effects about being on call: to a rotation's channel, to one person, to the chat's group or role."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from chatops.outbox import Kind, Priority
from chatops.store import lanes
from chatops.store.transaction import Transaction


class RotaNews(StrEnum):
    """What a rotation's channel is told."""

    HANDOVER = "handover"
    GAPS = "gaps"
    SWAP = "swap"  # somebody looks for anybody to take their shift


class DutyNews(StrEnum):
    """What one person is told about being on call."""

    COMING = "coming"
    ASKED = "asked"  # to take somebody's shift
    ANSWERED = "answered"  # what came of one's own wish


def rota(
    tx: Transaction, workspace_id: str, channel_id: str, about: RotaNews, facts: Mapping[str, object], now: datetime
) -> None:
    """Say something about a rotation in its channel; `facts` fill the card that `about` names."""
    lanes.put(
        tx,
        lane=f"channel:{workspace_id}/{channel_id}",
        scope=f"chat/{workspace_id}/post/{channel_id}",
        wide=f"chat/{workspace_id}/post",
        priority=Priority.MIRROR,
        kind=Kind.ROTA,
        args={"workspace_id": workspace_id, "channel_id": channel_id, "about": about.value, **facts},
        not_before=now,
        now=now,
    )


def duty(
    tx: Transaction, workspace_id: str, agent_id: str, about: DutyNews, facts: Mapping[str, object], now: datetime
) -> None:
    """Write to one person about being on call; `facts` fill the card that `about` names."""
    lanes.put(
        tx,
        lane=f"duty:{workspace_id}/{agent_id}",
        scope=f"chat/{workspace_id}/post/@{agent_id}",
        wide=f"chat/{workspace_id}/post",
        priority=Priority.REPLY,
        kind=Kind.DUTY,
        args={"workspace_id": workspace_id, "agent_id": agent_id, "about": about.value, **facts},
        not_before=now,
        now=now,
    )


def group(tx: Transaction, workspace_id: str, rotation: str, now: datetime) -> None:
    """Keep a rotation's user group or role in step with who is on call; at most one such change waits."""
    lanes.put(
        tx,
        lane=f"group:{workspace_id}/{rotation}",
        scope=f"chat/{workspace_id}/read",
        wide="",
        priority=Priority.CARD,
        kind=Kind.GROUP,
        args={"workspace_id": workspace_id, "rotation": rotation},
        not_before=now,
        now=now,
        coalesce=True,
    )


def picture(
    tx: Transaction,
    workspace_id: str,
    channel_id: str,
    thread_external_id: str,
    rotation: str,
    locale: str,
    now: datetime,
) -> None:
    """Show the coming weeks of a rotation in a channel, or in a thread of it; asked for twice at once, once."""
    lanes.put(
        tx,
        lane=f"rota-picture:{workspace_id}/{channel_id}/{thread_external_id}/{rotation}",
        scope=f"chat/{workspace_id}/post/{channel_id}",
        wide=f"chat/{workspace_id}/post",
        priority=Priority.DIGEST,
        kind=Kind.ROTA_PICTURE,
        args={
            "workspace_id": workspace_id,
            "channel_id": channel_id,
            "thread_external_id": thread_external_id,
            "rotation": rotation,
            "locale": locale,
        },
        not_before=now,
        now=now,
        coalesce=True,
    )


def feed(tx: Transaction, workspace_id: str, agent_id: str, rotation: str, now: datetime) -> None:
    """Write to somebody the new address of their calendar of a rotation; its secret is made as it leaves."""
    lanes.put(
        tx,
        lane=f"oncall-feed:{workspace_id}/{agent_id}",
        scope=f"chat/{workspace_id}/post/@{agent_id}",
        wide=f"chat/{workspace_id}/post",
        priority=Priority.DIGEST,
        kind=Kind.ONCALL_FEED,
        args={"workspace_id": workspace_id, "agent_id": agent_id, "rotation": rotation},
        not_before=now,
        now=now,
    )
