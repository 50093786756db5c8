"""Notifications are kept once, taken in once, in the order in which they came; what makes no sense waits."""

from datetime import datetime

from sqlmodel import select

from chatops.desk import intake
from chatops.desk.intake import Notification
from chatops.model import inbox
from chatops.model.inbox import Inbox, InboxState
from chatops.store import Transaction
from tests.desk.scenes import NOON, SHOP, SUPPORT, BuyerThere, Desk


def notification(text: str, number: int = 1, state: InboxState = InboxState.RECEIVED) -> Notification:
    return Notification(f"n{number}", SHOP, "14", NOON, number, text, state)


def said_by(buyer: BuyerThere) -> intake.Understand:
    """Understand each body as what a buyer writes."""

    def understand(tx: Transaction, row: Inbox, now: datetime) -> object:
        return intake.message_arrived(tx, row.scope, now, buyer.writes(row.body or ""))

    return understand


def test_a_notification_counts_once_however_often_it_comes(desk: Desk, mia: BuyerThere) -> None:
    heard = notification("Where is my parcel?")
    intake.received(desk.tx, [heard, heard])
    intake.received(desk.tx, [heard])
    assert intake.take_in(desk.tx, said_by(mia), 10, desk.now) == 1
    intake.received(desk.tx, [heard])
    assert intake.take_in(desk.tx, said_by(mia), 10, desk.now) == 0
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "Where is my parcel?"]
    receipts = desk.tx.all(Inbox, select(Inbox))
    assert [(receipt.state, receipt.body) for receipt in receipts] == [(InboxState.DONE, None)]


def test_what_was_kept_is_taken_in_in_the_order_in_which_it_came(desk: Desk, mia: BuyerThere) -> None:
    intake.received(desk.tx, [notification(word, place) for place, word in ((3, "third"), (1, "first"), (2, "second"))])
    assert intake.take_in(desk.tx, said_by(mia), 2, desk.now) == 2
    assert intake.take_in(desk.tx, said_by(mia), 2, desk.now) == 1
    desk.carry_out()
    assert desk.channels[SUPPORT] == ["(card)", "first", "second", "third"]


def test_a_notification_of_no_use_is_kept_as_it_came(desk: Desk, mia: BuyerThere) -> None:
    intake.received(desk.tx, [notification('{"type": 99}', state=InboxState.IGNORED)])
    assert intake.take_in(desk.tx, said_by(mia), 10, desk.now) == 0
    kept = inbox.get(desk.tx, intake.SOURCE, "n1")
    assert kept is not None
    assert (kept.state, kept.body, kept.scope) == (InboxState.IGNORED, '{"type": 99}', SHOP)


def test_what_nobody_understands_is_kept_until_it_is_settled(desk: Desk, mia: BuyerThere) -> None:
    intake.received(desk.tx, [notification('{"odd": 1}'), notification("Hello", 2)])
    [odd, _] = inbox.received(desk.tx, intake.SOURCE, 10)
    intake.not_understood(desk.tx, odd, "no conversation id")
    assert intake.take_in(desk.tx, said_by(mia), 10, desk.now) == 1
    intake.received(desk.tx, [notification('{"odd": 1}')])
    [failed] = inbox.failed(desk.tx)
    assert (failed.body, failed.fault) == ('{"odd": 1}', "no conversation id")
    intake.settled(desk.tx, failed)
    assert inbox.failed(desk.tx) == []
    settled = inbox.get(desk.tx, intake.SOURCE, "n1")
    assert settled is not None
    assert settled.body is None
