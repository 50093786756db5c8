"""What can be done in a thread, made from the catalogue: a page of everything, and a page about each verb."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import emoji

from chatops.cards import commands as command_words
from chatops.cards.verbs import explanation, label
from chatops.catalog import CATALOG, About, Entry, Standing, Takes, Verb, entry
from chatops.i18n import _
from chatops.model.shop import RoutePosture
from chatops.ui import Card, Field, Fields, Line, Paragraph, Part, Small, Strong
from chatops.words import side_by_side


@dataclass(frozen=True, slots=True)
class Possible:
    """What works in a thread: slash commands and the menus of messages; reading what is typed there."""

    commands: bool
    typed: bool


SPOKEN = (Verb.REPLY, Verb.NOTE)  # said by writing, so they are explained first and at length
LABELS = {Takes.LANGUAGE, Takes.LEVEL, Takes.PRIORITY, Takes.TAG, Takes.TIER}
GROUPS: tuple[tuple[Callable[[], str], str], ...] = (
    (lambda: _("Answers"), "answers"),
    (lambda: _("The ticket"), "ticket"),
    (lambda: _("What it is about"), "labels"),
    (lambda: _("Looking things up"), "asks"),
    (lambda: _("On call"), "oncall"),
    (lambda: _("Yourself"), "self"),
)


def helped(words: str, posture: RoutePosture, *, commands: bool = False, typed: bool = True) -> Card:
    """Return the page about the verb that `words` name, else the page of everything."""
    found = by_name(words)
    if found is None:
        return thread_help(posture, commands=commands, typed=typed)
    return verb_help(found, commands=commands, typed=typed)


def thread_help(posture: RoutePosture = RoutePosture.TO_BUYER, *, commands: bool = False, typed: bool = True) -> Card:
    """Return what a person can do in a thread, grouped, one line per verb; only what is said is explained at once.

    `posture` is the thread's; `commands`: whether slash commands and the menus of messages work in it; `typed`: whether
    we may read what is typed there.
    """
    title = _("What you can do in this thread")
    sent = posture is RoutePosture.TO_BUYER or commands
    there = Possible(commands, typed)
    by_command = not typed or (commands and posture is RoutePosture.INTERNAL)
    spoken: list[Line] = [
        (
            Strong(label(one.verb)),
            " ",
            side_by_side(_explained(one, by_command=by_command), _ways(one, there)),
        )
        for one in CATALOG
        if one.verb in SPOKEN and (sent or one.verb is not Verb.REPLY)
    ]
    groups = tuple(Field(name, tuple(_lines(found, there))) for name, found in _groups(there))
    more = _("More about one of them: {words}", words=_asked(commands=commands and not typed))
    kept = _("In this thread, everything you write stays inside the team until you press the button that sends it.")
    inside: list[Line] = [] if posture is RoutePosture.TO_BUYER or not typed else [(kept,)]
    parts: tuple[Part, ...] = (*map(Paragraph, [*inside, *spoken]), Fields(groups), Small((more,)))
    said = [
        title,
        *map(_plain, inside + spoken),
        *(_plain((field.label, "\n", *field.value)) for field in groups),
        more,
    ]
    return Card(title=title, summary="\n".join(said), parts=parts)


def verb_help(found: Entry, *, commands: bool = False, typed: bool = True) -> Card:
    """Return what one verb does, how it is said, and who may."""
    ways = side_by_side(*_told(found, Possible(commands, typed)))
    fields = (Field(_("How"), (ways,)), Field(_("Who may"), (_who(found.who),)))
    said = explanation(found.verb)
    return Card(
        title=label(found.verb),
        summary="\n".join([label(found.verb), said, ways, _who(found.who)]),
        parts=(Paragraph((said,)), Fields(tuple(field for field in fields if field.value != ("",)))),
    )


def by_name(words: str) -> Entry | None:
    """Return the verb that somebody asks about: as it is typed, or as it is called in their language."""
    asked = words.strip().casefold().lstrip("!/")
    for found in CATALOG:
        names = (found.command, label(found.verb), *found.words)
        if asked and asked in {name.casefold().lstrip("!/").rstrip(":…") for name in names}:
            return found
    return None


def _groups(there: Possible) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the verbs that can be said at any time; the others explain themselves on the button where they matter."""
    said = [one for one in CATALOG if one.words or one.reactions or (there.commands and one.menu)]
    if not there.commands:  # in Slack, which tells everybody's zone by itself
        said.remove(entry(Verb.ZONE))
    for name, belongs in GROUPS:
        found = [one for one in said if one.verb not in SPOKEN and _group_of(one) == belongs]
        if found:
            yield name(), found


def _group_of(entry: Entry) -> str:
    if entry.command.startswith("oncall"):
        return "oncall"
    if entry.about is About.AGENT:
        return "asks" if entry.who is Standing.LEAD else "self"
    if entry.about is About.MESSAGE or entry.menu:
        return "answers"
    if entry.asks:
        return "asks"
    return "labels" if entry.argument and entry.argument.takes in LABELS else "ticket"


def _lines(entries: list[Entry], there: Possible) -> Iterator[str | Strong]:
    for number, found in enumerate(entries):
        yield "\n" if number else ""
        yield Strong(label(found.verb))
        yield f" {_ways(found, there)}".rstrip()


def _plain(line: Line) -> str:
    return "".join(
        piece.text if isinstance(piece, Strong) else piece for piece in line if isinstance(piece, str | Strong)
    )


def _ways(entry: Entry, there: Possible) -> str:
    """Return what to type and which reaction to give, as short as can be."""
    asks = " …" if entry.argument and not entry.argument.optional and entry.verb not in SPOKEN else ""
    said = [word + asks for word in entry.words if word and there.typed]
    ordered = [command_words.called(entry)] if there.commands and entry.command else []
    chosen = command_words.MENUS[entry.verb]() if there.commands and entry.menu else ""
    in_menu = chosen if chosen != label(entry.verb) else ""
    return side_by_side(*said, *ordered, *map(_sign, entry.reactions), in_menu)


def _told(entry: Entry, there: Possible) -> Iterator[str]:
    """Yield what to type, which reaction to give, where to press, in words."""
    yield from (_("Type {words}", words=word) for word in entry.words if word and there.typed)
    if there.commands and entry.command:
        yield _("Type {words}", words=command_words.called(entry))
    yield from (_("React with {emoji}", emoji=_sign(name)) for name in entry.reactions)
    if entry.button:
        yield _("Press the button")
    if entry.more:
        yield _("In the card's menu: {name}", name=label(Verb.MORE))
    if there.commands and entry.menu:
        yield _("In a message's menu, under Apps: {name}", name=command_words.MENUS[entry.verb]())


def _explained(entry: Entry, *, by_command: bool) -> str:
    """Return what a verb does; where words are sent or kept by command, that typing does it would be wrong."""
    if entry.argument and by_command:
        return command_words.EXPLANATIONS[entry.command]()
    return explanation(entry.verb)


def _asked(*, commands: bool) -> str:
    """Return an example of asking about one verb."""
    return ("/desk help " if commands else "!help ") + _("claim")


def _sign(name: str) -> str:
    return emoji.emojize(f":{name}:", language="alias")


def _who(least: Standing) -> str:
    return {
        Standing.OBSERVER: lambda: _("Everybody in the team"),
        Standing.AGENT: lambda: _("Agents, leads and owners"),
        Standing.LEAD: lambda: _("Leads and owners"),
        Standing.OWNER: lambda: _("Owners"),
    }[least]()
