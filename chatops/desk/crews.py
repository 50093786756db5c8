"""Who can be called for a page: those on call now, the people it names, and nobody who sleeps unless it is loud."""

from collections.abc import Iterator
from datetime import datetime

from chatops.model import agent as agents
from chatops.model import oncall
from chatops.model import outlet as outlets
from chatops.model import page as pages
from chatops.model import team as teams
from chatops.model.agent import Agent, Role
from chatops.model.page import NoticeState, Page
from chatops.rules import quiet
from chatops.rules.escalation import Present, Rung, Way, Whom
from chatops.rules.targets import Urgency
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds


class Crews:
    """Answers who can be called for a step of one page; `rings` holds when those are rung up who are asleep now.

    Who is on call through a rotation is awake. Others keep their quiet hours, unless the page is loud: they are rung up
    afterwards if that is before the promise is broken and before the next step, else the step does without them. Whom
    no message reached is not tried again for the step that the page stands on (`present`) before its time is over.
    """

    def __init__(self, tx: Transaction, page: Page, present: Rung | None) -> None:
        self._tx, self._page, self._present = tx, page, present
        self.rings: dict[str, datetime] = {}
        self._asleep: list[str] = []
        self._deaf: set[str] = set()

    def __call__(self, rung: Rung, at: int) -> Present:
        """Return who can be called for a step, as `notify` would name each of them."""
        self._asleep, self._deaf = [], self._unreached(rung, at)
        rotations = [whom for whom in rung.notify if whom.way is Way.ROTATION]
        on_call = [one for whom in rotations for one in self._of(whom, rung, at)]
        others = [one for whom in rung.notify if whom not in rotations for one in self._of(whom, rung, at)]
        for person in on_call:
            self.rings.pop(person, None)
        people = dict.fromkeys((*on_call, *others))
        changes = (oncall.next_change(self._tx, whom.name, from_milliseconds(at)) for whom in rotations)
        soonest = min((to_milliseconds(change) for change in changes if change is not None), default=None)
        return Present(tuple(people), soonest, tuple(self._asleep))

    def _of(self, whom: Whom, rung: Rung, at: int) -> Iterator[str]:
        match whom.way:
            case Way.ROTATION:
                found = oncall.on_call(self._tx, whom.name, from_milliseconds(at))
                yield from (named(one) for one in found if self._may(one))
            case Way.AGENT:
                one = agents.get(self._tx, self._page.workspace_id, whom.name)
                one = one or Agent(workspace_id=self._page.workspace_id, id=whom.name)
                yield from (named(one) for one in [one] if self._is_there(one, rung, at))
            case Way.LEADS:
                leads = agents.leads(self._tx, self._page.workspace_id)
                yield from (named(one) for one in leads if self._is_there(one, rung, at))
            case Way.TEAM if teams.called(self._tx, self._page.workspace_id, whom.name) is None:
                pass
            case Way.OUTLET if outlets.get(self._tx, whom.name) is None:
                pass
            case _:
                yield f"{whom.way} {whom.name}"

    def _may(self, one: Agent) -> bool:
        """Tell whether somebody of this workspace may answer, and hears it; bots and people who are gone may not."""
        near = one.workspace_id == self._page.workspace_id
        return near and one.standing is not Role.OBSERVER and one.id not in self._deaf

    def _unreached(self, rung: Rung, at: int) -> set[str]:
        """Return whom no message reached when they were called last in this loop, as long as the step's time runs."""
        if rung is not self._present or at >= to_milliseconds(self._page.ends_at):
            return set()
        of_loop = (one for one in pages.notices(self._tx, self._page) if one.called_at >= self._page.loop_began_at)
        last = {one.agent_id: one.state for one in of_loop}
        return {agent_id for agent_id, state in last.items() if state is NoticeState.REFUSED}

    def _is_there(self, one: Agent, rung: Rung, at: int) -> bool:
        if not self._may(one) or self._page.urgency is Urgency.LOUD:
            return self._may(one)
        ends = quiet.until(one.quiet, one.timezone, at)
        if ends is None:
            return True
        due = self._page.due_at
        latest = at + rung.wait if due is None else min(at + rung.wait, to_milliseconds(due))
        if ends >= latest:
            self._asleep.append(named(one))
            return False
        self.rings[named(one)] = from_milliseconds(ends)
        return True


def named(agent: Agent) -> str:
    """Return how a step names a person."""
    return f"{Way.AGENT} {agent.id}"
