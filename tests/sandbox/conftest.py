"""What every world's tests share."""

import threading
from collections.abc import Iterator

import pytest
from discord.gateway import KeepAliveHandler


@pytest.fixture(autouse=True)
def hearts_stop() -> Iterator[None]:
    """End the threads that discord.py forgets when a client's connection was cut: they would beat for a closed loop."""
    yield
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.stop()
