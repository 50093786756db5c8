"""Prepared answers for one person: which fits, what the buyer would read, and the form in which it is changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chatops.cards.forms import in_words
from chatops.cards.macro_library import library, none_yet, not_found, title
from chatops.cards.variables import hint, label
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.i18n import _, day, language_name, ngettext
from chatops.model import macro as macros
from chatops.model import macro_offer as offers
from chatops.model import ticket as tickets
from chatops.model.agent import Agent
from chatops.model.macro import Macro
from chatops.model.macro_offer import Draft, Occasion
from chatops.model.thread import Thread
from chatops.refs import choice_ref, split_choice, split_ref, ticket_ref
from chatops.rules import text as text_rules
from chatops.rules.macro import WORDS, Filled
from chatops.store.transaction import Transaction
from chatops.ui import Card, Controls, Form, Input, Menu, Option, Paragraph, Part, Press, Quote, Small, Strong, Tone
from chatops.words import side_by_side

CHOICES = 25  # of a menu, on either platform
MOST_ASKED = 3  # variables; Discord's forms have five places, for the text and what stands above it, too
TEXT_LIMIT = 3_000


def answer(tx: Transaction, agent: Agent, thread: Thread | None, words: str, now: datetime) -> Card:
    """Return, privately, the macro that fits a ticket and the words best, ready to send; without a ticket, the library.

    The words are a macro's id or name, or any that stand in it.
    """
    at = _occasion(tx, agent, thread.shop_id, thread.ticket_id) if thread else None
    if at is None:
        return library(tx, agent, words, now)
    found = offers.fitting(tx, at, words, now)
    others = offers.fitting(tx, at, "", now) if words else []
    choice = list({macro.id: macro for macro in (*found, *others)}.values())
    if not choice:
        return none_yet()
    draft = offers.draft(tx, at, found[0]) if found else None
    if draft is None:
        return not_found(words, Controls((_menu(at, choice),)))
    return preview(at, draft, choice, len(found) if words else 0, now)


def compose(tx: Transaction, agent: Agent, ref: str) -> Form | None:
    """Return the form in which a macro's text is changed before it goes; None when it, or its ticket, is gone.

    Its inputs are "text", and one for each variable without a value, called as the variable.
    """
    draft = _draft(tx, agent, ref)
    if draft is None:
        return None
    written = _("Text in {language}", language=language_name(draft.text.locale))
    text = Input(WORDS, written, draft.filled.text[:TEXT_LIMIT], multiline=True, limit=TEXT_LIMIT)
    asked = [Input(each.name, label(each.name), hint=hint(each.form), limit=500) for each in draft.missing[:MOST_ASKED]]
    own: tuple[Part, ...] = (Quote(_readable(draft.own)),) if draft.own else ()
    return Form(
        title=_("Reply to the buyer"),
        submit=_("Send"),
        cancel=_("Cancel"),
        press=Press(Verb.MACRO_SEND, ref),
        parts=(Paragraph((Strong(title(draft.macro)),)), *own),
        inputs=(text, *asked),
    )


def lacks(tx: Transaction, agent: Agent, ref: str) -> bool:
    """Tell whether a macro cannot be sent before somebody has filled in the form."""
    draft = _draft(tx, agent, ref)
    return draft is not None and bool(draft.missing)


def search(tx: Transaction, agent: Agent, thread: Thread | None, words: str, now: datetime) -> list[Option]:
    """Return the macros, by their ids, that fit what somebody has typed so far, best first, at most 25."""
    at = _occasion(tx, agent, thread.shop_id, thread.ticket_id) if thread else None
    return [Option(title(macro), macro.id) for macro in offers.fitting(tx, at, words, now)[:CHOICES]]


def _occasion(tx: Transaction, agent: Agent, shop_id: str, ticket_id: str) -> Occasion | None:
    ticket = tickets.going_on(tx, shop_id, ticket_id)
    return offers.occasion(tx, ticket, agent) if ticket else None


def _draft(tx: Transaction, agent: Agent, ref: str) -> Draft | None:
    about, macro_id = split_choice(ref)
    at, macro = _occasion(tx, agent, *split_ref(about)), macros.get(tx, macro_id)
    if at is None or macro is None or macro.archived or not macro.is_for(at.shop.id):
        return None
    return offers.draft(tx, at, macro)


def preview(at: Occasion, draft: Draft, choice: Sequence[Macro], found: int, now: datetime) -> Card:
    """Return what the buyer would read, beside the same for the reader; `found`: how many macros the words fit."""
    ref = choice_ref(ticket_ref(at.ticket.shop_id, at.ticket.id), draft.macro.id)
    read = _("The buyer reads, in {language}:", language=language_name(draft.text.locale))
    words = _readable(draft.filled)
    parts: list[Part] = [Paragraph((Strong(title(draft.macro)),)), Paragraph((read,)), Quote(words)]
    if draft.own:
        parts += [Paragraph((_("The same in your language:"),)), Quote(_readable(draft.own))]
    notes = [*_several(found), *_notes(draft, now)]
    parts += [Small((note,)) for note in notes]
    send = button(Verb.MACRO_SEND, ref, Tone.GOOD)
    parts += [Controls((send, button(Verb.MACRO_EDIT, ref))), Controls((_menu(at, choice),))]
    summary = " ".join((title(draft.macro), read, words, *notes))
    return Card(summary=summary, parts=tuple(parts))


def _readable(filled: Filled) -> str:
    """Return a text with what has no value called by its name."""
    text = filled.text
    for variable in filled.missing:
        text = text.replace(variable.source, f"[{label(variable.name)}]")
    return text


def _several(found: int) -> Iterator[str]:
    if found > 1:
        yield ngettext(
            "{count} macro fits what you typed: this one best.",
            "{count} macros fit what you typed: this one best.",
            found,
        )


def _notes(draft: Draft, now: datetime) -> Iterator[str]:
    """Say what somebody should know before they send it."""
    macro, text = draft.macro, draft.text
    if draft.missing:
        names = ", ".join(label(variable.name) for variable in draft.missing)
        yield _("You will be asked for: {names}", names=names)
    if draft.foreign:
        yield _("The buyer writes in {language}, but there is no text in it.", language=language_name(draft.language))
    if text_rules.buyer_length(draft.filled.text) > text_rules.BUYER_LIMIT:
        yield _("It is longer than TikTok Shop allows: make it shorter, or send it in parts.")
    if macro.acts:
        yield _("Sending it also does: {acts}", acts=side_by_side(*map(in_words, macro.acts)))
    if not text.signed_off_by:
        yield _("No native speaker has signed this text off yet.")
    if macro.review_by and macro.review_by < now.date():
        yield _("Should have been looked over by {day}", day=day(macro.review_by))


def _menu(at: Occasion, choice: Sequence[Macro]) -> Menu:
    ref = ticket_ref(at.ticket.shop_id, at.ticket.id)
    options = tuple(Option(title(macro), choice_ref(ref, macro.id)) for macro in choice[:CHOICES])
    return Menu(_("Another macro"), Verb.MACRO_EDIT, options)
