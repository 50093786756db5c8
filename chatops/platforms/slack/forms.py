"""Forms as Slack's modal views, and what comes back of them.

A view's `callback_id` is the press its submission means, its `private_metadata` the thread it is about: Slack does not
tell where a form was opened. What is wrong with an input is said below it, and the form stays open as it was filled in.
"""

from collections.abc import Mapping
from typing import Any

from chatops.platforms.cutting import Shortened, clean, in_figures, safe_cut
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.paint import Block, blocks_of, plain_text
from chatops.ui import Card, Form, Input, Option

TITLE = 24
MOST_OPTIONS = 100
VALUE = 3_000
ROOM = 100_000  # characters of blocks; Slack takes 250,000 bytes in a view


def paint_form(form: Form, place: ThreadRef | None = None, shortened: Shortened = in_figures) -> Block:
    """Return a form as a modal view; `place` is the thread in which its submission is answered."""
    above = blocks_of(Card(summary=form.title, parts=form.parts), shortened, ROOM)
    return {
        "type": "modal",
        "callback_id": form.press.encode(),
        "private_metadata": f"{place.channel_id}/{place.thread_id}" if place else "",
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(form.submit, TITLE),
        "close": plain_text(form.cancel, TITLE),
        "blocks": [*above, *map(_input, form.inputs)],
    }


def read_place(view: Mapping[str, Any], workspace_id: str) -> ThreadRef | None:
    """Return the thread that a form is about."""
    channel_id, _, thread_id = (view.get("private_metadata") or "").partition("/")
    return ThreadRef(workspace_id, channel_id, thread_id) if channel_id else None


def read_values(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what was written or chosen, by the inputs' names; nothing at all is an empty text."""
    given = (view.get("state") or {}).get("values") or {}
    return {
        name: (state.get("selected_option") or state).get("value") or ""
        for states in given.values()
        for name, state in states.items()
    }


def wrong(view: Mapping[str, Any], sentence: str, field: str = "") -> Block:
    """Return the answer to a submission that leaves the form open and says why: below that input, else the first."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return {"response_action": "errors", "errors": {field if field in inputs else inputs[0]: sentence}}


def _input(field: Input) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, 2_000),
        "element": _choice(field) if field.options else _text(field),
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = plain_text(field.hint, 2_000)
    return block


def _text(field: Input) -> Block:
    limit = max(1, min(field.limit, VALUE))
    element: Block = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.multiline,
        "max_length": limit,
    }
    if value := clean(field.value):
        element["initial_value"] = value[: safe_cut(value, limit)]
    return element


def _choice(field: Input) -> Block:
    options = {option.value: _option(option) for option in field.options[:MOST_OPTIONS]}
    element: Block = {"type": "static_select", "action_id": field.name, "options": list(options.values())}
    if field.value in options:
        element["initial_option"] = options[field.value]
    return element


def _option(option: Option) -> Block:
    return {"text": plain_text(option.label, 75), "value": option.value}
