"""Which answer ended which wait."""

from datetime import datetime, timedelta
from importlib import import_module

from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text, update
from sqlmodel import col, select

from chatops.catalog import Verb
from chatops.desk import outcome
from chatops.model import message as messages
from chatops.model.facts import SenderRole
from chatops.model.history import History
from chatops.model.message import Author, Message, MessageState
from chatops.store import Transaction
from tests.desk.scenes import NOON, SHOP, BuyerThere, Desk, Teammate

SELLER = SenderRole.CUSTOMER_SERVICE
Fact = tuple[datetime, bool]
BACKFILL = import_module("migrations.versions.0027_answers_know_which_wait_they_ended").WHAT_HAPPENED


def facts(desk: Desk) -> dict[str, Fact]:
    """What answers know: which wait they ended, and whether they were the first."""
    known = desk.tx.all(Message, select(Message).where(col(Message.answers_since).is_not(None)))
    return {one.text: (one.answers_since, one.first_answer) for one in known if one.answers_since}


def told(desk: Desk, *, let_go: bool = True) -> dict[str, Fact]:
    """The same from everything that was said, one instant after the other."""
    found, lines = {}, desk.tx.all(History, select(History).where(col(History.what).in_(("resolved", "no_reply"))))
    everything = desk.tx.all(Message, select(Message))
    for ticket_id in {one.ticket_id for one in everything}:
        said = [one for one in everything if one.ticket_id == ticket_id]
        happened: list[tuple[datetime, int, Message | None]] = [
            (line.at, 2, None) for line in lines if line.ticket_id == ticket_id and let_go
        ]
        for one in said:
            if one.author is Author.BUYER:
                happened.append((one.said_at, 0, one))
            elif one.author is Author.SELLER_CENTER or one.state is MessageState.SENT:
                happened.append((one.sent_at or one.said_at, 1, one))
        open_since: list[datetime] = []
        answered = False
        for _, _, thing in sorted(happened, key=lambda each: each[:2]):
            if thing is None:
                open_since = []
            elif thing.author is Author.BUYER:
                open_since.append(thing.said_at)
            else:
                ended = [since for since in open_since if since <= thing.said_at]
                open_since = [since for since in open_since if since > thing.said_at]
                if ended:
                    found[thing.text] = min(ended), not answered
                answered = True
    return found


def test_an_answer_knows_since_when_the_buyer_waited(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.passes(minutes=2)
    mia.says("Hello?")
    desk.passes(minutes=1)
    li.says("On its way!", mia)
    desk.passes(seconds=10)
    li.says("It comes tomorrow.", mia)
    desk.passes(minutes=1)
    mia.says("Thanks, and the other?")
    mia.is_told("Please wait", role=SenderRole.ROBOT)
    desk.passes(minutes=1)
    mia.is_told("The day after.")
    assert (
        facts(desk)
        == {
            "On its way!": (NOON, True),
            "The day after.": (desk.kept - timedelta(minutes=1), False),
        }
        == told(desk)
    )
    assert desk.message("On its way!").sent_at == NOON + timedelta(minutes=3, seconds=10)


def test_what_never_reached_the_buyer_ended_nothing(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    desk.trouble = "45101"
    li.says("On its way!", asked)
    desk.passes(seconds=10)
    source = li.says("It comes tomorrow.", asked)
    li.deletes(source)
    desk.passes(seconds=10)
    assert facts(desk) == {}
    desk.trouble = None
    assert li.presses(Verb.RETRY, desk.message("On its way!"))
    desk.carry_out()
    assert facts(desk) == {"On its way!": (NOON, True)}


def test_an_answer_heard_late_takes_the_wait_that_it_ended(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    desk.passes(minutes=1)
    early = asked.writes("Let me see", role=SELLER)
    desk.passes(minutes=1)
    asked.says("Well?")
    desk.passes(minutes=1)
    li.says("On its way!", asked)
    desk.passes(seconds=10)
    assert facts(desk) == {"On its way!": (NOON, True)}
    asked.is_heard(early)
    second = NOON + timedelta(minutes=2)
    assert facts(desk) == {"Let me see": (NOON, True), "On its way!": (second, False)} == told(desk)


def test_an_answer_heard_only_after_the_ticket_was_resolved_ended_the_wait(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    desk.passes(minutes=1)
    late = asked.writes("On its way!", role=SELLER)
    desk.passes(minutes=1)
    li.says("!resolve", asked)
    asked.is_heard(late)
    assert facts(desk) == {"On its way!": (NOON, True)}


def test_what_needs_no_answer_waits_for_none_when_an_older_answer_is_heard(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    late = asked.writes("On its way!", role=SELLER)
    desk.passes(minutes=1)
    asked.says("Thanks!")
    li.says("!no-reply", asked)
    desk.passes(minutes=1)
    asked.is_heard(late)
    assert desk.ticket(asked).waiting_since is None
    assert facts(desk) == {"On its way!": (NOON, True)}


def test_a_doubt_that_an_echo_settles_counts_for_the_instant_at_which_it_was_sent(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("On its way!", asked)
    desk.now += timedelta(hours=1)
    written = desk.message("On its way!")
    outcome.sent(desk.tx, SHOP, written.id, "m-echo", desk.now, NOON + timedelta(seconds=6))
    known = messages.get(desk.tx, SHOP, written.id)
    assert known is not None
    assert (known.answers_since, known.sent_at) == (NOON, NOON + timedelta(seconds=6))


def test_a_first_answer_stays_one_when_its_ticket_goes_on_in_another(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.says("On its way!", asked)
    desk.passes(seconds=10)
    li.says("!resolve", asked)
    desk.passes(days=8)
    asked.says("And now?")
    desk.carry_out()
    li.says("Sorry!", asked)
    desk.passes(seconds=10)
    told = facts(desk)
    assert [first for _, first in told.values()] == [True, True], "two pieces of work"
    li.says("!merge", asked)
    assert facts(desk) == told, "what was told of these days stays true"


STEPS = some.lists(
    some.sampled_from(
        ["asks", "asks", "answers", "answers elsewhere", "elsewhere, late", "is heard", "resolves", "none needed"]
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=20)
def test_whatever_is_said_each_answer_knows_the_wait_that_it_ended(engine: Engine, steps: list[str]) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        desk = Desk(Transaction(connection))
        mia, li = desk.buyer("mia"), desk.teammate("li")
        mia.says("0")
        late = []
        for number, step in enumerate(steps, 1):
            desk.passes(minutes=1)
            match step:
                case "asks":
                    mia.says(f"{number}")
                case "answers":
                    li.says(f"answer {number}", mia)
                    desk.passes(seconds=10)
                case "answers elsewhere":
                    mia.is_told(f"answer {number}")
                case "elsewhere, late":
                    late.append(mia.writes(f"answer {number}", role=SELLER))
                case "is heard" if late:
                    mia.is_heard(late.pop())
                case "resolves":
                    li.says("!resolve", mia)
                case "none needed":
                    li.says("!no-reply", mia)
        for one in late:
            mia.is_heard(one)
        assert facts(desk) == told(desk)
        blank = {"answers_since": None, "first_answer": False}
        desk.tx.execute(update(Message).values(**blank))
        desk.tx.execute(text(BACKFILL))
        assert facts(desk) == told(desk, let_go=False), "what an upgrade makes of it"
        transaction.rollback()
