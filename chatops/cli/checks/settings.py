"""The settings of the environment and `.env`: is everything there, and does it have the shape it should have?"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chatops.cli.findings import Finding, broken, doubt, fine
from chatops.config import LOOPBACK, Config
from chatops.errors import SetupError
from chatops.store.secrets import Keyring


@dataclass(frozen=True, slots=True)
class Needed:
    """A setting the product cannot run without, and where its value is found."""

    name: str
    value: str
    where: str


def look(config: Config) -> list[Finding]:
    """Look at every setting without calling anybody."""
    missing = [
        broken(f"{needed.name} is not set", f"{needed.where}; put it in .env.")
        for needed in _needed(config)
        if not needed.value
    ]
    slack = f"Slack in {'Socket Mode' if config.socket_mode else 'HTTP mode'}" if config.on_slack else ""
    chats = ", ".join(filter(None, (slack, "Discord" if config.on_discord else "")))
    begun = [] if missing else [fine(f"every setting that is needed is there; {chats}")]
    return [*begun, *missing, *_shapes(config), *_key(config), *_optional(config)]


def _needed(config: Config) -> list[Needed]:
    slack = "api.slack.com/apps → your app →"
    partner = "Partner Center → App & Service → your app shows it"
    events = f"{slack} Basic Information → App-Level Tokens (connections:write), or for HTTP mode Signing Secret"
    either = config.slack_bot_token.get_secret_value() or config.discord_token.get_secret_value()
    signed = config.slack_app_token.get_secret_value() or config.slack_signing_secret.get_secret_value()
    return [
        Needed(
            "SLACK_BOT_TOKEN or DISCORD_TOKEN",
            either,
            f"{slack} OAuth & Permissions → Bot User OAuth Token, or Discord's developer portal → your app → Bot",
        ),
        *([Needed("SLACK_APP_TOKEN or SLACK_SIGNING_SECRET", signed, events)] if config.on_slack else ()),
        Needed("TIKTOK_SHOP_APP_KEY", config.tiktok_shop_app_key, partner),
        Needed("TIKTOK_SHOP_APP_SECRET", config.tiktok_shop_app_secret.get_secret_value(), partner),
    ]


def _shapes(config: Config) -> list[Finding]:
    """A token in the wrong variable is the commonest mistake of all."""
    tokens = (
        ("SLACK_BOT_TOKEN", config.slack_bot_token.get_secret_value(), "xoxb-"),
        ("SLACK_APP_TOKEN", config.slack_app_token.get_secret_value(), "xapp-"),
    )
    found = [
        broken(f"{name} does not begin with {start}", f"Copy the token that begins with {start} into {name}.")
        for name, value, start in tokens
        if value and not value.startswith(start)
    ]
    found += _discord_token(config.discord_token.get_secret_value())
    try:
        good = 0 <= config.listen_address[1] <= 65535
    except ValueError:
        good = False
    if not good:
        found.append(broken(f"CHATOPS_LISTEN is {config.listen!r}", 'Write it as HOST:PORT, like "127.0.0.1:8080".'))
    try:
        kind = make_url(config.database).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in {"sqlite", "postgresql"}:
        remedy = "Write sqlite:///FILE or postgresql://NAME:PASSWORD@HOST/DATABASE, or leave it empty."
        found.append(broken("CHATOPS_DATABASE_URL is no address of a database", remedy))
    return found


def _discord_token(token: str) -> list[Finding]:
    if not token or (token.count(".") >= 1 and not any(sign.isspace() for sign in token)):
        return []
    where = 'Developer portal → your app → Bot → Reset Token; without "Bot " in front.'
    return [broken("DISCORD_TOKEN is no bot token", where)]


def _key(config: Config) -> list[Finding]:
    configured = config.secret_key.get_secret_value()
    if configured:
        try:
            Keyring(configured.split(","))
        except SetupError as error:
            return [broken(str(error), error.remedy)]
    elif config.database.startswith("postgresql"):
        fact = "CHATOPS_SECRET_KEY is not set, so each machine would encrypt tokens with a key of its own"
        return [doubt(fact, "Set it to the same value on every machine; `chatops db new-key` prints one.")]
    return []


def _optional(config: Config) -> list[Finding]:
    found = []
    if not config.tiktok_shop_service_id:
        remedy = "Partner Center → App & Service → your app shows it; without it `chatops shop connect` needs --code."
        found.append(doubt("TIKTOK_SHOP_SERVICE_ID is not set", remedy))
    address = urlsplit(config.public_url)
    if not config.public_url:
        remedy = "Set it to the https address that leads here; until then buyers' messages are only polled for."
        found.append(doubt("CHATOPS_PUBLIC_URL is not set: TikTok cannot tell us that a buyer wrote", remedy))
    elif address.hostname in LOOPBACK:
        fact = f"CHATOPS_PUBLIC_URL is {config.public_url}, which nobody else can reach"
        found.append(doubt(fact, "Set it to the https address that leads here from outside."))
    elif address.scheme != "https" or not address.hostname:
        remedy = "TikTok and Slack only call https:// addresses: put a reverse proxy or a tunnel in front."
        found.append(broken("CHATOPS_PUBLIC_URL does not begin with https://", remedy))
    return found
