"""One page that cannot be climbed, by whatever mistake, must not keep anybody else from being called."""

from datetime import timedelta

from structlog.testing import capture_logs

from chatops.desk import definitions, paging
from chatops.desk.definitions import Defined
from chatops.model import page as pages
from chatops.model import ticket as tickets
from chatops.model.definition import DefinitionKind
from chatops.model.page import Page, Why
from chatops.model.ticket import Ticket
from chatops.rules.escalation import Escalation, Step
from chatops.rules.targets import Urgency
from chatops.sandbox.world import WORKSPACES
from chatops.store.sqlite import DRIVER
from chatops.store.transaction import Transaction
from tests.stories.cast import Story
from tests.stories.conftest import in_slack


def cannot_be_climbed(tx: Transaction, story: Story, overdue: timedelta) -> None:
    """Let a page have been due for so long that follows an escalation which nobody can read."""
    then = story.clock.now() - overdue
    page = Page(
        shop_id=story.cast.shop.id,
        ticket_id="broken",
        number=1,
        workspace_id=story.world.slack.team.id,
        escalation="lost",
        revision=9,
        why=Why.ASKED,
        urgency=Urgency.PAGE,
        opened_at=then,
        loop_began_at=then,
        ends_at=then,
        next_at=then,
    )
    tx.insert(page)


def noor_then_li(tx: Transaction, story: Story) -> None:
    """Let a page call Noor, and Li after five minutes."""
    steps = Step((f"agent {story.noor.id}",), "5m"), Step((f"agent {story.li.id}",), "5m")
    spec = Escalation(WORKSPACES[story.side.platform], steps)
    definitions.define(tx, Defined(DefinitionKind.ESCALATION, "front", spec), None, story.clock.now())
    [ticket] = tickets.opened_since(tx, story.clock.now() - timedelta(hours=1))
    assert isinstance(ticket, Ticket)
    assert paging.summon(tx, ticket, "front", Why.ASKED, Urgency.LOUD, story.clock.now())


@in_slack
async def test_a_page_that_cannot_be_climbed_holds_up_no_other(story: Story) -> None:
    await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.store.write(cannot_be_climbed, story, timedelta(hours=1))
    await story.store.write(noor_then_li, story)
    await story.noor.is_paged("Where is my parcel?")
    await story.time_passes(minutes=5, seconds=1)
    await story.li.is_paged("Where is my parcel?")
    await story.rests()
    broken = await story.store.read(pages.get, story.cast.shop.id, "broken", 1)
    assert broken is not None
    assert broken.next_at is not None
    assert broken.next_at > story.clock.now(), "it is tried again"
    assert story.running.alarms.put_off > 0, "and told to whoever watches"
    assert story.running._alarming.done() is False


@in_slack
async def test_who_was_to_be_called_while_the_database_was_away_is_called_once_it_is_back(story: Story) -> None:
    await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.store.write(noor_then_li, story)
    await story.noor.is_paged("Where is my parcel?")
    await story.rests()
    locking = DRIVER.connect(str(story.config.data_dir / "chatops.db"), isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    with capture_logs() as lines:
        await story.world.pass_time(minutes=5, seconds=1)
        await story.until(lambda: any(line["event"] == "alarms_not_raised" for line in lines), "the alarms to fail")
    locking.execute("ROLLBACK")
    locking.close()
    await story.li.is_paged("Where is my parcel?")
    await story.rests()
    found = await story.store.read(pages.calling, story.world.slack.team.id)
    called = [one.what for one in await story.store.read(pages.records, found[0])]
    assert called == ["step", "step"], "each step once"
