"""Letting go on, or giving up, what stands still: for whoever looks after the installation."""

from datetime import datetime

from sqlmodel import col, select

from chatops.desk import replies
from chatops.model import message as messages
from chatops.model.message import Message, MessageState
from chatops.outbox import Kind
from chatops.store import lanes
from chatops.store.lanes import Delivery
from chatops.store.transaction import Transaction


def go_on(tx: Transaction, lane: str, now: datetime) -> bool:
    """Let a lane that stands still go on at once, an answer that failed too; False when it is empty or being sent."""
    answer = _answer_at_head(tx, lane)
    if answer is not None and answer.state == MessageState.FAILED:  # as it stands it would be passed over as moot
        replies.try_again(tx, answer, now)
        return True
    return lanes.resume(tx, lane, now)


def give_up_head(tx: Transaction, lane: str, now: datetime) -> bool:
    """Give the head of a lane up, an answer as its writer would; False when the lane is empty or being sent."""
    answer = _answer_at_head(tx, lane)
    if answer is not None and answer.state in (MessageState.FAILED, MessageState.WAITING):
        return replies.take_back(tx, answer, now)
    return lanes.drop_head(tx, lane, now) is not None


def _answer_at_head(tx: Transaction, lane: str) -> Message | None:
    head = tx.one(Delivery, select(Delivery).where(Delivery.lane == lane).order_by(col(Delivery.seq)).limit(1))
    if head is None or head.kind != Kind.REPLY:
        return None
    return messages.lock(tx, head.args["shop_id"], head.args["message_id"])
