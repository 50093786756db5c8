"""Every sentence is in every catalogue, and every catalogue holds nothing else."""

import ast
import re
import string
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polib
import pytest

from chatops.cards.commands import EXPLANATIONS, MENUS
from chatops.i18n import LANGUAGES, language, ngettext
from chatops.i18n.extract import SOURCES, sentences
from chatops.i18n.reader import SOURCE
from chatops.i18n.sentences import catalogue

TRANSLATED = [name for name in LANGUAGES if name != SOURCE]
FORMS = dict.fromkeys(("zh_Hans", "id", "th", "vi", "ja"), 1)
FORMS |= dict.fromkeys(("es", "ms", "fil", "pt_BR", "de", "fr", "it"), 2) | {"ar": 6}
LOOKUPS = {"_": 1, "weave": 1, "ngettext": 2}  # how many sentences each takes
REFRESH = "run python -m chatops.i18n.extract, then translate what is new"


class Call(NamedTuple):
    where: str
    lookup: str
    sentences: Sequence[ast.expr]
    keywords: set[str]


def calls() -> Iterator[Call]:
    for path in sorted(SOURCES.rglob("*.py")):
        if "sandbox" in path.parts or path.parts[-2:] == ("i18n", "sentences.py"):
            continue
        yield from calls_in(path)


def calls_in(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKUPS:
            lookup = node.func.id
            keywords = {keyword.arg or "**" for keyword in node.keywords}
            yield Call(f"{path}:{node.lineno}", lookup, node.args[: LOOKUPS[lookup]], keywords)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@cache
def said_in_the_code() -> set[tuple[object, ...]]:
    """Return every sentence, with its plural."""
    return {message.id if isinstance(message.id, tuple) else (message.id, "") for message in sentences() if message.id}


@cache
def catalogued(name: str) -> polib.POFile:
    return polib.pofile(str(catalogue(name)))


@pytest.fixture(params=TRANSLATED)
def entries(request: pytest.FixtureRequest) -> polib.POFile:
    return catalogued(request.param)


def test_there_is_a_catalogue_for_every_language_and_no_other() -> None:
    assert {path.name for path in catalogue(SOURCE).parents[2].iterdir()} == set(TRANSLATED)


def test_every_sentence_of_the_code_is_in_the_catalogue_and_nothing_else(entries: polib.POFile) -> None:
    assert said_in_the_code() == {(entry.msgid, entry.msgid_plural) for entry in entries}, REFRESH
    assert not entries.obsolete_entries()


def test_every_sentence_is_translated(entries: polib.POFile) -> None:
    assert [entry.msgid for entry in entries.untranslated_entries()] == [], REFRESH
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    assert [entry.msgid for entry in entries if entry.msgid_plural and "" in entry.msgstr_plural.values()] == []


def test_every_translation_has_the_placeholders_of_its_sentence(entries: polib.POFile) -> None:
    wrong = [
        (entry.msgid, said)
        for entry in entries
        for said in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if placeholders(said) != placeholders(entry.msgid)
    ]
    assert wrong == []


def test_translations_begin_and_end_as_their_sentences_do(entries: polib.POFile) -> None:
    stray = [entry.msgid for entry in entries if entry.msgstr != entry.msgstr.strip() or "  " in entry.msgstr]
    assert stray == []


def test_spaces_and_marks_follow_the_language() -> None:
    for name in ("zh_Hans", "ja"):
        assert [entry.msgstr for entry in catalogued(name) if entry.msgstr.endswith((".", ","))] == []
    assert [entry.msgstr for entry in catalogued("th") if entry.msgstr.endswith(".")] == []
    assert [entry.msgstr for entry in catalogued("es") if "?" in entry.msgstr and "¿" not in entry.msgstr] == []
    assert [
        entry.msgstr for entry in catalogued("fr") if re.search(r"(?<![\s/])[:;?](?= |$)| [:;?!](?= |$)", entry.msgstr)
    ] == []
    assert [entry.msgstr for entry in catalogued("ar") if re.search(r"[,;?](?= |$)", entry.msgstr)] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_each_language_has_as_many_plural_forms_as_it_needs(name: str) -> None:
    entries = catalogued(name)
    assert entries.metadata["Plural-Forms"].startswith(f"nplurals={FORMS[name]};")
    assert {len(entry.msgstr_plural) for entry in entries if entry.msgid_plural} == {FORMS[name]}


def test_arabic_counts_eleven_in_another_form_than_a_hundred() -> None:
    with language("ar"):
        said = [ngettext("{count} answer", "{count} answers", count) for count in (3, 11, 99, 100, 102, 111)]
    assert said == ["3 ردود", "11 ردًا", "99 ردًا", "100 رد", "102 رد", "111 ردًا"]


def test_sentences_are_literals_and_their_placeholders_are_given() -> None:
    found, extracted = list(calls()), {text for said in said_in_the_code() for text in said}
    assert found
    for call in found:
        texts = [node.value for node in call.sentences if isinstance(node, ast.Constant)]
        assert len(texts) == LOOKUPS[call.lookup], f"{call.where}: only literal sentences can be translated"
        given = call.keywords | ({"count"} if call.lookup == "ngettext" else set())
        for text in texts:
            assert placeholders(str(text)) == given, call.where
            assert text in extracted, f"{call.where}: inside of an f-string nobody finds it"


def test_a_sentence_nobody_translated_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text('_("A brand new sentence.")\n')
    known = {entry.msgid for entry in polib.pofile(str(catalogue("es")))}
    new = {message.id for message in sentences(tmp_path) if message.id}
    assert new - known == {"A brand new sentence."}


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_commands_say_has_room_in_discord(name: str) -> None:
    """One word too many in one language, and Discord registers no command at all."""
    with language(name):
        assert [said() for said in EXPLANATIONS.values() if len(said()) > 100] == []
        assert [said() for said in MENUS.values() if len(said()) > 32] == []
