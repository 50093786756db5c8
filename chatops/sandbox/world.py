"""Everything outside the product at once: one clock, TikTok Shop, Slack, Discord, and a cast that knows each other."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from chatops.sandbox.discord.channel import Channel as DiscordChannel
from chatops.sandbox.discord.member import App as DiscordApp
from chatops.sandbox.discord.people import Person as DiscordPerson
from chatops.sandbox.discord.permissions import FOR_CHATOPS, MANAGE_ROLES
from chatops.sandbox.discord.world import DiscordWorld
from chatops.sandbox.faults import Faults
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.member import App as SlackApp
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.world import SlackWorld
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App as ShopApp
from chatops.sandbox.tiktok.state import Order, Product, Shop
from chatops.sandbox.tiktok.world import TikTokWorld

SHOP_ID = "7495540735365777507"
SLACK, DISCORD = "slack", "discord"
WORKSPACES = {SLACK: "team", DISCORD: "server"}  # what the desk calls them
TAGS = ("Open", "Resolved")  # of the forum

# What manifest.yml asks Slack for; a test holds the two together.
SCOPES = (
    "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:history",
    "groups:read", "im:history", "im:write", "reactions:read", "reactions:write",
    "usergroups:write", "users:read",
)  # fmt: skip
EVENTS = (
    "app_home_opened", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left", "channel_unarchive",
    "group_archive", "group_deleted", "group_left", "group_unarchive", "member_joined_channel", "member_left_channel",
    "message.channels", "message.groups", "reaction_added", "reaction_removed", "tokens_revoked", "user_change",
)  # fmt: skip
COMMANDS = ("/desk", "/macro", "/queue", "/find", "/sla", "/oncall", "/digest", "/stats")
SHORTCUTS = {"macro": "Answer with a macro"}  # in the menu of a message


@dataclass(frozen=True)
class DiscordTeam:
    """The same team in Discord: `support` is a forum, `general` a text channel."""

    app: DiscordApp
    support: DiscordChannel
    general: DiscordChannel
    li: DiscordPerson
    noor: DiscordPerson

    @property
    def agents(self) -> tuple[DiscordPerson, ...]:
        """Everyone who answers."""
        return self.li, self.noor


@dataclass(frozen=True)
class Cast:
    """Who and what a story starts with: Mia writes English, Budi Indonesian, Li reads Chinese, Noor English.

    The team is in Slack and, as `discord`, in Discord too; `platforms` says where it meets the product.
    """

    shop_app: ShopApp
    shop: Shop
    mia: Buyer
    budi: Buyer
    lipstick: Product
    order: Order
    slack_app: SlackApp
    support: Channel
    li: Person
    noor: Person
    discord: DiscordTeam
    platforms: tuple[str, ...]

    @property
    def buyers(self) -> tuple[Buyer, ...]:
        """Everyone who writes to the shop."""
        return self.mia, self.budi

    @property
    def agents(self) -> tuple[Person, ...]:
        """Everyone who answers."""
        return self.li, self.noor


class World:
    """TikTok Shop, Slack and Discord on loopback, on one clock; `async with World() as world` starts and stops them."""

    def __init__(self) -> None:
        self.time = StoryTime()
        self.tiktok = TikTokWorld(self.time, Faults())
        self.slack = SlackWorld(self.time, Faults())
        self.discord = DiscordWorld(self.time, Faults())
        self._cast: Cast | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start every world, each on a free port."""
        for world in (self.tiktok, self.slack, self.discord):
            await world.start()

    async def stop(self) -> None:
        """Stop every world; what was said in them stays readable."""
        for world in (self.tiktok, self.slack, self.discord):
            await world.stop()

    async def pass_time(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the story on and let everyone in this process who waited for an instant wake up."""
        self.time.skip(timedelta(hours=hours, minutes=minutes, seconds=seconds))
        await asyncio.sleep(0)

    @property
    def cast(self) -> Cast:
        """Who and what `set_the_scene` brought in; RuntimeError before."""
        if self._cast is None:
            raise RuntimeError("nobody is here yet: set the scene first")
        return self._cast

    async def set_the_scene(
        self, *, socket_mode: bool = True, request_url: str | None = None, platforms: Sequence[str] = (SLACK,)
    ) -> Cast:
        """Bring in the shop, its two buyers with an order, and the team with its channels.

        The seller has not pressed Authorize yet: `authorization_code` does. `socket_mode=False` delivers Slack's events
        to `request_url`, which may also be set on the app later. `platforms` says where the team meets the product:
        `environment` and `desk_toml` speak of those.
        """
        tiktok, slack = self.tiktok, self.slack
        shop_app = tiktok.create_app()
        shop = tiktok.create_shop(shop_app, id=SHOP_ID, name="Maomao Beauty", region="GB", authorized=False)
        mia, budi = tiktok.create_buyer(shop, "Mia"), tiktok.create_buyer(shop, "Budi")
        lipstick = tiktok.create_product(shop, "Velvet lipstick, rosewood", price="12.90", currency="GBP")
        order = tiktok.create_order(shop, mia, [lipstick])
        slack_app = slack.install_app(
            "chatops", SCOPES, EVENTS, socket_mode=socket_mode, request_url=request_url, commands=COMMANDS
        )
        li = slack.create_person("Li", id="U0LI", tz="Asia/Shanghai", locale="zh-CN")
        noor = slack.create_person("Noor", id="U0NOOR", tz="Europe/London", locale="en-GB")
        support = slack.create_channel("support", id="C0SUPPORT", members=(li, noor, slack_app))
        server = self._bring_in_the_server()
        self._cast = Cast(
            shop_app, shop, mia, budi, lipstick, order, slack_app, support, li, noor, server, tuple(platforms)
        )
        return self._cast

    def _bring_in_the_server(self) -> DiscordTeam:
        discord = self.discord
        return DiscordTeam(
            app=discord.install_app("chatops", permissions=FOR_CHATOPS | MANAGE_ROLES),
            support=discord.create_forum("support", TAGS),
            general=discord.create_channel("general"),
            li=discord.create_person("Li", locale="zh-CN"),
            noor=discord.create_person("Noor", locale="en-GB"),
        )

    def authorization_code(self) -> str:
        """Let the seller press Authorize; returns the one-use code (30 minutes) for `chatops shop connect --code`."""
        return self.tiktok.authorize(self.cast.shop_app, self.cast.shop)

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which the product meets these worlds instead of the real services."""
        shop_app = self.cast.shop_app
        told = {
            "TIKTOK_SHOP_APP_KEY": shop_app.key,
            "TIKTOK_SHOP_APP_SECRET": shop_app.secret,
            "TIKTOK_SHOP_SERVICE_ID": shop_app.service_id,
            "TIKTOK_SHOP_API_URL": self.tiktok.url,
            "TIKTOK_SHOP_AUTH_URL": self.tiktok.url,
            "TIKTOK_SHOP_AUTHORIZE_URL": self.tiktok.url,
        }
        for platform in self.cast.platforms:
            told |= self._slack_environment() if platform == SLACK else self._discord_environment()
        return told

    def _slack_environment(self) -> dict[str, str]:
        app = self.cast.slack_app
        return {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token if app.socket_mode else "",
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
        }

    def _discord_environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.cast.discord.app.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    def desk_toml(
        self,
        *,
        undo_seconds: int = 5,
        reconcile_seconds: int = 300,
        crossing_seconds: int = 30,
        kinds: Sequence[str] = ("chat",),
        channels: Mapping[str, str] | None = None,
        route: str = "",
    ) -> str:
        """Return the desk.toml that routes the shop to the team's channel on each of its platforms.

        `channels` names other channels than the usual ones, by platform; `route` is a line more for every route.
        """
        cast = self.cast
        routed = {SLACK: cast.support.id, DISCORD: cast.discord.support.id, **(channels or {})}
        said = f"""\
[settings]
undo_seconds = {undo_seconds}
reconcile_seconds = {reconcile_seconds}
crossing_seconds = {crossing_seconds}

[[shops]]
id = "{cast.shop.id}"
name = "maomao-gb"
timezone = "Europe/London"
locale = "en"
"""
        for platform in cast.platforms:
            said += self._workspace_toml(platform)
        for platform in cast.platforms:
            said += route_toml("maomao-gb", platform, routed[platform], kinds) + (f"{route}\n" if route else "")
        return said

    def _workspace_toml(self, platform: str) -> str:
        workspace_id = self.slack.team.id if platform == SLACK else self.discord.server.id
        return f"""
[[workspaces]]
name = "{WORKSPACES[platform]}"
platform = "{platform}"
id = "{workspace_id}"
locale = "en"
"""


def route_toml(shop: str, platform: str, channel_id: str, kinds: Sequence[str] = ("chat",)) -> str:
    """Return the paragraph of desk.toml that routes a shop, by its name, to a channel."""
    return f"""
[[routes]]
shop = "{shop}"
kinds = {json.dumps(list(kinds))}
workspace = "{WORKSPACES[platform]}"
channel = "{channel_id}"
"""
