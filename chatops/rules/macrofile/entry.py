"""What a file says about prepared answers: the entries, and what is wrong with a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a file is written."""

    YAML = "yaml"
    CSV = "csv"
    MARKDOWN = "markdown"


class SignOff(NamedTuple):
    """Which native speaker found a text good, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class MacroEntry:
    """One prepared answer as a file has it.

    `id` is 1 to 24 of a-z, 0-9 and hyphens. `shops` are names as in `desk.toml`. `keywords`, `texts` and `signed_off`
    go by language tag ("th", "pt-BR"). `silent` names the fields that a file does not speak of: they shall stay what
    they are. `line` is where the entry begins, 0 when it comes from no file.
    """

    id: str
    name: str
    folder: str = ""
    owner: str = ""
    reviewed_on: date | None = None
    review_by: date | None = None
    archived: bool = False
    acts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    signed_off: Mapping[str, SignOff] = field(default_factory=dict)
    silent: frozenset[str] = field(default=frozenset(), compare=False)
    line: int = field(default=0, compare=False)


class Problem(NamedTuple):
    """What is wrong in a line of a file (counted from 1), and what to do about it."""

    line: int
    what: str
    remedy: str


class Part(StrEnum):
    """What can be said about a macro; the value is the key in YAML and the column in a table."""

    ID = "id"
    NAME = "name"
    FOLDER = "folder"
    OWNER = "owner"
    KINDS = "kinds"
    SHOPS = "shops"
    ACTS = "acts"
    REVIEWED_ON = "reviewed_on"
    REVIEW_BY = "review_by"
    ARCHIVED = "archived"
    KEYWORDS = "keywords"
    TEXT = "text"
    SIGNED_OFF = "signed_off"


LISTS = {Part.KINDS, Part.SHOPS, Part.ACTS, Part.KEYWORDS}
PER_LANGUAGE = {Part.KEYWORDS, Part.TEXT, Part.SIGNED_OFF}
MAY_BE_SILENT = set(Part) - PER_LANGUAGE - {Part.ID, Part.NAME}
Place = tuple[Part, str]
"""A part and its language ("" where the part has none)."""


class Found(NamedTuple):
    """What stands at a place, as written, and in which line."""

    line: int
    said: tuple[str, ...]  # one, but for the parts that are lists


@dataclass(slots=True)
class Draft:
    """What a file says about one macro before anybody looked whether it makes sense."""

    line: int
    found: dict[Place, Found] = field(default_factory=dict)

    def one(self, part: Part, locale: str = "") -> str:
        """Return what a part says, "" when it is not there."""
        said = self.found.get((part, locale))
        return said.said[0] if said and said.said else ""

    def line_of(self, part: Part, locale: str = "") -> int:
        """Return the line of a part, or of the macro."""
        said = self.found.get((part, locale))
        return said.line if said else self.line
