"""Whether Slack takes these blocks or this view, and how it stores them."""

import copy
import secrets
from collections.abc import Iterator
from typing import Any

from chatops.sandbox.slack.block_shapes import BLOCKS, VIEW
from chatops.sandbox.slack.emoji_names import to_short_names
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.shapes import ByType, ListOf, Problems, fault

MESSAGE_BLOCKS = 50
MARKDOWN_PER_MESSAGE = 12_000


def check_blocks(blocks: Any) -> Problems:
    """Return everything wrong with a message's blocks."""
    problems: Problems = []
    ListOf(ByType(BLOCKS), MESSAGE_BLOCKS, 0).check(blocks, "/blocks", problems)
    if problems or not isinstance(blocks, list):
        return problems
    _check_ids(blocks, problems)
    _check_content(blocks, problems)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_PER_MESSAGE:
        fault(problems, f"markdown must be less than {MARKDOWN_PER_MESSAGE + 1} characters in total", "/blocks")
    return problems


def two_tables(blocks: Any) -> bool:
    """Return whether there is more than the one table a message may hold."""
    given = blocks if isinstance(blocks, list) else []
    return len([block for block in given if isinstance(block, dict) and block.get("type") == "table"]) > 1


def check_view(view: Any) -> Problems:
    """Return everything wrong with a modal or App Home."""
    problems: Problems = []
    VIEW.check(view, "/view", problems)
    if problems:
        return problems
    kinds = [block["type"] for block in view["blocks"]]
    if view["type"] == "modal" and not view.get("title"):
        fault(problems, "missing required field: title", "/view")
    if view["type"] == "modal" and "input" in kinds and not view.get("submit"):
        fault(problems, "submit is required when an input block is present", "/view")
    for index, kind in enumerate(kinds):
        if kind in {"table", "file", "markdown"}:
            fault(problems, f"unsupported type: {kind}", f"/view/blocks/{index}/type")
    _check_ids(view["blocks"], problems)
    _check_content(view["blocks"], problems)
    return problems


def _check_ids(blocks: list[Json], problems: Problems) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            fault(problems, f"`block_id` {block_id} already exists", f"/blocks/{index}/block_id")
        if block_id:
            seen.add(block_id)
        actions = [element.get("action_id") for element in block.get("elements", []) if block["type"] == "actions"]
        given = [action for action in actions if action]
        for action in {action for action in given if given.count(action) > 1}:
            fault(problems, f"`action_id` {action} already exists for another element", f"/blocks/{index}/elements")


def _check_content(blocks: list[Json], problems: Problems) -> None:
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if block["type"] == "section" and not block.get("text") and not block.get("fields"):
            fault(problems, "must provide text or fields", at)
        if block["type"] == "image" and bool(block.get("image_url")) == bool(block.get("slack_file")):
            fault(problems, "must provide either image_url or slack_file", at)
        for element in elements_of(block):
            selects = element.get("type") in {"static_select", "multi_static_select"}
            if selects and bool(element.get("options")) == bool(element.get("option_groups")):
                fault(problems, "must provide either options or option_groups", at)


def elements_of(block: Json) -> Iterator[Json]:
    """Return the interactive elements of a block."""
    for element in (block.get("element"), block.get("accessory"), *block.get("elements", [])):
        if isinstance(element, dict) and block["type"] != "rich_text":
            yield element


def finish_blocks(blocks: list[Json]) -> list[Json]:
    """Return the blocks as Slack stores them: ids filled in, text defaults set, emoji as short names."""
    stored = copy.deepcopy(blocks)
    for block in stored:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            if element.get("type") not in {"image", "plain_text", "mrkdwn"}:
                element.setdefault("action_id", secrets.token_urlsafe(4))
        _finish_texts(block)
    return stored


def _finish_texts(piece: Any) -> None:
    if isinstance(piece, list):
        for part in piece:
            _finish_texts(part)
    elif isinstance(piece, dict):
        if piece.get("type") in {"plain_text", "mrkdwn"} and isinstance(piece.get("text"), str):
            piece["text"] = to_short_names(piece["text"])
            piece.setdefault(*(("emoji", True) if piece["type"] == "plain_text" else ("verbatim", False)))
        for value in piece.values():
            _finish_texts(value)
