"""The marketplace cannot be reached: clocks that pause on it stand still, the platform's own go on."""

from datetime import datetime, timedelta

import pytest

from chatops.cards.told import told as card_of
from chatops.catalog import Verb
from chatops.desk import auditing, marks, outages
from chatops.model import outage as questions
from chatops.model.agent import Role
from chatops.model.setting import Setting
from chatops.outbox import Told
from chatops.rules.clock import ClockState
from chatops.rules.targets import Metric, Pause, ServiceLevel, Target, Urgency
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate
from tests.desk.test_asking import answer
from tests.desk.test_clocks import PLATFORM, of, promise, states, told

FIRST = Target(Metric.FIRST_RESPONSE, "15m", warn=(), pause=(Pause.PLATFORM_DOWN,), urgency=Urgency.CHANNEL)
NEXT = Target(Metric.NEXT_RESPONSE, "15m", warn=(), urgency=Urgency.CHANNEL)
BOTH = ServiceLevel((FIRST, NEXT, PLATFORM))


@pytest.fixture
def lead(desk: Desk) -> Teammate:
    """Somebody who may say it, and whose clock is London's: an hour ahead of UTC in May."""
    lead = desk.teammate("noor", Role.LEAD)
    desk.knows(lead, timezone="Europe/London")
    promise(desk, BOTH)
    assert told(desk) == []
    return lead


def five_minutes(desk: Desk) -> None:
    """Let the desk wait so long for an answer of the marketplace."""
    desk.tx.insert(Setting(name="outage_seconds", value=300))


def due(desk: Desk, buyer: BuyerThere) -> datetime | None:
    return of(desk, buyer)["first_response"].due_at


def why(desk: Desk, buyer: BuyerThere, who: Teammate) -> list[str]:
    summary = answer(desk, Verb.SLA, "why", buyer, who.name).summary
    told = dict.fromkeys(line.replace("\u202f", " ") for line in summary.splitlines())
    return [line for line in told if line.startswith(("stands", "stood"))]


def shops(desk: Desk) -> str:
    return answer(desk, Verb.SHOPS, to="noor").summary.splitlines()[1].replace("\u202f", " ")


def test_what_a_lead_says_holds_clocks_until_they_say_it_is_over(
    desk: Desk, mia: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=10)
    li.says("!outage on maomao-gb", to=mia)
    assert (li.whispers, told(desk)) == (["not_allowed"], [])
    lead.says("!outage on maomao-gb since 13:06 chat does not load", to=mia)
    assert told(desk) == ["cut_off"]
    assert lead.whispers == ["asked"]
    assert states(desk, mia) == {"first_response": "paused 1", "platform_response": "running 1"}
    assert of(desk, mia)["first_response"].consumed == 6 * 60_000
    assert why(desk, mia, lead) == ["stands still since May 4, 2026, 1:06 PM (BST): TikTok cannot be reached"]
    assert shops(desk) == "maomao-gb · TikTok cannot be reached since May 4, 2026, 12:06 PM (UTC) · chat does not load"
    desk.passes(hours=1)
    lead.says("!outage off all", to=mia)
    assert told(desk) == ["cut_off", "reached"]
    assert due(desk, mia) == desk.kept + timedelta(minutes=9)
    desk.passes(minutes=9)
    assert told(desk) == ["cut_off", "reached"]
    desk.passes(seconds=1)
    assert told(desk)[2:] == ["clock_breached"]
    assert why(desk, mia, lead) == [
        "stood still from May 4, 2026, 1:06 PM (BST) to May 4, 2026, 2:10 PM (BST): TikTok cannot be reached"
    ]
    assert shops(desk) == "maomao-gb · TikTok can be reached"
    assert auditing.rebuild(desk.tx, desk.ticket(mia), desk.now, keep=False) == []


def test_whoever_writes_meanwhile_waits_from_when_it_is_over(
    desk: Desk, mia: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    ana = desk.buyer("ana")
    ana.says("Hello?")
    desk.carry_out()
    lead.says("!outage on", to=ana)
    told(desk)
    desk.passes(minutes=1)
    mia.says("Where is my parcel?")
    assert states(desk, mia) == {"first_response": "paused 1", "platform_response": "running 1"}
    desk.passes(hours=1)
    assert told(desk) == ["cut_off"], "a ticket that begins so tells it on its card"
    lead.says("!outage off", to=ana)
    assert told(desk) == ["cut_off", "reached", "reached"]
    assert due(desk, mia) == due(desk, ana) == desk.kept + timedelta(minutes=15)
    li.says("It left Jakarta", to=mia)
    desk.passes(seconds=5)
    lead.says("!outage on", to=ana)
    desk.passes(minutes=1)
    mia.says("And today?")
    assert told(desk)[3:] == ["cut_off"], "nothing of Mia's stands still: the promise to answer on does not pause"
    assert states(desk, mia)["next_response"] == "running 1"


def test_what_broke_only_because_of_it_is_taken_back_and_undone(desk: Desk, mia: BuyerThere, lead: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=16)
    assert told(desk) == ["clock_breached"]
    lead.says("!outage on since 13:10", to=mia)
    told(desk)
    assert states(desk, mia)["first_response"] == "paused 1"
    desk.passes(minutes=1)
    lead.says("!outage off since 13:10 it was our own line", to=mia)
    told(desk)
    assert states(desk, mia)["first_response"] == "breached 1"
    assert due(desk, mia) == NOON + timedelta(minutes=15)
    assert why(desk, mia, lead) == []


def test_what_is_resolved_hears_of_it_when_it_goes_on(
    desk: Desk, mia: BuyerThere, li: Teammate, lead: Teammate
) -> None:
    promise(desk, ServiceLevel((Target(Metric.RESOLUTION, "8h", warn=(), pause=(Pause.PLATFORM_DOWN,)),)))
    mia.says("Where is my parcel?")
    desk.passes(hours=1)
    li.presses(Verb.RESOLVE, desk.ticket(mia))
    lead.says("!outage on", to=mia)
    told(desk)
    desk.passes(hours=1)
    lead.says("!outage off", to=mia)
    told(desk)
    desk.passes(hours=1)
    lead.says("!outage on", to=mia)
    desk.passes(minutes=30)
    mia.says("It is not there")
    assert of(desk, mia)["resolution"].state is ClockState.PAUSED
    desk.passes(minutes=30)
    lead.says("!outage off", to=mia)
    told(desk)
    assert of(desk, mia)["resolution"].due_at == desk.kept + timedelta(hours=7)


def test_the_desk_notices_by_itself_what_gives_no_answer(desk: Desk, mia: BuyerThere, lead: Teammate) -> None:
    marks.begin(desk.tx, SHOP, desk.now)
    mia.says("Where is my parcel?")

    def tried(minutes: int, *, answered: bool) -> None:
        desk.passes(minutes=minutes)
        outages.tried(desk.tx, SHOP, desk.now, answered=answered)

    tried(1, answered=False)
    tried(3, answered=False)
    assert told(desk) == [], "nobody asked for it"
    five_minutes(desk)
    tried(1, answered=True)
    tried(1, answered=False)
    tried(4, answered=False)
    assert told(desk) == []
    tried(1, answered=False)
    assert told(desk) == ["cut_off"]
    assert of(desk, mia)["first_response"].consumed == 6 * 60_000, "since the first time"
    assert "noticed by itself" in shops(desk)
    tried(5, answered=True)
    assert told(desk) == ["cut_off", "reached"]
    tried(1, answered=False)
    lead.says("!outage on", to=mia)
    tried(10, answered=True)
    assert questions.now_cut_off(desk.tx, SHOP) is not None, "a lead says when it is over"
    lead.says("!outage off", to=mia)
    assert questions.now_cut_off(desk.tx, SHOP) is None


def test_a_lead_who_says_it_is_over_is_not_contradicted(desk: Desk, mia: BuyerThere, lead: Teammate) -> None:
    five_minutes(desk)
    marks.begin(desk.tx, SHOP, desk.now)
    mia.says("Where is my parcel?")
    desk.carry_out()
    for _ in range(3):
        outages.tried(desk.tx, SHOP, desk.now, answered=False)
        desk.passes(minutes=5)
    lead.says("!outage off", to=mia)
    desk.passes(minutes=5)
    outages.tried(desk.tx, SHOP, desk.now, answered=False)
    assert questions.now_cut_off(desk.tx, SHOP) is None


def test_words_that_name_no_shop_change_nothing(desk: Desk, mia: BuyerThere, lead: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    for typed in ("!outage", "!outage maomao-gb", "!outage on since 26:00"):
        lead.says(typed, to=mia)
    assert lead.whispers == ["outage_unclear"] * 3
    assert questions.last(desk.tx, SHOP) is None


def test_the_thread_is_told_who_says_it() -> None:
    facts = {"at": NOON.isoformat(), "words": "chat does not load", "by": "noor"}
    assert card_of(Told.CUT_OFF, facts).summary == "TikTok cannot be reached: this ticket's clocks stand still."
    assert len(card_of(Told.CUT_OFF, facts).parts) == 3
    assert len(card_of(Told.CUT_OFF, {**facts, "words": "", "by": ""}).parts) == 1
    assert card_of(Told.REACHED, facts).summary == "TikTok can be reached again: the clocks of this ticket go on."
