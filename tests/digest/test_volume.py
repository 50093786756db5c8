"""How much was written."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from chatops.digest.scope import Scope, Window
from chatops.digest.section import Reading
from chatops.digest.sections import every
from chatops.digest.sections.volume import SECTION
from chatops.i18n import language
from tests.desk.scenes import NOON, SHOP, TEAM, BuyerThere, Desk
from tests.digest.reading import plain

SCOPE = Scope(TEAM, (SHOP,))
ZONE = ZoneInfo("Asia/Kathmandu")  # 5 h 45 min ahead: hours there do not begin with those of UTC
WINDOW = Window(NOON, NOON + timedelta(hours=1), ZONE)


def test_messages_are_counted_by_local_hour_and_conversations_once(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    mia.says("Where is my parcel?")
    desk.buyer("ben").says("Is it blue?")
    facts = SECTION.count(desk.tx, SCOPE, WINDOW)
    assert facts is not None
    assert (facts.conversations, facts.messages) == (2, 3)
    assert facts.hours[17] + facts.hours[18] == 3
    assert facts == SECTION.read(SECTION.frozen(facts))


def test_nothing_written_is_nothing_to_say(desk: Desk) -> None:
    assert SECTION.count(desk.tx, SCOPE, WINDOW) is None


def test_what_was_counted_is_shown_in_the_readers_language(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    facts = SECTION.count(desk.tx, SCOPE, WINDOW)
    assert facts is not None
    reading = Reading(TEAM, WINDOW)
    with language("en"):
        told = plain(SECTION.parts(desk.tx, facts, None, reading))
        assert "1 conversation" in told
        assert SECTION.charts(facts, reading)[0].essence in told, "read also where there is no picture"
        silent = msgspec.structs.replace(facts, hours=(0,) * 24)
        assert "Most was written" not in str(SECTION.parts(desk.tx, silent, None, reading))


def test_every_section_has_a_key_and_a_place_of_its_own() -> None:
    assert len({one.key for one in every()}) == len({one.place for one in every()}) == len(every())
