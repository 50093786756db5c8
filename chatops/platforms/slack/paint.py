"""Cards and forms in Slack's Block Kit.

A buyer's words go into rich text's `text` elements, which Slack never parses. Our own words go into markup whose every
string is escaped, with `verbatim` so that nothing is recognised on the way. Limits are Slack's, in characters.

A button carries `Press.encode()` as its value, a menu's option likewise, so both are read with `Press.decode`. An
action's id is the verb and a running number (`claim:0`), the same on every redraw. A form's `callback_id` is the verb,
its `private_metadata` the press; the answer to an input stands at `state.values[name][name]`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from chatops.platforms.slack.texts import (
    Shortened,
    clean,
    fallback,
    in_figures,
    mrkdwn,
    plain,
    safe_cut,
    shorten,
    split,
)
from chatops.ui import (
    Button,
    Card,
    Confirm,
    Controls,
    Divider,
    Field,
    Fields,
    Form,
    Input,
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
QUOTED = 12_000  # a whole message; Slack's own limit for all blocks together is not published
ALT_TEXT = 2_000

_DOTS = {Tone.GOOD: "🟢 ", Tone.WARN: "🟡 ", Tone.BAD: "🔴 "}
_STYLES = {Tone.GOOD: "primary", Tone.BAD: "danger"}


def paint(card: Card, shortened: Shortened = in_figures) -> tuple[str, list[Block]]:
    """Return a card as `text` (for notifications and screen readers) and blocks.

    What does not fit is left out from the end of the longest words, and `shortened` says how many characters that were.
    """
    text = fallback(card.summary or card.title, TEXT, shortened) or "…"
    return text, _fit(card, shortened) or [{"type": "section", "text": _words(card.summary, SECTION)}]


def fits(card: Card) -> bool:
    """Say whether a card can be shown as one message without leaving anything out of its quotes."""
    quotes = [plain(part.text) for part in card.parts if isinstance(part, Quote)]
    return sum(map(len, quotes)) <= QUOTED and len(_Painter(card, in_figures, QUOTED).blocks()) <= MOST_BLOCKS


def paint_form(form: Form) -> Block:
    """Return a form as a modal view."""
    return {
        "type": "modal",
        "callback_id": form.press.verb,
        "private_metadata": form.press.encode(),
        "title": _words(form.title, 24),
        "submit": _words(form.submit, 24),
        "close": _words(form.cancel, 24),
        "blocks": [_input(field) for field in form.inputs],
    }


def _fit(card: Card, shortened: Shortened) -> list[Block]:
    """Paint with less and less of the quotes until the message holds; a card of too many parts loses the last ones."""
    room = QUOTED
    blocks = _Painter(card, shortened, room).blocks()
    while len(blocks) > MOST_BLOCKS and room > SECTION:
        room -= SECTION
        blocks = _Painter(card, shortened, room).blocks()
    if len(blocks) <= MOST_BLOCKS:
        return blocks
    left_out = len(blocks) - MOST_BLOCKS + 1
    return [*blocks[: MOST_BLOCKS - 1], {"type": "context", "elements": [_words(shortened(left_out), SECTION)]}]


class _Painter:
    """Paints one card; remembers how often each verb came up and how much room the quotes have left."""

    def __init__(self, card: Card, shortened: Shortened, quoted: int) -> None:
        self._card = card
        self._shortened = shortened
        self._room = quoted
        self._verbs: dict[str, int] = {}

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        if title := plain(self._card.title).strip():
            dotted = _DOTS.get(self._card.tone, "") + " ".join(title.split())
            blocks.append({"type": "header", "text": _words(dotted, HEADER)})
        for part in self._card.parts:
            blocks.extend(self._part(part))
        return blocks

    def _part(self, part: Part) -> Iterator[Block]:
        match part:
            case Paragraph(line=line):
                if text := mrkdwn(line, SECTION, self._shortened).strip():
                    yield {"type": "section", "text": _markup(text)}
            case Small(line=line):
                if text := mrkdwn(line, SECTION, self._shortened).strip():
                    yield {"type": "context", "elements": [_markup(text)]}
            case Quote(text=text):
                yield from self._quote(text)
            case Fields(fields=fields):
                yield from self._fields(fields)
            case Picture(file_id=file_id, alt=alt):
                said = shorten(plain(alt or self._card.summary), ALT_TEXT) or "…"
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
                _markup(mrkdwn((Strong(field.label), "\n", *field.value), FIELD, self._shortened))
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
            "text": _words(button.label, 75),
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
            "placeholder": _words(menu.placeholder, 150),
            "options": [_option(menu.verb, option) for option in menu.options[:100]],
        }

    def _action_id(self, verb: str) -> str:
        number = self._verbs.get(verb, 0)
        self._verbs[verb] = number + 1
        return f"{verb}:{number}"


def _option(verb: str, option: Option) -> Block:
    return {"text": _words(option.label, 75), "value": Press(verb, option.value).encode()}


def _confirm(confirm: Confirm, tone: Tone) -> Block:
    painted: Block = {
        "title": _words(confirm.title, 100),
        "text": _words(confirm.text, 300),
        "confirm": _words(confirm.yes, 30),
        "deny": _words(confirm.no, 30),
    }
    if style := _STYLES.get(tone):
        painted["style"] = style
    return painted


def _input(field: Input) -> Block:
    limit = max(1, min(field.limit, 3_000))
    element: Block = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.multiline,
        "max_length": limit,
    }
    if value := clean(field.value):
        element["initial_value"] = value[: safe_cut(value, limit)]
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _words(field.label, 2_000),
        "element": element,
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = _words(field.hint, 2_000)
    return block


def _words(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shorten(plain(text), limit) or "…", "emoji": True}


def _markup(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
