"""One row changes by its key: in its table and in the hand, and no other row does."""

from sqlmodel import col, select

from chatops.model.ticket import Ticket, TicketKind, TicketPriority
from chatops.store import Transaction
from chatops.store.transaction import new
from tests.desk.scenes import NOON, SHOP, Desk


def test_one_row_changes_by_its_key(desk: Desk, tx: Transaction) -> None:
    for name in ("mia", "budi"):
        desk.buyer(name).says("Hello")
    first, second = tx.all(Ticket, select(Ticket).order_by(col(Ticket.id)))
    tx.update(first, priority=TicketPriority.HIGH, tags=["vip"], snoozed_until=NOON)
    assert (first.priority, first.tags, first.snoozed_until) == (TicketPriority.HIGH, ["vip"], NOON)
    again = tx.get(Ticket, SHOP, first.id)
    assert again is not None
    assert again.model_dump() == first.model_dump()
    other = tx.get(Ticket, SHOP, second.id)
    assert other is not None
    assert other.model_dump() == second.model_dump()


def test_rows_made_in_a_hurry_have_their_defaults_and_share_no_list() -> None:
    one, other = (
        new(Ticket, shop_id=SHOP, id=number, conversation_id="c", kind=TicketKind.CHAT, opened_at=NOON)
        for number in "12"
    )
    one.tags.append("vip")
    made = Ticket(shop_id=SHOP, id="2", conversation_id="c", kind=TicketKind.CHAT, opened_at=NOON)
    assert other.model_dump() == made.model_dump()
