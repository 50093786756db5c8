"""Finding what a person presses in a message, and what they choose in a menu."""

from collections.abc import Iterator
from typing import Any

from chatops.sandbox.discord.message import Json

BUTTON, STRING_SELECT, LINK_STYLE = 2, 3, 5
PRESSABLE = {BUTTON, STRING_SELECT, 5, 6, 7, 8}


def every(components: list[Json]) -> Iterator[Json]:
    """Yield every component, however deep, in reading order."""
    for component in components:
        yield component
        inner = [component[key] for key in ("accessory", "component") if isinstance(component.get(key), dict)]
        yield from every([*component.get("components", []), *inner])


def find(components: list[Json], wanted: str) -> Json:
    """Return the button or menu whose custom id, label or placeholder is `wanted`, or whose label begins with it."""
    offered = [one for one in every(components) if one["type"] in PRESSABLE and one.get("style") != LINK_STYLE]
    for matches in (str.__eq__, str.startswith):
        for component in offered:
            if any(matches(name, wanted) for name in _names(component)):
                if component.get("disabled"):
                    raise AssertionError(f"{wanted!r} is greyed out")
                return component
    names = ", ".join(next(iter(_names(one)), "?") for one in offered)
    raise AssertionError(f"there is nothing called {wanted!r} to press; there is {names or 'nothing'}")


def _names(component: Json) -> list[str]:
    emoji = (component.get("emoji") or {}).get("name")
    label = component.get("label")
    both = f"{emoji} {label}" if emoji and label else None
    names = (label, both, emoji, component.get("placeholder"), component.get("custom_id"))
    return [name for name in names if name]


def chosen(component: Json, wanted: Any) -> list[str]:
    """Return the values that choosing `wanted` (one or several values or visible labels) gives a menu."""
    several = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
    least, most = component.get("min_values", 1), component.get("max_values", 1)
    if not (least if least is not None else 1) <= len(several) <= (most or 1):
        raise AssertionError(f"this menu takes {least} to {most} choices, not {len(several)}")
    if component["type"] != STRING_SELECT:
        return [str(getattr(one, "id", one)) for one in several]
    return [_value(component, str(one)) for one in several]


def _value(component: Json, wanted: str) -> str:
    for option in component["options"]:
        if wanted in {option["value"], option["label"]}:
            return str(option["value"])
    shown = ", ".join(option["label"] for option in component["options"])
    raise AssertionError(f"there is no option {wanted!r}; there is {shown}")
