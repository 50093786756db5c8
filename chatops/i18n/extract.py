"""Bring the catalogues up to date with the sentences in the code: `python -m chatops.i18n.extract`.

New sentences are added untranslated (the tests fail until they are translated), those that nobody says any more are
removed, everything else stays as it is.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from chatops.i18n.reader import LANGUAGES, SOURCE
from chatops.i18n.sentences import catalogue

SOURCES = Path(__file__).parents[1]
KEYWORDS = {"_": None, "weave": None, "ngettext": (1, 2)}
FOR_TRANSLATORS = "Translators:"  # a comment that starts like this is copied to the catalogues


def sentences(sources: Path = SOURCES) -> Catalog:
    """Return every sentence in the code, with the files that say it."""
    found = Catalog(project="chatops", charset="utf-8")
    said = extract_from_dir(
        sources, [("sandbox/**", "ignore"), ("**.py", "python")], keywords=KEYWORDS, comment_tags=(FOR_TRANSLATORS,)
    )
    for file, _line, sentence, comments, context in sorted(said, key=lambda one: one[:2]):
        found.add(sentence, None, [(f"chatops/{file}", 0)], auto_comments=comments, context=context)
    return found


def refresh(language: str, template: Catalog) -> None:
    """Rewrite one language's catalogue."""
    path = catalogue(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = Catalog(locale=language, project="chatops", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    template.creation_date = known.creation_date  # a date alone is no reason to change the file
    known.update(template, no_fuzzy_matching=True)
    known.header_comment = f"# What chatops says in {known.locale.english_name if known.locale else language}."
    known.last_translator = known.language_team = known.msgid_bugs_address = ""
    known.revision_date = known.creation_date
    with path.open("wb") as file:
        write_po(file, known, width=120, include_lineno=False, ignore_obsolete=True)


def main() -> None:
    """Refresh every catalogue."""
    template = sentences()
    for language in LANGUAGES:
        if language != SOURCE:
            refresh(language, template)


if __name__ == "__main__":
    main()
