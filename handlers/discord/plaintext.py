"""What an agent wrote in Discord, as the plain words a buyer may read.

Formatting disappears as it does in Discord's own windows, links become addresses, instants become dates. What belongs
to the team alone (mentions, links into Discord, the server's own emoji) is left out, and said so, because it must never
reach a buyer. No text, however long or odd, keeps the reader busy longer than it is long.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from chatops.rules.plaintext import GONE, PlainText, Reading, link, without_signs

Payload = Mapping[str, Any]

ANSWER = 19  # type of a message that answers another one
FORWARD = 1  # the type of a `message_reference`; 0 is an answer
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# An address ends before words of another script, which often follow without a space, and before what ends a sentence.
_REST = r"[!-)+-;=?-\[\]-_a-{}~]"
_END = r"(?<![.,!?;:)\]'\"_~])"
_SCHEME = r"(?:https?|discord)://"
_ADDRESS = rf"{_SCHEME}{_REST}+{_END}"
_HOST = r"(?:[\w-]+\.)*(?:discord\.(?:com|gg|gift|new)|discordapp\.(?:com|net))(?![\w-]|\.\w)"
_BARE = rf"(?<![\w.-])(?<![\w.-]/){_HOST}/"  # without a scheme only with a path
_EVERYONE = r"(?:(?<!\w)@(?:everyone|here)\b|@(?:everyone|here)\b(?!\.\w))"  # me@here.example is an address

_TOKEN = re.compile(
    "|".join([
        r"^(?P<opening>(?:[ ]*+(?:>(?:>>)?|[-*]|-#|#{1,3}|\d{1,9}\.)[ ]++)++)",
        r"\\?<@!?(?P<member>\d+)>",
        rf"(?P<group>\\?<(?:@&\d+|#\d+|id:[\w:-]+|/[^<>\n]+:\d+)>|\\?{_EVERYONE})",
        r"\\?<a?:(?P<emoji>\w+):\d+>",
        r"\\?<t:(?P<instant>-?\d{1,13})(?::[a-z])?>",
        rf"<(?P<pointed>{_SCHEME}[^\s<>]++|[^\s<>@]++@[^\s<>@]++|\+[\d() -]++)>",
        r"\[(?P<label>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]"
        rf"\(\s*<?(?P<target>{_SCHEME}[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?"
        r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)",
        rf"(?P<address>{_ADDRESS})",
        r"[ ]?\n?```(?:[\w+.#-]+\n)?(?P<block>(?s:.+?))`{3,}+[ ]?\n?",
        r"(?P<ticks>`++)(?P<code>(?s:.+?))(?<!`)(?P=ticks)(?!`)",
        r"\\(?P<escaped>`+|[^0-9A-Za-z\s])",
        r"(?P<run>\*+|_+|~~+|\|\|+)",
        r"(?P<loose>`+)",
    ]),
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_LINKED = re.compile(rf"{_SCHEME}(?:{_REST}+{_END})?|{_BARE}{_REST}*{_END}", re.ASCII | re.IGNORECASE)
_INSIDE = re.compile(rf"discord://|://(?:[^\s/?#@]*@)?{_HOST}|{_BARE}", re.ASCII | re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:@[!&]?\d+|#\d+|id:[\w:-]+|/[^<>\s]+:\d+|a?:\w+:\d+|sound:\d+:\d+)>", re.ASCII | re.IGNORECASE
)
_CALL = re.compile(_EVERYONE, re.ASCII | re.IGNORECASE)


def to_plain(message: Payload) -> PlainText:
    """Read a message object of Discord's API.

    Besides the people whom the words name, `mentions` has those whom the message notifies and the colleague whose
    message it answers. A forwarded message is talk with the team.
    """
    found = Reading()
    text = _cleared(_words(without_signs(message.get("content") or ""), found), found)
    _read_beside(message, found)
    once_more = _cleared(found.plain(text).text, found)  # closing a gap may join what stood apart
    return found.plain(once_more.replace(GONE, " "))


def _read_beside(message: Payload, found: Reading) -> None:
    """Read what a message has besides its words."""
    writer_id = (message.get("author") or {}).get("id")
    answered = message.get("referenced_message") or {}
    for colleague in (*(message.get("mentions") or ()), _who_said(answered)):
        if colleague.get("id") not in {None, writer_id}:
            found.member(colleague["id"])
    if message.get("type") == ANSWER and not answered:  # it is gone: nobody knows whose it was
        found.group()
    forwarded = (message.get("message_reference") or {}).get("type") == FORWARD or message.get("message_snapshots")
    if forwarded or message.get("mention_everyone") or message.get("mention_roles"):
        found.group()
    for sticker in message.get("sticker_items") or ():
        found.internal(sticker.get("name") or str(sticker.get("id") or ""))
    if poll := message.get("poll"):
        found.internal((poll.get("question") or {}).get("text") or "")


def _who_said(message: Payload) -> Payload:
    """Return the person who said something, by typing or through a command of a bot; of a bot's own words, nobody."""
    behind: Payload | None = (message.get("interaction_metadata") or {}).get("user")
    author: Payload = message.get("author") or {}
    if behind is not None:
        return behind
    return {} if author.get("bot") or message.get("webhook_id") else author


def _cleared(text: str, found: Reading) -> str:
    """Leave out addresses inside Discord, and whatever else in code or between signs would name one of the team."""

    def judged(address: re.Match[str]) -> str:
        return found.internal(address[0]) if _is_inside(address[0]) else address[0]

    text = _LINKED.sub(judged, text)
    for left in (_MARKUP, _CALL):
        text = left.sub(lambda token: found.internal(token[0]), text)
    return text


def _is_inside(address: str) -> bool:
    """Tell whether an address leads into Discord, or to a page that passes its reader on to there."""
    return _INSIDE.search(unquote(address)) is not None


# Markdown


def _words(text: str, found: Reading) -> str:
    pieces: list[str | _Mark] = []
    end = 0
    for token in _TOKEN.finditer(text):
        pieces.append(text[end : token.start()])
        pieces += _marks(token) if token.lastgroup == "run" else [_piece(token, found)]
        end = token.end()
    pieces.append(text[end:])
    _hide_pairs([piece for piece in pieces if isinstance(piece, _Mark)])
    return "".join(map(str, pieces))


def _piece(token: re.Match[str], found: Reading) -> str:
    """Read one piece of markdown."""
    kind = token.lastgroup or ""
    said = token[kind]
    piece = said
    match kind:
        case "member":
            piece = found.member(said)
        case "group":
            piece = found.group()
        case "emoji":
            piece = found.internal(f":{said}:")
        case "instant":
            piece = _date(token, found)
        case "target":
            piece = found.internal(said) if _is_inside(said) else _link(said, token["label"], found)
        case "opening":
            piece = re.sub(r"[-*] +", "• ", re.sub(r"(?:>(?:>>)?|-?#{1,3}) +", "", said))
        case "block":
            piece = "\n" + said.strip("\n") + "\n"
        case "code":
            piece = said.strip()
    return piece


def _link(target: str, label: str, found: Reading) -> str:
    words = _words(label, found).strip()
    return link(target, words if words.strip(GONE) else "")


def _date(token: re.Match[str], found: Reading) -> str:
    """Write an instant out: readers have zones of their own here, and a date without its time may be another's day."""
    try:
        return f"{EPOCH + timedelta(seconds=int(token['instant'])):%Y-%m-%d %H:%M} UTC"
    except OverflowError:
        return found.internal(token[0])


@dataclass(slots=True)
class _Mark:
    """A sign of formatting, which is shown when it ends up in no pair."""

    sign: str
    place: int  # where its run of signs begins: `****` is not a pair around nothing
    opens: bool = True
    closes: bool = True
    shown: bool = True

    def __str__(self) -> str:
        return self.sign if self.shown else ""


def _marks(token: re.Match[str]) -> list[_Mark]:
    """Take a run of signs apart: `*****` is two `**` and one `*`. A double sign may stand anywhere."""
    run, (start, end) = token["run"], token.span()
    before, after = token.string[max(start - 1, 0) : start], token.string[end : end + 1]
    opens, closes = bool(after.strip()) or len(run) > 1, bool(before.strip()) or len(run) > 1
    if run[0] == "_":  # inside a word it is a letter
        opens, closes = opens and not _is_letter(before), closes and not _is_letter(after)
    elif run[0] != "*":  # a single one means nothing
        opens = closes = False
    doubles = [_Mark(run[0] * 2, start) for _ in range(len(run) // 2)]
    return doubles + [_Mark(run[0], start, opens, closes)] * (len(run) % 2)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _hide_pairs(marks: Sequence[_Mark]) -> None:
    waiting: dict[str, list[_Mark]] = defaultdict(list)
    for mark in marks:
        before = waiting[mark.sign]
        if mark.closes and before and before[-1].place != mark.place:
            before.pop().shown = mark.shown = False
        elif mark.opens:
            before.append(mark)
