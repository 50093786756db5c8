"""Cards in Discord's embeds and components, as plain JSON.

All words stand in embeds, where nothing pings; whom a card speaks to is named above them, for that does. Parts keep
their order: a new embed begins where one embed would show them in another. Limits are Discord's, in characters.

A button's `custom_id` is its press, with `?` before it when the press must be confirmed: Discord asks nobody "are you
sure?", so whoever hears the press does. A menu's is the verb, `#` and a running number; its options carry the presses.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from secrets import token_hex
from typing import Any

from chatops.platforms.cutting import Shortened, in_figures, shorten, split
from chatops.platforms.discord.numbering import numbered
from chatops.platforms.discord.texts import is_id, markdown, one_line, plain, quoted
from chatops.ui import (
    Button,
    Card,
    Controls,
    Divider,
    Field,
    Fields,
    GroupMention,
    Line,
    Mention,
    Menu,
    Paragraph,
    Part,
    Picture,
    Press,
    Quote,
    Small,
    Tone,
)

Json = dict[str, Any]

MOST_EMBEDS = 10
MOST_FIELDS = 25
MOST_ROWS = 5
MOST_BUTTONS = 5  # in a row
MOST_OPTIONS = 25
ALL_WORDS = 6_000  # of all embeds of a message
DESCRIPTION = 4_096
FIELD_NAME = 256
FIELD_VALUE = 1_024
TITLE = 256
SHORT_LINE = 200
BESIDE_OTHERS = 40  # a field of so many characters is read well in a third of the width
MOST_ADDRESSED = 50
QUOTE_PIECE = 1_300  # of such words any fit into one description, escaped to the last character
BUTTON = 80
OPTION = 100
PLACEHOLDER = 150
ALT_TEXT = 1_024
THREAD_NAME = 100

TITLE_MARK = "### "
CONFIRM = "?"
PICK = "#"

_DOTS = {Tone.GOOD: "🟢 ", Tone.WARN: "🟡 ", Tone.BAD: "🔴 "}
_COLORS = {Tone.GOOD: 0x2E9E5B, Tone.WARN: 0xE2B33C, Tone.BAD: 0xD64545}
_STYLES = {Tone.NEUTRAL: 2, Tone.GOOD: 3, Tone.WARN: 2, Tone.BAD: 4}


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that an embed shows by its name in the message; `file_id` is what `upload` returned."""

    file_id: str
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Painted:
    """A card as Discord takes it; `addressed` are the members its paragraphs speak to, `groups` the roles."""

    embeds: list[Json]
    components: list[Json]
    pictures: tuple[Shown, ...]
    addressed: tuple[str, ...]
    groups: tuple[str, ...]


def paint(card: Card, shortened: Shortened = in_figures) -> Painted:
    """Return a card as embeds and components.

    What does not fit is left out from the end of the longest words, and `shortened` says how many characters that were.
    """
    card = numbered(card, MOST_BUTTONS)
    components, left_over = _rows(card)
    more = (Paragraph((shortened(left_over),)),) if left_over else ()
    painter = _fit(Card(summary=card.summary, title=card.title, tone=card.tone, parts=(*card.parts, *more)), shortened)
    addressed, groups = _addressed(card, Mention), _addressed(card, GroupMention)
    return Painted(painter.embeds, components, tuple(painter.pictures), addressed, groups)


def holds(card: Card) -> bool:
    """Tell whether one message shows all of a card."""
    mark = token_hex(8)  # nobody can have written it
    card = numbered(card, MOST_BUTTONS)
    embeds = _Painter(card, lambda _: mark, ALL_WORDS, FIELD_VALUE).embeds
    return not (_rows(card)[1] or _too_much(embeds) or mark in json.dumps(embeds))


def thread_name(card: Card) -> str:
    """Return what the thread below a card is called."""
    return shorten(one_line(card.title) or one_line(card.summary), THREAD_NAME) or "…"


def read_press(custom_id: str, values: Sequence[str] = ()) -> tuple[Press, bool]:
    """Return what was pressed or chosen, and whether the person must be asked to confirm it.

    Raises:
        NotUnderstood: none of our controls carries this.
    """
    if values:
        return Press.decode(values[0]), False
    return Press.decode(custom_id.removeprefix(CONFIRM)), custom_id.startswith(CONFIRM)


def words_in(embeds: Iterable[Json]) -> int:
    """Count what Discord counts of a message's embeds."""
    return sum(
        len(embed.get("description", ""))
        + sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields", ()))
        for embed in embeds
    )


def _fit(card: Card, shortened: Shortened) -> "_Painter":
    """Paint with less and less of the quotes, then with short lines, until it holds; else lose the last parts."""
    quotes, line = ALL_WORDS, FIELD_VALUE
    painter = _Painter(card, shortened, quotes, line)
    while _too_much(painter.embeds) and line == FIELD_VALUE:
        quotes, line = (quotes - 500, line) if quotes > 0 else (0, SHORT_LINE)
        painter = _Painter(card, shortened, quotes, line)
    for kept in range(len(card.parts) - 1, -1, -1):
        if not _too_much(painter.embeds):
            break
        rest = Paragraph((shortened(len(card.parts) - kept),))
        fewer = Card(summary=card.summary, title=card.title, tone=card.tone, parts=(*card.parts[:kept], rest))
        painter = _Painter(fewer, shortened, quotes, line)
    return painter


def _too_much(embeds: list[Json]) -> bool:
    return len(embeds) > MOST_EMBEDS or words_in(embeds) > ALL_WORDS


class _Painter:
    """Paints one card's words; remembers how much room the quotes have left."""

    def __init__(self, card: Card, shortened: Shortened, quotes: int, line: int) -> None:
        self.embeds: list[Json] = []
        self.pictures: list[Shown] = []
        self._card = card
        self._shortened = shortened
        self._room = quotes
        self._line = line
        if title := one_line(card.title):
            self._write(TITLE_MARK + markdown((_DOTS.get(card.tone, "") + title,), TITLE, shortened))
        for part in card.parts:
            self._part(part)
        self.embeds = [embed for embed in self.embeds if embed.keys() - {"color"}]
        if not self.embeds:
            self._write(markdown((card.summary,), DESCRIPTION, shortened).strip() or "…")

    def _part(self, part: Part) -> None:
        match part:
            case Paragraph(line=line):
                self._write(markdown(line, self._line, self._shortened))
            case Small(line=line):
                self._small(markdown(line, self._line, self._shortened))
            case Quote(text=text):
                self._quote(text)
            case Fields(fields=fields):
                for field in fields:
                    self._field(field)
            case Picture(file_id=file_id, alt=alt):
                self._picture(file_id, alt or self._card.summary)
            case Divider():
                self._begin()
            case Controls():
                pass  # stand below all embeds

    def _begin(self) -> None:
        """Begin an embed, unless the last one is still empty."""
        if not self.embeds or self.embeds[-1].keys() - {"color"}:
            color = _COLORS.get(self._card.tone)
            self.embeds.append({} if color is None else {"color": color})

    def _open(self, *closed_by: str) -> Json:
        """Return the embed to go on in: a new one when the last shows one of `closed_by` already."""
        if not self.embeds or self.embeds[-1].keys() & set(closed_by):
            self._begin()
        return self.embeds[-1]

    def _write(self, text: str) -> None:
        text = text.strip("\n")
        if not text.strip():
            return
        embed = self._open("fields", "image")
        if len(embed.get("description", "")) + 1 + len(text) > DESCRIPTION:
            self._begin()
            embed = self.embeds[-1]
        embed["description"] = f"{embed['description']}\n{text}" if "description" in embed else text

    def _small(self, text: str) -> None:
        if text.strip():
            self._write("-# " + " ".join(text.split()))

    def _quote(self, text: str) -> None:
        words = plain(text)
        shown = shorten(words, max(self._room, len(self._shortened(len(words)))), self._shortened)
        self._room -= len(shown)
        whole = quoted(shown)
        for piece in [whole] if len(whole) < DESCRIPTION else map(quoted, split(shown, QUOTE_PIECE)):
            if piece.strip("> \n"):
                self._write(piece)

    def _field(self, field: Field) -> None:
        embed = self._open("image")
        if len(embed.get("fields", ())) == MOST_FIELDS:
            self._begin()
            embed = self.embeds[-1]
        name = markdown((field.label,), min(FIELD_NAME, self._line), self._shortened)
        value = markdown(field.value, min(FIELD_VALUE, self._line), self._shortened)
        shown = {"name": name.strip() or "…", "value": value.strip() or "…", "inline": len(value) <= BESIDE_OTHERS}
        embed.setdefault("fields", []).append(shown)

    def _picture(self, file_id: str, alt: str) -> None:
        kind = PurePath(file_id).suffix.lower()
        ending = kind if kind[1:].isascii() and kind[1:].isalnum() and len(kind) <= 5 else ""
        name = f"picture-{len(self.pictures) + 1}{ending}"
        self.pictures.append(Shown(file_id, name, shorten(plain(alt), min(ALT_TEXT, self._line))))
        self._open("image")["image"] = {"url": f"attachment://{name}"}


def _addressed(card: Card, kind: type[Mention] | type[GroupMention]) -> tuple[str, ...]:
    lines: list[Line] = [part.line for part in card.parts if isinstance(part, Paragraph)]
    named = (piece.external_id for line in lines for piece in line if isinstance(piece, kind))
    return tuple(dict.fromkeys(filter(is_id, named)))[:MOST_ADDRESSED]


def _rows(card: Card) -> tuple[list[Json], int]:
    """Return the controls in rows, and how many found no place. The same press twice is one button."""
    rows: list[Json] = []
    seen: set[str] = set()
    left_over = 0
    for part in card.parts:
        controls = part.controls if isinstance(part, Controls) else ()
        row: list[Json] = []
        for element in _elements(controls, seen):
            if not row or element["type"] == 3 or row[-1]["type"] == 3 or len(row) == MOST_BUTTONS:
                row = []
                rows.append({"type": 1, "components": row})
            row.append(element)
    left_over = sum(len(row["components"]) for row in rows[MOST_ROWS:])
    return rows[:MOST_ROWS], left_over


def _elements(controls: Sequence[Button | Menu], seen: set[str]) -> Iterator[Json]:
    for control in controls:
        if isinstance(control, Menu):
            yield from _menu(control, seen)
            continue
        element = _button(control)
        if element["custom_id"] not in seen:
            seen.add(element["custom_id"])
            yield element


def _button(button: Button) -> Json:
    press = (CONFIRM if button.confirm else "") + button.press.encode()
    if len(press) > OPTION:
        raise ValueError(f"a press to confirm holds {OPTION - 1} characters: {press!r}")
    return {"type": 2, "style": _STYLES[button.tone], "label": _label(button.label, BUTTON), "custom_id": press}


def _menu(menu: Menu, seen: set[str]) -> Iterator[Json]:
    """Spread a menu over as many as its options need; the same option twice is one."""
    presses = {Press(menu.verb, option.value).encode(): option.label for option in menu.options}
    options = [{"label": _label(label, OPTION), "value": press} for press, label in presses.items()]
    for start in range(0, len(options), MOST_OPTIONS):
        name = f"{menu.verb}{PICK}{len(seen)}"
        seen.add(name)
        yield {
            "type": 3,
            "custom_id": name,
            "placeholder": _label(menu.placeholder, PLACEHOLDER),
            "options": options[start : start + MOST_OPTIONS],
        }


def _label(text: str, limit: int) -> str:
    return shorten(one_line(text), limit) or "…"
