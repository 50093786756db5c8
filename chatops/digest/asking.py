"""What somebody asks to be told, as they said it: a stretch of time in their zone, and whose work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chatops.digest import kept, sections
from chatops.digest.scope import Narrow, Scope, Window, midnight
from chatops.digest.section import Figure, Section
from chatops.errors import Refusal, Refused
from chatops.i18n import country
from chatops.model import definition as definitions
from chatops.model import digest as digests
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.digest import Digest
from chatops.model.shop import Shop
from chatops.rules import asked_time, zones
from chatops.rules.asked_time import Form
from chatops.rules.plan import DigestPlan
from chatops.rules.walltime import first_instant, last_instant
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds

ONE_DAY = timedelta(days=1)
TEAM = "team"  # the word before the name of one, before it is a section's key


class Wish(NamedTuple):
    """What somebody wants to be told, and how; `so_far`: its last day is not over; `keys`: of these sections alone."""

    scope: Scope
    window: Window
    form: Form
    compare: bool
    here: bool
    ranked: bool
    so_far: bool
    keys: tuple[str, ...] = ()


def wished(tx: Transaction, agent: Agent, words: str, now: datetime) -> Wish:
    """Return what words mean to somebody; without words, their team's day so far.

    Raises:
        Refused: it is not clear of which days, or of whose work; or the desk names teams, and not that one.
    """
    here = _shops_here(tx, agent.workspace_id)
    named, rest = _shops_named(words, here)
    zone = zone_of(tx, agent, named or here)
    today = now.astimezone(zone).date()
    said = asked_time.asked(rest, today)
    if said is None:
        raise _unclear(words, here)
    markets, rest = _markets_named(said.rest, named or here)
    keys, rest = _sections_named(rest)
    team = teams.meant(tx, agent.workspace_id, rest) if rest else None
    if rest and not team:
        raise _unclear(rest, here)
    chosen = sorted(shop.id for shop in named or here if not markets or shop.region in markets)
    window, so_far = _window(said, zone, now)
    if window.start >= window.end:  # a day that the zone skipped, or midnight itself
        if said.hours:
            raise Refused(Refusal.DIGEST_HOURS, zone=zone.key, ahead=window.start >= now)
        raise _unclear(words, here)
    scope = Scope(
        agent.workspace_id,
        tuple(chosen),
        markets,
        (team.name,) if team else (),
        agent.id if said.mine else "",
        len(shops.in_part(tx, agent.workspace_id).intersection(chosen)),
    )
    if said.hours and not keys:
        keys = tuple(one.key for one in sections.every() if one.in_hours and one.fits(scope))
    return Wish(scope, window, said.form, said.compare, said.here, said.ranked, so_far, keys)


def _window(said: asked_time.Asked, zone: ZoneInfo, now: datetime) -> tuple[Window, bool]:
    """Return the stretch of time that is meant, up to now at most, and whether it is not over."""
    start, end = midnight(said.first, zone), midnight(said.last + ONE_DAY, zone)
    if said.hours:  # of an hour that the clock shows twice nothing is left out
        begins, ends = said.hours
        start, end = from_milliseconds(first_instant(begins, zone)), from_milliseconds(last_instant(ends, zone))
    return Window(start, min(end, now), zone), end > now


def must_fit(scope: Scope, section: Section[Any], figure: Figure[Any] | None = None) -> None:
    """Let only sections and figures be asked for that there are of this work.

    Raises:
        Refused: it cannot be narrowed down to that.
    """
    not_of = section.not_of | (figure.not_of if figure else frozenset())
    name = f"{section.key}.{figure.key}" if figure else section.key
    for narrow in Narrow:
        if narrow in not_of & scope.narrowed:
            raise Refused(Refusal.NOT_OF_PART, name=name, narrow=narrow)


def kept_for(tx: Transaction, wish: Wish, keys: Sequence[str]) -> Digest | None:
    """Return the digest of a plan that told of exactly these days and this work, with these sections at least."""
    if wish.so_far:
        return None
    for one in digests.of_window(tx, wish.scope.workspace_id, wish.window.start, wish.window.end):
        whole = one.compare or not wish.compare
        if (
            whole
            and (_whose(kept.scope_of(one)), one.timezone) == (_whose(wish.scope), wish.window.zone.key)
            and set(keys) <= set(one.sections)
        ):
            return one
    return None


def _whose(scope: Scope) -> Scope:
    """Return a scope without what its shops did at the time."""
    return msgspec.structs.replace(scope, in_part=0)


def zone_of(tx: Transaction, agent: Agent, of: Sequence[Shop]) -> ZoneInfo:
    """Return the zone in which somebody's days are counted: their own, else a plan's of their team, else a shop's."""
    workspace = workspaces.get(tx, agent.workspace_id)
    plans = (one.read(DigestPlan) for one in definitions.current(tx, DefinitionKind.DIGEST))
    of_plans = (plan.timezone for plan in plans if workspace and plan.workspace == workspace.name)
    return zones.first(agent.timezone, *of_plans, *(shop.timezone for shop in of))


def _shops_here(tx: Transaction, workspace_id: str) -> list[Shop]:
    return list({shop.id: shop for shop, _route in shops.routes_to(tx, workspace_id)}.values())


def _shops_named(words: str, known: Sequence[Shop]) -> tuple[list[Shop], str]:
    """Return the shops that words name, and the other words."""
    said, found = f" {' '.join(words.split())} ", []
    for shop in sorted(known, key=lambda one: -len(one.name)):
        at = said.casefold().find(f" {shop.name.casefold()} ")
        if at >= 0:
            found.append(shop)
            said = f"{said[:at]} {said[at + len(shop.name) + 2 :]}"
    return found, " ".join(said.split())


def _markets_named(words: str, of: Sequence[Shop]) -> tuple[tuple[str, ...], str]:
    """Return the countries that words name, of those the shops are in, and the other words."""
    said, found = f" {words} ", set()
    for region in {shop.region for shop in of if shop.region}:
        for name in (country(region), region):
            at = said.casefold().find(f" {name.casefold()} ")
            if at >= 0:
                found.add(region)
                said = f"{said[:at]} {said[at + len(name) + 2 :]}"
    return tuple(sorted(found)), " ".join(said.split())


def _sections_named(words: str) -> tuple[tuple[str, ...], str]:
    """Return the keys of sections that words name by key or title, and the other words."""
    said, found = f" {words} ", []
    for one in sorted(sections.every(), key=lambda section: -len(section.title())):
        for name in (one.title(), *([] if one.key == TEAM else [one.key])):
            at = said.casefold().find(f" {name.casefold()} ")
            if at >= 0:
                found.append(one.key)
                said = f"{said[:at]} {said[at + len(name) + 2 :]}"
    return tuple(dict.fromkeys(found)), " ".join(said.split())


def _unclear(words: str, here: Sequence[Shop]) -> Refused:
    names = ", ".join(shop.name for shop in here)
    return Refused(Refusal.DIGEST_UNCLEAR, words=words, shops=names)
