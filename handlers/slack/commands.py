"""Slash commands. Slack offers them outside of threads only, so those about a ticket say where they work instead."""

from collections.abc import Iterator

from chatops.cards import commands as cards
from chatops.catalog import Entry, Verb, by_command
from chatops.desk.settings import shown_after
from chatops.errors import Refused
from chatops.i18n import language
from chatops.store.transaction import Transaction
from chatops.ui import Card
from handlers.asking import Asker, acquainted, answer, locale_of, refusal
from handlers.slack import picking
from handlers.slack.context import Context, Payload
from handlers.slack.forms import settle

DESK = "desk"  # the command before every other one's name: Slack does not tell two apps' /reply apart
ALONE = {DESK: "help", "oncall": "show"}  # what a command means without one of its own


async def command(context: Context, body: Payload) -> Payload:
    """Return the answer to a command, for the person alone."""
    if body.get("team_id") != context.workspace_id:
        return {}
    who, (found, words) = context.asker(body), _read(body)
    await context.store.write(acquainted, who, context.now())
    if found is None or not found.anywhere:
        card = await context.store.read(_elsewhere, who, found, words)
    elif found.verb is Verb.MACRO:
        return await picking.begin(context, body, found, words)
    else:
        card = await _anywhere(context, body, found, words)
    return context.slack.privately(card)


async def _anywhere(context: Context, body: Payload, found: Entry, words: str) -> Card:
    """Return what comes of a command that needs no ticket."""
    who, asked = context.asker(body), found.verb
    if not found.asks:
        try:
            await settle(context, body, found.verb, words, body.get("trigger_id") or "")
        except Refused as why:
            return await context.store.read(refusal, who, why)
        asked, words = shown_after(found.verb, words)
    return await context.store.read(answer, who, None, asked, words, context.now())


def _read(body: Payload) -> tuple[Entry | None, str]:
    """Return what a command means, and the words it was given."""
    words = body.get("text") or ""
    for name, rest in _readings(body["command"].removeprefix("/"), words.strip()):
        if found := by_command(name):
            return found, rest
    return None, words


def _readings(name: str, words: str) -> Iterator[tuple[str, str]]:
    """Yield how a command may be meant: `/desk help`, `/desk queue mine`, `/queue mine`, and `/desk` alone."""
    first, _, rest = words.partition(" ")
    first = first.lower()
    yield f"{name} {first}", rest.strip()
    if name == DESK:
        yield from _readings(first, rest.strip())
    if name in ALONE:
        yield f"{name} {ALONE[name]}", words
    yield name, words


def _elsewhere(tx: Transaction, who: Asker, found: Entry | None, words: str) -> Card:
    with language(locale_of(tx, who)):
        return cards.no_thread(words, found)
