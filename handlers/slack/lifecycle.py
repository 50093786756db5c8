"""What happens to our channels, our permission and the members of the team."""

from dataclasses import replace

import structlog

from chatops.desk import shown, team
from chatops.model import agent as agents
from chatops.platforms.slack.readback import agent_profile
from handlers.slack.context import Context, Payload

CHANNEL_BACK = ("channel_unarchive", "group_unarchive", "member_joined_channel")
CHANNEL_LOST = (
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_left_channel",
)
PERMISSION_LOST = ("tokens_revoked", "app_uninstalled")
log = structlog.get_logger(__name__)


async def channel_back(context: Context, event: Payload, _: Payload) -> None:
    """Go on posting into a channel that was opened again, or that let us in again."""
    if event.get("user") == context.ours.bot_user_id or event["type"] != "member_joined_channel":
        await context.store.write(shown.channel_back, context.workspace_id, event["channel"], context.now())


async def channel_lost(context: Context, event: Payload, _: Payload) -> None:
    """Warn of a channel we cannot post into any more; what is on its way there waits until it is back."""
    if event["type"] != "member_left_channel" or event.get("user") == context.ours.bot_user_id:
        log.warning("channel_lost", channel=event.get("channel"), what=event["type"])


async def permission_lost(context: Context, event: Payload, _: Payload) -> None:
    """Warn that nothing can be said in the workspace until somebody installs the app again."""
    revoked = (event.get("tokens") or {}).get("bot") or ()
    if event["type"] == "app_uninstalled" or context.ours.bot_user_id in revoked:
        log.error("slack_permission_lost", workspace=context.workspace_id, what=event["type"])


async def member_changed(context: Context, event: Payload, _: Payload) -> None:
    """Keep the name, language and zone of somebody who acts here; others change their status all day long."""
    profile = agent_profile(event["user"])
    known = await context.store.read(agents.get, context.workspace_id, profile.external_id)
    if known is None:
        return
    if profile.locale or profile.is_guest != known.is_guest or profile.is_active is known.has_left:
        profile = replace(profile, locale=profile.locale or known.locale)  # Slack does not always tell it
        await context.store.write(team.learned, context.workspace_id, profile, context.now())
