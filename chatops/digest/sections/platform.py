"""How soon buyers were answered as TikTok counts it, by country, beside what TikTok itself says."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from chatops.digest import tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, country, ngettext, number, share
from chatops.model import performance
from chatops.model.clock import Clock
from chatops.model.ticket import Ticket
from chatops.rules import figures
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Small, Strong
from chatops.words import side_by_side


class Market(msgspec.Struct, frozen=True):
    """One country: promises of TikTok's kept and broken, and TikTok's own shares on so many days.

    `sessions` are those of the days with a share of answered ones, `rated` those of the days with one of satisfied.
    """

    kept: int = 0
    broken: int = 0
    answered: float | None = None
    satisfied: float | None = None
    sessions: int = 0
    days: int = 0
    rated: int = 0


class Platform(msgspec.Struct, frozen=True):
    """Numbers of a window by country ("": not known); `days` are how many it has."""

    markets: dict[str, Market]
    days: int


def _count(tx: Transaction, scope: Scope, window: Window) -> Platform | None:
    chosen = tables.shops_of(tx, scope)
    regions = tables.regions(tx, scope)
    kept = _decided(tx, scope, window, col(Clock.state) == tables.word(ClockState.MET), col(Clock.met_at), "clock_kept")
    broken, ended = col(Clock.breached_at), col(Clock.ended_at)
    over = _decided(tx, scope, window, broken.is_not(None) & ended.is_not(None), broken, "clock_broken")
    still = broken.is_not(None) & ended.is_(None) & col(Clock.running_since).is_not(None)
    broken_by = over + _decided(tx, scope, window, still, broken, "clock_due")
    days = [day.date for day in window.days()]
    told: defaultdict[str, list[performance.Performance]] = defaultdict(list)
    if days and not scope.teams and not scope.agent_id:  # TikTok knows shops only
        for one in performance.between(tx, chosen, days[0], days[-1]):
            told[regions[one.shop_id]].append(one)
    markets = {}
    for region in sorted({*(regions[shop] for shop in {*kept, *broken_by}), *told}):
        here = [shop for shop, found in regions.items() if found == region]
        answered, sessions = _weighed([(one.sessions, one.answered) for one in told[region]])
        satisfied, rated = _weighed([(one.sessions, one.satisfied) for one in told[region]])
        markets[region] = Market(
            kept=sum(kept[shop] for shop in here),
            broken=sum(broken_by[shop] for shop in here),
            answered=answered,
            satisfied=satisfied,
            sessions=sessions,
            days=len({one.day for one in told[region]}),
            rated=rated,
        )
    return Platform(markets, len(days)) if markets else None


def _decided(
    tx: Transaction, scope: Scope, window: Window, how: ColumnElement[bool], at: Mapped[datetime | None], index: str
) -> Counter[str]:
    """Return by shop how many of TikTok's promises were kept, or broken, in a window."""
    joined = (col(Ticket.shop_id) == col(Clock.shop_id)) & (col(Ticket.id) == col(Clock.ticket_id))
    asked = select(col(Clock.shop_id), func.count())
    if scope.teams or scope.agent_id:
        asked = asked.join(Ticket, joined).where(tables.of_part(scope))
    asked = asked.where(
        col(Clock.metric) == Metric.PLATFORM_RESPONSE,
        how,
        at >= window.start,
        at < window.end,
        col(Clock.shop_id).in_(tables.shops_of(tx, scope)),
    )
    return Counter({row[0]: row[1] for row in tx.execute(tables.by(asked, Clock, index).group_by(col(Clock.shop_id)))})


def _weighed(shares: Sequence[tuple[int, float | None]]) -> tuple[float | None, int]:
    """Return a share, weighed by sessions, and of how many: of those of which it is known."""
    known = [(sessions, one) for sessions, one in shares if one is not None]
    weight = sum(sessions for sessions, _share in known)
    return (sum(sessions * one for sessions, one in known) / weight if weight else None), weight


def _parts(_tx: Transaction, facts: Platform, _before: Platform | None, _reading: Reading) -> Sequence[Part]:
    parts: list[Part] = []
    for region, market in facts.markets.items():
        name = country(region) if region else _("Country not known")
        parts.append(Paragraph((Strong(name), " · ", side_by_side(_ours(market), *_theirs(market, facts)))))
    if any(market.answered is not None for market in facts.markets.values()):
        parts += [Small((_difference(),))]
    return parts


def _ours(market: Market) -> str:
    part = figures.share(market.kept, market.kept + market.broken)
    if part is None:
        return _("nothing was due by TikTok's rules")
    return ngettext(
        "{share} of {count} answer in time by TikTok's rules",
        "{share} of {count} answers in time by TikTok's rules",
        market.kept + market.broken,
        share=share(part),
    )


def _theirs(market: Market, facts: Platform) -> Iterator[str]:
    if market.answered is not None:
        sessions = number(market.sessions)
        yield _("TikTok says {share} of {sessions} sessions", share=share(market.answered), sessions=sessions)
    if market.satisfied is not None:
        yield _("{share} of the buyers who rated were satisfied", share=share(market.satisfied))
    if market.days and market.days < facts.days:
        yield ngettext("so far of {count} day", "so far of {count} days", market.days)


def _difference() -> str:
    return _(
        "TikTok counts sessions and not waits, takes automatic answers for answers, leaves out what came in holiday "
        "mode, and begins its days by its own calendar: its figure is usually a little higher than ours."
    )


def _rate(facts: Platform) -> float | None:
    kept, broken = (sum(getattr(one, name) for one in facts.markets.values()) for name in ("kept", "broken"))
    return figures.share(kept, kept + broken)


SECTION = Section(
    key="platform",
    place=40,
    title=lambda: _("TikTok's own clock"),
    facts=Platform,
    count=_count,
    parts=_parts,
    figures=(
        Figure(
            "in_time",
            Unit.SHARE,
            lambda: _("Answered in time by TikTok's rules"),
            lambda: _(
                "Of TikTok's own limits that were kept or broken in this time, the share that was kept. The limit is "
                "that of the shop's country (12 or 24 hours, around the clock); what TikTok leaves out is left out."
            ),
            _rate,
            lambda facts: sum(one.kept + one.broken for one in facts.markets.values()),
        ),
        Figure(
            "official",
            Unit.SHARE,
            lambda: _("Answered, as TikTok says"),
            lambda: _(
                "TikTok's response rate of each day and shop, weighed by its sessions. It is read until three days "
                "after a day, because TikTok counts on."
            ),
            lambda facts: _weighed([(one.sessions, one.answered) for one in facts.markets.values()])[0],
            lambda facts: sum(one.sessions for one in facts.markets.values()),
        ),
        Figure(
            "satisfied",
            Unit.SHARE,
            lambda: _("Satisfied buyers, as TikTok says"),
            lambda: _("TikTok's share of satisfied ratings of each day and shop, weighed by its sessions."),
            lambda facts: _weighed([(one.rated, one.satisfied) for one in facts.markets.values()])[0],
            lambda facts: sum(one.rated for one in facts.markets.values()),
        ),
    ),
)
