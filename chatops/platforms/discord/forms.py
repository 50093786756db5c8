"""Forms as Discord's modals, as plain JSON, and what comes back of them.

A modal's `custom_id` is the press its submission means; the answer to an input has the input's name. Discord labels the
two buttons itself.
"""

from collections.abc import Iterator
from typing import Any

from chatops.platforms.cutting import Shortened, clean, in_figures, safe_cut, shorten
from chatops.platforms.discord.texts import markdown, one_line, plain, quoted
from chatops.ui import Divider, Fields, Form, Input, Line, Paragraph, Part, Picture, Quote, Small, Strong

Json = dict[str, Any]

MOST_COMPONENTS = 5  # what is only read counts as one
MOST_OPTIONS = 25
TITLE = 45
LABEL = 45
HINT = 100
VALUE = 4_000
OPTION = 100
READ = 4_000
LINE = 1_000

_CHOICE, _TEXT, _READ, _LABEL = 3, 4, 10, 18  # Discord's numbers of the components
_SHORT, _LONG = 1, 2


def paint_form(form: Form, shortened: Shortened = in_figures) -> Json:
    """Return a form as a modal.

    Raises:
        ValueError: a modal holds one to five inputs, one less below something to read.
    """
    above = _above(form.parts, shortened)
    components = [*above, *map(_labelled, form.inputs)]
    if not form.inputs or len(components) > MOST_COMPONENTS:
        raise ValueError(f"a modal holds one to {MOST_COMPONENTS - len(above)} inputs, not {len(form.inputs)}")
    return {
        "custom_id": form.press.encode(),
        "title": shorten(one_line(form.title), TITLE) or "…",
        "components": components,
    }


def read_values(components: object) -> dict[str, str]:
    """Return what was written or chosen, by the inputs' names; nothing at all is an empty text."""
    return dict(_given(components))


def _given(components: object) -> Iterator[tuple[str, str]]:
    """Yield what stands in each input, in a label or, as older clients send it, in a row."""
    for component in components if isinstance(components, list | tuple) else ():
        inner = component.get("component")
        yield from _given([*(component.get("components") or ()), *([inner] if inner else ())])
        if "custom_id" in component:
            chosen = component.get("values") or ("",)
            yield str(component["custom_id"]), str(component.get("value") or chosen[0])


def _above(parts: tuple[Part, ...], shortened: Shortened) -> list[Json]:
    """Return what is only read, with less of the quotes the longer all of it is; the last lines go where that fails."""
    lines: list[str] = []
    for room in range(READ, -1, -500):
        lines = list(_lines(parts, room, shortened))
        if len("\n".join(lines)) <= READ:
            break
    while len(text := "\n".join(lines)) > READ:
        lines.pop()
    return [{"type": _READ, "content": text}] if text.strip() else []


def _lines(parts: tuple[Part, ...], room: int, shortened: Shortened) -> Iterator[str]:
    def line(said: Line) -> str:
        return " ".join(markdown(said, LINE, shortened).split())

    for part in parts:
        match part:
            case Paragraph(line=said):
                yield line(said)
            case Small(line=said):
                yield f"-# {line(said)}"
            case Quote(text=text) if room > 0:
                yield quoted(shorten(plain(text), room, shortened))
            case Fields(fields=fields):
                yield from (line((Strong(field.label), " ", *field.value)) for field in fields)
            case Picture(alt=alt):
                yield line((alt,))
            case Divider():
                yield ""


def _labelled(field: Input) -> Json:
    labelled: Json = {
        "type": _LABEL,
        "label": shorten(one_line(field.label), LABEL) or "…",
        "component": _choice(field) if field.options else _text(field),
    }
    if hint := shorten(plain(field.hint).strip(), HINT):
        labelled["description"] = hint
    return labelled


def _text(field: Input) -> Json:
    limit = max(1, min(field.limit, VALUE))
    text: Json = {
        "type": _TEXT,
        "custom_id": field.name,
        "style": _LONG if field.multiline else _SHORT,
        "max_length": limit,
        "required": not field.optional,
    }
    if value := clean(field.value):
        text["value"] = value[: safe_cut(value, limit)]
    return text


def _choice(field: Input) -> Json:
    labels = {option.value: shorten(one_line(option.label), OPTION) or "…" for option in field.options[:MOST_OPTIONS]}
    options = [
        {"label": label, "value": value} | ({"default": True} if value == field.value else {})
        for value, label in labels.items()
    ]
    return {"type": _CHOICE, "custom_id": field.name, "options": options, "required": not field.optional}
