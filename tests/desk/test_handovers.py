"""Looking after rotations: what people are told and when, holes found beforehand, and the log of it all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chatops.cards.oncall import on_call as asked
from chatops.catalog import Verb
from chatops.desk import definitions, handovers, settings, setup, shifts
from chatops.desk.definitions import Defined
from chatops.desk.team import learned
from chatops.errors import Refusal, Refused
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import oncall
from chatops.model import rotation as rotations
from chatops.model.agent import Agent, Role
from chatops.model.definition import DefinitionKind
from chatops.model.facts import AgentProfile
from chatops.model.page import NoticeState, PageNotice
from chatops.model.rotation import OnCall
from chatops.model.workspace import PlatformName, Workspace
from chatops.rules.escalation import Cause
from chatops.rules.rotation import Layer, Rotation, Unit
from chatops.store import Transaction
from chatops.store.lanes import Delivery
from handlers.http.oncall_orders import holes
from tests.desk.scenes import NIGHT, NOON, TEAM, a_workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = datetime(2026, 5, 4, 9)  # noqa: DTZ001 - a wall clock
ALWAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
OFFICE = {"mon": ("09:00-17:00",)}


class Rotating:
    """A workspace with one rotation, and a clock."""

    def __init__(self, tx: Transaction) -> None:
        self.tx, self.now = tx, NOON
        tx.insert(a_workspace())
        for name in ("li", "noor", "ana"):
            tx.insert(Agent(workspace_id=TEAM, id=name, name=name.title(), timezone="UTC", learned_at=NOON))
        tx.insert(Agent(workspace_id=TEAM, id="boss", name="Boss", role=Role.LEAD, learned_at=NOON))

    def turns(self, *members: str, zone: str = "UTC", **more: Any) -> None:
        """Let people take turns of a day from 9 o'clock on."""
        spec = Rotation("team", zone, (Layer(members, NINE, Unit.DAY, **more),), channel=NIGHT, group="S1")
        definitions.define(self.tx, Defined(DefinitionKind.ROTATION, "front", spec), None, self.now)

    def who(self, name: str) -> Agent:
        found = agents.get(self.tx, TEAM, name)
        assert found is not None
        return found

    def passes(self, time: timedelta) -> None:
        """Let time pass; whatever is due is seen to at its instant."""
        until = self.now + time
        while (due := self.tx.scalar(rotations.NEXT_AT)) is not None and due <= until:
            self.now = max(due, self.now)
            while handovers.change_due(self.tx, self.now):
                pass
        self.now = until

    def says(self, name: str, verb: Verb, words: str = "") -> str:
        """Let somebody say something about being on call; return why not, if they may not."""
        try:
            if verb in shifts.BY_BUTTON:
                shifts.BY_BUTTON[verb](self.tx, self.who(name), words, {}, self.now)
            else:
                settings.BY_VERB[verb](self.tx, self.who(name), words, self.now)
        except Refused as refused:
            return refused.reason
        return ""

    def news(self) -> list[str]:
        """Return what waits to be told, and forget it."""
        waiting = self.tx.all(Delivery, select(Delivery).order_by(col(Delivery.created_at), col(Delivery.lane)))
        self.tx.connection.exec_driver_sql("DELETE FROM delivery")
        return sorted(
            " ".join(
                filter(None, [one.kind, one.args.get("about"), one.args.get("agent_id"), *one.args.get("after", ())])
            )
            for one in waiting
            if one.kind in ("rota", "duty")
        )

    def on(self, hours: float = 0) -> str:
        return " ".join(agent.id for agent in oncall.on_call(self.tx, "front", self.now + hours * HOUR))

    def log(self) -> list[str]:
        """Return who was on call from when to when."""
        lines = self.tx.all(OnCall, select(OnCall).order_by(col(OnCall.start_at), col(OnCall.agent_id)))
        ends = [f"{line.end_at:%d %H:%M}" if line.end_at else "…" for line in lines]
        return [f"{one.agent_id} {one.start_at:%d %H:%M}-{end}" for one, end in zip(lines, ends, strict=True)]

    def asks(self, name: str, words: str) -> str:
        with language("en"):
            card = asked(self.tx, self.who(name), words, self.now)
        return f"{card.summary}\n{card.parts}"


@pytest.fixture
def team(tx: Transaction) -> Rotating:
    return Rotating(tx)


def test_a_handover_is_logged_and_told_and_announced_half_an_hour_before(team: Rotating) -> None:
    team.turns("li", "noor")
    assert team.news() == ["rota handover li"]
    team.passes(20.25 * HOUR)
    assert team.news() == []
    team.passes(0.5 * HOUR)
    assert team.news() == ["duty coming noor"]
    team.passes(0.5 * HOUR)
    assert team.news() == ["rota handover noor"]
    assert team.log() == ["li 04 12:00-05 09:00", "noor 05 09:00-…"]
    team.passes(timedelta())
    assert team.news() == []


def test_after_days_away_every_turn_is_in_the_log_and_only_the_last_change_is_told(team: Rotating) -> None:
    team.turns("li", "noor", "ana")
    team.news()
    team.now += 3 * DAY
    assert handovers.change_due(team.tx, team.now) == 1
    assert team.log() == ["li 04 12:00-05 09:00", "noor 05 09:00-06 09:00", "ana 06 09:00-07 09:00", "li 07 09:00-…"]
    assert team.news() == []  # the same person as before: nobody has to know
    assert handovers.change_due(team.tx, team.now) == 0


def test_when_the_clock_was_ahead_and_is_set_right_whoever_comes_on_call_is_told_in_time(team: Rotating) -> None:
    team.turns("li", "noor")
    team.passes(HOUR)
    right = team.now
    team.passes(1.5 * DAY)
    team.news()
    team.now = right
    handovers.clock_set_back(team.tx, right)
    team.passes(timedelta())
    assert team.log() == ["li 04 12:00-04 13:00", "li 04 13:00-…"]
    assert team.news() == ["rota handover li"]
    team.passes(19.5 * HOUR)
    assert team.news() == ["duty coming noor"]
    team.passes(HOUR)
    assert team.log()[1:] == ["li 04 13:00-05 09:00", "noor 05 09:00-…"]


def test_an_edit_counts_at_once_and_leaves_the_log_alone(team: Rotating) -> None:
    team.turns("li", "noor")
    team.passes(2 * HOUR)
    team.news()
    team.turns("ana")
    assert team.log() == ["li 04 12:00-04 14:00", "ana 04 14:00-…"]
    assert team.news() == [*(f"duty changed {who}" for who in ("ana", "li", "noor")), "rota handover ana"]
    definitions.remove(team.tx, DefinitionKind.ROTATION, "front", None, team.now + HOUR)
    assert team.log()[-1] == "ana 04 14:00-04 15:00"


def test_everybody_is_told_whose_shifts_change_by_what_others_say(team: Rotating) -> None:
    team.turns("li", "noor")
    team.passes(HOUR)
    team.news()
    team.turns("li", "noor")
    assert team.news() == []
    team.turns("noor", "li")
    assert [one for one in team.news() if one.startswith("duty")] == ["duty changed li", "duty changed noor"]
    team.says("boss", Verb.OVERRIDE, "<@ana> 2026-05-06 10:00 .. 2026-05-06 12:00")
    assert [one for one in team.news() if one.startswith("duty")] == ["duty changed ana", "duty changed noor"]
    team.says("li", Verb.ABSENT, "2026-05-07 10:00 .. 2026-05-07 12:00")
    assert [one for one in team.news() if one.startswith("duty")] == []
    team.passes(HOUR)
    handovers.said(team.tx, "front", team.now)
    assert team.news() == []


def test_holes_are_told_when_they_are_made_and_again_when_they_are_near(team: Rotating) -> None:
    team.turns("li", hours={"mon": ("09:00-17:00",), "tue": ("09:00-24:00",)})
    assert team.news() == ["rota gaps", "rota handover li"]
    team.passes(7 * DAY)
    told = [one for one in team.news() if one == "rota gaps"]
    assert len(told) == 2  # on Tuesday for the days from Wednesday on, on Monday for the night
    team.turns("li")
    team.news()
    team.passes(3 * DAY)
    assert team.news() == []


def test_a_hole_at_the_end_of_a_night_that_is_an_hour_longer_is_told_the_day_before(team: Rotating) -> None:
    team.now = datetime(2026, 10, 29, 12, tzinfo=UTC)
    team.turns("li", zone="America/New_York", hours=ALWAYS | {"sun": ("00:00-05:30", "12:00-24:00")})
    assert "rota gaps" in team.news()
    team.passes(2.5 * DAY)  # until Saturday evening; that night the clocks are turned back
    assert [one for one in team.news() if one == "rota gaps"] == ["rota gaps"]


def test_a_rotation_that_moves_to_another_workspace_is_told_of_and_logged_there(team: Rotating) -> None:
    other = "G1"
    team.tx.insert(Workspace(id=other, name="server", platform=PlatformName.DISCORD, locale="en"))
    team.turns("li", "noor")
    team.passes(HOUR)
    team.tx.connection.exec_driver_sql("DELETE FROM delivery")
    moved = Rotation("server", "UTC", (Layer(("li", "ana"), NINE, Unit.DAY),), channel="C1", group="R1")
    definitions.define(team.tx, Defined(DefinitionKind.ROTATION, "front", moved), None, team.now)
    team.passes(DAY)
    told = team.tx.all(Delivery, select(Delivery).where(col(Delivery.kind).in_(("rota", "duty", "group"))))
    left = [one.args["workspace_id"] for one in told if "left" in one.args]
    assert left == [TEAM], "nobody stays in the group there"
    assert {one.args["workspace_id"] for one in told if "left" not in one.args} == {other}
    assert {(one.kind, one.args.get("about")) for one in told} >= {("rota", "handover"), ("duty", "coming")}
    assert [one.agent_id for one in rotations.was_on_call(team.tx, TEAM, team.now, team.now + HOUR)] == []
    assert team.log() == ["li 04 12:00-04 13:00", "li 04 13:00-05 09:00", "ana 05 09:00-…"]


def test_standing_in_and_being_absent_can_be_taken_back(team: Rotating) -> None:
    team.turns("li", "noor")
    assert team.says("ana", Verb.OVERRIDE, "3h") == ""
    assert team.says("boss", Verb.OVERRIDE, "front +<@noor> 1h") == ""
    assert (team.on(0.5), team.on(2), team.on(4)) == ("ana", "ana", "li")  # whoever is alone is alone
    assert team.says("ana", Verb.OVERRIDE, "@Noor 3h") == Refusal.NOT_ALLOWED
    [one, *_more] = rotations.of_agent(team.tx, TEAM, "ana", team.now)
    team.passes(HOUR)
    assert team.says("li", Verb.SHIFT_BACK, f"override/{one.id}") == Refusal.NOT_ALLOWED
    assert team.says("ana", Verb.SHIFT_BACK, f"override/{one.id}") == ""
    assert team.log() == ["ana 04 12:00-04 13:00", "li 04 13:00-…"]
    assert team.says("li", Verb.ABSENT, "2026-05-04 14:00 .. 2026-05-04 16:00") == ""
    assert "rota gaps" in team.news()
    team.passes(1.5 * HOUR)
    assert team.on() == ""
    [away] = rotations.of_agent(team.tx, TEAM, "li", team.now)
    assert team.says("li", Verb.SHIFT_BACK, f"override/{away.id}") == ""
    assert team.on() == "li"
    assert team.says("li", Verb.SHIFT_BACK, f"override/{away.id}") == Refusal.SWAP_OVER
    assert team.says("li", Verb.SHIFT_BACK, "swap/99") == Refusal.STALE
    assert team.says("li", Verb.ABSENT, "2026-05-04 10:00 .. 2026-05-04 11:00") == Refusal.WHEN_PAST


def test_without_a_rotation_or_with_several_it_is_said_which_there_are(team: Rotating) -> None:
    assert team.says("li", Verb.OVERRIDE, "3h") == Refusal.NO_ROTATION
    with pytest.raises(Refused) as none:
        team.asks("li", "")
    assert none.value.reason is Refusal.NO_ROTATION
    team.turns("li")
    spec = Rotation("team", "UTC", (Layer(("noor",), NINE),))
    definitions.define(team.tx, Defined(DefinitionKind.ROTATION, "night shift", spec), None, team.now)
    assert team.says("li", Verb.OVERRIDE, "3h") == Refusal.NO_SUCH_CHOICE
    assert team.says("li", Verb.OVERRIDE, "Night shift 3h") == ""
    assert [agent.id for agent in oncall.on_call(team.tx, "night shift", team.now)] == ["li"]


def test_questions_about_being_on_call(team: Rotating) -> None:
    team.turns("li", "noor", hours={"mon": ("09:00-17:00",), "tue": ("08:00-17:00",)})
    assert "front: Li, until " in team.asks("ana", "")
    assert "noor" in team.asks("ana", "next")
    assert "1 shift within five weeks" not in team.asks("li", "mine")
    assert "There are 10 gaps." in team.asks("ana", "preview"), "two a week, five weeks long"
    team.passes(2 * DAY)
    assert "'li'" in team.asks("ana", "at 2026-05-04 16:59")
    assert "'noor'" in team.asks("ana", "at 2026-05-05 16:59")
    assert "Nobody was on call." in team.asks("ana", "at 2026-05-04 17:00")
    assert "'noor'" in team.asks("ana", "at May 5 16:00")
    for words, why in (
        ("at 2026-06-01 09:00", Refusal.NOT_YET),
        ("at soonish", Refusal.WHEN_UNCLEAR),
        ("x", Refusal.NO_SUCH_CHOICE),
    ):
        with pytest.raises(Refused) as refused:
            team.asks("ana", words)
        assert refused.value.reason is why


def test_a_time_that_is_past_names_whom_it_called_and_which_rotation_had_nobody(team: Rotating) -> None:
    team.turns("li", hours=OFFICE)
    at = team.now
    key: dict[str, Any] = {"shop_id": "s", "ticket_id": "t", "number": 1, "call": 1, "cause": Cause.STEP}
    for who, called_at in (("boss", at + DAY), ("ana", at)):
        told: dict[str, Any] = {
            "agent_id": who,
            "called_at": called_at,
            "ring_at": called_at,
            "state": NoticeState.TOLD,
        }
        team.tx.insert(PageNotice(workspace_id=TEAM, **key, **told))
    spec = Rotation("team", "UTC", (Layer(("noor",), NINE, hours={"sun": ("09:00-17:00",)}),))
    definitions.define(team.tx, Defined(DefinitionKind.ROTATION, "night", spec), None, team.now)
    team.passes(2 * DAY)
    then = team.asks("noor", f"at {at:%Y-%m-%d %H:%M}")
    assert ("'li'" in then, "night" in then, "nobody" in then, "'ana'" in then, "'boss'" in then) == (True,) * 4 + (
        False,
    )
    then = team.asks("noor", f"at {at + DAY:%Y-%m-%d %H:%M}")
    assert all(said in then for said in ("Nobody was on call.", "'boss'", "Called "))


def test_the_holes_of_a_rotation_are_told_before_it_counts(team: Rotating) -> None:
    def told(*layers: Layer, **more: Any) -> list[str]:
        spec = Rotation("team", "UTC", layers, **more)
        return holes(team.tx, [Defined(DefinitionKind.ROTATION, "night", spec)], team.now)

    assert told(Layer(("li",), NINE)) == []
    office = Layer(
        ("li",), NINE, hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("09:00-17:00",))
    )
    assert told(office) == ["night: nobody, 2026-05-04 17:00 – 2026-05-05 09:00 UTC, and 34 times more"]
    team.tx.execute(update(Agent).where(col(Agent.id) == "li").values(languages=["en"]))
    [thai] = told(Layer(("li",), NINE), languages=("en", "th"))
    assert "nobody who answers in th" in thai
    assert team.news() == []


def test_who_leaves_is_noticed_by_the_log(team: Rotating) -> None:
    team.turns("li", "noor")
    team.tx.execute(update(Agent).where(col(Agent.id) == "li").values(is_guest=True))
    handovers.said_of_all(team.tx, TEAM, team.now + HOUR)
    assert team.log() == ["li 04 12:00-04 13:00"]
    assert "rota gaps" in team.news()
    team.now += HOUR
    team.passes(12 * HOUR)
    assert team.log() == ["li 04 12:00-04 13:00"]  # whose turn it would have been is not on call any more
    team.passes(12 * HOUR)
    assert team.log() == ["li 04 12:00-04 13:00", "noor 05 09:00-…"]


def test_a_zone_that_only_the_chat_platform_knows_keeps_nobody_from_being_told(team: Rotating) -> None:
    team.turns("li", "noor")
    far = AgentProfile("noor", "Noor", "en", "Mars/Phobos", is_bot=False, is_active=True)
    learned(team.tx, TEAM, far, team.now)
    assert team.who("noor").timezone == "UTC", "what was known before"
    assert "noor" in team.asks("noor", "next")


def test_who_has_left_is_not_on_call_whatever_their_role_was(team: Rotating) -> None:
    team.turns("boss", "noor")
    team.news()
    gone = AgentProfile("boss", "Boss", "", "", is_bot=False, is_active=False)
    learned(team.tx, TEAM, gone, team.now + HOUR)
    assert team.log() == ["boss 04 12:00-04 13:00"]
    assert team.news() == ["rota gaps", "rota handover"]
    assert agents.leads(team.tx, TEAM) == []
    learned(team.tx, TEAM, replace(gone, is_active=True), team.now + 2 * HOUR)
    assert team.log()[-1] == "boss 04 14:00-…"
    assert [one.id for one in agents.leads(team.tx, TEAM)] == ["boss"]


def test_who_is_back_and_whose_role_changes_is_noticed_at_once(team: Rotating) -> None:
    team.turns("li")
    for at, told in enumerate((False, True, False), 1):
        profile = AgentProfile("li", "Li", "en", "UTC", is_bot=False, is_active=True, is_guest=not told)
        learned(team.tx, TEAM, profile, team.now + at * HOUR)
    assert team.log() == ["li 04 12:00-04 13:00", "li 04 14:00-04 15:00"]
    plan = setup.current(team.tx)
    setup.apply(
        team.tx, replace(plan, agents=(Agent(workspace_id=TEAM, id="li", role=Role.AGENT),)), team.now + 4 * HOUR
    )
    assert team.log()[-1] == "li 04 16:00-…"
    setup.apply(team.tx, replace(plan, agents=()), team.now + 5 * HOUR)
    assert team.log()[-1] == "li 04 16:00-04 17:00"


def test_who_had_shifts_is_told_when_the_rotation_goes_and_when_it_comes_back(team: Rotating) -> None:
    team.turns("li", "noor")
    team.news()
    was = definitions.current(team.tx)
    definitions.apply(team.tx, (), team.now)
    groups = [one.args for one in team.tx.all(Delivery, select(Delivery).where(Delivery.kind == "group"))]
    assert groups == [{"workspace_id": TEAM, "rotation": "front", "left": "S1"}]
    assert team.news() == ["duty changed li", "duty changed noor"]
    assert team.log() == []
    team.now += HOUR
    definitions.apply(team.tx, was, team.now)
    assert team.news() == ["duty changed li", "duty changed noor", "rota handover li"]
