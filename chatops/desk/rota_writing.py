"""Leads change rotations and escalations in the chat: what they write is kept as a draft, tried, and saved."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chatops.catalog import Verb
from chatops.desk import definitions, definitions_toml, form_drafts, time_writing
from chatops.desk.definitions import Defined
from chatops.desk.promises import zone_of
from chatops.desk.time_writing import Act, Values, Wanted, in_turn, numbered, text_of
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import form_draft as drafts
from chatops.model import oncall, rota_trial
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.form_draft import FormDraft
from chatops.model.rota_trial import RotaTrial
from chatops.rules.escalation import Escalation, Way, ladder
from chatops.rules.rotation import Rotation
from chatops.rules.targets import ServiceLevel
from chatops.rules.toml_words import inline
from chatops.store.transaction import Transaction

TEXT, REST = "text", "rest"  # inputs of the form
KINDS = (DefinitionKind.ROTATION, DefinitionKind.ESCALATION)
WEEKLY, SUN, LADDER = "weekly", "sun", "ladder"  # what a new one is made from
_NEW = "new/"

_TEMPLATES: Mapping[str, tuple[DefinitionKind, str]] = {
    WEEKLY: (
        DefinitionKind.ROTATION,
        """name = "front"
workspace = {workspace}
timezone = {zone}
layers = [
    {{ members = {members}, start = "{monday}T09:00:00", unit = "week" }},
]
channel = {channel}""",
    ),
    SUN: (
        DefinitionKind.ROTATION,
        """name = "around the world"
workspace = {workspace}
timezone = {zone}
layers = [
    {{ name = "Asia", members = {members}, start = "{monday}T00:00:00", timezone = "Asia/Singapore", hours = {asia} }},
    {{ name = "Europe", members = {members}, start = "{monday}T00:00:00", timezone = "Europe/Berlin", hours = {europe} }},
    {{ name = "America", members = {members}, start = "{monday}T00:00:00", timezone = "America/New_York", hours = {america} }},
]
channel = {channel}""",  # noqa: E501 - a table of TOML stands on one line
    ),
    LADDER: (
        DefinitionKind.ESCALATION,
        """name = "front"
workspace = {workspace}
steps = [
    {{ notify = {first}, wait = "5m" }},
    {{ notify = ["leads"], wait = "10m" }},
]
repeat = 1""",
    ),
}


def _daily(hours: str) -> str:
    return inline({day: [hours] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})


# No minute is left out, whichever of them has changed its clocks.
_SUN_HOURS = {"asia": _daily("09:00-18:00"), "europe": _daily("10:00-19:00"), "america": _daily("12:00-21:00")}


def about(kind: DefinitionKind, name: str) -> str:
    """Return what a press is about that changes a rotation or an escalation."""
    return f"{kind}/{name}"


def new(template: str) -> str:
    """Return what a press is about that makes a new one."""
    return f"{_NEW}{template}"


def form_of(tx: Transaction, agent: Agent, about: str, now: datetime) -> tuple[str, str]:
    """Return the ref and the text of the form for one rotation or escalation, or for a new one.

    Raises:
        Refused: there is none (any more), or it is another workspace's.
    """
    kind, name = _named(about)
    if about.startswith(_NEW):
        text = _begun(tx, agent, about.removeprefix(_NEW), now)
    else:
        text = _lines(tx, agent, _held(tx, agent, kind, name))
    return numbered(tx, kind, about), text


def _named(about: str) -> tuple[DefinitionKind, str]:
    """Return what kind of thing it is about, and the name of the one that stands; of a new one ""."""
    what, _, name = about.partition("/")
    if what == _NEW.strip("/") and name in _TEMPLATES:
        return _TEMPLATES[name][0], ""
    if what not in KINDS or not name:
        raise Refused(Refusal.STALE)
    return DefinitionKind(what), name


def _home(tx: Transaction, agent: Agent) -> str:
    workspace = workspaces.get(tx, agent.workspace_id)
    if workspace is None:
        raise Refused(Refusal.STALE)
    return workspace.name


def _held(tx: Transaction, agent: Agent, kind: DefinitionKind, name: str) -> Defined:
    home = _home(tx, agent)
    for one in definitions.current(tx):
        ours = isinstance(one.spec, Rotation | Escalation) and one.spec.workspace == home
        if ours and (one.kind, one.name) == (kind, name):
            return one
    raise Refused(Refusal.STALE)


def _begun(tx: Transaction, agent: Agent, template: str, now: datetime) -> str:
    """Return a template, filled in for whoever asks for it."""
    channel = next((route.channel_id for _, route in shops.routes_to(tx, agent.workspace_id)), "")
    known, rotations = agents.members(tx, agent.workspace_id), oncall.names(tx, agent.workspace_id)
    monday = now.date() - timedelta(days=now.weekday())
    return _TEMPLATES[template][1].format(
        workspace=inline(_home(tx, agent)),
        zone=inline(zone_of(tx, agent)),
        members=inline([f"@{one.name}" for one in known][:8] or [agent.id]),
        monday=monday,
        channel=inline(channel),
        first=inline([f"rotation {rotations[0]}" if rotations else "leads"]),
        **_SUN_HOURS,
    )


# People are written by their names


def _lines(tx: Transaction, agent: Agent, one: Defined) -> str:
    """Return an entry as the lines of a form, with people by their names where those are nobody else's."""
    known = [who.name for who in agents.members(tx, agent.workspace_id)]
    names = {
        who.id: f"@{who.name}"
        for who in agents.members(tx, agent.workspace_id)
        if known.count(who.name) == 1 and "+" not in who.name
    }
    entry = _respelt(definitions_toml.entry(one), lambda who: names.get(who, who))
    return time_writing.lines_of(entry)


def _entry(tx: Transaction, agent: Agent, text: str) -> dict[str, Any]:
    """Read what a form holds; {}: nothing."""
    found = time_writing.table(text) if text.strip() else {}

    def known(who: str) -> str:
        name = who.removeprefix("@").strip().casefold()
        same = [one for one in agents.members(tx, agent.workspace_id) if one.name.casefold() == name]
        if not who.startswith("@"):
            return who
        if len(same) != 1:
            several = {"name": name, "names": ", ".join(one.id for one in same)}
            raise Refused(Refusal.SEVERAL_PEOPLE if same else Refusal.NO_SUCH_PERSON, **several)
        return same[0].id

    return _respelt(found, known)


def _respelt(entry: Mapping[str, Any], spell: Callable[[str], str]) -> dict[str, Any]:
    """Return an entry with its people spelt otherwise; what is no list of texts stays as it is."""

    def member(text: str) -> str:
        return "+".join(spell(who.strip()) for who in text.split("+"))

    def whom(text: str) -> str:
        way, _, name = text.strip().partition(" ")
        return f"{way} {spell(name.strip())}" if way == Way.AGENT and name else text

    def each(part: Any, key: str, one: Callable[[str], str]) -> Any:
        texts = part.get(key) if isinstance(part, dict) else None
        known = isinstance(texts, list | tuple) and all(isinstance(text, str) for text in texts)
        return {**part, key: [one(text) for text in texts or ()]} if known else part

    found = dict(entry)
    for name, key, one in (("layers", "members", member), ("steps", "notify", whom)):
        if isinstance(parts := found.get(name), list | tuple):
            found[name] = [each(part, key, one) for part in parts]
    return found


# Keeping, trying, saving


def tried(tx: Transaction, agent: Agent, draft: FormDraft, now: datetime) -> RotaTrial:
    """Return what a draft would come to.

    Raises:
        Refused: what is wrong with it, or that somebody has changed such things since its form was opened.
    """
    kind, name = _named(draft.about)
    wanted = _wanted(tx, agent, draft)
    known = {(one.kind, one.name) for one in definitions.current(tx)} - {(kind, name)}
    came = next((one for one in wanted if one.kind is kind and (one.kind, one.name) not in known), None)
    old = (name, text_of(_held(tx, agent, kind, name)) if name else "")
    after = (came.name, text_of(came), came.spec) if came else ("", "", None)
    return rota_trial.tried(tx, kind, old, after, now)


def _wanted(tx: Transaction, agent: Agent, draft: FormDraft) -> Wanted:
    """Return everything that would be defined with a draft.

    Raises:
        Refused: it makes no sense, or not any more.
    """
    kind, name = _named(draft.about)
    if draft.ref != numbered(tx, kind, draft.about):
        raise Refused(Refusal.ROTAS_CHANGED)
    if name:
        _held(tx, agent, kind, name)  # it is this workspace's
    entry = _entry(tx, agent, "\n".join(draft.values.get(part, "") for part in (TEXT, REST)))
    if name and entry.get("name") != name and (callers := [*_callers(tx, kind, name)]):
        raise Refused(Refusal.STILL_CALLED, name=name, names=", ".join(callers))
    if entry and entry.get("workspace") != (home := _home(tx, agent)):
        raise Refused(Refusal.NOT_DEFINED, detail=f"workspace must be {home!r}")
    if not (entry or name):
        raise Refused(Refusal.NOT_DEFINED, detail="there is nothing in it")
    return time_writing.with_entry(tx, kind, name, entry)


def _callers(tx: Transaction, kind: DefinitionKind, name: str) -> Iterator[str]:
    """Yield the names of what would call for something that is not there."""
    for one in definitions.current(tx):
        if kind is DefinitionKind.ROTATION and isinstance(one.spec, Escalation):
            if any(tuple(whom) == (Way.ROTATION, name) for rung in ladder(one.spec).rungs for whom in rung.notify):
                yield one.name
        elif kind is DefinitionKind.ESCALATION and isinstance(one.spec, ServiceLevel) and one.spec.escalation == name:
            yield one.name


def save(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    """Let somebody's draft count, the one that was tried: `ref` tells which.

    Raises:
        Refused: it is another one by now, it makes no sense, or somebody has changed such things meanwhile.
    """
    draft = form_drafts.pressed(tx, agent, ref)
    definitions.apply(tx, _wanted(tx, agent, draft), now, agent)
    drafts.forget(tx, draft)


BY_VERB: Mapping[Verb, Act] = {
    Verb.ROTA_WRITE: form_drafts.keeping(Verb.ROTA_WRITE),
    Verb.ROTA_SAVE: in_turn(save),
    Verb.ROTATIONS_BACK: in_turn(time_writing.back),
}
