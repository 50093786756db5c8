"""What the members of the team say about themselves, and leads about the shops."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from chatops.catalog import Verb, entry
from chatops.desk import digest_asking, oncall_feed, outages, shifts
from chatops.errors import Refusal, Refused
from chatops.model.agent import Agent
from chatops.model.workspace import PlatformName, platform_of
from chatops.rules import quiet as quiet_hours
from chatops.rules import zones
from chatops.rules.languages import LANGUAGES
from chatops.store.transaction import Transaction


def zone(tx: Transaction, agent: Agent, words: str) -> None:
    """Keep where somebody's clock is, on a platform that does not tell.

    Raises:
        Refused: it tells, or nobody knows such a zone.
    """
    if platform_of(agent.workspace_id) is PlatformName.SLACK:
        raise Refused(Refusal.IN_PROFILE)
    found = zones.named(words)
    if found is None:
        raise Refused(Refusal.NO_SUCH_ZONE, near=zones.near(words))
    _keep(tx, agent, timezone=found)


def languages(tx: Transaction, agent: Agent, words: str) -> None:
    """Keep in which languages somebody answers buyers.

    Raises:
        Refused: one of them is no language the product knows.
    """
    said = words.replace(",", " ").lower().split()
    if not said or set(said) - set(LANGUAGES):
        raise Refused(Refusal.NO_SUCH_LANGUAGE, known=" ".join(LANGUAGES))
    _keep(tx, agent, languages=list(dict.fromkeys(said)))


def quiet(tx: Transaction, agent: Agent, words: str) -> None:
    """Keep in which hours somebody wants to be left alone, by their own clock.

    Raises:
        Refused: these are no hours.
    """
    hours = quiet_hours.hours(words)
    if hours is None:
        raise Refused(Refusal.NO_SUCH_HOURS)
    _keep(tx, agent, quiet=hours)


BY_VERB: Mapping[Verb, Callable[[Transaction, Agent, str, datetime], None]] = {
    Verb.ZONE: lambda tx, agent, words, _now: zone(tx, agent, words),
    Verb.LANGUAGES: lambda tx, agent, words, _now: languages(tx, agent, words),
    Verb.QUIET: lambda tx, agent, words, _now: quiet(tx, agent, words),
    Verb.SWAP: shifts.swap,
    Verb.OVERRIDE: shifts.override,
    Verb.ABSENT: shifts.absent,
    Verb.PICTURE: oncall_feed.picture,
    Verb.FEED: oncall_feed.feed,
    Verb.DIGEST: digest_asking.asked,
    Verb.OUTAGE: outages.said,
    Verb.HOLIDAY: outages.holiday_said,
}


def settle(tx: Transaction, agent: Agent, verb: Verb, words: str, now: datetime, channel_id: str = "") -> None:
    """Do what somebody says with a verb of theirs; `channel_id`: where they say it, if one knows.

    Raises:
        Refused: nothing was done.
    """
    if verb is Verb.DIGEST:
        digest_asking.asked(tx, agent, words, now, channel_id)
    else:
        BY_VERB[verb](tx, agent, words, now)


def shown_after(verb: Verb, words: str) -> tuple[Verb, str]:
    """Return the question whose answer shows somebody what came of what they have just said with these words."""
    if verb is Verb.DIGEST:
        return verb, words
    if verb in (Verb.PICTURE, Verb.FEED):
        return Verb.HELP, entry(verb).command
    if verb in (Verb.OUTAGE, Verb.HOLIDAY):
        return Verb.SHOPS, ""
    return (Verb.ONCALL, "mine") if verb in (Verb.SWAP, Verb.OVERRIDE, Verb.ABSENT) else (Verb.HOME, "")


def _keep(tx: Transaction, agent: Agent, **values: object) -> None:
    for name, value in values.items():
        setattr(agent, name, value)
    this = col(Agent.workspace_id) == agent.workspace_id, col(Agent.id) == agent.id
    tx.execute(update(Agent).where(*this).values(**values))
