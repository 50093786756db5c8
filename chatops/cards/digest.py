"""Digests: the head that stands in the channel, the sections below it, and what is said when there is none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatops.cards.verbs import button, label
from chatops.catalog import Verb
from chatops.digest import kept, sections
from chatops.digest.kept import Shown
from chatops.digest.scope import ONE_DAY, Day, Window, midnight
from chatops.digest.section import Reading, Section
from chatops.i18n import _, compact, moment, named_day, ngettext, short_day, short_moment, span, weave
from chatops.model.digest import Digest, DigestState, Lack
from chatops.refs import section_ref
from chatops.store.transaction import Transaction
from chatops.ui import (
    Card,
    Controls,
    Divider,
    Mention,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Picture,
    Small,
    Strong,
    Tone,
)
from chatops.words import one_line, side_by_side

LATE = timedelta(minutes=30)
HOURS = timedelta(hours=24)


def head(digest: Digest, now: datetime, picture: Picture | None = None, *, at_once: bool = False) -> Card:
    """Return what a digest says first, as a person would say it; `at_once`: what follows stands below it."""
    title = titled(digest, now)
    if digest.state is DigestState.FAILED:
        said = _("It could not be made ({code}). Nothing is lost: ask for it with /digest.", code=digest.fault)
        return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((said,)),), tone=Tone.BAD)
    said = headline(digest)
    notes: list[Part] = [Small(line) for line in _notes(digest, now)]
    if digest.numbers and not at_once:
        notes.append(Small((_("More about it below, in the thread."),)))
        about = str(digest.id)
        notes.append(Controls((button(Verb.DIGEST_CSV, about), button(Verb.DIGEST_JSON, about))))
    line, seen = Strong(said) if digest.numbers else said, (picture,) if picture else ()
    return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((line,)), *seen, *notes), tone=_tone(digest))


def whole(tx: Transaction, digest: Digest, now: datetime, picture: Picture | None = None) -> Card:
    """Return all that a digest says, in one piece."""
    top = head(digest, now, picture, at_once=True)
    return replace(top, parts=(*top.parts, *below(tx, digest).parts))


def below(tx: Transaction, digest: Digest) -> Card:
    """Return all that a digest says below its head, a divider before each section."""
    reading = kept.reading_of(digest)
    parts: list[Part] = []
    for one in kept.shown(digest):
        told = section(tx, one, reading, at_once=True)
        parts += [Divider(), Paragraph((Strong(told.title),)), *told.parts]
    if parts:
        parts.append(Controls((_how(digest),)))
    return Card(summary=titled(digest), parts=tuple(parts))


def _how(digest: Digest) -> Menu:
    """Return the way to how the numbers of each section are counted."""
    there = (one.section for one in kept.shown(digest) if one.section.figures)
    options = (Option(one.title(), section_ref(digest.id, one.key)) for one in there)
    return Menu(label(Verb.STATS), Verb.STATS, tuple(options))


def titled(digest: Digest, now: datetime | None = None) -> str:
    """Return of when a digest tells, to whoever reads it now: "Yesterday, Mon, May 4", "May 4 – May 10".

    Without `now`, in what is kept and may be read in any year, that stands with it.
    """
    window = kept.window_of(digest)
    days = [day.date for day in window.days()]
    if digest.plan and now is not None and days == [now.astimezone(window.zone).date() - ONE_DAY]:
        return _("Yesterday, {day}", day=named_day(days[0], year=_with_year(window, now)))
    return (hours_of if kept.of_hours(digest) else days_of)(window, now)


def hours_of(window: Window, now: datetime | None) -> str:
    """Return from when to when a stretch of time is, by which clocks, to whoever reads it now."""
    (first, *more), year = [day.date for day in window.days()], _with_year(window, now)
    if not more:
        hours = span(window.start, window.end, window.zone)
        return side_by_side(named_day(first, year=year), hours, window.zone.key)
    begins, ends = (short_moment(at, window.zone, year=year) for at in (window.start, window.end))
    return side_by_side(f"{begins} – {ends}", window.zone.key)


def days_of(window: Window, now: datetime | None) -> str:
    """Return which days a stretch of time is made of, to whoever reads it now."""
    (first, *more), year = [day.date for day in window.days()], _with_year(window, now)
    return f"{short_day(first, year=year)} – {short_day(more[-1], year=year)}" if more else named_day(first, year=year)


def _with_year(window: Window, now: datetime | None) -> bool:
    """Tell whether days stand with their year: all but those of this year."""
    return now is None or {day.date.year for day in window.days()} != {now.astimezone(window.zone).year}


def headline(digest: Digest) -> str:
    """Return what matters most, in a few short sentences."""
    if not digest.sections:
        return _("There is no shop here to tell of.")
    if digest.numbers:
        return _in_a_row(*_sentences(digest))
    return _in_a_row(*_nothing(digest))


def _nothing(digest: Digest) -> Iterator[str]:
    """Yield what it means that nothing was counted: of a part of the work, or of few sections, no quiet to enjoy."""
    scope = kept.scope_of(digest)
    if scope.teams:  # perhaps nobody else calls it so
        yield _("Nothing to tell of: {teams}.", teams=", ".join(map(one_line, scope.teams)))
        return
    tell = [] if scope.narrowed else [one for one in _in_order() if one.quiet]
    told = [one.quiet() for one in tell if one.quiet and one.key in digest.sections]
    yield from told or [_("Nothing to tell of.")]
    if told and len(told) == len(tell):
        yield _("Enjoy the quiet!")


def _in_a_row(*sentences: str) -> str:
    """Return sentences as one text: a blank follows a full stop, nothing a full-width one, and Thai ends with none."""
    between = {".": " ", "。": ""}
    return "".join(said + between.get(said[-1], " · ") for said in sentences[:-1]) + "".join(sentences[-1:])


def _sentences(digest: Digest) -> Iterator[str]:
    """Yield the sentences of the sections; where none has one about its numbers, what is told of below."""
    reading, shown = kept.reading_of(digest), {one.section.key: one for one in kept.shown(digest)}
    narrowed = bool(kept.scope_of(digest).narrowed)  # others may have written, and have had an answer
    is_said = False
    for section in _in_order():
        one = shown.get(section.key)
        told = one is not None or (section.key in digest.sections and not narrowed)
        if told and (said := section.headline(one.facts if one else None, reading)):
            is_said = is_said or one is not None
            yield said
    if not is_said:
        yield _("Told of below: {sections}.", sections=", ".join(one.section.title() for one in shown.values()))


def _in_order() -> list[Section[Any]]:
    """Return the sections in the order of their sentences."""
    return sorted(sections.every(), key=lambda one: one.place if one.headline_place is None else one.headline_place)


def _tone(digest: Digest) -> Tone:
    """Return how the section feels that feels worst."""
    tones = {one.section.tone(one.facts) for one in kept.shown(digest)}
    return next((tone for tone in (Tone.BAD, Tone.WARN, Tone.GOOD) if tone in tones), Tone.NEUTRAL)


def _notes(digest: Digest, now: datetime) -> Iterator[tuple[str | Moment | Mention, ...]]:
    """Yield what a reader should know about the stretch of time."""
    window = kept.window_of(digest)
    if digest.asked_by and digest.channel_id:
        yield weave("Asked by {person}.", person=Mention(digest.asked_by))
    elif not digest.asked_by and now - digest.due_at > LATE:
        due = Moment(digest.due_at, MomentStyle.DATE_TIME, moment(digest.due_at, window.zone))
        yield weave("⏰ Late: it was due at {moment}.", moment=due)
    if digest.asked_by and digest.counted_at and digest.counted_at < digest.made_at:
        counted = Moment(digest.counted_at, MomentStyle.DATE_TIME, moment(digest.counted_at, window.zone))
        yield weave("As it was counted at {moment}.", moment=counted)
    elif digest.asked_by and window.end == digest.made_at:
        until = Moment(window.end, MomentStyle.DATE_TIME, moment(window.end, window.zone))
        yield weave("So far, until {moment}.", moment=until)
    if digest.fault:
        yield (_("⚠️ Not told of, because no shop has this name any more: {shops}", shops=one_line(digest.fault)),)
    if in_part := kept.scope_of(digest).in_part:
        yield (
            ngettext(
                "The numbers are of whole shops; {count} of them sends some tickets elsewhere.",
                "The numbers are of whole shops; {count} of them send some tickets elsewhere.",
                in_part,
            ),
        )
    if digest.before or (digest.compare and digest.numbers):
        days = (hours_of if kept.of_hours(digest) else days_of)(kept.before_of(digest), now)
        nothing = _("There is nothing to compare it with: {days}.", days=days)
        yield (_("Beside it stands {days}.", days=days) if digest.before else nothing,)
    if digest.behind:
        yield (_("It also tells of days before, of which no digest has told yet."),)
    for day in window.days():
        if (said := _unlike(day, window.zone, year=_with_year(window, now))) is not None:
            yield (said,)


def _unlike(day: Day, zone: ZoneInfo, *, year: bool) -> str | None:
    """Return how long a day was whose clock was changed; nothing of one that is told of in part."""
    whole = day.start == midnight(day.date, zone) and day.end == midnight(day.date + ONE_DAY, zone)
    hours = (day.end - day.start) / timedelta(hours=1)
    if not whole or hours == 24:
        return None
    shown = short_day(day.date, year=year)
    return _("🕰 The clocks changed: {day} had {hours} hours.", day=shown, hours=compact(hours))


def section(tx: Transaction, one: Shown, reading: Reading, *, at_once: bool = False) -> Card:
    """Return what one section says; `at_once`: others stand in the same message."""
    title = one.section.title()
    parts = list(one.section.parts(tx, one.facts, one.before, reading))
    if one.section.figures and not at_once:
        parts.append(Controls((button(Verb.STATS, section_ref(reading.digest, one.section.key)),)))
    return Card(title=title, summary=title, parts=tuple(parts))


def not_posted(digest: Digest) -> Card:
    """Return that a digest found no place to stand."""
    title = _("Digest: {plan}", plan=one_line(digest.plan)) if digest.plan else titled(digest)
    said = _("It could not be posted ({code}). Is the channel still there, and may I write in it?", code=digest.fault)
    how = _("The next one is tried anew. Change the channel with: /desk digests")
    return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((said,)), Small((how,))), tone=Tone.BAD)


LACKING: Mapping[str, Callable[[], str]] = {
    "missing_permissions": lambda: _(
        "In Discord the bot needs Attach Files, Create Public Threads and Send Messages in Threads there."
    ),
    "missing_scope": lambda: _("The Slack app lacks a scope: install it again from manifest.yml."),
}


def not_whole(digest: Digest, lack: str = "", name: Callable[[str], str] | None = None) -> Card:
    """Return what is missing of a digest, and what would help; without a `lack`, of the only thing it lacks.

    For a channel it calls nobody, but says the `name` of whom it is for, and has no button: those who may press it are
    not there.
    """
    missing, _slash, code = (lack or digest.lacks).partition("/")
    what, _colon, whom = missing.partition(":")
    title = _("Digest: {plan}", plan=one_line(digest.plan)) if digest.plan else titled(digest)
    said = _("Not all of it could be posted below it ({code}).", code=code)
    if what == Lack.PICTURE:
        said = _("It came without its picture ({code}).", code=code)
    elif what == Lack.REPORT:
        said = _("Its report could not be handed over ({code}).", code=code)
    helps = [LACKING[code]()] if code in LACKING else []
    is_leads = bool(digest.plan) and name is None
    notes = [*helps, _("You are told once, not each time.")] if is_leads else helps
    person = name(whom) if name else Mention(whom)
    meant = [Paragraph(weave("It is for {person}.", person=person))] if whom else []
    parts: list[Part] = [Paragraph((said,)), *meant, *(Small((note,)) for note in notes)]
    if is_leads:
        parts.append(Controls((button(Verb.DIGEST_AGAIN, f"{digest.id}/{missing}"),)))
    return Card(title=title, summary="\n".join([title, said, *helps]), parts=tuple(parts), tone=Tone.WARN)


def as_file(digest: Digest) -> Card:
    """Return what stands beside the file of a digest's numbers."""
    title = titled(digest)
    said = _("The numbers of this digest, and how each is counted. Shares are of one, lengths in milliseconds.")
    return Card(title=title, summary=f"{title}\n{said}", parts=(Small((said,)),))
