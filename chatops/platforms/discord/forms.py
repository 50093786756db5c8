"""Forms as Discord's modals, as plain JSON.

A modal's `custom_id` is the press its submission means; the answer to an input has the input's name. Discord labels the
two buttons itself.
"""

from typing import Any

from chatops.platforms.cutting import clean, safe_cut, shorten
from chatops.platforms.discord.texts import one_line, plain
from chatops.ui import Form, Input

MOST_INPUTS = 5
TITLE = 45
LABEL = 45
HINT = 100
VALUE = 4_000

_LABEL, _TEXT = 18, 4  # Discord's numbers of the two components
_SHORT, _LONG = 1, 2


def paint_form(form: Form) -> dict[str, Any]:
    """Return a form as a modal.

    Raises:
        ValueError: a modal holds one to five inputs.
    """
    if not 1 <= len(form.inputs) <= MOST_INPUTS:
        raise ValueError(f"a modal holds one to {MOST_INPUTS} inputs, not {len(form.inputs)}")
    return {
        "custom_id": form.press.encode(),
        "title": shorten(one_line(form.title), TITLE) or "…",
        "components": [_labelled(field) for field in form.inputs],
    }


def _labelled(field: Input) -> dict[str, Any]:
    labelled: dict[str, Any] = {
        "type": _LABEL,
        "label": shorten(one_line(field.label), LABEL) or "…",
        "component": _text(field),
    }
    if hint := shorten(plain(field.hint).strip(), HINT):
        labelled["description"] = hint
    return labelled


def _text(field: Input) -> dict[str, Any]:
    limit = max(1, min(field.limit, VALUE))
    text: dict[str, Any] = {
        "type": _TEXT,
        "custom_id": field.name,
        "style": _LONG if field.multiline else _SHORT,
        "max_length": limit,
        "required": not field.optional,
    }
    if value := clean(field.value):
        text["value"] = value[: safe_cut(value, limit)]
    return text
