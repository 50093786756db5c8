"""What people see of pages: the mention in a thread, the direct message that rings somebody up, the cry for anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatops.cards.macro_library import title
from chatops.cards.verbs import button, label
from chatops.catalog import Verb
from chatops.i18n import _, length, moment, ngettext, weave
from chatops.model import conversation as conversations
from chatops.model import macro_offer as offers
from chatops.model import message as messages
from chatops.model import shop as shops
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.macro import Macro
from chatops.model.message import Author
from chatops.model.page import UNANSWERED, How, Page, Standing, Why
from chatops.refs import choice_ref, ticket_ref
from chatops.rules.escalation import Cause, PageState, Way
from chatops.store.transaction import Transaction
from chatops.ui import (
    Button,
    Card,
    Controls,
    Field,
    GroupMention,
    Inline,
    Line,
    Link,
    Mention,
    Moment,
    MomentStyle,
    Paragraph,
    Part,
    Press,
    Quote,
    Small,
    Strong,
    Tone,
)
from chatops.words import buyer_name, one_line, side_by_side

Facts = Mapping[str, str]
IN_A_LINE = 10  # pages of one direct message, beside the most urgent one with its words and buttons
IN_THE_SUMMARY = 3
WORDS = 300  # characters of what a buyer said


def called(facts: Facts) -> Card:
    """Return the mention in a thread of those who are called; who was rung up a moment ago is only named."""
    why = Why(facts["why"])
    asker = facts["asked_by"] if why is Why.ASKED else ""  # the sentence mentions them
    rung: list[Inline] = [Mention(one) for one in facts["rung"].split() if one != asker]
    rung += [GroupMention(one) for one in facts["groups"].split()]
    rung += [Strong(one) for one in (facts["teams"], facts["named"]) if one]
    whom: Line = tuple(piece for one in rung for piece in (one, " "))
    due_at = datetime.fromisoformat(facts["due_at"]) if facts["due_at"] else None
    words = (Quote(facts["words"]),) if facts["words"] else ()
    line = _why(why, due_at, facts["asked_by"])
    ref = ticket_ref(facts["shop_id"], facts["ticket_id"])
    controls = Controls((button(Verb.TAKE, ref, Tone.GOOD), button(Verb.LATER, ref), button(Verb.HAND_ON, ref)))
    return Card(summary=_plain(line), tone=Tone.BAD, parts=(Paragraph((*whom, *line)), *words, controls))


def unheard(facts: Facts) -> Card:
    """Return that nobody came: nobody is there to be called, or everybody was."""
    said = _nobody_came(facts["cause"])
    return Card(summary=said, tone=Tone.BAD, parts=(Paragraph((said,)),))


def refused(facts: Facts) -> Card:
    """Return that no direct message reaches somebody."""
    who = Mention(facts["agent_id"])
    line = weave("{agent} cannot be reached by direct message: the call goes on without them.", agent=who)
    said = _("Somebody who was called cannot be reached by direct message.")
    return Card(summary=said, tone=Tone.WARN, parts=(Paragraph(line),))


def taken(facts: Facts) -> Card:
    """Return who has answered a page."""
    who = Mention(facts["agent_id"]) if facts["agent_id"] else Strong(one_line(facts.get("name", "")) or "?")
    if facts["how"] == How.OUTSIDE:
        line = weave("{agent} has heard the call outside this chat.", agent=who)
        return Card(summary=_("Somebody has heard the call."), tone=Tone.GOOD, parts=(Small(line),))
    if facts["how"] == How.SNOOZED:
        line = weave("{agent} wants to be called again in ten minutes.", agent=who)
        return Card(summary=_("The call waits for ten minutes."), tone=Tone.WARN, parts=(Small(line),))
    line = weave("{agent} has heard the call.", agent=who)
    return Card(summary=_("Somebody has heard the call."), tone=Tone.GOOD, parts=(Small(line),))


def on_card(standing: Standing, workspace_id: str) -> Field:
    """Return who is called about a ticket since when, or who has heard it, as a fact on its card.

    `workspace_id` is the workspace that reads the card: people of another one are not named.
    """
    page = standing.page
    near = page.workspace_id == workspace_id
    if page.state in UNANSWERED:
        people = _people(page) if near and page.state is PageState.CALLING else ()
        whom: Line = people or (_("Nobody came") if page.state is PageState.EXHAUSTED else _("A teammate"),)
        return Field(_("Being paged"), (*whom, " · ", _ago(standing.called_at)))
    who: Line = (Mention(page.acknowledged_by),) if near and page.acknowledged_by else (_("A teammate"),)
    if page.how is How.SNOOZED:
        again = weave("calls again {when}", when=_at(page.ends_at))
        return Field(_("Has heard the call"), (*who, " · ", *again))
    since = (" · ", _ago(page.acknowledged_at)) if page.acknowledged_at else ()
    return Field(_("Has heard the call"), (*who, *since))


def _people(page: Page) -> Line:
    """Return whom a page calls now: people, teams, and what is outside of this chat."""
    found: list[Inline] = []
    for one in page.called:
        way, _blank, name = one.partition(" ")
        if way != Way.CHANNEL:
            found += [", "] if found else []
            found.append(Mention(name) if way == Way.AGENT else Strong(one_line(name)))
    return tuple(found)


def _ago(instant: datetime) -> Moment:
    return Moment(instant, MomentStyle.AGO, moment(instant))


def _nobody_came(cause: str) -> str:
    if cause == Cause.EXHAUSTED:
        return _("Everybody was called, and nobody has answered the call.")
    return _("Nobody could be called: nobody is on call, or everybody is asleep.")


def _why(why: Why, due_at: datetime | None, asked_by: str) -> Line:
    if why is Why.ASKED and asked_by:
        return weave("{agent} asks for you.", agent=Mention(asked_by))
    if why is Why.ASKED or due_at is None:
        return (_("Somebody is needed here."),)
    if why is Why.WARN:
        return weave("Due: {when}.", when=_at(due_at))
    return weave("Overdue: {when}.", when=_at(due_at))


def _plain(line: Line) -> str:
    pieces = (piece.fallback if isinstance(piece, Moment) else piece for piece in line)
    return " ".join("".join(piece if isinstance(piece, str) else "…" for piece in pieces).split())


@dataclass(frozen=True, slots=True)
class Called:
    """A page and what somebody who is called for it has to know; `said`: the buyer's last words."""

    page: Page
    name: str
    shop: str
    said: str
    url: str
    macro: Macro | None = None  # the one that fits

    @property
    def waits(self) -> bool:
        """Whether nobody has answered the call."""
        return self.page.state in UNANSWERED


def read(tx: Transaction, page: Page, agent: Agent | None = None, now: datetime | None = None) -> Called:
    """Return what is known of a page; for an `agent` who is called `now`, with the macro that fits best."""
    ticket, shop = tickets.get(tx, page.shop_id, page.ticket_id), shops.get(tx, page.shop_id)
    buyer = conversations.buyer(tx, page.shop_id, ticket.buyer_id if ticket else None)
    said = messages.said_in(tx, page.shop_id, page.ticket_id)
    words = (one.text for one in reversed(said) if one.author is Author.BUYER and one.text)
    near = (one for one in threads.of_ticket(tx, page.shop_id, page.ticket_id) if one.workspace_id == page.workspace_id)
    at = offers.occasion(tx, ticket, agent) if ticket and agent and page.state in UNANSWERED else None
    return Called(
        page,
        buyer_name(buyer, ticket.buyer_id if ticket else None),
        shop.name if shop else "",
        one_line(next(words, ""), WORDS),
        next(map(threads.address, near), ""),
        next(iter(offers.fitting(tx, at, "", now)), None) if at and now else None,
    )


def about(tx: Transaction, page: Page) -> Line:
    """Return whose ticket a page is about, and the way there."""
    one = read(tx, page)
    return (Strong(one.name), " ", *_link(one))


def direct(listed: Sequence[Called], now: datetime) -> Card:
    """Return the direct message that rings somebody up: the most urgent page, and the others in a line each."""
    waiting = sorted((one for one in listed if one.waits), key=lambda one: one.page.due_at or now)
    lines = [_in_a_line(one) for one in (*waiting[1:], *(one for one in listed if not one.waits))]
    rest = len(lines) - IN_A_LINE
    parts = [part for one in waiting[:1] for part in _in_full(one)]
    parts += [Small(line) for line in lines[:IN_A_LINE]]
    parts += [Small((ngettext("and {count} more", "and {count} more", rest),))] if rest > 0 else []
    summary = side_by_side(*(_summary(one, now) for one in waiting[:IN_THE_SUMMARY])) or _("The call is over.")
    if len(waiting) > 1:
        count = ngettext("{count} ticket needs you", "{count} tickets need you", len(waiting))
        return Card(summary=f"{count}: {summary}", title=count, tone=Tone.BAD, parts=tuple(parts))
    return Card(summary=summary, tone=Tone.BAD if waiting else Tone.GOOD, parts=tuple(parts))


def _in_full(one: Called) -> list[Part]:
    page, ref = one.page, ticket_ref(one.page.shop_id, one.page.ticket_id)
    head: Line = (Strong(one.name), f" · {one.shop} " if one.shop else " ", *_link(one))
    fits = [Small((_("The macro that fits: {name}", name=title(one.macro)),))] if one.macro else []
    answer = Press(Verb.MACRO_EDIT, choice_ref(ref, one.macro.id)) if one.macro else Press(Verb.ANSWER, ref)
    buttons = (
        button(Verb.TAKE, ref, Tone.GOOD),
        Button(label(Verb.ANSWER), answer),
        button(Verb.LATER, ref),
        button(Verb.HAND_ON, ref),
    )
    quotes = [Quote(words) for words in (page.words, one.said) if words]
    return [Paragraph(head), Paragraph(_why(page.why, page.due_at, page.asked_by)), *quotes, *fits, Controls(buttons)]


def _in_a_line(one: Called) -> Line:
    page = one.page
    if one.waits:
        state = _why(page.why, page.due_at, page.asked_by)
    elif page.state is PageState.OVER:
        state = (_("needs nobody any more"),)
    elif page.how is How.SNOOZED:
        state = weave("calls again {when}", when=_at(page.ends_at))
    elif not page.acknowledged_by:
        state = (_("somebody has it outside this chat"),)
    else:
        state = weave("{agent} has it", agent=Mention(page.acknowledged_by))
    return (Strong(one.name), " · ", *state, " ", *_link(one))


def in_channel(one: Called, cause: str) -> Card:
    """Return what a whole channel hears of a page: that it is called, or that nobody came."""
    cry: Line = (_nobody_came(cause), " ") if cause in (Cause.FALLBACK, Cause.EXHAUSTED) else ()
    line: Line = (*cry, *_why(one.page.why, one.page.due_at, one.page.asked_by))
    said = [Quote(one.said)] if one.said else []
    head = Paragraph((Strong(one.name), " · ", *line, " ", *_link(one)))
    return Card(summary=side_by_side(one.name, _plain(line), one.said), tone=Tone.BAD, parts=(head, *said))


def _summary(one: Called, now: datetime) -> str:
    left = (one.page.due_at - now) // timedelta(milliseconds=1) if one.page.due_at else None
    if left is None:
        return side_by_side(one.name, one.page.words or one.said)
    time = _("{length} left", length=length(left)) if left > 0 else _("{length} too late", length=length(-left))
    return side_by_side(one.name, time, one.said)


def _link(one: Called) -> Line:
    return (Link(one.url, _("Go there")),) if one.url else ()


def _at(instant: datetime) -> Moment:
    return Moment(instant, MomentStyle.DUE, moment(instant))
