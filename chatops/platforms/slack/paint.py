"""Cards in Slack's Block Kit.

A buyer's words go into rich text's `text` elements, which Slack never parses. Our own words go into markup whose every
string is escaped, with `verbatim` so that nothing is recognised on the way. Limits are Slack's, in characters.

A button carries `Press.encode()` as its value, a menu's option likewise, so both are read with `Press.decode`. An
action's id is the verb and a running number (`claim:0`), the same on every redraw.
"""

import json
from collections.abc import Iterator, Sequence
from secrets import token_hex
from typing import Any

from chatops.platforms.cutting import Shortened, in_figures, shorten, split
from chatops.platforms.slack.texts import fallback, mrkdwn, plain
from chatops.ui import (
    Button,
    Card,
    Confirm,
    Controls,
    Divider,
    Field,
    Fields,
    Menu,
    Option,
    Paragraph,
    Part,
    Picture,
    Press,
    Quote,
    Small,
    Strong,
    Tone,
)

Block = dict[str, Any]

MOST_BLOCKS = 50
TEXT = 3_900  # chat.update refuses more than 4,000, chat.postMessage splits a little above
SECTION = 3_000
FIELD = 2_000
HEADER = 150
# All blocks of a message as JSON. Slack publishes no number; people who use slackapi/bolt-js met `msg_blocks_too_long`
# at about 13,200 characters, braces and all.
MESSAGE = 12_000
SHORT_MESSAGE = 6_000  # for another try, should Slack still find it too long
SHORT_LINE = 300
ALT_TEXT = 2_000

_DOTS = {Tone.GOOD: "🟢 ", Tone.WARN: "🟡 ", Tone.BAD: "🔴 "}
_STYLES = {Tone.GOOD: "primary", Tone.BAD: "danger"}


def paint(card: Card, shortened: Shortened = in_figures, most: int = MESSAGE) -> tuple[str, list[Block]]:
    """Return a card as `text` (for notifications and screen readers) and blocks of `most` characters in all.

    What does not fit is left out from the end of the longest words, and `shortened` says how many characters that were.
    """
    text = fallback(card.summary or card.title, TEXT, shortened) or "…"
    return text, blocks_of(card, shortened, most) or [{"type": "section", "text": plain_text(card.summary, SECTION)}]


def holds(card: Card) -> bool:
    """Tell whether one message shows all of a card."""
    mark = token_hex(8)  # nobody can have written it
    blocks = _Painter(card, lambda _: mark, MESSAGE, SECTION).blocks()
    return not _too_much(blocks, MESSAGE) and mark not in json.dumps(blocks)


def blocks_of(card: Card, shortened: Shortened, most: int) -> list[Block]:
    """Paint with less and less of the quotes, then with short lines, until it holds; else lose the last parts."""
    quotes, line = most, SECTION
    blocks = _Painter(card, shortened, quotes, line).blocks()
    while _too_much(blocks, most) and line == SECTION:
        quotes, line = (quotes - 1_000, line) if quotes > 0 else (0, SHORT_LINE)
        blocks = _Painter(card, shortened, quotes, line).blocks()
    kept = shown = blocks
    while _too_much(shown, most):
        kept = kept[:-1]
        shown = [*kept, {"type": "context", "elements": [plain_text(shortened(len(blocks) - len(kept)), SECTION)]}]
    return shown


def _too_much(blocks: list[Block], most: int) -> bool:
    return len(blocks) > MOST_BLOCKS or len(json.dumps(blocks, ensure_ascii=False)) > most


class _Painter:
    """Paints one card; remembers how often each verb came up and how much room the quotes have left."""

    def __init__(self, card: Card, shortened: Shortened, quotes: int, line: int) -> None:
        self._card = card
        self._shortened = shortened
        self._room = quotes
        self._line = line
        self._verbs: dict[str, int] = {}

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        if title := plain(self._card.title).strip():
            dotted = _DOTS.get(self._card.tone, "") + " ".join(title.split())
            blocks.append({"type": "header", "text": plain_text(dotted, HEADER)})
        for part in self._card.parts:
            blocks.extend(self._part(part))
        return blocks

    def _part(self, part: Part) -> Iterator[Block]:
        match part:
            case Paragraph(line=line):
                if text := mrkdwn(line, self._line, self._shortened).strip():
                    yield {"type": "section", "text": _markup(text)}
            case Small(line=line):
                if text := mrkdwn(line, self._line, self._shortened).strip():
                    yield {"type": "context", "elements": [_markup(text)]}
            case Quote(text=text):
                yield from self._quote(text)
            case Fields(fields=fields):
                yield from self._fields(fields)
            case Picture(file_id=file_id, alt=alt):
                said = shorten(plain(alt or self._card.summary), min(ALT_TEXT, self._line)) or "…"
                yield {"type": "image", "slack_file": {"id": file_id}, "alt_text": said}
            case Controls(controls=controls):
                yield from self._controls(controls)
            case Divider():
                yield {"type": "divider"}

    def _quote(self, text: str) -> Iterator[Block]:
        words = plain(text)
        shown = shorten(words, max(self._room, len(self._shortened(len(words)))), self._shortened)
        self._room -= len(shown)
        for piece in split(shown, SECTION):
            if piece.strip():
                element = {"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]}
                yield {"type": "rich_text", "elements": [element]}

    def _fields(self, fields: Sequence[Field]) -> Iterator[Block]:
        for start in range(0, len(fields), 10):
            texts = [
                _markup(mrkdwn((Strong(field.label), "\n", *field.value), min(FIELD, self._line), self._shortened))
                for field in fields[start : start + 10]
            ]
            yield {"type": "section", "fields": texts}

    def _controls(self, controls: Sequence[Button | Menu]) -> Iterator[Block]:
        elements = [
            self._button(control) if isinstance(control, Button) else self._menu(control)
            for control in controls
            if isinstance(control, Button) or control.options
        ]
        for start in range(0, len(elements), 25):
            yield {"type": "actions", "elements": elements[start : start + 25]}

    def _button(self, button: Button) -> Block:
        element: Block = {
            "type": "button",
            "action_id": self._action_id(button.press.verb),
            "text": plain_text(button.label, 75),
            "value": button.press.encode(),
        }
        if style := _STYLES.get(button.tone):
            element["style"] = style
        if button.confirm:
            element["confirm"] = _confirm(button.confirm, button.tone)
        return element

    def _menu(self, menu: Menu) -> Block:
        return {
            "type": "static_select",
            "action_id": self._action_id(menu.verb),
            "placeholder": plain_text(menu.placeholder, 150),
            "options": [_option(menu.verb, option) for option in menu.options[:100]],
        }

    def _action_id(self, verb: str) -> str:
        number = self._verbs.get(verb, 0)
        self._verbs[verb] = number + 1
        return f"{verb}:{number}"


def _option(verb: str, option: Option) -> Block:
    return {"text": plain_text(option.label, 75), "value": Press(verb, option.value).encode()}


def _confirm(confirm: Confirm, tone: Tone) -> Block:
    painted: Block = {
        "title": plain_text(confirm.title, 100),
        "text": plain_text(confirm.text, 300),
        "confirm": plain_text(confirm.yes, 30),
        "deny": plain_text(confirm.no, 30),
    }
    if style := _STYLES.get(tone):
        painted["style"] = style
    return painted


def plain_text(text: str, limit: int) -> Block:
    """Return words that Slack does not parse, at most `limit` characters of them."""
    return {"type": "plain_text", "text": shorten(plain(text), limit) or "…", "emoji": True}


def _markup(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
