"""Words made safe for Slack: nothing that goes through here can ping, link, format or reorder what stands around it."""

import re
from datetime import UTC

from chatops.platforms.cutting import Shortened, clean, directed, fitted, in_figures
from chatops.ui import GroupMention, Inline, Line, Link, Mention, Moment, MomentStyle, Strong

_JOINER = "\u2060"  # WORD JOINER: takes no room and lets no line break in
_UNLINKED = "\ue000"  # stands for a joiner until the text is measured and cut
_EDGE = "\u200b"  # ZERO WIDTH SPACE: Slack sees the edge of a word there

_BROADCASTS = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_OPENERS = re.compile(r"(?<![^\W_])([*_~`])|^(&gt;)", re.MULTILINE)
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MEMBER = re.compile(r"[UW][A-Z0-9]+")
_GROUP = re.compile(r"S[A-Z0-9]+")
_FORMATS = {
    MomentStyle.TIME: "{time}",
    MomentStyle.DATE_TIME: "{date_short_pretty} {time}",
    MomentStyle.AGO: "{ago}",
    MomentStyle.DUE: "{date_short_pretty} {time}",  # "ago" is for what is past, and stands still until one looks again
}


def plain(text: str) -> str:
    """Prepare words for a place that Slack does not parse (`plain_text`, a rich text's `text` element)."""
    return _BROADCASTS.sub("@" + _JOINER, clean(text))


def escape(text: str) -> str:
    """Prepare words for a place that Slack parses: no control sequence, no formatting, no quote at a line's start."""
    return _OPENERS.sub(lambda found: _JOINER + found.group(), plain(text).translate(_ENTITIES))


def mrkdwn(line: Line, limit: int, shortened: Shortened = in_figures) -> str:
    """Write a line of our own words in Slack's markup, at most `limit` characters; markup is never cut in two."""
    return fitted(line, _rendered(line), _render, limit, shortened)


def fallback(summary: str, limit: int, shortened: Shortened = in_figures) -> str:
    """Write the text that notifications and screen readers read, at most `limit` characters; no address is a link."""
    marked = summary.replace(_UNLINKED, "").replace("://", f":{_UNLINKED}//")
    return mrkdwn((marked,), limit, shortened).replace(_UNLINKED, _JOINER)


def _render(piece: Inline) -> str:
    match piece:
        case str():
            return escape(piece)
        case Strong(text=text):
            words = " ".join(plain(text).translate(_ENTITIES).replace("*", "∗").split())
            return f"*{words}*" if words else ""
        case Moment(instant=instant, style=style, fallback=said):
            said = (
                " ".join(plain(said).translate(_ENTITIES).replace("|", "/").split())
                or f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            )
            return f"<!date^{int(instant.timestamp())}^{_FORMATS[style]}|{said}>"
        case Mention(external_id=member):
            return f"<@{member}>" if _MEMBER.fullmatch(member) else escape(member)
        case GroupMention(external_id=group):
            return f"<!subteam^{group}>" if _GROUP.fullmatch(group) else escape(group)
        case Link(url=url, label=label):
            return _link(url, " ".join(plain(label).translate(_ENTITIES).replace("|", "/").split()))


def _link(url: str, label: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>|\x00-\x20]+", url):
        return label
    return f"<{url.replace('&', '&amp;')}|{label}>" if label else f"<{url.replace('&', '&amp;')}>"


def _rendered(line: Line) -> list[str]:
    """Render every piece, and give bold words an edge: Slack ignores a star that touches a letter (not every script
    puts spaces between words)."""
    pieces = directed(line, _render)
    for index, piece in enumerate(line):
        if isinstance(piece, Strong) and pieces[index]:
            before = "".join(pieces[:index])[-1:]
            after = "".join(pieces[index + 1 :])[:1]
            pieces[index] = _EDGE * before.isalnum() + pieces[index] + _EDGE * after.isalnum()
    return pieces
