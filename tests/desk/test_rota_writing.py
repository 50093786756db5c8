"""A lead changes rotations and escalations in the chat: tried first, kept meanwhile, nobody's change overwritten."""

import pytest

from chatops.catalog import Verb, entry
from chatops.desk import gestures, rota_writing
from chatops.desk.rota_writing import WEEKLY, new
from chatops.errors import Refusal, Refused
from chatops.model import oncall
from chatops.model.agent import Role
from chatops.ui import Button, Card, Controls, Form, Mention, Menu, Paragraph, Quote, Strong
from handlers.asking import Asker, before, came_of_it, wrong
from tests.desk.scenes import SUPPORT, TEAM, Desk
from tests.desk.test_asking import answer

FRONT = """name = "front"
workspace = "team"
timezone = "UTC"
layers = [
    { members = ["@Ana", "@Ben"], start = "2026-01-05T09:00:00", unit = "week" },
]
"""
CALLS = 'name = "late"\nworkspace = "team"\nsteps = [{ notify = ["rotation front", "agent @Ben"] }]'


@pytest.fixture
def led(desk: Desk) -> Desk:
    """A desk with two leads, and nobody on call."""
    desk.teammate("ana", Role.LEAD)
    desk.teammate("ben", Role.LEAD)
    return desk


def opens(desk: Desk, about: str, who: str = "ana", verb: Verb = Verb.ROTA_WRITE) -> Form:
    """Open a form."""
    form = before(desk.tx, Asker(TEAM, who, "en"), SUPPORT, entry(verb), about, desk.now)
    assert isinstance(form, Form), form
    return form


def written(form: Form) -> str:
    return form.inputs[0].value


def presses(desk: Desk, verb: Verb, ref: str, who: str = "ana", **values: str) -> Card:
    """Press a button, or send a form off; return what is shown then."""
    desk.passes(seconds=1)
    asker, heard = Asker(TEAM, who, "en"), gestures.Pressed(TEAM, SUPPORT, who, verb, ref, values=values)
    assert gestures.pressed(desk.tx, heard, desk.now)
    try:
        return came_of_it(desk.tx, asker, verb, ref, desk.now)
    except Refused as why:
        return wrong(desk.tx, asker, verb, ref, why)


def tries(desk: Desk, form: Form, text: str, who: str = "ana") -> Card:
    return presses(desk, Verb.ROTA_WRITE, form.press.ref, who, text=text)


def saves(desk: Desk, form: Form, text: str, who: str = "ana") -> Card:
    trial = tries(desk, form, text, who)
    return presses(desk, Verb.ROTA_SAVE, pressable(trial)[Verb.ROTA_SAVE], who)


def pressable(card: Card) -> dict[str, str]:
    """Return what a card's buttons are about."""
    rows = [part.controls for part in card.parts if isinstance(part, Controls)]
    return {one.press.verb: one.press.ref for row in rows for one in row if isinstance(one, Button)}


def text_of(card: Card) -> str:
    """Return what a card says, with people as <id>."""
    lines = [
        part.line if isinstance(part, Paragraph) else (part.text,)
        for part in card.parts
        if isinstance(part, Paragraph | Quote)
    ]
    return "\n".join("".join(_said(one) for one in line) for line in lines)


def _said(piece: object) -> str:
    if isinstance(piece, Mention):
        return f"<{piece.external_id}>"
    return piece.text if isinstance(piece, Strong) else str(piece)


def on_call(desk: Desk, name: str = "front") -> list[str]:
    return [one.id for one in oncall.on_call(desk.tx, name, desk.now)]


def test_a_first_rotation_is_made_from_a_template_that_holds(led: Desk) -> None:
    for template, name in ((WEEKLY, "front"), (rota_writing.SUN, "around the world")):
        form = opens(led, new(template))
        trial = tries(led, form, written(form))
        assert "Somebody is on call at every minute" in trial.summary
        assert on_call(led, name) == []
        shown = presses(led, Verb.ROTA_SAVE, pressable(trial)[Verb.ROTA_SAVE])
        assert shown.title == "Rotations"
        assert on_call(led, name) in (["ana"], ["ben"])
    ladder = opens(led, new(rota_writing.LADDER))
    assert "rotation around the world" in written(ladder)
    assert "1. rotation around the world; the next after 5 min" in text_of(saves(led, ladder, written(ladder)))


def test_an_edit_shows_whose_shifts_change_before_it_counts_and_is_taken_back(led: Desk) -> None:
    saves(led, opens(led, new(WEEKLY)), FRONT)
    first = on_call(led)
    form = opens(led, "rotations/front")
    assert '"@Ana", "@Ben"' in written(form)
    alone = FRONT.replace(', "@Ben"', "")
    trial = tries(led, form, alone)
    said = text_of(trial)
    assert "Whose shifts change:" in said
    assert "<ben>\nNot any more: " in said
    assert "<ana>\n" in said
    assert on_call(led) == first
    shown = presses(led, Verb.ROTA_SAVE, pressable(trial)[Verb.ROTA_SAVE])
    assert on_call(led) == ["ana"]
    back = presses(led, Verb.ROTATIONS_BACK, pressable(shown)[Verb.ROTATIONS_BACK])
    assert back.title == "Rotations"
    assert "@Ben" in written(opens(led, "rotations/front"))


def test_gaps_come_with_what_would_help(led: Desk) -> None:
    text = FRONT.replace('unit = "week"', 'unit = "week", hours = { mon = ["09:00-17:00"] }')
    trial = tries(led, opens(led, new(WEEKLY)), text)
    assert "There is 1 gap." in trial.summary
    assert "Nobody at all" in text_of(trial)
    assert "What helps" in str(trial.parts)


def test_what_was_written_is_kept_whatever_is_wrong_with_it(led: Desk) -> None:
    form = opens(led, new(WEEKLY))
    for text, says in (
        ("name =", "Not saved"),
        (FRONT.replace("@Ben", "@Zoe"), "zoe"),
        (FRONT.replace('"team"', '"night"'), "workspace must be 'team'"),
        (FRONT.replace("UTC", "Atlantis"), "Atlantis"),
        (FRONT.replace('["@Ana", "@Ben"]', "5"), "Expected `array`"),
        ("", "there is nothing in it"),
    ):
        card = tries(led, form, text)
        assert says.casefold() in card.summary.casefold(), card.summary
        assert Verb.ROTA_SAVE not in pressable(card)
        again = opens(led, pressable(card)[Verb.AGAIN], verb=Verb.AGAIN)
        assert (written(again), again.press.ref) == (text, form.press.ref)
    assert on_call(led) == []


def test_two_leads_cannot_overwrite_each_other(led: Desk) -> None:
    saves(led, opens(led, new(WEEKLY)), FRONT)
    one, other = opens(led, "rotations/front"), opens(led, "rotations/front", "ben")
    mine = tries(led, one, FRONT.replace(', "@Ben"', ""))
    saves(led, other, FRONT.replace('"@Ana", ', ""), "ben")
    assert on_call(led) == ["ben"]
    with pytest.raises(Refused) as late:
        presses(led, Verb.ROTA_SAVE, pressable(mine)[Verb.ROTA_SAVE])
    assert late.value.reason is Refusal.ROTAS_CHANGED
    again = opens(led, pressable(mine)[Verb.AGAIN], verb=Verb.AGAIN)
    trial = tries(led, again, written(again))
    assert '"ben"' in text_of(trial), "it shows what would be lost"
    with pytest.raises(Refused) as stale:
        presses(led, Verb.ROTA_SAVE, pressable(mine)[Verb.ROTA_SAVE])
    assert stale.value.reason is Refusal.STALE
    presses(led, Verb.ROTA_SAVE, pressable(trial)[Verb.ROTA_SAVE])
    assert on_call(led) == ["ana"]


def test_a_rotation_stays_while_an_escalation_calls_it(led: Desk) -> None:
    saves(led, opens(led, new(WEEKLY)), FRONT)
    trial = tries(led, opens(led, new(rota_writing.LADDER)), CALLS)
    assert f"On call now: <{on_call(led)[0]}>" in text_of(trial)
    presses(led, Verb.ROTA_SAVE, pressable(trial)[Verb.ROTA_SAVE])
    assert "agent @Ben" in written(opens(led, "escalations/late"))
    for text in ("", FRONT.replace('"front"', '"desk"')):
        card = tries(led, opens(led, "rotations/front"), text)
        assert card.summary.startswith("Not saved: front is still called by late.")
    saves(led, opens(led, "escalations/late"), "")
    gone = tries(led, opens(led, "rotations/front"), "")
    assert "It would be gone." in text_of(gone)
    presses(led, Verb.ROTA_SAVE, pressable(gone)[Verb.ROTA_SAVE])
    assert on_call(led) == []


def test_who_does_not_lead_changes_nothing_and_nobody_what_is_not_theirs(led: Desk) -> None:
    led.teammate("cem")
    who = Asker(TEAM, "cem", "en")
    assert isinstance(before(led.tx, who, SUPPORT, entry(Verb.ROTA_WRITE), new(WEEKLY), led.now), Card)
    who = Asker(TEAM, "ana", "en")
    for about in ("rotations/none", "new/none", "calendars/x", "", "rotations/"):
        assert isinstance(before(led.tx, who, SUPPORT, entry(Verb.ROTA_WRITE), about, led.now), Card)
    assert isinstance(before(led.tx, who, SUPPORT, entry(Verb.AGAIN), "nothing", led.now), Card)
    menus = [
        one
        for part in answer(led, Verb.ROTATIONS, to="ana").parts
        if isinstance(part, Controls)
        for one in part.controls
    ]
    assert [len(one.options) for one in menus if isinstance(one, Menu)] == [2, 1]
