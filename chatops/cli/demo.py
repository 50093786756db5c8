"""The demo: the worlds as one process, the product as another, and a supervisor that kills and starts it on request."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import typer

from chatops.errors import SetupError
from chatops.times import AheadTime

ROOT = Path(__file__).resolve().parents[2]
OURS = ("CHATOPS_", "SLACK_", "TIKTOK_", "DISCORD_")
READY_WITHIN = 30.0
MORNING = time(9, tzinfo=ZoneInfo("Europe/London"))  # where the shop is, and when its digest has come
LOOKS, BETWEEN = 200, 0.15  # at most, until all is said that is to be said so far; seconds between two
# Several commands of the command line in one process: most of what one takes is to load it.
OBEY = """
import json, sys
from chatops.cli import commands
for order in json.loads(sys.argv[1]):
    if failed := commands(order, standalone_mode=False):
        sys.exit(failed)
"""


class Demo:
    """One demo, in a folder of its own that goes when it ends."""

    def __init__(self, port: int, seconds: float | None) -> None:
        self._port = port
        self._seconds = seconds
        self._worlds: Process | None = None
        self._product: Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._page = ""
        self._listen = "127.0.0.1:0"

    async def run(self) -> None:
        """Start everything, print the page's address, follow the visitor's wishes until Ctrl-C."""
        ended = asyncio.Event()
        for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # the last: its window was closed
            asyncio.get_running_loop().add_signal_handler(wish, ended.set)
        with tempfile.TemporaryDirectory(prefix="chatops-demo-") as folder:
            self._folder = Path(folder)
            self._log = (self._folder / "log.txt").open("wb")
            playing, waiting = asyncio.create_task(self._play()), asyncio.create_task(ended.wait())
            try:
                await asyncio.wait({playing, waiting}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
                if playing.done():
                    playing.result()  # it ends by itself only where something did not start
            finally:
                await _call_off(playing, waiting, self._watching)
                await self._stop(self._product)
                await self._stop(self._worlds)
                self._log.close()

    async def _play(self) -> None:
        await self._start_worlds()
        await self._set_up()
        await self._start_product()
        self._invite()
        try:
            await self._follow()
        except aiohttp.ClientError:
            raise SetupError(f"the worlds ended: {self._last_words()}", "This is a bug; report it.") from None

    def _invite(self) -> None:
        typer.echo("\nThe demo runs. Open this page:\n")
        typer.secho(f"    {self._page}\n", bold=True)
        typer.echo("Write as the buyer on the left, answer on the right, in Slack or in Discord. Ctrl-C ends it.")

    async def _start_worlds(self) -> None:
        typer.echo("Starting TikTok Shop, Slack and Discord on this machine …")
        state = self._folder / "worlds.json"
        args = ("-m", "chatops.sandbox", "--port", str(self._port), "--state", str(state))
        self._worlds = await self._spawn(args, {})
        await self._until(state.exists, self._worlds, "the worlds")
        self._known: dict[str, Any] = json.loads(state.read_text())
        self._page = self._known["page"].rstrip("/")

    async def _set_up(self) -> None:
        typer.echo("Connecting the shop and the team's channels …")
        (self._folder / "desk.toml").write_text(self._known["desk_toml"], encoding="utf-8")
        orders = [
            ["apply", "desk.toml", "--yes"],
            ["shop", "connect", "--code", self._known["authorization_code"]],
            ["macros", "starter", "--yes"],
        ]
        obeying = await self._spawn(("-c", OBEY, json.dumps(orders)), self._environment())
        try:
            failed = await obeying.wait()
        finally:
            await self._stop(obeying)
        if failed:
            raise SetupError(f"setting up failed: {self._last_words()}", "This is a bug; report it.")

    async def _start_product(self) -> None:
        typer.echo("Starting the product …")
        await self._tell("product", {"state": "starting"})
        address = self._folder / "data" / "address"
        address.unlink(missing_ok=True)
        run = ("-m", "chatops", "run", "--ahead", str(self._folder / "ahead"))
        self._product = await self._spawn(run, self._environment())
        await self._until(address.exists, self._product, "the product")
        self._listen = address.read_text().removeprefix("http://")  # the next start listens where this one did
        await self._tell("webhook", {"url": f"http://{self._listen}/tiktok/shop/webhook"})
        await self._tell("product", {"state": "running"})
        self._watching = asyncio.create_task(self._watch(self._product))

    async def _watch(self, product: Process) -> None:
        """Tell the page when the product is gone, whoever ended it."""
        await product.wait()
        await self._tell("product", {"state": "killed"})

    def _environment(self) -> dict[str, str]:
        return {
            **self._known["environment"],
            "CHATOPS_DATA_DIR": str(self._folder / "data"),
            "CHATOPS_LISTEN": self._listen,
        }

    async def _follow(self) -> None:
        """Carry out what the visitor wishes."""
        number = 0
        async with aiohttp.ClientSession() as session:
            while True:
                async with session.get(f"{self._page}/control/wishes", params={"after": number}) as answer:
                    wishes = (await answer.json())["wishes"]
                for wish in wishes:
                    number = wish["number"]
                    await self._carry_out(wish["wish"])

    async def _carry_out(self, wish: str) -> None:
        """Kill the product the hard way, start it again, or let time pass."""
        runs = self._product is not None and self._product.returncode is None
        if self._product is not None and wish == "kill":
            if runs:
                self._product.kill()
            if self._watching is not None:
                await self._watching
        elif wish == "start" and not runs:
            await self._start_product()
        elif wish in {"minute", "alarm", "morning"}:
            await self._let_time_pass(wish)
            await self._tell("product", {"state": "running" if runs else "killed"})

    async def _let_time_pass(self, until: str) -> None:
        """Let a minute pass, or the time to the next alarm, if one is coming, or to tomorrow morning."""
        if until == "alarm":
            await self._skip(await self._coming())
        elif until == "morning":
            await self._pass_the_night()
        else:
            await self._skip(60)

    async def _pass_the_night(self) -> None:
        """Go from alarm to alarm until it is morning, so that whoever is called in the night is called then."""
        ahead = AheadTime(self._folder / "ahead")
        morning = datetime.combine(ahead.now().astimezone(MORNING.tzinfo).date() + timedelta(days=1), MORNING)
        while (coming := await self._coming()) is not None and coming < (morning - ahead.now()).total_seconds():
            await self._skip(coming)
        await self._skip((morning - ahead.now()).total_seconds())

    async def _coming(self) -> float | None:
        """Return the seconds to the next alarm, once all is said that is to be said so far."""
        for _ in range(LOOKS):
            answer = await self._ask("next_alarm")
            seconds: float | None = answer.get("seconds")
            if seconds != 0 and not answer.get("busy"):
                return seconds
            await asyncio.sleep(BETWEEN)
        return None

    async def _skip(self, seconds: float | None) -> None:
        """Move the worlds and the product on together."""
        if seconds is not None and seconds > 0:
            passed = await self._tell("time", {"seconds": seconds})
            (self._folder / "ahead").write_text(str(passed["ahead"]))

    async def _ask(self, order: str) -> Any:
        """Ask the running product; {} when it cannot answer."""
        door = aiohttp.UnixConnector(str(self._folder / "data" / "control.sock"))
        try:
            async with (
                aiohttp.ClientSession(connector=door) as session,
                session.post(f"http://chatops/{order}", json={}) as answer,
            ):
                return await answer.json()
        except (aiohttp.ClientError, ValueError):
            return {}

    async def _tell(self, what: str, facts: dict[str, Any]) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._page}/control/{what}", json=facts) as answer,
        ):
            return await answer.json() if answer.content_type == "application/json" else None

    async def _spawn(self, args: tuple[str, ...], settings: dict[str, str]) -> Process:
        """Start a Python process that knows no other settings than these; it runs in the demo's own folder."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *args,
            cwd=self._folder,
            env={**inherited, "PYTHONPATH": str(ROOT), **settings},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which ends the others in order
        )

    async def _until(self, ready: Any, process: Process, name: str) -> None:
        """Wait until `ready()`, or say why it will not be."""
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while not ready():
            if process.returncode is not None or asyncio.get_running_loop().time() > deadline:
                raise SetupError(f"{name} did not start: {self._last_words()}", "This is a bug; report it.")
            await asyncio.sleep(0.02)

    def _last_words(self) -> str:
        self._log.flush()
        lines = (self._folder / "log.txt").read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-3:])

    async def _stop(self, process: Process | None) -> None:
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 12)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _call_off(*running: "asyncio.Task[Any] | None") -> None:
    tasks = [task for task in running if task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
