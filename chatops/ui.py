"""What a card, a button and a form are, on no platform in particular.

Every `str` in here is plain text: painters escape it, so nothing in it can ping, link or break the layout. What may
do more than be read is spelled as a type: `Strong`, `Moment`, `Mention`, `GroupMention`, `Link`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatops.errors import NotUnderstood

PRESS_LIMIT = 100  # characters; Discord's custom_id is the narrowest home of a press


class Tone(StrEnum):
    """How a card or a button feels."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class MomentStyle(StrEnum):
    """How an instant is shown to each viewer, in the viewer's own zone."""

    TIME = "time"
    DATE_TIME = "date_time"
    AGO = "ago"
    DUE = "due"  # how long until then, where that is shown as time passes; elsewhere when


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, shown in each viewer's own zone; `fallback` serves screen readers and old clients."""

    instant: datetime
    style: MomentStyle
    fallback: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An agent, by the platform's id; pings only where the painter is told to let it."""

    external_id: str


@dataclass(frozen=True, slots=True)
class GroupMention:
    """A group of agents (Slack: a user group, Discord: a role), by the platform's id; pings as a `Mention` does."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """Our own link; never made from a buyer's words."""

    url: str
    label: str


Inline = str | Strong | Moment | Mention | GroupMention | Link
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the product's own words."""

    line: Line


@dataclass(frozen=True, slots=True)
class Small:
    """A quiet line below the rest."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words, shown to the letter and never parsed; painters split what is too long for one block."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value."""

    label: str
    value: Line


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled facts, side by side where there is room."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the chat platform already holds."""

    file_id: str
    alt: str


@dataclass(frozen=True, slots=True)
class Press:
    """What a button means: a verb of the catalogue and what it is about."""

    verb: str
    ref: str

    def encode(self) -> str:
        """Return the text a button carries (at most 100 characters).

        Raises:
            ValueError: the press does not fit.
        """
        text = f"{self.verb}:{self.ref}"
        if len(text) > PRESS_LIMIT:
            raise ValueError(f"a press holds {PRESS_LIMIT} characters, this one has {len(text)}")
        return text

    @classmethod
    def decode(cls, text: str) -> "Press":
        """Read what `encode` wrote.

        Raises:
            NotUnderstood: the text was not written by `encode`.
        """
        verb, separator, ref = text.partition(":")
        if not separator or not verb or len(text) > PRESS_LIMIT:
            raise NotUnderstood(f"not a press: {text[:PRESS_LIMIT]!r}")
        return cls(verb, ref)


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question before a button acts."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press."""

    label: str
    press: Press
    tone: Tone = Tone.NEUTRAL
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu; `value` is what a press's ref becomes."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Menu:
    """One choice out of several; the chosen option's value is the ref of `verb`."""

    placeholder: str
    verb: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Controls:
    """A row of things to press."""

    controls: tuple[Button | Menu, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two subjects."""


Part = Paragraph | Small | Quote | Fields | Picture | Controls | Divider


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something shown to people.

    `summary` says the whole essence as plain text: it is what notifications and screen readers read. `labels` are short
    words about the state of what it is about, the most important first, `unlabelled` those it might carry and does not:
    platforms that sort threads by such words show them. What is `closed` may be put out of sight.
    """

    summary: str
    title: str = ""
    tone: Tone = Tone.NEUTRAL
    parts: tuple[Part, ...] = ()
    labels: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    """A buyer under whose name a card may stand; `role` says that they are one, in the reader's language."""

    name: str
    role: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form: words of at most `limit` characters, or with `options` one of these and nothing else.

    `value` is what stands in it at first: words, or the value of the option that is chosen.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    multiline: bool = False
    optional: bool = False
    limit: int = 3000
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Something to fill in, below `parts` that are only read; submitting it is a press with the inputs' values."""

    title: str
    submit: str
    cancel: str
    press: Press
    inputs: tuple[Input, ...]
    parts: tuple[Part, ...] = ()
