"""Finding what a person presses in a message or view, and the payload that pressing makes."""

import copy
from typing import Any

from chatops.sandbox.slack.blocks import elements_of
from chatops.sandbox.slack.emoji_names import to_short_names
from chatops.sandbox.slack.member import App, Member
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.reading import texts
from chatops.sandbox.slack.views import STATE_KEYS, View
from chatops.sandbox.slack.workspace import Workspace


def find(blocks: list[Json], wanted: str) -> tuple[Json, Json]:
    """Return (block, element) whose action_id, visible label or placeholder is `wanted`."""
    offered, names = [], {wanted, to_short_names(wanted)}
    for block in blocks:
        for element in elements_of(block):
            if "action_id" not in element:
                continue
            shown = element.get("text") or element.get("placeholder")
            label = shown["text"] if isinstance(shown, dict) else ""
            if names & {element["action_id"], label}:
                return block, element
            offered.append(label or element["action_id"])
    raise AssertionError(f"there is nothing called {wanted!r} to press; there is {', '.join(offered) or 'nothing'}")


def choice(element: Json, option: Any) -> Json:
    """Return the state that choosing `option` (a value or a visible text) gives this element."""
    key = STATE_KEYS.get(element["type"], "selected_option" if element["type"] == "overflow" else None)
    if key is None:
        return {"type": element["type"], "value": element["value"]} if "value" in element else {"type": element["type"]}
    if key == "selected_option":
        return {"type": element["type"], key: None if option is None else _option(element, option)}
    if key == "selected_options":
        return {"type": element["type"], key: [_option(element, one) for one in option]}
    return {"type": element["type"], key: option}


def _option(element: Json, wanted: Any) -> Json:
    if isinstance(wanted, dict):  # one the app suggested just now
        return copy.deepcopy(wanted)
    groups = [group["options"] for group in element.get("option_groups") or []]
    options = [*(element.get("options") or []), *(option for group in groups for option in group)]
    for option in options:
        if wanted == option["value"] or to_short_names(str(wanted)) == option["text"]["text"]:
            return copy.deepcopy(option)
    shown = ", ".join(text for option in options for text in texts(option["text"]))
    raise AssertionError(f"there is no option {wanted!r}; there is {shown}")


def action(block: Json, element: Json, chosen: Json, ts: str) -> Json:
    """Return the entry of `actions` for one press."""
    shown: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    if element["type"] == "button":
        shown["text"] = element["text"]
    if "placeholder" in element:
        shown["placeholder"] = element["placeholder"]
    return shown | chosen


def person_wire(member: Member) -> Json:
    """Return the short form of a person that interaction payloads carry."""
    return {"id": member.id, "username": member.name, "name": member.name, "team_id": member.team_id}


def common(workspace: Workspace, app: App, member: Member, kind: str) -> Json:
    """Return what every interaction payload has."""
    return {
        "type": kind, "user": person_wire(member), "api_app_id": app.app_id, "token": "legacy", "enterprise": None,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain}, "is_enterprise_install": False,
    }  # fmt: skip


def container(message: Message) -> Json:
    """Return where a pressed message stands."""
    place: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel_id,
                   "is_ephemeral": message.ephemeral_to is not None}  # fmt: skip
    if message.is_reply:
        place["thread_ts"] = message.thread_ts
    return place


def fill_in(view: View, values: dict[str, dict[str, Any]]) -> None:
    """Type and choose in a modal; then check what Slack's client checks before it lets the form go."""
    blocks = {block["block_id"]: block for block in view.wire["blocks"]}
    for block_id, actions in values.items():
        if block_id not in blocks:
            raise AssertionError(f"the form has no block {block_id!r}; it has {', '.join(blocks)}")
        for action_id, given in actions.items():
            _, element = find([blocks[block_id]], action_id)
            view.choices.setdefault(block_id, {})[action_id] = choice(element, given)
    for block_id, block in blocks.items():
        if block["type"] == "input":
            _check_input(block, view.choices.get(block_id, {}).get(block["element"]["action_id"], {}))


def _check_input(block: Json, state: Json) -> None:
    element, label = block["element"], block["label"]["text"]
    given = next((value for key, value in state.items() if key != "type"), None)
    if not given and not block.get("optional"):
        raise AssertionError(f"the form cannot be sent: {label!r} is empty")
    if isinstance(given, str) and len(given) > element.get("max_length", 3000):
        raise AssertionError(f"the form cannot be sent: {label!r} is too long")
    if isinstance(given, str) and given and len(given) < element.get("min_length", 0):
        raise AssertionError(f"the form cannot be sent: {label!r} is too short")
