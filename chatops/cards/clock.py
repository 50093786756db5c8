"""A ticket's clocks in words: on its card, in lists, and what its thread is told when one runs out or does not stop."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chatops.i18n import _, length, moment, weave
from chatops.model.clock import Clock
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.ui import Card, Field, Inline, Line, Mention, Moment, MomentStyle, Paragraph, Quote, Small, Tone

Facts = Mapping[str, str]

DUE: Mapping[Metric, Callable[[], str]] = {  # the labels of what is due on a ticket's card
    Metric.FIRST_RESPONSE: lambda: _("Answer due"),
    Metric.NEXT_RESPONSE: lambda: _("Answer due"),
    Metric.RESOLUTION: lambda: _("Solution due"),
    Metric.PLATFORM_RESPONSE: lambda: _("Answer due, for TikTok"),
    Metric.PLATFORM_DEADLINE: lambda: _("TikTok's deadline"),
}
RESTS: Mapping[str, Callable[[], str]] = {  # why a clock stands still
    "buyer": lambda: _("it waits for the buyer"),
    "snooze": lambda: _("the ticket rests"),
    "platform_down": lambda: _("TikTok cannot be reached"),
}


def on_card(clock: Clock) -> Field:
    """Return the most urgent clock of a ticket as a fact on its card."""
    promised = () if clock.metric is Metric.PLATFORM_DEADLINE else (" · ", _promised(clock))
    return Field(DUE[clock.metric](), (*standing(clock), *promised))


def lasting(clock: Clock, milliseconds: int) -> str:
    """Return a length of the time that a clock counts; of open time, a day is no measure."""
    return length(milliseconds, days=not clock.calendar)


def standing(clock: Clock) -> Line:
    """Return when an open clock runs out or ran out; of one that stands still, what is left."""
    if clock.due_at is None:
        return (paused(clock),)
    when = Moment(clock.due_at, MomentStyle.DUE, moment(clock.due_at))
    return weave("overdue: {when}", when=when) if clock.state is ClockState.BREACHED else (when,)


def paused(clock: Clock) -> str:
    """Return that a clock stands still, why, and what is left."""
    why = why_resting(clock.paused_for.split())
    left = lasting(clock, clock.limit - clock.consumed)
    return (
        _("stands still, {left} left: {why}", left=left, why=why) if why else _("stands still, {left} left", left=left)
    )


def why_resting(why: Iterable[str]) -> str:
    """Return why a clock stands still, in words; "" when nobody knows."""
    return ", ".join(RESTS[one]() for one in why if one in RESTS)


def in_words(clock: Clock) -> str:
    """Return the most urgent clock as plain text, for whoever cannot see the card."""
    when = "" if clock.due_at is None else moment(clock.due_at)
    if clock.state is ClockState.BREACHED:
        return _("{what}: overdue since {when}", what=DUE[clock.metric](), when=when)
    return _("{what}: {when}", what=DUE[clock.metric](), when=when or paused(clock))


def _promised(clock: Clock) -> str:
    if clock.metric is Metric.PLATFORM_RESPONSE:
        return _("{limit} by TikTok's count", limit=length(clock.limit))
    return _("{limit} promised", limit=lasting(clock, clock.limit))


def would_move(open_now: int, moved: int, late: int) -> str:
    """Return what a change would do to the clocks that are open."""
    if not open_now and not moved:
        return _("No clock runs now, so none would move.")
    return _(
        "Open clocks now: {open}. {moved} would begin, move or end, and {late} would be late.",
        open=open_now,
        moved=moved,
        late=late,
    )


def warns(facts: Facts) -> Card:
    """Return that a clock runs out."""
    return _said(_running_out(facts, _due(facts)), facts, Tone.WARN)


def breached(facts: Facts) -> Card:
    """Return that a clock ran out; where a later change made it so, that nobody is called for it."""
    later = _("It is a change of the hours or promises that made it late: nobody is called for it.")
    return _said(_ran_out(facts, _due(facts)), facts, Tone.BAD, later if facts.get("late") else "")


def goes_on(facts: Facts) -> Card:
    """Return why an answer did not stop the platform's clock, and until when one is needed that does."""
    why = {
        "automatic": lambda: _("TikTok's clock goes on: an automatic text is no answer to TikTok."),
        "greeting": lambda: _("TikTok's clock goes on: a greeting alone is no answer to TikTok."),
        "sticker": lambda: _("TikTok's clock goes on: a sticker alone is no answer to TikTok."),
    }.get(facts["answer"], lambda: _("TikTok's clock goes on: to TikTok, this was no answer."))()
    until = weave("One that counts is needed by {when}.", when=_due(facts))
    return _said((why, " ", *until), {}, Tone.WARN)


def cut_off(facts: Facts) -> Card:
    """Return that a ticket's clocks stand still because the marketplace cannot be reached, and who says so."""
    when, by = _moment(facts["at"]), facts["by"]
    said: Line = weave(
        "TikTok cannot be reached since {when}: this ticket's clocks stand still until it can.", when=when
    )
    summary = _("TikTok cannot be reached: this ticket's clocks stand still.")
    words = (Quote(facts["words"]),) if facts["words"] else ()
    whose = (Small(weave("Said by {agent}", agent=Mention(by))),) if by else ()
    return Card(summary=summary, tone=Tone.WARN, parts=(Paragraph(said), *words, *whose))


def reached(facts: Facts) -> Card:
    """Return that a ticket's clocks go on because the marketplace can be reached again."""
    said = weave(
        "TikTok can be reached again since {when}: the clocks of this ticket go on.", when=_moment(facts["at"])
    )
    summary = _("TikTok can be reached again: the clocks of this ticket go on.")
    return Card(summary=summary, tone=Tone.GOOD, parts=(Paragraph(said),))


def _running_out(facts: Facts, when: Moment) -> Line:
    metric = Metric(facts["metric"])
    if metric is Metric.PLATFORM_DEADLINE:
        return weave("Time is running out: TikTok's deadline is {when}.", when=when)
    if metric is Metric.PLATFORM_RESPONSE:
        return weave("Time is running out: for TikTok's count, the buyer needs an answer by {when}.", when=when)
    limit = _limit(facts)
    if metric is Metric.RESOLUTION:
        return weave("Time is running out: a solution within {limit} is promised, by {when}.", limit=limit, when=when)
    return weave("Time is running out: an answer within {limit} is promised, by {when}.", limit=limit, when=when)


def _ran_out(facts: Facts, when: Moment) -> Line:
    metric = Metric(facts["metric"])
    if metric is Metric.PLATFORM_DEADLINE:
        return weave("Too late: TikTok's deadline was {when}.", when=when)
    if metric is Metric.PLATFORM_RESPONSE:
        return weave("Too late for TikTok's count: the buyer needed an answer by {when}, and still does.", when=when)
    limit = _limit(facts)
    if metric is Metric.RESOLUTION:
        return weave("Too late: a solution within {limit} was promised, by {when}.", limit=limit, when=when)
    return weave("Too late: an answer within {limit} was promised, by {when}.", limit=limit, when=when)


def _limit(facts: Facts) -> Inline:
    return length(int(facts["limit"]), days=not facts.get("calendar"))


def _due(facts: Facts) -> Moment:
    return _moment(facts["due_at"])


def _moment(written: str) -> Moment:
    instant = datetime.fromisoformat(written)
    return Moment(instant, MomentStyle.DATE_TIME, moment(instant))


def _said(line: Line, facts: Facts, tone: Tone, foot: str = "") -> Card:
    whose: Line = (Mention(facts["assignee_id"]), " ") if facts.get("assignee_id") else ()
    words = "".join(piece.fallback if isinstance(piece, Moment) else str(piece) for piece in line)
    small = (Small((foot,)),) if foot else ()
    return Card(summary=" ".join(filter(None, [words, foot])), tone=tone, parts=(Paragraph((*whose, *line)), *small))
