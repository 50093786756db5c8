"""Discord's published limits, as a judge of painted messages and forms that shares nothing with the painter."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

# Discord's own description of its API, where it is kept.
PUBLISHED = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi-v10.json"

Json = dict[str, Any]


def faults(message: Json) -> list[str]:
    """Return everything Discord would refuse in a message."""
    found = list(_embeds(message.get("embeds", []))) + list(_components(message.get("components", [])))
    found += [] if len(message.get("content", "")) <= 2_000 else ["content"]
    found += [] if message.get("embeds") or message.get("content") else ["empty"]
    json.dumps(message, ensure_ascii=False).encode()  # a lone surrogate cannot be sent
    return found + published_faults("MessageCreateRequest", message)


def form_faults(form: Json) -> list[str]:
    """Return everything Discord would refuse in a modal."""
    found = [*_length(form["title"], 45, "title"), *_length(form["custom_id"], 100, "custom_id")]
    found += [] if 1 <= len(form["components"]) <= 5 else ["components"]
    for component in form["components"]:
        found += _length(component["content"], 4_000, "read") if component["type"] == 10 else _labelled(component)
    return found + published_faults("ModalInteractionCallbackRequestData", form)


def _labelled(label: Json) -> Iterator[str]:
    yield from _length(label["label"], 45, "label")
    yield from _length(label["description"], 100, "description") if "description" in label else []
    inner = label["component"]
    if inner["type"] == 3:
        yield from ["options"] if not 1 <= len(inner["options"]) <= 25 else []
        yield from ["two defaults"] if sum(option.get("default", False) for option in inner["options"]) > 1 else []
        for option in inner["options"]:
            yield from _length(option["label"], 100, "option")
            yield from _length(option["value"], 100, "option value")
    else:
        yield from [] if 1 <= inner["max_length"] <= 4_000 else ["max_length"]
        yield from [] if len(inner.get("value", "")) <= inner["max_length"] else ["value"]


def published_faults(schema: str, payload: Json) -> list[str]:
    """Return what Discord's own description finds wrong; nothing where no copy of it is kept."""
    if not PUBLISHED.exists():
        return []
    return [f"{error.json_path}: {error.message}" for error in _judge(schema).iter_errors(payload)]


@cache
def _judge(schema: str) -> Draft202012Validator:
    described = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return Draft202012Validator({**described, "$ref": f"#/components/schemas/{schema}"})


def _length(text: str, most: int, what: str) -> Iterator[str]:
    if not 1 <= len(text) <= most or not text.strip():
        yield f"{what}: {len(text)} characters, 1 to {most} allowed"


def _embeds(embeds: list[Json]) -> Iterator[str]:
    if not 1 <= len(embeds) <= 10:
        yield f"{len(embeds)} embeds"
    total = 0
    for embed in embeds:
        if not embed.keys() & {"description", "fields", "image"}:
            yield "an empty embed"
        if "description" in embed:
            yield from _length(embed["description"], 4_096, "description")
            total += len(embed["description"])
        if len(embed.get("fields", [])) > 25:
            yield "fields"
        for field in embed.get("fields", []):
            yield from _length(field["name"], 256, "name")
            yield from _length(field["value"], 1_024, "value")
            total += len(field["name"]) + len(field["value"])
    if total > 6_000:
        yield f"{total} characters of embeds"


def _components(rows: list[Json]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"{len(rows)} rows"
    ids = [element["custom_id"] for row in rows for element in row["components"]]
    if len(set(ids)) < len(ids):
        yield f"an id twice: {ids}"
    for row in rows:
        kinds = {element["type"] for element in row["components"]}
        if not 1 <= len(row["components"]) <= (1 if 3 in kinds else 5):
            yield "a row"
        for element in row["components"]:
            yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    yield from _length(element["custom_id"], 100, "custom_id")
    if element["type"] == 2:
        yield from _length(element["label"], 80, "button")
        return
    yield from _length(element["placeholder"], 150, "placeholder")
    if not 1 <= len(element["options"]) <= 25:
        yield "options"
    values = [option["value"] for option in element["options"]]
    if len(set(values)) < len(values):
        yield "a value twice"
    for option in element["options"]:
        yield from _length(option["label"], 100, "option")
        yield from _length(option["value"], 100, "option value")
