"""What a bot is invited with: the link, and the rights it asks for, as Discord's pages name them."""

from collections.abc import Mapping
from urllib.parse import urlencode

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = "bot applications.commands"
CONTENT_INTENT = "Message Content Intent"
CONTENT_FLAGS = 1 << 18 | 1 << 19  # of the application: it may read what people type; in a small number of servers

NEEDED = {  # without one of these nothing is mirrored
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Read Message History": 1 << 16,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
NEEDED_IN_A_FORUM = {right: bit for right, bit in NEEDED.items() if right != "Create Public Threads"}
BESIDE = {  # without one of these something is missing
    "Add Reactions": 1 << 6,
    "Attach Files": 1 << 15,
    "Manage Threads": 1 << 34,
}
FOR_BUYER_NAMES = {"Manage Webhooks": 1 << 29}  # to show what buyers say under their names

FOR_ROLES = {"Manage Roles": 1 << 28}  # to keep the role of a rotation in step with who is on call


def rights(*, buyer_names: bool = False, roles: bool = False) -> dict[str, int]:
    """Return the rights to ask for, each with its bit."""
    return NEEDED | BESIDE | (FOR_BUYER_NAMES if buyer_names else {}) | (FOR_ROLES if roles else {})


def link(application_id: str, asked: Mapping[str, int]) -> str:
    """Return the address at which somebody who manages a server invites the bot with these rights."""
    query = {"client_id": application_id, "scope": SCOPES, "permissions": sum(asked.values())}
    return f"{AUTHORIZE}?{urlencode(query)}"
