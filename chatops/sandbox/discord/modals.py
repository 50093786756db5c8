"""Forms: what Discord accepts as a modal, and what its client checks before it lets one go."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.pressing import chosen
from chatops.sandbox.discord.refusals import invalid

ROW, TEXT_INPUT, LABEL = 1, 4, 18
LABELLED = {3, 4, 5, 6, 7, 8, 19}  # inputs: texts, menus, files
LONGEST_TITLE, LONGEST_ID, LONGEST_LABEL, LONGEST_PLACEHOLDER, LONGEST_TEXT = 45, 100, 45, 100, 4000
MOST_COMPONENTS = 5


@dataclass(eq=False)
class Modal:
    """A form on one person's screen; `source` is the message whose button opened it."""

    app: App
    custom_id: str
    title: str
    components: list[Json]
    channel: Channel
    opened_by: Json  # what messages that answer it remember of the press or command before
    source: Message | None = None

    @property
    def inputs(self) -> dict[str, Json]:
        """Return the components that can be filled in, by custom id."""
        return {component["custom_id"]: component for component in _inputs(self.components)}


def _inputs(components: list[Json]) -> Iterator[Json]:
    for component in components:
        match component.get("type"):
            case 1:
                yield from component.get("components", [])
            case 18:
                yield component.get("component", {})


def check_modal(data: Any) -> None:
    """Refuse (50035) what Discord would not show."""
    if not isinstance(data, dict):
        raise invalid("data", "BASE_TYPE_REQUIRED", "This field is required")
    _check_length(data, "title", "data", LONGEST_TITLE)
    _check_length(data, "custom_id", "data", LONGEST_ID)
    components = data.get("components")
    if not isinstance(components, list) or not 1 <= len(components) <= MOST_COMPONENTS:
        raise invalid("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, component in enumerate(components):
        _check_top(component, f"data.components.{number}")
    ids = [component["custom_id"] for component in _inputs(components)]
    if len(ids) != len(set(ids)):
        raise invalid("data.components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _check_top(component: Any, path: str) -> None:
    match component:
        case {"type": 10, "content": str()}:
            return
        case {"type": 1, "components": [{"type": 4} as text]}:
            _check_length(text, "label", f"{path}.components.0", LONGEST_LABEL)
            _check_input(text, f"{path}.components.0")
        case {"type": 18, "label": str(), "component": {"type": int(kind)} as inner} if kind in LABELLED:
            _check_length(component, "label", path, LONGEST_LABEL)
            if component.get("description") is not None:
                _check_length(component, "description", path, 100)
            _check_input(inner, f"{path}.component")
        case _:
            raise invalid(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of {1, 10, 18}.")


def _check_input(component: Json, path: str) -> None:
    _check_length(component, "custom_id", path, LONGEST_ID)
    if component.get("placeholder") is not None:
        longest = LONGEST_PLACEHOLDER if component["type"] == TEXT_INPUT else 150
        _check_length(component, "placeholder", path, longest, least=0)
    if component["type"] != TEXT_INPUT:
        return
    if component.get("style") not in {1, 2}:
        raise invalid(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    if component.get("value") is not None:
        _check_length(component, "value", path, component.get("max_length") or LONGEST_TEXT, least=0)
    least, most = component.get("min_length") or 0, component.get("max_length") or LONGEST_TEXT
    if not 0 <= least <= most <= LONGEST_TEXT:
        raise invalid(f"{path}.max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")


def _check_length(owner: Json, key: str, path: str, most: int, least: int = 1) -> None:
    value = owner.get(key)
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise invalid(f"{path}.{key}", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def modal_of(app: App, channel: Channel, opened_by: Json, source: Message | None, data: Json) -> Modal:
    """Return the form an app answered with, checked; Refusal 50035 when Discord would not show it."""
    check_modal(data)
    return Modal(app, data["custom_id"], data["title"], copy.deepcopy(data["components"]), channel, opened_by, source)


def filled_in(modal: Modal, values: dict[str, Any]) -> list[Json]:
    """Return the components as a submit carries them, after the checks of Discord's client."""
    unknown = values.keys() - modal.inputs.keys()
    if unknown:
        raise AssertionError(f"the form has no field {', '.join(unknown)}; it has {', '.join(modal.inputs)}")
    shown = []
    for number, component in enumerate(modal.components, 1):
        if component["type"] == ROW:
            inner = [_filled(text, values, str(text["label"])) for text in component["components"]]
            shown.append({"type": ROW, "id": number, "components": inner})
        elif component["type"] == LABEL:
            given = _filled(component["component"], values, component["label"])
            shown.append({"type": LABEL, "id": number, "component": given})
        else:
            shown.append({"type": component["type"], "id": number})
    return shown


def _filled(component: Json, values: dict[str, Any], label: str) -> Json:
    own, given = {"type": component["type"], "custom_id": component["custom_id"]}, values.get(component["custom_id"])
    if component["type"] != TEXT_INPUT:
        picked = chosen(component, given) if given is not None else _preset(component)
        if not picked and component.get("required", True):
            raise AssertionError(f"the form cannot be sent: {label!r} is empty")
        return own | {"values": picked}
    text = str(component.get("value") or "" if given is None else given)
    if not text and component.get("required", True):
        raise AssertionError(f"the form cannot be sent: {label!r} is empty")
    if len(text) > (component.get("max_length") or LONGEST_TEXT):
        raise AssertionError(f"the form cannot be sent: {label!r} is too long")
    if text and len(text) < (component.get("min_length") or 0):
        raise AssertionError(f"the form cannot be sent: {label!r} is too short")
    return own | {"value": text}


def _preset(component: Json) -> list[str]:
    return [option["value"] for option in component.get("options", []) if option.get("default")]
