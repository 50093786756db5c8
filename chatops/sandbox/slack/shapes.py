"""A small language for "this JSON must look so", reporting faults the way Slack words them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Problems = list[str]


class Shape(Protocol):
    """Anything that can judge a value found at a JSON pointer."""

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Append what is wrong with `value`."""


def fault(problems: Problems, text: str, at: str) -> None:
    """Add one finding in Slack's form."""
    problems.append(f"[ERROR] {text} [json-pointer:{at}]")


@dataclass(frozen=True)
class Str:
    """A string of bounded length, possibly one of a few."""

    most: int = 3000
    least: int = 0
    among: tuple[str, ...] = ()

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge type, length and choice."""
        if not isinstance(value, str):
            fault(problems, "must provide a string", at)
        elif len(value) > self.most:
            fault(problems, f"must be less than {self.most + 1} characters", at)
        elif len(value) < self.least:
            fault(problems, f"must be more than {self.least - 1} characters", at)
        elif self.among and value not in self.among:
            fault(problems, f"invalid value; must be one of {', '.join(self.among)}", at)


@dataclass(frozen=True)
class Of:
    """A value of a plain type."""

    kind: type | tuple[type, ...]

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge the type; True is no number."""
        if not isinstance(value, self.kind) or (isinstance(value, bool) and self.kind is not bool):
            fault(problems, "invalid type", at)


@dataclass(frozen=True)
class Text:
    """A text object: plain_text always, mrkdwn where allowed."""

    most: int
    plain_only: bool = False

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge kind, fields and length."""
        kinds = ("plain_text",) if self.plain_only else ("plain_text", "mrkdwn")
        if not isinstance(value, dict) or value.get("type") not in kinds:
            fault(problems, f"must be one of type {' or '.join(kinds)}", at)
            return
        extra = {"emoji": BOOL} if value["type"] == "plain_text" else {"verbatim": BOOL}
        Fields({"type": Str(), "text": Str(self.most, 1), **extra}, required=("text",)).check(value, at, problems)


@dataclass(frozen=True)
class Fields:
    """An object with exactly these fields, some of them required."""

    fields: Mapping[str, Shape]
    required: Sequence[str] = ()

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge presence, unknown names and each value."""
        if not isinstance(value, dict):
            fault(problems, "must be an object", at)
            return
        for name in self.required:
            if value.get(name) is None:
                fault(problems, f"missing required field: {name}", at)
        for name, found in value.items():
            if name not in self.fields:
                fault(problems, f"invalid additional property: {name}", at)
            elif found is not None:
                self.fields[name].check(found, f"{at}/{name}", problems)


@dataclass(frozen=True)
class ListOf:
    """A list of bounded length."""

    item: Shape
    most: int
    least: int = 1

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge the length and each item."""
        if not isinstance(value, list):
            fault(problems, "must be an array", at)
            return
        if len(value) > self.most:
            fault(problems, f"no more than {self.most} items allowed", at)
        if len(value) < self.least:
            fault(problems, f"no fewer than {self.least} items allowed", at)
        for index, item in enumerate(value):
            self.item.check(item, f"{at}/{index}", problems)


@dataclass(frozen=True)
class ByType:
    """An object whose `type` says which shape it must have."""

    shapes: Mapping[str, Shape]
    allowed: tuple[str, ...] = field(default=())

    def check(self, value: Any, at: str, problems: Problems) -> None:
        """Judge by the shape that belongs to the type."""
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in self.shapes or (self.allowed and kind not in self.allowed):
            fault(problems, f"unsupported type: {kind}", f"{at}/type")
            return
        self.shapes[kind].check(value, at, problems)


BOOL = Of(bool)
NUMBER = Of((int, float))
