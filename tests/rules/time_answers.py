"""What the rules answer to each kind of case in `time_cases.json`, in the words of that file."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from chatops.i18n import formats, reader
from chatops.rules import clock, coverage, escalation, quiet
from chatops.rules.alarms import BREACH, alarms, gravest
from chatops.rules.answers import AnswerKind
from chatops.rules.clock import ClockState, Happened, Happening, Line, as_of
from chatops.rules.escalation import Escalation, Present, Rung, Step, Way
from chatops.rules.hours import Calendar, DayOff, Hours, compiled, zone
from chatops.rules.plan import DigestPlan
from chatops.rules.plan import compiled as schedule_of
from chatops.rules.rotation import Instead, Layer, Override, Rota, Rotation, Turns, Unit
from chatops.rules.targets import Excuse, Metric, Pause, PlatformClock, ServiceLevel, Target, promises
from chatops.rules.walltime import first_instant
from chatops.times import from_milliseconds, to_milliseconds

Facts = dict[str, Any]  # as the file has them
FILE: Facts = json.loads(Path(__file__).with_name("time_cases.json").read_text(encoding="utf-8"))
CASES: dict[str, Facts] = {case["id"]: case for case in FILE["cases"]}
FIXTURES: Facts = FILE["fixtures"]


def answered(case: Facts) -> Facts:
    """Return the product's answer to a case, as the case's `expect` is written."""
    return _ANSWERS[case["kind"]](case["given"])


def ms(text: str) -> int:
    return to_milliseconds(datetime.fromisoformat(text))


def utc(at: int | None) -> str | None:
    return None if at is None else from_milliseconds(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _windows(some: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple("-".join(window) for window in some)


def _weekly(some: Facts) -> dict[str, tuple[str, ...]]:
    return {day: _windows(windows) for day, windows in some.items()}


def written(name: str, patch: Facts | None = None) -> Hours:
    """Return a calendar as a person writes it; `patch`: other exceptions, None for one that is taken away."""
    spec = FIXTURES["calendars"][name]
    days = {**spec["exceptions"], **(patch or {})}
    off = tuple(DayOff(date.fromisoformat(on), _windows(some)) for on, some in days.items() if some is not None)
    return Hours(spec["tz"], _weekly(spec["weekly"]), off, spec.get("always_open", False))


def _calendar(name: str, patch: Facts | None = None) -> Calendar:
    hours = written(name, patch)
    never = not hours.always and not hours.weekly  # nobody can write this one down: it is refused
    return Calendar(zone(hours.timezone), {}, {}) if never else compiled(hours)


def _add(given: Facts) -> Facts:
    return {"due": utc(_calendar(given["calendar"]).add(ms(given["start"]), given["duration_s"] * 1_000))}


def _sub(given: Facts) -> Facts:
    return {"start": utc(_calendar(given["calendar"]).sub(ms(given["end"]), given["duration_s"] * 1_000))}


def _measure(given: Facts) -> Facts:
    return {"open_s": _calendar(given["calendar"]).measure(ms(given["from"]), ms(given["to"])) / 1_000}


def _open(given: Facts) -> Facts:
    return {"open": _calendar(given["calendar"]).is_open(ms(given["at"]))}


def _local(given: Facts) -> Facts:
    return {"at": utc(first_instant(datetime.fromisoformat(given["local"]), zone(given["tz"])))}


def _layer(spec: Facts, **more: Any) -> Layer:
    start, unit = datetime.fromisoformat(spec["anchor_local"]), Unit(spec["unit"])
    return Layer(tuple(spec["members"]), start, unit, spec["every"], spec["tz"], **more)


def _rotation_at(given: Facts) -> Facts:
    spec = FIXTURES["rotations"][given["rotation"]]
    who = Turns(_layer(spec), spec["tz"]).turn(ms(given["at"])).who
    return {"member": who[0] if who else None}


def _handoffs(given: Facts) -> Facts:
    spec = FIXTURES["rotations"][given["rotation"]]
    turns = Turns(_layer(spec), spec["tz"])
    starts = [turns.handover(given["first_index"] + more) for more in range(given["count"])]
    return {
        "handoffs": [utc(at) for at in starts],
        "members": [turns.turn(at).who[0] for at in starts],
        "shift_s": [(end - start) // 1_000 for start, end in pairwise(starts)],
    }


def _rota(name: str) -> tuple[Rota, list[Override]]:
    """Return a schedule, and what was said of it in the order in which it was said."""
    spec = FIXTURES["schedules"][name]
    layers = [
        _layer(one["rotation"], hours=_weekly(one.get("restriction", {})), priority=one["priority"], name=one["name"])
        for one in spec["layers"]
    ]
    said = sorted(spec["overrides"], key=lambda one: (one["created_at"], one["id"]))
    return Rota(Rotation("team", "UTC", tuple(layers))), [_override(one) for one in said]


def _override(one: Facts) -> Override:
    kind = {"replace_all": Instead.ONLY, "add": Instead.ALSO, "absent": Instead.ABSENT, "swap": Instead.SWAP}
    who = one["users"][0] if "users" in one else one.get("user") or one["to_user"]
    return Override(kind[one["kind"]], ms(one["start"]), ms(one["end"]), who, one.get("from_user", ""))


def _on_call(given: Facts) -> Facts:
    rota, said = _rota(given["schedule"])
    return {"users": list(rota.on_call(ms(given["at"]), said))}


def _shifts(given: Facts) -> Facts:
    rota, said = _rota(given["schedule"])
    period = ms(given["from"]), ms(given["to"])
    return {
        "shifts": [
            {"start": utc(one[0]), "end": utc(one[1]), "users": list(one[2])} for one in rota.shifts(*period, said)
        ],
        "gaps": [{"start": utc(one.start), "end": utc(one.end)} for one in coverage.gaps(rota, period, said, {})],
    }


_HAPPENS = {
    "buyer_message": (Happening.WAITS, None),
    "agent_reply": (Happening.ANSWERED, AnswerKind.FULL),
    "bot_reply": (Happening.ANSWERED, AnswerKind.AUTOMATIC),
}


def _promised(policy: Facts, patch: Facts | None = None) -> Happened:
    """Return the happening with which a target begins to count."""
    within, calendar = f"{policy['target_s']}s", policy["calendar"]
    target = Target(
        Metric(policy["metric"]),
        within,
        "" if written(calendar).always else calendar,
        tuple(_warn(one) for one in policy["warn"]),
        (Pause.BUYER,) if policy.get("pause_on") else (),
    )
    day = date(2026, 1, 1)
    asked = PlatformClock(("ID",), day, within, "somewhere", day, excuses=(Excuse.HOLIDAY,))
    calendars = {calendar: _calendar(calendar, patch)}
    return Happened(0, Happening.PROMISED, 0, promises=promises(ServiceLevel((target,)), calendars, asked))


def _warn(spec: Facts) -> str:
    return f"{spec['remaining_s']}s left" if "remaining_s" in spec else f"{spec['consumed_fraction'] * 100:g}%"


def _heard(given: Facts) -> list[Happened]:
    found, on_holiday = [_promised(given["policy"])], False
    for one in given["events"]:
        on_holiday |= one["kind"] == "holiday_mode_on"
        if one["kind"] in _HAPPENS:
            what, answer = _HAPPENS[one["kind"]]
            excuse = Excuse.HOLIDAY if on_holiday and what is Happening.WAITS else None
            heard = ms(one.get("received_at", one["at"]))
            found.append(Happened(ms(one["at"]), what, heard, answer=answer, excuse=excuse))
    return found


def _timeline(given: Facts) -> Facts:
    line, now = clock.replayed(_heard(given)), ms(given["now"])
    found = []
    for (key, _), held in line.clocks.items():
        promise, count = line.promises[key], as_of(held, now)
        found.append(
            {
                "started_at": utc(count.started),
                "status": count.state.value,
                "due_at": utc(count.due),
                "met_at": utc(count.met),
                "elapsed_business_s": clock.consumed(count, promise.calendar, now) // 1_000,
                "breached": count.breached is not None,
                "warn_at": [utc(alarm.at) for alarm in alarms(held, promise) if not alarm.is_breach],
            }
        )
    return {"clocks": found}


def _evidence(given: Facts) -> Facts:
    views = []
    for now in given["nows"]:
        line = clock.replayed(one for one in _heard(given) if one.heard <= ms(now))
        count = as_of(next(iter(line.clocks.values())), ms(now))
        views.append({"now": now, "status": count.state.value, "due_at": utc(count.due), "met_at": utc(count.met)})
    return {"views": views}


def _recomputed(given: Facts) -> Facts:
    policy = {"metric": "first_response", "warn": [], **given}
    since, now, line = ms(given["running_since"]), ms(given["now"]), Line()
    line.hear(_promised(policy))
    line.hear(Happened(since, Happening.WAITS, since))
    (key,) = line.clocks
    old = line.clocks[key].due
    line.hear(_promised(policy, given["exceptions_patch"])._replace(at=now, heard=now))
    count, promise = line.clocks[key], line.promises[key[0]]
    spoken = [alarm for alarm in alarms(count, promise) if alarm.at <= now]
    heeded = max((alarm.position for alarm in spoken), default=-1)
    assert not [alarm for alarm in alarms(count, promise, heeded) if alarm.at <= now]  # once
    return {
        "old_due": utc(old),
        "new_due": utc(count.due),
        "breached_now": count.state is ClockState.BREACHED,
        "page": gravest(spoken).name if spoken else None,
    }


def _caught_up(given: Facts) -> Facts:
    fires, now = given["pending_fires"], ms(given["now"])
    kinds = {fire["kind"] for fire in fires}
    spoken, others = _digest_turns(fires, now) if kinds == {"digest"} else _warned(fires, now)
    kind = next(fire["kind"] for fire in fires if ms(fire["at"]) == spoken)
    emit = {"kind": kind, "scheduled_at": utc(spoken), "late_by_s": (now - spoken) // 1_000}
    return {"emit": [emit], "suppressed": [kind] * others}


def _warned(fires: Sequence[Facts], now: int) -> tuple[int, int]:
    """Return when the alarm was due that is spoken, and how many it speaks for."""
    due = next(ms(fire["at"]) for fire in fires if fire["kind"] == BREACH)
    warns = [{"remaining_s": (due - ms(fire["at"])) // 1_000} for fire in fires if fire["kind"] == "warn"]
    promise = _promised({"metric": "first_response", "calendar": "always", "target_s": 900, "warn": warns})
    line, start = Line(), due - 900_000
    line.hear(promise)
    line.hear(Happened(start, Happening.WAITS, start))
    ((key, held),) = line.clocks.items()
    spoken = [alarm for alarm in alarms(held, line.promises[key[0]]) if alarm.at <= now]
    return gravest(spoken).at, len(spoken) - 1


def _digest_turns(fires: Sequence[Facts], now: int) -> tuple[int, int]:
    first = datetime.fromisoformat(fires[0]["at"])
    schedule = schedule_of(DigestPlan("team", "C1", "UTC", f"{first:%H:%M}"))
    turn = schedule.latest(now)
    assert turn is not None
    after = schedule.after(turn.day)
    assert after is not None
    assert after.due > now  # nothing else comes with it
    return turn.due, sum(ms(fire["at"]) < turn.due for fire in fires)


def _crew(rung: Rung, at: int) -> Present:
    people: list[str] = []
    changes: list[int] = []
    for whom in rung.notify:
        if whom.way is not Way.ROTATION:
            people.append(whom.name)
            continue
        rota, said = _rota(whom.name)
        people += rota.on_call(at, said)
        change = rota.next_change(at, at + rung.wait, said)
        changes += [] if change is None else [change]
    return Present(tuple(people), min(changes, default=None))


def _step(spec: Facts) -> Step:
    ways = {"schedule": "rotation", "channel": "channel"}
    whom = [f"{way} {spec[key]}" for key, way in ways.items() if key in spec]
    return Step((*whom, *(f"agent {one}" for one in spec.get("users", ()))), f"{spec['delay_s']}s")


def _paged(given: Facts) -> Facts:
    spec = FIXTURES["escalation_policies"][given["policy"]]
    steps = tuple(_step(one) for one in spec["steps"])
    told = Escalation("team", steps, spec["fallback"], spec["repeat"], f"{spec['ack_timeout_s']}s")
    plan, until = escalation.ladder(told), ms(given["until"])
    over = min((ms(one["at"]) for one in given["events"] if one["kind"] == "resolve"), default=None)
    climb, calls = escalation.begun(plan, ms(given["opened_at"]), _crew)
    while (due := climb.next_at) is not None and due <= until and (over is None or due < over):
        climb, more = escalation.act(plan, climb, due, _crew)
        calls += more
    log = [
        {
            "at": utc(call.at),
            "loop": call.loop,
            "step": call.step,
            "reason": _REASONS.get(call.cause, call.cause.value),
            "to": [spec["fallback"]] if call.cause in _TO_ALL else list(call.people),
        }
        for call in calls
    ]
    ended: Facts = {"at": utc(over), "loop": climb.loop, "step": climb.step, "reason": "resolved", "to": []}
    return {"log": log if over is None else [*log, ended]}


_REASONS = {escalation.Cause.HANDOVER: "handoff"}
_TO_ALL = frozenset((escalation.Cause.FALLBACK, escalation.Cause.EXHAUSTED))


def _quiet(given: Facts) -> Facts:
    at = ms(given["at"])
    until = quiet.until("-".join(given["quiet"]), given["tz"], at)
    return {"deliver_at": utc(at if until is None else until), "deferred": until is not None}


def _bundled(given: Facts) -> Facts:
    window, leading = given["window_s"] * 1_000, given["leading_s"] * 1_000
    sends: list[tuple[int, int]] = []  # when, and how many pages
    for at in map(ms, given["pages"]):
        if sends and at <= sends[-1][0]:  # it is sent with those that wait
            sends[-1] = sends[-1][0], sends[-1][1] + 1
        else:
            sends.append((escalation.rings_at(sends[-1][0] if sends else None, at, window, leading), 1))
    return {"sends": [{"at": utc(at), "count": count} for at, count in sends]}


def _digest(given: Facts) -> Facts:
    schedule = schedule_of(DigestPlan("team", "C1", given["tz"], given["time"]))
    day = date.fromisoformat(given["local_date"])
    turn = schedule.after(date.fromordinal(day.toordinal() - 1))
    assert turn is not None
    assert turn.day == day
    start, end = schedule.begins(turn), turn.until
    covers = {"covers_from": utc(start), "covers_to": utc(end), "covers_s": (end - start) // 1_000}
    return {"send_at": utc(turn.due), **covers}


def _moment(given: Facts) -> Facts:
    with reader.language(given["locale"]):
        return {"text": formats.moment(from_milliseconds(ms(given["at"])), zone(given["tz"]))}


def _length(given: Facts) -> Facts:
    with reader.language(given["locale"]):
        return {"text": formats.length(given["seconds"] * 1_000)}


def _negotiated(given: Facts) -> Facts:
    return {"locale": reader.negotiate(given["tag"])}


_ANSWERS: dict[str, Callable[[Facts], Facts]] = {
    "business_add": _add,
    "business_measure": _measure,
    "business_sub": _sub,
    "is_open": _open,
    "resolve_local": _local,
    "rotation_at": _rotation_at,
    "rotation_handoffs": _handoffs,
    "on_call": _on_call,
    "final_schedule": _shifts,
    "clock_timeline": _timeline,
    "clock_correction": _evidence,
    "clock_recompute": _recomputed,
    "catch_up": _caught_up,
    "page_timeline": _paged,
    "quiet_defer": _quiet,
    "bundle": _bundled,
    "digest": _digest,
    "format_datetime": _moment,
    "format_duration": _length,
    "negotiate_locale": _negotiated,
}
