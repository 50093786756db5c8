"""`chatops discord invite`: the link for whoever manages the server, and what to switch on before."""

from dataclasses import dataclass

from chatops.config import Config, read_config
from chatops.errors import PlatformError, SetupError, TokenRevoked
from chatops.platforms.discord import invitation
from chatops.platforms.discord.client import DiscordPlatform
from chatops.times import SystemTime


@dataclass(frozen=True, slots=True)
class Invitation:
    """What to open and what to do first."""

    name: str
    link: str
    rights: tuple[str, ...]
    to_switch_on: str  # on the app's page in the developer portal; empty when nothing has to be


async def invitation_of(*, buyer_names: bool, roles: bool) -> Invitation:
    """Ask Discord whose token this is, and return what invites that bot.

    Raises:
        SetupError: there is no token, or Discord does not take it.
    """
    config = read_config()
    discord = _client(config)
    try:
        us = await discord.identity()
    except TokenRevoked:
        remedy = "Developer portal → your app → Bot → Reset Token, and copy the new one into .env."
        raise SetupError("Discord does not take DISCORD_TOKEN", remedy) from None
    except PlatformError as error:
        raise SetupError(f"Discord does not answer ({error.code})", "Is this machine online?") from None
    finally:
        await discord.close()
    rights = invitation.rights(buyer_names=buyer_names, roles=roles)
    missing = config.discord_message_content and not us.flags & invitation.CONTENT_FLAGS
    return Invitation(
        name=us.name,
        link=invitation.link(us.application_id, rights),
        rights=tuple(rights),
        to_switch_on=invitation.CONTENT_INTENT if missing else "",
    )


def _client(config: Config) -> DiscordPlatform:
    token = config.discord_token.get_secret_value()
    if not token:
        remedy = "Developer portal → your app → Bot → Reset Token, and copy it into .env."
        raise SetupError("DISCORD_TOKEN is not set", remedy)
    return DiscordPlatform(token, time=SystemTime(), api_url=config.discord_api_url)
