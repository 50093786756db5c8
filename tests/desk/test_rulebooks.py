"""Rulebooks are compared, applied and tried before they count."""

from datetime import timedelta

import pytest

from chatops.desk import rulebooks
from chatops.errors import SetupError
from chatops.model import rulebook
from chatops.model.rulebook import Rulebook, RulebookName
from tests.desk.scenes import BuyerThere, Desk

LINT, TRIAGE = RulebookName.LINT, RulebookName.TRIAGE
OWN = '[[rules]]\nid = "hello"\nwords = { "*" = ["hello"] }\nlevel = "presale"\ntags = ["polite"]\n'


def test_what_would_change_is_told_by_rule_and_each_version_stays(desk: Desk) -> None:
    begun = rulebook.starter(LINT)
    assert rulebooks.compare(desk.tx, LINT, begun) == []
    mine = begun.replace('id = "promise"', 'id = "vow"').replace('"cures"', '"curing"')
    assert rulebooks.compare(desk.tx, LINT, mine) == ["+ vow", "~ cure", "- promise"]
    assert rulebooks.apply(desk.tx, LINT, mine, desk.now) == 1
    assert rulebooks.apply(desk.tx, LINT, begun, desk.now) == 2
    assert rulebook.text(desk.tx, LINT) == begun


def test_a_rulebook_that_makes_no_sense_is_not_applied(desk: Desk) -> None:
    with pytest.raises(SetupError):
        rulebooks.apply(desk.tx, LINT, "rules = 3", desk.now)
    assert rulebook.newest(desk.tx, LINT) is None


def test_a_rule_for_a_shop_that_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(SetupError, match="is for a shop maomao-xx"):
        rulebooks.compare(desk.tx, TRIAGE, OWN + 'shops = ["maomao-xx"]')


def test_a_rulebook_that_an_older_version_took_stops_nothing(desk: Desk, mia: BuyerThere) -> None:
    desk.tx.insert(Rulebook(name=TRIAGE, version=7, text=OWN.replace("presale", "parcels"), applied_at=desk.now))
    mia.says("hello, where is my parcel?")
    assert desk.ticket(mia).level == "logistics"


def test_rules_that_nobody_looked_at_for_long_are_named(desk: Desk) -> None:
    assert rulebooks.overdue(desk.tx, desk.now) == []
    assert "contact-elsewhere" in rulebooks.overdue(desk.tx, desk.now + timedelta(days=365))


def test_an_answer_is_tried_as_if_it_went_to_a_buyer(desk: Desk) -> None:
    found = rulebooks.try_answer(desk.tx, "Please just use WhatsApp for this", "maomao-gb", "th")
    assert [hit.rule.id for hit in found] == ["contact-elsewhere", "language"]
    with pytest.raises(SetupError, match="there is no shop maomao-xx"):
        rulebooks.try_answer(desk.tx, "Hello", "maomao-xx", "")


def test_a_message_is_tried_against_the_rules_that_count_or_those_of_a_file(desk: Desk) -> None:
    language, found = rulebooks.try_arrival(desk.tx, "hello, where is my parcel?", "maomao-gb", "chat", OWN)
    assert (language, found.level, found.tags) == ("en", "presale", ("polite",))
    _, found = rulebooks.try_arrival(desk.tx, "hello, where is my parcel?", "", "chat", rulebook.starter(TRIAGE))
    assert (found.level, found.tags) == ("logistics", ("where-is-it",))


def test_a_rulebook_tells_what_it_makes_of_last_weeks_tickets(desk: Desk, mia: BuyerThere) -> None:
    mia.says("hello, is it in stock?")
    desk.buyer("tom").says("how much is it")
    assert [one for one in rulebooks.last_week(desk.tx, OWN, desk.now) if one.now != one.by_rules] == [
        ("", 2, 1),
        ("presale", 0, 1),
    ]
