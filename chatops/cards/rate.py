"""A shop's answer rate that is near its line, or below it: how it stands, what runs out next, and what to do."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.digest import naming
from chatops.digest.rates import Rate
from chatops.i18n import _, moment, ngettext, number, share, short_day, weave
from chatops.times import from_milliseconds
from chatops.ui import Card, Controls, Line, Moment, MomentStyle, Paragraph, Part, Small, Strong, Tone

MOST = 5  # of what runs out next


def warning(
    rate: Rate, shop: str, waiting: Sequence[Line], number_waiting: int, zone: tzinfo, *, in_part: bool = False
) -> Card:
    """Return what those hear who can act.

    `waiting`: what nobody has answered and runs out first, a few of the `number_waiting`; `in_part`: some of the shop's
    tickets go to other workspaces alone.
    """
    below = rate.budget.left < 0
    title = _("Below TikTok's line") if below else _("Close to TikTok's line")
    said = naming.left_of(rate, shop, zone)
    parts = (
        Paragraph((Strong(said),)),
        *(Paragraph((line,)) for line in _stands(rate, zone)),
        *_next(waiting, number_waiting),
        *_how(rate, zone),
        *_elsewhere(in_part=in_part),
        Controls((button(Verb.STATS, "platform"),)),
    )
    return Card(title=title, summary=f"{title}\n{said}", parts=parts, tone=Tone.BAD if below else Tone.WARN)


def _stands(rate: Rate, zone: tzinfo) -> Iterator[str]:
    budget = rate.budget
    yield _(
        "{share} of {number} answers were in TikTok's time since {day}; the line is {line}.",
        share=share(budget.kept / budget.decided),
        number=number(budget.decided),
        day=short_day(from_milliseconds(rate.start).astimezone(zone).date()),
        line=share(budget.line),
    )
    if budget.left < 0 and (needed := budget.in_a_row):
        yield ngettext(
            "{count} answer in time in a row brings it back.", "{count} answers in time in a row bring it back.", needed
        )


def _next(waiting: Sequence[Line], number_waiting: int) -> Iterator[Part]:
    if not waiting:
        yield Small((_("Nobody waits whose time runs out until then."),))
        return
    yield Paragraph((Strong(_("What runs out next")),))
    yield from map(Paragraph, waiting)
    if number_waiting > len(waiting):
        yield Small((ngettext("and {count} more", "and {count} more", number_waiting - len(waiting)),))
    yield Paragraph((_("Answer what runs out first. Too many for those who are there? /oncall says whom to ask."),))


def _how(rate: Rate, zone: tzinfo) -> Iterator[Part]:
    end = from_milliseconds(rate.end)
    yield Small(weave("It is counted until {moment}.", moment=Moment(end, MomentStyle.DATE_TIME, moment(end, zone))))
    if rate.budget.coming:
        reckoned = ngettext(
            "{count} more answer is reckoned with until then: as in the same hours of the week before, or as waits "
            "now.",
            "{count} more answers are reckoned with until then: as in the same hours of the week before, or as wait "
            "now.",
            rate.budget.coming,
        )
        yield Small((reckoned,))


def _elsewhere(*, in_part: bool) -> Iterator[Part]:
    if in_part:
        yield Small((_("The numbers are of the whole shop; some of its tickets go elsewhere."),))
