"""Discord on loopback: one server that bots reach over the real wire and that tests and the demo play in."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from aiohttp import web

from chatops.sandbox.discord import command_routes, interaction_routes, moderation, threads
from chatops.sandbox.discord.carrier import Carrier
from chatops.sandbox.discord.channel import FORUM, TEXT, Channel, Thread
from chatops.sandbox.discord.commands import Commands
from chatops.sandbox.discord.gateway import Gateway
from chatops.sandbox.discord.interactions import Interactions
from chatops.sandbox.discord.limits import Limits
from chatops.sandbox.discord.member import App, Member, Role
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.nonces import Nonces
from chatops.sandbox.discord.people import Person
from chatops.sandbox.discord.permissions import FOR_CHATOPS, FOR_PEOPLE
from chatops.sandbox.discord.rest.server import Request, Rest
from chatops.sandbox.discord.rest.uploads import Uploads
from chatops.sandbox.discord.rest.webhooks import Webhooks
from chatops.sandbox.discord.server import Happening, Server
from chatops.sandbox.discord.sessions import Sessions
from chatops.sandbox.discord.snapshot import snapshot
from chatops.sandbox.discord.snowflakes import Snowflakes
from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.watching import PATIENCE

FOR_CHATOPS_INTENTS = 34305  # GUILDS, GUILD_MESSAGES, GUILD_MESSAGE_REACTIONS, MESSAGE_CONTENT
MOST_BYTES = 25 * 1024 * 1024  # of one request


class DiscordWorld:
    """A Discord server with its wires; build it, `start` it, install an app, create channels and people."""

    def __init__(self, time: StoryTime, faults: Faults | None = None) -> None:
        self.time = time
        self.faults = faults or Faults()
        self.ids = Snowflakes(time)
        self.server = Server(time, self.ids)
        team = Role(self.ids.next(), "team", FOR_PEOPLE, mentionable=True)
        self.server.roles[team.id] = team
        self.team = team
        self.sessions = Sessions(time)
        self.gateway = Gateway(self.server, self.sessions, self.faults)
        self.carrier = Carrier(self.server, self.sessions)
        self.server.listeners.append(self.carrier.hear)
        self.limits = Limits(time)
        self.nonces = Nonces(self.server)
        self.uploads = Uploads(self.server)
        self.rest = Rest(self.server, self.faults, self.limits, self.uploads, self.nonces, self.sessions.limit)
        self.interactions = Interactions(self.server)
        self.commands = Commands(self.server)
        self.people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes any free one."""
        served = web.Application(client_max_size=MOST_BYTES)
        served.router.add_get("/gateway/", self.gateway.handle)
        served.router.add_get("/", self.gateway.handle)  # where gateway.discord.gg has it
        served.router.add_get(
            "/attachments/{file_id}/{filename}", self.rest.around("attachments.get", self.uploads.download)
        )
        webhooks = Webhooks(self.server, self.uploads, self.limits)
        served.router.add_routes(webhooks.routes(self.rest.around))  # their tokens tell them from interactions
        served.router.add_routes(interaction_routes.routes(self.interactions, self.uploads, self.rest.around))
        served.router.add_routes(command_routes.routes(self.commands, partial(self.rest.around, authorized=True)))
        served.router.add_routes(self.rest.routes())
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.server.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection and the server."""
        self.gateway.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Return the address of everything, without a slash at the end."""
        return self.server.url

    @property
    def api_url(self) -> str:
        """Return the base address of REST, without a slash at the end."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Return the address of the gateway."""
        return self.gateway.url

    @property
    def requests(self) -> list[Request]:
        """Return every REST exchange and download so far."""
        return self.rest.requests

    @property
    def happenings(self) -> list[Happening]:
        """Return everything that gateway sessions could have heard so far."""
        return self.server.happenings

    def install_app(
        self, name: str = "chatops", intents: int = FOR_CHATOPS_INTENTS, permissions: int = FOR_CHATOPS
    ) -> App:
        """Install an app with the intents of its portal page and a role that carries its permissions."""
        app_id = self.ids.next()
        app = App(app_id, name, Member(app_id, name, self.time.now(), bot=True), intents)
        self.server.apps[app.id] = app
        moderation.let_in(self.server, self.sessions, app, permissions)
        return app

    def invite(self, app: App, permissions: int = FOR_CHATOPS) -> None:
        """Let an app that was thrown out come back, with a role of its own as on the first day."""
        moderation.let_in(self.server, self.sessions, app, permissions)

    def create_channel(self, name: str, id: str | None = None) -> Channel:  # noqa: A002 - reads best at the call
        """Add a text channel, silently."""
        return self._add(Channel(id or self.ids.next(), TEXT, name, self.server.id, surroundings=self.server))

    def create_forum(
        self,
        name: str,
        tags: Iterable[str] = (),
        id: str | None = None,  # noqa: A002 - as above
        *,
        tag_required: bool = False,
    ) -> Channel:
        """Add a forum with its tags, silently."""
        known: list[Json] = [
            {"id": self.ids.next(), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None}
            for tag in tags
        ]
        forum = Channel(
            id or self.ids.next(),
            FORUM,
            name,
            self.server.id,
            available_tags=known,
            tag_required=tag_required,
            surroundings=self.server,
        )
        return self._add(forum)

    def _add(self, channel: Channel) -> Channel:
        channel.position = len(self.server.channels)
        self.server.channels[channel.id] = channel
        self.server.changed()
        return channel

    def create_role(self, name: str, id: str | None = None, position: int = 1) -> Role:  # noqa: A002 - as above
        """Add a role that says something about people and allows nothing; bots' roles stand at 10."""
        role = Role(id or self.ids.next(), name, mentionable=True, position=position)
        self.server.roles[role.id] = role
        self.server.changed()
        return role

    def create_member(self, name: str, locale: str = "en-US", id: str | None = None) -> Member:  # noqa: A002 - as above
        """Add a person with the rights that the team has, silently."""
        member = Member(id or self.ids.next(), name, self.time.now(), locale, roles=[self.team.id])
        self.server.members[member.id] = member
        self.server.changed()
        return member

    def create_crowd(self, count: int) -> None:
        """Add people who only make the server large, silently and all at once."""
        for _ in range(count):
            member = Member(self.ids.next(), f"Member {len(self.server.members) + 1}", self.time.now())
            self.server.members[member.id] = member
        self.server.changed()

    def create_person(self, name: str, locale: str = "en-US", id: str | None = None) -> Person:  # noqa: A002 - as above
        """Add a person who can do what the team can; `locale` is the language of their client."""
        member = self.create_member(name, locale, id)
        person = Person(member, self.server, self.interactions, self.commands, self.uploads)
        self.people[person.id] = person
        return person

    def kick(self, app: App) -> None:
        """Throw a bot out of the server."""
        moderation.kick(self.server, self.sessions, app)

    def reset_token(self, app: App) -> str:
        """Give an app a new token and end its sessions; returns the token."""
        self.gateway.throw_out(app)
        return moderation.reset_token(self.server, app)

    def delete(self, channel: Channel) -> None:
        """Delete a channel with its threads, or a thread."""
        moderation.delete(self.server, channel)

    def hide(self, channel: Channel, app: App, *, hidden: bool = True) -> None:
        """Take a channel out of an app's sight, or let it see the channel again."""
        moderation.hide(self.server, channel, app, hidden=hidden)

    def lock(self, thread: Thread, *, locked: bool = True) -> None:
        """Close a thread so that only moderators can open it again, or end that."""
        threads.alter(self.server, thread, archived=locked, locked=locked)

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change; returns a function that ends this."""
        return self.server.on_change(callback)

    async def connected(self, app: App, sessions: int = 1) -> None:
        """Return once the app has that many gateway sessions."""
        await self.until(lambda: len(self.gateway.of(app)) >= sessions, describe=f"{app.name} to connect")

    async def settled(self) -> None:
        """Return once every connected app has read all it was sent, and nobody waits for the answer to an interaction.

        What was held back or lost does not count, and an app may still be at work on what it read.
        """
        while self.interactions.waiting_for or self.gateway.behind:
            await self.gateway.settled()
            await self.until(lambda: not self.interactions.waiting_for, 60, "interactions to be answered")

    def state(self) -> Json:
        """Return a snapshot that JSON can carry, for the demo page."""
        return snapshot(self.server, self.interactions)

    async def until(self, condition: Callable[[], Any], timeout: float = PATIENCE, describe: str = "") -> Any:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the condition's first true value; after `timeout` real seconds fail with a transcript."""
        return await self.server.until(condition, timeout, describe)
