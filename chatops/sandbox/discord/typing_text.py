"""What Discord's client makes of the words a person types: names become mentions."""

import re

from chatops.sandbox.discord.channel import DIRECT
from chatops.sandbox.discord.server import Server


def typed(server: Server, text: str) -> str:
    """Return the content that is sent: `@Name` of a member or role and `#channel` are turned into their ids."""
    if "@" not in text and "#" not in text:
        return text
    names = {f"@{member.name}": f"<@{member.id}>" for member in server.members.values()}
    names |= {
        f"@{role.name}": f"<@&{role.id}>" for role in server.roles.values() if role.id != server.id and not role.managed
    }
    names |= {f"#{place.name}": f"<#{place.id}>" for place in server.channels.values() if place.type != DIRECT}
    longest_first = sorted(names, key=len, reverse=True)
    found = re.compile("|".join(rf"{re.escape(name)}(?!\w)" for name in longest_first))
    return found.sub(lambda match: names[match[0]], text)
