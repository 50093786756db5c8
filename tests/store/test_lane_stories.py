"""Any story of putting, undoing, claiming, crashing and settling keeps the order and loses nothing."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel, select

from chatops.store import Transaction
from chatops.store.lanes import (
    Back,
    Claimed,
    Done,
    GiveUp,
    Hold,
    Lane,
    Later,
    Outcome,
    cancel,
    drop_head,
    next_due,
    resume,
)
from chatops.store.lanes.pace import Pace
from chatops.store.lanes.tables import Delivery, Undelivered
from chatops.store.transaction import table
from tests.store.rooms import LEASE, NOON, claim_all, put_one, settle_all, texts

LANES = st.sampled_from(["thread:1", "thread:2"])
OWNERS = ("ada", "bob")


class LaneStory(RuleBasedStateMachine):
    """What a perfect world would do, next to what the lanes do."""

    def __init__(self) -> None:
        super().__init__()
        engine = create_engine("sqlite://", poolclass=StaticPool)
        SQLModel.metadata.create_all(engine, [table(one) for one in (Lane, Delivery, Undelivered, Pace)])
        self.connection: Connection = engine.connect()
        self.tx = Transaction(self.connection)
        self.now: datetime = NOON
        self.waiting: dict[str, list[int]] = {"thread:1": [], "thread:2": []}
        self.touched: dict[str, set[int]] = {"thread:1": set(), "thread:2": set()}  # in hand now, or in doubt
        self.hands: dict[str, tuple[str, Claimed]] = {}
        self.held: set[str] = set()

    def teardown(self) -> None:
        self.connection.close()

    @rule(lane=LANES, delay=st.sampled_from([0, 5]))
    def put(self, lane: str, delay: int) -> None:
        seq = put_one(self.tx, lane, "hello", at=self.now + timedelta(seconds=delay))
        assert seq not in self.waiting[lane]
        self.waiting[lane].append(seq)

    @rule(lane=LANES, place=st.integers(0, 5))
    def undo(self, lane: str, place: int) -> None:
        if place < len(self.waiting[lane]):
            seq = self.waiting[lane][place]
            possible = seq not in self.touched[lane]
            assert cancel(self.tx, lane, seq, self.now) == possible
            if possible:
                self.waiting[lane].remove(seq)
                if place == 0:
                    self.held.discard(lane)

    @rule(owner=st.sampled_from(OWNERS), per_lane=st.integers(1, 3))
    def claim(self, owner: str, per_lane: int) -> None:
        for taken in claim_all(self.tx, owner, at=self.now, per_lane=per_lane):
            assert taken.lane not in self.held
            former = self.hands.get(taken.lane)
            assert former is None or former[1].lease_until <= self.now
            seqs = [delivery.seq for delivery in taken.deliveries]
            assert seqs
            assert seqs == self.waiting[taken.lane][: len(seqs)]
            assert {seq for seq in self.touched[taken.lane] if seq > taken.in_doubt_through} == set()
            assert len(texts(taken)) == len(seqs)
            self.touched[taken.lane] |= set(seqs)
            self.hands[taken.lane] = (owner, taken)

    @precondition(lambda self: self.hands)
    @rule(what=st.sampled_from(["done", "first", "later", "doubt", "hold", "give up", "back"]), lane=LANES)
    def settle(self, what: str, lane: str) -> None:
        if lane not in self.hands:
            return
        owner, taken = self.hands.pop(lane)
        stranger = OWNERS[1 - OWNERS.index(owner)]
        first, last = taken.deliveries[0].seq, taken.deliveries[-1].seq
        again = self.now + timedelta(seconds=10)
        stories: dict[str, tuple[Outcome, int, int]] = {
            "done": (Done(lane, last), last, 0),
            "first": (Done(lane, first, in_doubt_through=taken.in_doubt_through), first, taken.in_doubt_through),
            "later": (Later(lane, again, "unavailable"), 0, 0),
            "doubt": (Later(lane, again, "unsure", in_doubt=True), 0, max(self.touched[lane])),
            "hold": (Hold(lane, "rejected"), 0, 0),
            "give up": (GiveUp(lane, first, "rejected"), first, 0),
            "back": (Back(lane, taken.in_doubt_through), 0, taken.in_doubt_through),
        }
        outcome, done, doubtful = stories[what]
        assert settle_all(self.tx, [outcome], stranger, at=self.now) == {lane}
        assert settle_all(self.tx, [outcome], owner, at=self.now) == set()
        self.waiting[lane] = [seq for seq in self.waiting[lane] if seq > done]
        self.touched[lane] = {seq for seq in self.touched[lane] if done < seq <= doubtful}
        if what == "hold":
            self.held.add(lane)

    @rule(lane=LANES, again=st.booleans())
    def decide(self, lane: str, again: bool) -> None:
        if lane in self.held:
            if again:
                assert resume(self.tx, lane, self.now)
            else:
                dropped = drop_head(self.tx, lane, self.now)
                assert dropped is not None
                assert dropped.seq == self.waiting[lane].pop(0)
            self.held.discard(lane)

    @rule(amount=st.sampled_from([timedelta(seconds=11), LEASE]))
    def pass_time(self, amount: timedelta) -> None:
        self.now += amount

    @invariant()
    def counters_agree(self) -> None:
        for lane in self.tx.all(Lane, select(Lane)):
            assert lane.done_seq <= lane.claimed_seq <= lane.next_seq
            assert (lane.key in self.held) == lane.held
            asleep = not self.waiting[lane.key] or lane.held
            assert (lane.ready_at is None) == asleep or lane.owner is not None

    @invariant()
    def nothing_is_forgotten(self) -> None:
        anything = any(self.waiting[lane] for lane in self.waiting if lane not in self.held)
        assert (next_due(self.tx, self.now) is not None) == anything or bool(self.hands)


TestLaneStory = LaneStory.TestCase
TestLaneStory.settings = settings(max_examples=60, stateful_step_count=40)
