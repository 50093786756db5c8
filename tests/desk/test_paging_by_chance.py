"""Whatever happens in whatever order: one page a ticket, nobody rung for nothing, nobody forgotten."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, update
from sqlmodel import col, select

from chatops.desk import definitions, paging
from chatops.desk.definitions import Defined
from chatops.model import page as pages
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.page import UNANSWERED, NoticeState, Page, PageNotice, Summons, Why
from chatops.rules.escalation import BUNDLE, Cause, Escalation, PageState, Step
from chatops.rules.rotation import Layer, Rotation, Unit
from chatops.rules.targets import Urgency
from chatops.store import Transaction
from chatops.store.instants import earliest
from chatops.times import to_milliseconds
from tests.desk.scenes import NIGHT, NOON, BuyerThere, Desk, Teammate

NEXT = earliest(*pages.NEXT_AT)
NAMES = ("li", "noor", "ana")


class Night:
    """A desk where anything may happen, with a watch on what must never."""

    def __init__(self, tx: Transaction) -> None:
        self.desk = Desk(tx)
        self.team = [self.desk.teammate(name) for name in NAMES]
        self.team[2] = Teammate(self.desk, "ana")
        self.desk.knows(self.team[2], role=Role.LEAD, quiet="12:00-12:45", timezone="Europe/London")
        self.desk.now = NOON + timedelta(minutes=17)
        layer = Layer(("li", "noor", "nobody"), NOON.replace(tzinfo=None), Unit.HOUR)
        steps = (Step(("rotation desk",), "3m"), Step(("agent ana", "agent li"), "4m"))
        for kind, name, spec in (
            (DefinitionKind.ROTATION, "desk", Rotation("team", "UTC", (layer,))),
            (DefinitionKind.ESCALATION, "front", Escalation("team", steps, NIGHT, acknowledged_for="5m")),
        ):
            definitions.define(tx, Defined(kind, name, spec), None, self.desk.now)
        self.buyers = [self.desk.buyer(name) for name in ("mia", "budi")]
        for buyer in self.buyers:
            buyer.says("Hello?")
        self.desk.carry_out()

    def happens(self, what: str, who: int, buyer: BuyerThere) -> None:
        """Let one thing happen."""
        agent, ticket = self.team[who], self.desk.ticket(buyer)
        said = {
            "claims": "!claim",
            "answers": "On its way!",
            "passes": f"!pass {NAMES[who - 1]}",
            "resolves": "!resolve",
        }
        match what:
            case "warns" | "breaches":
                why = Why.WARN if what == "warns" else Why.BREACH
                paging.summon(self.desk.tx, ticket, "front", why, Urgency.PAGE, self.desk.now, self.desk.now)
            case "is kept":
                paging.settle(self.desk.tx, ticket, "met", self.desk.now)
            case "a moment" | "some minutes" | "an hour":
                self.passes({"a moment": 20, "some minutes": 200, "an hour": 3600}[what])
            case "nobody hears li" | "li hears again":
                self.desk.deaf = {"li"} if what.startswith("nobody") else set()
            case _:
                agent.says(said.get(what, f"!pass {NAMES[who - 1]}"), buyer)

    def passes(self, seconds: int) -> None:
        """Let time pass, with what is due at its instant."""
        until = self.desk.now + timedelta(seconds=seconds)
        while (due := self.desk.tx.scalar(NEXT)) is not None and due <= until:
            self.desk.now = max(due, self.desk.now)
            climbed = paging.climb_due(self.desk.tx, self.desk.now)
            assert climbed + paging.ring_due(self.desk.tx, self.desk.now), "what is due can be done"
            self.settles()
        self.desk.now = until
        self.settles()

    def settles(self) -> None:
        """Let everything be carried out, and look at it."""
        self.desk.carry_out()
        self.is_sound()

    def is_sound(self) -> None:
        """See that nobody is forgotten, and nobody rung twice."""
        tx, now = self.desk.tx, self.desk.now
        found = tx.all(Page, select(Page))
        for page in found:
            assert (page.next_at is not None) == (page.state in (PageState.CALLING, PageState.ACKNOWLEDGED))
            assert page.next_at is None or page.next_at >= now
            log = pages.records(tx, page)
            assert [line.seq for line in log] == list(range(1, len(log) + 1))
            calls = [line for line in log if line.people and line.what in list(Cause)]
            cries = [line for line in log if line.what in (Cause.FALLBACK, Cause.EXHAUSTED)]
            assert calls or cries, "somebody hears of every page"
            told = {(one.call, one.agent_id) for one in pages.notices(tx, page)}
            assert len(told) == sum(len(line.people) for line in calls), "each call of each person is one notice"
        assert len({(page.shop_id, page.ticket_id) for page in found if page.state is not PageState.OVER}) == sum(
            page.state is not PageState.OVER for page in found
        )
        for notice in tx.all(PageNotice, select(PageNotice)):
            page = next(one for one in found if (one.ticket_id, one.number) == (notice.ticket_id, notice.number))
            if notice.state is NoticeState.WAITING:
                assert page.state in UNANSWERED, "nobody is rung up for what somebody has"
                assert notice.ring_at >= now
        for name in NAMES:
            rings = [one.rung_at for one in tx.all(Summons, select(Summons)) if one.agent_id == name]
            rings.sort()
            assert all(to_milliseconds(after) - to_milliseconds(before) >= BUNDLE for before, after in pairwise(rings))


happenings = some.tuples(
    some.sampled_from(
        ("warns", "warns", "breaches", "is kept", "claims", "answers", "passes", "resolves", "a moment", "some minutes",
         "an hour", "nobody hears li", "li hears again")
    ),
    some.integers(0, 2),
    some.integers(0, 1),
)  # fmt: skip


@settings(max_examples=10)
@given(some.lists(happenings, max_size=15))
def test_nobody_is_forgotten_and_nobody_rung_for_nothing(engine: Engine, story: list[tuple[str, int, int]]) -> None:
    with engine.connect() as connection, connection.begin() as undone:
        night = Night(Transaction(connection))
        for what, who, buyer in story:
            night.happens(what, who, night.buyers[buyer])
            night.settles()
        night.passes(4 * 3600)
        open_pages = [page for page in night.desk.tx.all(Page, select(Page)) if page.state is not PageState.OVER]
        assert all(page.state is PageState.EXHAUSTED for page in open_pages), "without an answer everybody was called"
        undone.rollback()


def test_every_way_of_it_happens(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        night = Night(Transaction(connection))
        night.desk.tx.execute(update(Agent).where(col(Agent.id) == "nobody").values(is_guest=True))  # who has left
        mia, budi = night.buyers
        for seconds, what, who, buyer in (
            (0, "warns", 0, mia),  # at 12:17
            (20, "breaches", 0, mia),
            (100, "passes", 1, mia),
            (100, "claims", 0, mia),
            (400, "is kept", 0, mia),
            (1_850, "warns", 0, budi),  # at 12:59: Noor comes on call at 13:00
            (1_800, "nobody hears li", 0, mia),
            (0, "breaches", 0, mia),
            (2_400, "warns", 0, mia),  # at 14:09 nobody is on call who is there
            (600, "breaches", 0, budi),
        ):
            night.passes(seconds)
            night.happens(what, who, buyer)
            night.settles()
        log = [line for page in night.desk.tx.all(Page, select(Page)) for line in pages.records(night.desk.tx, page)]
        expected = "step joined risen passed acknowledged again handover empty unreachable exhausted over"
        assert {line.what for line in log} >= set(expected.split())
