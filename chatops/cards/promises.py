"""What is promised to buyers and in which hours, for whoever decides it: lists, ready-made packs, forms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import chain

from chatops.cards.verbs import button, label
from chatops.catalog import NEW, Verb
from chatops.errors import Refusal, Refused, SetupError
from chatops.i18n import _, country, language_name, length, moment, named_day, weave
from chatops.model import definition as definitions
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.ticket import Level, TicketKind, TicketPriority
from chatops.rules.durations import milliseconds
from chatops.rules.hours import DayOff, Hours
from chatops.rules.hours_words import days_off_written, leaves_a_minute, weekly_written
from chatops.rules.languages import REGIONS
from chatops.rules.targets import Match, Metric, ServiceLevel, Target
from chatops.store.transaction import Transaction
from chatops.times import to_milliseconds
from chatops.ui import (
    Button,
    Card,
    Controls,
    Divider,
    Form,
    Input,
    Line,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Press,
    Small,
    Strong,
    Tone,
)
from chatops.words import KINDS, LEVELS, METRICS, PRIORITIES, one_line, side_by_side

MOST = 20  # promises or calendars that are shown
DAYS_SHOWN = 3  # unlike others, of a calendar
UNDONE_WITHIN = timedelta(days=1)
ROOM = 3_000  # characters that an input takes on either platform

PACKS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {  # each with what it is for
    "small-shop": (
        lambda: _("A small shop"),
        lambda: _("Office hours: answers within 15 minutes, nobody is called at night except for TikTok's clock."),
    ),
    "cross-border": (
        lambda: _("A team across borders"),
        lambda: _("From early to late: answers within 5 minutes, somebody is called before they are late."),
    ),
    "black-friday": (
        lambda: _("Black Friday"),
        lambda: _("Long hours: those about to buy are answered first, what is left gets more time."),
    ),
}


def promises(tx: Transaction, _agent: Agent, _words: str, now: datetime) -> Card:
    """Return what is promised, in the order in which it counts, with the packs to take and the promises to change."""
    found = definitions.current(tx, DefinitionKind.SERVICE_LEVEL)
    lines = [_promise(one.name, one.read(ServiceLevel)) for one in found[:MOST]]
    title = _("What is promised")
    nothing = () if lines else (Paragraph((_("Nothing is promised yet. Take what comes nearest, then change it:"),)),)
    first = (Small((_("The first that fits a ticket counts."),)),) if len(lines) > 1 else ()
    named = [Option(one_line(one.name), one.name) for one in found[:MOST]]
    change = Menu(label(Verb.PROMISE_WRITE), Verb.PROMISE_WRITE, (*named, Option(_("A new promise"), NEW)))
    parts: tuple[Part, ...] = (
        *nothing,
        *map(Paragraph, lines),
        *first,
        Controls((change,)),
        *undo(tx, now),
        Divider(),
        *(Paragraph((Strong(name()), " ", about())) for name, about in PACKS.values()),
        Controls(tuple(Button(name(), Press(Verb.PROMISES_TAKE, pack)) for pack, (name, _about) in PACKS.items())),
    )
    return Card(title=title, summary="\n".join([title, *map(_plain, lines)]), parts=parts)


def _promise(name: str, level: ServiceLevel) -> Line:
    targets = "\n".join(_target(one) for one in level.targets)
    return (Strong(one_line(name)), " · ", _for_what(level.match), "\n", targets)


def _for_what(match: Match) -> str:
    said = (
        ", ".join(KINDS[TicketKind(one)]() for one in match.kinds if one in set(TicketKind)),
        ", ".join(LEVELS[Level(one)]() for one in match.levels if one in set(Level)),
        ", ".join(PRIORITIES[TicketPriority(one)]() for one in match.priorities if one in set(TicketPriority)),
        ", ".join(language_name(one) for one in match.languages),
        ", ".join(country(one) for one in match.markets),
        ", ".join(one_line(one) for one in match.shops),
        " ".join(f"#{one_line(one)}" for one in match.tags),
        ", ".join(_("tier {name}", name=one_line(one)) for one in match.tiers),
    )
    return side_by_side(*said) or _("every ticket")


def _target(target: Target) -> str:
    if target.metric is Metric.PLATFORM_DEADLINE or not target.within:
        return METRICS[target.metric]()
    around_the_clock = not target.calendar or target.metric is Metric.PLATFORM_RESPONSE
    within = length(_limit(target.within), days=around_the_clock)  # of open time, a day is no measure
    if around_the_clock:
        return _("{what}: {within}, around the clock", what=METRICS[target.metric](), within=within)
    hours = one_line(target.calendar)
    return _(
        "{what}: {within}, in the hours of {calendar}", what=METRICS[target.metric](), within=within, calendar=hours
    )


def _limit(within: str) -> int:
    """Return a limit in milliseconds; one that an older version took and this one does not is none."""
    try:
        return milliseconds(within)
    except SetupError:
        return 0


def undo(tx: Transaction, now: datetime, verb: Verb = Verb.PROMISES_BACK) -> Iterator[Part]:
    """Yield when something about time was changed last in the chat, and the way back; a file is changed in the file."""
    last = definitions.last_changed(tx)
    if last is None or not last.made_by or now - last.made_at > UNDONE_WITHIN:
        return
    when = Moment(last.made_at, MomentStyle.DATE_TIME, moment(last.made_at))
    yield Small(weave("Changed last: {when}", when=when))
    yield Controls((button(verb, str(to_milliseconds(last.made_at))),))


def offer(pack: str, zone: str, levels: Sequence[tuple[str, ServiceLevel]], moved: str) -> Card:
    """Return, privately, what a pack promises and what it would change, with the way to take it."""
    name, about = PACKS[pack]
    lines = [_promise(*one) for one in levels]
    times = _(
        "Its hours are those of {zone}. They can be changed afterwards: {words}", zone=zone, words="/desk calendars"
    )
    take = button(Verb.PROMISES_APPLY, pack, Tone.GOOD)
    return Card(
        title=name(),
        summary="\n".join([name(), about(), *map(_plain, lines), moved]),
        parts=(Paragraph((about(),)), *map(Paragraph, lines), Small((times,)), Paragraph((moved,)), Controls((take,))),
    )


def calendars(tx: Transaction, _agent: Agent, words: str, now: datetime) -> Card:
    """Return the calendars, or those whose name holds some words, each with the ways to change it."""
    sought = words.strip().casefold()
    found = [one for one in definitions.current(tx, DefinitionKind.CALENDAR) if sought in one.name.casefold()]
    each = [(one.name, one.read(Hours)) for one in found[: MOST // 2]]
    title = _("Hours")
    parts = [part for name, hours in each for part in (*_calendar(name, hours, now), _changes(tx, name))]
    new = Controls((Button(_("New hours"), Press(Verb.CALENDAR_WRITE, f"-/{NEW}")),))
    nothing = () if each else (Paragraph((_("There are none yet: what is promised counts around the clock."),)),)
    said = [_plain(part.line) for part in parts if isinstance(part, Paragraph)]
    return Card(title=title, summary="\n".join([title, *said]), parts=(*nothing, *parts, new, *undo(tx, now)))


def _calendar(name: str, hours: Hours, now: datetime) -> Iterator[Paragraph | Small]:
    open_at = _("around the clock") if hours.always else weekly_written(hours.weekly)
    yield Paragraph((Strong(one_line(name)), " · ", hours.timezone, "\n", open_at))
    if leaves_a_minute(_windows(hours)):
        yield Small((minute_closed(),))
    coming = sorted((day for day in hours.exceptions if day.on >= now.date()), key=lambda day: day.on)
    if coming and not hours.always:
        days = (" ".join([named_day(day.on), *day.hours, one_line(day.label)]).strip() for day in coming[:DAYS_SHOWN])
        more = [f"+{len(coming) - DAYS_SHOWN}"] if len(coming) > DAYS_SHOWN else []
        yield Small((side_by_side(*days, *more),))


def _windows(hours: Hours) -> Iterator[str]:
    yield from chain.from_iterable(hours.weekly.values())
    yield from chain.from_iterable(day.hours for day in hours.exceptions)


def minute_closed() -> str:
    """Return what somebody hears who wrote 23:59 for the end of the day."""
    return _("Hours that end at 23:59 leave the last minute of the day closed: write 24:00 for its end.")


def _changes(tx: Transaction, name: str) -> Controls:
    change = button(Verb.CALENDAR_WRITE, f"-/{name}")
    if find_spec("holidays") is None:
        return Controls((change,))
    ours = dict.fromkeys(shop.region for shop in shops.every(tx) if shop.region)
    places = tuple(Option(country(code), f"{code}/{name}") for code in dict.fromkeys((*ours, *REGIONS)))
    return Controls((change, Menu(_("Public holidays of …"), Verb.CALENDAR_WRITE, places[:25])))


def promise_form(ref: str, text: str, place: int) -> Form:
    """Return the form for one promise as it stands in a desk file; `place` among the promises, from 1.

    Raises:
        Refused: it does not fit a form.
    """
    _must_fit(text)
    return Form(
        title=_("Promise"),
        submit=_("Go on"),
        cancel=_("Cancel"),
        press=Press(Verb.PROMISE_WRITE, ref),
        inputs=(
            Input(
                "text",
                _("The promise"),
                text,
                _("As in docs/reference/desk-toml.md. Left empty, it goes."),
                multiline=True,
                optional=True,
                limit=ROOM,
            ),
            Input("place", _("Its place: the first that fits counts"), str(place), limit=3),
            _how(),
        ),
    )


def calendar_form(ref: str, name: str, hours: Hours, proposed: Sequence[DayOff] = ()) -> Form:
    """Return the form for hours: a line for some days of the week, a line for a day unlike others.

    Of the `proposed` days, as many as have room stand among those there are.

    Raises:
        Refused: the days there are do not fit a form.
    """
    week = "always" if hours.always else weekly_written(hours.weekly)
    _must_fit(days_off_written(hours.exceptions))
    room = range(len(proposed), -1, -1)
    off = next(text for count in room if len(text := days_off_written((*hours.exceptions, *proposed[:count]))) <= ROOM)
    example = _("Like {example}. A date without hours is closed.", example="2026-12-24 09:00-12:00 Christmas Eve")
    return Form(
        title=_("Hours"),
        submit=_("Go on"),
        cancel=_("Cancel"),
        press=Press(Verb.CALENDAR_WRITE, ref),
        inputs=(
            Input("name", _("Name"), name, _("Left empty, the hours go."), optional=True, limit=50),
            Input("zone", _("Time zone"), hours.timezone, _("A large city there, for example Bangkok."), limit=60),
            Input(
                "weekly",
                _("Open on"),
                week,
                _("Like {example}; or: always", example="mon-fri 09:00-12:30 13:30-18:00"),
                multiline=True,
                optional=True,
                limit=ROOM,
            ),
            Input("days", _("Days unlike others"), off, example, multiline=True, optional=True, limit=ROOM),
            _how(),
        ),
    )


def _must_fit(text: str) -> None:
    if len(text) > ROOM:
        raise Refused(Refusal.NO_ROOM)


def _how() -> Input:
    options = Option(_("Try it: what would move?"), "try"), Option(_("Save it"), "save")
    return Input("how", _("What now?"), "try", options=options)


def _plain(line: Line) -> str:
    return "".join(piece.text if isinstance(piece, Strong) else str(piece) for piece in line)
