"""What a rotation's channel and its people are told: handovers, coming shifts, holes, wishes to swap."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.i18n import _, language_name, moment, ngettext, weave
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer
from chatops.model.oncall import Duty
from chatops.model.rotation import ShiftSwap, SwapState
from chatops.rules import zones
from chatops.rules.coverage import Gap, Why
from chatops.times import from_milliseconds
from chatops.ui import (
    Card,
    Controls,
    Inline,
    Line,
    Link,
    Mention,
    Moment,
    MomentStyle,
    Paragraph,
    Part,
    Small,
    Strong,
    Tone,
)
from chatops.words import buyer_name, one_line

MOST = 10  # of a list


class Waits(NamedTuple):
    """A buyer who waits: the address of the thread, and when the promise runs out."""

    buyer: Buyer | None
    address: str
    due_at: datetime | None


def when(at: datetime, zone: ZoneInfo) -> Moment:
    """Return an instant for each reader's own clock; where only text is possible, by the clock of `zone`."""
    return Moment(at, MomentStyle.DATE_TIME, moment(at, zone))


def _when(at: int, zone: ZoneInfo) -> Moment:
    return when(from_milliseconds(at), zone)


def flat(woven: Iterable[Inline | Line]) -> Line:
    """Return a sentence as one line whose places were filled with whole lines."""
    return tuple(piece for part in woven for piece in (part if isinstance(part, tuple) else (part,)))


def people(who: Sequence[str]) -> Line:
    """Return some of the team, by their ids; or that it is nobody."""
    line = tuple(piece for agent_id in who for piece in (", ", Mention(agent_id)))[1:]
    return line or (Strong(_("nobody")),)


def names(duty: Duty, who: Sequence[str]) -> str:
    """Return some of the team for whoever reads plain text."""
    return ", ".join(one_line(duty.agent(agent_id).name) or agent_id for agent_id in who) or _("nobody")


def titled(rotation: str) -> str:
    """Return what stands above anything about a rotation."""
    return _("On call: {rotation}", rotation=one_line(rotation))


def handover(duty: Duty, rotation: str, before: Sequence[str], after: Sequence[str], waiting: Sequence[Waits]) -> Card:
    """Return who is on call now, after whom, and the threads they should look at first."""
    zone = ZoneInfo(duty.rota.spec.timezone)
    parts: list[Part] = [Paragraph(flat(weave("On call now: {people}.", people=people(after))))]
    if before:
        parts.append(Small(flat(weave("Before: {people}.", people=people(before)))))
    if waiting:
        parts.append(Paragraph((Strong(_("Look at these first:")),)))
        parts += [Paragraph(_waits(one, zone)) for one in waiting[:MOST]]
    if len(waiting) > MOST:
        parts.append(Small((ngettext("and {count} more", "and {count} more", len(waiting) - MOST),)))
    said = _("On call now: {people}.", people=names(duty, after))
    tone = Tone.NEUTRAL if after else Tone.BAD
    return Card(title=titled(rotation), summary=f"{titled(rotation)}\n{said}", tone=tone, parts=tuple(parts))


def _waits(one: Waits, zone: ZoneInfo) -> Line:
    name = buyer_name(one.buyer)
    ticket = Link(one.address, name) if one.address else name
    if one.due_at is None:
        return (ticket,)
    return weave("{ticket}: an answer is due {when}", ticket=ticket, when=when(one.due_at, zone))


GROUP_REFUSED: Mapping[str, Callable[[], str]] = {
    "missing_permissions": lambda: _(
        "The bot needs the right Manage Roles, and its own role must stand above this one."
    ),
    "missing_scope": lambda: _("The Slack app lacks a scope: install it again from manifest.yml."),
    "no_such_subteam": lambda: _("It is not there any more: name another one in desk.toml."),
    "unknown_role": lambda: _("It is not there any more: name another one in desk.toml."),
    "paid_teams_only": lambda: _("User groups need a paid Slack plan."),
    "plan_upgrade_required": lambda: _("User groups need a paid Slack plan."),
    "permission_denied": lambda: _("A setting of the workspace keeps bots from changing user groups."),
}


def group_refused(rotation: str, group_id: str, code: str) -> Card:
    """Return that mentions of a rotation's group go to whoever had it before, and what would help."""
    said = _(
        "Its group was not changed at the handover: whoever mentions it still reaches those who were on call before."
    )
    why = GROUP_REFUSED[code]() if code in GROUP_REFUSED else f"({code})"
    parts = (Paragraph((said,)), Small((f"{why} ({group_id})",)))
    return Card(title=titled(rotation), summary=f"{titled(rotation)}\n{said} {why}", tone=Tone.WARN, parts=parts)


def gaps(duty: Duty, rotation: str, found: Sequence[Gap]) -> Card:
    """Return when nobody is going to be on call, why, and what would help."""
    zone = ZoneInfo(duty.rota.spec.timezone)
    title = _("Nobody on call: {rotation}", rotation=one_line(rotation))
    told = [hole(duty, rotation, gap, zone) for gap in found[:MOST]]
    rest = [Small((ngettext("and {count} more", "and {count} more", len(found) - MOST),))] if found[MOST:] else []
    first = found[0]
    said = _(
        "From {start} until {end}.",
        start=moment(from_milliseconds(first.start), zone),
        end=moment(from_milliseconds(first.end), zone),
    )
    parts = (*(part for parts in told for part in parts), *rest)
    return Card(title=title, summary=f"{title}\n{said}", tone=Tone.BAD, parts=parts)


def hole(duty: Duty, rotation: str, gap: Gap, zone: ZoneInfo) -> tuple[Part, ...]:
    """Return one hole: when, how often, why, and what would help."""
    start, end = (when(from_milliseconds(at), zone) for at in (gap.start, gap.end))
    if gap.language:
        speaks = language_name(gap.language)
        line: Line = weave("Nobody who answers in {language}: {start} – {end}", language=speaks, start=start, end=end)
    else:
        line = weave("Nobody at all: {start} – {end}", start=start, end=end)
    if gap.times > 1:
        times = ngettext("and {count} time more, until", "and {count} times more, until", gap.times - 1)
        line = (*line, ", ", times, " ", when(from_milliseconds(gap.last), zone))
    return Paragraph(line), Small(_reason(gap)), *_remedy(duty, rotation, gap)


def _reason(gap: Gap) -> Line:
    who = people(gap.missing)
    match gap.why:
        case Why.ABSENT:
            return flat(weave("{people} will not be there.", people=who))
        case Why.LEFT:
            return flat(weave("{people} left the team.", people=who))
        case Why.LANGUAGE:
            return flat(weave("On call then: {people}.", people=who))
        case Why.OVER:
            return (_("No layer has begun by then, or all have ended."),)
        case Why.HOURS if gap.before and gap.after:
            before, after = one_line(gap.before), one_line(gap.after)
            return (_("{before} has ended by then, and {after} has not begun.", before=before, after=after),)
        case Why.HOURS:
            return (_("It lies outside the hours of every layer."),)


def _remedy(duty: Duty, rotation: str, gap: Gap) -> tuple[Part, ...]:
    if gap.why is Why.HOURS and gap.times > 1:
        return (Small((_("What helps: longer hours for one of the layers (/desk rotations)."),)),)
    zone = ZoneInfo(duty.rota.spec.timezone)
    start, end = (from_milliseconds(at).astimezone(zone).isoformat(timespec="minutes") for at in (gap.start, gap.end))
    who = names(duty, gap.could[:1]) if gap.could else "…"
    command = f"/oncall override {one_line(rotation)} @{who} {start} .. {end}"
    return (Small((_("What helps: {command}", command=command),)),)


def coming(duty: Duty, reader: Agent, rotation: str, start: datetime, end: datetime) -> Card:
    """Return, to whoever it is about, that they come on call soon."""
    zone = zones.first(reader.timezone, duty.rota.spec.timezone)
    title = titled(rotation)
    said = _("You come on call {when}.", when=moment(start, zone))
    line = weave("You come on call {when}.", when=when(start, zone))
    parts = (Paragraph(line), Small(weave("Until {when}.", when=when(end, zone))))
    return Card(title=title, summary=f"{title}\n{said}", tone=Tone.WARN, parts=parts)


def changed(
    duty: Duty, reader: Agent, rotation: str, gone: Sequence[tuple[int, int]], come: Sequence[tuple[int, int]]
) -> Card:
    """Return, to whoever it is about, that their shifts within the next weeks are others now."""
    zone = zones.first(reader.timezone, duty.rota.spec.timezone)
    title = _("Your shifts changed: {rotation}", rotation=one_line(rotation))
    lines: list[Line] = []
    for start, end in gone[:MOST]:
        lines.append(weave("Not any more: {start} – {end}", start=_when(start, zone), end=_when(end, zone)))
    for start, end in come[:MOST]:
        lines.append(weave("New: {start} – {end}", start=_when(start, zone), end=_when(end, zone)))
    rest = len(gone[MOST:]) + len(come[MOST:])
    more = [Small((ngettext("and {count} more", "and {count} more", rest),))] if rest else []
    return Card(title=title, summary=title, tone=Tone.WARN, parts=(*map(Paragraph, lines), *more))


def wish(duty: Duty, reader: Agent | None, swap: ShiftSwap) -> Card:
    """Return that somebody asks for another to take their shift; to one `reader`, or to everybody in a channel."""
    zone = zones.first(reader.timezone if reader else "", duty.rota.spec.timezone)
    start, end = moment(swap.start_at, zone), moment(swap.end_at, zone)
    asker = names(duty, (swap.asker,))
    said = _("{person} asks: who takes my turn from {start} until {end}?", person=asker, start=start, end=end)
    line: Line = weave(
        "{person} asks: who takes my turn from {start} until {end}?",
        person=Mention(swap.asker),
        start=when(swap.start_at, zone),
        end=when(swap.end_at, zone),
    )
    verbs = (Verb.SHIFT_TAKE, Verb.SHIFT_DECLINE) if swap.asked else (Verb.SHIFT_TAKE,)
    if swap.state is SwapState.OPEN:
        below: Part = Controls(tuple(button(verb, str(swap.id)) for verb in verbs))
    else:
        below = Small(flat(_state(swap)))
    return Card(title=titled(swap.rotation), summary=f"{titled(swap.rotation)}\n{said}", parts=(Paragraph(line), below))


def answered(duty: Duty, reader: Agent, swap: ShiftSwap) -> Card:
    """Return, to whoever asked and whoever answered, what came of a wish."""
    zone = zones.first(reader.timezone, duty.rota.spec.timezone)
    line: Line = weave(
        "The turn of {person} from {start} until {end}:",
        person=Mention(swap.asker),
        start=when(swap.start_at, zone),
        end=when(swap.end_at, zone),
    )
    came = _STATES[swap.state](names(duty, (swap.answered_by,) if swap.answered_by else ()))
    tone = Tone.GOOD if swap.state is SwapState.TAKEN else Tone.WARN
    parts = (Paragraph(line), Paragraph(flat(_state(swap))))
    return Card(title=titled(swap.rotation), summary=f"{titled(swap.rotation)}\n{came}", tone=tone, parts=parts)


_STATES: Mapping[SwapState, Callable[[str], str]] = {
    SwapState.OPEN: lambda _who: _("Nobody has taken it yet."),
    SwapState.TAKEN: lambda who: _("{person} takes it.", person=who),
    SwapState.DECLINED: lambda who: _("{person} cannot take it; it stays as it was.", person=who),
    SwapState.EXPIRED: lambda _who: _("Nobody took it in time; it stays as it was."),
    SwapState.CANCELLED: lambda _who: _("It is not wanted any more."),
}


def _state(swap: ShiftSwap) -> Line:
    who = (Mention(swap.answered_by),) if swap.answered_by else ()
    if swap.state is SwapState.TAKEN:
        return flat(weave("{person} takes it.", person=who))
    if swap.state is SwapState.DECLINED:
        return flat(weave("{person} cannot take it; it stays as it was.", person=who))
    return (_STATES[swap.state](""),)
