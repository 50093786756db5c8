"""Which app hears of what, and the outer body every event travels in."""

from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.workspace import Happening, Workspace

DEFAULT_SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:manage", "channels:read", "chat:write",
    "chat:write.customize", "commands", "dnd:read", "emoji:read", "files:read", "files:write", "groups:history",
    "groups:read", "im:history", "im:read", "im:write", "pins:read", "pins:write", "reactions:read", "reactions:write",
    "team:read", "usergroups:read", "usergroups:write", "users:read", "users:read.email",
)  # fmt: skip
DEFAULT_EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left",
    "channel_rename", "channel_unarchive", "group_archive", "group_deleted", "group_left", "member_joined_channel",
    "member_left_channel", "message.channels", "message.groups", "message.im", "reaction_added", "reaction_removed",
    "subteam_members_changed", "team_join", "tokens_revoked", "user_change",
)  # fmt: skip
SCOPE_OF = {
    "message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
    "app_mention": "app_mentions:read", "reaction_added": "reactions:read", "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read", "member_left_channel": "channels:read", "user_change": "users:read",
    "team_join": "users:read", "subteam_members_changed": "usergroups:read", "file_shared": "files:read",
    "channel_archive": "channels:read", "channel_unarchive": "channels:read", "channel_rename": "channels:read",
    "group_archive": "groups:read",
}  # fmt: skip


def hearers(workspace: Workspace, happening: Happening) -> list[App]:
    """Return the apps that subscribed to this, may see it and are where it happened."""
    apps = [happening.only] if happening.only else list(workspace.apps.values())
    return [app for app in apps if _hears(app, happening)]


def _hears(app: App, happening: Happening) -> bool:
    scope = SCOPE_OF.get(happening.subscription)
    if happening.subscription not in app.events or (scope and scope not in app.scopes):
        return False
    if app.revoked and happening.subscription not in {"tokens_revoked", "app_uninstalled"}:
        return False
    there = happening.only or happening.channel is None or app.bot_user_id in happening.channel.members
    return bool(there)


def outer_body(workspace: Workspace, app: App, event: Json, number: int) -> Json:
    """Return the body that an HTTP request or an envelope's payload carries; its event_id is unique."""
    team = workspace.team.id
    return {
        "token": "legacy", "team_id": team, "context_team_id": team, "context_enterprise_id": None,
        "enterprise_id": None, "api_app_id": app.app_id, "event": event, "type": "event_callback",
        "event_id": f"Ev{number:010d}", "event_time": workspace.unix(),
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": app.bot_user_id, "is_bot": True,
                            "is_enterprise_install": False}],
        "is_ext_shared_channel": False, "event_context": f"4-{number:010d}",
    }  # fmt: skip
