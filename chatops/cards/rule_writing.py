"""The form in which a lead writes a rule, and what the rule would change before it counts."""

from collections.abc import Iterator
from datetime import date, timedelta

from chatops.cards import lint as lint_cards
from chatops.cards.refusals import why_refused
from chatops.cards.rulebook import called
from chatops.cards.trying import as_arrival
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, ngettext
from chatops.model import rulebook
from chatops.model.agent import Agent
from chatops.model.rulebook import DRAFT, NEW, RulebookName, RuleDraft, Trial
from chatops.model.ticket import Level
from chatops.rules import languages, lint, rulefile
from chatops.store.transaction import Transaction
from chatops.ui import Button, Card, Controls, Form, Input, Paragraph, Part, Press, Quote, Small, Strong, Tone
from chatops.words import LEVELS, one_line

TEXT, REST, SAMPLE = "text", "rest", "sample"  # the form's inputs
ROOM = 3_000  # characters that an input takes on either platform
FULL = 2_600  # of them, that are filled before the second input is: one goes on writing in the first
HALF_A_YEAR = timedelta(days=182)
EXAMPLES = {
    RulebookName.LINT: (
        '[[rules]]\nid = "my-rule"\nabout = "promise"\nseverity = "warn"\nsource = "Our policy"\n'
        'reviewed = {today}\nreview_by = {later}\n[rules.words]\nen = ["for sure"]\n'
    ),
    RulebookName.TRIAGE: (
        '[[rules]]\nid = "my-rule"\nlevel = "presale"\ntags = ["size"]\n[rules.words]\nen = ["size"]\n'
    ),
}


def form(tx: Transaction, agent: Agent, ref: str, today: date) -> Form | None:
    """Return the form for a rule, a `NEW` one, or one's own draft; None when there is no such draft any more.

    Raises:
        NotUnderstood: there never was such a rule.
        Refused: it does not fit a form.
    """
    name, version, place = rulebook.split_ref(ref)
    draft = rulebook.draft(tx, agent.workspace_id, agent.id, name)
    if place == DRAFT:
        return _form(draft.text, draft.sample, ref) if draft else None
    rule = rulebook.rule_at(tx, name, version, place)
    if rule == NEW:
        return _form(EXAMPLES[name].format(today=today, later=today + HALF_A_YEAR), "", ref)
    return _form(rulefile.texts(rulebook.version(tx, name, version) or "")[rule].strip(), "", ref)


def _form(text: str, sample: str, ref: str) -> Form:
    first, rest = halves(text)
    said = _("As in docs/reference/rules.md. Left empty, the rule goes.")
    return Form(
        title=_("Rule"),
        submit=_("Try it"),
        cancel=_("Cancel"),
        press=Press(Verb.RULE_WRITE, ref),
        inputs=(
            Input(TEXT, _("The rule"), first, said, multiline=True, optional=True, limit=ROOM),
            Input(REST, _("Where there is no more room above"), rest, multiline=True, optional=True, limit=ROOM),
            Input(SAMPLE, _("A message to try it on"), sample, multiline=True, optional=True, limit=500),
        ),
    )


def halves(text: str) -> tuple[str, str]:
    """Return what stands in each of the two inputs: whole lines.

    Raises:
        Refused: there is too much of it.
    """
    if len(text) <= FULL:
        return text, ""
    end = text.rfind("\n", 0, FULL)
    first, rest = text[:end], text[end + 1 :]
    if end < 0 or len(rest) > ROOM:
        raise Refused(Refusal.RULE_TOO_LONG)
    return first, rest


def trial(draft: RuleDraft, found: Trial) -> Card:
    """Return, privately, what a draft would change, with the ways to let it count and to go on with it."""
    title = _("Not in place yet")
    changes = list(_changes(found)) or [_("Nothing would change.")]
    save = (button(Verb.RULE_SAVE, rulebook.ref(draft.name, draft.version, draft.reading), Tone.GOOD),)
    return Card(
        title=title,
        summary="\n".join([title, *changes]),
        parts=(
            Paragraph((Strong(called(draft.name)),)),
            Paragraph(("\n".join(changes),)),
            *_last_week(draft.name, found),
            *_on_sample(draft, found.text),
            Controls((*(save if found.changes else ()), _go_on(draft.name, draft.version))),
        ),
    )


def wrong(why: Refused, ref: str, version: int) -> Card:
    """Return, privately, what is wrong with a draft, with the way to go on with it."""
    said, kept = why_refused(why), _("What you wrote is kept as your draft.")
    go_on = Controls((_go_on(rulebook.split_ref(ref)[0], version),))
    return Card(summary=f"{said} {kept}", tone=Tone.WARN, parts=(Paragraph((said,)), Small((kept,)), go_on))


def _go_on(name: RulebookName, version: int) -> Button:
    return Button(_("Your draft"), Press(Verb.RULE_WRITE, rulebook.ref(name, version, DRAFT)))


def _changes(found: Trial) -> Iterator[str]:
    """Yield what becomes of the rules, in words."""
    named = {sign: ", ".join(one_line(change[2:]) for change in found.changes if change[0] == sign) for sign in "+~-"}
    if named["+"]:
        yield _("New: {rules}", rules=named["+"])
    if named["~"]:
        yield _("Changed: {rules}", rules=named["~"])
    if named["-"]:
        yield _("Gone: {rules}", rules=named["-"])


def _last_week(name: RulebookName, found: Trial) -> Iterator[Part]:
    """Yield what would have been different in what was written last week."""
    if name is RulebookName.LINT:
        now, would = found.held
        looked = ngettext("{count} answer of last week", "{count} answers of last week", found.looked_at)
        yield Paragraph((looked, ": ", _("{now} would be held now, {would} then", now=now, would=would)))
        return
    looked = ngettext("{count} ticket of last week", "{count} tickets of last week", found.looked_at)
    unknown = _("Not known yet")
    moved = [
        f"{LEVELS[Level(level)]() if level else unknown} {now} → {would}"
        for level, now, would in found.levels
        if now != would
    ]
    yield Paragraph((looked, ": ", ", ".join(moved) or _("the same levels")))


def _on_sample(draft: RuleDraft, text: str) -> Iterator[Part]:
    """Yield what the rules with the draft in them make of the message it is tried on."""
    if not draft.sample:
        return
    yield Quote(draft.sample)
    tells = languages.detect if languages.is_loaded() else languages.by_script
    spoken = tells(draft.sample, ())
    if draft.name is RulebookName.TRIAGE:
        yield from as_arrival(None, draft.sample, spoken, rulebook.read_triage(text))
        return
    hits = lint.check(draft.sample, lint.read(text), language=spoken)
    yield from lint_cards.findings(draft.sample, hits) or (Paragraph((_("No rule holds it back."),)),)
