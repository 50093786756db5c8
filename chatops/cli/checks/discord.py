"""Discord: the token, what the bot may read, its sessions, its servers, and every channel it must write to."""

import asyncio
from collections.abc import Iterator, Sequence

import aiohttp

from chatops.cards.ticket import state_labels
from chatops.cli.checks.database import Facts
from chatops.cli.findings import Finding, broken, doubt, fine, in_words, not_let_in, note
from chatops.config import Config
from chatops.errors import PlatformError
from chatops.i18n import language
from chatops.model.shop import Route
from chatops.model.workspace import PlatformName, Workspace
from chatops.platforms.discord import invitation
from chatops.platforms.discord.client import DiscordPlatform
from chatops.platforms.discord.readback import Identity
from chatops.platforms.discord.standing import ChannelState
from chatops.platforms.discord.tags import spelled
from chatops.platforms.ports import ChannelRef
from chatops.times import TimeSource

TIMEOUT = aiohttp.ClientTimeout(total=6, sock_connect=3)
FEW_SESSIONS = 100  # of a thousand a day; when none is left, Discord takes the token away
MOST_TAGS = 20
PORTAL = "Developer portal → your app → Bot →"
APPLY = "then `chatops apply desk.toml`."
INVITE = "`chatops discord invite` prints the link that whoever manages the server has to open."
PRIVATE = (
    "Channel settings → Permissions: make it private, and let in the team and the bot; nobody else is to be there."
)
WITHOUT_CONTENT = "the team answers by /reply, or in the menu of a message: Reply to the buyer, Send to the buyer"


async def look(config: Config, facts: Facts | None, time: TimeSource) -> list[Finding]:
    """Ask Discord; nothing when there is no token to ask with and no workspace that needs one."""
    routed = _routed(facts)
    if not config.on_discord:
        return [_no_token(one) for one in routed if config.on_slack]  # without any token, that is said already
    token = config.discord_token.get_secret_value()
    discord = DiscordPlatform(token, time=time, api_url=config.discord_api_url, timeout=TIMEOUT)
    try:
        us = await discord.identity()
        sessions = await _sessions(discord)
        servers = await asyncio.gather(*(_server(discord, one, facts) for one in routed))
    except PlatformError as error:
        return [_failed(error)]
    finally:
        await discord.close()
    found = [fine(f"the bot token is good for {us.name}"), _content(config, us), sessions]
    if facts is not None and not any(one.platform is PlatformName.DISCORD for one in facts.workspaces):
        found.append(doubt("desk.toml names no Discord server", f"Add one under [[workspaces]], {APPLY}"))
    return found + [finding for findings in servers for finding in findings]


def _routed(facts: Facts | None) -> list[Workspace]:
    """Return the servers that messages go to."""
    if facts is None:
        return []
    wanted = {route.workspace_id for route in facts.routes}
    return [one for one in facts.workspaces if one.platform is PlatformName.DISCORD and one.id in wanted]


def _no_token(workspace: Workspace) -> Finding:
    fact = f"workspace {workspace.name} is on Discord, and DISCORD_TOKEN is not set"
    return broken(fact, f"{PORTAL} Reset Token, and copy it into .env.")


def _content(config: Config, us: Identity) -> Finding:
    may_read = bool(us.flags & invitation.CONTENT_FLAGS)
    if not config.discord_message_content:
        return note(f"DISCORD_MESSAGE_CONTENT is false: what is typed in a thread is not read; {WITHOUT_CONTENT}")
    if may_read:
        return fine(f"the bot may read what is typed in threads ({invitation.CONTENT_INTENT})")
    remedy = f"{PORTAL} {invitation.CONTENT_INTENT}. Or set DISCORD_MESSAGE_CONTENT=false: {WITHOUT_CONTENT}."
    return broken(f"{invitation.CONTENT_INTENT} is off, so Discord refuses every session", remedy)


async def _sessions(discord: DiscordPlatform) -> Finding:
    left = await discord.sessions_left()
    fact = f"{left.remaining:,} of {left.total:,} sessions may still begin within {in_words(left.reset_after)}"
    if left.remaining > FEW_SESSIONS:
        return fine(fact)
    remedy = "Something begins a session again and again: a process that restarts, or a second one with this token."
    if left.remaining:
        return doubt(fact, remedy)
    return broken(fact, f"{remedy} Discord takes the token away if it goes on: stop it first.")


async def _server(discord: DiscordPlatform, workspace: Workspace, facts: Facts | None) -> list[Finding]:
    name = await discord.server_name(workspace.id)
    if name is None:
        return [broken(f"the bot is not in server {workspace.name} ({workspace.id})", INVITE)]
    routes: dict[str, list[Route]] = {}
    for route in facts.routes if facts else ():
        if route.workspace_id == workspace.id:
            routes.setdefault(route.channel_id, []).append(route)
    states = await asyncio.gather(
        *(discord.channel_state(ChannelRef(workspace.id, channel_id)) for channel_id in routes)
    )
    judged = zip(routes.items(), states, strict=True)
    return [
        fine(f"the bot is in {name} ({workspace.id})"),
        *(finding for (channel_id, there), state in judged for finding in _channel(channel_id, there, state)),
        *[await _role(discord, workspace, one) for one in (facts.groups if facts else ()) if one[0] == workspace.name],
    ]


async def _role(discord: DiscordPlatform, workspace: Workspace, group: tuple[str, str, str]) -> Finding:
    """Judge the role that a rotation gives to whoever is on call."""
    _workspace, rotation, role_id = group
    state = await discord.role_state(workspace.id, role_id)
    if not state.exists:
        return doubt(f"rotation {rotation}: there is no role {role_id}", f"Correct its id in desk.toml, {APPLY}")
    if not state.may_give:
        remedy = "`chatops discord invite --roles` prints a link that asks for it."
        return doubt(f"rotation {rotation}: the bot may not give roles; missing: Manage Roles", remedy)
    if not state.below_ours:
        remedy = "Server settings → Roles: drag the bot's own role above it."
        return doubt(f"rotation {rotation}: the bot may not give the role {state.name}, which is above its own", remedy)
    return fine(f"rotation {rotation}: the bot can give the role {state.name}")


def _channel(channel_id: str, routes: Sequence[Route], state: ChannelState) -> Iterator[Finding]:
    """Judge one channel by the routes that end there."""
    name = f"#{state.name} ({channel_id})" if state.name else f"channel {channel_id}"
    if not state.exists:
        yield broken(f"{name} does not exist on its server", f"Correct its id in desk.toml, {APPLY}")
    elif not state.let_in:
        yield broken(f"the bot cannot see {name}", "Channel settings → Permissions: let the bot view it.")
    elif not (state.is_forum or state.is_text):
        yield broken(f"{name} is neither a forum nor a text channel", f"Name one that is in desk.toml, {APPLY}")
    else:
        yield from list(_rights(name, state, buyer_names=any(route.buyer_identity for route in routes))) or [
            fine(f"the bot may do everything it needs in {name}")
        ]
        if state.open_to_all:
            yield doubt(f"everybody on the server sees {name}, and what they write there goes to buyers", PRIVATE)
        if state.is_forum:
            yield from _tags(name, sorted({route.locale for route in routes}), state)


def _rights(name: str, state: ChannelState, *, buyer_names: bool) -> Iterator[Finding]:
    needed = invitation.NEEDED_IN_A_FORUM if state.is_forum else invitation.NEEDED
    remedy = "Channel settings → Permissions; or `chatops discord invite` prints a link that asks for all of them."
    if missing := [right for right, bit in needed.items() if not state.permissions & bit]:
        yield broken(f"the bot may not do what it must in {name}; missing: {', '.join(missing)}", remedy)
    beside = invitation.BESIDE | (invitation.FOR_BUYER_NAMES if buyer_names else {})
    if missing := [right for right, bit in beside.items() if not state.permissions & bit]:
        yield doubt(f"the bot may not do everything it should in {name}; missing: {', '.join(missing)}", remedy)


def _tags(name: str, locales: Sequence[str], state: ChannelState) -> Iterator[Finding]:
    """Judge a forum's tags: posts carry those that are called like the state of their ticket."""
    wanted: list[str] = []
    for locale in locales:
        with language(locale):
            wanted += state_labels()
    there = set(map(spelled, state.tags))
    missing = [label for label in dict.fromkeys(wanted) if spelled(label) not in there]
    if not missing:
        return
    add = f"Forum settings → Tags: add {', '.join(missing)}."
    if state.tag_required:
        yield broken(f"the forum {name} takes no post without a tag, and has no tag for each state of a ticket", add)
    else:
        room = "" if len(state.tags) + len(missing) <= MOST_TAGS else f" (A forum has at most {MOST_TAGS}.)"
        yield doubt(f"the forum {name} cannot show which tickets are open: it lacks tags", add + room)


def _failed(error: PlatformError) -> Finding:
    return not_let_in(error, "Discord", "DISCORD_TOKEN", f"{PORTAL} Reset Token.", "https://discordstatus.com")
