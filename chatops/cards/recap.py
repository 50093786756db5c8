"""What a channel is told when hours of business open or close: what runs out before it can wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatops.cards import clock as clock_words
from chatops.i18n import _, moment, ngettext
from chatops.model.clock import Clock
from chatops.model.conversation import Buyer
from chatops.ui import Card, Line, Link, Paragraph, Part, Small, Tone
from chatops.words import METRICS, buyer_name, one_line

MOST = 10  # of a list


class Waits(NamedTuple):
    """A ticket's clock that runs out first, whose it is, and the address of the thread."""

    clock: Clock
    buyer: Buyer | None
    address: str


def opened(calendar: str, waits: Sequence[Waits], count: int) -> Card:
    """Return what runs out within the first hour; `waits` holds the first of so many tickets."""
    said = ngettext("{count} promise runs out within the hour:", "{count} promises run out within the hour:", count)
    title = _("Open again: {calendar}", calendar=one_line(calendar))
    return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((said,)), *_listed(waits, count)))


def closed(calendar: str, until: datetime, zone: ZoneInfo, waits: Sequence[Waits], count: int) -> Card:
    """Return which of the platform's clocks run out before it opens again at an instant."""
    said = ngettext(
        "{count} of TikTok's clocks runs out before you open again ({when}):",
        "{count} of TikTok's clocks run out before you open again ({when}):",
        count,
        when=moment(until, zone),
    )
    title = _("Closed now: {calendar}", calendar=one_line(calendar))
    return Card(
        title=title, summary=f"{title}\n{said}", tone=Tone.WARN, parts=(Paragraph((said,)), *_listed(waits, count))
    )


def _listed(waits: Sequence[Waits], count: int) -> tuple[Part, ...]:
    more = count - len(waits)
    rest = (Small((ngettext("and {count} more", "and {count} more", more),)),) if more else ()
    return (*(Paragraph(_line(one)) for one in waits), *rest)


def _line(one: Waits) -> Line:
    name = buyer_name(one.buyer)
    ticket = Link(one.address, name) if one.address else name
    return METRICS[one.clock.metric](), " ", *clock_words.standing(one.clock), " · ", ticket
