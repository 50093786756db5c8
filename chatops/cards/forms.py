"""Forms in which a verb is given its words, and what there is to choose from.

A form may ask twice for the same: what was typed counts before what was chosen. Nothing of a form is kept anywhere
before it is submitted; what it means stands in it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chatops.cards.commands import EXPLANATIONS
from chatops.cards.verbs import explanation, label
from chatops.catalog import CATALOG, SELF, Argument, Entry, Takes, Verb, by_binding
from chatops.errors import NotUnderstood
from chatops.i18n import _, language_name, moment
from chatops.model import agent as agents
from chatops.model import conversation as conversations
from chatops.model import queue as queues
from chatops.model import shop as shops
from chatops.model import team as teams
from chatops.model import ticket as tickets
from chatops.model import tier as tiers
from chatops.model.agent import Agent
from chatops.model.queue import Queue
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket
from chatops.refs import choice_ref, ticket_ref
from chatops.rules.languages import LANGUAGES
from chatops.store.transaction import Transaction
from chatops.ui import Form, Input, Menu, Option, Press, Small
from chatops.words import LEVELS, PRIORITIES, buyer_name, one_line, side_by_side

TYPED, CHOSEN = "text", "choice"  # names of inputs
# Slack keeps what stands in an input when the form that follows has one of the same name: no variable is called so
TICKET, MACRO, SOUGHT = "which-ticket", "which-macro", "sought-macro"

AUTO = "auto"  # the language that the buyer writes in
MOST_TICKETS = MOST_TAGS = 25
LONG = 200  # characters; what may be longer gets several lines

CHOICES: Mapping[Takes, Callable[[], str]] = {
    Takes.AGENT: lambda: _("Teammate"),
    Takes.LANGUAGE: lambda: _("Language"),
    Takes.LEVEL: lambda: _("About"),
    Takes.MOMENT: lambda: _("When"),
    Takes.PRIORITY: lambda: _("Priority"),
    Takes.TAG: lambda: _("Tags"),
    Takes.TIER: lambda: _("Tier"),
}
IN_OTHER_WORDS: Mapping[Takes, Callable[[], str]] = {
    Takes.AGENT: lambda: _("Or a team, by its name"),
    Takes.MOMENT: lambda: _("Or another time, in your own words"),
    Takes.TAG: lambda: _("Or others, each one word; - takes one off"),
}


def more(ticket: Ticket) -> Menu:
    """Return the menu of everything else that can be done with a ticket."""
    ref = ticket_ref(ticket.shop_id, ticket.id)
    found = (one for one in CATALOG if one.more)
    options = tuple(Option(_offered(one), choice_ref(ref, one.verb)) for one in found)
    return Menu(label(Verb.MORE), Verb.MORE, options)


def _offered(entry: Entry) -> str:
    """Return a verb's label, with dots when it is going to ask something."""
    return f"{label(entry.verb)}…" if asks_first(entry) else label(entry.verb)


def asks_first(entry: Entry) -> bool:
    """Tell whether a form opens before a verb does anything: it takes words, or a moment's thought."""
    return entry.argument is not None and not (entry.asks and entry.argument.optional)


def words_of(values: Mapping[str, str]) -> str:
    """Return what a form gives its verb."""
    return values.get(TYPED, "").strip() or values.get(CHOSEN, "")


def about_ticket(tx: Transaction, entry: Entry, thread: Thread) -> Form:
    """Return the form that asks for what a verb needs, in a ticket's thread."""
    ticket, takes = tickets.get(tx, thread.shop_id, thread.ticket_id), needed(entry).takes
    options = offered(tx, takes, thread.workspace_id)
    return _form(entry, ticket_ref(thread.shop_id, thread.ticket_id), options, _present(takes, ticket))


def about_self(entry: Entry, agent: Agent) -> Form:
    """Return the form in which somebody says something about themselves."""
    said = {Verb.ZONE: agent.timezone, Verb.LANGUAGES: " ".join(agent.languages), Verb.QUIET: agent.quiet}
    return _form(entry, SELF, (), said.get(entry.verb, ""))


def which_ticket(
    tx: Transaction, entry: Entry, agent: Agent, macros: tuple[Option, ...], best: str, now: datetime
) -> Form | None:
    """Return the form that asks which macro is for which ticket, where no thread says; None when none waits."""
    found = [queues.waiting(tx, which, agent, now, MOST_TICKETS)[0] for which in (Queue.MINE, Queue.OLDEST)]
    by_ref = {ticket_ref(one.shop_id, one.id): one for tickets in found for one in tickets}
    options = tuple(Option(_described(tx, ticket), ref) for ref, ticket in by_ref.items())[:MOST_TICKETS]
    if not options:
        return None
    sought = EXPLANATIONS[f"{entry.command} {needed(entry).name}"]()
    return Form(
        title=label(entry.verb),
        submit=_("Next"),
        cancel=_("Cancel"),
        press=Press(entry.verb, SELF),
        inputs=(
            Input(TICKET, _("Ticket"), options=options),
            Input(MACRO, _("Macro"), best, _("Left empty: what fits the ticket best."), options=macros, optional=True),
            Input(SOUGHT, _("Another macro"), hint=sought, optional=True, limit=needed(entry).limit),
        ),
    )


def _described(tx: Transaction, ticket: Ticket) -> str:
    buyer, shop = conversations.buyer(tx, ticket.shop_id, ticket.buyer_id), shops.get(tx, ticket.shop_id)
    waits = _("Waiting since {when}", when=moment(ticket.waiting_since)) if ticket.waiting_since else ""
    return side_by_side(buyer_name(buyer, ticket.buyer_id), shop.name if shop else "", waits)


def needed(entry: Entry) -> Argument:
    """Return what a verb needs.

    Raises:
        NotUnderstood: it takes nothing.
    """
    if entry.argument is None:
        raise NotUnderstood(f"{entry.verb} takes nothing")
    return entry.argument


def in_words(act: str) -> str:
    """Return what is typed behind an exclamation mark ("level logistics") in the reader's words: "Level: Delivery"."""
    entry, words = by_binding(act)
    if entry is None:
        return one_line(act)
    options = fixed(entry.argument.takes) if entry.argument else ()
    means = next((option.label for option in options if option.value == words), one_line(words))
    return f"{label(entry.verb)}: {means}" if means else label(entry.verb)


def _present(takes: Takes, ticket: Ticket | None) -> str:
    """Return what a ticket has now of what a form asks for."""
    if ticket is None:
        return ""
    if takes is Takes.LEVEL:
        return ticket.level.value if ticket.level else ""
    return {Takes.PRIORITY: ticket.priority.value, Takes.LANGUAGE: ticket.language or AUTO}.get(takes, "")


def _form(entry: Entry, ref: str, options: tuple[Option, ...], value: str) -> Form:
    said = label(entry.verb)
    return Form(
        title=said,
        submit=said,
        cancel=_("Cancel"),
        press=Press(entry.verb, ref),
        inputs=_inputs(entry, needed(entry), options, value),
        parts=(Small((explanation(entry.verb),)),),
    )


def _inputs(entry: Entry, argument: Argument, options: tuple[Option, ...], value: str) -> tuple[Input, ...]:
    asked, several_lines = EXPLANATIONS[f"{entry.command} {argument.name}"](), argument.limit > LONG
    named = CHOICES[argument.takes]() if argument.takes in CHOICES else label(entry.verb)
    if not options:
        typed = Input(TYPED, named, value, hint=asked, multiline=several_lines, limit=argument.limit)
        return (replace(typed, optional=argument.optional),)
    choice = Input(CHOSEN, named, value, options=options)
    in_other_words = IN_OTHER_WORDS.get(argument.takes)
    if in_other_words is None:
        return (choice,)
    typed = Input(TYPED, in_other_words(), hint=asked, optional=True, limit=argument.limit)
    return (replace(choice, optional=True), typed)


def offered(tx: Transaction, takes: Takes, workspace_id: str) -> tuple[Option, ...]:
    """Return what there is to choose from in a workspace; empty where one can only type."""
    if takes is Takes.AGENT:
        people = (Option(one_line(who.name), f"<@{who.id}>") for who in agents.members(tx, workspace_id))
        return (*_teams(tx, workspace_id), *people)
    if takes is Takes.TAG:
        return tuple(Option(f"#{tag}", tag) for tag in queues.tags(tx, workspace_id, MOST_TAGS))
    if takes is Takes.TIER:
        known = tuple(Option(one_line(name), name) for name in tiers.names(tx)[:MOST_TAGS])
        return (*known, Option(_("None"), "off")) if known else ()
    return fixed(takes)


def _teams(tx: Transaction, workspace_id: str) -> Iterator[Option]:
    for one in teams.of_workspace(tx, workspace_id):
        yield Option(_("Team {name}", name=one_line(one.name)), f"team {one.name}")


def fixed(takes: Takes) -> tuple[Option, ...]:
    """Return what there is to choose from wherever one is; the values are what is typed in any language."""
    if takes is Takes.LANGUAGE:
        return (Option(_("As the buyer writes"), AUTO), *(Option(language_name(tag), tag) for tag in LANGUAGES))
    if takes is Takes.LEVEL:
        return tuple(Option(said(), level.value) for level, said in LEVELS.items())
    if takes is Takes.PRIORITY:
        return tuple(Option(said(), priority.value) for priority, said in PRIORITIES.items())
    if takes is Takes.MOMENT:
        return (
            Option(_("In an hour"), "1h"),
            Option(_("In three hours"), "3h"),
            Option(_("Tomorrow at nine"), "tomorrow 9"),
            Option(_("On Monday at nine"), "monday 9"),
        )
    return ()
