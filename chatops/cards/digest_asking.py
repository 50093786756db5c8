"""One number, all there are, and how each is counted; and what somebody hears who asks for a digest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from chatops.cards import counted
from chatops.cards.digest import days_of, hours_of
from chatops.digest import asking, kept, sections
from chatops.digest.asking import Wish
from chatops.digest.kept import Shown
from chatops.digest.measures import said
from chatops.digest.scope import Scope
from chatops.digest.section import Figure, Section, Unit
from chatops.errors import Refusal, Refused
from chatops.i18n import _, country, moment, number, weave
from chatops.model import digest as digests
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.rules.asked_time import Form
from chatops.store.transaction import Transaction
from chatops.ui import Card, Inline, Moment, MomentStyle, Paragraph, Part, Small, Strong
from chatops.words import one_line, side_by_side


def on_its_way(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return what somebody hears who has asked for a digest."""
    wish = asking.wished(tx, agent, words, now)
    if wish.here:
        where = _("It stands in this channel in a moment.")
    elif wish.form is Form.POST:
        where = _("It is counted now and comes to you as a direct message.")
    elif wish.form is Form.LINK:
        where = _("The link comes to you as a direct message.")
    else:
        where = _("The file comes to you as a direct message.")
    days = told_of(wish, now)
    parts = (Paragraph((Strong(days), " · ", where)), Small((whose(tx, wish.scope),)))
    return Card(summary=f"{days}: {where}", parts=parts)


def told_of(wish: Wish, now: datetime) -> str:
    """Return of which days, or hours, somebody wants to be told."""
    return (hours_of if wish.window.is_of_hours(so_far=wish.so_far) else days_of)(wish.window, now)


def stats(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return one number of a time, how the numbers of a section are counted, or the list of all.

    Raises:
        Refused: there is no such number, or none of this work; or it is not clear of which time or whose work.
    """
    name, _blank, rest = words.strip().partition(" ")
    section, figure = sections.figure(name.casefold())
    if not name:
        return _all()
    if section is not None and name.casefold() == section.key and not rest:
        return explanation(section)
    if section is None or figure is None:
        raise Refused(Refusal.NO_SUCH_FIGURE, name=name)
    wish = asking.wished(tx, agent, rest, now)
    asking.must_fit(wish.scope, section, figure)
    return _one(tx, section, figure, wish, now)


def explained(tx: Transaction, agent: Agent, ref: str) -> Card:
    """Return how every number of a section is counted, with what it comes to in a digest if the ref names one.

    Raises:
        Refused: there is no such section any more.
    """
    number, _slash, key = ref.rpartition("/")
    section, digest = sections.named(key), digests.read_by(tx, agent.workspace_id, agent.id, number)
    if section is None:
        raise Refused(Refusal.STALE)
    shown = {one.section.key: one for one in kept.shown(digest)} if digest else {}
    return explanation(section, shown.get(key))


def explanation(section: Section[Any], one: Shown | None = None) -> Card:
    """Return how every number of a section is counted, and what each comes to in `one` that is shown."""
    title = _("How is this counted? {section}", section=section.title())
    parts: list[Part] = []
    for figure, how, common in counted.each(section.figures):
        value = "" if one is None else "–" if figure.value(one.facts) is None else in_words(figure, one.facts)
        named = side_by_side(value, f"{section.key}.{figure.key}")
        parts += [Paragraph((Strong(figure.name()), " · ", named)), Small((how,))]
        parts += [Small((common,))] if common else []
    return Card(title=title, summary=title, parts=tuple(parts))


def _all() -> Card:
    title = _("Every number there is")
    how = _("For example: /stats {name} yesterday", name="volume.messages")
    lines = [Paragraph(tuple(_listed(section))) for section in sections.every() if section.figures]
    return Card(title=title, summary=f"{title}\n{how}", parts=(Small((how,)), *lines))


def _listed(section: Section[Any]) -> Iterator[Inline]:
    yield Strong(section.title())
    for figure in section.figures:
        yield f"\n{section.key}.{figure.key} · {figure.name()}"


def _one(tx: Transaction, section: Section[Any], figure: Figure[Any], wish: Wish, now: datetime) -> Card:
    told = asking.kept_for(tx, wish, (section.key,))
    window = replace(wish.window, counted_at=now)
    kept_numbers = told.numbers.get(section.key) if told else kept.counted(tx, section.key, wish.scope, window)
    shown = in_words(figure, section.read(kept_numbers)) if kept_numbers else _("Nothing to count.")
    of = side_by_side(told_of(wish, now), whose(tx, wish.scope))
    at = told.counted_at if told and told.counted_at else now
    since = weave("Counted {moment}.", moment=Moment(at, MomentStyle.DATE_TIME, moment(at, wish.window.zone)))
    parts = (Paragraph((Strong(shown),)), Small((of,)), Small((figure.counted(),)), Small(since))
    return Card(title=figure.name(), summary=f"{figure.name()}: {shown}", parts=parts)


def in_words(figure: Figure[Any], facts: Any) -> str:
    """Return what a figure comes to; a share with what it is a share of."""
    value = figure.value(facts)
    if value is None:
        return _("Nothing to count.")
    if figure.unit is Unit.COUNT and value == round(value):
        return number(round(value))
    if figure.of is not None:
        return _("{share} of {number}", share=said(value, figure.unit), number=figure.of(facts))
    return said(value, figure.unit, figure.currency(facts) if figure.currency else "")


def whose(tx: Transaction, scope: Scope) -> str:
    """Return whose work is told of."""
    found = [shops.get(tx, shop_id) for shop_id in scope.shops]
    named = ", ".join(one_line(shop.name) for shop in found if shop) or _("No shop")
    markets, teams = ", ".join(map(country, scope.markets)), ", ".join(map(one_line, scope.teams))
    return side_by_side(named, markets, teams, _("only yours") if scope.agent_id else "")
