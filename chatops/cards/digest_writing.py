"""Plans of digests for whoever decides them: the list, ready-made ones, the form for one, and what it would come to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatops.cards import drafts
from chatops.cards.promises import undo
from chatops.cards.rule_writing import ROOM
from chatops.cards.verbs import button, label
from chatops.catalog import NEW, Verb
from chatops.errors import Refusal, Refused
from chatops.i18n import _, moment, weave, weekday
from chatops.model import definition as definitions
from chatops.model import digest as digests
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.digest import DigestState
from chatops.model.digest_trial import DigestTrial
from chatops.model.form_draft import FormDraft
from chatops.model.thread import channel_address
from chatops.rules.hours import WEEKDAYS
from chatops.rules.plan import DigestPlan, Rhythm
from chatops.store.transaction import Transaction
from chatops.ui import (
    Button,
    Card,
    Controls,
    Divider,
    Form,
    Input,
    Line,
    Link,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Press,
    Small,
    Strong,
)
from chatops.words import one_line, side_by_side

FEW = 20
MONDAY = date(2026, 1, 5)

PACKS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {  # each with what it is for
    "small-team": (
        lambda: _("A small team"),
        lambda: _("On working days at nine: how yesterday was. Monday tells of the weekend."),
    ),
    "several-shops": (
        lambda: _("Several shops"),
        lambda: _("Every day at nine; the week on Mondays and the month on its first, beside the ones before."),
    ),
    "other-teams": (
        lambda: _("What to fix"),
        lambda: _("On Mondays, for whoever writes, films and advertises: what buyers ask. Then choose their channel."),
    ),
}


def planned(tx: Transaction, agent: Agent, _words: str, now: datetime) -> Card:
    """Return the digests of a workspace with when they come, and the ways to change them and to begin."""
    title, found = label(Verb.DIGESTS), [*_plans(tx, agent)][:FEW]
    parts: list[Part] = [part for name, spec in found for part in _plan(tx, agent, name, spec)]
    if not found:
        parts.append(Paragraph((_("No digest is planned yet. Take what comes nearest, then change it:"),)))
    options = [Option(one_line(name), name) for name, _spec in found]
    new = Option(_("A new digest"), NEW)
    parts.append(Controls((Menu(f"{label(Verb.DIGEST_WRITE)}…", Verb.DIGEST_WRITE, (*options, new)),)))
    parts += [*undo(tx, now, Verb.DIGESTS_BACK), Divider()]
    parts += [Paragraph((Strong(name()), " ", about())) for name, about in PACKS.values()]
    packs = (Button(name(), Press(Verb.DIGESTS_TAKE, pack)) for pack, (name, _about) in PACKS.items())
    summary = "\n".join([title, *(f"{one_line(name)}: {_when(spec)}" for name, spec in found)])
    return Card(title=title, summary=summary, parts=(*parts, Controls(tuple(packs))))


def _plans(tx: Transaction, agent: Agent) -> Iterator[tuple[str, DigestPlan]]:
    home = workspaces.get(tx, agent.workspace_id)
    for one in definitions.current(tx, DefinitionKind.DIGEST):
        spec = one.read(DigestPlan)
        if home and spec.workspace == home.name:
            yield one.name, spec


def _plan(tx: Transaction, agent: Agent, name: str, spec: DigestPlan) -> Iterator[Part]:
    channel = Link(channel_address(agent.workspace_id, spec.channel), _("the channel"))
    yield Paragraph((Strong(one_line(name)), " · ", _when(spec), " · ", channel))
    watch = digests.look(tx, name)
    if watch is not None and watch.next_at is not None:
        yield Small(weave("Next: {moment}", moment=_moment(watch.next_at, spec)))
    last = next(iter(digests.last(tx, name)), None)
    if last is not None and last.state is DigestState.FAILED:
        yield Small((_("⚠️ The last one failed ({code}).", code=last.fault),))


def _moment(at: datetime, spec: DigestPlan) -> Moment:
    return Moment(at, MomentStyle.DATE_TIME, moment(at, ZoneInfo(spec.timezone)))


def _when(spec: DigestPlan) -> str:
    """Return when a plan is due, in words."""
    days = ", ".join(weekday(MONDAY + timedelta(days=WEEKDAYS.index(day))) for day in spec.on)
    match spec.every:
        case Rhythm.MONTH:
            said = _("every month on day {day} at {time}", day=spec.day, time=spec.at)
        case Rhythm.WEEK:
            on = days or weekday(MONDAY)
            said = _("every week on {days} at {time}", days=on, time=spec.at)
        case Rhythm.DAY:
            said = _("on {days} at {time}", days=days, time=spec.at) if days else _("every day at {time}", time=spec.at)
    return side_by_side(said, spec.timezone)


def form(ref: str, text: str) -> Form:
    """Return the form for one plan as it stands in a desk file.

    Raises:
        Refused: it does not fit a form.
    """
    if len(text) > ROOM:
        raise Refused(Refusal.NO_ROOM)
    said = _("As in docs/reference/desk-toml.md. Left empty, it goes.")
    return Form(
        title=label(Verb.DIGESTS),
        submit=_("Try it"),
        cancel=_("Cancel"),
        press=Press(Verb.DIGEST_WRITE, ref),
        inputs=(Input("text", _("The digest"), text, said, multiline=True, optional=True, limit=ROOM),),
    )


def trial(draft: FormDraft, found: DigestTrial, now: datetime) -> Card:
    """Return, privately, what a draft would come to, with the ways to see one, to let it count, and to go on."""
    show = (button(Verb.DIGEST_TRY, drafts.about(draft)),) if found.spec else ()
    below = [Paragraph(line) for line in _comes(found, now)]
    return drafts.trial(draft, found.name, found.lines, below, Verb.DIGEST_SAVE, show)


def _comes(found: DigestTrial, now: datetime) -> Iterator[Line]:
    if found.spec is None:
        yield (_("It would be gone."),)
        return
    yield (_when(found.spec),)
    if found.next_at is not None and found.next_at <= now:
        yield (_("Its hour has passed and today's has not come: it comes as soon as it is saved."),)
    elif found.next_at is not None:
        yield weave("Next: {moment}", moment=_moment(found.next_at, found.spec))


def file_on_its_way() -> Card:
    """Return, privately, that a digest's numbers come to whoever asked."""
    said = _("The file comes to you as a direct message.")
    return Card(summary=said, parts=(Paragraph((said,)),))


def again_on_its_way() -> Card:
    """Return, privately, that what a digest lacked is sent again."""
    said = _("It is sent again. What stands already is not said twice.")
    return Card(summary=said, parts=(Paragraph((said,)),))


def on_its_way() -> Card:
    """Return, privately, that a digest is being counted for whoever asked."""
    said = _("It is counted now and comes to you as a direct message.")
    return Card(summary=said, parts=(Paragraph((said,)),))
