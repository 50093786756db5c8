"""A team that opens hears what runs out within the hour, and one that closes what TikTok counts on for."""

from datetime import timedelta

from chatops.delivery.recap import card_of
from chatops.desk import alarms, definitions, recaps, recounting
from chatops.desk.definitions import Defined
from chatops.model import recap as watches
from chatops.model.definition import DefinitionKind
from chatops.outbox import Kind
from chatops.rules.hours import Hours
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from handlers.timers.alarms import OTHERS
from tests.desk.scenes import SUPPORT, BuyerThere, Desk
from tests.desk.test_asking import called
from tests.desk.test_clocks import promise
from tests.desk.test_seeing_clocks import WORKDAYS, office

__all__ = ["office"]

BOTH = ServiceLevel(
    (
        Target(Metric.FIRST_RESPONSE, "15m", "office", urgency=Urgency.CHANNEL),
        Target(Metric.PLATFORM_RESPONSE, calendar="office", urgency=Urgency.CHANNEL),
    )
)


def heard(desk: Desk) -> list[str]:
    """Let whatever opened or closed be told; return it as its channel reads it."""
    while recaps.tell_due(desk.tx, desk.now):
        pass
    found = desk.waiting(Kind.RECAP)
    cards = [card_of(desk.tx, one.args, desk.now) for one in found if one.args["channel_id"] == SUPPORT]
    desk.carry_out()
    return [line for card in cards if card for line in (*card.summary.splitlines(), *map(_line, card.parts))]


def _line(part: object) -> str:
    pieces = getattr(part, "line", ())
    return "".join(getattr(piece, "text", None) or getattr(piece, "fallback", None) or str(piece) for piece in pieces)


def test_what_came_in_the_evening_is_told_when_the_office_closes_and_when_it_opens(
    office: Desk, mia: BuyerThere
) -> None:
    promise(office, BOTH)
    assert heard(office) == [], "an office that is open already when somebody defines it tells nothing"
    mia.says("Where is my parcel?")
    called(office, mia, "Mia")
    office.passes(minutes=5)
    closed = heard(office)
    assert closed[0] == "Closed now: office"
    assert closed[1].startswith("1 of TikTok's clocks runs out before you open again (")
    assert "Mia" in closed[-1]
    assert heard(office) == [], "twice is never"
    office.passes(days=2, hours=16)
    opened = heard(office)
    assert opened[:2] == ["Open again: office", "1 promise runs out within the hour:"]
    assert "Mia" in opened[-1]


def test_nothing_is_said_where_nothing_runs_out(office: Desk, mia: BuyerThere) -> None:
    office.passes(minutes=5)
    assert heard(office) == []
    office.passes(days=2, hours=16)
    assert heard(office) == []


def test_a_ticket_that_is_promised_nothing_in_these_hours_is_not_theirs(office: Desk, mia: BuyerThere) -> None:
    hours = Hours("Europe/Berlin", WORKDAYS)
    definitions.define(office.tx, Defined(DefinitionKind.CALENDAR, "other", hours), None, office.now)
    mia.says("Where is my parcel?")
    office.passes(days=2, hours=16, minutes=5)
    assert [line for line in heard(office) if line.startswith("Open")] == ["Open again: office"]


def test_after_a_night_of_downtime_what_closed_long_ago_is_not_told(office: Desk, mia: BuyerThere) -> None:
    promise(office, BOTH)
    mia.says("Where is my parcel?")
    office.passes(hours=3)
    assert heard(office) == []
    assert office.tx.scalar(watches.NEXT_AT) == office.kept.replace(day=23, hour=8, minute=0), "it opens on Monday"


def test_a_clock_set_back_tells_nobody_twice_and_a_removed_calendar_nobody_at_all(
    office: Desk, mia: BuyerThere
) -> None:
    promise(office, BOTH)
    mia.says("Where is my parcel?")
    office.passes(minutes=5)
    assert heard(office)
    office.now -= timedelta(seconds=90)
    recaps.clock_set_back(office.tx, office.now)
    assert heard(office) == []
    office.passes(minutes=2)
    assert heard(office) == []
    definitions.remove(office.tx, DefinitionKind.CALENDAR, "office", None, office.now)
    office.passes(days=2, hours=16)
    assert heard(office) == []


def test_a_calendar_that_is_saved_in_the_instant_it_closes_is_told_of(office: Desk, mia: BuyerThere) -> None:
    promise(office, BOTH)
    mia.says("Where is my parcel?")
    office.passes(minutes=5)
    days = {**WORKDAYS, "sat": ("18:00-19:00",)}
    definitions.define(
        office.tx, Defined(DefinitionKind.CALENDAR, "office", Hours("Europe/Berlin", days)), None, office.now
    )
    assert heard(office)[0] == "Closed now: office"


def test_the_loop_that_raises_alarms_knows_when_an_office_opens(office: Desk) -> None:
    heard(office)
    while recounting.move_due(office.tx, office.now):
        pass
    assert alarms.next_at(office.tx) == office.kept.replace(hour=16, minute=0)
    assert recaps.tell_due in OTHERS
