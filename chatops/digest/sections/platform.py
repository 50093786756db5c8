"""How soon buyers were answered as TikTok counts it, by country, beside what TikTok itself says."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set

import msgspec

from chatops.digest import naming, rates, tables
from chatops.digest.rates import Rate
from chatops.digest.scope import Narrow, Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, compact, country, ngettext, percent, share
from chatops.model import performance
from chatops.rules import figures
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Small, Strong
from chatops.words import side_by_side

OF_PARTS = frozenset({Narrow.PERSON, Narrow.TEAM})  # of which TikTok knows nothing


class Market(msgspec.Struct, frozen=True):
    """One country: promises of TikTok's kept and broken, and TikTok's own shares on so many days at least of each shop.

    `sessions` are those of the days with a share of answered ones, `rated` those of the days with one of satisfied.
    `alike`: promises and shares are of the same shops, and these of all days; None: counted before anybody asked that.
    """

    kept: int = 0
    broken: int = 0
    answered: float | None = None
    satisfied: float | None = None
    sessions: int = 0
    days: int = 0
    rated: int = 0
    alike: bool | None = None


class Platform(msgspec.Struct, frozen=True):
    """Numbers of a window by country ("": not known); `days` are how many it has.

    `rates` are those of the stretch of time that went on when it was counted.
    """

    markets: dict[str, Market]
    days: int
    rates: tuple[Rate, ...] = ()


def _count(tx: Transaction, scope: Scope, window: Window) -> Platform | None:
    chosen = tables.shops_of(tx, scope)
    regions = tables.regions(tx, scope)
    decided, standing = rates.told(tx, scope, window)
    kept, broken_by = decided.kept, decided.broken
    days = [day.date for day in window.days()]
    told: defaultdict[str, list[performance.Performance]] = defaultdict(list)
    if days and not OF_PARTS & scope.narrowed:
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
            days=min(Counter(one.shop_id for one in told[region]).values(), default=0),
            rated=rated,
            alike=_is_alike({shop for shop in here if decided.of(shop)}, told[region], len(days)),
        )
    return Platform(markets, len(days), standing) if markets or standing else None


def _is_alike(asked: Set[str], told: Sequence[performance.Performance], days: int) -> bool:
    """Tell whether TikTok tells of all shops in which promises were decided, no others, and of each of their days."""
    known = Counter(one.shop_id for one in told if not one.sessions or one.answered is not None)
    return asked == {one.shop_id for one in told if one.sessions} and all(known[shop] == days for shop in asked)


def _weighed(shares: Sequence[tuple[int, float | None]]) -> tuple[float | None, int]:
    """Return a share, weighed by sessions, and of how many: of those of which it is known."""
    known = [(sessions, one) for sessions, one in shares if one is not None]
    weight = sum(sessions for sessions, _share in known)
    return (sum(sessions * one for sessions, one in known) / weight if weight else None), weight


def _parts(tx: Transaction, facts: Platform, before: Platform | None, reading: Reading) -> Sequence[Part]:
    parts: list[Part] = []
    for region, market in facts.markets.items():
        name = country(region) if region else _("Country not known")
        then = before.markets.get(region, Market()) if before else None
        said = side_by_side(_ours(market, then), *_theirs(market, then, facts))
        parts.append(Paragraph((Strong(name), " · ", said)))
    zone = reading.window.zone
    parts += [Paragraph((naming.left_of(rate, naming.shop(tx, rate.shop_id), zone),)) for rate in facts.rates]
    if any(market.answered is not None for market in facts.markets.values()):
        parts += [Small((_difference(),))]
    return parts


def _ours(market: Market, then: Market | None) -> str:
    part = figures.share(market.kept, market.kept + market.broken)
    said = _("nothing was due by TikTok's rules")
    if part is not None:
        said = ngettext(
            "{share} of {count} answer in time by TikTok's rules",
            "{share} of {count} answers in time by TikTok's rules",
            market.kept + market.broken,
            share=share(part),
        )
    return naming.compared(said, naming.portion(then.kept, then.kept + then.broken) if then else None)


def _theirs(market: Market, then: Market | None, facts: Platform) -> Iterator[str]:
    if market.answered is not None:
        said = ngettext(
            "TikTok says {share} of {count} session",
            "TikTok says {share} of {count} sessions",
            market.sessions,
            share=share(market.answered),
        )
        yield naming.compared(said, _known(then.answered) if then else None)
        if points := _points(market):
            yield _("ours less TikTok's, in points: {points}", points=points)
    if market.satisfied is not None:
        said = _("{share} of the buyers who rated were satisfied", share=share(market.satisfied))
        yield naming.compared(said, _known(then.satisfied) if then else None)
    if market.days and market.days < facts.days:
        yield ngettext("so far of {count} day", "so far of {count} days", market.days)


def _known(part: float | None) -> str:
    return "–" if part is None else share(part)


def _points(market: Market) -> str:
    """Return by how many percentage points our share is above (+) or below TikTok's; "" where that cannot be said."""
    ours = figures.share(market.kept, market.kept + market.broken)
    if market.alike is False or ours is None or market.answered is None:
        return ""
    points = percent(ours) - percent(market.answered)
    return f"{'+' if points > 0 else '−'}{compact(float(abs(points)))}" if points else ""


def _difference() -> str:
    return _(
        "TikTok counts sessions and not waits, takes automatic answers for answers, leaves out what came in holiday "
        "mode, and begins its days by its own calendar: its figure is usually a little higher than ours."
    )


def _rate(facts: Platform) -> float | None:
    kept, broken = (sum(getattr(one, name) for one in facts.markets.values()) for name in ("kept", "broken"))
    return figures.share(kept, kept + broken)


def _counted() -> str:
    return _(
        "Of TikTok's own limits that were kept or broken in this time, the share that was kept. The limit is "
        "that of the shop's country (12 or 24 hours, around the clock). Left out is what TikTok leaves out: "
        "what buyers wrote in holiday mode, and chats that the shop began."
    )


def _promised() -> str:
    return _("Only tickets to whose buyers TikTok's limit was promised (platform_response).")


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
            lambda: " ".join((_counted(), _promised())),
            _rate,
            lambda facts: sum(one.kept + one.broken for one in facts.markets.values()),
        ),
        Figure(
            "left",
            Unit.COUNT,
            lambda: _("Late answers that are still allowed"),
            lambda: _(
                "How many more answers may miss TikTok's limit until Sunday before the rate of a shop falls below its "
                "line: of the shop that has the fewest left. What is late already, and what is in time, is counted "
                "from Monday on (in Southeast Asia over 30 days). What is still to come is reckoned as much as in the "
                "same hours of the week before, or as waits now if that is more."
            ),
            lambda facts: min((one.budget.left for one in facts.rates), default=None),
            not_of=OF_PARTS,
        ),
        Figure(
            "official",
            Unit.SHARE,
            lambda: _("Answered, as TikTok says"),
            lambda: _(
                "TikTok's own response rate of each day and shop. Where there were more sessions, as TikTok calls "
                "chats, it weighs more. It is read until three days after a day, because TikTok still changes it."
            ),
            lambda facts: _weighed([(one.sessions, one.answered) for one in facts.markets.values()])[0],
            lambda facts: sum(one.sessions for one in facts.markets.values()),
            not_of=OF_PARTS,
        ),
        Figure(
            "satisfied",
            Unit.SHARE,
            lambda: _("Satisfied buyers, as TikTok says"),
            lambda: _(
                "TikTok's own share of satisfied ratings of each day and shop. Where there were more sessions it "
                "weighs more, because TikTok does not say how many ratings there were."
            ),
            lambda facts: _weighed([(one.rated, one.satisfied) for one in facts.markets.values()])[0],
            lambda facts: sum(one.rated for one in facts.markets.values()),
            not_of=OF_PARTS,
        ),
    ),
)
