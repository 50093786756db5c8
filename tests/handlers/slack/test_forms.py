"""Forms on a bad day: what was kept is not called unkept."""

from datetime import datetime

import pytest

from chatops.cards.verbs import label
from chatops.catalog import NEW, Verb
from chatops.desk import team
from chatops.model import definition
from chatops.model.agent import Role
from chatops.model.definition import DefinitionKind
from chatops.store import Transaction
from chatops.ui import Button, Press
from handlers.slack import context as waiting
from tests.handlers.slack.desk import Desk


def _lead(tx: Transaction, workspace_id: str, agent_id: str, now: datetime) -> None:
    tx.update(team.seen(tx, workspace_id, agent_id, now, "en"), role=Role.LEAD)


def _promised(tx: Transaction) -> list[str]:
    return [one.name for one in definition.current(tx, DefinitionKind.SERVICE_LEVEL)]


async def test_a_promise_that_was_saved_is_not_called_a_draft_where_nothing_can_be_shown(desk: Desk) -> None:
    await desk.store.write(_lead, desk.world.team.id, desk.li.id, desk.context.now())
    asked = await desk.shows(Button("New", Press(Verb.PROMISE_WRITE, NEW)), text=label(Verb.PROMISES))
    assert (await desk.li.clicks(asked, "New")).acked
    form = await desk.li.expects_modal()
    desk.support.members.remove(desk.app.bot_user_id)  # it was thrown out meanwhile
    text = 'name = "chat"\ntargets = [{ metric = "resolution", within = "1d" }]'
    values = {"text": text, "place": "1", "how": "save"}
    answer = await desk.li.submits(form, {name: {name: value} for name, value in values.items()})
    assert await desk.store.read(_promised) == ["chat"]
    assert "draft" not in str(answer.body)
    assert desk.li.modal is None


async def test_what_is_wrong_with_hours_stands_below_the_input_it_is_about(desk: Desk) -> None:
    await desk.store.write(_lead, desk.world.team.id, desk.li.id, desk.context.now())
    asked = await desk.shows(Button("New", Press(Verb.CALENDAR_WRITE, f"-/{NEW}")), text=label(Verb.CALENDARS))
    assert (await desk.li.clicks(asked, "New")).acked
    form = await desk.li.expects_modal()
    hours = {"name": "office", "zone": "Berlin", "weekly": "mon 09:00-12:00", "days": "", "how": "try"}
    wrong = {"zone": "Berln", "weekly": "", "days": "2027-02-30", "how": "try"}
    for name, value in wrong.items():
        typed = hours | {name: value}
        answer = await desk.li.submits(form, {name: {name: value} for name, value in typed.items()})
        assert list((answer.body or {})["errors"]) == [name]


async def test_what_takes_long_to_count_is_told_afterwards_and_the_form_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "COUNT_WITHIN", 0.0)  # seconds
    await desk.store.write(_lead, desk.world.team.id, desk.li.id, desk.context.now())
    asked = await desk.shows(Button("New", Press(Verb.PROMISE_WRITE, NEW)), text=label(Verb.PROMISES))
    assert (await desk.li.clicks(asked, "New")).acked
    form = await desk.li.expects_modal()
    answer = await desk.li.submits(form, {"how": {"how": "try"}})
    assert "still being counted" in str(answer.body)
    assert desk.li.modal is form
    await desk.li.expects_ephemeral("Not saved yet.")
    packs = await desk.shows(Button("Shop", Press(Verb.PROMISES_TAKE, "small-shop")), text="Packs")
    assert (await desk.li.clicks(packs, "Shop")).acked
    await desk.li.expects_ephemeral("still being counted")
    await desk.li.expects_ephemeral("Its hours are those of")
