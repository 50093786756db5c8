"""Which parts of an app's message are alive: would ping someone, be clickable, or unfold a preview."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatops.sandbox.slack.message import Json, Message

CONTROL = re.compile(r"<([@#!]?)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
BARE_REACH = re.compile(r"(?<![\w@&])@(here|channel|everyone)\b")
BARE_URL = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")


@dataclass(frozen=True)
class Live:
    """Something alive in a message; kind is person, broadcast, group, channel, link, url (found bare) or unfurl."""

    kind: str
    target: str
    where: str
    channel_id: str
    ts: str


def audit(message: Message) -> list[Live]:
    """Return everything that is alive in a message."""
    found = [*_in_text(message.text, parsed=message.parse != "none", urls=True, where="text")]
    found += _in_json(message.blocks, "blocks")
    found += _in_json(message.attachments, "attachments")
    if message.unfurls:
        found += [("unfurl", target, where) for kind, target, where in found if kind in {"link", "url"}]
    return [Live(kind, target, where, message.channel_id, message.ts) for kind, target, where in found]


Found = tuple[str, str, str]


def _in_text(text: str, *, parsed: bool, urls: bool, where: str) -> Iterator[Found]:
    for sign, target, _ in CONTROL.findall(text):
        kind = _kind(sign, target)
        if kind:
            yield kind, target.removeprefix("subteam^"), where
    if parsed:
        yield from (("broadcast", reach, where) for reach in BARE_REACH.findall(text))
    if urls:
        yield from (("url", url, where) for url in BARE_URL.findall(text))


def _kind(sign: str, target: str) -> str:
    if sign == "@":
        return "person"
    if sign == "#":
        return "channel"
    if sign == "!":
        word = re.split(r"[\^|]", target)[0]
        return {"subteam": "group", "date": ""}.get(word, "broadcast")
    return "link"


def _in_json(piece: Any, where: str) -> Iterator[Found]:
    if isinstance(piece, list):
        for index, part in enumerate(piece):
            yield from _in_json(part, f"{where}/{index}")
    elif isinstance(piece, dict):
        yield from _in_object(piece, where)


def _in_object(piece: Json, where: str) -> Iterator[Found]:
    match piece.get("type"):
        case "plain_text" | "text" | "raw_text":
            return
        case "mrkdwn":
            wild = not piece.get("verbatim", False)  # unless verbatim, Slack looks for names and links by itself
            yield from _in_text(piece["text"], parsed=wild, urls=wild, where=where)
        case "markdown":
            yield from _in_text(piece["text"], parsed=True, urls=True, where=where)
            yield from (("link", url, where) for url in re.findall(r"\]\((https?://[^)\s]+)", piece["text"]))
        case "user":
            yield "person", piece["user_id"], where
        case "usergroup":
            yield "group", piece["usergroup_id"], where
        case "broadcast":
            yield "broadcast", piece["range"], where
        case "link":
            yield "link", piece["url"], where
        case _:
            for name, value in piece.items():
                yield from _in_json(value, f"{where}/{name}")
