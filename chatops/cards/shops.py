"""What `!shops` answers: for which shops TikTok cannot be reached since when, and which are on holiday."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.i18n import _, moment, weave
from chatops.model import outage as outages
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.outage import ReachRecord
from chatops.model.shop import Shop
from chatops.store.transaction import Transaction
from chatops.ui import Card, Inline, Line, Mention, Moment, MomentStyle, Paragraph, Part, Small, Strong, Tone
from chatops.words import one_line

OVER = "!outage off"
WORDS = 200  # characters of what somebody said about it


def standing(tx: Transaction, agent: Agent, now: datetime) -> Card:
    """Return how it stands with the shops whose tickets come to somebody's workspace."""
    title, found = _("The shops"), {shop.name: shop for shop, _route in shops.routes_to(tx, agent.workspace_id)}
    if not found:
        nothing = _("No shop's tickets come here.")
        return Card(summary=nothing, parts=(Paragraph((nothing,)),))
    cut_off = {shop.id: outages.now_cut_off(tx, shop.id) for shop in found.values()}
    lines = [_shop(shop, cut_off[shop.id], agent.workspace_id) for shop in found.values()]
    lines += [_on_holiday(shop) for shop in found.values() if shop.holiday_until and shop.holiday_until > now]
    parts: list[Part] = [*map(Paragraph, lines)]
    if any(cut_off.values()):
        foot = _(
            "Clocks that pause on it stand still; TikTok's own go on. When it is over: {words}", words="!outage off"
        )
        parts.append(Small((foot,)))
    said = "\n".join([title, *map(_plain, lines)])
    return Card(title=title, summary=said, tone=Tone.WARN if any(cut_off.values()) else Tone.NEUTRAL, parts=(*parts,))


def _shop(shop: Shop, cut_off: ReachRecord | None, workspace_id: str) -> Line:
    name = Strong(one_line(shop.name))
    if cut_off is None:
        return (name, " · ", _("TikTok can be reached"))
    since = Moment(cut_off.at, MomentStyle.DATE_TIME, moment(cut_off.at))
    whose: tuple[Inline, ...] = ()
    if cut_off.said_by and cut_off.said_by_workspace == workspace_id:
        whose = (" · ", Mention(cut_off.said_by))
    elif not cut_off.said_by:
        whose = (" · ", _("noticed by itself"))
    words = (" · ", one_line(cut_off.words, WORDS)) if cut_off.words else ()
    return (name, " · ", *weave("TikTok cannot be reached since {when}", when=since), *words, *whose)


def _on_holiday(shop: Shop) -> Line:
    zone = ZoneInfo(shop.timezone)
    start, end = (moment(edge, zone) if edge else "" for edge in (shop.holiday_from, shop.holiday_until))
    said = _("holiday mode from {start} until {end}: TikTok does not count what buyers ask then", start=start, end=end)
    return (Strong(one_line(shop.name)), " · ", said)


def _plain(line: Line) -> str:
    said = "".join(
        piece.text if isinstance(piece, Strong) else piece.fallback if isinstance(piece, Moment) else str(piece)
        for piece in line
        if not isinstance(piece, Mention)
    )
    return said.removesuffix(" · ")
