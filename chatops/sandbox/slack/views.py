"""Modals and App Home: what is open for whom, and what Slack accepts as a view."""

import copy
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from chatops.sandbox.slack.blocks import check_view, finish_blocks
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.workspace import Workspace

DEEPEST_STACK = 3
LARGEST_VIEW = 250_000


class ViewRefused(Exception):
    """Slack's error code for a view it does not take."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass
class View:
    """One view as one person sees it; `wire` is Slack's view object without the typed-in state."""

    wire: Json
    app: App
    person_id: str
    choices: dict[str, Json] = field(default_factory=dict)  # block id → action id → state

    @property
    def id(self) -> str:
        """Return Slack's view id."""
        return str(self.wire["id"])

    def with_state(self) -> Json:
        """Return the view object as a payload carries it."""
        return copy.deepcopy(self.wire) | {"state": {"values": copy.deepcopy(self.choices)}}


@dataclass
class Views:
    """All views of the workspace."""

    workspace: Workspace
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)  # person id → open modals, top last
    homes: dict[tuple[str, str], View] = field(default_factory=dict)  # app id, person id

    def top(self, person_id: str) -> View | None:
        """Return the modal the person looks at."""
        stack = self.stacks.get(person_id)
        return stack[-1] if stack else None

    def open(self, app: App, person_id: str, given: Json) -> View:
        """Show a modal instead of whatever was open."""
        view = self._make(app, person_id, given)
        self.close(person_id)
        self.stacks[person_id] = [view]
        self.workspace.changed()
        return view

    def push(self, app: App, person_id: str, given: Json) -> View:
        """Put a modal on top of the open one."""
        stack = self.stacks.setdefault(person_id, [])
        if len(stack) >= DEEPEST_STACK:
            raise ViewRefused("push_limit_reached")
        view = self._make(app, person_id, given)
        if stack:
            view.wire |= {"root_view_id": stack[0].id, "previous_view_id": stack[-1].id}
        stack.append(view)
        self.workspace.changed()
        return view

    def update(self, app: App, given: Json, view_id: str, external_id: str, expected_hash: str) -> View:
        """Replace an open view's content; what was typed stays where block and action ids stay."""
        view = next(
            (
                v
                for v in self.views.values()
                if v.id == view_id or (external_id and v.wire["external_id"] == external_id)
            ),
            None,
        )
        if view is None or view.app is not app:
            raise ViewRefused("not_found")
        if expected_hash and expected_hash != view.wire["hash"]:
            raise ViewRefused("hash_conflict")
        self.replace(view, given)
        return view

    def replace(self, view: View, given: Json) -> None:
        """Put new content into a view that stays open."""
        new = self._content(view.app, given, keep=view)
        kept = {key: view.wire[key] for key in ("id", "root_view_id", "previous_view_id")}
        view.wire = new | kept
        fresh = initial_choices(view.wire["blocks"])
        for block_id, actions in fresh.items():
            for action_id in actions:
                actions[action_id] = view.choices.get(block_id, {}).get(action_id, actions[action_id])
        view.choices = fresh
        self.workspace.changed()

    def publish(self, app: App, person_id: str, given: Json, expected_hash: str) -> View:
        """Show a person's App Home."""
        if not app.home_enabled:
            raise ViewRefused("not_enabled")
        old = self.homes.get((app.app_id, person_id))
        if old and expected_hash and expected_hash != old.wire["hash"]:
            raise ViewRefused("hash_conflict")
        if given.get("type") != "home":
            raise ViewRefused("invalid_arguments")
        if old:
            self.replace(old, given)
            return old
        view = self._make(app, person_id, given)
        self.homes[app.app_id, person_id] = view
        self.workspace.changed()
        return view

    def pop(self, view: View) -> None:
        """Close the top modal."""
        stack = self.stacks.get(view.person_id, [])
        if view in stack:
            stack.remove(view)
        self.views.pop(view.id, None)
        self.workspace.changed()

    def close(self, person_id: str) -> None:
        """Close the person's whole stack."""
        for view in self.stacks.pop(person_id, []):
            self.views.pop(view.id, None)
        self.workspace.changed()

    def _make(self, app: App, person_id: str, given: Json) -> View:
        wire = self._content(app, given)
        view_id = f"V0{secrets.token_hex(5).upper()}"
        wire |= {"id": view_id, "root_view_id": view_id, "previous_view_id": None}
        view = View(wire, app, person_id, initial_choices(wire["blocks"]))
        self.views[view_id] = view
        return view

    def _content(self, app: App, given: Json, keep: View | None = None) -> Json:
        if len(json.dumps(given)) > LARGEST_VIEW:
            raise ViewRefused("view_too_large")
        problems = check_view(given)
        if problems:
            raise ViewRefused("invalid_arguments", response_metadata={"messages": problems})
        external_id = given.get("external_id", "")
        if external_id and any(v.wire["external_id"] == external_id and v is not keep for v in self.views.values()):
            raise ViewRefused("duplicate_external_id")
        blank = {
            "private_metadata": "", "callback_id": "", "clear_on_close": False, "notify_on_close": False,
            "submit": None, "close": None, "external_id": "",
            "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        }  # fmt: skip
        return blank | copy.deepcopy(given) | {
            "team_id": self.workspace.team.id, "blocks": finish_blocks(given["blocks"]), "app_id": app.app_id,
            "hash": f"{self.workspace.unix()}.{secrets.token_hex(4)}", "app_installed_team_id": self.workspace.team.id,
            "bot_id": app.bot_id, "state": {"values": {}},
        }  # fmt: skip


def initial_choices(blocks: list[Json]) -> dict[str, Json]:
    """Return the state of every input and selectable element before anyone touched it."""
    found: dict[str, Json] = {}
    for block in blocks:
        inside = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for element in inside:
            state = _initial_state(element) if isinstance(element, dict) else None
            if state is not None and isinstance(element, dict):
                found.setdefault(block["block_id"], {})[element["action_id"]] = state
    return found


def _initial_state(element: Json) -> Json | None:
    kind = element.get("type", "")
    key = STATE_KEYS.get(kind)
    if key is None:
        return None
    initial = element.get(f"initial_{key.removeprefix('selected_')}")
    return {"type": kind, key: [] if initial is None and key.endswith("s") else initial}


STATE_KEYS = {
    "plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
    "rich_text_input": "rich_text_value", "static_select": "selected_option", "external_select": "selected_option",
    "users_select": "selected_user", "conversations_select": "selected_conversation",
    "channels_select": "selected_channel", "multi_static_select": "selected_options",
    "multi_external_select": "selected_options", "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations", "multi_channels_select": "selected_channels",
    "radio_buttons": "selected_option", "checkboxes": "selected_options", "datepicker": "selected_date",
    "timepicker": "selected_time", "datetimepicker": "selected_date_time",
}  # fmt: skip
