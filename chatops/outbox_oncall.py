"""The outbox's effects about being on call: rotas and calls, to a channel, a person, a group, or out of the chat."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from chatops.model import page as pages
from chatops.model.page import Summons
from chatops.outbox import Kind, Priority, file_scopes, to_channel, to_person
from chatops.rules.recap import Change
from chatops.store import lanes
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds


class RotaNews(StrEnum):
    """What a rotation's channel is told."""

    HANDOVER = "handover"
    GAPS = "gaps"
    GROUP = "group"  # the user group or role could not be changed
    SWAP = "swap"  # somebody looks for anybody to take their shift


class DutyNews(StrEnum):
    """What one person is told about being on call."""

    COMING = "coming"
    ASKED = "asked"  # to take somebody's shift
    CHANGED = "changed"  # when one's shifts are
    ANSWERED = "answered"  # what came of one's own wish


def rota(
    tx: Transaction, workspace_id: str, channel_id: str, about: RotaNews, facts: Mapping[str, object], now: datetime
) -> None:
    """Say something about a rotation in its channel; `facts` fill the card that `about` names."""
    to_channel(tx, workspace_id, channel_id, Kind.ROTA, {"about": about.value, **facts}, now)


def duty(
    tx: Transaction, workspace_id: str, agent_id: str, about: DutyNews, facts: Mapping[str, object], now: datetime
) -> None:
    """Write to one person about being on call; `facts` fill the card that `about` names."""
    to_person(tx, workspace_id, agent_id, Kind.DUTY, {"about": about.value, **facts}, now)


def recap(tx: Transaction, workspace_id: str, channel_id: str, calendar: str, changed: Change, now: datetime) -> None:
    """Say in a channel what runs out soon, when hours of business open or close."""
    at, until = (from_milliseconds(instant).isoformat() for instant in (changed.at, changed.until))
    facts = {"calendar": calendar, "at": at, "opened": changed.opened, "until": until}
    to_channel(tx, workspace_id, channel_id, Kind.RECAP, facts, now)


def group(tx: Transaction, workspace_id: str, rotation: str, now: datetime, left: str = "") -> None:
    """Keep a rotation's user group or role in step with who is on call; at most one such change waits.

    `left`: a group that it had and has no more.
    """
    lanes.put(
        tx,
        lane=f"group:{workspace_id}/{rotation}/{left}" if left else f"group:{workspace_id}/{rotation}",
        scope=f"chat/{workspace_id}/read",
        priority=Priority.CARD,
        kind=Kind.GROUP,
        args={"workspace_id": workspace_id, "rotation": rotation, **({"left": left} if left else {})},
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
    scope, wide = file_scopes(workspace_id, channel_id)
    lanes.put(
        tx,
        lane=f"rota-picture:{workspace_id}/{channel_id}/{thread_external_id}/{rotation}",
        scope=scope,
        wide=wide,
        priority=Priority.DIGEST,
        kind=Kind.ROTA_PICTURE,
        args={
            "workspace_id": workspace_id,
            "channel_id": channel_id,
            "thread_external_id": thread_external_id,
            "rotation": rotation,
            "locale": locale,
        },
        now=now,
        coalesce=True,
    )


def feed(tx: Transaction, workspace_id: str, agent_id: str, rotation: str, now: datetime) -> None:
    """Write to somebody the new address of their calendar of a rotation; its secret is made as it leaves."""
    to_person(
        tx,
        workspace_id,
        agent_id,
        Kind.ONCALL_FEED,
        {"rotation": rotation},
        now,
        lane="oncall-feed",
        priority=Priority.DIGEST,
    )


def summon(tx: Transaction, workspace_id: str, agent_id: str, number: int, now: datetime) -> None:
    """Ring somebody up by a direct message that lists pages, or bring that message up to date; at most one waits."""
    one = pages.summons(tx, workspace_id, agent_id, number)
    scope, wide = _scopes_of_summons(workspace_id, agent_id, stands=one is not None and bool(one.message_id))
    lanes.put(
        tx,
        lane=f"page:{workspace_id}/{agent_id}/{number}",
        scope=scope,
        wide=wide,
        priority=Priority.PAGE,
        kind=Kind.SUMMON,
        args={"workspace_id": workspace_id, "agent_id": agent_id, "number": number},
        now=now,
        coalesce=True,
    )


def summons_stands(tx: Transaction, one: Summons) -> None:
    """Let what waits to change a direct message that stands go at the pace of changes."""
    lane = f"page:{one.workspace_id}/{one.agent_id}/{one.number}"
    lanes.rescope(tx, lane, *_scopes_of_summons(one.workspace_id, one.agent_id, stands=True))


def _scopes_of_summons(workspace_id: str, agent_id: str, *, stands: bool) -> tuple[str, str]:
    """Return whose pace a direct message takes from: changing it is no post to the platform."""
    if stands:
        return f"chat/{workspace_id}/update", ""
    return f"chat/{workspace_id}/post/@{agent_id}", f"chat/{workspace_id}/post"


def page_channel(tx: Transaction, workspace_id: str, channel_id: str, args: Mapping[str, str], now: datetime) -> None:
    """Call a whole channel because of a page, outside any thread."""
    to_channel(tx, workspace_id, channel_id, Kind.PAGE_CHANNEL, args, now, lane="page", priority=Priority.PAGE)


def outlet(tx: Transaction, name: str, args: Mapping[str, str], now: datetime) -> None:
    """Say outside the chat what happens to a page; `args` name the page, the turn and what it is about."""
    lanes.put(
        tx,
        lane=f"outlet:{name}",
        scope=f"outlet/{name}",
        priority=Priority.PAGE,
        kind=Kind.OUTLET,
        args={"outlet": name, **args},
        now=now,
    )
