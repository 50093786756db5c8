"""A lead writes a rule: nothing typed is lost, nothing counts before it was seen, and nobody overwrites a colleague."""

from collections.abc import Iterator

import pytest

from chatops.cards import asked as answers
from chatops.cards import rule_writing as cards
from chatops.catalog import Verb
from chatops.desk import rule_writing, rulebooks
from chatops.desk.gestures import Pressed, pressed
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.i18n import LANGUAGES, language
from chatops.model import agent as agents
from chatops.model import rulebook
from chatops.model.agent import Agent, Role
from chatops.model.rulebook import DRAFT, NEW, RulebookName, RuleDraft
from chatops.rules import rulefile
from chatops.ui import Button, Card, Controls, Form, Menu, Paragraph, Strong
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate

LINT, TRIAGE = RulebookName.LINT, RulebookName.TRIAGE
GREET = '[[rules]]\nid = "greet"\nlevel = "presale"\n[rules.words]\n"*" = ["hello"]'
SIZE = '[[rules]]\nid = "size"\ntags = ["size"]\n[rules.words]\nen = ["size"]'


@pytest.fixture
def ana(desk: Desk) -> Teammate:
    """A lead, of a team that has two rules for its tickets."""
    rulebooks.apply(desk.tx, TRIAGE, f"# Ours.\n\n{GREET}\n\n{SIZE}\n", desk.now)
    return desk.teammate("ana", Role.LEAD)


def agent(who: Teammate) -> Agent:
    found = agents.get(who.desk.tx, TEAM, who.name)
    assert found is not None
    return found


def presses(who: Teammate, verb: Verb, ref: str, id: str = "", **values: str) -> bool:  # noqa: A002 - as in `Pressed`
    said = Pressed(TEAM, SUPPORT, who.name, verb, ref, values=values, id=id)
    return pressed(who.desk.tx, said, who.desk.now)


def writes(who: Teammate, place: int | str, text: str, *, version: int = 2, **more: str) -> str:
    """Fill in the form of a triage rule; return the ref of the draft."""
    presses(who, Verb.RULE_WRITE, rulebook.ref(TRIAGE, version, place), text=text, **more)
    return rulebook.ref(TRIAGE, version, draft(who).reading)


def draft(who: Teammate, name: RulebookName = TRIAGE) -> RuleDraft:
    found = rulebook.draft(who.desk.tx, TEAM, who.name, name)
    assert found is not None
    return found


def why_not(who: Teammate) -> Refused:
    """Return why somebody's draft cannot count."""
    with pytest.raises(Refused) as refused:
        rule_writing.tried(who.desk.tx, draft(who), who.desk.now)
    return refused.value


def ids(desk: Desk) -> list[str]:
    return list(rulefile.texts(rulebook.text(desk.tx, TRIAGE)))


def opened(who: Teammate, ref: str) -> Form:
    with language("en"):
        form = cards.form(who.desk.tx, agent(who), ref, who.desk.now.date())
    assert form is not None
    return form


def test_a_rule_counts_once_it_was_tried_and_saved(desk: Desk, ana: Teammate) -> None:
    ref = writes(ana, 0, GREET.replace("presale", "quality"))
    assert rule_writing.tried(desk.tx, draft(ana), desk.now).changes == ("~ greet",)
    assert "quality" not in rulebook.text(desk.tx, TRIAGE)
    assert presses(ana, Verb.RULE_SAVE, ref, "press 1")
    assert [rule.level for rule in rulebook.triage_rules(desk.tx)] == ["quality", ""]
    assert rulebook.text(desk.tx, TRIAGE).startswith("# Ours.\n")
    made = rulebook.newest(desk.tx, TRIAGE)
    assert made is not None
    assert (made.version, made.made_by_workspace, made.made_by) == (3, TEAM, "ana")
    assert presses(ana, Verb.RULE_SAVE, ref, "press 1"), "heard twice it counts once"
    with pytest.raises(Refused, match="stale"):
        presses(ana, Verb.RULE_SAVE, ref, "press 2")


def test_a_rule_is_added_before_the_others_and_an_empty_one_goes(desk: Desk, ana: Teammate) -> None:
    presses(ana, Verb.RULE_SAVE, writes(ana, NEW, SIZE.replace("size", "colour")))
    assert ids(desk) == ["colour", "greet", "size"]
    ref = writes(ana, 1, "", version=3, rest="  \n")
    assert rule_writing.tried(desk.tx, draft(ana), desk.now).changes == ("- greet",)
    presses(ana, Verb.RULE_SAVE, ref)
    assert ids(desk) == ["colour", "size"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id = ", Refusal.RULE_UNREADABLE),
        ("when somebody says hello, be kind", Refusal.RULE_UNREADABLE),
        (GREET.replace("greet", "size"), Refusal.RULE_TWINS),
        (GREET.replace('level = "presale"\n', ""), Refusal.RULE_IDLE),
        (GREET.replace("presale", "parcels"), Refusal.RULE_NONSENSE),
        (GREET.replace('"*"', "xx"), Refusal.RULE_NONSENSE),
        (GREET.replace("hello", "(hello"), Refusal.RULE_NONSENSE),
        (GREET.replace("[rules.", 'shops = ["nowhere"]\n[rules.'), Refusal.RULE_NONSENSE),
        (GREET.replace("[rules.", 'markets = ["XX"]\n[rules.'), Refusal.RULE_NONSENSE),
        (GREET.replace("[rules.", 'kinds = ["fax"]\n[rules.'), Refusal.RULE_NONSENSE),
        (GREET.replace("[rules.", "surprise = 1\n[rules."), Refusal.RULE_UNREADABLE),
    ],
)
def test_what_makes_no_sense_is_told_and_kept_and_never_counts(
    desk: Desk, ana: Teammate, text: str, reason: Refusal
) -> None:
    before = rulebook.text(desk.tx, TRIAGE)
    ref = writes(ana, 0, text, sample="hello?")
    assert why_not(ana).reason is reason
    with pytest.raises(Refused):
        presses(ana, Verb.RULE_SAVE, ref)
    assert rulebook.text(desk.tx, TRIAGE) == before
    form = opened(ana, rulebook.ref(TRIAGE, 2, DRAFT))
    assert [field.value for field in form.inputs] == [text, "", "hello?"]


def test_the_form_that_stayed_open_is_sent_off_again_and_its_newer_words_count(desk: Desk, ana: Teammate) -> None:
    ref = rulebook.ref(TRIAGE, 2, 0)
    presses(ana, Verb.RULE_WRITE, ref, "view 1", text="no rule")
    presses(ana, Verb.RULE_WRITE, ref, "view 1", text=GREET)
    assert draft(ana).text == GREET
    assert rule_writing.tried(desk.tx, draft(ana), desk.now).changes == ()


def test_what_was_shown_is_what_is_saved(desk: Desk, ana: Teammate) -> None:
    shown = writes(ana, 0, GREET.replace("presale", "quality"))
    writes(ana, 0, GREET.replace("presale", "complaint"))
    with pytest.raises(Refused, match="stale"):
        presses(ana, Verb.RULE_SAVE, shown)
    assert "complaint" not in rulebook.text(desk.tx, TRIAGE)


def test_two_leads_do_not_overwrite_each_other(desk: Desk, ana: Teammate) -> None:
    ben = desk.teammate("ben", Role.OWNER)
    mine = writes(ana, 0, GREET.replace("presale", "quality"))
    theirs = writes(ben, 1, SIZE.replace('tags = ["size"]', 'tags = ["big"]'))
    presses(ben, Verb.RULE_SAVE, theirs)
    with pytest.raises(Refused, match="rules_changed"):
        presses(ana, Verb.RULE_SAVE, mine)
    assert why_not(ana).reason is Refusal.RULES_CHANGED
    form = opened(ana, rulebook.ref(TRIAGE, 3, DRAFT))
    assert form.inputs[0].value == GREET.replace("presale", "quality")
    again = writes(ana, DRAFT, form.inputs[0].value, version=3)
    presses(ana, Verb.RULE_SAVE, again)
    assert [(rule.level, rule.tags) for rule in rulebook.triage_rules(desk.tx)] == [("quality", ()), ("", ("big",))]


def test_a_draft_of_a_rule_that_somebody_took_out_becomes_a_new_one(desk: Desk, ana: Teammate) -> None:
    writes(ana, 0, GREET.replace("presale", "quality"))
    presses(desk.teammate("ben", Role.LEAD), Verb.RULES_BACK, rulebook.ref(TRIAGE, 2, NEW))  # to no rules at all
    assert ids(desk) == []
    presses(ana, Verb.RULE_SAVE, writes(ana, DRAFT, draft(ana).text, version=3))
    assert ids(desk) == ["greet"]


def test_the_version_before_counts_again_and_the_one_after_it_is_not_lost(desk: Desk, ana: Teammate) -> None:
    presses(ana, Verb.RULES_BACK, rulebook.ref(TRIAGE, 2, NEW))
    assert ids(desk) == []
    with pytest.raises(Refused, match="rules_changed"):
        presses(ana, Verb.RULES_BACK, rulebook.ref(TRIAGE, 2, NEW))
    presses(ana, Verb.RULES_BACK, rulebook.ref(TRIAGE, 3, NEW))
    assert ids(desk) == ["greet", "size"]
    assert rulebook.number(desk.tx, TRIAGE) == 4


def test_the_first_version_of_a_team_goes_back_to_what_the_product_begins_with(desk: Desk, ana: Teammate) -> None:
    rulebooks.apply(desk.tx, LINT, "rules = []", desk.now)
    presses(ana, Verb.RULES_BACK, rulebook.ref(LINT, 1, NEW))
    assert rulebook.text(desk.tx, LINT) == rulebook.starter(LINT)


def test_who_is_no_lead_writes_no_rules(desk: Desk, ana: Teammate, li: Teammate) -> None:
    for verb in (Verb.RULE_WRITE, Verb.RULE_SAVE, Verb.RULES_BACK):
        with pytest.raises(Refused, match="not_allowed"):
            presses(li, verb, rulebook.ref(TRIAGE, 2, 0), text=GREET)
    assert rulebook.draft(desk.tx, TEAM, "li", TRIAGE) is None
    assert ids(desk) == ["greet", "size"]


@pytest.mark.parametrize("ref", ["triage", "triage/2/9", "triage/7/0", "triage/x/0", "novel/2/0", "triage/2/-1"])
def test_a_press_about_a_rule_that_never_was_means_nothing(ana: Teammate, ref: str) -> None:
    with pytest.raises(NotUnderstood):
        presses(ana, Verb.RULE_WRITE, ref, text=GREET)


def test_a_draft_that_is_not_there_any_more_cannot_be_gone_on_with(desk: Desk, ana: Teammate) -> None:
    with pytest.raises(Refused, match="stale"):
        writes(ana, DRAFT, GREET)
    assert cards.form(desk.tx, agent(ana), rulebook.ref(TRIAGE, 2, DRAFT), desk.now.date()) is None


def test_every_rule_of_the_starter_fits_a_form_and_comes_back_as_it_was(desk: Desk, ana: Teammate) -> None:
    for place, _ in enumerate(rulefile.texts(rulebook.starter(LINT))):
        form = opened(ana, rulebook.ref(LINT, 0, place))
        assert all(len(field.value) <= field.limit for field in form.inputs)
        values = {field.name: field.value for field in form.inputs}
        presses(ana, Verb.RULE_WRITE, rulebook.ref(LINT, 0, place), **values)
        assert rule_writing.tried(desk.tx, draft(ana, LINT), desk.now).changes == ()


def test_a_rule_that_is_too_long_for_a_form_is_not_shortened(desk: Desk, ana: Teammate) -> None:
    words = ",\n".join(f'"word {number:04}"' for number in range(500))
    rulebooks.apply(
        desk.tx, TRIAGE, SIZE.replace('"size"]\n', f"{words}]\n").replace('["size"]', f"[{words}]"), desk.now
    )
    with pytest.raises(Refused, match="rule_too_long"):
        opened(ana, rulebook.ref(TRIAGE, 3, 0))


def test_what_would_have_been_last_week_is_told(desk: Desk, ana: Teammate, asked: BuyerThere) -> None:
    ana.says("hello, it is on its way", asked)
    desk.passes(minutes=1)
    desk.buyer("tom").says("hello?")
    writes(ana, 0, GREET.replace("presale", "quality"))
    trial = rule_writing.tried(desk.tx, draft(ana), desk.now)
    assert trial.looked_at == 2
    assert [one for one in trial.levels if one[1] != one[2]] == [("presale", 1, 0), ("quality", 0, 1)]
    place = list(rulefile.texts(rulebook.starter(LINT))).index("cannot")
    text = rulefile.texts(rulebook.starter(LINT))["cannot"].replace("en = [", 'en = ["on its way", ', 1)
    presses(ana, Verb.RULE_WRITE, rulebook.ref(LINT, 0, place), text=text)
    trial = rule_writing.tried(desk.tx, draft(ana, LINT), desk.now)
    assert (trial.changes, trial.looked_at, trial.held) == (("~ cannot",), 1, (0, 1))


# What is shown


def shown(who: Teammate, words: str = "") -> Card:
    with language("en"):
        return answers.answer(who.desk.tx, agent(who), None, Verb.RULES, words, who.desk.now)


def controls(card: Card) -> Iterator[Button | Menu]:
    for part in card.parts:
        if isinstance(part, Controls):
            yield from part.controls


def menus(card: Card) -> list[list[str]]:
    return [[option.label for option in one.options] for one in controls(card) if isinstance(one, Menu)]


def said(card: Card) -> str:
    pieces = [piece for part in card.parts if isinstance(part, Paragraph) for piece in part.line]
    return "".join(piece.text if isinstance(piece, Strong) else str(piece) for piece in pieces)


def test_the_rules_are_listed_with_what_they_do_and_when_they_are_due(desk: Desk, ana: Teammate) -> None:
    lint, triage = menus(shown(ana))
    assert (lint[0], lint[-1], triage) == ("cure", "A new rule", ["greet", "size", "A new rule"])
    assert "cure a lead must approve · good until May 22, 2027" in said(shown(ana, "cure"))
    assert menus(shown(ana, "cure")) == [["cure", "A new rule"], ["A new rule"]]
    assert menus(shown(ana, "Triage")) == [triage]
    assert "greet Before buying\nsize #size" in said(shown(ana, "triage"))
    desk.passes(days=800)
    assert "⚠️ should have been looked over by May 22, 2027" in said(shown(ana, "cure"))
    assert said(shown(ana, "xyzzy")).count("There is no such rule.") == 2


def test_ones_draft_and_the_version_before_are_offered_where_there_are_any(desk: Desk, ana: Teammate) -> None:
    def labels(words: str) -> list[str]:
        return [one.label for one in controls(shown(ana, words)) if isinstance(one, Button)]

    assert (labels("lint"), labels("triage")) == ([], ["Version before"])
    writes(ana, 0, "half a ru")
    assert labels("triage") == ["Your draft", "Version before"]


def test_more_rules_than_a_menu_holds_are_found_by_their_names(desk: Desk, ana: Teammate) -> None:
    many = "\n\n".join(SIZE.replace('"size"\n', f'"rule-{number:02}"\n', 1) for number in range(40))
    rulebooks.apply(desk.tx, TRIAGE, many, desk.now)
    [menu] = menus(shown(ana, "triage"))
    assert len(menu) == 25
    assert menus(shown(ana, "rule-39"))[1] == ["rule-39", "A new rule"]


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_the_form_fits_where_it_is_shown_in_every_language(ana: Teammate, tongue: str) -> None:
    with language(tongue):
        form = cards.form(ana.desk.tx, agent(ana), rulebook.ref(TRIAGE, 2, NEW), ana.desk.now.date())
    assert form is not None
    assert len(form.title) <= 24
    assert len(form.submit) <= 24
    assert all(len(field.label) <= 45 and len(field.hint) <= 100 for field in form.inputs)
