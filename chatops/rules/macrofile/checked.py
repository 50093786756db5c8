"""Whether what a file says about macros makes sense, and everything that does not."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from hashlib import sha256

from chatops.rules.macro import BadTemplate, parse
from chatops.rules.macrofile.acts import ACTS, act
from chatops.rules.macrofile.entry import MAY_BE_SILENT, Draft, MacroEntry, Part, Problem, SignOff
from chatops.rules.text import BUYER_LIMIT, buyer_length

ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?")  # as short as chatops.model.macro.ID_LIMIT wants it
NAME_LIMIT = 75  # characters: more do not fit into Slack's menus
YES, NO = {"yes", "true", "x", "1"}, {"", "no", "false", "0"}
KINDS = ("chat", "comment", "live", "return", "cancellation", "dispute")
LETTERS = {"zh": "CJK", "ja": "CJK|HIRAGANA|KATAKANA", "th": "THAI", "ar": "ARABIC"}  # as Unicode names them
SEEN = {"\n", "\t"}
SEPARATORS = re.compile("[\u2028\u2029]")  # how word processors break a line within a paragraph


def checked(drafts: Sequence[Draft]) -> tuple[list[MacroEntry], list[Problem]]:
    """Return the macros that nothing is wrong with, and what is wrong with the others."""
    entries, problems = [], []
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    for draft in drafts:
        entry, wrong = _Reading(draft).entry()
        for what, key, taken in (("id", entry.id, ids), ("name", _alike(entry.name), names)):
            if key and key in taken:
                twin = f"the macro in line {taken[key]} has the {what} {key!r}, too"
                wrong.append(Problem(draft.line, twin, "Give one of the two another one."))
            taken.setdefault(key, draft.line)
        problems += wrong
        if not wrong:
            entries.append(entry)
    return entries, problems


def _alike(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def id_from(name: str) -> str:
    """Return the id of a macro whose file gives none: always the same for the same name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if words and len(words) <= 24 and len(plain) * 2 >= len(name):
        return words
    return f"{words[:13].strip('-') or 'macro'}-{sha256(_alike(name).encode()).hexdigest()[:10]}"


class _Reading:
    """Makes an entry of one draft and notes what is wrong on the way."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.problems: list[Problem] = []

    def entry(self) -> tuple[MacroEntry, list[Problem]]:
        self._readable()
        name = self._name()
        texts = dict(self._texts())
        entry = MacroEntry(
            id=self._id(name),
            name=name,
            folder=self._short(Part.FOLDER),
            owner=self._short(Part.OWNER),
            reviewed_on=self._date(Part.REVIEWED_ON),
            review_by=self._date(Part.REVIEW_BY),
            archived=self._archived(),
            acts=tuple(self._acts()),
            kinds=tuple(self._kinds()),
            shops=self._list(Part.SHOPS),
            keywords={locale: self._list(Part.KEYWORDS, locale) for locale in self._about(Part.KEYWORDS, texts)},
            texts=texts,
            signed_off=dict(self._signed_off(texts)),
            silent=frozenset(part.value for part in MAY_BE_SILENT if (part, "") not in self.draft.found),
            line=self.draft.line,
        )
        return entry, self.problems

    def _wrong(self, part: Part, what: str, remedy: str, locale: str = "") -> None:
        self.problems.append(Problem(self.draft.line_of(part, locale), what, remedy))

    def _readable(self) -> None:
        for (part, locale), found in self.draft.found.items():
            if any(_hidden(sign) for words in found.said for sign in words):
                what = f"there is a sign nobody can see or read in {' '.join(filter(None, (part, locale)))}"
                self._wrong(part, what, "Write the words around it again.", locale)

    def _name(self) -> str:
        name = self._short(Part.NAME)
        if not name:
            self._wrong(Part.NAME, "a macro has no name", "Say in a few words what it answers.")
        return name

    def _short(self, part: Part) -> str:
        words = " ".join(self.draft.one(part).split())
        if len(words) > NAME_LIMIT:
            self._wrong(part, f"the {part} has {len(words)} characters", f"Use at most {NAME_LIMIT}.")
        return words

    def _id(self, name: str) -> str:
        given = self.draft.one(Part.ID)
        if given and not ID.fullmatch(given):
            self._wrong(Part.ID, f"{given!r} is no id", "Use 1 to 24 of a-z, 0-9 and hyphens, or leave it out.")
        return given or (id_from(name) if name else "")

    def _list(self, part: Part, locale: str = "") -> tuple[str, ...]:
        found = self.draft.found.get((part, locale))
        return tuple(dict.fromkeys(" ".join(word.split()) for word in found.said if word)) if found else ()

    def _acts(self) -> Iterator[str]:
        for said in self._list(Part.ACTS):
            if kept := act(said):
                yield kept
            else:
                remedy = f'One verb a line, with its words: {", ".join(ACTS)}; such as "level quality" or "snooze 2h".'
                self._wrong(Part.ACTS, f"{said!r} is nothing a macro can do", remedy)

    def _kinds(self) -> Iterator[str]:
        for said in self._list(Part.KINDS):
            if (kind := said.casefold()) in KINDS:
                yield kind
            else:
                self._wrong(Part.KINDS, f"{said!r} is no kind of ticket", f"Use some of: {', '.join(KINDS)}.")

    def _date(self, part: Part) -> date | None:
        given = self.draft.one(part)
        return self._day(part, given) if given else None

    def _day(self, part: Part, given: str, locale: str = "") -> date | None:
        try:
            return date.fromisoformat(given)
        except ValueError:
            remedy = "Write it year first: 2027-05-01 (in a spreadsheet, as text)."
            self._wrong(part, f"{given!r} is no date", remedy, locale)
            return None

    def _archived(self) -> bool:
        given = self.draft.one(Part.ARCHIVED).casefold()
        if given not in YES | NO:
            self._wrong(Part.ARCHIVED, f"archived is {given!r}", "Write yes or no.")
        return given in YES

    def _texts(self) -> Iterator[tuple[str, str]]:
        locales = [locale for part, locale in self.draft.found if part is Part.TEXT]
        if not locales:
            self._wrong(Part.TEXT, "a macro has no text", "Write what the buyer reads, in one language at least.")
        for locale in locales:
            text = SEPARATORS.sub("\n", self.draft.one(Part.TEXT, locale))
            for what, remedy in _wrong_with(text, locale):
                self._wrong(Part.TEXT, f"{what} (text in {locale})", remedy, locale)
            yield locale, text

    def _about(self, part: Part, texts: Collection[str]) -> Iterator[str]:
        """Yield the languages a part speaks of, of those that have a text."""
        for found, locale in self.draft.found:
            if found is part and locale in texts:
                yield locale
            elif found is part:
                self._wrong(part, f"{part} in {locale} without a text in it", "Write the text, too.", locale)

    def _signed_off(self, texts: Collection[str]) -> Iterator[tuple[str, SignOff]]:
        for locale in self._about(Part.SIGNED_OFF, texts):
            by, _, on = self.draft.one(Part.SIGNED_OFF, locale).rpartition(" ")
            by = by.strip().rstrip(",").rstrip()
            day = self._day(Part.SIGNED_OFF, on, locale) if by else None
            if not by:
                self._wrong(Part.SIGNED_OFF, "signed off by nobody", 'Write it like "Ploy 2027-05-01".', locale)
            elif day:
                yield locale, SignOff(by, day)


def _hidden(sign: str) -> bool:
    return (unicodedata.category(sign) == "Cc" and sign not in SEEN) or sign == "\N{REPLACEMENT CHARACTER}"


def _wrong_with(text: str, locale: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a text, and what to do."""
    if not text:
        yield "an empty text", "Write it, or take its language out."
        return
    script = LETTERS.get(locale.partition("-")[0])
    if script and not any(re.match(script, unicodedata.name(sign, "")) for sign in text):
        yield "not one letter of its language", "Was the file saved in another encoding, or is it in another's column?"
    if buyer_length(text) > BUYER_LIMIT:
        yield f"{buyer_length(text):,} characters", f"One message to a buyer holds {BUYER_LIMIT:,}; say it shorter."
    try:
        parse(text)
    except BadTemplate as error:
        yield error.what, f"{error.remedy[0].upper()}{error.remedy[1:]}."
