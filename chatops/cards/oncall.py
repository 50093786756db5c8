"""Who is on call, as somebody asks for it: now, next, their own shifts, the coming weeks, or at a time that is past."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chatops.cards import page as page_words
from chatops.cards.rota import MOST, flat, hole, names, people, when
from chatops.cards.verbs import button
from chatops.catalog import SELF, Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, moment, ngettext, weave
from chatops.model import oncall
from chatops.model import page as pages
from chatops.model import rotation as rotations
from chatops.model.agent import Agent
from chatops.model.oncall import Duty
from chatops.model.page import NoticeState, PageNotice
from chatops.model.rotation import OnCall, Override
from chatops.rules import choices, coverage, snooze, zones
from chatops.rules.rotation import Instead, Shift
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds
from chatops.ui import Card, Controls, Field, Fields, Inline, Line, Mention, Paragraph, Part, Small, Strong, Tone
from chatops.words import one_line

SOON = 5  # changes of each rotation
PREVIEW = timedelta(days=14)
SHOWN = 30  # shifts of a preview
OF_THE_PAST = timedelta(days=8)  # a day without a year that is further ahead means the one that was
YEAR = timedelta(days=365)
AROUND = timedelta(minutes=5)  # of an instant: what people were called for then
UNHEARD = frozenset((NoticeState.REFUSED, NoticeState.SPARED))

Duties = Mapping[str, Duty]


def on_call(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return what somebody asks about being on call; without words, who is now.

    Raises:
        Refused: the words ask nothing known, or there is no rotation.
    """
    asked, _blank, rest = words.strip().partition(" ")
    which = choices.choice(asked, choices.ONCALL) if asked else "now"
    if which == "at":
        return _at(tx, agent, rest, now)
    if which is None or which not in _ANSWERS:
        known = ", ".join(choices.ONCALL)
        raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.ONCALL.value, words=words, choices=known)
    duties = {name: oncall.duty(tx, name, now, now + oncall.FAR_AHEAD) for name in oncall.names(tx, agent.workspace_id)}
    found = {name: duty for name, duty in duties.items() if duty is not None}
    if not found:
        raise Refused(Refusal.NO_ROTATION)
    return _ANSWERS[which](tx, agent, found, now)


def zone_for(agent: Agent, duty: Duty | None = None) -> ZoneInfo:
    """Return by whose clock plain text is written for somebody."""
    return zones.first(agent.timezone, duty.rota.spec.timezone if duty else "")


def _now(_tx: Transaction, agent: Agent, duties: Duties, now: datetime) -> Card:
    said, parts, tone = [], list[Part](), Tone.NEUTRAL
    for name, duty in duties.items():
        shift, *_later = shifts_of(duty, now, oncall.AHEAD)
        until = when(from_milliseconds(shift.end), zone_for(agent, duty))
        line: tuple[Inline | Line, ...] = weave("{people}, until {when}", people=people(shift.who), when=until)
        parts.append(Paragraph((Strong(one_line(name)), ": ", *flat(line))))
        plain = _("{people}, until {when}", people=names(duty, shift.who), when=until.fallback)
        said.append(f"{one_line(name)}: {plain}")
        tone = tone if shift.who else Tone.BAD
    return Card(title=_("On call now"), summary="\n".join(said), tone=tone, parts=tuple(parts))


def _next(_tx: Transaction, agent: Agent, duties: Duties, now: datetime) -> Card:
    fields = []
    for name, duty in duties.items():
        shifts = shifts_of(duty, now, oncall.AHEAD)[1 : SOON + 1]
        fields.append(Field(one_line(name), listed(duty, agent, shifts) or (_("No change within five weeks."),)))
    title = _("On call next")
    return Card(title=title, summary=title, parts=(Fields(tuple(fields)),))


def _preview(_tx: Transaction, agent: Agent, duties: Duties, now: datetime) -> Card:
    title = _("The coming weeks")
    parts: list[Part] = []
    holes = 0
    for name, duty in duties.items():
        parts.append(
            Paragraph((Strong(one_line(name)), "\n", *listed(duty, agent, shifts_of(duty, now, PREVIEW)[:SHOWN])))
        )
        found = gaps_of(duty, now)
        holes += sum(gap.times for gap in found)
        for gap in found[:MOST]:
            parts += hole(duty, name, gap, zone_for(agent, duty))
    if holes:
        said = ngettext("There is {count} gap.", "There are {count} gaps.", holes)
    else:
        said = _("Somebody is on call at every minute of the next five weeks, and when the clocks change.")
    parts.append(Small((said,)))
    return Card(title=title, summary=f"{title}\n{said}", tone=Tone.BAD if holes else Tone.GOOD, parts=tuple(parts))


def gaps_of(duty: Duty, now: datetime) -> list[coverage.Gap]:
    """Return the holes that are told of a rotation."""
    return coverage.together(oncall.gaps(duty, now), ZoneInfo(duty.rota.spec.timezone))


def shifts_of(duty: Duty, now: datetime, ahead: timedelta) -> list[Shift]:
    """Return who is on call from now on, as long ahead."""
    return list(duty.rota.shifts(to_milliseconds(now), to_milliseconds(now + ahead), duty.said))


def listed(duty: Duty, agent: Agent, shifts: list[Shift]) -> Line:
    """Return shifts one a line: since when, and who."""
    zone = zone_for(agent, duty)
    lines = [(when(from_milliseconds(shift.start), zone), ": ", *people(shift.who), "\n") for shift in shifts]
    return tuple(piece for line in lines for piece in line)[:-1]


def _mine(tx: Transaction, agent: Agent, _duties: Duties, now: datetime) -> Card:
    title, zone = _("Your shifts"), oncall.zone_of(tx, agent)
    stints = oncall.stints_of(tx, agent, now, now + oncall.AHEAD)
    parts: list[Part] = [
        Paragraph(_stretch(one.rotation, one.start, one.end, zone_for(agent, one.duty))) for one in stints[:MOST]
    ]
    if not stints:
        parts.append(Paragraph((_("You are not on call within the next five weeks."),)))
    for wish in rotations.wishes(tx, agent.workspace_id, agent.id)[:SOON]:
        line = weave("You asked for somebody to take your shift of {when}.", when=when(wish.start_at, zone))
        asked = (" · ", Mention(wish.asked)) if wish.asked else ()
        which = Small((*_stretch(wish.rotation, wish.start_at, wish.end_at, zone), *asked))
        parts += [Paragraph(line), which, Controls((button(Verb.SHIFT_BACK, f"swap/{wish.id}"),))]
    for said in rotations.of_agent(tx, agent.workspace_id, agent.id, now)[:SOON]:
        parts += [Paragraph(_said(zone, said)), Controls((button(Verb.SHIFT_BACK, f"override/{said.id}"),))]
    parts += _whose_clock(agent, zone)
    parts.append(Controls(tuple(button(verb, SELF) for verb in (Verb.SWAP, Verb.OVERRIDE, Verb.ABSENT))))
    count = ngettext("{count} shift within five weeks", "{count} shifts within five weeks", len(stints))
    return Card(title=title, summary=f"{title}: {count}", parts=tuple(parts))


def _stretch(rotation: str, start: datetime, end: datetime, zone: ZoneInfo) -> Line:
    name = Strong(one_line(rotation))
    return flat(weave("{rotation}: {start} – {end}", rotation=name, start=when(start, zone), end=when(end, zone)))


def _whose_clock(agent: Agent, zone: ZoneInfo) -> list[Part]:
    """Return by whose clock hours are read that somebody writes, if not by their own."""
    if zones.known(agent.timezone):
        return []
    line = _(
        "Your time zone is not known here, so what you write counts as the rotation's time: {zone}.", zone=str(zone)
    )
    return [Small((line,))]


def _said(zone: ZoneInfo, one: Override) -> Line:
    who, whose = Mention(one.who), Mention(one.whose)
    start, end = when(one.start_at, zone), when(one.end_at, zone)
    line: Line
    match one.kind:
        case Instead.ABSENT:
            line = weave("{person} is absent: {start} – {end}", person=who, start=start, end=end)
        case Instead.SWAP:
            line = weave(
                "{person} takes the shift of {other}: {start} – {end}", person=who, other=whose, start=start, end=end
            )
        case Instead.ALSO:
            line = weave("{person} is on call, too: {start} – {end}", person=who, start=start, end=end)
        case Instead.ONLY:
            line = weave("{person} stands in: {start} – {end}", person=who, start=start, end=end)
    return line


# What was


def _at(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return who was on call at an instant, from the log, and what they and others were called for around it."""
    zone = oncall.zone_of(tx, agent)
    at = snooze.until(words, now, zone)
    if at is not None and at - now > OF_THE_PAST:
        at = snooze.until(words, now - YEAR, zone) or at
    if at is None:
        raise Refused(Refusal.WHEN_UNCLEAR, words=words)
    if at > now:
        raise Refused(Refusal.NOT_YET)
    title = _("On call at {when}", when=moment(at, zone))
    lines = rotations.was_on_call(tx, agent.workspace_id, at, at + timedelta(milliseconds=1))
    got = pages.notices_at(tx, agent.workspace_id, at - AROUND, at + AROUND)
    parts = [part for line in lines for part in _was(tx, zone, line, got)]
    if lines:
        empty = set(oncall.names(tx, agent.workspace_id)) - {line.rotation for line in lines}
        parts += [Paragraph((Strong(one_line(name)), ": ", *people(()))) for name in sorted(empty)]
    else:
        parts = [Paragraph((_("Nobody was on call."),))]
    on_call_then = {line.agent_id for line in lines}
    besides = dict.fromkeys(one.agent_id for one in got if one.agent_id not in on_call_then)  # leads, say
    for who in list(besides)[:MOST]:
        parts += [Paragraph((Mention(who),)), *_calls(tx, zone, who, got)]
    parts += _whose_clock(agent, zone)
    return Card(title=title, summary=title, tone=Tone.NEUTRAL if lines else Tone.BAD, parts=tuple(parts))


def _was(tx: Transaction, zone: ZoneInfo, line: OnCall, got: list[PageNotice]) -> list[Part]:
    who: Line = (Strong(one_line(line.rotation)), ": ", Mention(line.agent_id))
    since = weave("since {when}", when=when(line.start_at, zone))
    calls = _calls(tx, zone, line.agent_id, got)
    return [Paragraph((*who, " · ", *since)), *(calls or [Small((_("Nothing called them around then."),))])]


def _calls(tx: Transaction, zone: ZoneInfo, agent_id: str, got: list[PageNotice]) -> list[Part]:
    return [Small(_call(tx, one, zone)) for one in [one for one in got if one.agent_id == agent_id][:MOST]]


def _call(tx: Transaction, one: PageNotice, zone: ZoneInfo) -> Line:
    """Return when somebody was called, about whom, and whether that came to nothing."""
    page = pages.get(tx, one.shop_id, one.ticket_id, one.number)
    about = () if page is None else (" · ", *page_words.about(tx, page))
    unheard = (" · ", _("no message reached them")) if one.state in UNHEARD else ()
    return (*flat(weave("Called {when}", when=when(one.called_at, zone))), *about, *unheard)


_ANSWERS: Mapping[str, Callable[[Transaction, Agent, Duties, datetime], Card]] = {
    "now": _now,
    "next": _next,
    "mine": _mine,
    "preview": _preview,
}
