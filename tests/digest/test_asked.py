"""What buyers asked about, and what more often than usual."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from chatops.digest import topics
from chatops.digest.scope import ONE_DAY, Window, midnight
from chatops.digest.section import Reading
from chatops.digest.sections import asked
from chatops.digest.topics import Topic
from chatops.i18n import language
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.ticket import Level, Ticket, TicketKind
from chatops.store.transaction import new
from chatops.ui import Fields
from tests.desk.scenes import NOON, SHOP, TEAM, Desk
from tests.digest.reading import DAY, SCOPE, figures, shown

SECTION = asked.SECTION


def tickets(desk: Desk, many: int, *tags: str, days: int = 0, level: Level | None = None) -> None:
    """Let tickets with these tags have been opened some days ago."""
    for _ in range(many):
        one = f"c{next(desk.numbers)}"
        facts = {"shop_id": SHOP, "id": f"{one}.1", "conversation_id": one, "kind": TicketKind.CHAT, "level": level}
        desk.tx.insert(new(Ticket, **facts, opened_at=NOON - timedelta(days=days), tags=list(tags)))


def test_what_is_asked_three_times_as_often_is_told(desk: Desk) -> None:
    for days, many in ((1, 2), (2, 2), (3, 2), (4, 2), (5, 90)):  # the fifth day back is not looked at
        tickets(desk, many, "size", "shirt", days=days)
    tickets(desk, 6, "size", level=Level.PRESALE)
    tickets(desk, 5, "shirt")
    tickets(desk, 5, "torn")
    tickets(desk, 4, "late")
    assert shown(desk, SECTION).splitlines()[:3] == [
        "torn: 5 tickets, before there was none",
        "size: 3 times as often as usual",
        "Tags",
    ]
    assert figures(desk, SECTION) == {"tagged": 4, "unusual": 2, "products": 0}
    facts = SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    with language("en"):
        parts = SECTION.parts(desk.tx, SECTION.read(SECTION.frozen(facts)), None, Reading(TEAM, DAY))
        fields = [(one.label, one.value) for part in parts if isinstance(part, Fields) for one in part.fields]
        assert fields[0] == ("size", ("6 (usually 2)",))
        assert ("Before buying", ("6 (usually 0)",)) in fields
        assert topics.beside_usual("5", Topic("size", 5, 6)) == "5 (usually 1.5)", "3 times as often, not 2.5"
        assert topics.beside_usual("900", Topic("size", 900, 1_206)) == "900 (usually 302)"
        assert SECTION.charts(facts, Reading(TEAM, DAY))[0].essence == "Most tickets were about size: 6."


@pytest.mark.parametrize("day", ["2026-03-29", "2026-03-30", "2026-10-25", "2026-10-27"])  # clocks change on the 29th
def test_hours_stand_beside_the_same_hours_of_the_days_before_whatever_the_clock_did(day: str) -> None:
    zone = ZoneInfo("Europe/London")
    hours = [datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=zone).astimezone(UTC) for hour in (20, 22)]
    found = [
        f"{one.start.astimezone(zone):%Y-%m-%d %H:%M} {one.end.astimezone(zone):%H:%M}"
        for one in topics.stretches(Window(hours[0], hours[1], zone))
    ]
    days = [date.fromisoformat(day) - timedelta(days=back) for back in range(1, 5)]
    assert found == [f"{each} 20:00 22:00" for each in days]


# Each at midnight, when the clock is turned to one.
@pytest.mark.parametrize(
    ("place", "day"),
    [("Africa/Cairo", "2026-04-24"), ("America/Santiago", "2026-09-06"), ("Asia/Beirut", "2026-03-29")],
)
@pytest.mark.parametrize("ago", [0, 1])  # the day that begins later, and the one that ends so
def test_what_is_usual_is_counted_from_midnight_to_midnight_where_one_is_skipped(
    place: str, day: str, ago: int
) -> None:
    zone, first = ZoneInfo(place), date.fromisoformat(day) - ago * ONE_DAY
    window = Window(midnight(first, zone), midnight(first + ONE_DAY, zone), zone)
    assert (window.end if ago else window.start).astimezone(zone).hour == 1
    found = [(one.start, one.end) for one in topics.stretches(window)]
    days = [first - back * ONE_DAY for back in range(1, 5)]
    assert found == [(midnight(each, zone), midnight(each + ONE_DAY, zone)) for each in days]


def test_nothing_is_unusual_where_nothing_is_usual(desk: Desk) -> None:
    assert shown(desk, SECTION) == ""
    tickets(desk, 7, "size")
    assert "usual" not in shown(desk, SECTION)
    assert figures(desk, SECTION) == {"tagged": 1, "unusual": 0, "products": 0}
    tickets(desk, 1, "size", days=2)  # a shop that is two days old
    assert shown(desk, SECTION).startswith("Nothing to compare with yet: that takes four such times before this one.")
    assert figures(desk, SECTION)["unusual"] == 0
    tickets(desk, 1, "shirt", days=4)
    assert shown(desk, SECTION).startswith("size: 28 times as often as usual")


def test_ten_thousand_tags_and_names_with_markup_break_nothing(desk: Desk) -> None:
    desk.tx.insert(
        new(
            Ticket, shop_id=SHOP, id="c.1", conversation_id="c", kind=TicketKind.CHAT, opened_at=NOON,
            tags=[f"tag {number}" for number in range(10_000)],
        )
    )  # fmt: skip
    tickets(desk, 2, "<!channel> *bold*\n@here")
    said = shown(desk, SECTION)
    assert said.splitlines()[-2] == "and 9,991 more tags, 9,991 in all"
    facts = SECTION.count(desk.tx, SCOPE, DAY)
    assert facts is not None
    assert len(str(SECTION.frozen(facts))) < 2_000
    with language("en"):
        assert "<!channel> *bold* @here" in str(SECTION.parts(desk.tx, facts, None, Reading(TEAM, DAY)))


def test_products_are_told_that_buyers_show_and_rules_that_fit_their_words(desk: Desk) -> None:
    rules = '[[rules]]\nid = "fits"\ntags = ["size"]\n[rules.words]\nen = ["fit"]'
    desk.tx.insert(Rulebook(name=RulebookName.TRIAGE, version=2, text=rules, applied_at=NOON))
    desk.now -= timedelta(days=4)
    desk.buyer("zoe").says("Would it fit me?")
    desk.now += timedelta(days=4)
    shirt, title = {"product_id": "1729592969712207008"}, "Red shirt, GBP 9 https://seller.example/1"
    for name in ("mia", "ben", "ann", "eve", "kim"):
        buyer = desk.buyer(name)
        buyer.says("", kind="BUYER_ENTER_FROM_PRODUCT", content=shirt)
        buyer.says("", kind="PRODUCT_CARD", content=shirt, plaintext=title)
        buyer.says("Would it fit me?")
        buyer.is_told("", kind="PRODUCT_CARD", content={"product_id": "1"})
    desk.buyer("mia").says("", kind="PRODUCT_CARD", content={"product_id": ["1"]})
    said = shown(desk, SECTION).splitlines()
    assert "Red shirt, GBP 9 · Product 1729592969712207008: 5 tickets, before there was none" in said
    assert "fits: 20 times as often as usual" in said  # 5, and a quarter of one
    assert figures(desk, SECTION)["products"] == 1
    assert figures(desk, SECTION, msgspec.structs.replace(SCOPE, teams=("logistics",))) == {}
