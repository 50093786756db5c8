"""What is written for people is complete and leads somewhere."""

import ast
import re
from pathlib import Path

import emoji
import pytest

from chatops.cards.commands import MENUS
from chatops.catalog import CATALOG
from chatops.config import Config
from tests.house import figures, manual
from tests.house.tree import ROOT, modules, name_of, nodes

VARIABLES = {str(field.validation_alias) for field in Config.model_fields.values()}
ASSIGNED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def read(name: str) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_variable_stands_in_the_example_and_in_the_reference() -> None:
    assert set(ASSIGNED.findall(read(".env.example"))) == VARIABLES
    assert set(ROW.findall(read("docs/reference/configuration.md"))) == VARIABLES


def test_the_example_shows_the_defaults() -> None:
    defaults = {str(field.validation_alias): field.default for field in Config.model_fields.values()}
    shown = dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    plain = {name: str(default) for name, default in defaults.items() if isinstance(default, (str, Path))}
    assert {name: shown[name] for name in plain} == plain


def test_the_page_about_threads_names_every_way_of_the_catalogue() -> None:
    typed = [word for entry in CATALOG for word in (*entry.words, f"/{entry.command}") if word.strip("/")]
    typed += [word for entry in CATALOG for word in entry.words if word == "//"]
    given = [emoji.emojize(f":{name}:", language="alias") for entry in CATALOG for name in entry.reactions]
    chosen = [name() for name in MENUS.values()]
    page = read("docs/reference/threads.md")
    assert [way for way in (*typed, *given, *chosen) if way not in page] == []
    assert {entry.verb for entry in CATALOG if entry.menu} == set(MENUS)


def test_the_page_of_every_verb_is_the_catalogue_as_it_stands() -> None:
    assert manual.PAGE.read_text(encoding="utf-8") == manual.page(), "python -m tests.house.manual writes it anew"


def test_the_page_of_every_number_is_what_the_sections_say() -> None:
    assert figures.PAGE.read_text(encoding="utf-8") == figures.page(), "python -m tests.house.figures writes it anew"


def test_every_table_has_a_word_in_the_glossary() -> None:
    glossary = read("docs/glossary.md")
    tables = {
        node.name
        for path in modules("chatops")
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and any(option.arg == "table" for option in node.keywords)
    }
    assert {table for table in tables if f"**{_spaced(table)}**" not in glossary} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_every_decision_says_why_and_what_follows_and_is_short(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 45
    assert f"({decision.name})" in read("docs/adr/README.md")


def test_help_names_every_target() -> None:
    makefile = read("Makefile")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == set(targets)


def _spaced(name: str) -> str:
    """`PollMark` is spoken "Poll mark"."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[0].lower()}", name)
