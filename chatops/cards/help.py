"""What can be done in a thread, made from the catalogue."""

from collections.abc import Iterator

import emoji

from chatops.cards import commands as command_words
from chatops.cards.verbs import explanation, label
from chatops.cards.words import side_by_side
from chatops.catalog import CATALOG, Entry, Verb
from chatops.i18n import _
from chatops.model.shop import RoutePosture
from chatops.ui import Card, Field, Fields, Inline, Paragraph


def thread_help(posture: RoutePosture = RoutePosture.TO_BUYER, *, commands: bool = False, typed: bool = True) -> Card:
    """Return what a person can do in a thread, one explanation per verb.

    `posture` is the thread's; `commands`: whether slash commands and the menus of messages work in it; `typed`: whether
    we may read what is typed there.
    """
    title = _("What you can do in this thread")
    sent = posture is RoutePosture.TO_BUYER or commands
    entries = [found for found in CATALOG if sent or found.verb is not Verb.REPLY]
    by_command = not typed or (commands and posture is RoutePosture.INTERNAL)
    shown = [
        (label(found.verb), _explained(found, by_command=by_command), _ways(found, commands=commands, typed=typed))
        for found in entries
    ]
    parts = (Fields(tuple(Field(verb, tuple(_said(what, ways))) for verb, what, ways in shown)),)
    words = [_("{verb}: {words}", verb=verb, words=" ".join(filter(None, told))) for verb, *told in shown]
    summary = "\n".join([title, *words])
    if posture is RoutePosture.TO_BUYER or not typed:
        return Card(title=title, summary=summary, parts=parts)
    kept = _("In this thread, everything you write stays inside the team until you press the button that sends it.")
    return Card(title=title, summary=f"{kept}\n{summary}", parts=(Paragraph((kept,)), *parts))


def _explained(entry: Entry, *, by_command: bool) -> str:
    """Return what a verb does; where words are sent or kept by command, that typing does it would be wrong."""
    if entry.argument and by_command:
        return command_words.EXPLANATIONS[entry.command]()
    return explanation(entry.verb)


def _said(what: str, ways: str) -> Iterator[Inline]:
    yield what
    if ways:
        yield f"\n{ways}"


def _ways(entry: Entry, *, commands: bool, typed: bool) -> str:
    """Return what to type, which reaction to give, or that there is a button."""
    said = [_("Type {words}", words=word) for word in entry.words if word and typed]
    given = [_("React with {emoji}", emoji=emoji.emojize(f":{name}:", language="alias")) for name in entry.reactions]
    pressed = [_("Press the button")] if entry.button else []
    ordered = [_("Type {words}", words=command_words.called(entry))] if commands and entry.command else []
    chosen = [_("In a message's menu, under Apps: {name}", name=_menu(entry))] if commands and entry.menu else []
    return side_by_side(*said, *ordered, *given, *pressed, *chosen)


def _menu(entry: Entry) -> str:
    return command_words.MENUS[entry.verb]()
