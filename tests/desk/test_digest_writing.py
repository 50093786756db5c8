"""A lead plans digests in the chat: begun from ready-made ones, tried first, nobody's change overwritten."""

import pytest
from sqlmodel import update

from chatops.catalog import NEW, Verb, entry
from chatops.desk import definitions, digest_writing, digests
from chatops.desk.definitions import Defined
from chatops.digest import kept
from chatops.model import digest as questions
from chatops.model.agent import Role
from chatops.model.definition import DefinitionKind
from chatops.model.workspace import Workspace
from chatops.outbox import Kind
from chatops.rules.plan import DigestPlan
from chatops.ui import Card, Form
from handlers.asking import Asker, before
from tests.desk.scenes import SUPPORT, TEAM, Desk, a_workspace
from tests.desk.test_asking import answer
from tests.desk.test_rota_writing import pressable, presses, written


@pytest.fixture
def led(desk: Desk) -> Desk:
    """A desk with two leads, and no digest."""
    desk.teammate("ana", Role.LEAD)
    desk.teammate("ben", Role.LEAD)
    return desk


def opens(desk: Desk, about: str, who: str = "ana", verb: Verb = Verb.DIGEST_WRITE) -> Form:
    form = before(desk.tx, Asker(TEAM, who, "en"), SUPPORT, entry(verb), about, desk.now)
    assert isinstance(form, Form), form
    return form


def tries(desk: Desk, form: Form, text: str, who: str = "ana") -> Card:
    return presses(desk, Verb.DIGEST_WRITE, form.press.ref, who, text=text)


def plans(desk: Desk) -> list[str]:
    return [one.name for one in definitions.current(desk.tx) if isinstance(one.spec, DigestPlan)]


def test_ready_made_digests_come_at_once_and_are_taken_back(led: Desk) -> None:
    first = answer(led, Verb.DIGESTS, to="ana")
    assert "No digest is planned yet" in str(first.parts)
    for pack in digest_writing.PACKS:
        shown = presses(led, Verb.DIGESTS_TAKE, pack)
        assert "every morning" in shown.summary
    assert plans(led) == ["every morning", "every week", "every month", "what to fix"]
    assert {one.plan for one in questions.watches(led.tx)} == set(plans(led))
    to_fix = next(one.spec for one in definitions.current(led.tx) if one.name == "what to fix")
    assert isinstance(to_fix, DigestPlan)
    assert digests.fitting(digests.scope_of(led.tx, to_fix, a_workspace()), to_fix.sections) == ["fix"]
    presses(led, Verb.DIGESTS_BACK, pressable(shown)[Verb.DIGESTS_BACK])
    assert plans(led) == ["every morning", "every week", "every month"]


def test_ready_made_digests_come_beside_another_workspace_s_whatever_the_names(led: Desk) -> None:
    theirs = DigestPlan("night", SUPPORT, "UTC")
    definitions.define(led.tx, Defined(DefinitionKind.DIGEST, "every morning", theirs), None, led.now)
    led.tx.execute(update(Workspace).values(name='the "team"'))
    presses(led, Verb.DIGESTS_TAKE, "small-team")
    presses(led, Verb.DIGESTS_TAKE, "small-team")
    assert plans(led) == ["every morning", 'every morning, the "team"']


def test_an_edit_says_when_it_comes_next_is_seen_privately_and_then_saved(led: Desk) -> None:
    presses(led, Verb.DIGESTS_TAKE, "small-team")
    form = opens(led, "every morning")
    trial = tries(led, form, written(form).replace("09:00", "15:00"))
    assert '+ at = "15:00"' in trial.summary
    presses(led, Verb.DIGEST_TRY, pressable(trial)[Verb.DIGEST_TRY])
    [counted] = led.waiting(Kind.DIGEST_COUNT)
    asked = questions.get(led.tx, counted.args["digest"])
    assert asked
    assert (asked.asked_by, asked.channel_id, asked.plan) == ("ana", "", "")
    assert [f"{day.date:%a}" for day in kept.window_of(asked).days()] == ["Fri", "Sat", "Sun"]
    presses(led, Verb.DIGEST_SAVE, pressable(trial)[Verb.DIGEST_SAVE])
    [watch] = questions.watches(led.tx)
    assert watch.next_at
    assert watch.next_at.hour == 14, "three o'clock in London, today"


def test_what_is_wrong_is_kept_and_can_be_gone_on_with(led: Desk) -> None:
    form = opens(led, NEW)
    for text, says in (
        (written(form), "no name"),
        ("name =", "Not saved"),
        ("", "there is nothing in it"),
        (f'name = "early"\n{written(form)}'.replace('"team"', '"night"'), "workspace must be 'team'"),
        (f'name = "early"\n{written(form)}'.replace("09:00", "25:00"), "no time of day"),
    ):
        card = tries(led, form, text)
        assert Verb.DIGEST_SAVE not in pressable(card), (text, says)
        again = opens(led, pressable(card)[Verb.AGAIN], verb=Verb.AGAIN)
        assert (written(again), again.press.ref) == (text, form.press.ref)
    assert plans(led) == []


def test_two_leads_cannot_overwrite_each_other_and_an_empty_form_takes_a_digest_away(led: Desk) -> None:
    presses(led, Verb.DIGESTS_TAKE, "small-team")
    one, other = opens(led, "every morning"), opens(led, "every morning", "ben")
    mine = tries(led, one, written(one).replace("09:00", "10:00"))
    gone = tries(led, other, "", "ben")
    assert "It would be gone." in str(gone.parts)
    presses(led, Verb.DIGEST_SAVE, pressable(gone)[Verb.DIGEST_SAVE], "ben")
    assert plans(led) == []
    with pytest.raises(Exception, match="stale"):
        presses(led, Verb.DIGEST_SAVE, pressable(mine)[Verb.DIGEST_SAVE])


def test_only_a_form_of_a_plan_that_is_there_opens(led: Desk) -> None:
    shown = before(led.tx, Asker(TEAM, "ana", "en"), SUPPORT, entry(Verb.DIGEST_WRITE), "nothing", led.now)
    assert isinstance(shown, Card)
