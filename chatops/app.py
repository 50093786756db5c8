"""The composition root: everything is built once, here, plugged together, run, and shut down in order."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from starlette.applications import Starlette
from starlette.routing import Route

import migrations
from chatops.clients import Chats, shop_app, shop_client, translator_of
from chatops.config import Config
from chatops.delivery.hand import Tools
from chatops.delivery.kinds import CARRIERS
from chatops.delivery.pace import Paces
from chatops.delivery.worker import Worker
from chatops.desk import intake, paging
from chatops.errors import SetupError
from chatops.log import loop_error
from chatops.model import conversation as conversations
from chatops.model import inbox, setting
from chatops.platforms.outlets import Loudspeaker
from chatops.rules import languages
from chatops.store import lanes, leases
from chatops.store.home import keyring, prepare
from chatops.store.store import Store, open_store
from chatops.ticker import Ticker
from chatops.times import SystemTime, TimeSource
from handlers.http.body import with_body
from handlers.http.health import Health
from handlers.http.metrics import Metrics
from handlers.http.oncall_feed import OnCallFeed
from handlers.http.orders import OrderDesk
from handlers.http.pagerduty import LARGEST as LARGEST_OF_PAGERDUTY
from handlers.http.pagerduty import PagerDutyWebhook
from handlers.http.reports import Reports
from handlers.http.serving import Listener
from handlers.tiktok.authorize import ShopCallback, StateSigner, ask
from handlers.tiktok.inbox import InboxReader, Receipts, take_in
from handlers.tiktok.payloads import LARGEST_NOTIFICATION
from handlers.tiktok.poll import Poller
from handlers.tiktok.webhook import ShopWebhook
from handlers.timers.alarms import Alarms
from handlers.timers.performance import read_figures
from handlers.timers.rates import warn
from handlers.timers.snoozes import wake
from handlers.timers.sweep import sweep
from handlers.timers.tokens import keep_fresh

FINISH_WITHIN = timedelta(seconds=10)
CATCH_UP_WITHIN = 5.0  # seconds
MINUTE, HOUR = 60.0, 3600.0  # seconds
LOOK_FOR_SNOOZED = 15.0  # seconds
COLLECT_AFTER = 10_000  # new objects that hold others
log = structlog.get_logger(__name__)

# What the command line needs of the rooms that only this module may enter.
__all__ = ["App", "ask", "keyring", "open_desk", "order_desk", "prepare", "run", "shop_app", "state_signer"]


async def open_desk(config: Config, time: TimeSource) -> Store:
    """Open the database, brought to the newest schema when it is the embedded one.

    Raises:
        SetupError: it cannot be opened, another process has it, or its schema is not the newest.
    """
    prepare(config)
    store = open_store(config.database, time=time, keys=keyring(config))
    if store.dialect == "sqlite":
        await asyncio.to_thread(migrations.upgrade, config.database)
    elif await asyncio.to_thread(migrations.current, config.database) != migrations.head():
        raise SetupError("the database's schema is not the newest", "Run `chatops db upgrade`, then start again.")
    await store.start()
    if store.dialect == "sqlite":
        await store.write(lanes.free_all)
        await store.write(leases.free_all)
    return store


def state_signer(config: Config, time: TimeSource) -> StateSigner:
    """Return what ties a callback to an authorize address of ours, in whichever process it was made."""
    return StateSigner(config.tiktok_shop_app_secret.get_secret_value(), time)


def order_desk(store: Store, time: TimeSource) -> OrderDesk:
    """Return what carries the command line's orders out."""
    return OrderDesk(store, time, take_in)


class Edge(Protocol):
    """The ears of one chat platform."""

    async def start(self) -> None:
        """Begin to connect, and go on in the background until it works."""
        ...

    async def stop(self) -> None:
        """Hear nothing more; what is being heard ends first."""
        ...

    def connected(self) -> bool:
        """Tell whether the platform can reach us."""
        ...

    async def caught_up(self) -> None:
        """Return once what happened while nobody listened was heard."""
        ...

    async def catch_up(self) -> None:
        """Compare the threads of recent tickets with what we hold."""
        ...


class App:
    """The running product: `start`, and `stop` in the opposite order."""

    def __init__(self, config: Config, time: TimeSource) -> None:
        for name, value in _needed(config).items():
            if not value:
                raise SetupError(f"{name} is not set", "Set it in .env; docs/start.md says where to find it.")
        self._listens_at = _listening(config)
        self.config = config
        self.time = time
        self.owner = f"{socket.gethostname()}/{os.getpid()}/{os.urandom(4).hex()}"
        self.address = ""
        self._parts: dict[str, asyncio.Task[None]] = {}
        self._chat_routes: list[Route] = []

    async def start(self) -> None:
        """Open the desk, then begin to say, to hear, and to tick."""
        self.store = await open_desk(self.config, self.time)
        if await self.store.read(conversations.exist):  # a desk that nobody wrote to has no use for it yet
            await asyncio.to_thread(languages.load)
        self.marketplace = shop_client(self.config, self.store, self.time, self.owner)
        self.chats = Chats(self.config, self.time)
        self.translator = translator_of(self.config)
        self.outlets = Loudspeaker(self.config.pagerduty_api_url)
        media = self.config.data_dir / "media"
        clients = self.chats, self.marketplace, media, self.translator, self.outlets
        tools = Tools(self.store, self.time, *clients, self.config.public_url)
        self.worker = Worker(tools, CARRIERS, Paces(self.config.pace_factor), self.owner)
        self.edges = self._edges()
        self.poller = Poller(self.store, self.marketplace, self.time)
        self.receipts = Receipts(self.store, after=await self.store.read(inbox.newest_place, intake.SOURCE))
        # A story's own time is ahead of the database's on purpose.
        self.alarms = Alarms(self.store, self.time, shared_clock=type(self.time) is SystemTime)
        self._reading = self._begun("inbox", InboxReader(self.store, self.time, self.receipts).run())
        self._comparing = asyncio.create_task(self._compare())
        self._comparing.add_done_callback(_ended)
        await asyncio.wait({self._comparing}, timeout=CATCH_UP_WITHIN)  # what came first is heard first, if it can be
        await self._listen()
        for edge in self.edges.values():
            await edge.start()
        self._working = self._begun("deliveries", self._work())
        self._alarming = self._begun("alarms", self.alarms.run())
        self.ticker = Ticker()
        seconds = await self.store.read(setting.value, "reconcile_seconds")
        self.ticker.every(seconds, self._compare)
        self.ticker.every(seconds, self._catch_up)
        self.ticker.every(HOUR, partial(keep_fresh, self.store, self.marketplace))
        self.ticker.every(HOUR, partial(sweep, self.store, self.time))
        self.ticker.every(HOUR, partial(read_figures, self.store, self.marketplace, self.time))
        self.ticker.every(HOUR, partial(warn, self.store, self.time))
        self.ticker.every(MINUTE, self.alarms.audit)
        self.ticker.every(LOOK_FOR_SNOOZED, partial(wake, self.store, self.time))
        self.ticker.start()
        log.info("running", address=self.address, database=self.store.dialect, owner=self.owner)

    def _edges(self) -> "dict[str, Edge]":
        """Return the ears of each chat platform that is set up; the libraries of another one are not loaded."""
        edges: dict[str, Edge] = {}
        if self.config.on_slack:
            from handlers.slack.edge import SlackEdge  # noqa: PLC0415
            from handlers.slack.endpoint import LARGEST_EVENT  # noqa: PLC0415

            edges["slack"] = slack = SlackEdge(self.config, self.store, self.chats.slack, self.time)
            if not self.config.socket_mode:  # or nobody has a use for the address
                listening = with_body(slack.endpoint, LARGEST_EVENT)
                self._chat_routes.append(Route("/slack/events", listening, methods=["POST"]))
        if self.config.on_discord:
            from handlers.discord.edge import DiscordEdge  # noqa: PLC0415

            edges["discord"] = DiscordEdge(self.config, self.store, self.chats.discord, self.time, self.owner)
        return edges

    async def _work(self) -> None:
        """Deliver; what the team took back while nobody listened must be known first, if it can be known soon."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_WITHIN):
                await asyncio.gather(*(edge.caught_up() for edge in self.edges.values()))
        await self.worker.run()

    async def _compare(self) -> None:
        """Compare the shops with what we hold; on a fleet, one replica at a time."""
        until = timedelta(seconds=await self.store.read(setting.value, "reconcile_seconds"))
        if await self.store.write(leases.acquire, "compare", self.owner, self.time.now(), until):
            await self.poller.compare_all()

    async def _catch_up(self) -> None:
        """Compare the threads with what we hold; on a fleet, one replica at a time."""
        until = timedelta(seconds=await self.store.read(setting.value, "reconcile_seconds"))
        if await self.store.write(leases.acquire, "catch-up", self.owner, self.time.now(), until):
            await asyncio.gather(*(edge.catch_up() for edge in self.edges.values()))

    async def _listen(self) -> None:
        host, port = self._listens_at
        self._doors = [Listener(self._routes(), host=host, port=port)]
        orders = self.config.data_dir / "control.sock"
        if self.store.dialect == "sqlite" and len(str(orders.resolve())) <= LONGEST_SOCKET:
            self._doors.append(Listener(order_desk(self.store, self.time).application(), uds=orders))
        for door in self._doors:
            await door.start()
        self.address = f"http://{host}:{self._doors[0].port}"
        (self.config.data_dir / "address").write_text(self.address)

    def _routes(self) -> Starlette:
        config = self.config
        secret = config.tiktok_shop_app_secret.get_secret_value()
        webhook = ShopWebhook(self.receipts, self.time, config.tiktok_shop_app_key, secret)
        callback = ShopCallback(self.store, self.marketplace.authorization, state_signer(config, self.time))
        health = Health(self.store, self._standing)
        metrics = Metrics(self.store, self.time, self.alarms, self._standing, config.metrics_token.get_secret_value())
        return Starlette(
            routes=[
                Route("/tiktok/shop/webhook", with_body(webhook, LARGEST_NOTIFICATION), methods=["POST"]),
                Route("/tiktok/shop/callback", callback.__call__, methods=["GET"]),
                Route("/oncall/{rotation:path}.ics", OnCallFeed(self.store, self.time).__call__, methods=["GET"]),
                Route("/reports/{secret}", Reports(self.store, self.time).__call__, methods=["GET"]),
                *self._pagerduty(),
                Route("/health/live", health.live, methods=["GET"]),
                Route("/health/ready", health.ready, methods=["GET"]),
                Route("/metrics", metrics.__call__, methods=["GET"]),
                *self._chat_routes,
            ]
        )

    def _pagerduty(self) -> list[Route]:
        secret = self.config.pagerduty_webhook_secret.get_secret_value()
        if not secret:
            return []
        webhook = PagerDutyWebhook(self.store, self.time, secret, paging.acknowledged_outside)
        return [Route("/pagerduty/webhook", with_body(webhook, LARGEST_OF_PAGERDUTY), methods=["POST"])]

    def _begun(self, name: str, part: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a part that works until the end; the product is not ready when it has ended before."""
        self._parts[name] = task = asyncio.create_task(part)
        task.add_done_callback(_ended)
        return task

    def _standing(self) -> dict[str, bool]:
        """Tell which of the parts that must work do."""
        parts = {name: not part.done() for name, part in self._parts.items()}
        parts |= {"alarms": parts["alarms"] and not self.alarms.overdue, "time_zones": self.alarms.agrees}
        return parts | {name: edge.connected() for name, edge in self.edges.items()}

    async def stop(self) -> None:
        """Hear nothing more, finish what is in hand within ten seconds, close everything."""
        self.ticker.stop()
        self._comparing.cancel()
        doors = (door.stop() for door in self._doors)
        edges = (edge.stop() for edge in self.edges.values())
        ends = (self.worker.stop(FINISH_WITHIN), *edges, *doors)
        for end in await asyncio.gather(*ends, return_exceptions=True):  # whatever happens to one, the others end well
            if isinstance(end, BaseException):
                log.error("not_stopped_well", error=type(end).__name__, exc_info=end)
        self._reading.cancel()  # what is not taken in yet is kept
        self._alarming.cancel()
        await asyncio.gather(self._working, self._comparing, self._reading, self._alarming, return_exceptions=True)
        await self.chats.close()
        await self.marketplace.close()
        if self.translator is not None:
            await self.translator.close()
        await self.outlets.close()
        await self.store.close()
        log.info("stopped")


def _ended(work: asyncio.Task[None]) -> None:
    """Say what ended by an error; the rest of the product goes on."""
    if not work.cancelled() and (error := work.exception()) is not None:
        log.error("ended_by_an_error", error=type(error).__name__, exc_info=error)


LARGEST_PORT = 65535
LONGEST_SOCKET = 100  # bytes of a socket's path that every system allows


def _needed(config: Config) -> dict[str, object]:
    slack = config.slack_app_token.get_secret_value() or config.slack_signing_secret.get_secret_value()
    return {
        "SLACK_BOT_TOKEN or DISCORD_TOKEN": config.on_slack or config.on_discord,
        "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET": slack or not config.on_slack,
        "TIKTOK_SHOP_APP_KEY": config.tiktok_shop_app_key,
        "TIKTOK_SHOP_APP_SECRET": config.tiktok_shop_app_secret.get_secret_value(),
    }


def _listening(config: Config) -> tuple[str, int]:
    try:
        host, port = config.listen_address
    except ValueError:
        port = -1
    if not 0 <= port <= LARGEST_PORT:
        raise SetupError(f"CHATOPS_LISTEN is {config.listen!r}", 'Write it as HOST:PORT, like "127.0.0.1:8080".')
    return host, port


def spare_collector() -> None:
    """Let the garbage collector look at what comes and goes, and rarely: what was loaded at the start stays anyway.

    Left alone, it walks over all of it in the middle of a rush, and everything stops meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


async def run(config: Config, time: TimeSource) -> None:
    """Run until the process is told to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(loop_error)
    for wish in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wish, ended.set)
    app = App(config, time)
    await app.start()
    spare_collector()
    await ended.wait()
    await app.stop()
