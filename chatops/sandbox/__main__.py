"""The worlds as a process of their own: `python -m chatops.sandbox --port 0 --state FILE`.

Once everything listens, FILE appears with one JSON object: `page`, `tiktok`, `slack` and `discord` (addresses),
`environment` (the product's variables), `desk_toml` (text), `authorization_code` (for `chatops shop connect --code`)
and `pid`; then the page's address is printed. Without --state the object itself is printed. The talk with the page
afterwards is described in `chatops.sandbox.web.server`.
SIGTERM and SIGINT end the process within two seconds.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from chatops.sandbox.web.server import PageServer
from chatops.sandbox.world import DISCORD, SLACK, WORKSPACES, World


def main() -> None:
    """Read the arguments and run until told to stop."""
    about = "TikTok Shop, Slack and Discord on loopback."
    parser = argparse.ArgumentParser(prog="python -m chatops.sandbox", description=about)
    parser.add_argument("--port", type=int, default=0, help="the page's port (0: any free one)")
    parser.add_argument("--state", type=Path, help="write addresses and secrets to this file instead of printing them")
    given = parser.parse_args()
    asyncio.run(run(given.port, given.state))


async def run(port: int, state: Path | None) -> None:
    """Run worlds and page until SIGTERM or SIGINT."""
    told_to_stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for reason in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(reason, told_to_stop.set)
    async with World() as world:
        await world.set_the_scene(platforms=(SLACK, DISCORD))
        page = PageServer(world)
        await page.start(port)
        _announce(describe(world, page), state)
        await told_to_stop.wait()
        await page.stop()


PROMISE = """
[[service_levels]]
name = "chat"
match = {{ kinds = ["chat"] }}
escalation = "desk of {workspace}"
targets = [
    {{ metric = "first_response", within = "15m", warn = ["5m left"], urgency = "page" }},
    {{ metric = "next_response", within = "15m", warn = ["5m left"], urgency = "page" }},
]
"""

CREW = """
[[reactions]]
workspace = "{workspace}"
emoji = "📦"
does = "macro where-is-my-order"

[[agents]]
workspace = "{workspace}"
id = "{li}"
role = "lead"

[[rotations]]
name = "desk of {workspace}"
workspace = "{workspace}"
timezone = "Europe/London"

[[rotations.layers]]
name = "London"
members = ["{noor}"]
start = 2026-01-05T08:00:00
hours = {{ {hours} }}

[[rotations.layers]]
name = "Shanghai"
members = ["{li}"]
start = 2026-01-05T08:00:00
timezone = "Asia/Shanghai"
hours = {{ {hours} }}

[[escalations]]
name = "desk of {workspace}"
workspace = "{workspace}"
steps = [{{ notify = ["rotation desk of {workspace}"], wait = "5m" }}, {{ notify = ["leads"], wait = "10m" }}]

[[digests]]
name = "mornings of {workspace}"
workspace = "{workspace}"
channel = "{channel}"
timezone = "Europe/London"
at = "08:50"
"""
HOURS = ", ".join(f'{day} = ["08:00-20:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def _agreed(world: World) -> str:
    """Return what the team has agreed on: a reaction of its own, who is on call in two zones, and what it promises."""
    crews = {
        SLACK: (world.cast.support.id, world.cast.li.id, world.cast.noor.id),
        DISCORD: (world.cast.discord.general.id, world.cast.discord.li.id, world.cast.discord.noor.id),
    }
    said = [
        CREW.format(workspace=WORKSPACES[platform], channel=channel, hours=HOURS, li=li, noor=noor)
        for platform, (channel, li, noor) in crews.items()
        if platform in world.cast.platforms
    ]
    return "".join(said) + PROMISE.format(workspace=WORKSPACES[world.cast.platforms[0]])


def describe(world: World, page: PageServer) -> dict[str, Any]:
    """Return what the supervisor needs to set the product up."""
    return {
        "page": page.url,
        "tiktok": world.tiktok.url,
        "slack": world.slack.url,
        "discord": world.discord.url,
        "environment": world.environment(),
        "desk_toml": world.desk_toml() + _agreed(world),
        "authorization_code": world.authorization_code(),
        "pid": os.getpid(),
    }


def _announce(description: dict[str, Any], state: Path | None) -> None:
    text = json.dumps(description, indent=2)
    if state is None:
        _say(text)
        return
    unfinished = state.with_name(f".{state.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(state)
    _say(description["page"])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
