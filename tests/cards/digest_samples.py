"""One of everything that is said about digests besides their sections: heads, and plans for whoever decides them."""

from datetime import UTC, timedelta
from typing import Any

from chatops.cards import digest as cards
from chatops.cards import digest_writing as writing
from chatops.cards import rate as rates
from chatops.cards import report_link
from chatops.catalog import Verb
from chatops.digest.rates import Rate
from chatops.i18n import _, current
from chatops.model.digest import Digest, DigestState
from chatops.model.digest_trial import DigestTrial
from chatops.model.form_draft import FormDraft
from chatops.rules.budget import Budget
from chatops.rules.plan import DigestPlan, Rhythm
from chatops.times import to_milliseconds
from chatops.ui import Card, Link, Moment, MomentStyle, Picture, Strong
from tests.cards.samples import NOW, Group

DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
NUMBERS: dict[str, Any] = {
    "volume": {"conversations": 214, "messages": 1731, "hours": [0] * 24},
    "clocks": {"kept": {"first_response": {"met": 173, "late": 7}}},
    "waiting": {"waiting": 3, "earlier": 2, "unowned": 1, "oldest": []},
}
FIX = {"tickets": 60, "before": 0, "points": [{"source": "tag", "name": one, "count": 9} for one in ("size", "colour")]}
DRAFT = FormDraft(
    workspace_id="T1", agent_id="ULI", key="k", verb=Verb.DIGEST_WRITE, ref="1/+", about="+", values={}, written_at=NOW
)
PLAN = DigestPlan("team", "C1", "Asia/Jakarta", "08:30", on=("mon", "fri"))


def digest(days: int = 1, **told: Any) -> Digest:
    """Return a digest of the days before, in the language of whoever reads."""
    scope = {"workspace_id": "T1", "shops": ["1"]}
    rest: dict[str, Any] = {
        "plan": "every morning",
        "scope": scope,
        "numbers": NUMBERS,
        "state": DigestState.COUNTED,
    } | told
    when: dict[str, Any] = {"start_at": MIDNIGHT - days * DAY, "end_at": MIDNIGHT, "timezone": "UTC"}
    rest = when | {"sections": ["waiting", "volume", "clocks"]} | rest
    return Digest(
        id=1, workspace_id="T1", local_date=MIDNIGHT.date().isoformat(), due_at=NOW, locale=current(), channel_id="C1",
        made_at=NOW, **rest,
    )  # fmt: skip


def head(days: int = 1, late: timedelta = timedelta(), **told: Any) -> Card:
    """Return the head of one."""
    return cards.head(digest(days, **told), NOW + late)


def trial(spec: DigestPlan | None, at: timedelta = DAY) -> Card:
    """Return what somebody is shown who tries a plan."""
    lines = ('- at = "09:00"', '+ at = "08:30"')
    return writing.trial(DRAFT, DigestTrial("every morning", lines, spec, NOW + at), NOW)


def rate(budget: Budget, waiting: int = 0, *, in_part: bool = False) -> Card:
    """Return what those hear who can act when a rate is near its line."""
    monday, until = (to_milliseconds(MIDNIGHT + days * DAY) for days in (-5, 2))
    url = "https://app.slack.com/client/T1/C1/thread/C1-1"
    due = Moment(NOW + DAY / 24, MomentStyle.DUE, "13:00")
    line = due, " · ", Strong("Mia"), " · ", "maomao-gb", " · ", Link(url, _("Go there"))
    told = Rate("1", monday, until, budget)
    return rates.warning(told, "maomao-gb", [line] * min(waiting, rates.MOST), waiting, UTC, in_part=in_part)


DIGESTS: Group = {
    "yesterday": head,
    "yesterday, with its picture": lambda: cards.head(digest(), NOW, Picture("F1", "Most was written at nine.")),
    "one conversation": lambda: head(numbers={"volume": {"conversations": 1, "messages": 1, "hours": [0] * 24}}),
    "a weekend, late": lambda: head(3, timedelta(hours=2)),
    "days that no digest told of": lambda: head(4, behind=True),
    "nothing to say": lambda: head(numbers={}),
    "what to fix, for other teams": lambda: head(7, numbers={"fix": FIX}, sections=["fix"]),
    "nothing but pages": lambda: head(numbers={"pages": {"pages": 2, "unheard": 0, "calls": 3}}),
    "all wait since yesterday": lambda: head(numbers={"waiting": NUMBERS["waiting"] | {"earlier": 3}}),
    "beside another time, of shops that others serve, too": lambda: head(
        3, before=NUMBERS, scope={"workspace_id": "T1", "shops": ["1", "2"], "in_part": 1}
    ),
    "asked by somebody": lambda: head(2, plan="", asked_by="ULI"),
    "of hours, asked by somebody": lambda: head(
        plan="", asked_by="ULI", start_at=MIDNIGHT - DAY / 6, end_at=MIDNIGHT - DAY / 12, timezone="Europe/London"
    ),
    "of hours past midnight": lambda: head(plan="", start_at=MIDNIGHT - DAY / 12, end_at=MIDNIGHT + DAY / 12),
    "it could not be made": lambda: head(state=DigestState.FAILED, fault="KeyError", numbers={}),
    "it could not be posted": lambda: cards.not_posted(digest(state=DigestState.FAILED, fault="is_archived")),
    "it came without its picture": lambda: cards.not_whole(digest(lacks="picture/missing_scope")),
    "its report could not be handed over": lambda: cards.not_whole(digest(lacks="report:UOWNER/user_disabled")),
    "not all of it could be posted": lambda: cards.not_whole(digest(lacks="section/missing_permissions")),
    "the page for owners": lambda: report_link.handed(digest(30), 7),
    "the page for owners, of which there can be no link": lambda: report_link.handed(digest(30), None),
    "a link to the page for owners": lambda: report_link.address(
        digest(30), "https://desk.example/reports/secret", 1, NOW + 7 * DAY
    ),
    "no link to the page for owners": lambda: report_link.no_address(digest(30), 0),
    "a plan that is tried": lambda: trial(PLAN),
    "a weekly plan that comes at once": lambda: trial(DigestPlan("team", "C1", "UTC", every=Rhythm.WEEK), -DAY),
    "a monthly plan": lambda: trial(DigestPlan("team", "C1", "UTC", every=Rhythm.MONTH, day=31)),
    "a plan that would go": lambda: trial(None),
    "it is counted": writing.on_its_way,
    "a rate near its line": lambda: rate(Budget(700, 70, 30, 0.9), 7),
    "a rate on its line": lambda: rate(Budget(90, 10, 5, 0.9)),
    "a rate on its line, of a shop that others serve, too": lambda: rate(Budget(90, 10, 0, 0.9), in_part=True),
    "a rate below its line": lambda: rate(Budget(80, 20, 25, 0.85), 1),
}
