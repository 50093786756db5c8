"""One of everything that is said about being on call."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chatops.cards import drafts, recap
from chatops.cards import rota as cards
from chatops.cards import rota_writing as writing
from chatops.cards.rota import Waits
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.model.agent import Agent
from chatops.model.clock import Clock
from chatops.model.definition import DefinitionKind
from chatops.model.foreseen import Moved
from chatops.model.form_draft import FormDraft
from chatops.model.oncall import Duty
from chatops.model.rota_trial import Climbs, RotaTrial
from chatops.model.rotation import ShiftSwap, SwapState
from chatops.model.workspace import PlatformName, Workspace
from chatops.rules.clock import ClockState
from chatops.rules.coverage import Gap, Why
from chatops.rules.rotation import Layer, Rotation, compiled
from chatops.rules.targets import Metric
from chatops.times import to_milliseconds
from chatops.ui import Card
from tests.cards.samples import LI, MIA, NOW, Group

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOOR = Agent(workspace_id="T1", id="UNOOR", name="Noor", timezone="Asia/Jakarta")
SPEC = Rotation("team", "Europe/Berlin", (Layer(("ULI", "UNOOR"), datetime(2026, 3, 2, 9)),))  # noqa: DTZ001 - a wall clock
DUTY = Duty(
    compiled(SPEC),
    Workspace(id="T1", name="team", platform=PlatformName.SLACK, locale="en"),
    {"ULI": LI, "UNOOR": NOOR},
    [],
)

GAPPY = DUTY._replace(
    rota=compiled(
        Rotation(
            "team",
            "Europe/Berlin",
            (Layer(("ULI",), datetime(2026, 3, 2, 9), hours={"mon": ("09:00-17:00",)}),),  # noqa: DTZ001 - a wall clock
        )
    )
)


def gap(why: Why, *missing: str, could: str = "", language: str = "", before: str = "", after: str = "") -> Gap:
    """Return a hole of an hour this evening."""
    start = to_milliseconds(NOW + 10 * HOUR)
    end = to_milliseconds(NOW + 11 * HOUR)
    return Gap(start, end, language, why, missing, tuple(could.split()), before, after, last=end)


def swap(state: SwapState = SwapState.OPEN, asked: str = "UNOOR", answered_by: str = "") -> ShiftSwap:
    """Return Li's wish that somebody takes the shift of the day after."""
    return ShiftSwap(
        id=7, workspace_id="T1", rotation="front", asker="ULI", asked=asked, start_at=NOW + DAY, end_at=NOW + 2 * DAY,
        expires_at=NOW + DAY, state=state, made_at=NOW, answered_by=answered_by,
    )  # fmt: skip


AGAIN = gap(Why.HOURS, before="New York", after="Singapore")._replace(times=21, last=to_milliseconds(NOW + 21 * DAY))
STINT = to_milliseconds(NOW + HOUR), to_milliseconds(NOW + DAY)
WAITING = [Waits(MIA, "https://example.org/t/1", NOW + HOUR), Waits(None, "", None)]
DRAFT = FormDraft(
    workspace_id="T1", agent_id="ULI", key="0a1b2c", verb=Verb.ROTA_WRITE, ref="3/rotations/front",
    about="rotations/front", values={"text": "…"}, written_at=NOW,
)  # fmt: skip
LINES = ('- layers = [{ members = ["ULI"] }]', '+ layers = [{ members = ["ULI", "UNOOR"] }]')
STEPS = (
    Climbs(("rotation front", "agent ULI"), 300_000, ("UNOOR",), asks_rotation=True),
    Climbs(("rotation night",), 600_000, (), asks_rotation=True),
    Climbs(("leads",), 600_000, (), asks_rotation=False),
)


def due(metric: Metric, hours: float) -> recap.Waits:
    """Return a promise to Mia that runs out so many hours from now."""
    key: dict[str, Any] = {"shop_id": "S1", "ticket_id": "1", "target": metric.value, "cycle": 1, "started_at": NOW}
    clock = Clock(**key, metric=metric, state=ClockState.RUNNING, limit=300_000, due_at=NOW + hours * HOUR)
    return recap.Waits(clock, MIA, "https://example.org/t/1")


def trial(kind: DefinitionKind, *rest: Any) -> Card:
    """Return what Li is shown who tries an edit."""
    return writing.trial(LI, DRAFT, RotaTrial(kind, "front", *rest), NOW)


ROTA: Group = {
    "a rotation that is tried": lambda: trial(
        DefinitionKind.ROTATION, LINES, DUTY, (Moved("ULI", [STINT], []), Moved("UNOOR", [], [STINT] * 12))
    ),
    "a rotation with gaps that is tried": lambda: trial(DefinitionKind.ROTATION, LINES, GAPPY),
    "a rotation that would go": lambda: trial(DefinitionKind.ROTATION, LINES[:1], None, (Moved("ULI", [STINT], []),)),
    "an escalation that is tried": lambda: trial(DefinitionKind.ESCALATION, (), None, (), STEPS),
    "a rotation that makes no sense": lambda: drafts.wrong(
        Refused(Refusal.STILL_CALLED, name="front", names="late, night"), DRAFT
    ),
    "somebody else changed it": lambda: drafts.wrong(Refused(Refusal.ROTAS_CHANGED), DRAFT),
    "handover": lambda: cards.handover(DUTY, "front", ["ULI"], ["UNOOR"], WAITING),
    "handover to nobody": lambda: cards.handover(DUTY, "front", ["ULI"], [], []),
    "the first ones on call, much to do": lambda: cards.handover(DUTY, "front", [], ["ULI", "UNOOR"], WAITING * 6),
    "hours that open": lambda: recap.opened(
        "office", [due(Metric.FIRST_RESPONSE, 0.25), due(Metric.RESOLUTION, 0.5)], 14
    ),
    "hours that close": lambda: recap.closed(
        "office", NOW + 16 * HOUR, ZoneInfo("Europe/Berlin"), [due(Metric.PLATFORM_RESPONSE, 9)], 1
    ),
    "gap every day": lambda: cards.gaps(DUTY, "front", [AGAIN]),
    "gap: somebody is absent": lambda: cards.gaps(DUTY, "front", [gap(Why.ABSENT, "ULI", could="UNOOR")]),
    "gap: somebody left": lambda: cards.gaps(DUTY, "front", [gap(Why.LEFT, "ULI")]),
    "gap: a language": lambda: cards.gaps(DUTY, "front", [gap(Why.LANGUAGE, "ULI", could="UNOOR", language="th")]),
    "gap: nothing has begun": lambda: cards.gaps(DUTY, "front", [gap(Why.OVER)]),
    "many gaps": lambda: cards.gaps(DUTY, "front", [gap(Why.HOURS)] * 12),
    "coming on call": lambda: cards.coming(DUTY, NOOR, "front", NOW + HOUR / 2, NOW + DAY),
    "the role is not ours to give": lambda: cards.group_refused("front", "S0ONCALL", "missing_permissions"),
    "one's shifts changed": lambda: cards.changed(DUTY, NOOR, "front", [STINT], [STINT] * 12),
    "asked to take a shift": lambda: cards.wish(DUTY, NOOR, swap()),
    "anybody may take a shift": lambda: cards.wish(DUTY, None, swap(asked="")),
    "a shift that was taken": lambda: cards.wish(DUTY, NOOR, swap(SwapState.TAKEN, answered_by="UNOOR")),
    "what came of a wish: taken": lambda: cards.answered(DUTY, LI, swap(SwapState.TAKEN, answered_by="UNOOR")),
    "what came of a wish: declined": lambda: cards.answered(DUTY, LI, swap(SwapState.DECLINED, answered_by="UNOOR")),
    "what came of a wish: expired": lambda: cards.answered(DUTY, LI, swap(SwapState.EXPIRED)),
    "what came of a wish: cancelled": lambda: cards.answered(DUTY, LI, swap(SwapState.CANCELLED)),
}
