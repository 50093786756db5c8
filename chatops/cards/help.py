"""What can be done in a thread, made from the catalogue."""

from collections.abc import Iterator

import emoji

from chatops.cards.verbs import explanation, label
from chatops.cards.words import side_by_side
from chatops.catalog import CATALOG, Entry, Verb
from chatops.i18n import _
from chatops.model.shop import RoutePosture
from chatops.ui import Card, Field, Fields, Inline, Paragraph


def thread_help(posture: RoutePosture = RoutePosture.TO_BUYER) -> Card:
    """Return what a person can do in a thread, one explanation per verb; `posture` is the thread's."""
    title = _("What you can do in this thread")
    entries = [found for found in CATALOG if posture is RoutePosture.TO_BUYER or found.verb is not Verb.REPLY]
    parts = (Fields(tuple(Field(label(found.verb), tuple(_said(found))) for found in entries)),)
    summary = "\n".join([title, *(_("{verb}: {words}", verb=label(e.verb), words=_plain(e)) for e in entries)])
    if posture is RoutePosture.TO_BUYER:
        return Card(title=title, summary=summary, parts=parts)
    kept = _("In this thread, everything you write stays inside the team until you press the button that sends it.")
    return Card(title=title, summary=f"{kept}\n{summary}", parts=(Paragraph((kept,)), *parts))


def _said(entry: Entry) -> Iterator[Inline]:
    yield explanation(entry.verb)
    ways = _ways(entry)
    if ways:
        yield f"\n{ways}"


def _plain(entry: Entry) -> str:
    return " ".join(part for part in (explanation(entry.verb), _ways(entry)) if part)


def _ways(entry: Entry) -> str:
    """Return what to type, which reaction to give, or that there is a button."""
    typed = [_("Type {words}", words=word) for word in entry.words if word]
    given = [_("React with {emoji}", emoji=emoji.emojize(f":{name}:", language="alias")) for name in entry.reactions]
    pressed = [_("Press the button")] if entry.button else []
    return side_by_side(*typed, *given, *pressed)
