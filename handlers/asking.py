"""What one person is shown before anything is done: the form a verb needs, or the answer to a verb that only asks.

Everything here is read from the database in one go and is in the language of whoever asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from chatops.cards import asked, commands, digest_asking, forms, macro_writing, macros, notice, rule_writing
from chatops.cards.rulebook import saved
from chatops.catalog import CATALOG, About, Entry, Takes, Verb, entry
from chatops.desk import commands as desk
from chatops.desk import gestures, team, time_writing
from chatops.desk import rule_writing as rules_desk
from chatops.desk.gestures import KEPT
from chatops.desk.time_writing import opened_by
from chatops.errors import NotUnderstood, Refusal, Refused
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import form_draft as form_drafts
from chatops.model import message as messages
from chatops.model import page as pages
from chatops.model import rulebook
from chatops.model import thread as threads
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.form_draft import FormDraft
from chatops.model.thread import Thread
from chatops.refs import choice_ref, split_choice, split_ref
from chatops.rules import zones
from chatops.store.transaction import Transaction
from chatops.ui import Card, Form, Option, Press
from chatops.words import one_line
from handlers import digest_forms, rota_forms, time_forms

# What a form with several inputs is for.
FILLED = frozenset(
    {
        Verb.MACRO_SEND,
        Verb.MACRO_WRITE,
        Verb.REWORD,
        Verb.RULE_WRITE,
        Verb.ANSWER,
        Verb.PROMISE_WRITE,
        Verb.CALENDAR_WRITE,
        Verb.ROTA_WRITE,
        Verb.DIGEST_WRITE,
    }
)
SEEN_BY = {  # what somebody is shown who changed something about time
    Verb.PROMISES_APPLY: Verb.PROMISES,
    Verb.PROMISES_BACK: Verb.PROMISES,
    Verb.PROMISE_WRITE: Verb.PROMISES,
    Verb.CALENDAR_WRITE: Verb.CALENDARS,
    Verb.ROTA_SAVE: Verb.ROTATIONS,
    Verb.ROTATIONS_BACK: Verb.ROTATIONS,
    Verb.DIGEST_SAVE: Verb.DIGESTS,
    Verb.DIGESTS_TAKE: Verb.DIGESTS,
    Verb.DIGESTS_BACK: Verb.DIGESTS,
}
COMES = {  # what somebody is shown of what they wrote into a form, or asked of it
    Verb.ROTA_WRITE: rota_forms.came_of_it,
    Verb.DIGEST_WRITE: digest_forms.came_of_it,
    Verb.DIGEST_TRY: digest_forms.on_its_way,
    Verb.DIGEST_CSV: digest_forms.file_on_its_way,
    Verb.DIGEST_JSON: digest_forms.file_on_its_way,
    Verb.DIGEST_AGAIN: digest_forms.again_on_its_way,
    Verb.REPORT_LINK: digest_forms.link_on_its_way,
    Verb.REPORT_UNLINK: digest_forms.link_withdrawn,
}
# By what came of it, for the person alone.
DECIDED = (About.RULE, About.PROMISE, About.ROTA, About.DIGEST, About.SECTION)  # of nobody's ticket
ANSWERED = frozenset({Verb.RULE_WRITE, Verb.RULE_SAVE, Verb.RULES_BACK, *COMES, *SEEN_BY})
Shown = TypeVar("Shown")
MOST, LABEL = 25, 100  # suggestions, and characters of one


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody of a workspace; `locale` is their client's and `name` theirs, where what they did tells them."""

    workspace_id: str
    agent_id: str
    locale: str = ""
    name: str = ""


def meant(said: Press) -> tuple[Entry, str]:
    """Return the verb that a button, or a choice in the menu of a card, means, and what it is about.

    Raises:
        NotUnderstood: an older version, or nobody of ours, made it.
    """
    verb, ref = said.verb, said.ref
    if verb == Verb.MORE:
        ref, verb = split_choice(ref)
    found = next((one for one in CATALOG if one.verb == verb and (one.button or one.more)), None)
    if found is None or found.verb is Verb.MORE:
        raise NotUnderstood("a press with a verb that no button has")
    return found, ref


def locale_of(tx: Transaction, who: Asker) -> str:
    """Return the language to speak with somebody: their client's or their own, else their team's."""
    agent, workspace = agents.get(tx, who.workspace_id, who.agent_id), workspaces.get(tx, who.workspace_id)
    return who.locale or (agent.locale if agent else "") or (workspace.locale if workspace else "") or "en"


def thread_in(tx: Transaction, workspace_id: str, channel_id: str, ref: str) -> Thread | None:
    """Return the thread of the ticket of a ref in a channel, or from the direct message that calls about it."""
    return pages.thread_at(tx, *split_ref(ref), workspace_id, channel_id)


def before(tx: Transaction, who: Asker, channel_id: str, found: Entry, ref: str, now: datetime) -> Form | Card | None:
    """Return what somebody is shown who chose a verb: the form it needs, an answer, or why not; None: it can be done.

    Raises:
        NotUnderstood: `ref` is not one of ours.
    """
    if found.verb is Verb.REWORD:
        return _rewording(tx, who, channel_id, found, ref)
    if found.about is About.DRAFT:
        return _again(tx, who, channel_id, ref, now)
    if found.about in DECIDED:
        return _decided(tx, who, found, ref, now)
    if found.verb in FILLED or found.verb is Verb.MACRO_EDIT:
        return _worded(tx, who, channel_id, found, ref)
    if not (found.asks or forms.asks_first(found)):
        return None
    thread = None if found.about is About.AGENT else thread_in(tx, who.workspace_id, channel_id, ref)
    if thread is None and found.about is not About.AGENT:
        raise NotUnderstood("a ticket that has no thread here")

    def shown(agent: Agent) -> Form | Card:
        if not forms.asks_first(found):
            return asked.answer(tx, agent, thread, found.verb, "", now)
        return forms.about_self(found, agent) if thread is None else forms.about_ticket(tx, found, thread)

    return _for(tx, who, found.verb, shown)


def _worded(tx: Transaction, who: Asker, channel_id: str, found: Entry, ref: str) -> Form | Card | None:
    """Return the form in which an answer or a macro is written, or changed before it goes.

    Sending a macro needs it if something lacks.
    """
    if found.verb is not Verb.MACRO_WRITE:
        ticket = ref if found.verb is Verb.ANSWER else split_choice(ref)[0]
        if thread_in(tx, who.workspace_id, channel_id, ticket) is None:
            raise NotUnderstood("words for a ticket that has no thread here")

    def shown(agent: Agent) -> Form | Card | None:
        if found.verb is Verb.ANSWER:
            return commands.reply_form(ref, found.verb)
        if found.verb is Verb.MACRO_SEND and not macros.lacks(tx, agent, ref):
            return None
        form = macro_writing.form if found.verb is Verb.MACRO_WRITE else macros.compose
        return form(tx, agent, ref) or notice.refusal(Refused(Refusal.NO_SUCH_MACRO))

    return _for(tx, who, found.verb, shown)


def _rewording(tx: Transaction, who: Asker, channel_id: str, found: Entry, ref: str) -> Form | Card:
    """Return the form in which a held answer gets other words, or why not."""
    message = messages.get(tx, *split_ref(split_choice(ref)[0]))
    if message is None or (message.source_workspace_id, message.source_channel_id) != (who.workspace_id, channel_id):
        raise NotUnderstood("an answer that nobody wrote here")

    def shown(_agent: Agent) -> Form | Card:
        return notice.rewording(message) if message.is_held else notice.refusal(Refused(Refusal.STALE))

    return _for(tx, who, found.verb, shown)


def _decided(tx: Transaction, who: Asker, found: Entry, ref: str, now: datetime) -> Form | Card | None:
    """Return the form for what is decided for the whole desk, or an answer, or why not; some is done at once."""

    def shown(agent: Agent) -> Form | Card | None:
        try:
            return FORMS[found.verb](tx, agent, ref, now) if found.verb in FORMS else None
        except Refused as refused:
            return notice.refusal(refused)

    return _for(tx, who, found.verb, shown)


FORMS: Mapping[Verb, Callable[[Transaction, Agent, str, datetime], Form | Card]] = {
    Verb.RULE_WRITE: lambda tx, agent, ref, now: (
        rule_writing.form(tx, agent, ref, now.date()) or notice.refusal(Refused(Refusal.STALE))
    ),
    Verb.PROMISES_TAKE: time_forms.offer,
    Verb.PROMISE_WRITE: lambda tx, _agent, ref, _now: time_forms.promise(tx, ref),
    Verb.CALENDAR_WRITE: time_forms.calendar,
    Verb.ROTA_WRITE: rota_forms.opened,
    Verb.DIGEST_WRITE: digest_forms.opened,
    Verb.STATS: lambda tx, agent, ref, _now: digest_asking.explained(tx, agent, ref),
}


def kept(tx: Transaction, who: Asker, form: Press, values: Mapping[str, str], now: datetime) -> str:
    """Keep what somebody wrote into a form that is closed by now; return the ref to open it again, "" where it has one.

    Rules keep drafts of their own.
    """
    verb = next((one for one in Verb if one == form.verb), None)
    if verb is None or verb in KEPT or not values:
        return ""
    about = opened_by(form.ref) if verb in time_writing.WRITTEN else form.ref
    key = form_drafts.key_of(verb, about)
    draft = FormDraft(
        workspace_id=who.workspace_id,
        agent_id=who.agent_id,
        key=key,
        verb=verb,
        ref=form.ref,
        about=about,
        values=dict(values),
        written_at=now,
    )
    form_drafts.put(tx, draft)
    return key


def _again(tx: Transaction, who: Asker, channel_id: str, key: str, now: datetime) -> Form | Card:
    """Return a form with what somebody wrote into it, or why it cannot be opened any more."""
    draft = form_drafts.get(tx, who.workspace_id, who.agent_id, key)
    shown: Form | Card | None = None
    if draft is not None and draft.verb is Verb.REPLY:
        shown = _for(tx, who, draft.verb, lambda _agent: commands.reply_form(draft.about))
    elif draft is not None:  # whatever a macro lacks, it is shown
        verb = Verb.MACRO_EDIT if draft.verb is Verb.MACRO_SEND else draft.verb
        shown = before(tx, who, channel_id, entry(verb), draft.about, now)
    if isinstance(shown, Form) and draft is not None:
        return rota_forms.filled(shown, draft.values)
    return shown or refusal(tx, who, Refused(Refusal.STALE))


def tried(tx: Transaction, who: Asker, heard: gestures.Pressed, now: datetime) -> None:
    """Look at what a form about time would change, if that is all that is asked of it.

    It is read, not written: it takes longer the more clocks run, and nothing that arrives meanwhile waits for it.

    Raises:
        Refused: it was only to be tried, and this would come of it; or why it cannot be.
    """
    if heard.verb in time_writing.WRITTEN:
        if refused := desk.objection(tx, who.workspace_id, who.agent_id, heard.verb):
            raise refused
        time_writing.try_out(tx, heard.verb, heard.ref, heard.values, now)


def which_ticket(tx: Transaction, who: Asker, found: Entry, words: str, now: datetime) -> Form | Card:
    """Return the form that asks which macro is for which ticket, where no thread says; the library when none waits."""

    def shown(agent: Agent) -> Form | Card:
        fitting = tuple(macros.search(tx, agent, None, words, now))
        best = fitting[0].value if fitting and words else ""
        form = forms.which_ticket(tx, found, agent, fitting, best, now) if fitting else None
        return form or asked.answer(tx, agent, None, found.verb, words, now)

    return _for(tx, who, found.verb, shown)


def macro_for_ticket(tx: Transaction, who: Asker, values: Mapping[str, str], now: datetime) -> tuple[Form, Thread]:
    """Return the form of the macro somebody chose for a ticket, and the ticket's thread.

    What was typed counts before what was chosen; neither means what fits the ticket best.

    Raises:
        Refused: there is no such macro, or no such ticket in the workspace (any more).
    """
    ref, chosen, words = values.get(forms.TICKET, ""), values.get(forms.MACRO), values.get(forms.SOUGHT, "").strip()
    if not ref:
        raise Refused(Refusal.STALE)
    agent, of_ticket = _agent(tx, who), threads.of_ticket(tx, *split_ref(ref))
    thread = next((one for one in of_ticket if one.workspace_id == who.workspace_id and one.external_id), None)
    with language(locale_of(tx, who)):
        if words or not chosen:
            chosen = next((best.value for best in macros.search(tx, agent, thread, words, now)), "")
        form = macros.compose(tx, agent, choice_ref(ref, chosen)) if thread and chosen else None
    if thread is None or form is None:
        raise Refused(Refusal.NO_SUCH_MACRO)
    return form, thread


def answer(tx: Transaction, who: Asker, thread: Thread | None, verb: Verb, words: str, now: datetime) -> Card:
    """Return what a verb that asks is answered with, or why it is not."""
    return _for(tx, who, verb, lambda agent: asked.answer(tx, agent, thread, verb, words, now))


def came_of_it(tx: Transaction, who: Asker, verb: Verb, ref: str, now: datetime) -> Card:
    """Return what somebody is shown who did something about rules, or about time.

    Raises:
        Refused: what they wrote makes no sense yet.
    """
    if verb in SEEN_BY:
        return answer(tx, who, None, SEEN_BY[verb], "", now)
    agent = _agent(tx, who)
    with language(agent.locale):
        if verb in COMES:
            return COMES[verb](tx, agent, ref, now)
        name = rulebook.split_ref(ref)[0]
        draft = rulebook.draft(tx, who.workspace_id, who.agent_id, name) if verb is Verb.RULE_WRITE else None
        return rule_writing.trial(draft, rules_desk.tried(tx, draft, now)) if draft else saved(tx, name)


def wrong(tx: Transaction, who: Asker, verb: Verb, ref: str, why: Refused) -> Card:
    """Return what is wrong with what somebody wrote into a form that is closed by now: it is kept as their draft."""
    agent = _agent(tx, who)
    with language(agent.locale):
        if verb in COMES:
            return rota_forms.wrong(tx, agent, verb, why, ref)
        return rule_writing.wrong(why, ref, rulebook.number(tx, rulebook.split_ref(ref)[0]))


def _for(tx: Transaction, who: Asker, verb: Verb, shown: Callable[[Agent], Shown]) -> Shown | Card:
    """Return what is shown to somebody who says a verb, in their language; or why it is not."""
    agent = _agent(tx, who)
    with language(agent.locale):
        refused = desk.objection(tx, who.workspace_id, who.agent_id, verb)
        return notice.refusal(refused) if refused else shown(agent)


def _agent(tx: Transaction, who: Asker) -> Agent:
    """Return what is known of somebody, and the language they are spoken with now."""
    agent = agents.get(tx, who.workspace_id, who.agent_id) or Agent(workspace_id=who.workspace_id, id=who.agent_id)
    agent.locale = locale_of(tx, who)
    return agent


def acquainted(tx: Transaction, who: Asker, now: datetime) -> None:
    """Remember somebody who only asks, or is about to be named; their profile is read if it is old."""
    agent = team.seen(tx, who.workspace_id, who.agent_id, now, who.locale)
    if who.name and not agent.name:
        team.called(tx, agent, who.name)


def pressed(tx: Transaction, who: Asker, heard: gestures.Pressed, now: datetime) -> bool:
    """Do what a button or form asks for, as `gestures.pressed`; who has never done anything is not nameless."""
    acquainted(tx, who, now)
    return gestures.pressed(tx, heard, now)


def suggested(
    tx: Transaction, who: Asker, thread: Thread | None, takes: Takes, typed: str, now: datetime
) -> list[Option]:
    """Return what somebody may mean who has typed so much, the likeliest first."""
    if takes is Takes.ZONE:
        return [Option(name, name) for name in zones.like(typed)]
    wanted = typed.strip().casefold()
    with language(locale_of(tx, who)):
        if takes is Takes.MACRO:
            fitting = macros.search(tx, _agent(tx, who), thread, typed, now)
        else:
            options = forms.offered(tx, takes, who.workspace_id)
            fitting = [one for one in options if wanted in one.label.casefold() or wanted in one.value.casefold()]
    return [Option(one_line(one.label, LABEL), one.value[:LABEL]) for one in fitting[:MOST] if one.value and one.label]


def refusal(tx: Transaction, who: Asker, why: Refused) -> Card:
    """Return why somebody's request was refused."""
    with language(locale_of(tx, who)):
        return notice.refusal(why)
