"""What the rules found in answers before they left, and what left all the same."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from chatops.digest import naming, tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, ngettext, number
from chatops.model.message import Held
from chatops.rules.lint import About
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Strong
from chatops.words import FOUND, one_line

STOPPED, SENT_ANYWAY = "lint", "sent_anyway"  # as a ticket's history says it
LINTED = (Held.LINT, Held.LINT_BLOCK)


class Policy(msgspec.Struct, frozen=True):
    """Numbers of a window: answers that rules stopped, by what each guards against, and those sent all the same."""

    stopped: int
    sent_anyway: int
    about: dict[str, int] = {}


def _count(tx: Transaction, scope: Scope, window: Window) -> Policy | None:
    found = tables.told(tx, scope, window, (STOPPED, SENT_ANYWAY), "why", "about")
    stopped = overruled = 0
    by_subject = Counter[str]()
    for (what, why, about), count in found.items():
        if what == STOPPED:
            stopped += count
            by_subject.update(dict.fromkeys((about or "").split(), count))
        elif why in LINTED:
            overruled += count
    return Policy(stopped, overruled, dict(by_subject)) if stopped or overruled else None


def _parts(_tx: Transaction, facts: Policy, before: Policy | None, _reading: Reading) -> Sequence[Part]:
    stopped = ngettext("{count} answer was stopped by a rule", "{count} answers were stopped by a rule", facts.stopped)
    sent = ngettext("{count} was sent all the same", "{count} were sent all the same", facts.sent_anyway)
    often = sorted(facts.about.items(), key=lambda one: (-one[1], one[0]))
    lines = []
    for about, count in often:
        why = FOUND[About(about)]() if about in set(About) else one_line(about)
        then = before.about.get(about, 0) if before else None
        lines.append(Paragraph((Strong(naming.compared(number(count), then)), " · ", why)))
    told = naming.compared(stopped, before.stopped if before else None)
    return [Paragraph((told, " · ", naming.compared(sent, before.sent_anyway if before else None))), *lines]


SECTION = Section(
    key="policy",
    place=80,
    title=lambda: _("What the rules found"),
    facts=Policy,
    count=_count,
    parts=_parts,
    figures=(
        Figure(
            "stopped",
            Unit.COUNT,
            lambda: _("Answers stopped by a rule"),
            lambda: _(
                "Answers in which a rule of the desk found something before they left, "
                "each time that one was handed in; whoever wrote it saw why."
            ),
            lambda facts: facts.stopped,
        ),
        Figure(
            "sent_anyway",
            Unit.COUNT,
            lambda: _("Sent all the same"),
            lambda: _(
                "Answers that a rule had stopped and that somebody sent unchanged, or a lead approved, in this time."
            ),
            lambda facts: facts.sent_anyway,
        ),
    ),
)
