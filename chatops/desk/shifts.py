"""What people say about being on call: somebody else takes a shift, stands in, or is absent. The past stays as it was.

Whoever is on call may be asked by anybody to be relieved, and anybody may stand in; to decide for others takes a lead.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chatops import outbox_oncall as outbox
from chatops.catalog import Verb
from chatops.desk import handovers, team
from chatops.errors import Refusal, Refused
from chatops.model import agent as agents
from chatops.model import oncall
from chatops.model import rotation as rotations
from chatops.model.agent import Agent, Role
from chatops.model.oncall import Duty, Stint
from chatops.model.rotation import Override, ShiftSwap, SwapState
from chatops.outbox_oncall import DutyNews, RotaNews
from chatops.rules import rotation as rules
from chatops.rules import snooze, spans
from chatops.rules.rotation import Instead
from chatops.store.transaction import Transaction
from chatops.times import MILLISECOND, from_milliseconds, to_milliseconds

_MENTION = re.compile(r"<@!?(\w+)(?:\|[^>]*)?>")
BESIDES = "+"  # before a name: they are on call, too, instead of alone


# Swaps


def swap(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Ask somebody, or everybody, to take one's shift: the next one, or the one of the moment that is named.

    Raises:
        Refused: there is no such shift, or whoever is asked cannot take it.
    """
    to, rest = _named(tx, agent, words)
    shift = _own(tx, agent, rest, now)
    if to is not None:
        _must_be_free(to, shift.duty, agent.id, shift.start, shift.end)
    for wish in rotations.wishes(tx, agent.workspace_id, agent.id):
        before = rotations.lock_swap(tx, wish.id or 0)
        overlaps = before is not None and before.start_at < shift.end and before.end_at > shift.start
        if before is not None and overlaps and before.state is SwapState.OPEN:  # nobody has taken it just now
            tx.update(before, state=SwapState.CANCELLED, settled_at=now)
    asked = ShiftSwap(
        workspace_id=agent.workspace_id,
        rotation=shift.rotation,
        asker=agent.id,
        asked=to.id if to else "",
        start_at=max(shift.start, now),
        end_at=shift.end,
        expires_at=shift.start if shift.start > now else shift.end,
        made_at=now,
    )
    tx.insert(asked)
    _tell(tx, asked, shift.duty, now)
    handovers.said(tx, shift.rotation, now, (agent.id,))


def _own(tx: Transaction, agent: Agent, words: str, now: datetime) -> Stint:
    """Return the shift of the moment or day that is named, the next one when none is."""
    zone = oncall.zone_of(tx, agent)
    at, latest = _moment(words, now, zone) if words else (now, None)
    found = next((one for one in oncall.stints_of(tx, agent, now, at + oncall.AHEAD) if one.end > at), None)
    if found is None:
        raise Refused(Refusal.NO_SHIFT)
    if latest and found.start > latest:
        raise Refused(Refusal.NOT_ON_CALL, at=found.start.isoformat(), zone=zone.key)
    start, end = found.duty.rota.turn(to_milliseconds(max(found.start, at)))  # two turns in a row are two shifts
    start, end = max(start, to_milliseconds(found.start)), min(end, to_milliseconds(found.end))
    return found._replace(start=from_milliseconds(start), end=from_milliseconds(end))


def _tell(tx: Transaction, wish: ShiftSwap, duty: Duty, now: datetime) -> None:
    facts = {"rotation": wish.rotation, "swap": wish.id}
    if not wish.asked and duty.rota.spec.channel:
        outbox.rota(tx, wish.workspace_id, duty.rota.spec.channel, RotaNews.SWAP, facts, now)
        return
    for who in [wish.asked] if wish.asked else sorted(duty.members - {wish.asker}):
        outbox.duty(tx, wish.workspace_id, who, DutyNews.ASKED, facts, now)


def take(tx: Transaction, agent: Agent, ref: str, now: datetime) -> None:
    """Take the shift of somebody who asked for it.

    Raises:
        Refused: it is not wanted any more, or not from them.
    """
    wish = _wanted(tx, agent, ref, now)
    duty = oncall.duty(tx, wish.rotation, now, wish.end_at)
    if duty is None:
        raise Refused(Refusal.SWAP_OVER)
    _must_be_free(agent, duty, wish.asker, wish.start_at, wish.end_at)
    taking = _taking(agent, duty, wish, now)
    if not taking:
        raise Refused(Refusal.SWAP_OVER)
    for one in taking:
        span = from_milliseconds(one.start), from_milliseconds(one.end)
        _say(tx, agent, wish.rotation, one.kind, agent, span, now, one.whose)
    _settle(tx, wish, SwapState.TAKEN, agent, now)


def _taking(agent: Agent, duty: Duty, wish: ShiftSwap, now: datetime) -> list[rules.Override]:
    """Return what is to be said so that somebody is on call in place of who asked; nothing: others are by now.

    A swap gives a turn away. Who stands in has none, nor has who said since that they are absent.
    """
    start, end = to_milliseconds(max(wish.start_at, now)), to_milliseconds(wish.end_at)
    swapped = rules.Override(Instead.SWAP, start, end, agent.id, wish.asker)
    after = [*duty.rota.shifts(start, end, [*duty.said, swapped])]
    taking = [swapped] if any(agent.id in shift.who for shift in after) else []
    for shift in after:
        others = {*shift.who} - {wish.asker}
        if not others or wish.asker in shift.who:
            kind = Instead.ALSO if others else Instead.ONLY
            taking.append(rules.Override(kind, shift.start, shift.end, agent.id))
    return taking


def decline(tx: Transaction, agent: Agent, ref: str, now: datetime) -> None:
    """Say that one cannot take a shift one was asked for."""
    _settle(tx, _wanted(tx, agent, ref, now), SwapState.DECLINED, agent, now)


def _wanted(tx: Transaction, agent: Agent, ref: str, now: datetime) -> ShiftSwap:
    wish = rotations.lock_swap(tx, int(ref)) if ref.isdecimal() else None
    if wish is None or wish.workspace_id != agent.workspace_id or wish.asked not in ("", agent.id):
        raise Refused(Refusal.STALE)
    if wish.state is not SwapState.OPEN or wish.expires_at <= now:
        raise Refused(Refusal.SWAP_OVER)
    return wish


def _settle(tx: Transaction, wish: ShiftSwap, state: SwapState, agent: Agent, now: datetime) -> None:
    tx.update(wish, state=state, answered_by=agent.id, settled_at=now)
    facts = {"rotation": wish.rotation, "swap": wish.id}
    for who in (wish.asker, agent.id):
        outbox.duty(tx, wish.workspace_id, who, DutyNews.ANSWERED, facts, now)
    handovers.said(tx, wish.rotation, now, (wish.asker, agent.id))


def _must_be_free(to: Agent, duty: Duty, asker: str, start: datetime, end: datetime) -> None:
    if to.id == asker:
        raise Refused(Refusal.SWAP_SELF)
    if duty.stints(to.id, start, end):
        raise Refused(Refusal.ALREADY_ON_CALL, name=to.name or to.id)


# Standing in, being absent


def override(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Let somebody be on call for a while instead of whoever has the turn; with a + besides them.

    Raises:
        Refused: it is not said of whom, of which rotation or from when until when; or one may not decide it.
    """
    rotation, rest = _rotation(tx, agent, words)
    besides = rest.startswith(BESIDES)
    to, rest = _named(tx, agent, rest.removeprefix(BESIDES).strip())
    start, end = _span(rest, now, oncall.zone_of(tx, agent))
    to = to or agent
    _must_decide(tx, agent, to, Verb.OVERRIDE)
    kind = Instead.ALSO if besides else Instead.ONLY
    _say(tx, agent, rotation, kind, to, (start, end), now)
    handovers.said(tx, rotation, now, (agent.id,))


def absent(tx: Transaction, agent: Agent, words: str, now: datetime) -> None:
    """Say that somebody is not there for a while; whoever else has the turn then is on call.

    Raises:
        Refused: it is not said from when until when, or one may not decide it.
    """
    to, rest = _named(tx, agent, words)
    start, end = _span(rest, now, oncall.zone_of(tx, agent))
    to = to or agent
    _must_decide(tx, agent, to, Verb.ABSENT)
    _say(tx, agent, "", Instead.ABSENT, to, (start, end), now)
    handovers.said_of_all(tx, agent.workspace_id, now, (agent.id,))


def _say(
    tx: Transaction,
    agent: Agent,
    rotation: str,
    kind: Instead,
    who: Agent,
    span: tuple[datetime, datetime],
    now: datetime,
    whose: str = "",
) -> None:
    tx.insert(
        Override(
            workspace_id=agent.workspace_id,
            rotation=rotation,
            kind=kind,
            start_at=span[0],
            end_at=span[1],
            who=who.id,
            whose=whose,
            made_at=now,
            made_by=agent.id,
        )
    )


def back(tx: Transaction, agent: Agent, ref: str, now: datetime) -> None:
    """Take back a wish to swap ("swap/5"), or what was said of being on call ("override/7"), from now on.

    Raises:
        Refused: it is over, or somebody else's.
    """
    kind, _, number = ref.partition("/")
    said = rotations.lock_override(tx, int(number)) if kind == "override" and number.isdecimal() else None
    wish = rotations.lock_swap(tx, int(number)) if kind == "swap" and number.isdecimal() else None
    found = said or wish
    if found is None or found.workspace_id != agent.workspace_id:
        raise Refused(Refusal.STALE)
    if wish is not None and agent.id == wish.asker and wish.state is SwapState.OPEN:
        tx.update(wish, state=SwapState.CANCELLED, settled_at=now)
    elif said is not None and said.cancelled_at is None and said.end_at > now:
        if agent.id not in (said.who, said.made_by):
            team.must_lead(tx, agent, Verb.OVERRIDE)
        tx.update(said, cancelled_at=now)
    else:
        raise Refused(Refusal.SWAP_OVER)
    if found.rotation:
        handovers.said(tx, found.rotation, now, (agent.id,))
    else:
        handovers.said_of_all(tx, agent.workspace_id, now, (agent.id,))


def _must_decide(tx: Transaction, agent: Agent, to: Agent, verb: Verb) -> None:
    if to.id != agent.id:
        team.must_lead(tx, agent, verb)


# What the words name


def _named(tx: Transaction, agent: Agent, words: str) -> tuple[Agent | None, str]:
    """Return whom the first words name, by a mention or with an @, and the other words; None: nobody."""
    if mention := _MENTION.match(words):
        found = agents.get(tx, agent.workspace_id, mention[1])
        return _member(found or Agent(workspace_id=agent.workspace_id, id=mention[1])), words[mention.end() :].strip()
    if not words.startswith("@"):
        return None, words
    said = words[1:].split()
    known = agents.members(tx, agent.workspace_id)
    for count in range(len(said), 0, -1):
        name = " ".join(said[:count]).casefold()
        whole = [one for one in known if one.name.casefold() == name]
        found_so = whole or [one for one in known if count == 1 and one.name.casefold().startswith(name)]
        if len(found_so) == 1:
            return found_so[0], " ".join(said[count:])
        if found_so:
            raise Refused(Refusal.SEVERAL_PEOPLE, name=name, names=", ".join(one.name for one in found_so[:5]))
    raise Refused(Refusal.NO_SUCH_PERSON, name=" ".join(said[:1]))


def _member(one: Agent) -> Agent:
    if one.standing is Role.OBSERVER:
        raise Refused(Refusal.NO_SUCH_PERSON, name=one.name or one.id)
    return one


def _rotation(tx: Transaction, agent: Agent, words: str) -> tuple[str, str]:
    """Return which rotation is meant, and the other words; it need not be named where there is only one."""
    known = oncall.names(tx, agent.workspace_id)
    for name in sorted(known, key=len, reverse=True):
        if words.casefold().startswith(f"{name.casefold()} "):
            return name, words[len(name) :].strip()
    if len(known) == 1:
        return known[0], words
    if not known:
        raise Refused(Refusal.NO_ROTATION)
    raise Refused(Refusal.NO_SUCH_CHOICE, verb=Verb.OVERRIDE.value, words=words, choices=", ".join(known))


def _moment(words: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moment that is named, twice; of a day, its morning, or now, and its last moment."""
    at = latest = snooze.until(words, now, zone, timedelta.max)
    if day := snooze.day(words, now, zone):
        morning = day[0].astimezone(zone).replace(hour=snooze.MORNING, minute=0)
        at, latest = max(morning, now), day[1] - MILLISECOND
    if at is None or latest is None:
        raise Refused(Refusal.WHEN_UNCLEAR, words=words)
    if latest - now > snooze.LONGEST:
        raise Refused(Refusal.TOO_FAR)
    if latest < now:
        raise Refused(Refusal.WHEN_PAST, at=latest.isoformat(), zone=zone.key)
    return at, latest


def _span(words: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from when until when, never before now."""
    found = spans.span(words, now, zone)
    if found is None:
        raise Refused(Refusal.WHEN_UNCLEAR, words=words)
    start, end = max(found[0], now), found[1]
    if max(start, end) - now > snooze.LONGEST:
        raise Refused(Refusal.TOO_FAR)
    if end <= start > now:
        raise Refused(Refusal.NOT_AFTER, start=start.isoformat(), end=end.isoformat(), zone=zone.key)
    if end <= now:
        raise Refused(Refusal.WHEN_PAST, at=end.isoformat(), zone=zone.key)
    return start, end


Press = Callable[[Transaction, Agent, str, Mapping[str, str], datetime], None]


def _press(act: Callable[[Transaction, Agent, str, datetime], None]) -> Press:
    """Return what a button does that opens no form."""
    return lambda tx, agent, ref, _values, now: act(tx, agent, ref, now)


BY_BUTTON: Mapping[Verb, Press] = {
    Verb.SHIFT_TAKE: _press(take),
    Verb.SHIFT_DECLINE: _press(decline),
    Verb.SHIFT_BACK: _press(back),
}
