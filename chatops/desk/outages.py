"""Shops for which the marketplace cannot be reached, or whose holiday mode is on: said by a lead.

The first is also noticed because the marketplace gives no answer any more.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col

from chatops.desk import recounting
from chatops.errors import Refusal, Refused
from chatops.model import outage as questions
from chatops.model import setting
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.outage import ReachRecord
from chatops.model.shop import PollMark, Shop
from chatops.rules import zones
from chatops.rules.clock import Happening
from chatops.rules.outage_words import outage
from chatops.rules.shop_words import holiday
from chatops.store.transaction import Transaction


def said(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Let the marketplace be cut off from shops, or reached again, as a lead says; said twice, it counts once.

    Raises:
        Refused: the words do not say which of both, or for which shop.
    """
    known = shops_of(tx, agent)
    zone = zones.first(agent.timezone, *(shop.timezone for shop in known.values()))
    found = outage(words, [*known], now, zone)
    if found is None:
        raise Refused(Refusal.OUTAGE_UNCLEAR, shops=", ".join(known))
    what = Happening.CUT_OFF if found.begins else Happening.REACHED
    for name in found.shops:
        write_down(tx, known[name].id, what, found.since or now, now, agent, found.words)


def holiday_said(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Let shops be on holiday on days that a lead names, or not any more from now on; what was said before goes.

    Raises:
        Refused: the words name no such days, or no shop.
    """
    known = shops_of(tx, agent)
    found = holiday(words, [*known])
    if found is None:
        raise Refused(Refusal.HOLIDAY_UNCLEAR, shops=", ".join(known))
    for shop in (known[name] for name in found.shops):
        start, end = found.span(ZoneInfo(shop.timezone)) or _cut_short(shop, now)
        tx.execute(update(Shop).where(col(Shop.id) == shop.id).values(holiday_from=start, holiday_until=end))


def _cut_short(shop: Shop, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the part of a shop's holiday that was before an instant: what was said then is not counted."""
    start, end = shop.holiday_from, shop.holiday_until
    return (start, min(end, now)) if start is not None and end is not None and start < now else (None, None)


def shops_of(tx: Transaction, agent: Agent) -> dict[str, Shop]:
    """Return the shops whose tickets come to somebody's workspace, by name."""
    return {shop.name: shop for shop, _ in shops.routes_to(tx, agent.workspace_id)}


def write_down(
    tx: Transaction, shop_id: str, what: Happening, at: datetime, now: datetime, agent: Agent | None, words: str = ""
) -> None:
    """Keep that a shop is cut off, or reached again, from an instant on, and let its tickets follow.

    Nothing happens when that is so already. `agent` None: nobody said it.
    """
    last = questions.last(tx, shop_id)
    if (last.what if last is not None else Happening.REACHED) is what:
        return
    row = ReachRecord(
        shop_id=shop_id,
        number=last.number + 1 if last is not None else 1,
        what=what,
        at=max(at, last.at) if last is not None else at,
        said_at=now,
        words=words,
    )
    if agent is not None:
        row.said_by_workspace, row.said_by = agent.workspace_id, agent.id
    if tx.insert_ignore(row):
        recounting.look_again(tx, now)


def tried(tx: Transaction, shop_id: str, now: datetime, *, answered: bool) -> None:
    """Remember whether the marketplace gave any answer for a shop.

    When it has given none for `outage_seconds` the shop is cut off since the first time, until there is one again. What
    a lead said stays until a lead says otherwise.
    """
    mark, last = tx.get(PollMark, shop_id), questions.last(tx, shop_id)
    if mark is None:
        return
    since = None if answered else mark.failing_since or now
    if since != mark.failing_since:
        tx.execute(update(PollMark).where(col(PollMark.shop_id) == shop_id).values(failing_since=since))
    if since is None:
        if last is not None and last.what is Happening.CUT_OFF and not last.said_by:
            write_down(tx, shop_id, Happening.REACHED, now, now, None)
        return
    patience = setting.value(tx, "outage_seconds")
    said_since = last is not None and last.at > since
    if patience and now - since >= timedelta(seconds=patience) and not said_since:
        write_down(tx, shop_id, Happening.CUT_OFF, since, now, None)
