"""The edge that connects: whatever goes wrong while it begins, it tries again, and it always ends."""

import asyncio
from typing import Any, cast

from structlog.testing import capture_logs

from chatops.config import Config
from chatops.platforms.slack.client import SlackPlatform
from chatops.platforms.slack.readback import Identity
from chatops.store import Store
from chatops.times import SystemTime
from handlers.slack.edge import SlackEdge


class Stumbling:
    """A Slack whose answers nobody here understands."""

    def __init__(self) -> None:
        self.asked = 0
        self.asked_twice = asyncio.Event()

    async def identity(self, _token: str) -> Identity:
        self.asked += 1
        if self.asked > 1:
            self.asked_twice.set()
        raise KeyError("team_id of Mia's team")


async def test_an_answer_nobody_understands_is_logged_and_asked_for_again(store: Store) -> None:
    slack = Stumbling()
    config = Config(_env_file=None)
    edge = SlackEdge(config, store, cast("SlackPlatform", cast("Any", slack)), SystemTime(), ask_again=0.001)
    with capture_logs() as lines:
        await edge.start()
        async with asyncio.timeout(10):
            await slack.asked_twice.wait()
        await edge.stop()
    assert {(line["event"], line["error"]) for line in lines} == {("slack_not_heard", "KeyError")}
