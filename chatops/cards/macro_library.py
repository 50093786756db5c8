"""The library of prepared answers, to look things up in: who keeps a macro, in which languages, and how it fares."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from chatops.cards.verbs import button, label
from chatops.catalog import NEW, Verb
from chatops.i18n import _, day, language_name, ngettext
from chatops.model import macro as macros
from chatops.model import macro_offer as offers
from chatops.model.agent import Agent, Role
from chatops.model.macro import Macro, MacroText
from chatops.rules.macro import choose
from chatops.store.transaction import Transaction
from chatops.ui import Button, Card, Controls, Field, Fields, Paragraph, Part, Press, Quote, Small, Strong, Tone
from chatops.words import one_line, side_by_side

LEADS = {Role.LEAD, Role.OWNER}
WHOLE, FOLDERS, NAMES = 3, 20, 15  # macros shown whole, folders shown, names shown in each


def library(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return, privately, what macros there are, by folder; those that `words` find are shown whole."""
    found = offers.fitting(tx, None, words, now) if words else macros.every(tx)
    new = (Controls((button(Verb.MACRO_WRITE, NEW),)),) if agent.standing in LEADS else ()
    if not found:
        return not_found(words, *new) if words else none_yet(*new)
    if words:
        uses = macros.uses(tx, now - offers.OF_LATE)
        parts = [part for macro in found[:WHOLE] for part in _whole(tx, agent, macro, uses.get(macro.id, 0), now)]
        rest = [Small((", ".join(title(macro) for macro in found[WHOLE:][:NAMES]),))] if found[WHOLE:] else []
        return Card(summary=", ".join(map(title, found[:NAMES])), title=_("Macros"), parts=(*parts, *rest, *new))
    folders = [(folder, list(inside)) for folder, inside in groupby(found, key=lambda macro: macro.folder)]
    fields = tuple(Field(one_line(folder) or _("Without a folder"), (_names(inside),)) for folder, inside in folders)
    late = [title(macro) for macro in found if macro.review_by and macro.review_by < now.date()]
    notes = [Small((_("To be looked over again: {names}", names=", ".join(late[:NAMES])),))] if late else []
    summary = ngettext("There is {count} macro.", "There are {count} macros.", len(found))
    return Card(summary=summary, title=_("Macros"), parts=(Fields(fields[:FOLDERS]), *notes, *new))


def none_yet(*more: Part) -> Card:
    """Return, privately, that there are no macros."""
    said = _("There are no macros yet. Whoever runs chatops can add some: chatops macros starter")
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph((said,)), *more))


def not_found(words: str, *more: Part) -> Card:
    """Return, privately, that no macro is found by some words."""
    said = _("There is no macro for “{words}”.", words=one_line(words))
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph((said,)), *more))


def title(macro: Macro) -> str:
    """Return a macro's folder and name."""
    return one_line(side_by_side(macro.folder, macro.name))


def _names(inside: list[Macro]) -> str:
    rest = len(inside) - NAMES
    more = [ngettext("and {count} more", "and {count} more", rest)] if rest > 0 else []
    return "\n".join([*(one_line(macro.name) for macro in inside[:NAMES]), *more])


def _whole(tx: Transaction, agent: Agent, macro: Macro, uses: int, now: datetime) -> Iterator[Part]:
    texts = {text.locale: text for text in macros.texts(tx, macro.id)}
    yield Paragraph((Strong(title(macro)), f" ({macro.id})"))
    if texts:
        yield Quote(texts[choose([agent.locale, "en"], texts) or min(texts)].text)
    yield Small((side_by_side(*_facts(macro, list(texts.values()), uses, now)),))
    if agent.standing in LEADS:
        yield Controls((Button(label(Verb.MACRO_EDIT), Press(Verb.MACRO_WRITE, macro.id)),))


def _facts(macro: Macro, texts: list[MacroText], uses: int, now: datetime) -> Iterator[str]:
    yield ", ".join(f"{language_name(text.locale)}{' ✓' if text.signed_off_by else ''}" for text in texts)
    if any(text.signed_off_by for text in texts):
        yield _("✓ means that a native speaker has signed it off")
    if macro.owner:
        yield _("Kept by {name}", name=one_line(macro.owner))
    if macro.review_by:
        late = macro.review_by < now.date()
        shown = day(macro.review_by)
        yield _("Should have been looked over by {day}", day=shown) if late else _("Good until {day}", day=shown)
    changes = sum(text.version - 1 for text in texts)
    if changes:
        yield ngettext("Changed {count} time", "Changed {count} times", changes)
    yield ngettext("Sent {count} time in 90 days", "Sent {count} times in 90 days", uses)
