"""Words made safe for Discord: nothing that goes through here can ping, link, format or reorder what is around it."""

import re
from datetime import UTC

from chatops.platforms.cutting import Shortened, clean, directed, fitted, in_figures
from chatops.ui import GroupMention, Inline, Line, Link, Mention, Moment, MomentStyle, Strong

_JOINER = "\u2060"  # WORD JOINER: takes no room and lets no line break in
_BROADCASTS = re.compile(r"@(?=(?:everyone|here)\b|\Z)", re.IGNORECASE)  # at the end too: who knows what follows
# Everything that may open markup anywhere: styles, code, spoilers, mentions, timestamps, commands, links, headings, and
# the colon of `:emoji:` and `https://`. Discord shows the character behind a backslash as it is.
_MARKUP = re.compile(r"[\\*_~|`<>\[\]#:]")
_LISTS = re.compile(r"^([^\S\n]*)(?:([-+.])|(\d+)(\.))", re.MULTILINE)  # a dot may follow the number of another piece
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>()\x00-\x20]+")
_FORMATS = {MomentStyle.TIME: "t", MomentStyle.DATE_TIME: "f", MomentStyle.AGO: "R", MomentStyle.DUE: "R"}


def plain(text: str) -> str:
    """Prepare words for a place that Discord does not parse: a button, an option, a thread's name, a form."""
    return _BROADCASTS.sub("@" + _JOINER, clean(text))


def one_line(text: str) -> str:
    """Prepare words for such a place with a single line."""
    return " ".join(plain(text).split())


def escape(text: str) -> str:
    """Prepare words for a place that Discord parses: no mention, no formatting, no link, no list, no emoji by name.

    discord.py's `escape_markdown` leaves lists, timestamps, commands and whatever touches an address as they are.
    """
    escaped = _MARKUP.sub(r"\\\g<0>", plain(text))
    return _LISTS.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", escaped)


def quoted(text: str) -> str:
    """Write somebody else's words as a quote, shown to the letter."""
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def is_id(external_id: str) -> bool:
    """Tell whether this can be the id of a person or a role."""
    return bool(_ID.fullmatch(external_id))


def markdown(line: Line, limit: int, shortened: Shortened = in_figures) -> str:
    """Write a line of our own words in Discord's markup, at most `limit` characters; markup is never cut in two."""
    return fitted(line, _rendered(line), _render, limit, shortened)


def _rendered(line: Line) -> list[str]:
    """Render every piece, and keep stars of neighbours apart, which would be read together."""
    pieces: list[str] = []
    for written in directed(line, _render):
        touching = bool(pieces) and pieces[-1].endswith("**") and written.startswith("*")
        pieces.append(_JOINER + written if touching else written)
    return pieces


def _render(piece: Inline) -> str:
    match piece:
        case str():
            return escape(piece)
        case Strong(text=text):
            words = escape(" ".join(text.split())).strip()
            return f"**{words}**" if words else ""
        case Moment(instant=instant, style=style):
            return f"<t:{int(instant.astimezone(UTC).timestamp())}:{_FORMATS[style]}>"
        case Mention(external_id=member):
            return f"<@{member}>" if is_id(member) else escape(member)
        case GroupMention(external_id=role):
            return f"<@&{role}>" if is_id(role) else escape(role)
        case Link(url=url, label=label):
            return _link(url, escape(" ".join(label.split())).strip())


def _link(url: str, label: str) -> str:
    if not _ADDRESS.fullmatch(url):
        return label
    return f"[{label}](<{url}>)" if label else f"<{url}>"
