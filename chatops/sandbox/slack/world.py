"""Slack on loopback: one workspace that apps reach over the real wire and that tests and the demo play in."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from chatops.sandbox.faults import Faults
from chatops.sandbox.slack import messages
from chatops.sandbox.slack.audit import Live
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.delivery import Delivery
from chatops.sandbox.slack.events import DEFAULT_EVENTS, DEFAULT_SCOPES
from chatops.sandbox.slack.http_delivery import HttpDelivery
from chatops.sandbox.slack.interactions import Interactions
from chatops.sandbox.slack.limits import Limits
from chatops.sandbox.slack.member import App, Group, Member
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.sockets import Sockets
from chatops.sandbox.slack.trouble import Serve, serve_with_faults
from chatops.sandbox.slack.uploads import Uploads
from chatops.sandbox.slack.views import Views
from chatops.sandbox.slack.web_api.server import Request, WebApi
from chatops.sandbox.slack.workspace import Happening, Team, Workspace
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import PATIENCE


class SlackWorld:
    """A Slack workspace with its servers; build it, `start` it, install an app, create channels and people."""

    def __init__(self, time: StoryTime, faults: Faults | None = None) -> None:
        self.time = time
        self.faults = faults or Faults()
        self.workspace = Workspace(time)
        self.people: dict[str, Person] = {}
        self.limits = Limits(time)
        self.sockets = Sockets(self.workspace, self.faults)
        self.delivery = Delivery(self.workspace, self.sockets, HttpDelivery(time.now))
        self.views = Views(self.workspace)
        self.uploads = Uploads(self.workspace)
        self.interactions = Interactions(self.workspace)
        self.web_api = WebApi(
            self.workspace, self.faults, self.limits, self.views, self.interactions, self.uploads, self.delivery
        )
        self.interactions.log = self.web_api.log
        self.workspace.listeners.append(self.delivery.hear)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes any free one."""
        served = web.Application(client_max_size=64 * 1024 * 1024)
        served.router.add_route("*", "/api/{method}", self.web_api.handle)
        served.router.add_get("/link/", self.sockets.handle)
        served.router.add_post("/upload/v1/{ticket}", self._faulty("upload", self.uploads.receive))
        served.router.add_get("/files-pri/{team}-{file}/{tail:.+}", self._faulty("download", self.uploads.download))
        for kind in ("actions", "commands", "app"):
            respond = self._faulty("response_url", self.interactions.respond)
            served.router.add_post(f"/{kind}/{{team}}/{{number}}/{{secret}}", respond)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.workspace.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        await self.delivery.http.start()

    def _faulty(self, name: str, serve: Serve) -> Serve:
        """Let faults planned under `name` meet the requests to one of the other addresses."""

        async def served(request: web.Request) -> web.StreamResponse:
            return await serve_with_faults(self.faults, self.workspace, name, request, serve)

        return served

    async def stop(self) -> None:
        """Close every connection and the server."""
        await self.delivery.close()
        await self.sockets.close()
        await self.delivery.http.stop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Return the server's address, without a slash at the end."""
        return self.workspace.url

    @property
    def api_url(self) -> str:
        """Return the base address of the Web API."""
        return f"{self.workspace.url}/api/"

    @property
    def team(self) -> Team:
        """Return the workspace's name, id and domain."""
        return self.workspace.team

    @property
    def channels(self) -> dict[str, Channel]:
        """Return the channels by id, direct conversations included."""
        return self.workspace.channels

    @property
    def requests(self) -> list[Request]:
        """Return every Web API call and response_url post so far."""
        return self.web_api.requests

    def install_app(
        self,
        name: str = "chatops",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        events: Iterable[str] = DEFAULT_EVENTS,
        signing_secret: str = "",
        *,
        socket_mode: bool = True,
        request_url: str | None = None,
        commands: Iterable[str] | None = None,
    ) -> App:
        """Install an app; events are delivered by socket, or to `request_url` when `socket_mode` is off."""
        app_id, bot_id = self.workspace.mint_id("A", name), self.workspace.mint_id("B", name)
        member = Member(
            self.workspace.mint_id("U", name), name, name, self.team.id, is_bot=True, app_id=app_id, bot_id=bot_id
        )
        bot_token, app_token = (f"{kind}-sandbox-{secrets.token_hex(8)}" for kind in ("xoxb", "xapp"))
        app = App(
            app_id, name, member.id, bot_id, bot_token, app_token, signing_secret or secrets.token_hex(16),
            self.team.id, tuple(scopes), tuple(events), socket_mode, request_url,
            None if commands is None else tuple(commands),
        )  # fmt: skip
        self.workspace.members[member.id] = member
        app.thrown_out = lambda channel: messages.take_out(self.workspace, channel, app.bot_user_id)
        self.workspace.apps[app_id] = app
        self.workspace.changed()
        return app

    def create_channel(
        self,
        name: str,
        id: str | None = None,  # noqa: A002 - reads best at the call
        *,
        private: bool = False,
        members: Iterable["App | Person"] = (),
    ) -> Channel:
        """Add a channel, silently; `members` are people and apps."""
        inside = [who.bot_user_id if isinstance(who, App) else who.id for who in members]
        return self.workspace.add_channel(name, "group" if private else "channel", inside, id)

    def create_person(
        self,
        name: str,
        id: str | None = None,  # noqa: A002 - reads best at the call
        tz: str = "UTC",
        locale: str = "en-US",
        **more: Any,
    ) -> Person:
        """Add a person; `more` may set email, is_admin, presence, dnd (from, until in unix seconds) and so on."""
        person_id = id or self.workspace.mint_id("U", name)
        handle = more.pop("handle", name.lower().replace(" ", "."))
        member = Member(person_id, handle, name, self.team.id, tz, locale, **more)
        member.updated = self.workspace.unix()
        self.workspace.members[person_id] = member
        person = Person(member, self.workspace, self.delivery, self.interactions, self.views, self.uploads)
        self.people[person_id] = person
        self.workspace.changed()
        return person

    def create_group(self, handle: str, members: Iterable[Person] = (), id: str | None = None) -> Group:  # noqa: A002 - reads best at the call
        """Add a user group such as @tts-oncall."""
        group = Group(id or self.workspace.mint_id("S", handle), handle, handle, self.team.id)
        group.users = [person.id for person in members]
        self.workspace.groups[group.id] = group
        return group

    async def settled(self) -> None:
        """Return once nothing is on its way to an app."""
        await self.delivery.settled()

    async def until(self, condition: Callable[[], Any], timeout: float = PATIENCE, describe: str = "") -> Any:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the condition's first true value; after `timeout` real seconds fail with a transcript."""
        return await self.workspace.until(condition, timeout, describe)

    async def connected(self, app: App, connections: int = 1) -> None:
        """Return once the app has that many Socket Mode connections."""
        await self.until(lambda: len(self.sockets.of(app)) >= connections, describe=f"{app.name} to connect")

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change; returns a function that ends this."""
        return self.workspace.on_change(callback)

    def archive(self, channel: Channel) -> None:
        """Archive a channel: nobody can write there any more."""
        self._announce_channel(channel, "archive")
        channel.archived = True
        self.workspace.changed()

    def unarchive(self, channel: Channel) -> None:
        """Open an archived channel again."""
        channel.archived = False
        self._announce_channel(channel, "unarchive")

    def _announce_channel(self, channel: Channel, what: str) -> None:
        kind = f"{channel.kind}_{what}"
        event = {"type": kind, "channel": channel.id, "user": "USLACKBOT", "event_ts": self.workspace.mint_ts()}
        self.workspace.announce(Happening(kind, event, channel))

    def kick(self, who: "App | Person", channel: Channel) -> None:
        """Throw an app or a person out of a channel."""
        messages.take_out(self.workspace, channel, who.bot_user_id if isinstance(who, App) else who.id)

    def revoke_token(self, app: App) -> None:
        """Make the app's tokens worthless and tell it so."""
        app.revoked = True
        event = {
            "type": "tokens_revoked",
            "tokens": {"oauth": [], "bot": [app.bot_user_id]},
            "event_ts": self.workspace.mint_ts(),
        }
        self.workspace.announce(Happening("tokens_revoked", event, only=app))

    def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """End all Socket Mode connections: a reason of Slack's, or `abrupt` or `half_open`; `warning` only warns."""
        self.delivery.spawn(self.sockets.disconnect(reason))

    async def verify_request_url(self, app: App) -> bool:
        """Return whether the app's request URL answers the challenge."""
        return await self.delivery.http.challenge(app)

    @property
    def mention_audit(self) -> list[Live]:
        """Return every live mention, link and unfurl that apps' messages ever held, edited and deleted ones too."""
        return list(self.workspace.alive)

    def state(self) -> Json:
        """Return a snapshot that JSON can carry, for the demo page."""
        channels = [
            channel.info("", with_count=True)
            | {"members": list(channel.members), "messages": [channel.wire(message) for message in channel.messages]}
            for channel in self.workspace.channels.values()
        ]
        people = [member.wire(self.time.now(), with_locale=True) for member in self.workspace.members.values()]
        views = [{"person": view.person_id, "view": view.with_state()} for view in (*self.views.views.values(),)]
        ephemerals = [
            message.wire() | {"channel": message.channel_id, "for": message.ephemeral_to}
            for message in self.workspace.ephemerals
        ]
        return {
            "team": vars(self.team), "channels": channels, "people": people, "views": views,
            "ephemerals": ephemerals, "now": self.time.now().isoformat(),
        }  # fmt: skip
