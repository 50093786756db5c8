"""`chatops check`: look at everything at once, show it in order, and say for each finding what to do."""

import asyncio
from collections.abc import Coroutine, Mapping

from chatops.cli.checks import address, database, discord, machine, settings, shops, slack
from chatops.cli.findings import Finding, Mark, Say, broken, note, show
from chatops.config import Config
from chatops.times import SystemTime, TimeSource

PATIENCE = 10.0  # seconds for everything outside together
SILENCE = 1.0  # seconds until a person wants to know what takes so long

Look = Coroutine[None, None, list[Finding]]


async def check_all(config: Config, *, offline: bool, say: Say, time: TimeSource | None = None) -> int:
    """Print every finding, and return how many things are broken.

    Works beside a running product, of which it only reads. `offline` calls nobody but the database.
    """
    time = time or SystemTime()
    here = [*settings.look(config), *machine.look(config)]
    show("Here", here, say)
    stored, facts = await _read(config)
    if facts is not None:
        stored += shops.stored(facts, time.now())
    show("Database", stored, say)
    found = here + stored
    if offline:
        found.append(note("nobody outside and not our own address was asked (--offline)"))
        show("Outside", found[-1:], say)
    else:
        looks = {
            "Slack": slack.look(config, facts, time),
            "Discord": discord.look(config, facts, time),
            "TikTok Shop": shops.look(config, facts, time),
            "Our address": address.look(config),
        }
        found += await _outside(looks, say)
    return _sum_up(found, say)


async def _read(config: Config) -> tuple[list[Finding], database.Facts | None]:
    try:
        return await asyncio.wait_for(asyncio.to_thread(database.read, config), PATIENCE)
    except TimeoutError:
        return [broken("the database does not answer", "Does it run? Is CHATOPS_DATABASE_URL right?")], None


async def _outside(looks: Mapping[str, Look], say: Say) -> list[Finding]:
    """Look everywhere at once; after a second say who is still being waited for."""
    tasks = {title: asyncio.create_task(_patiently(title, look)) for title, look in looks.items()}
    _, waiting = await asyncio.wait(tasks.values(), timeout=SILENCE)
    if waiting:
        names = ", ".join(title for title, task in tasks.items() if task in waiting)
        say(f"… waiting for {names}, {PATIENCE:.0f} seconds at most", dim=True)
    found = []
    for title, task in tasks.items():
        findings = await task
        if findings:
            show(title, findings, say)
        found += findings
    return found


async def _patiently(title: str, look: Look) -> list[Finding]:
    try:
        return await asyncio.wait_for(look, PATIENCE)
    except TimeoutError:
        return [broken(f"{title} did not answer within {PATIENCE:.0f} seconds", "Is this machine online?")]


def _sum_up(found: list[Finding], say: Say) -> int:
    counts = {mark: sum(finding.mark is mark for finding in found) for mark in (Mark.BROKEN, Mark.DOUBT)}
    if counts[Mark.BROKEN]:
        say(f"{counts[Mark.BROKEN]} broken, {counts[Mark.DOUBT]} to look at.", fg="red", bold=True)
    elif counts[Mark.DOUBT]:
        say(f"Everything works; {counts[Mark.DOUBT]} to look at.", fg="yellow", bold=True)
    else:
        say("Everything is in order.", fg="green", bold=True)
    return counts[Mark.BROKEN]
