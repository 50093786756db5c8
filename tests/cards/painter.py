"""A card as plain text, for reading and comparing."""

from collections.abc import Iterator
from typing import assert_never

from chatops.ui import (
    Button,
    Card,
    Controls,
    Divider,
    Fields,
    GroupMention,
    Inline,
    Line,
    Link,
    Mention,
    Menu,
    Moment,
    Paragraph,
    Part,
    Picture,
    Quote,
    Small,
    Strong,
)


def painted(card: Card) -> str:
    """Return everything a card says, one thing per line."""
    return "\n".join(_lines(card)) + "\n"


def words(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(_inline(part) for part in line)


def _lines(card: Card) -> Iterator[str]:
    yield f"[{card.tone}] {card.title}".rstrip()
    for part in card.parts:
        yield from _part(part)
    yield from (f"summary| {line}" for line in card.summary.split("\n"))


def _part(part: Part) -> Iterator[str]:
    match part:
        case Paragraph(line=line):
            yield words(line)
        case Small(line=line):
            yield f"({words(line)})"
        case Quote(text=text):
            yield from (f"> {line}" for line in text.split("\n"))
        case Fields(fields=fields):
            for field in fields:
                yield f"  {field.label} | {words(field.value)}".replace("\n", "\n      ")
        case Picture(file_id=file_id, alt=alt):
            yield f"<picture {file_id}: {alt}>"
        case Controls(controls=controls):
            yield "  ".join(_control(control) for control in controls)
            yield from (_question(control) for control in controls if isinstance(control, Button) and control.confirm)
        case Divider():
            yield "----"
        case _:
            assert_never(part)


def _inline(part: Inline) -> str:
    match part:
        case str():
            return part
        case Strong(text=text):
            return f"*{text}*"
        case Moment(style=style, fallback=fallback):
            return f"<{style}: {fallback}>"
        case Mention(external_id=external_id):
            return f"<@{external_id}>"
        case GroupMention(external_id=external_id):
            return f"<@&{external_id}>"
        case Link(url=url, label=label):
            return f"<{label}: {url}>"


def _control(control: Button | Menu) -> str:
    if isinstance(control, Menu):
        return f"[{control.placeholder}: {', '.join(option.label for option in control.options)}]"
    return f"[{control.label}]({control.press.encode()}, {control.tone})"


def _question(button: Button) -> str:
    asked = button.confirm
    return f"    ? {asked.title} / {asked.text} [{asked.yes}] [{asked.no}]" if asked else ""
