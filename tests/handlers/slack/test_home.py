"""Everybody's own page in Slack, and the forms that are opened there."""

from chatops.catalog import SELF, Verb
from chatops.model import agent as agents
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.slack.reading import texts
from chatops.sandbox.slack.views import View
from tests.handlers.slack.desk import Desk


async def page(desk: Desk) -> tuple[View, str]:
    """Open Li's page; return it, and what is read there."""
    await desk.li.opens_home(desk.app)
    await desk.world.settled()
    shown = desk.li.home(desk.app)
    assert shown is not None
    return shown, " ".join(texts(shown.wire["blocks"]))


async def test_settings_are_changed_on_the_own_page(desk: Desk) -> None:
    shown, read = await page(desk)
    assert "Every language" in read
    assert (await desk.li.clicks(shown, "My languages")).acked
    form = await desk.li.expects_modal()
    refused = await desk.li.submits(form, {"text": {"text": "klingon"}})
    assert "by their codes (en zh" in str(refused.body)
    assert desk.li.modal is form, "what was typed stays"
    assert (await desk.li.submits(form, {"text": {"text": "th en"}})).acked
    agent = await desk.store.read(agents.get, desk.world.team.id, desk.li.id)
    assert agent is not None
    assert agent.languages == ["th", "en"]
    assert "Thai, English" in (await page(desk))[1]
    await desk.li.runs(desk.support, "/desk languages vi")
    await desk.li.expects_ephemeral("Vietnamese")


async def test_a_form_that_comes_too_late_is_not_opened_and_says_so(desk: Desk) -> None:
    await desk.li.runs(desk.support, "/desk home")
    own = await desk.li.expects_ephemeral("My desk")
    desk.world.faults.plan(Fault("views.open", Trouble.ERROR, code="expired_trigger_id"))
    assert (await desk.li.clicks(own, "My languages")).acked
    await desk.li.expects_ephemeral("The form did not open in time.")
    assert desk.li.modal is None
    assert f"{Verb.LANGUAGES}:{SELF}" in str(own.blocks)


async def test_what_does_not_work_on_the_own_page_is_said_on_it(desk: Desk) -> None:
    shown, read = await page(desk)
    assert "did not open in time" not in read
    desk.world.faults.plan(Fault("views.open", Trouble.ERROR, code="expired_trigger_id"))
    assert (await desk.li.clicks(shown, "My languages")).acked
    await desk.world.settled()
    said = desk.li.home(desk.app)
    assert said is not None
    assert "The form did not open in time." in " ".join(texts(said.wire["blocks"]))
    assert "did not open in time" not in (await page(desk))[1], "the next time, it is the page as always"
