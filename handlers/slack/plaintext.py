"""What an agent wrote in Slack, as the plain words a buyer may read.

Formatting disappears, links become addresses, emoji become characters. What belongs to the team alone (mentions,
links into Slack, the workspace's own emoji) is left out, and said so, because it must never reach a buyer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import emoji

from chatops.rules.plaintext import GONE, KEPT, PlainText, Reading, link, without_signs
from handlers.slack.emoji_names import SLACK_NAMES

Payload = Mapping[str, Any]

_TOKEN = re.compile(r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<control>[^<>\n]+)>", re.DOTALL)
_EMOJI = re.compile(r":(?P<name>[\w+'-]+)(?:::skin-tone-(?P<tone>[2-6]))?:")
_MARKS = [
    re.compile(rf"(?<![\w{sign}]){sign}(?![\s{sign}])([^\n]+?)(?<!\s){sign}(?![\w{sign}])")
    for sign in (r"\*", "_", "~")
]
_QUOTE = re.compile(r"^(?:&gt;(?:&gt;&gt;)?) ?", re.MULTILINE)
_SLACK_LINK = re.compile(  # with a scheme any address at Slack, without one only with a path
    r"(?:slack://|https?://(?:[^\s<>/?#@]*@)?(?:[\w-]+\.)*slack(?:-files|-gov|-edge)?\.com(?![\w-]|\.\w)"
    r"(?:[:/?#]|(?=\W|$))|(?<![\w.@/-])(?:[\w-]+\.)*slack(?:-files|-gov|-edge)?\.com/)"
    r"(?:[^\s<>]*[^\s<>.,!?;:)\]'\"])?",
    re.IGNORECASE,
)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))

_FAMILY = {"man": "👨", "woman": "👩", "boy": "👦", "girl": "👧"}
_TONES = {2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿"}
_VARIATION, _JOINER, _REGION_A = "\ufe0f", "\u200d", 0x1F1E6


def to_plain(message: Payload) -> PlainText:
    """Read a message (or the event that brought it, also one that brings an edit)."""
    if message.get("subtype") == "message_changed" and isinstance(message.get("message"), Mapping):
        message = message["message"]
    found = _Found()
    rich = [block for block in message.get("blocks") or () if block.get("type") == "rich_text"]
    if rich:
        text = _lines([_element(part, found) for block in rich for part in block.get("elements") or ()])
    else:
        text = _from_markup(without_signs(message.get("text") or ""), found)
    return found.plain(text)


def emoji_of(name: str, tone: int | None = None) -> str | None:
    """Return the characters of a short name (`+1`, `flag-gb`, `+1::skin-tone-2`); None when no other place knows it."""
    name, _, suffix = name.partition("::skin-tone-")
    base = SLACK_NAMES.get(name) or _by_rule(name) or _by_package(name)
    tone = int(suffix) if suffix.isdecimal() else tone
    if base is None or tone not in _TONES:
        return base
    toned = base[0] + _TONES[tone] + base[1:].removeprefix(_VARIATION)
    return toned if emoji.is_emoji(toned) else base


class _Found(Reading):
    """What came up on the way, and how Slack's own pieces are read."""

    def words(self, text: str) -> str:
        """Return text without addresses inside Slack."""
        return _SLACK_LINK.sub(lambda link: self.internal(link.group()), text)

    def link(self, url: str, label: str) -> str:
        """Return a link's address, with its label where that says more; nothing of a link into Slack."""
        if _SLACK_LINK.match(url):
            return self.internal(url)
        return link(url, self.words(label))

    def emoji(self, name: str, characters: str | None) -> str:
        return characters or self.internal(f":{name}:")


# Rich text: what people's messages are made of


def _element(element: Payload, found: _Found) -> str:
    """Read one part of a rich text: a section, a list, a quote or preformatted words."""
    if element.get("type") == "rich_text_list":
        return _list(element, found)
    return "".join(_inline(piece, found) for piece in element.get("elements") or ())


def _list(element: Payload, found: _Found) -> str:
    indent = "  " * int(element.get("indent") or 0)
    first = int(element.get("offset") or 0) + 1
    ordered = element.get("style") == "ordered"
    items = [_element(item, found) for item in element.get("elements") or ()]
    return "\n".join(
        f"{indent}{f'{number}.' if ordered else '•'} {item}" for number, item in enumerate(items, start=first)
    )


def _inline(piece: Payload, found: _Found) -> str:
    text = without_signs(piece.get("text") or piece.get("fallback") or "")
    match piece.get("type"):
        case "link":
            return found.link(piece.get("url") or "", text)
        case "emoji":
            name = piece.get("name") or ""
            return found.emoji(name, _by_code(piece.get("unicode")) or emoji_of(name, piece.get("skin_tone")))
        case "user":
            return found.member(piece.get("user_id") or "")
        case "usergroup" | "broadcast" | "channel" | "team":
            return found.group()
        case "color":
            return str(piece.get("value") or "")
    return found.words(text)


def _lines(parts: Sequence[str]) -> str:
    """Begin every part on a line of its own."""
    text = ""
    for part in parts:
        text += ("\n" if text and not text.endswith("\n") else "") + part
    return text


# Markup: what is left where there are no blocks


def _from_markup(text: str, found: _Found) -> str:
    kept: list[str] = []

    def keep(token: re.Match[str]) -> str:
        if (control := token["control"]) is not None:
            words = _control(control, found)
        else:
            words = found.words(_unescaped((token["block"] or token["code"]).strip("\n")))
        if words == GONE:
            return GONE
        kept.append(words)
        return KEPT

    text = _QUOTE.sub("", _TOKEN.sub(keep, text))
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    text = found.words(_unescaped(_EMOJI.sub(_emoji_reader(found), text)))
    rest = iter(kept)
    return re.sub(KEPT, lambda _: next(rest), text)


def _control(control: str, found: _Found) -> str:
    """Read what stands between `<` and `>`."""
    target, _, label = control.partition("|")
    if target.startswith("@"):
        return found.member(target[1:])
    if target.startswith("!date^"):
        return _unescaped(label)
    if target.startswith(("!", "#")):
        return found.group()
    return found.link(_unescaped(target), _unescaped(label))


def _emoji_reader(found: _Found) -> Callable[[re.Match[str]], str]:
    """Read `:name:`; where no blocks tell emoji from words, `12:30:45` and `a:b:c` stay what they are."""

    def read(token: re.Match[str]) -> str:
        name, whole, around = token["name"], token.group(), token.string
        alone = not (around[: token.start()][-1:].isalnum() or around[token.end() :][:1].isalnum())
        is_word = any(character.isalpha() for character in name)
        characters = emoji_of(name, int(token["tone"] or 0))
        if characters and (alone or (is_word and len(name) > 1)):
            return characters
        return found.internal(f":{name}:") if is_word and alone else whole

    return read


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


# Emoji


def _by_rule(name: str) -> str | None:
    kind, _, rest = name.partition("-")
    if kind == "flag" and len(rest) == 2 and rest.isascii() and rest.isalpha():
        return "".join(chr(_REGION_A + ord(letter) - ord("a")) for letter in rest.lower())
    people = name.split("-")
    if len(people) > 1 and all(person in _FAMILY for person in people):
        return _JOINER.join(_FAMILY[person] for person in people)
    return None


def _by_package(name: str) -> str | None:
    """Ask the `emoji` package, which writes `man_office_worker` where Slack writes `male-office-worker`."""
    said = name.replace("-", "_")
    gendered = re.sub(r"^female_", "woman_", re.sub(r"^male_", "man_", said))
    for candidate in (name, said, gendered):
        wrapped = f":{candidate}:"
        found = emoji.emojize(wrapped, language="alias")
        if found != wrapped:
            return found
    return None


def _by_code(code: object) -> str | None:
    """Read the code points a rich text gives beside a name (`1f44d-1f3fb`)."""
    if not isinstance(code, str) or not re.fullmatch(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*", code):
        return None
    points = [int(part, 16) for part in code.split("-")]
    characters = "".join(map(chr, points)) if max(points) <= 0x10FFFF else ""
    return characters if emoji.is_emoji(characters) else None
