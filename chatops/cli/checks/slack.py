"""Slack: the tokens, the scopes, the clock, the sockets, and whether the bot is in every channel it must write to."""

import asyncio
from datetime import timedelta

import aiohttp

from chatops.cli.checks.database import Facts
from chatops.cli.findings import Finding, broken, clock, doubt, fine, not_let_in, note
from chatops.config import Config
from chatops.errors import PlatformError
from chatops.model.workspace import PlatformName, Workspace
from chatops.platforms.ports import ChannelRef
from chatops.platforms.slack.client import SlackPlatform
from chatops.platforms.slack.readback import Identity
from chatops.times import TimeSource

# What manifest.yml asks for; a test holds the two together.
NEEDED_SCOPES = frozenset(
    {
        "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
        "groups:history", "groups:read", "im:history", "im:write", "reactions:read", "reactions:write",
        "usergroups:write", "users:read",
    }
)  # fmt: skip
TIMEOUT = aiohttp.ClientTimeout(total=6, sock_connect=3)
CLOCK_LIMIT = timedelta(minutes=5)  # requests signed by Slack are refused when they seem older than this
MANIFEST = "api.slack.com/apps → your app → App Manifest: paste manifest.yml; then Install App → Reinstall."
APPLY = "then `chatops apply desk.toml`."


async def look(config: Config, facts: Facts | None, time: TimeSource) -> list[Finding]:
    """Ask Slack; nothing when there is no bot token to ask with and no workspace that needs one."""
    token = config.slack_bot_token.get_secret_value()
    if not token:
        return [_no_token(one) for one in _routed(facts) if config.on_discord]  # else that is said already
    slack = SlackPlatform(lambda _: token, time=time, base_url=config.slack_api_url, timeout=TIMEOUT)
    try:
        about_bot, about_sockets = await asyncio.gather(_bot(slack, token, facts), _sockets(slack, config))
    finally:
        await slack.close()
    return list(dict.fromkeys([*about_bot, *about_sockets]))  # out of reach is out of reach: said once


def _routed(facts: Facts | None) -> list[Workspace]:
    """Return the workspaces that messages go to."""
    if facts is None:
        return []
    wanted = {route.workspace_id for route in facts.routes}
    return [one for one in facts.workspaces if one.platform is PlatformName.SLACK and one.id in wanted]


def _no_token(workspace: Workspace) -> Finding:
    where = "api.slack.com/apps → your app → OAuth & Permissions: copy the Bot User OAuth Token into .env."
    return broken(f"workspace {workspace.name} is on Slack, and SLACK_BOT_TOKEN is not set", where)


async def _bot(slack: SlackPlatform, token: str, facts: Facts | None) -> list[Finding]:
    try:
        us = await slack.identity(token)
    except PlatformError as error:
        return [_failed(error, "SLACK_BOT_TOKEN", "OAuth & Permissions → Reinstall, and copy the Bot User OAuth Token")]
    found = [
        fine(f"the bot token is good for {us.team_name} ({us.team_id})"),
        clock("Slack's", us.clock_ahead, ahead_limit=CLOCK_LIMIT, behind_limit=CLOCK_LIMIT),
        _scopes(us),
    ]
    if facts is None:
        return found
    places = sorted({(route.workspace_id, route.channel_id) for route in facts.routes})
    ours = [ChannelRef(workspace, channel) for workspace, channel in places if workspace == us.team_id]
    channels = await asyncio.gather(*(_channel(slack, one) for one in ours))
    return [*found, *_workspaces(us, facts), *(one for one in channels if one is not None)]


def _scopes(us: Identity) -> Finding:
    missing = sorted(NEEDED_SCOPES - us.scopes)
    if missing:
        return broken(f"the bot may not do everything it needs; missing scopes: {', '.join(missing)}", MANIFEST)
    return fine("the bot has every scope that manifest.yml asks for")


def _workspaces(us: Identity, facts: Facts) -> list[Finding]:
    named = {one.id for one in facts.workspaces if one.platform is PlatformName.SLACK}
    found = []
    if us.team_id not in named:
        fact = f"desk.toml does not name the workspace of the bot token, {us.team_name} ({us.team_id})"
        found.append(broken(fact, f"Set its id under [[workspaces]], {APPLY}"))
    found += [
        broken(f"workspace {one.name} ({one.id}) cannot be reached: no token is for it", f"Route elsewhere, {APPLY}")
        for one in _routed(facts)
        if one.id != us.team_id
    ]
    return found


async def _channel(slack: SlackPlatform, channel: ChannelRef) -> Finding | None:
    try:
        state = await slack.channel_state(channel)
    except PlatformError as error:
        if error.code == "missing_scope":  # named already
            return None
        return doubt(f"channel {channel.channel_id} could not be asked for: {error}", "Run `chatops check` again.")
    name = f"#{state.name} ({channel.channel_id})"
    if not state.exists:
        fact = f"channel {channel.channel_id} does not exist, or is private and the bot is not in it"
        return broken(fact, f"Type /invite @chatops in it, or correct its id in desk.toml, {APPLY}")
    if state.is_archived:
        return broken(f"{name} is archived", f"Unarchive it in Slack, or name another channel in desk.toml, {APPLY}")
    if not state.is_member:
        return broken(f"the bot is not in {name}", "Type /invite @chatops in that channel.")
    return fine(f"the bot is in {name}")


async def _sockets(slack: SlackPlatform, config: Config) -> list[Finding]:
    hint = "Answer in a mirrored thread: ⏳ must appear on it. If not, compare the app's manifest with manifest.yml."
    events = note("Slack tells nobody which events an app hears", hint)
    if not config.socket_mode:
        return [note("the signing secret is proven by Slack's first request, not before"), events]
    try:
        await slack.try_socket(config.slack_app_token.get_secret_value())
    except PlatformError as error:
        where = "Basic Information → App-Level Tokens (connections:write), and Socket Mode must be on"
        return [_failed(error, "SLACK_APP_TOKEN", where), events]
    return [fine("the app token opens sockets (Socket Mode)"), events]


def _failed(error: PlatformError, variable: str, where: str) -> Finding:
    return not_let_in(error, "Slack", variable, f"api.slack.com/apps → your app → {where}.", "https://slack-status.com")
