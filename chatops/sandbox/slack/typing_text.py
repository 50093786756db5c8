"""What Slack's client makes of the text a person types: escaped mrkdwn and a rich_text block."""

import re
import secrets

from chatops.sandbox.slack.emoji_names import EMOJI, SHORT_NAMES
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.workspace import Workspace

URL = r"https?://[^\s<>]*[^\s<>.,;:!?)\"'\]]"
STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
STYLED = r"(?<!\w)(?P<mark>[*_~`])(?P<inner>[^\s*_~`](?:[^*_~`\n]*[^\s*_~`])?)(?P=mark)(?!\w)"
SHORT = r"(?<!\w):(?P<short>[a-z0-9_+\-]+):"


def escape(text: str) -> str:
    """Return text with Slack's three control characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(workspace: Workspace, text: str) -> tuple[str, list[Json]]:
    """Return (message text, blocks) for what a person typed; @names and #channels become real mentions."""
    names = _names(workspace)
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"
    pieces = re.compile(
        rf"(?P<name>(?<!\w)(?:{known})(?!\w))|(?P<url>{URL})|(?P<emoji>{EMOJI.pattern})|{SHORT}|{STYLED}"
    )
    said, end = "", 0
    elements: list[Json] = []
    for found in pieces.finditer(text):
        said, elements = _plain(said, elements, text[end : found.start()])
        raw, element = _piece(found, names)
        said, end = said + raw, found.end()
        elements.append(element)
    said, elements = _plain(said, elements, text[end:])
    block = {"type": "rich_text", "block_id": secrets.token_urlsafe(3),
             "elements": [{"type": "rich_text_section", "elements": elements}]}  # fmt: skip
    return said, [block] if elements else []


def _plain(said: str, elements: list[Json], text: str) -> tuple[str, list[Json]]:
    return said + escape(text), [*elements, {"type": "text", "text": text}] if text else elements


def _piece(found: "re.Match[str]", names: dict[str, tuple[str, Json]]) -> tuple[str, Json]:
    whole = found.group()
    if found["name"]:
        raw, element = names[whole]
        return raw, dict(element)
    if found["url"]:
        return f"<{escape(whole)}>", {"type": "link", "url": whole}
    if found["emoji"]:
        return f":{SHORT_NAMES[whole]}:", {"type": "emoji", "name": SHORT_NAMES[whole]}
    if found["short"]:
        return whole, {"type": "emoji", "name": found["short"]}
    style = {STYLES[found["mark"]]: True}
    return escape(whole), {"type": "text", "text": found["inner"], "style": style}


def _names(workspace: Workspace) -> dict[str, tuple[str, Json]]:
    names: dict[str, tuple[str, Json]] = {}
    for member in workspace.members.values():
        for name in {member.name, member.real_name}:
            names[f"@{name}"] = f"<@{member.id}>", {"type": "user", "user_id": member.id}
    for group in workspace.groups.values():
        mention = {"type": "usergroup", "usergroup_id": group.id}
        names[f"@{group.handle}"] = f"<!subteam^{group.id}>", mention
    for channel in workspace.channels.values():
        if channel.name:
            names[f"#{channel.name}"] = f"<#{channel.id}|{channel.name}>", {"type": "channel", "channel_id": channel.id}
    for reach in ("here", "channel", "everyone"):
        names[f"@{reach}"] = f"<!{reach}>", {"type": "broadcast", "range": reach}
    return names
