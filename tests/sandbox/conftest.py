"""What every world's tests share."""

import threading
from collections.abc import Generator

import pytest
from discord.gateway import KeepAliveHandler


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """End the threads that discord.py forgets when a test's own client loses its connection while it opens one.

    They would beat for a loop that is closed. The product's sessions end theirs themselves.
    """
    done = yield
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.stop()
    return done
