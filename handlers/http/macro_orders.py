"""The orders about prepared answers: entries come in and go out as JSON has them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chatops.desk import macro_library
from chatops.model import macro as macros
from chatops.rules.macrofile import MacroEntry
from chatops.store.transaction import Transaction

OF_LATE = timedelta(days=90)


def compare(tx: Transaction, args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return what taking macros in would change."""
    return {"changes": [f"{change.sign} {change.what}" for change in macro_library.compare(tx, _entries(args), now)]}


def apply(tx: Transaction, args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Take macros in."""
    return {"changes": [f"{change.sign} {change.what}" for change in macro_library.apply(tx, _entries(args), now)]}


def export(tx: Transaction, _args: Mapping[str, Any], _now: datetime) -> dict[str, Any]:
    """Return all macros."""
    return {"entries": msgspec.to_builtins(macro_library.current(tx))}


def overview(tx: Transaction, _args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """List all macros: in which languages, how many of those signed off, how often used in the last ninety days."""
    uses = macros.uses(tx, now - OF_LATE)
    return {
        "rows": [
            {
                "folder": entry.folder,
                "name": entry.name,
                "id": entry.id,
                "languages": " ".join(sorted(entry.texts)),
                "signed": f"{len(entry.signed_off)}/{len(entry.texts)}",
                "used": uses.get(entry.id, 0),
                "review": "archived" if entry.archived else entry.review_by.isoformat() if entry.review_by else "",
            }
            for entry in macro_library.current(tx)
        ]
    }


def _entries(args: Mapping[str, Any]) -> list[MacroEntry]:
    return msgspec.convert(args["entries"], list[MacroEntry])
