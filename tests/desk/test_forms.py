"""Forms in which a verb is given its words: they fit both platforms in every language, and lose nothing."""

import pytest

from chatops.cards import commands, forms
from chatops.catalog import CATALOG, NEW, SELF, About, Entry, Verb, entry
from chatops.i18n import LANGUAGES, language
from chatops.model.agent import Agent, Role
from chatops.refs import ticket_ref
from chatops.ui import Card, Form
from handlers.asking import Asker, before, kept
from tests.desk.scenes import SHOP, SUPPORT, TEAM, BuyerThere, Desk, Teammate

TITLE, LABEL, HINT, OPTION = 24, 45, 100, 75  # characters: the narrower of what Slack and Discord show

ASKING = [one for one in CATALOG if forms.asks_first(one) and (one.button or one.more)]


def form(desk: Desk, found: Entry, asked: BuyerThere) -> Form:
    if found.about is About.AGENT:
        return forms.about_self(found, Agent(workspace_id=TEAM, id="ULI", languages=["th"]))
    return forms.about_ticket(desk.tx, found, desk.thread(asked))


@pytest.mark.parametrize("found", ASKING, ids=lambda found: found.verb)
def test_every_form_fits_where_it_is_shown_in_every_language(
    desk: Desk, li: Teammate, asked: BuyerThere, found: Entry
) -> None:
    li.says("// I am here", asked)
    for tongue in LANGUAGES:
        with language(tongue):
            shown = form(desk, found, asked)
        assert len(shown.title) <= TITLE, tongue
        assert len(shown.inputs) <= 4, "what is read above counts as a fifth in Discord"
        for field in shown.inputs:
            assert len(field.label) <= LABEL, (tongue, field.label)
            assert len(field.hint) <= HINT, (tongue, field.hint)
            assert all(len(option.label) <= OPTION and option.value for option in field.options)
        assert shown.press.verb == found.verb


OPENED = [*((one.verb, "") for one in ASKING), *((verb, "") for verb in (Verb.REPLY, Verb.ANSWER))]
OPENED += [(Verb.MACRO_WRITE, NEW), (Verb.PROMISE_WRITE, NEW), (Verb.CALENDAR_WRITE, f"-/{NEW}")]


def test_what_was_written_into_any_form_that_is_closed_stands_in_it_when_it_is_opened_again(
    desk: Desk, li: Teammate, asked: BuyerThere
) -> None:
    li.says("// I am here", asked)
    desk.teammate("boss", Role.OWNER)
    tx, boss, other = desk.tx, Asker(TEAM, "boss", "en"), Asker(TEAM, "li", "en")
    for verb, about in OPENED:
        found = entry(verb)
        ref = about or (SELF if found.about is About.AGENT else ticket_ref(SHOP, desk.ticket(asked).id))
        first = commands.reply_form(ref) if verb is Verb.REPLY else before(tx, boss, SUPPORT, found, ref, desk.now)
        assert isinstance(first, Form), verb
        wrote = {one.name: one.options[-1].value if one.options else f"my {one.name}" for one in first.inputs}
        key = kept(tx, boss, first.press, wrote, desk.now)
        again = before(tx, boss, SUPPORT, entry(Verb.AGAIN), key, desk.now)
        assert isinstance(again, Form), verb
        assert ({one.name: one.value for one in again.inputs}, again.press) == (wrote, first.press)
        assert isinstance(before(tx, other, SUPPORT, entry(Verb.AGAIN), key, desk.now), Card), "nobody else's"


def test_what_was_typed_counts_before_what_was_chosen() -> None:
    assert forms.words_of({"text": " tomorrow 9 ", "choice": "1h"}) == "tomorrow 9"
    assert forms.words_of({"text": "  ", "choice": "1h"}) == "1h"
    assert forms.words_of({}) == ""


def test_the_menu_of_the_card_marks_what_asks_for_more(desk: Desk, asked: BuyerThere) -> None:
    with language("en"):
        options = {option.value.rpartition("/")[2]: option.label for option in forms.more(desk.ticket(asked)).options}
    assert options[Verb.HELP] == "Help"
    assert list(options) == [one.verb for one in CATALOG if one.more]
    assert all(options[verb].endswith("…") == forms.asks_first(entry(Verb(verb))) for verb in options)
    assert len(options) <= 25, "Discord shows no more in one menu"
