"""Giving an order: to the running process where it holds the database, else carried out here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from chatops.app import open_desk, order_desk
from chatops.config import Config, read_config
from chatops.errors import SetupError
from chatops.times import SystemTime


async def order(name: str, args: Mapping[str, Any], config: Config | None = None) -> Any:
    """Have an order carried out and return its answer.

    Raises:
        SetupError: it cannot be followed; the remedy says what to do.
    """
    config = config or read_config()
    control = config.data_dir / "control.sock"
    if config.database.startswith("sqlite") and control.exists():
        answer = await _send(control, name, args)
        if answer is not None:
            return answer
    store = await open_desk(config, SystemTime())
    try:
        return await order_desk(store, SystemTime()).obey(name, args)
    finally:
        await store.close()


async def _send(control: Path, name: str, args: Mapping[str, Any]) -> Any | None:
    """Ask the running process; None when nobody listens any more."""
    try:
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(control))) as session,
            session.post(f"http://chatops/{name}", json=dict(args)) as response,
        ):
            answer = await response.json()
            if response.status != 200:
                raise SetupError(answer["problem"], answer["remedy"])
            return answer
    except aiohttp.ClientConnectorError:
        return None
    except (aiohttp.ClientError, ValueError):
        raise SetupError("the running process did not follow the order", "Its log says why.") from None
