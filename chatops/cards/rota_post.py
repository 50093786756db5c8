"""What the picture of a rotation says in words: below it, to who does not see it, and where none can be drawn."""

from collections.abc import Sequence
from datetime import datetime

from chatops.i18n import _, day, moment, ngettext, weave
from chatops.model.oncall_feed import Stint
from chatops.times import from_milliseconds, to_milliseconds
from chatops.ui import Card, Line, Moment, MomentStyle, Paragraph, Small, Strong, Tone

NAMED = 5  # gaps


def card(rotation: str, stints: Sequence[Stint], now: datetime, until: datetime) -> Card:
    """Return when nobody is on call until an instant, or that somebody always is."""
    title = _("On call: {rotation}", rotation=rotation)
    gaps = [
        one
        for one in stints
        if one.agent is None and to_milliseconds(now) < one.end and one.start < to_milliseconds(until)
    ]
    if not gaps:
        covered = _("Somebody is on call at every minute until {day}.", day=day(until))
        return Card(title=title, summary=f"{title}. {covered}", parts=(Paragraph(("✅ ", covered)),), tone=Tone.GOOD)
    said = ngettext(
        "Until {day}, there is {count} time at which nobody is on call.",
        "Until {day}, there are {count} times at which nobody is on call.",
        len(gaps),
        day=day(until),
    )
    lines: list[Paragraph | Small] = [Paragraph(_gap(one)) for one in gaps[:NAMED]]
    if len(gaps) > NAMED:
        lines.append(Small((ngettext("and {count} more", "and {count} more", len(gaps) - NAMED),)))
    first = moment(from_milliseconds(gaps[0].start))
    summary = _("{title}. {gaps} The first begins at {first}.", title=title, gaps=said, first=first)
    return Card(title=title, summary=summary, parts=(Paragraph(("⚠️ ", Strong(said))), *lines), tone=Tone.BAD)


def _gap(gap: Stint) -> Line:
    return ("• ", *weave("from {start} to {end}", start=_when(gap.start), end=_when(gap.end)))


def _when(at: int) -> Moment:
    instant = from_milliseconds(at)
    return Moment(instant, MomentStyle.DATE_TIME, moment(instant))
