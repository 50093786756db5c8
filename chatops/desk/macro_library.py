"""Bringing the library of prepared answers into the shape that a file describes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops.catalog import NEW
from chatops.desk.setup import Change
from chatops.errors import Refusal, Refused, SetupError
from chatops.model import macro as macros
from chatops.model import shop as shops
from chatops.model.macro import Macro, MacroText, MacroVersion
from chatops.rules import text as text_rules
from chatops.rules.languages import LANGUAGES
from chatops.rules.macro import KNOWN, BadTemplate, parse
from chatops.rules.macrofile import MacroEntry, SignOff
from chatops.rules.macrofile.checked import id_from
from chatops.store.transaction import Transaction

SILENT = frozenset({"owner", "reviewed_on", "review_by", "archived", "acts", "kinds", "shops"})  # not in the form
PLAIN = ("name", "folder", "owner", "reviewed_on", "review_by", "archived")


def current(tx: Transaction) -> list[MacroEntry]:
    """Return the whole library, also what is archived, by folder and name."""
    names = {shop.id: shop.name for shop in shops.every(tx)}
    return [_entry(tx, macro, names) for macro in macros.every(tx, archived=True)]


def _entry(tx: Transaction, macro: Macro, names: Mapping[str, str]) -> MacroEntry:
    texts = macros.texts(tx, macro.id)
    return MacroEntry(
        id=macro.id,
        **{part: getattr(macro, part) for part in PLAIN},
        acts=tuple(macro.acts),
        kinds=tuple(macro.kinds),
        shops=tuple(names[shop_id] for shop_id in macro.shop_ids if shop_id in names),
        keywords={text.locale: tuple(text.keywords) for text in texts if text.keywords},
        texts={text.locale: text.text for text in texts},
        signed_off={text.locale: found for text in texts if (found := _signed(text))},
    )


def _signed(text: MacroText) -> SignOff | None:
    return SignOff(text.signed_off_by, text.signed_off_on) if text.signed_off_by and text.signed_off_on else None


def _whole(entry: MacroEntry, before: MacroEntry | None) -> MacroEntry:
    """Return an entry with what its file does not speak of as it was before."""
    return replace(entry, **{part: getattr(before, part) for part in entry.silent}) if before else entry


def compare(tx: Transaction, entries: Sequence[MacroEntry], now: datetime) -> list[Change]:
    """Return what taking these entries in would change.

    Macros and languages that they do not name stay, and so do keywords and sign-offs of which they do not speak.

    Raises:
        SetupError: an entry names a shop that the desk does not have.
    """
    held = {entry.id: entry for entry in current(tx)}
    ids = {shop.name for shop in shops.every(tx)}
    changes = []
    for entry in (_whole(entry, held.get(entry.id)) for entry in entries):
        if unknown := [name for name in entry.shops if name not in ids]:
            raise SetupError(f"macro {entry.id} is for a shop {unknown[0]}", "Name a shop that desk.toml has.")
        before = held.get(entry.id)
        if before is None:
            changes.append(Change("+", f"macro {entry.id} ({', '.join(sorted(entry.texts))})"))
        elif different := list(_differences(tx, before, entry, now)):
            changes.append(Change("~", f"macro {entry.id} ({', '.join(different)})"))
    return changes


def _differences(tx: Transaction, before: MacroEntry, entry: MacroEntry, now: datetime) -> Iterator[str]:
    for part in (*PLAIN, "acts", "kinds", "shops"):
        old, new = getattr(before, part), getattr(entry, part)
        if old != new:
            yield f"{part}: {_shown(old)} → {_shown(new)}"
    for locale, text in entry.texts.items():
        if locale not in before.texts:
            yield f"text {locale}: new"
        elif text != before.texts[locale]:
            yield f"text {locale}: changed"
        if _keywords(before, entry, locale) != before.keywords.get(locale, ()):
            yield f"keywords {locale}: changed"
        said, counts = entry.signed_off.get(locale), _signed_off(tx, before, entry, locale, now)
        if counts != before.signed_off.get(locale):
            why = " (the text is newer)" if said else ""
            yield f"sign-off {locale}: {f'{counts.by}, {counts.on}' if counts else f'none{why}'}"


def _keywords(before: MacroEntry | None, entry: MacroEntry, locale: str) -> tuple[str, ...]:
    return entry.keywords.get(locale, before.keywords.get(locale, ()) if before else ())


def _shown(value: object) -> str:
    words = " · ".join(value) if isinstance(value, tuple) else value
    return "none" if words in (None, "") else str(words)


def _signed_off(
    tx: Transaction, before: MacroEntry | None, entry: MacroEntry, locale: str, now: datetime
) -> SignOff | None:
    """Return who signed a text off, if it is about the text as it is now: a newer one they have not read."""
    said = entry.signed_off.get(locale)
    if before is None or locale not in before.texts:
        return said
    changed = before.texts[locale] != entry.texts[locale]
    if said is None:
        return None if changed else before.signed_off.get(locale)
    replaced = macros.before(tx, entry.id, locale)
    changed_at = now if changed else replaced[0].replaced_at if replaced else None
    return None if changed_at and said.on < changed_at.date() else said


def apply(tx: Transaction, entries: Sequence[MacroEntry], now: datetime) -> list[Change]:
    """Take entries into the library; what a text said before is kept as a version.

    Raises:
        SetupError: an entry names a shop that the desk does not have; nothing is changed then.
    """
    changes = compare(tx, entries, now)
    held = {entry.id: entry for entry in current(tx)}
    ids = {shop.name: shop.id for shop in shops.every(tx)}
    for entry in (_whole(entry, held.get(entry.id)) for entry in entries):
        before = held.get(entry.id)
        if before is not None and not list(_differences(tx, before, entry, now)):
            continue
        signed = {locale: _signed_off(tx, before, entry, locale, now) for locale in entry.texts}
        _keep(tx, entry, [ids[name] for name in entry.shops])
        for locale, text in entry.texts.items():
            _keep_text(tx, _text(entry.id, locale, text, _keywords(before, entry, locale), signed[locale]), now)
    return changes


def write(tx: Transaction, ref: str, values: Mapping[str, str], now: datetime) -> None:
    """Keep a macro as somebody wrote it in a form: with its text in one language; others, and what it does, stay.

    Raises:
        Refused: it is gone, or its text holds braces that are no variable, or more than a buyer can be sent.
    """
    text, locale = values.get("text", "").strip(), values.get("language", "")
    macro = macros.get(tx, ref)
    spoken = {*LANGUAGES, *(held.locale for held in macros.texts(tx, ref))}
    if (macro is None and ref != NEW) or locale not in spoken or not values.get("name", "").strip():
        raise Refused(Refusal.STALE)
    if text_rules.buyer_length(text) > text_rules.BUYER_LIMIT or not text:
        raise Refused(Refusal.MACRO_LENGTH, limit=text_rules.BUYER_LIMIT)
    try:
        parse(text)
    except BadTemplate as bad:
        raise Refused(Refusal.BAD_VARIABLE, found=text[bad.at : bad.at + 40], known=", ".join(KNOWN)) from bad
    keywords = tuple(word for part in values.get("keywords", "").split(",") if (word := " ".join(part.split())))
    entry = MacroEntry(
        id=macro.id if macro else _new_id(tx, values["name"]),
        name=" ".join(values["name"].split()),
        folder=" ".join(values.get("folder", "").split()),
        texts={locale: text},
        keywords={locale: keywords},
        silent=SILENT,
    )
    apply(tx, [entry], now)


def _new_id(tx: Transaction, name: str) -> str:
    """Return an id that no macro has: one with the same name becomes another."""
    wanted, number = id_from(name), 2
    while macros.get(tx, wanted) is not None:
        wanted, number = f"{id_from(name)[: macros.ID_LIMIT - 3]}-{number}", number + 1
    return wanted


def _text(macro_id: str, locale: str, text: str, keywords: Sequence[str], signed: SignOff | None) -> MacroText:
    return MacroText(
        macro_id=macro_id,
        locale=locale,
        text=text,
        keywords=list(keywords),
        signed_off_by=signed.by if signed else "",
        signed_off_on=signed.on if signed else None,
    )


def _keep(tx: Transaction, entry: MacroEntry, shop_ids: list[str]) -> None:
    values = {part: getattr(entry, part) for part in PLAIN}
    values |= {"acts": list(entry.acts), "kinds": list(entry.kinds), "shop_ids": shop_ids}
    if not tx.insert_ignore(Macro(id=entry.id, **values)):
        tx.execute(update(Macro).where(col(Macro.id) == entry.id).values(**values, version=Macro.version + 1))


def _keep_text(tx: Transaction, text: MacroText, now: datetime) -> None:
    """Keep what a macro says in one language, and what it said before."""
    if tx.insert_ignore(text):
        return
    values = text.model_dump(exclude={"macro_id", "locale", "version"})
    before = tx.get(MacroText, text.macro_id, text.locale)
    if before is not None and before.text != text.text:
        told = before.model_dump(include={"macro_id", "locale", "version", "text", "signed_off_by"})
        tx.insert(MacroVersion(**told, replaced_at=now))
        values["version"] = before.version + 1
    tx.execute(
        update(MacroText)
        .where(col(MacroText.macro_id) == text.macro_id, col(MacroText.locale) == text.locale)
        .values(**values)
    )
