"""Slack's published limits, as a judge of painted messages that shares nothing with the painter."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

PUBLISHED = Path(__file__).parents[4] / "shared" / "specs" / "slack-blocks.schema.json"  # Slack's own types, where kept


def _length(text: str, most: int, what: str) -> Iterator[str]:
    if not 1 <= len(text) <= most:
        yield f"{what}: {len(text)} characters, 1 to {most} allowed"


def _texts(texts: list[dict[str, Any]], most: int, what: str) -> Iterator[str]:
    yield from [f"{len(texts)} times {what}"] if not 1 <= len(texts) <= 10 else []
    for text in texts:
        yield from _length(text["text"], most, what)


def _element(element: dict[str, Any]) -> Iterator[str]:
    yield from _length(element["action_id"], 255, "action_id")
    if element["type"] == "button":
        yield from _length(element["text"]["text"], 75, "button")
        yield from _length(element["value"], 2000, "button value")
    else:
        yield from _length(element["placeholder"]["text"], 150, "placeholder")
        yield from ["options"] if not 1 <= len(element["options"]) <= 100 else []
        for option in element["options"]:
            yield from _length(option["text"]["text"], 75, "option")
            yield from _length(option["value"], 150, "option value")
    if confirm := element.get("confirm"):
        for part, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
            yield from _length(confirm[part]["text"], most, f"confirm {part}")


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _length(block["text"]["text"], 150, "header")
        case "section" if "fields" in block:
            yield from _texts(block["fields"], 2000, "field")
        case "section":
            yield from _length(block["text"]["text"], 3000, "section")
        case "context":
            yield from _texts(block["elements"], 3000, "context")
        case "actions":
            yield from ["actions"] if not 1 <= len(block["elements"]) <= 25 else []
            for element in block["elements"]:
                yield from _element(element)
        case "rich_text":
            for part in block["elements"]:
                yield from _length("".join(piece["text"] for piece in part["elements"]), 3000, "quote")
        case "image":
            yield from _length(block["alt_text"], 2000, "alt text")
        case "divider":
            pass
        case other:
            yield f"unexpected block {other}"


def faults(text: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Return everything Slack would refuse, or split, in a message."""
    found = list(_length(text, 4000, "text"))
    size = len(json.dumps(blocks, ensure_ascii=False))
    found += [f"{size} characters of blocks"] if size > 13_000 else []
    found += [f"{len(blocks)} blocks"] if not 1 <= len(blocks) <= 50 else []
    for block in blocks:
        found += _block(block)
    ids = [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]
    found += [f"twice: {action}" for action in set(ids) if ids.count(action) > 1]
    json.dumps([text, blocks]).encode()
    text.encode()  # a lone surrogate cannot be sent
    if PUBLISHED.exists():
        found += [error.message for block in blocks for error in _published().iter_errors(block)]
    return found


def view_faults(view: dict[str, Any]) -> list[str]:
    """Return everything Slack would refuse in a form."""
    found = [fault for name in ("title", "submit", "close") for fault in _length(view[name]["text"], 24, name)]
    found += _length(view["callback_id"], 255, "callback_id")
    found += [] if len(view["private_metadata"]) <= 3000 else ["private_metadata"]
    for block in view["blocks"]:
        found += _input(block) if block["type"] == "input" else _block(block)
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    found += [] if len(ids) == len(set(ids)) else ["block_id twice"]
    if PUBLISHED.exists():
        found += [error.message for block in view["blocks"] for error in _published().iter_errors(block)]
    return found


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from _length(block["label"]["text"], 2000, "label")
    yield from _length(block["hint"]["text"], 2000, "hint") if "hint" in block else []
    element = block["element"]
    if element["type"] == "static_select":
        yield from ["options"] if not 1 <= len(element["options"]) <= 100 else []
        yield from [] if element.get("initial_option", element["options"][0]) in element["options"] else ["initial"]
        for option in element["options"]:
            yield from _length(option["text"]["text"], 75, "option")
            yield from _length(option["value"], 150, "option value")
    else:
        yield from [] if 1 <= element["max_length"] <= 3000 else ["max_length"]
        yield from [] if len(element.get("initial_value", "")) <= element["max_length"] else ["initial_value"]


def _published() -> Draft7Validator:
    return Draft7Validator(json.loads(PUBLISHED.read_text()))
