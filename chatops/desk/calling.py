"""What a page says to whom: direct messages, mentions in its threads, cries into channels; and what it writes down.

The caller holds the page's row. What is said is made from the page's rows when it is sent.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops import outbox, outbox_oncall
from chatops.desk import outlets, profiles
from chatops.desk.crews import Crews
from chatops.model import agent as agents
from chatops.model import definition as definitions
from chatops.model import outlet as outlet_questions
from chatops.model import page as pages
from chatops.model import team as teams
from chatops.model import thread as threads
from chatops.model.definition import DefinitionKind
from chatops.model.page import UNANSWERED, NoticeState, Page, PageNotice, PageRecord, Summons
from chatops.model.thread import Thread
from chatops.outbox import Told
from chatops.rules import escalation as rules
from chatops.rules.escalation import BUNDLE, Call, Escalation, Way
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds, to_milliseconds


def call(tx: Transaction, page: Page, one: Call, crews: Crews, now: datetime) -> None:
    """Call people by direct messages, and in the page's threads; whoever is not rung up now is only named there."""
    tx.update(page, calls=page.calls + 1)
    rung, named, groups, outside = [], [], [], []
    for person in sorted(one.people):
        way, _, name = person.partition(" ")
        if way == Way.CHANNEL:
            outbox_oncall.page_channel(tx, page.workspace_id, name, _about(page, one), now)
        elif way == Way.TEAM:
            groups.append(name)
        elif way == Way.OUTLET:
            outside.append(name)
        elif _ring(tx, page, one, name, crews.rings.get(person, now), now):
            rung.append(name)
        else:
            named.append(name)
    facts = {"rung": " ".join(rung), "named": ", ".join(_names(tx, page, named)), **_groups(tx, page, groups)}
    if rung or named or groups:
        tell(tx, page, Told.PAGED, {**_about(page, one), **facts}, now)
    own = (way.name for person in rung for way in outlet_questions.of_agent(tx, page.workspace_id, person))
    outlets.call(tx, page, [*outside, *own], now)


def ring_besides(tx: Transaction, notice: PageNotice, now: datetime) -> None:
    """Call somebody who waited to be rung up through their own outlets, too."""
    page = pages.get(tx, notice.shop_id, notice.ticket_id, notice.number)
    if page is not None and page.state in UNANSWERED:
        own = outlet_questions.of_agent(tx, notice.workspace_id, notice.agent_id)
        outlets.call(tx, page, [way.name for way in own], now)


def _ring(tx: Transaction, page: Page, call: Call, agent_id: str, awake_at: datetime, now: datetime) -> bool:
    """Ring somebody up, or let the page join the message that rang a moment ago; True: they are rung up now."""
    if pages.is_ringing(tx, page, agent_id, now - BUNDLE * MILLISECOND):
        return False  # the message on its way to them says what is true when it is sent
    profiles.met(tx, page.workspace_id, agent_id, now)
    number, ring_at = place(tx, page.workspace_id, agent_id, now) if awake_at <= now else (None, awake_at)
    notice = PageNotice(
        shop_id=page.shop_id,
        ticket_id=page.ticket_id,
        number=page.number,
        call=page.calls,
        agent_id=agent_id,
        workspace_id=page.workspace_id,
        cause=call.cause,
        state=NoticeState.RINGING if ring_at <= now else NoticeState.WAITING,
        called_at=now,
        ring_at=ring_at,
        summons=number,
    )
    tx.insert(notice)
    if number is not None:
        outbox_oncall.summon(tx, page.workspace_id, agent_id, number, now)
    else:
        tx.ring()
    return ring_at <= now


def place(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> tuple[int, datetime]:
    """Return the direct message in which somebody reads of a page now, and when it rings for it.

    It is a new one, unless they were rung up a moment ago: then it joins that one, and rings with it if that has not
    been sent yet, else when the minute is over.
    """
    newest = pages.newest_summons(tx, workspace_id, agent_id)
    last = to_milliseconds(newest.rung_at) if newest else None
    ring_at = from_milliseconds(rules.rings_at(last, to_milliseconds(now)))
    if newest is not None and ring_at > now:
        return newest.number, ring_at if newest.message_id else now
    number = newest.number + 1 if newest else 1
    tx.insert_ignore(Summons(workspace_id=workspace_id, agent_id=agent_id, number=number, rung_at=now))
    return number, now  # when another replica began one just now, that one is it


def cry_out(tx: Transaction, page: Page, call: Call, now: datetime) -> None:
    """Say where everybody hears it that nobody came: in the fallback channel, else in those of the ticket.

    Those of the workspace that was called, if there are any; somebody must hear it.
    """
    fallback = escalation_of(tx, page).fallback
    shown = _threads(tx, page) or threads.of_ticket(tx, page.shop_id, page.ticket_id)
    there = {(page.workspace_id, fallback)} if fallback else {(one.workspace_id, one.channel_id) for one in shown}
    for workspace_id, channel_id in sorted(there):
        outbox_oncall.page_channel(tx, workspace_id, channel_id, _about(page, call), now)
    tell(tx, page, Told.PAGE_UNHEARD, _about(page, call), now)


def spare(tx: Transaction, page: Page, now: datetime) -> None:
    """Ring nobody up any more for a page, and let the messages that show it say what became of it."""
    of_page = col(PageNotice.shop_id) == page.shop_id, col(PageNotice.ticket_id) == page.ticket_id
    unrung = (NoticeState.WAITING, NoticeState.RINGING)
    waiting = col(PageNotice.number) == page.number, col(PageNotice.state).in_(unrung)
    tx.execute(update(PageNotice).where(*of_page, *waiting).values(state=NoticeState.SPARED))
    show(tx, page, now)


def ring_no_more(tx: Transaction, page: Page, people: Collection[str]) -> None:
    """Let those be in peace who wait to be rung up for a page, and for whom others are called now."""
    ids = [one.partition(" ")[2] for one in people]
    this = {name: getattr(page, name) for name in ("shop_id", "ticket_id", "number")}
    waiting = update(PageNotice).filter_by(**this, state=NoticeState.WAITING).where(col(PageNotice.agent_id).in_(ids))
    tx.execute(waiting.values(state=NoticeState.SPARED))


def show(tx: Transaction, page: Page, now: datetime) -> None:
    """Bring the direct messages up to date that show a page."""
    shown = {(one.agent_id, one.summons) for one in pages.notices(tx, page) if one.summons is not None}
    for agent_id, number in sorted(shown):
        outbox_oncall.summon(tx, page.workspace_id, agent_id, number, now)


def tell(tx: Transaction, page: Page, about: Told, facts: dict[str, str], now: datetime) -> None:
    """Say something about a page in the threads of its ticket."""
    for thread in _threads(tx, page):
        outbox.tell(tx, thread, about, facts, now)


def note(
    tx: Transaction, page: Page, what: str, now: datetime, *people: str, at: tuple[int, int] | None = None, **facts: str
) -> None:
    """Write down what happened to a page, for good."""
    loop, step = at or (page.loop, page.step)
    tx.update(page, records=page.records + 1)
    tx.insert(
        PageRecord(
            shop_id=page.shop_id,
            ticket_id=page.ticket_id,
            number=page.number,
            seq=page.records,
            at=now,
            what=what,
            loop=loop,
            step=step,
            people=list(people),
            facts=facts,
        )
    )


def escalation_of(tx: Transaction, page: Page) -> Escalation:
    """Return what a page climbs, as it was when the page began."""
    found = definitions.get(tx, DefinitionKind.ESCALATION, page.escalation, page.revision)
    if found is None:
        raise AssertionError("a revision of a definition is never deleted")
    return found.read(Escalation)


def _threads(tx: Transaction, page: Page) -> list[Thread]:
    found = threads.of_ticket(tx, page.shop_id, page.ticket_id)
    return [thread for thread in found if thread.workspace_id == page.workspace_id]


def _about(page: Page, call: Call) -> dict[str, str]:
    """Return what a delivery needs to say what a page is about."""
    return {
        "shop_id": page.shop_id,
        "ticket_id": page.ticket_id,
        "page": str(page.number),
        "cause": call.cause.value,
        "why": page.why.value,
        "due_at": page.due_at.isoformat() if page.due_at else "",
        "words": page.words,
        "asked_by": page.asked_by,
    }


def _names(tx: Transaction, page: Page, ids: list[str]) -> list[str]:
    found = (agents.get(tx, page.workspace_id, one) for one in ids)
    return [one.name for one in found if one is not None and one.name]


def _groups(tx: Transaction, page: Page, names: list[str]) -> dict[str, str]:
    found = [one for name in names if (one := teams.called(tx, page.workspace_id, name)) is not None]
    return {
        "groups": " ".join(one.mention for one in found if one.mention),
        "teams": ", ".join(one.name for one in found if not one.mention),
    }
