"""Orders about the ways out of the chat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatops.desk import outlets as desk
from chatops.errors import SetupError
from chatops.model import outlet as outlets
from chatops.model import workspace as workspaces
from chatops.model.outlet import Outlet, OutletKind
from chatops.platforms.outlets import must_be_address
from chatops.store.transaction import Transaction

Args = Mapping[str, Any]
Answer = dict[str, Any]


def overview(tx: Transaction, _args: Args, _now: datetime) -> Answer:
    """Return every way out, without its address."""
    names = {one.id: one.name for one in workspaces.every(tx)}
    whose = {one.name: f"{one.agent_id} of {names.get(one.workspace_id or '')}" for one in outlets.every(tx)}
    return {"outlets": [[one.name, one.kind, whose[one.name] if one.agent_id else ""] for one in outlets.every(tx)]}


def add(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Keep a way out of the chat."""
    kind, agent = OutletKind(args["kind"]), args["agent"] or None
    must_be_address(kind, args["address"])
    workspace = next((one for one in workspaces.every(tx) if one.name == args["workspace"]), None)
    if agent is not None and workspace is None:
        raise SetupError(f"there is no workspace {args['workspace']!r}", "Say with --workspace whose member it is.")
    way = Outlet(name=args["name"], kind=kind, address=args["address"], agent_id=agent, made_at=now)
    way.workspace_id = workspace.id if workspace else None
    desk.add(tx, way)
    return {}


def remove(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Forget a way out."""
    return {"done": desk.remove(tx, args["name"])}


ORDERS = {"outlets": overview, "add_outlet": add, "remove_outlet": remove}
