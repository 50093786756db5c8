"""The rules that a desk goes by, for whoever keeps them: what each does, and when it should be looked at again."""

from collections.abc import Iterator
from datetime import datetime

from chatops.cards.verbs import button, label
from chatops.catalog import Verb
from chatops.i18n import _, day, moment, ngettext, weave
from chatops.model import rulebook
from chatops.model.agent import Agent
from chatops.model.rulebook import DRAFT, NEW, RulebookName
from chatops.model.ticket import Level, TicketPriority
from chatops.rules import lint, rulefile, triage
from chatops.rules.lint import Severity
from chatops.store.transaction import Transaction
from chatops.ui import (
    Button,
    Card,
    Controls,
    Line,
    Mention,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Press,
    Small,
    Strong,
    Tone,
)
from chatops.words import LEVELS, PRIORITIES, one_line, side_by_side

MOST = 24  # rules of a book that are shown: with the new one, what a menu holds in Discord
Rules = dict[str, lint.Rule] | dict[str, triage.Rule]


def rules(tx: Transaction, agent: Agent, words: str, now: datetime) -> Card:
    """Return, privately, the rules of both books, or those that `words` name, with the ways to change them."""
    wanted = words.strip().casefold()
    books = [name for name in RulebookName if name == wanted] or list(RulebookName)
    sought = "" if wanted in set(RulebookName) else wanted
    parts = [part for name in books for part in _book(tx, agent, name, sought, now)]
    summary = "\n".join([label(Verb.RULES), *(called(name) for name in books)])
    return Card(title=label(Verb.RULES), summary=summary, parts=tuple(parts))


def called(name: RulebookName) -> str:
    """Return what a rulebook is about."""
    return {
        RulebookName.LINT: lambda: _("What answers must not say"),
        RulebookName.TRIAGE: lambda: _("What tickets are about"),
    }[name]()


def _book(tx: Transaction, agent: Agent, name: RulebookName, sought: str, now: datetime) -> Iterator[Part]:
    text, version = rulebook.text(tx, name), rulebook.number(tx, name)
    places = {rule: place for place, rule in enumerate(rulefile.texts(text))}
    lines = {rule: line for rule, line in _lines(tx, name, now).items() if sought in rule.casefold()}
    shown = [rule for rule in lines if rule in places][:MOST]
    yield Paragraph((Strong(called(name)),))
    yield Small(_since(tx, agent, name))
    pieces = [piece for rule in shown for piece in ("\n", Strong(one_line(rule)), f" {lines[rule]}".rstrip())]
    yield Paragraph((*pieces[1:],) if pieces else (_("There is no such rule."),))
    if len(lines) > len(shown):
        left_out = ngettext("There is {count} more.", "There are {count} more.", len(lines) - len(shown))
        yield Small((left_out, " ", _("Type a part of its name to find a rule.")))
    options = [Option(one_line(rule), rulebook.ref(name, version, places[rule])) for rule in shown]
    new = Option(_("A new rule"), rulebook.ref(name, version, NEW))
    menu = Menu(f"{label(Verb.RULE_WRITE)}…", Verb.RULE_WRITE, (*options, new))
    yield Controls((menu, *_more(tx, agent, name, version)))


def _more(tx: Transaction, agent: Agent, name: RulebookName, version: int) -> Iterator[Button]:
    if rulebook.draft(tx, agent.workspace_id, agent.id, name) is not None:
        yield Button(_("Your draft"), Press(Verb.RULE_WRITE, rulebook.ref(name, version, DRAFT)))
    if version > 0:
        yield button(Verb.RULES_BACK, rulebook.ref(name, version, NEW))


def _since(tx: Transaction, agent: Agent, name: RulebookName) -> Line:
    """Return which version counts, since when, and who made it."""
    written = rulebook.newest(tx, name)
    if written is None:
        return (_("As they came with the product."),)
    when = Moment(written.applied_at, MomentStyle.DATE_TIME, moment(written.applied_at))
    if written.made_by_workspace != agent.workspace_id:
        return weave("Version {number}, since {when}.", number=str(written.version), when=when)
    by = Mention(written.made_by)
    return weave("Version {number}, since {when}, by {by}.", number=str(written.version), when=when, by=by)


def _lines(tx: Transaction, name: RulebookName, now: datetime) -> dict[str, str]:
    """Return what each rule does, in words."""
    if name is RulebookName.LINT:
        return {rule.id: _of_lint(rule, now) for rule in rulebook.lint_rules(tx)}
    return {rule.id: _of_triage(rule) for rule in rulebook.triage_rules(tx)}


def _of_lint(rule: lint.Rule, now: datetime) -> str:
    does = _("a lead must approve") if rule.severity is Severity.BLOCK else _("its writer is asked")
    due = day(rule.review_by)
    late = rule.review_by < now.date()
    looked = _("should have been looked over by {day}", day=due) if late else _("good until {day}", day=due)
    return side_by_side(does, f"⚠️ {looked}" if late else looked)


def _of_triage(rule: triage.Rule) -> str:
    level = LEVELS[Level(rule.level)]() if rule.level else ""
    priority = PRIORITIES[TicketPriority(rule.priority)]() if rule.priority else ""
    tier = _("tier {name}", name=one_line(rule.tier)) if rule.tier else ""
    return side_by_side(level, priority, *(f"#{one_line(tag)}" for tag in rule.tags), tier)


def saved(tx: Transaction, name: RulebookName) -> Card:
    """Return, privately, that rules count now which did not before, with the way back."""
    version = rulebook.number(tx, name)
    said = _("Version {number} counts from now on.", number=version)
    back = Controls((button(Verb.RULES_BACK, rulebook.ref(name, version, NEW)),))
    parts = (Paragraph((Strong(called(name)),)), Paragraph((said,)), back)
    return Card(summary=f"{called(name)}: {said}", tone=Tone.GOOD, parts=parts)
