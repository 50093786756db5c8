"""What an app asks about itself and about the gateway."""

from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.rest.call import Call, Route

SPAREABLE = {  # an intent switched on in the portal, and the flag of a small app that has it
    1 << 8: 1 << 13,
    1 << 1: 1 << 15,
    1 << 15: 1 << 19,
}


def me(call: Call) -> Json:
    """Return the bot's own user object."""
    return call.app.bot.user() | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


def application(call: Call) -> Json:
    """Return the application."""
    app = call.app
    owner = {
        "id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": "Owner",
        "public_flags": 0, "flags": 0, "primary_guild": None,
    }  # fmt: skip
    flags = sum(flag for intent, flag in SPAREABLE.items() if app.intents & intent)
    return {
        "id": app.id, "name": app.name, "icon": None, "description": "", "type": None, "bot": app.bot.user(),
        "bot_public": False, "bot_require_code_grant": False, "verify_key": app.verify_key, "flags": flags,
        "flags_new": str(flags), "owner": owner, "team": None, "redirect_uris": [], "interactions_endpoint_url": None,
        "role_connections_verification_url": None, "approximate_guild_count": 1, "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }  # fmt: skip


def gateway(call: Call) -> Json:
    """Return where the gateway is."""
    return {"url": _address(call)}


def gateway_for_bots(call: Call) -> Json:
    """Return where the gateway is and how often the app may still identify."""
    return {"url": _address(call), "shards": 1, "session_start_limit": call.identifies(call.app)}


def _address(call: Call) -> str:
    return call.server.url.replace("http", "ws", 1) + "/gateway/"


ROUTES = (
    Route("GET", "/users/@me", "users.me", me),
    Route("GET", "/oauth2/applications/@me", "applications.me", application),
    Route("GET", "/applications/@me", "applications.me", application),
    Route("GET", "/gateway", "gateway.get", gateway),
    Route("GET", "/gateway/bot", "gateway.bot", gateway_for_bots),
)
