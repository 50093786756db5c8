"""What Discord accepts as the components of a message: rows of buttons and menus, or the newer layouts."""

from collections.abc import Iterator
from typing import Any

from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.refusals import invalid

ROW, BUTTON, TEXT_MENU, TEXT_DISPLAY = 1, 2, 3, 10
MENUS = {3, 5, 6, 7, 8}
LAYOUTS = {9, 10, 11, 12, 13, 14, 17}
LINK = 5
MOST_ROWS, MOST_BUTTONS, MOST_COMPONENTS, MOST_OPTIONS, MOST_TEXT = 5, 5, 40, 25, 4000


def check_components(components: list[Json], *, new_kind: bool) -> None:
    """Raise Refusal 50035 unless these components can be shown; `new_kind` allows the layouts (flag 1 << 15)."""
    everything = list(_walk("components", components))
    if not new_kind and len(components) > MOST_ROWS:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length.")
    if len(everything) > MOST_COMPONENTS:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_COMPONENTS} or fewer components.")
    if sum(len(component.get("content") or "") for _, component in everything) > MOST_TEXT:
        raise invalid("components", "COMPONENT_MAX_TOTAL_TEXT", f"Must be {MOST_TEXT} or fewer characters of text.")
    for path, component in everything:
        _check(path, component, top=path.count(".") == 1, new_kind=new_kind)
    _refuse_twins(everything)


def _walk(path: str, components: list[Json]) -> Iterator[tuple[str, Json]]:
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        if not isinstance(component, dict) or not isinstance(component.get("components") or [], list):
            raise invalid(here, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        yield here, component
        yield from _walk(f"{here}.components", component.get("components") or [])
        if component.get("accessory"):
            yield f"{here}.accessory", component["accessory"]


def _check(path: str, component: Json, *, top: bool, new_kind: bool) -> None:
    kind = component.get("type")
    known = (ROW, *LAYOUTS) if new_kind and top else (ROW,) if top else (ROW, BUTTON, *MENUS, *LAYOUTS)
    if kind not in known or (kind in LAYOUTS and not new_kind):
        raise invalid(f"{path}.type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(known)}.")
    if kind == ROW:
        _check_row(path, component.get("components") or [])
    elif kind == BUTTON:
        _check_button(path, component)
    elif kind in MENUS:
        _check_menu(path, component)


def _check_row(path: str, inside: list[Json]) -> None:
    menus = sum(component.get("type") in MENUS for component in inside)
    if not inside or len(inside) > MOST_BUTTONS or (menus and len(inside) > 1):
        raise invalid(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_BUTTONS} in length.")


def _check_button(path: str, button: Json) -> None:
    _fits(f"{path}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        raise invalid(f"{path}.label", "BUTTON_COMPONENT_LABEL_REQUIRED", "A button needs a label or an emoji.")
    if button.get("style") not in {1, 2, 3, 4, LINK}:
        raise invalid(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if button["style"] == LINK:
        if not str(button.get("url") or "").startswith(("http://", "https://", "discord://")):
            raise invalid(f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of http, https, discord.")
        return
    _require_custom_id(path, button)


def _check_menu(path: str, menu: Json) -> None:
    _require_custom_id(path, menu)
    _fits(f"{path}.placeholder", menu.get("placeholder"), 150)
    if menu["type"] != TEXT_MENU:
        return
    options = menu.get("options") or []
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise invalid(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_OPTIONS} in length.")
    for index, option in enumerate(options):
        for part in ("label", "value"):
            if not option.get(part):
                raise invalid(f"{path}.options.{index}.{part}", "BASE_TYPE_REQUIRED", "This field is required")
            _fits(f"{path}.options.{index}.{part}", option[part], 100)
    if len({option["value"] for option in options}) < len(options):
        raise invalid(f"{path}.options", "COMPONENT_OPTION_VALUE_DUPLICATED", "The specified value is already used")


def _require_custom_id(path: str, component: Json) -> None:
    if not component.get("custom_id"):
        raise invalid(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")
    _fits(f"{path}.custom_id", component["custom_id"], 100)


def _refuse_twins(everything: list[tuple[str, Json]]) -> None:
    seen: set[str] = set()
    for path, component in everything:
        name = component.get("custom_id")
        if name in seen:
            raise invalid(
                f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        if name:
            seen.add(name)


def _fits(path: str, value: Any, most: int) -> None:
    if value is not None and len(str(value)) > most:
        raise invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
