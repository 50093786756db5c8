"""The outside as it is set up: a client of each platform, made from the settings."""

from datetime import timedelta

from chatops.config import Config
from chatops.desk import connections, intake
from chatops.model.workspace import PlatformName, platform_of
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.ports import ChatPlatform, Translator
from chatops.platforms.slack.client import SlackPlatform
from chatops.platforms.tiktok.client import TikTokShop
from chatops.platforms.tiktok.gateway import ShopApp
from chatops.platforms.tiktok.tokens import ShopAccess, Tokens
from chatops.platforms.translation import translator
from chatops.store import leases
from chatops.store.store import Store
from chatops.times import TimeSource


def shop_app(config: Config) -> ShopApp:
    """Return our app in Partner Center, and where TikTok is."""
    return ShopApp(
        key=config.tiktok_shop_app_key,
        secret=config.tiktok_shop_app_secret.get_secret_value(),
        api_url=config.tiktok_shop_api_url,
        auth_url=config.tiktok_shop_auth_url,
        authorize_url=f"{config.tiktok_shop_authorize_url.rstrip('/')}/open/authorize",
    )


def shop_client(config: Config, store: Store, time: TimeSource, owner: str) -> TikTokShop:
    """Return the client of TikTok Shop."""
    return TikTokShop(shop_app(config), StoreVault(store, time), time, owner)


def translator_of(config: Config) -> Translator | None:
    """Return the client of the service that translates, if one is set up."""
    return translator(config.translate_api, config.translate_url, config.translate_key.get_secret_value())


class Chats:
    """The chat platforms as one: a workspace's own is found by its id."""

    def __init__(self, config: Config, time: TimeSource) -> None:
        token = config.slack_bot_token.get_secret_value()  # one token, so one workspace
        self.slack = SlackPlatform(lambda _: token, time=time, base_url=config.slack_api_url)
        self.discord = DiscordPlatform(
            config.discord_token.get_secret_value(), time=time, api_url=config.discord_api_url
        )

    def __call__(self, workspace_id: str) -> ChatPlatform:
        """Return the platform that a workspace is on."""
        return self.slack if platform_of(workspace_id) == PlatformName.SLACK else self.discord.at(workspace_id)

    async def close(self) -> None:
        """Close the connections."""
        await self.slack.close()
        await self.discord.close()


class StoreVault:
    """Keeps the shops' tokens in the store, for every replica."""

    def __init__(self, store: Store, time: TimeSource) -> None:
        self._store = store
        self._time = time

    async def access(self, shop_id: str) -> ShopAccess:
        """Return the key to a shop; `TokenRevoked` when it is not connected (any more)."""
        shop, granted = await self._store.read(connections.access, shop_id)
        return ShopAccess(
            authorization_id=granted.id,
            access_token=granted.access_token,
            access_expires_at=granted.access_expires_at,
            refresh_token=granted.refresh_token,
            cipher=shop.cipher,
            version=granted.version,
        )

    async def acquire(self, authorization_id: str, owner: str, ttl: timedelta) -> bool:
        """Take the refresh lease; False while another owner holds it."""
        return await self._store.write(leases.acquire, f"refresh:{authorization_id}", owner, self._time.now(), ttl)

    async def release(self, authorization_id: str, owner: str) -> None:
        """Give the refresh lease back."""
        await self._store.write(leases.release, f"refresh:{authorization_id}", owner)

    async def replace(self, authorization_id: str, version: int, tokens: Tokens) -> bool:
        """Keep new tokens if `version` is still the stored one."""
        return await self._store.write(
            connections.replace,
            authorization_id,
            version,
            (tokens.access_token, tokens.access_expires_at),
            (tokens.refresh_token, tokens.refresh_expires_at),
        )

    async def mark_revoked(self, authorization_id: str, version: int, reason: str) -> None:
        """Remember that a permission ended, and tell the team, if `version` is still the stored one."""
        await self._store.write(intake.permission_ended, authorization_id, reason, self._time.now(), version)
