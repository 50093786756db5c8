"""Plain words for a buyer, and how the gaps close that are left where something of the team's stood.

A reader of a chat platform's messages puts `GONE` where it leaves something out; `Reading` keeps what that was.
"""

import re
from dataclasses import dataclass, field

GONE = "\ue000"  # stands where something was left out, until the room around it is tidied
KEPT = "\ue001"  # for readers: stands for a piece that formatting must not touch
_OWN_SIGNS = re.compile(f"[{GONE}{KEPT}]")

_GAP = rf"(?:{GONE}[ \t]*+)++"
_LINE_OF_NOTHING = re.compile(rf"^[ \t]*{_GAP}(?:\n|\Z)", re.MULTILINE)
_LINE_START = re.compile(rf"^((?:[ \t]*(?:•|\d+\.))*+[ \t]*){_GAP}[,;:]?[ \t]*", re.MULTILINE)
_BEFORE_A_STOP = re.compile(rf"(?<![ \t{GONE}])[ \t]*{_GAP}(?=[,.!?;:)\]]|$)", re.MULTILINE)
_BETWEEN_WORDS = re.compile(rf"(?<![ \t{GONE}])[ \t]*{_GAP}")


@dataclass(frozen=True, slots=True)
class PlainText:
    """Words for a buyer, and what was left out of them.

    `mentions` are the members named by id; `mentions_team` tells of a group, a channel or everyone; `left_out` lists
    what else is for the team alone: links into the chat platform, emoji that only this workspace has.
    """

    text: str
    mentions: tuple[str, ...] = ()
    mentions_team: bool = False
    left_out: tuple[str, ...] = ()


@dataclass
class Reading:
    """What comes up while a message is read; what is left out of its words becomes `GONE`."""

    mentions: list[str] = field(default_factory=list)
    mentions_team: bool = False
    left_out: list[str] = field(default_factory=list)

    def member(self, member_id: str) -> str:
        """Leave out the name of a member."""
        self.mentions.append(member_id)
        return GONE

    def group(self) -> str:
        """Leave out the name of a group, a channel or everyone."""
        self.mentions_team = True
        return GONE

    def internal(self, what: str) -> str:
        """Leave out something that a buyer must not see or could not understand."""
        self.left_out.append(what)
        return GONE

    def plain(self, text: str) -> PlainText:
        """Return the words, tidied, with all that came up, each once."""
        return PlainText(
            text=tidied(text),
            mentions=tuple(dict.fromkeys(self.mentions)),
            mentions_team=self.mentions_team,
            left_out=tuple(dict.fromkeys(self.left_out)),
        )


def without_signs(text: str) -> str:
    """Return a text without the signs that readers put into it themselves."""
    return _OWN_SIGNS.sub("", text)


def link(url: str, label: str) -> str:
    """Return a link's address; as it was typed if the label is the address, behind the label if it says more."""
    address = re.sub(r"^(?:mailto|tel):", "", url)
    if not label or label == url:
        return address
    if label.rstrip("/") in {address, re.sub(r"^https?://", "", address).rstrip("/")}:
        return label
    return f"{label} ({address})"


def tidied(text: str) -> str:
    """Close the gaps that left-out pieces leave: no line of nothing, no lone comma, one space."""
    text = _LINE_OF_NOTHING.sub("", text)
    text = _LINE_START.sub(r"\1", text)
    text = _BEFORE_A_STOP.sub("", text)
    return _BETWEEN_WORDS.sub(" ", text).strip()
