"""A rotation of Noor's, in which she has wishes of Li."""

from datetime import timedelta

from chatops.desk import definitions
from chatops.desk.definitions import Defined
from chatops.model import workspace as workspaces
from chatops.model.definition import DefinitionKind
from chatops.model.rotation import Override, ShiftSwap
from chatops.rules.rotation import Instead, Layer, Rotation
from chatops.store.transaction import Transaction
from chatops.times import SystemTime


def wished(tx: Transaction, li: str) -> tuple[int, int, int]:
    """Let Noor be on call, wish twice that Li takes a shift, and Li stand in; return the numbers of these three."""
    [workspace], now = workspaces.every(tx), SystemTime().now()
    spec = Rotation(workspace.name, "UTC", (Layer(("noor",), now.replace(tzinfo=None)),))
    definitions.define(tx, Defined(DefinitionKind.ROTATION, "front", spec), None, now)

    def wish(days: int) -> int:
        start = now + timedelta(days=days)
        row = ShiftSwap(
            workspace_id=workspace.id, rotation="front", asker="noor", asked=li, made_at=now,
            start_at=start, end_at=start + timedelta(days=1), expires_at=start,
        )  # fmt: skip
        tx.insert(row)
        return row.id or 0

    said = Override(
        workspace_id=workspace.id, rotation="front", kind=Instead.ONLY, start_at=now + timedelta(days=9),
        end_at=now + timedelta(days=10), who=li, made_at=now, made_by=li,
    )  # fmt: skip
    tx.insert(said)
    return wish(1), wish(3), said.id or 0
