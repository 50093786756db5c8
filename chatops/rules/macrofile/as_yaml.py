"""Macros in YAML: a list with one mapping a macro. Everything is text as written: `no` is Norwegian, not false."""

from collections.abc import Iterator, Sequence

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from chatops.rules.macrofile.entry import LISTS, PER_LANGUAGE, Draft, Found, MacroEntry, Part, Problem
from chatops.rules.macrofile.places import PARTS, locale_of, no_language, no_part, place_of, said_by

EXAMPLE = "docs/how-to/macros.md shows how it is written."
QUOTED = f'Words with ":", "#" or a brace stand in "…", or in lines of their own below "|-". {EXAMPLE}'
TEXTS = "texts"  # several of them stand under this key


def read(text: str) -> tuple[list[Draft], list[Problem]]:
    """Return what a YAML file says about each macro."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [], [Problem(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}", QUOTED)]
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return [], [Problem(line, f"there is a sign nobody can see (U+{error.character:04X})", "Delete it.")]
    except RecursionError:
        return [], [Problem(1, "this is nested too deep", EXAMPLE)]
    if root is None:
        return [], []
    if not isinstance(root, SequenceNode):
        return [], [Problem(_line(root), "the file is no list of macros", f'Begin each macro with "- ". {EXAMPLE}')]
    reader = _Reader()
    return [draft for node in root.value if (draft := reader.draft(node)).found], reader.problems


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Reader:
    """Walks over what PyYAML composed; it never builds anything a tag might name."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def draft(self, node: Node) -> Draft:
        draft = Draft(_line(node))
        for key, name, value in self._pairs(node, "a macro"):
            part = Part.TEXT if name == TEXTS else PARTS.get(name)
            if part is None or name == Part.TEXT:
                self.problems.append(no_part(key, name, [*PARTS, TEXTS]))
            elif part in PER_LANGUAGE:
                self._languages(draft, part, value)
            else:
                draft.found[part, ""] = self._found(part, value)
        return draft

    def _languages(self, draft: Draft, part: Part, node: Node) -> None:
        for line, name, value in self._pairs(node, f"{part}"):
            locale = locale_of(name)
            if locale is None:
                self.problems.append(no_language(line, name))
            elif (part, locale) in draft.found:
                self.problems.append(_twice(line, name))
            else:
                draft.found[part, locale] = self._found(part, value)

    def _found(self, part: Part, node: Node) -> Found:
        if part in LISTS and isinstance(node, SequenceNode):
            return Found(_line(node), tuple(self._text(one) for one in node.value))
        return Found(_line(node), said_by(part, self._text(node)) if part in LISTS else (self._text(node),))

    def _text(self, node: Node) -> str:
        if isinstance(node, ScalarNode):
            empty = node.style is None and node.value in {"~", "null"}
            return "" if empty else str(node.value).strip()
        self.problems.append(Problem(_line(node), "here should stand plain words", QUOTED))
        return ""

    def _pairs(self, node: Node, what: str) -> Iterator[tuple[int, str, Node]]:
        """Yield line, key and value of a mapping, each key once."""
        if isinstance(node, ScalarNode) and not node.value:
            return
        if not isinstance(node, MappingNode):
            self.problems.append(Problem(_line(node), f"{what} is written as keys and values", EXAMPLE))
            return
        seen = set()
        for key, value in node.value:
            name = self._text(key)
            if name in seen:
                self.problems.append(_twice(_line(key), name))
                continue
            seen.add(name)
            yield _line(key), name, value


def _twice(line: int, name: str) -> Problem:
    return Problem(line, f"{name!r} stands here twice", "Keep one of the two.")


class _Writer(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _as_text(writer: yaml.SafeDumper, text: str) -> ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Writer.add_representer(str, _as_text)


def write(entries: Sequence[MacroEntry]) -> str:
    """Return these macros as YAML, one below the other."""
    blocks = [
        yaml.dump([_mapping(entry)], Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10_000)
        for entry in entries
    ]
    return "\n".join(blocks)


def _mapping(entry: MacroEntry) -> dict[str, object]:
    """Return what is to be said about a macro; what is empty is left out."""
    said: dict[str, object] = {}
    for part in Part:
        value: object
        if part in PER_LANGUAGE:
            value = {locale: ", ".join(words) for locale in entry.texts if (words := place_of(entry, part, locale))}
        else:
            words = place_of(entry, part)
            value = list(words) if part in LISTS else "".join(words)
        if value:
            said[TEXTS if part is Part.TEXT else part.value] = value
    return said
