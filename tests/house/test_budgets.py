"""Code stays small enough to be read once and trusted, and speaks the words of the glossary."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import (
    Function,
    functions,
    lines_of,
    modules,
    name_of,
    nodes,
    parsed,
    strings,
    type_of_function,
    words_in,
)

EVERYWHERE = ("chatops", "handlers", "migrations", "tests")
PRODUCT = ("chatops", "handlers")
FOG = {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "misc"}
NOT_OUR_WORDS = {
    "user", "users", "customer", "customers", "job", "jobs", "manager", "managers", "service", "services",
    "util", "utils", "helper", "helpers",
}  # fmt: skip
PHRASES_OF_OTHERS = (
    "service_level",
    "ServiceLevel",
    "SERVICE_LEVEL",
    "service_id",
    "user_id",
)  # the glossary's; names of TikTok's ids


def test_no_function_is_longer_than_sixty_lines() -> None:
    too_long = [
        f"{name_of(path)}: {function.name} has {lines_of(function)} lines"
        for path in modules(*EVERYWHERE)
        if path.parent.name != "versions"  # a migration tells one story from top to bottom
        for function in functions(path)
        if lines_of(function) > 60
    ]
    assert too_long == []


def test_no_handler_is_longer_than_twenty_five_lines() -> None:
    too_long = [
        f"{name_of(path)}: {function.name} has {lines_of(function)} lines"
        for path in modules("handlers")
        for function in functions(path)
        if lines_of(function) > 25
    ]
    assert too_long == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(*EVERYWHERE)
        if path.parent.name != "versions"  # as above
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_module_is_named_after_nothing() -> None:
    foggy = [
        name_of(path) for path in modules(*EVERYWHERE) if FOG & set(words_in(path.stem) + words_in(path.parent.name))
    ]
    assert foggy == []


def test_our_names_use_our_words() -> None:
    strange = [
        f"{name_of(path)}: {name}"
        for path in modules(*PRODUCT)
        if "sandbox" not in path.parts  # the worlds speak the words of the platforms they play
        for name in _own_names(path)
        if NOT_OUR_WORDS & set(words_in(_without_phrases(name)))
    ]
    assert strange == []


def test_everything_public_says_what_it_promises() -> None:
    silent = [f"{name_of(path)}: {name}" for path in modules(*PRODUCT) for name in _without_docstring(path)]
    assert silent == []


def _without_phrases(name: str) -> str:
    for phrase in PHRASES_OF_OTHERS:
        name = name.replace(phrase, "")
    return name


def _own_names(path: Path) -> Iterator[str]:
    """Names a file gives: of itself, its classes and functions; where no platform is near, of variables too."""
    yield path.stem
    near_a_platform = "platforms" in path.parts or "handlers" in path.parts
    words_of_the_wire = set(
        strings(path)
    )  # CUSTOMER_SERVICE = "CUSTOMER_SERVICE": somebody else's word, kept as it came
    for node in nodes(path):
        if isinstance(node, (ast.ClassDef, *type_of_function)):
            yield node.name
        elif near_a_platform:
            continue
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in words_of_the_wire:
            yield node.id


def _without_docstring(path: Path) -> Iterator[str]:
    module = parsed(path)
    if not ast.get_docstring(module):
        yield "the module itself"
    for node in module.body:
        if isinstance(node, (ast.ClassDef, *type_of_function)) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from (
                    f"{node.name}.{method.name}" for method in _public_methods(node) if not ast.get_docstring(method)
                )


def _public_methods(owner: ast.ClassDef) -> Iterator[Function]:
    for node in owner.body:
        if isinstance(node, type_of_function) and not node.name.startswith("_") and not _overrides(node):
            yield node


def _overrides(method: Function) -> bool:
    """An override keeps the promise of what it overrides."""
    return any(isinstance(mark, ast.Name) and mark.id == "override" for mark in method.decorator_list)
