"""From a request's JSON and files to the fields of a message."""

from collections.abc import Iterator
from typing import Any

from chatops.sandbox.discord.message import COMPONENTS_V2, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, Json, Message
from chatops.sandbox.discord.rest.bodies import Body
from chatops.sandbox.discord.rest.checks import CREATE, EDIT, KINDS, check_kinds, check_message, refuse_empty
from chatops.sandbox.discord.rest.uploads import Uploads, shown_in

MAY_BE_SET = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2


def drafted(uploads: Uploads, body: Body, payload: Json, known: tuple[str, ...] = CREATE) -> dict[str, Any]:
    """Return the fields of a new `Message`; Refusal 50035, 50006 or 40005 when Discord would not take it."""
    check_message(payload, known)
    files = uploads.of(body, payload)
    refuse_empty(payload, len(files))
    return {
        "content": (payload.get("content") or "").strip(),
        "embeds": shown_in(payload.get("embeds") or [], files),
        "components": numbered(payload.get("components") or []),
        "files": files,
        "flags": (payload.get("flags") or 0) & MAY_BE_SET,
        "tts": bool(payload.get("tts")),
    }


def redrafted(uploads: Uploads, body: Body, payload: Json, message: Message) -> dict[str, Any]:
    """Return the fields of a message that an edit sets; what it does not name stays."""
    check_kinds(payload, KINDS)
    given = (payload.get("flags") or 0) & (SUPPRESS_EMBEDS | COMPONENTS_V2)
    kept = message.flags & ~(SUPPRESS_EMBEDS if payload.get("flags") is not None else 0)
    check_message(payload | {"flags": kept | given}, EDIT)
    fields: dict[str, Any] = {"flags": kept | given, "files": uploads.of(body, payload, message.files)}
    if "content" in payload:
        fields["content"] = (payload["content"] or "").strip()
    if "embeds" in payload:
        fields["embeds"] = shown_in(payload["embeds"] or [], fields["files"])
    if "components" in payload:
        fields["components"] = numbered(payload["components"] or [])
    left = {name: fields.get(name, getattr(message, name)) for name in ("content", "embeds", "components")}
    refuse_empty(left, len(fields["files"]))
    return fields


def numbered(components: list[Json]) -> list[Json]:
    """Return the components with the numbers that Discord gives to those without."""
    taken = _numbers(components)
    free = iter(range(1, 1000))
    return [_with_number(component, free, taken) for component in components]


def _with_number(component: Json, free: Iterator[int], taken: set[int]) -> Json:
    number = component.get("id") or next(number for number in free if number not in taken)
    shown = component | {"id": number}
    if "components" in component:
        shown["components"] = [_with_number(inner, free, taken) for inner in component["components"]]
    if component.get("accessory"):
        shown["accessory"] = _with_number(component["accessory"], free, taken)
    return shown


def _numbers(components: list[Json]) -> set[int]:
    found = {component["id"] for component in components if component.get("id")}
    return found.union(*(_numbers(component.get("components") or []) for component in components))
