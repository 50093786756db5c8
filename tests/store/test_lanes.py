"""Lanes: what is put in comes out in order, once, to whoever claims."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import select

from chatops.store import Store
from chatops.store.lanes import (
    Back,
    Delivery,
    Done,
    GiveUp,
    Hold,
    Later,
    cancel,
    drop,
    drop_head,
    failing_heads,
    free_all,
    held_lanes,
    next_due,
    put,
    reschedule,
    resume,
    retry,
    undelivered,
)
from chatops.store.lanes.claims import CANDIDATES, HANDS
from chatops.store.lanes.tables import LANES
from chatops.store.prepared import keys
from tests.store.rooms import NOON, claim_all, claimed_texts, explained, put_one, seconds, settle_all, texts


async def fill(store: Store, lane: str, *what: str) -> None:
    for words in what:
        await store.write(put_one, lane, words)


async def test_deliveries_of_a_lane_come_in_order(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    assert await claimed_texts(store) == {"thread:1": ["one", "two", "three"]}


async def test_a_claimed_lane_is_not_claimed_again(store: Store) -> None:
    await fill(store, "thread:1", "one")
    assert await claimed_texts(store, "ada")
    await store.write(put_one, "thread:1", "two")
    assert await claimed_texts(store, "bob") == {}


async def test_what_is_done_is_gone_and_the_next_follows(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    await store.write(claim_all)
    assert await store.write(settle_all, [Done("thread:1", through=2)]) == set()
    assert await claimed_texts(store) == {"thread:1": ["three"]}
    await store.write(settle_all, [Done("thread:1", through=3)])
    assert await claimed_texts(store) == {}
    assert await store.read(next_due, NOON) is None


async def test_urgent_lanes_go_first_then_those_that_waited_longest(store: Store) -> None:
    await store.write(put_one, "card:1", "redraw", priority=3)
    await store.write(put_one, "thread:2", "younger", at=seconds(-1), priority=2)
    await store.write(put_one, "thread:1", "older", at=seconds(-2), priority=2)
    await store.write(put_one, "page:ada", "wake up", priority=0)
    claimed = await store.write(claim_all, lanes=3)
    assert [taken.lane for taken in claimed] == ["page:ada", "thread:1", "thread:2"]


async def test_a_lane_stays_as_urgent_as_the_most_urgent_that_waits_in_it(store: Store) -> None:
    await store.write(put_one, "channel:1", "wake up", priority=0)
    await store.write(put_one, "channel:1", "by the way", priority=5)
    await store.write(put_one, "card:1", "redraw", priority=3)
    claimed = await store.write(claim_all, lanes=1)
    assert [taken.lane for taken in claimed] == ["channel:1"]
    await store.write(settle_all, [Done("channel:1", through=2)])
    await store.write(put_one, "channel:1", "by the way", priority=5)
    claimed = await store.write(claim_all, lanes=1)
    assert [taken.lane for taken in claimed] == ["card:1"], "once it was empty it is as gentle as what comes"


async def test_a_hand_holds_no_more_than_asked_for(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    [taken] = await store.write(claim_all, per_lane=2)
    assert texts(taken) == ["one", "two"]


async def test_what_is_carried_one_by_one_brings_nothing_else_into_doubt(store: Store) -> None:
    await fill(store, "buyer:1", "one", "two")
    [taken] = await store.write(claim_all, alone=["say"])
    assert texts(taken) == ["one"]
    assert await store.write(cancel, "buyer:1", 2, NOON), "what is not in hand can be undone"
    await store.write(put_one, "buyer:1", "three")
    await store.write(free_all)
    [again] = await store.write(claim_all, alone=["say"])
    assert (texts(again), again.in_doubt_through) == (["one"], 1)
    await store.write(settle_all, [Done("buyer:1", through=1)])
    [rest] = await store.write(claim_all, alone=["say"])
    assert (texts(rest), rest.in_doubt_through) == (["three"], 0)


async def test_what_is_in_doubt_is_looked_for_one_by_one_too(store: Store) -> None:
    await fill(store, "buyer:1", "one", "two")
    await store.write(claim_all)
    await store.write(free_all)
    for number, words in ((1, "one"), (2, "two")):
        [taken] = await store.write(claim_all, alone=["say"])
        assert (texts(taken), taken.in_doubt_through) == ([words], 2)
        await store.write(settle_all, [Done("buyer:1", through=number, in_doubt_through=2 if number == 1 else 0)])


async def test_a_delivery_waits_for_its_time_and_so_do_its_followers(store: Store) -> None:
    await store.write(put_one, "buyer:1", "undo me", at=seconds(5))
    await store.write(put_one, "buyer:1", "at once", at=NOON)
    assert await claimed_texts(store) == {}
    assert await store.read(next_due, NOON) == seconds(5)
    assert await claimed_texts(store, at=seconds(5)) == {"buyer:1": ["undo me", "at once"]}


async def test_a_lane_is_ready_when_its_next_delivery_is_due(store: Store) -> None:
    await store.write(put_one, "buyer:1", "now")
    await store.write(put_one, "buyer:1", "later", at=seconds(60))
    [taken] = await store.write(claim_all)
    assert texts(taken) == ["now"]
    await store.write(settle_all, [Done("buyer:1", through=1)])
    assert await store.read(next_due, NOON) == seconds(60)
    assert await claimed_texts(store, at=seconds(60)) == {"buyer:1": ["later"]}


async def test_only_one_redraw_waits(store: Store) -> None:
    assert await store.write(put_one, "card:1", "first", coalesce=True) == 1
    assert await store.write(put_one, "card:1", "second", coalesce=True) == 0
    assert await claimed_texts(store) == {"card:1": ["second"]}


async def test_a_redraw_in_hand_does_not_swallow_a_new_one(store: Store) -> None:
    await store.write(put_one, "card:1", "old state", coalesce=True)
    await store.write(claim_all)
    assert await store.write(put_one, "card:1", "new state", coalesce=True) == 2
    assert await store.write(put_one, "card:1", "newest state", coalesce=True) == 0
    await store.write(settle_all, [Done("card:1", through=1)])
    assert await claimed_texts(store) == {"card:1": ["newest state"]}


async def test_numbers_have_no_gap_after_coalescing(store: Store) -> None:
    for _ in range(3):
        await store.write(put_one, "card:1", "redraw", coalesce=True)
    await store.write(claim_all)
    await store.write(settle_all, [Done("card:1", through=1)])
    assert await store.write(put_one, "card:1", "redraw", coalesce=True) == 2
    assert await store.read(next_due, NOON) == NOON


async def test_an_answer_that_is_undone_is_never_sent(store: Store) -> None:
    first = await store.write(put_one, "buyer:1", "oops", at=seconds(5))
    await store.write(put_one, "buyer:1", "better", at=seconds(6))
    assert await store.write(cancel, "buyer:1", first, NOON)
    assert not await store.write(cancel, "buyer:1", first, NOON)
    assert await store.read(next_due, NOON) == seconds(6)
    assert await claimed_texts(store, at=seconds(6)) == {"buyer:1": ["better"]}


async def test_undoing_the_only_answer_leaves_an_idle_lane(store: Store) -> None:
    only = await store.write(put_one, "buyer:1", "oops", at=seconds(5))
    assert await store.write(cancel, "buyer:1", only, NOON)
    assert await store.read(next_due, NOON) is None
    assert await store.write(put_one, "buyer:1", "again") == 2
    assert await claimed_texts(store) == {"buyer:1": ["again"]}


async def test_undoing_many_in_the_middle_skips_them(store: Store) -> None:
    await fill(store, "buyer:1", *[str(number) for number in range(1, 31)])
    for seq in range(2, 30):
        assert await store.write(cancel, "buyer:1", seq, NOON)
    [taken] = await store.write(claim_all, per_lane=5)
    await store.write(settle_all, [Done("buyer:1", through=taken.deliveries[-1].seq)])
    assert await claimed_texts(store) == {"buyer:1": ["30"]}


async def test_what_is_in_hand_cannot_be_undone(store: Store) -> None:
    seq = await store.write(put_one, "buyer:1", "gone")
    await store.write(claim_all)
    assert not await store.write(cancel, "buyer:1", seq, NOON)
    assert not await store.write(reschedule, "buyer:1", seq, seconds(60), NOON)


async def test_a_waiting_answer_can_be_sent_sooner(store: Store) -> None:
    seq = await store.write(put_one, "buyer:1", "hello", at=seconds(60))
    assert await store.write(reschedule, "buyer:1", seq, seconds(1), NOON)
    assert await claimed_texts(store, at=seconds(1)) == {"buyer:1": ["hello"]}


async def test_a_head_that_fails_is_tried_again_and_counted(store: Store) -> None:
    await fill(store, "thread:1", "one", "two")
    await store.write(claim_all)
    await store.write(settle_all, [Later("thread:1", seconds(10), "unavailable")])
    assert await claimed_texts(store, at=seconds(9)) == {}
    [head] = await store.read(failing_heads)
    assert (head.seq, head.attempts, head.last_error) == (1, 1, "unavailable")
    [taken] = await store.write(claim_all, at=seconds(10))
    assert texts(taken) == ["one", "two"]
    assert taken.in_doubt_through == 0


async def test_part_of_a_hand_may_be_done(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    await store.write(claim_all)
    await store.write(
        settle_all, [Done("thread:1", through=1), Later("thread:1", seconds(10), "unsure", in_doubt=True)]
    )
    [taken] = await store.write(claim_all, at=seconds(10))
    assert texts(taken) == ["two", "three"]
    assert taken.in_doubt_through == 3


async def test_being_too_fast_is_not_an_attempt(store: Store) -> None:
    await fill(store, "thread:1", "one")
    await store.write(claim_all)
    await store.write(settle_all, [Later("thread:1", seconds(10), "ratelimited", counts=False)])
    [taken] = await store.write(claim_all, at=seconds(10))
    assert taken.deliveries[0].attempts == 0


async def test_a_held_lane_waits_for_a_person(store: Store) -> None:
    await fill(store, "buyer:1", "one", "two")
    await store.write(claim_all)
    await store.write(settle_all, [Hold("buyer:1", "nobody knows")])
    await store.write(put_one, "buyer:1", "three")
    assert await store.read(next_due, NOON) is None
    assert [lane.key for lane in await store.read(held_lanes)] == ["buyer:1"]
    assert await store.write(resume, "buyer:1", NOON)
    assert await claimed_texts(store) == {"buyer:1": ["one", "two", "three"]}
    assert await store.read(held_lanes) == []


async def test_a_lane_that_waits_for_its_time_can_be_told_to_go_on(store: Store) -> None:
    await store.write(put_one, "buyer:1", "undo me", at=seconds(60))
    assert await store.write(resume, "buyer:1", NOON)
    assert await claimed_texts(store) == {"buyer:1": ["undo me"]}


async def test_a_person_drops_the_head_of_a_held_lane(store: Store) -> None:
    await fill(store, "buyer:1", "one", "two")
    await store.write(claim_all)
    await store.write(settle_all, [Hold("buyer:1", "rejected")])
    dropped = await store.write(drop_head, "buyer:1", NOON)
    assert dropped is not None
    assert dropped.args == {"text": "one"}
    assert await claimed_texts(store) == {"buyer:1": ["two"]}


async def test_what_a_worker_holds_is_neither_resumed_nor_dropped(store: Store) -> None:
    await fill(store, "buyer:1", "one")
    await store.write(claim_all)
    assert not await store.write(resume, "buyer:1", NOON)
    assert await store.write(drop_head, "buyer:1", NOON) is None


async def test_what_is_given_up_is_kept_for_a_person_and_the_lane_goes_on(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    await store.write(claim_all)
    await store.write(settle_all, [Done("thread:1", through=1), GiveUp("thread:1", 2, "channel_not_found")])
    [lost] = await store.read(undelivered)
    assert (lost.seq, lost.error, lost.args, lost.failed_at) == (2, "channel_not_found", {"text": "two"}, NOON)
    assert await claimed_texts(store) == {"thread:1": ["three"]}
    await store.write(settle_all, [Done("thread:1", through=3)])
    assert await store.write(retry, "thread:1", 2, NOON) == 4
    assert await claimed_texts(store) == {"thread:1": ["two"]}
    assert await store.read(undelivered) == []


async def test_what_is_given_up_can_be_forgotten(store: Store) -> None:
    await fill(store, "thread:1", "one")
    await store.write(claim_all)
    await store.write(settle_all, [GiveUp("thread:1", 1, "channel_not_found")])
    assert await store.write(drop, "thread:1", 1)
    assert not await store.write(drop, "thread:1", 1)


async def test_what_is_given_up_under_a_number_used_long_ago_takes_its_place(store: Store) -> None:
    for word in ("of a lane that was forgotten", "new"):
        await fill(store, "thread:1", word)
        await store.write(claim_all)
        await store.write(settle_all, [GiveUp("thread:1", 1, "channel_not_found")])
        await store.write(lambda tx: tx.execute(delete(LANES)))
    assert [lost.args for lost in await store.read(undelivered)] == [{"text": "new"}]


async def test_a_stopping_worker_gives_lanes_back_untouched(store: Store) -> None:
    await fill(store, "thread:1", "one")
    [taken] = await store.write(claim_all)
    await store.write(settle_all, [Back("thread:1", taken.in_doubt_through)])
    [again] = await store.write(claim_all, "bob")
    assert (texts(again), again.in_doubt_through) == (["one"], 0)


async def test_after_a_crash_what_was_in_hand_is_in_doubt(store: Store) -> None:
    await fill(store, "thread:1", "one", "two")
    await store.write(claim_all, per_lane=1)
    await store.write(free_all)
    [taken] = await store.write(claim_all, "next life")
    assert (texts(taken), taken.in_doubt_through) == (["one"], 1)


async def test_a_second_crash_widens_no_doubt(store: Store) -> None:
    await fill(store, "thread:1", "one", "two")
    await store.write(claim_all)
    await store.write(free_all)
    await fill(store, "thread:1", "three")
    await store.write(claim_all, "second life")
    await store.write(free_all)
    [taken] = await store.write(claim_all, "third life")
    assert (texts(taken), taken.in_doubt_through) == (["one", "two"], 2)
    await store.write(settle_all, [Done("thread:1", 2)], "third life")
    [following] = await store.write(claim_all, "third life")
    assert (texts(following), following.in_doubt_through) == (["three"], 0)


async def test_all_that_is_in_doubt_is_handed_out_together(store: Store) -> None:
    await fill(store, "thread:1", "one", "two", "three")
    await store.write(claim_all)
    [taken] = await store.write(claim_all, "bob", at=seconds(31), per_lane=1)
    assert (texts(taken), taken.in_doubt_through) == (["one", "two", "three"], 3)
    await store.write(settle_all, [Done("thread:1", 1, in_doubt_through=3)], "bob", at=seconds(31))
    [again] = await store.write(claim_all, "bob", at=seconds(31), per_lane=1)
    assert again.in_doubt_through == 3


async def test_the_bell_rings_for_a_delivery_and_not_for_other_writes(store: Store) -> None:
    bell = store.bells()
    await store.write(free_all)
    bell.clear()
    await store.write(held_lanes)
    assert not bell.is_set()
    await store.write(put_one, "thread:1", "one")
    assert bell.is_set()


async def test_the_next_claim_is_known_while_a_lane_is_in_hand(store: Store) -> None:
    await fill(store, "thread:1", "one")
    await store.write(claim_all)
    assert await store.read(next_due, NOON) == seconds(30)


async def test_rows_come_back_as_they_were_put(store: Store) -> None:
    await store.write(
        put,
        lane="thread:1",
        scope="C1",
        wide="T1",
        priority=2,
        kind="mirror",
        args={"message": 7, "名": "包裹 📦"},
        not_before=NOON + timedelta(milliseconds=1),
        now=NOON,
    )
    row = await store.read(lambda tx: tx.one(Delivery, select(Delivery)))
    assert row == Delivery(
        lane="thread:1",
        seq=1,
        kind="mirror",
        args={"message": 7, "名": "包裹 📦"},
        not_before=NOON + timedelta(milliseconds=1),
        attempts=0,
        created_at=NOON,
    )


async def test_claiming_looks_only_at_lanes_that_wait(store: Store) -> None:
    plan = await store.write(explained, CANDIDATES, {"now": NOON, "candidates": 10, "side": "shop/%"})
    assert "lane_waiting" in plan
    assert "SCAN lane\n" not in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


async def test_deliveries_are_found_by_their_number(store: Store) -> None:
    plan = await store.write(explained, HANDS, {"lanes": keys(["thread:1", "thread:2"]), "per_lane": 5})
    assert "SCAN delivery" not in plan
    assert "SCAN lane" not in plan
    assert "Seq Scan" not in plan
