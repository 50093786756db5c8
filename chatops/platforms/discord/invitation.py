"""What a bot is invited with: the link, and the rights it asks for, as Discord's pages name them."""

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


def permissions(*, buyer_names: bool = False) -> int:
    """Return the rights as Discord's sum of bits."""
    return sum((NEEDED | BESIDE | (FOR_BUYER_NAMES if buyer_names else {})).values())


def link(application_id: str, *, buyer_names: bool = False) -> str:
    """Return the address at which somebody who manages a server invites the bot."""
    asked = {"client_id": application_id, "scope": SCOPES, "permissions": permissions(buyer_names=buyer_names)}
    return f"{AUTHORIZE}?{urlencode(asked)}"
