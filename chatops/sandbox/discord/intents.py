"""What a session hears of what happens, by its intents, and what is hidden from one that may not read messages."""

from chatops.sandbox.discord.message import Json

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_MODERATION = 1 << 2
GUILD_WEBHOOKS = 1 << 5
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
GUILD_MESSAGE_TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
DIRECT_MESSAGE_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15

PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT  # to be switched on in the developer portal first
KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
DIRECT = {
    GUILD_MESSAGES: DIRECT_MESSAGES,
    GUILD_MESSAGE_REACTIONS: DIRECT_MESSAGE_REACTIONS,
    GUILD_MESSAGE_TYPING: DIRECT_MESSAGE_TYPING,
}
NEEDED = (
    dict.fromkeys(
        (
            "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE",
            "GUILD_ROLE_DELETE", "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "CHANNEL_PINS_UPDATE",
            "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC", "THREAD_MEMBER_UPDATE",
            "THREAD_MEMBERS_UPDATE",
        ),
        GUILDS,
    )
    | dict.fromkeys(("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), GUILD_MEMBERS)
    | dict.fromkeys(("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"), GUILD_MESSAGES)
    | dict.fromkeys(
        (
            "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL",
            "MESSAGE_REACTION_REMOVE_EMOJI",
        ),
        GUILD_MESSAGE_REACTIONS,
    )
    | {"TYPING_START": GUILD_MESSAGE_TYPING, "WEBHOOKS_UPDATE": GUILD_WEBHOOKS, "GUILD_BAN_ADD": GUILD_MODERATION}
)  # fmt: skip
FOR_EVERYONE = {"INTERACTION_CREATE", "USER_UPDATE"}
CENSORED: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def seen(name: str, data: Json, bot_id: str, intents: int) -> Json | None:
    """Return what a session with these intents gets of a happening, or None when it hears nothing of it.

    KeyError for a name no rule is known for: a world that sends it must say here who hears it.
    """
    if name in FOR_EVERYONE:
        return data
    needed = NEEDED[name]
    if "guild_id" not in data and needed in DIRECT:
        needed = DIRECT[needed]
    about_itself = name == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == bot_id
    if not intents & needed and not about_itself:
        return None
    if name == "THREAD_MEMBERS_UPDATE" and not intents & GUILD_MEMBERS:
        return _own_membership(data, bot_id)
    if name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and not intents & MESSAGE_CONTENT:
        return censored(data, bot_id)
    return data


def _own_membership(data: Json, bot_id: str) -> Json | None:
    """Without the list of members a bot hears only of its own coming and going."""
    added = [member for member in data.get("added_members", []) if member["user_id"] == bot_id]
    removed = [member_id for member_id in data.get("removed_member_ids", []) if member_id == bot_id]
    if not added and not removed:
        return None
    return data | {"added_members": added, "removed_member_ids": removed}


def censored(message: Json, bot_id: str) -> Json:
    """Hide the words of a message, unless the bot wrote it, is mentioned in it, or it is a direct one."""
    mentioned = any(who["id"] == bot_id for who in message.get("mentions", []))
    if mentioned or "guild_id" not in message or message.get("author", {}).get("id") == bot_id:
        return message
    shown = {key: value for key, value in message.items() if key != "poll"}
    shown |= {key: empty for key, empty in CENSORED.items() if key in message}
    if isinstance(quoted := message.get("referenced_message"), dict):
        shown["referenced_message"] = censored(quoted | {"guild_id": message["guild_id"]}, bot_id)
    return shown
