"""Secrets and addresses, from the environment or a `.env` file; everything else lives in the database."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatops.errors import SetupError

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ADDRESSES = (
    ("slack_api_url", "https", "http"),
    ("discord_api_url", "https", "http"),
    ("discord_gateway_url", "wss", "ws"),
    ("tiktok_shop_api_url", "https", "http"),
    ("tiktok_shop_auth_url", "https", "http"),
    ("tiktok_shop_authorize_url", "https", "http"),
    ("translate_url", "https", "http"),
    ("pagerduty_api_url", "https", "http"),
)


class Config(BaseSettings):
    """Everything the process must be told from outside; frozen once read. Empty means: not set up."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field(default="", validation_alias="CHATOPS_DATABASE_URL")
    data_dir: Path = Field(default=Path("data"), validation_alias="CHATOPS_DATA_DIR")
    secret_key: SecretStr = Field(default=SecretStr(""), validation_alias="CHATOPS_SECRET_KEY")
    pace_factor: float = Field(default=1.0, gt=0, validation_alias="CHATOPS_PACE_FACTOR")
    listen: str = Field(default="127.0.0.1:8080", validation_alias="CHATOPS_LISTEN")
    public_url: str = Field(default="", validation_alias="CHATOPS_PUBLIC_URL")

    metrics_token: SecretStr = Field(default=SecretStr(""), validation_alias="CHATOPS_METRICS_TOKEN")

    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")

    discord_token: SecretStr = Field(default=SecretStr(""), validation_alias="DISCORD_TOKEN")
    discord_api_url: str = Field(default="https://discord.com/api/v10", validation_alias="DISCORD_API_URL")
    discord_gateway_url: str = Field(default="wss://gateway.discord.gg/", validation_alias="DISCORD_GATEWAY_URL")
    discord_message_content: bool = Field(default=True, validation_alias="DISCORD_MESSAGE_CONTENT")

    tiktok_shop_app_key: str = Field(default="", validation_alias="TIKTOK_SHOP_APP_KEY")
    tiktok_shop_app_secret: SecretStr = Field(default=SecretStr(""), validation_alias="TIKTOK_SHOP_APP_SECRET")
    tiktok_shop_service_id: str = Field(default="", validation_alias="TIKTOK_SHOP_SERVICE_ID")
    tiktok_shop_api_url: str = Field(
        default="https://open-api.tiktokglobalshop.com", validation_alias="TIKTOK_SHOP_API_URL"
    )
    tiktok_shop_auth_url: str = Field(default="https://auth.tiktok-shops.com", validation_alias="TIKTOK_SHOP_AUTH_URL")
    tiktok_shop_authorize_url: str = Field(
        default="https://services.tiktokshop.com", validation_alias="TIKTOK_SHOP_AUTHORIZE_URL"
    )

    translate_api: Literal["libretranslate", "deepl"] = Field(
        default="libretranslate", validation_alias="TRANSLATE_API"
    )
    translate_url: str = Field(default="", validation_alias="TRANSLATE_URL")
    translate_key: SecretStr = Field(default=SecretStr(""), validation_alias="TRANSLATE_KEY")

    pagerduty_api_url: str = Field(default="https://events.pagerduty.com", validation_alias="PAGERDUTY_API_URL")
    pagerduty_webhook_secret: SecretStr = Field(default=SecretStr(""), validation_alias="PAGERDUTY_WEBHOOK_SECRET")

    @model_validator(mode="after")
    def _addresses_are_safe(self) -> Self:
        for name, safe, unsafe in ADDRESSES:
            parts = urlsplit(getattr(self, name))
            if not getattr(self, name):
                continue
            if parts.scheme != safe and not (parts.scheme == unsafe and parts.hostname in LOOPBACK):
                raise ValueError(f"{name.upper()} must start with {safe}:// ({unsafe}:// only on this machine)")
        return self

    @property
    def database(self) -> str:
        """The database's address; a file in the data folder unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data_dir / 'chatops.db'}"

    @property
    def listen_address(self) -> tuple[str, int]:
        """Host and port to listen on (port 0: any free one)."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]") or "127.0.0.1", int(port)

    @property
    def on_slack(self) -> bool:
        """Whether a Slack workspace is set up."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def on_discord(self) -> bool:
        """Whether a Discord bot is set up."""
        return bool(self.discord_token.get_secret_value())

    @property
    def socket_mode(self) -> bool:
        """Whether Slack talks to us over sockets we open (an app token is set) rather than over HTTP."""
        return bool(self.slack_app_token.get_secret_value())


def read_config(env_file: Path | None = Path(".env")) -> Config:
    """Read the environment and the `.env` file.

    Raises:
        SetupError: a value makes no sense; the message names it without repeating it.
    """
    try:
        return Config(_env_file=env_file)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise SetupError(problems, "Correct the value in the environment or in .env, then start again.") from None
