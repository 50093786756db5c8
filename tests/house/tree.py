"""The repository as the house rules see it: files by place, and Python parsed once."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("chatops", "handlers", "migrations", "tests", "docs", ".ci")
HIDDEN_BUT_OURS = {".env.example", ".gitignore"}

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*places: str) -> Iterator[Path]:
    """Yield every Python file below the given folders of the repository."""
    for place in places:
        for path in sorted((ROOT / place).rglob("*.py")):
            if "__pycache__" not in path.parts:
                yield path


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of every text file that belongs to the repository."""
    top = (path for path in ROOT.iterdir() if not path.name.startswith(".") or path.name in HIDDEN_BUT_OURS)
    below = (path for place in PLACES for path in (ROOT / place).rglob("*") if "__pycache__" not in path.parts)
    for path in sorted({*top, *below}):
        if path.is_file() and path.suffix not in {".pyc", ".mo", ".png", ".jpg", ".gif", ".woff2", ".ttf"}:
            yield name_of(path), path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    """Return a file's name as a reader of the repository would say it."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return a Python file as a syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file's syntax tree: most rules look at all of them."""
    return tuple(ast.walk(parsed(path)))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a file, however deep."""
    for node in nodes(path):
        if isinstance(node, type_of_function):
            yield node


def lines_of(function: Function) -> int:
    """Return how many lines of code a function takes, from `def` to its end; its promise does not count."""
    promise = function.body[0] if ast.get_docstring(function) else None
    return _span(function) - (_span(promise) if promise else 0)


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def words_in(identifier: str) -> list[str]:
    """Split `some_name` and `SomeName` into lower-case words."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)]


def strings(path: Path) -> Iterator[str]:
    """Yield every string written in a file."""
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
