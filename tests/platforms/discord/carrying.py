"""The product's own outbox, carried to Discord by the worker that carries it to Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from chatops.delivery.hand import Tools
from chatops.delivery.kinds import CARRIERS
from chatops.delivery.worker import Worker
from chatops.desk import intake, setup
from chatops.desk.setup import OpenedShop
from chatops.errors import Unavailable
from chatops.model.facts import SenderRole
from chatops.model.workspace import PlatformName
from chatops.platforms.ports import ChannelRef
from chatops.store import Store, Transaction
from chatops.store.lanes import Limit
from tests.desk.scenes import SHOP, a_permission, a_plan, a_route, a_workspace, heard_from, no_limit
from tests.platforms.discord.desk import PNG, Desk, ProductTime

WORDS = ["Where is my parcel?", "@everyone I ordered on *Monday*"]


class Closed:
    """A marketplace that tells nothing about buyers now, and keeps one picture."""

    async def fetch_media(self, *_: object) -> bytes:
        return PNG

    async def conversation(self, *_: object) -> None:
        raise Unavailable("unreachable")


@asynccontextmanager
async def working(
    desk: Desk, store: Store, limits: Callable[[str], Limit | None] = no_limit, media_dir: Path = Path()
) -> AsyncIterator[None]:
    """Let the product's worker carry out what waits."""
    tools = Tools(store, ProductTime(desk.world.time), lambda _: desk.discord, cast("Any", Closed()), media_dir)
    worker = Worker(tools, CARRIERS, limits, "worker")
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop(timedelta(seconds=1))
        await running


def mia_writes(tx: Transaction, desk: Desk, channel: ChannelRef) -> None:
    """Set the desk up with one route to Discord, and let a buyer write twice."""
    now, workspace_id = desk.world.time.now(), channel.workspace_id
    route = a_route(channel.channel_id)
    route.workspace_id = workspace_id
    team = a_workspace()
    team.id, team.platform = workspace_id, PlatformName.DISCORD
    setup.apply(tx, replace(a_plan(route), workspaces=(team,)), now)
    setup.shops_connected(tx, a_permission(now), [OpenedShop(SHOP, "GB", "cipher")])
    for number, words in enumerate(WORDS, start=1):
        says(tx, desk, words, number)


def says(
    tx: Transaction,
    desk: Desk,
    words: str,
    number: int,
    conversation: str = "c1",
    kind: str = "TEXT",
    role: SenderRole = SenderRole.BUYER,
) -> None:
    """Let a buyer, or the shop, write or send what is at an address; `number` counts all that anybody says."""
    now = desk.world.time.now()
    content = {"content" if kind == "TEXT" else "url": words}
    heard = heard_from(role, words, number, conversation, now, kind=kind, content=content)
    intake.message_arrived(tx, SHOP, now, heard)


def shown(desk: Desk) -> list[list[str]]:
    """Return, thread by thread, the words that stand below the head."""
    return [
        [embed["description"].split("\n> ", 1)[1] for message in desk.said(desk.thread(thread.id))
         for embed in message.embeds]
        for thread in desk.world.server.threads
    ]  # fmt: skip


def all_there(desk: Desk) -> bool:
    words = "\n".join(text for thread in shown(desk) for text in thread)
    return all(part in words for part in ("Where is my parcel?", "Monday"))
