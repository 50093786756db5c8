"""`GET /health/live` and `GET /health/ready`: for load balancers, never with anything secret in it."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse

from chatops.errors import ChatopsError
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TIME_ZONES


class Health:
    """Tells whether the process runs and whether it can do its work; `standing` asks each part and chat connection."""

    def __init__(self, store: Store, standing: Callable[[], dict[str, bool]]) -> None:
        self._store = store
        self._standing = standing

    async def live(self, _: Request) -> JSONResponse:
        """Answer that the process runs."""
        return JSONResponse({"alive": True})

    async def ready(self, _: Request) -> JSONResponse:
        """Answer 200 when the database answers and every part and connection stands, else 503 and what is missing."""
        try:
            await self._store.read(_ask)
            database = True
        except ChatopsError:
            database = False
        parts = {"database": database, **self._standing()}
        ready = all(parts.values())
        return JSONResponse({"ready": ready, "parts": parts, "time_zones": TIME_ZONES}, 200 if ready else 503)


def _ask(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("SELECT 1")
