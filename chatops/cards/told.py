"""What is said in a thread about its ticket, to whom it concerns; and privately, when it comes back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.cards import clock, page
from chatops.i18n import _, moment, weave
from chatops.outbox import Told
from chatops.ui import (
    Card,
    GroupMention,
    Inline,
    Line,
    Link,
    Mention,
    Moment,
    MomentStyle,
    Paragraph,
    Quote,
    Small,
    Strong,
    Tone,
)
from chatops.words import one_line

Facts = Mapping[str, str]


def told(about: str, facts: Facts) -> Card:
    """Return what a thread is told."""
    return _CARDS[Told(about)](facts)


def snoozed(facts: Mapping[str, str | int]) -> Card:
    """Return, privately, when a ticket comes back; in whose zone that was read, if the agent's own is not known."""
    until, zone = datetime.fromisoformat(str(facts["until"])), ZoneInfo(str(facts["zone"]))
    when = Moment(until, MomentStyle.DATE_TIME, moment(until, zone))
    said = _("This ticket comes back {when}, or when the buyer writes.", when=moment(until, zone))
    parts: list[Paragraph | Small] = [
        Paragraph(weave("This ticket comes back {when}, or when the buyer writes.", when=when))
    ]
    if not facts["own"]:
        shops = _(
            "Your time zone is not known here, so what you wrote counts as the shop's time: {zone}.", zone=str(zone)
        )
        said = f"{said} {shops}"
        parts.append(Small((shops,)))
    return Card(summary=said, tone=Tone.GOOD, parts=tuple(parts))


def _assigned(facts: Facts) -> Card:
    agent, by = Mention(facts["agent_id"]), Mention(facts["by"])
    line = weave("{agent}, this ticket is yours now: {by} gave it to you.", agent=agent, by=by)
    return Card(summary=_("A ticket was given to you."), parts=(Paragraph(line),))


def _given_to_team(facts: Facts) -> Card:
    name = one_line(facts["team"])
    team = GroupMention(facts["mention"]) if facts["mention"] else Strong(name)
    line = weave("For {team}: {by} gave this ticket to your team.", team=team, by=Mention(facts["by"]))
    return Card(summary=_("A ticket was given to {team}.", team=name), parts=(Paragraph(line),))


def _escalated(facts: Facts) -> Card:
    leads = facts["leads"].split()
    called: Line = tuple(piece for lead in leads for piece in (Mention(lead), " "))
    line = (*called, *weave("{by} asks for a lead here.", by=Mention(facts["by"])))
    nobody = () if leads else (Small((_("Nobody is named as a lead yet: your owner does that in desk.toml."),)),)
    why = (Quote(facts["words"]),) if facts["words"] else ()
    said = " ".join([_("A lead is asked for here."), facts["words"]]).strip()
    return Card(summary=said, tone=Tone.BAD, parts=(Paragraph(line), *why, *nobody))


def _back(facts: Facts) -> Card:
    said = _("This ticket is back.")
    whose: Line = (Mention(facts["agent_id"]), " ") if facts["agent_id"] else ()
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph((*whose, said)),))


def _merged(facts: Facts) -> Card:
    said = _("This ticket goes on in another thread, with everything that was said here.")
    there: tuple[Inline, ...] = (" ", Link(facts["url"], _("Go there"))) if facts["url"] else ()
    return Card(summary=said, parts=(Paragraph((said, *there)),))


_CARDS: Mapping[Told, Callable[[Facts], Card]] = {
    Told.ASSIGNED: _assigned,
    Told.TEAM: _given_to_team,
    Told.ESCALATED: _escalated,
    Told.BACK: _back,
    Told.MERGED: _merged,
    Told.PAGED: page.called,
    Told.PAGE_UNHEARD: page.unheard,
    Told.PAGE_REFUSED: page.refused,
    Told.PAGE_TAKEN: page.taken,
    Told.CLOCK_WARNS: clock.warns,
    Told.CLOCK_BREACHED: clock.breached,
    Told.CLOCK_GOES_ON: clock.goes_on,
    Told.CUT_OFF: clock.cut_off,
    Told.REACHED: clock.reached,
}
