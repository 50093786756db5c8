"""auth.test, apps.connections.open, team.info and emoji.list: who am I, where am I."""

from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method


def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    team, app = call.workspace.team, call.app
    return {
        "url": f"https://{team.domain}.slack.com/", "team": team.name, "user": app.name, "team_id": team.id,
        "user_id": app.bot_user_id, "bot_id": app.bot_id, "is_enterprise_install": False, "app_id": app.app_id,
    }  # fmt: skip


def open_connection(call: Call) -> Json:
    """Return a WebSocket address for Socket Mode."""
    if not call.app.socket_mode:
        raise ApiError("forbidden_team")
    return {"url": call.delivery.sockets.open(call.app)}


def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def emoji_list(call: Call) -> Json:
    """List the workspace's own emoji."""
    return {"emoji": dict(call.workspace.custom_emoji), "cache_ts": call.workspace.mint_ts()}


METHODS = {
    "auth.test": Method(auth_test, per_minute=600),
    "api.test": Method(lambda call: {"args": call.args}, optional=("foo", "error"), per_minute=600),
    "apps.connections.open": Method(open_connection, token="xapp-"),  # noqa: S106 - the prefix, not a secret
    "team.info": Method(team_info, ("team:read",), (), ("domain", "team")),
    "emoji.list": Method(emoji_list, ("emoji:read",), (), ("include_categories",), per_minute=20),
}
