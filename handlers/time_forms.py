"""What a lead is shown who is about to change promises or hours: a form, or what a ready-made pack would change."""

from datetime import datetime

import msgspec

from chatops.cards import promises as cards
from chatops.cards.clock import would_move
from chatops.catalog import NEW, Verb
from chatops.desk import definitions
from chatops.desk import promises as desk
from chatops.desk.time_writing import as_now, calendar_named, hours_called, text_of
from chatops.errors import Refusal, Refused, SetupError
from chatops.model.agent import Agent
from chatops.model.preview import preview
from chatops.rules.hours import Hours
from chatops.rules.public_holidays import proposed
from chatops.rules.targets import ServiceLevel
from chatops.store.transaction import Transaction
from chatops.ui import Card, Form

BEGUN = 'name = "chat"\nmatch = { kinds = ["chat"] }\ntargets = [{ metric = "first_response", within = "15m" }]'
OFFICE: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))


def offer(tx: Transaction, agent: Agent, pack: str, now: datetime) -> Card:
    """Return what a pack promises, and what it would change.

    Raises:
        Refused: there is no such pack.
    """
    zone = desk.zone_of(tx, agent)
    wanted = desk.adopted(tx, pack, zone, agent)
    levels = [(one.name, one.spec) for one in wanted if isinstance(one.spec, ServiceLevel)]
    found = preview(tx, wanted, now)
    return cards.offer(pack, zone, levels, would_move(found.open, found.move, found.breached))


def promise(tx: Transaction, ref: str) -> Form:
    """Return the form for a promise, or for a new one.

    Raises:
        Refused: there is none of this name any more.
    """
    levels = [one for one in definitions.current(tx) if isinstance(one.spec, ServiceLevel)]
    form = as_now(tx, Verb.PROMISE_WRITE, ref)
    if ref == NEW:
        return cards.promise_form(form, BEGUN, 1)
    place = next((at for at, one in enumerate(levels) if one.name == ref), None)
    if place is None:
        raise Refused(Refusal.STALE)
    return cards.promise_form(form, text_of(levels[place]), place + 1)


def calendar(tx: Transaction, agent: Agent, ref: str, now: datetime) -> Form:
    """Return the form for hours, or for new ones; with the public holidays of a country proposed, if `ref` names one.

    Raises:
        Refused: there are none of this name any more, or they do not fit a form.
    """
    place, name = calendar_named(ref)
    try:
        hours = hours_called(tx, name) if name else Hours(desk.zone_of(tx, agent), OFFICE)
        years = now.year, now.year + 1
        days = proposed(place, years, hours.exceptions, now.date()) if place else []
    except SetupError:
        raise Refused(Refusal.STALE) from None
    coming = tuple(day for day in hours.exceptions if day.on >= now.date())  # what is past stays as it was
    return cards.calendar_form(
        as_now(tx, Verb.CALENDAR_WRITE, ref), name, msgspec.structs.replace(hours, exceptions=coming), days
    )
