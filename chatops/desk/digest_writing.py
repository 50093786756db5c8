"""Leads plan digests in the chat: what they write is kept as a draft, tried on the days that were, and saved."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from difflib import ndiff
from functools import cache
from pathlib import Path
from typing import Any

from chatops.catalog import NEW, Verb
from chatops.desk import definitions, definitions_toml, digests, form_drafts, time_writing
from chatops.desk.definitions import Defined
from chatops.desk.promises import zone_of
from chatops.desk.time_writing import Act, Values, Wanted, in_turn, numbered, text_of
from chatops.digest.scope import Window
from chatops.errors import Refusal, Refused
from chatops.model import form_draft as drafts
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.agent import Agent
from chatops.model.definition import DefinitionKind
from chatops.model.digest_trial import DigestTrial
from chatops.model.form_draft import FormDraft
from chatops.model.workspace import Workspace
from chatops.rules.plan import DigestPlan
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds

KIND = DefinitionKind.DIGEST
STARTER = Path(__file__).parents[1] / "starter" / "digests"
PACKS = ("small-team", "several-shops", "other-teams")
TEXT = "text"  # the input of the form


def form_of(tx: Transaction, agent: Agent, about: str) -> tuple[str, str]:
    """Return the ref and the text of the form for one plan, or for a new one.

    Raises:
        Refused: there is none (any more), or it is another workspace's.
    """
    if about == NEW:
        first = packed(tx, agent, PACKS[0])[0]
        text = text_of(Defined(KIND, "", first.spec))
    else:
        text = text_of(_held(tx, agent, about))
    return numbered(tx, KIND, about), text


@cache
def _written(pack: str) -> str:
    return (STARTER / f"{pack}.toml").read_text(encoding="utf-8")


def packed(tx: Transaction, agent: Agent, pack: str) -> tuple[Defined, ...]:
    """Return the plans of a pack, in the channel where somebody's tickets come to and by their clock.

    Raises:
        Refused: there is no such pack, or no tickets come to the workspace.
    """
    channel = next((route.channel_id for _, route in shops.routes_to(tx, agent.workspace_id)), "")
    if pack not in PACKS or not channel:
        raise Refused(Refusal.STALE)
    home = _home(tx, agent)
    told = {"{workspace}": home.name, "{channel}": channel, "{zone}": zone_of(tx, agent)}
    tables: Mapping[str, Any] = tomllib.loads(_written(pack))
    filled = [
        {key: told.get(value, value) if isinstance(value, str) else value for key, value in entry.items()}
        for entry in tables[KIND]
    ]
    found = definitions_toml.parse({KIND: filled}, [home.name])
    elsewhere = {one.name for one in definitions.current(tx) if _workspace(one) not in ("", home.name)}
    return tuple(one._replace(name=_beside(one.name, home)) if one.name in elsewhere else one for one in found)


def _workspace(one: Defined) -> str:
    return one.spec.workspace if isinstance(one.spec, DigestPlan) else ""


def _beside(name: str, home: Workspace) -> str:
    """Return the name of a plan where another workspace has one of that name already."""
    return f"{name}, {home.name}"[: definitions_toml.LONGEST_NAME].rstrip()


def take(tx: Transaction, agent: Agent, pack: str, _values: Values, now: datetime) -> None:
    """Let the plans of a pack count besides those there are; one that the desk has by the same name stays as it is."""
    known = {(one.kind, one.name) for one in definitions.current(tx)}
    for one in packed(tx, agent, pack):
        if (one.kind, one.name) not in known:
            definitions.define(tx, one, agent, now)


def _home(tx: Transaction, agent: Agent) -> Workspace:
    workspace = workspaces.get(tx, agent.workspace_id)
    if workspace is None:
        raise Refused(Refusal.STALE)
    return workspace


def _held(tx: Transaction, agent: Agent, name: str) -> Defined:
    home = _home(tx, agent)
    for one in definitions.current(tx):
        if isinstance(one.spec, DigestPlan) and (one.name, one.spec.workspace) == (name, home.name):
            return one
    raise Refused(Refusal.STALE)


def _wanted(tx: Transaction, agent: Agent, draft: FormDraft) -> tuple[str, Wanted]:
    """Return what the plan would be called ("": gone), and everything that would be defined.

    Raises:
        Refused: it makes no sense, or somebody has changed digests meanwhile.
    """
    if draft.ref != numbered(tx, KIND, draft.about):
        raise Refused(Refusal.STALE)
    name = "" if draft.about == NEW else _held(tx, agent, draft.about).name
    text = draft.values.get(TEXT, "").strip()
    entry = time_writing.table(text) if text else {}
    home = _home(tx, agent).name
    if entry and entry.get("workspace") != home:
        raise Refused(Refusal.NOT_DEFINED, detail=f"workspace must be {home!r}")
    if not (entry or name):
        raise Refused(Refusal.NOT_DEFINED, detail="there is nothing in it")
    return " ".join(str(entry.get("name", "")).split()), time_writing.with_entry(tx, KIND, name, entry)


def tried(tx: Transaction, agent: Agent, draft: FormDraft, now: datetime) -> DigestTrial:
    """Return what a draft would come to.

    Raises:
        Refused: what is wrong with it, or that somebody has changed digests since its form was opened.
    """
    name, wanted = _wanted(tx, agent, draft)
    old = [] if draft.about == NEW else text_of(_held(tx, agent, draft.about)).splitlines()
    came = next((one for one in wanted if (one.kind, one.name) == (KIND, name)), None)
    new = text_of(came).splitlines() if came else []
    lines = tuple(one for one in ndiff(old, new) if one[0] in "+-")
    if came is None or not isinstance(came.spec, DigestPlan):
        return DigestTrial(draft.about, lines)
    return DigestTrial(name, lines, came.spec, digests.comes(tx, name, came.spec, now))


def show(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    """Send somebody, privately, what the draft that they tried would tell today, or would have told last.

    Raises:
        Refused: it is another one by now, or makes no sense.
    """
    draft = form_drafts.pressed(tx, agent, ref)
    found = tried(tx, agent, draft, now)
    if found.spec is None:
        raise Refused(Refusal.STALE)
    schedule = digests.schedule_of(tx, found.spec)
    turn, home = schedule.todays(to_milliseconds(now)), _home(tx, agent)
    if turn is None:
        raise Refused(Refusal.STALE)
    start, end = from_milliseconds(schedule.begins(turn)), from_milliseconds(turn.until)
    digests.ask(
        tx,
        home,
        agent.id,
        digests.scope_of(tx, found.spec, home),
        Window(start, end, schedule.zone),
        ("", ""),
        now,
        keys=found.spec.sections,
        locale=found.spec.locale,
        compare=found.spec.compare,
        ranked=found.spec.ranked,
    )


def save(tx: Transaction, agent: Agent, ref: str, _values: Values, now: datetime) -> None:
    """Let somebody's draft count, the one that was tried: `ref` tells which.

    Raises:
        Refused: it is another one by now, it makes no sense, or somebody has changed digests meanwhile.
    """
    draft = form_drafts.pressed(tx, agent, ref)
    definitions.apply(tx, _wanted(tx, agent, draft)[1], now, agent)
    drafts.forget(tx, draft)


BY_VERB: Mapping[Verb, Act] = {
    Verb.DIGEST_WRITE: form_drafts.keeping(Verb.DIGEST_WRITE),
    Verb.DIGEST_TRY: show,
    Verb.DIGEST_SAVE: in_turn(save),
    Verb.DIGESTS_TAKE: in_turn(take),
    Verb.DIGESTS_BACK: in_turn(time_writing.back),
}
