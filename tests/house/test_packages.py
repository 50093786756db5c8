"""What is installed is pinned by content, and in step with what the project asks for."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.tree import ROOT, modules, nodes

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt")
PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(lock: str) -> dict[str, Version]:
    """Return the version each package of a lock file is pinned to, of those that carry hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonicalize_name(name): Version(version) for name, version, _ in PIN.findall(text)}


EVERYBODYS = {"charts", "langid", "postgres", "sqlite"}  # the extras that a visitor's folder has, too


def wanted_by_the_product(*, by_visitors: bool = False) -> list[Requirement]:
    """Return what the project's own metadata asks for, with its extras; or with those alone that visitors have."""
    project = PROJECT["project"]
    extras = project["optional-dependencies"].items()
    found = [line for name, lines in extras if name in EVERYBODYS or not by_visitors for line in lines]
    return [Requirement(line) for line in [*project["dependencies"], *found]]


def out_of_step(wanted: list[Requirement], lock: str) -> list[str]:
    """Return the requirements that a lock file does not fulfil."""
    have = pins(lock)
    return [str(r) for r in wanted if not r.specifier.contains(have.get(canonicalize_name(r.name), Version("0")))]


def test_every_line_of_a_lock_is_a_pin_with_hashes_and_nothing_else() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        rest = [line for line in PIN.sub("", text).splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert rest == [], lock
        assert "://" not in text, lock


def test_the_locks_fulfil_what_the_project_asks_for() -> None:
    assert out_of_step(wanted_by_the_product(by_visitors=True), "requirements.txt") == []
    tools = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
    assert out_of_step([*wanted_by_the_product(), *tools], "requirements-dev.txt") == []


def imported(*places: str) -> set[str]:
    """Return the top-level names of everything that is imported from outside the standard library and ourselves."""
    steps = [step for path in modules(*places) for step in nodes(path)]
    names = {alias.name for step in steps if isinstance(step, ast.Import) for alias in step.names}
    names |= {step.module or "" for step in steps if isinstance(step, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - set(places)


def test_what_the_product_imports_it_asks_for_by_name() -> None:
    asked_for = {canonicalize_name(requirement.name) for requirement in wanted_by_the_product()}
    packages = packages_distributions()
    brought_along = {
        name
        for name in imported("chatops", "handlers", "migrations")
        if asked_for.isdisjoint(canonicalize_name(package) for package in packages.get(name, ()))
    }
    assert brought_along == set()


def test_developers_run_what_visitors_run() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
