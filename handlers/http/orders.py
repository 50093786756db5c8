"""Orders from the command line to the running process, over a socket that only its owner can open.

An embedded database belongs to one process. So that `chatops apply` or `chatops deliveries` work while `chatops run`
holds it, they send the order there; with no process running, or on PostgreSQL, the same order runs in their own.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatops.desk import desk_toml, intake, routing, setup, stuck
from chatops.errors import Busy, NotUnderstood, SetupError
from chatops.model import inbox
from chatops.model.inbox import Inbox, InboxState
from chatops.model.shop import Authorization
from chatops.rules import languages
from chatops.store import lanes
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource
from handlers.http import clock_orders, macro_orders, oncall_orders, outlet_orders, rule_orders, time_orders

Args = Mapping[str, Any]
Answer = dict[str, Any]
Order = Callable[[Transaction, Args, datetime], Answer]
log = structlog.get_logger(__name__)


def compare(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return what applying a desk file would change, where tickets would have gone, and what clocks would do."""
    plan = desk_toml.parse(args["toml"])
    changes = [f"{change.sign} {change.what}" for change in setup.compare(tx, plan)]
    names = {workspace.id: workspace.name for workspace in plan.workspaces}
    moved = [
        {"workspace": names.get(workspace_id, workspace_id), "channel": channel_id, "before": before, "after": after}
        for (workspace_id, channel_id), before, after in routing.last_week(tx, plan.routes, now)
        if before != after
    ]
    clocks, holes = time_orders.would_move(tx, plan.definitions, now), oncall_orders.holes(tx, plan.definitions, now)
    return {"changes": changes, "moved": moved, "clocks": clocks, "holes": holes}


def apply(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Make the desk what a desk file says."""
    changes = setup.apply(tx, desk_toml.parse(args["toml"]), now)
    return {"changes": [f"{change.sign} {change.what}" for change in changes]}


def export(tx: Transaction, _args: Args, _now: datetime) -> Answer:
    """Return the desk as a desk file."""
    return {"toml": desk_toml.write(setup.current(tx))}


def shops_connected(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Keep a permission for every shop it opens that the desk names."""
    granted = dict(args["granted"])
    for name in ("access_expires_at", "refresh_expires_at"):
        granted[name] = datetime.fromisoformat(granted[name])
    opened = [setup.OpenedShop(**shop) for shop in args["shops"]]
    return {"connected": setup.shops_connected(tx, Authorization(**granted), opened)}


def deliveries(tx: Transaction, _args: Args, _now: datetime) -> Answer:
    """List what is stuck: lanes that wait for a person, heads that keep failing, and what was given up."""
    held = {lane.key for lane in lanes.held_lanes(tx)}
    heads = [
        {"lane": head.lane, "seq": head.seq, "kind": head.kind, "tries": head.attempts, "why": head.last_error or ""}
        for head in lanes.failing_heads(tx)
    ]
    return {
        "held": sorted(held),
        "heads": [{**head, "state": "held" if head["lane"] in held else "trying"} for head in heads],
        "given_up": [
            {"lane": row.lane, "seq": row.seq, "kind": row.kind, "tries": row.attempts, "why": row.error}
            for row in lanes.undelivered(tx)
        ],
    }


def retry_delivery(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Try a stuck lane, or something that was given up (named with its number), again at once."""
    if args.get("seq"):
        return {"done": lanes.retry(tx, args["lane"], args["seq"], now) is not None}
    return {"done": stuck.go_on(tx, args["lane"], now)}


def drop_delivery(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Give up the head of a stuck lane, or forget something that was given up."""
    if args.get("seq"):
        return {"done": lanes.drop(tx, args["lane"], args["seq"])}
    return {"done": stuck.give_up_head(tx, args["lane"], now)}


def inbox_list(tx: Transaction, _args: Args, _now: datetime) -> Answer:
    """List the notifications that were kept because nobody understood them; never what is in them."""
    return {
        "rows": [
            {
                "source": row.source,
                "id": row.external_id,
                "kind": row.kind,
                "scope": row.scope,
                "received_at": row.received_at.isoformat(),
                "why": row.fault,
            }
            for row in inbox.failed(tx)
        ]
    }


def retry_notification(tx: Transaction, row: Inbox, now: datetime, understand: intake.Understand) -> bool:
    """Take in what was not understood; False when somebody else did meanwhile."""
    kept = inbox.get(tx, row.source, row.external_id)
    if kept is None or kept.state != InboxState.FAILED:
        return False
    understand(tx, kept, now)
    intake.settled(tx, kept)
    return True


def drop_inbox(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Forget what one notification said."""
    row = next((row for row in inbox.failed(tx, limit=10_000) if row.external_id == args["id"]), None)
    if row is not None:
        intake.settled(tx, row)
    return {"done": row is not None}


ORDERS: Mapping[str, Order] = {
    "compare": compare,
    "apply": apply,
    "export": export,
    "shops_connected": shops_connected,
    "deliveries": deliveries,
    "retry_delivery": retry_delivery,
    "drop_delivery": drop_delivery,
    "inbox": inbox_list,
    "drop_inbox": drop_inbox,
    "macros": macro_orders.overview,
    "compare_macros": macro_orders.compare,
    "apply_macros": macro_orders.apply,
    "export_macros": macro_orders.export,
    **rule_orders.ORDERS,
    **oncall_orders.ORDERS,
    **time_orders.ORDERS,
    **outlet_orders.ORDERS,
    **clock_orders.ORDERS,
}


class OrderDesk:
    """Carries orders out; `understand` reads what was kept raw."""

    def __init__(self, store: Store, time: TimeSource, understand: intake.Understand) -> None:
        self._store = store
        self._time = time
        self._understand = understand

    async def obey(self, name: str, args: Args) -> Answer:
        """Carry an order out; `SetupError` when it cannot be followed."""
        if name == "retry_inbox":
            return await self._retry_inbox(args.get("id"))
        order = ORDERS.get(name)
        if order is None:
            raise SetupError(f"there is no order {name}", "The running process is of another version: restart it.")
        if name in rule_orders.TELLS_LANGUAGES:
            await asyncio.to_thread(languages.load)  # the writer must not wait for it
        return await self._store.write(order, args, self._time.now())

    async def _retry_inbox(self, wanted: str | None) -> Answer:
        """Take in what was not understood: one notification by its id, or all, each for itself."""
        rows = [row for row in await self._store.read(inbox.failed, 10_000) if wanted in (None, row.external_id)]
        taken = 0
        if rows:
            await asyncio.to_thread(languages.load)
        for row in rows:
            try:
                taken += await self._store.write(retry_notification, row, self._time.now(), self._understand)
            except NotUnderstood:
                continue  # as before: `chatops inbox` says why
            except Busy:
                raise
            except Exception as error:  # noqa: BLE001 - the edge: none shall keep the others
                log.warning("notification_not_taken_in", error=type(error).__name__)
        return {"taken": taken, "left": len(rows) - taken}

    def application(self) -> Starlette:
        """Return what answers on the socket."""
        return Starlette(routes=[Route("/{name}", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> JSONResponse:
        try:
            return JSONResponse(await self.obey(request.path_params["name"], await request.json()))
        except SetupError as error:
            return JSONResponse({"problem": str(error), "remedy": error.remedy}, 409)
