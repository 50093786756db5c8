"""Rotations and escalations for whoever decides them: the list, the form for one, and what it would come to."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.cards import drafts
from chatops.cards.oncall import SHOWN, gaps_of, listed, shifts_of, zone_for
from chatops.cards.promises import undo
from chatops.cards.rota import MOST, flat, hole, people, when
from chatops.cards.rule_writing import ROOM, halves
from chatops.cards.verbs import label
from chatops.catalog import Verb
from chatops.i18n import _, length, ngettext, weave
from chatops.model import definition as definitions
from chatops.model import oncall
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.foreseen import Moved
from chatops.model.form_draft import FormDraft
from chatops.model.oncall import Duty
from chatops.model.rota_trial import Climbs, RotaTrial
from chatops.rules.durations import milliseconds
from chatops.rules.escalation import Escalation
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds
from chatops.ui import (
    Card,
    Controls,
    Form,
    Input,
    Line,
    Mention,
    Menu,
    Moment,
    Option,
    Paragraph,
    Part,
    Press,
    Small,
    Strong,
    Tone,
)
from chatops.words import one_line

FEW = 20  # rotations, and escalations: with the new ones, what a menu holds in Discord
ROTATION, ESCALATION = DefinitionKind.ROTATION, DefinitionKind.ESCALATION


def rotations(tx: Transaction, agent: Agent, _words: str, now: datetime) -> Card:
    """Return who takes turns on call, how pages climb, and the ways to change it."""
    title = label(Verb.ROTATIONS)
    names = oncall.names(tx, agent.workspace_id)[:FEW]
    climbs = [*_escalations(tx, agent)][:FEW]
    parts: list[Part] = [Paragraph(_rotation(tx, name, now)) for name in names]
    if not names:
        parts.append(Paragraph((_("There is no rotation yet. Begin with one of these, then change it:"),)))
    options = [Option(one_line(name), f"{ROTATION}/{name}") for name in names]
    weekly, sun = Option(_("New: a week each"), "new/weekly"), Option(_("New: three continents"), "new/sun")
    parts.append(Controls((Menu(f"{label(Verb.ROTA_WRITE)}…", Verb.ROTA_WRITE, (*options, weekly, sun)),)))
    parts += [Paragraph(_escalation(name, spec)) for name, spec in climbs]
    options = [Option(one_line(name), f"{ESCALATION}/{name}") for name, _spec in climbs]
    ladder = Option(_("A new escalation"), "new/ladder")
    parts.append(Controls((Menu(_("Change an escalation…"), Verb.ROTA_WRITE, (*options, ladder)),)))
    summary = "\n".join([title, *map(one_line, names), *(one_line(name) for name, _spec in climbs)])
    return Card(title=title, summary=summary, parts=(*parts, *undo(tx, now, Verb.ROTATIONS_BACK)))


def _rotation(tx: Transaction, name: str, now: datetime) -> Line:
    on = oncall.on_call(tx, name, now)
    return (
        Strong(one_line(name)),
        " · ",
        *flat(weave("On call now: {people}.", people=people([who.id for who in on]))),
    )


def _escalations(tx: Transaction, agent: Agent) -> Iterator[tuple[str, Escalation]]:
    home = workspaces.get(tx, agent.workspace_id)
    for one in definitions.current(tx, ESCALATION):
        spec = one.read(Escalation)
        if home and spec.workspace == home.name:
            yield one.name, spec


def _escalation(name: str, spec: Escalation) -> Line:
    steps = (f"\n{at}. {_step(step.notify, milliseconds(step.wait))}" for at, step in enumerate(spec.steps, 1))
    return (Strong(one_line(name)), *steps)


def _step(notify: tuple[str, ...], wait: int) -> str:
    return _("{people}; the next after {time}", people=", ".join(one_line(whom) for whom in notify), time=length(wait))


def form(ref: str, text: str) -> Form:
    """Return the form for one rotation or escalation as it stands in a desk file.

    Raises:
        Refused: it does not fit a form.
    """
    first, rest = halves(text)
    said = _("As in docs/reference/desk-toml.md; people as “@Noor”. Left empty, it goes.")
    more = _("Where there is no more room above")
    return Form(
        title=label(Verb.ROTATIONS),
        submit=_("Try it"),
        cancel=_("Cancel"),
        press=Press(Verb.ROTA_WRITE, ref),
        inputs=(
            Input("text", _("Rotation or escalation"), first, said, multiline=True, optional=True, limit=ROOM),
            Input("rest", more, rest, multiline=True, optional=True, limit=ROOM),
        ),
    )


def trial(agent: Agent, draft: FormDraft, found: RotaTrial, now: datetime) -> Card:
    """Return, privately, what a draft would come to, with the ways to let it count and to go on with it."""
    below, holes = list(_comes(agent, found, now)), gaps_of(found.duty, now) if found.duty else []
    said = _holes(len(holes)) if found.duty else ""
    tone = Tone.BAD if holes or any(step.asks_rotation and not step.people for step in found.steps) else Tone.NEUTRAL
    return drafts.trial(draft, found.name, found.lines, below, Verb.ROTA_SAVE, said=said, tone=tone)


def _comes(agent: Agent, found: RotaTrial, now: datetime) -> Iterator[Part]:
    if found.duty is not None:
        yield from _coming(found.duty, found.name, agent, now)
    elif found.steps:
        yield from (Paragraph(_climbs(at, step)) for at, step in enumerate(found.steps, 1))
    else:
        yield Paragraph((_("It would be gone."),))
    yield from _moved(found.moved, zone_for(agent, found.duty))


def _holes(count: int) -> str:
    if count:
        return ngettext("There is {count} gap.", "There are {count} gaps.", count)
    return _("Somebody is on call at every minute of the next five weeks, and when the clocks change.")


def _coming(duty: Duty, name: str, agent: Agent, now: datetime) -> Iterator[Part]:
    """Yield who would be on call in the coming weeks, and when nobody would be."""
    shifts, holes = shifts_of(duty, now, oncall.AHEAD), gaps_of(duty, now)
    yield Paragraph((Strong(_("The coming weeks")), "\n", *listed(duty, agent, shifts[:SHOWN])))
    if len(shifts) > SHOWN:
        yield Small((_and_more(len(shifts) - SHOWN),))
    yield Paragraph((_holes(len(holes)),))
    for gap in holes[:MOST]:
        yield from hole(duty, name, gap, zone_for(agent, duty))


def _climbs(at: int, step: Climbs) -> Line:
    said = f"{at}. {_step(step.notify, step.wait)}"
    if not step.asks_rotation:
        return (said,)
    return (said, "\n", *flat(weave("On call now: {people}.", people=people(step.people))))


def _moved(moved: tuple[Moved, ...], zone: ZoneInfo) -> Iterator[Part]:
    """Yield whose shifts would be others."""
    if moved:
        yield Paragraph((Strong(_("Whose shifts change:")),))
    for one in moved[:MOST]:
        lines = [*_stretches(one, zone)]
        yield Paragraph((Mention(one.who), *(piece for line in lines[:MOST] for piece in ("\n", *line))))
        if len(lines) > MOST:
            yield Small((_and_more(len(lines) - MOST),))
    if len(moved) > MOST:
        yield Small((_and_more(len(moved) - MOST),))


def _stretches(one: Moved, zone: ZoneInfo) -> Iterator[Line]:
    for start, end in one.gone:
        yield weave("Not any more: {start} – {end}", start=_at(start, zone), end=_at(end, zone))
    for start, end in one.come:
        yield weave("New: {start} – {end}", start=_at(start, zone), end=_at(end, zone))


def _at(at: int, zone: ZoneInfo) -> Moment:
    return when(from_milliseconds(at), zone)


def _and_more(count: int) -> str:
    return ngettext("and {count} more", "and {count} more", count)
