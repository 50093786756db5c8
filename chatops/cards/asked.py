"""What a verb that asks is answered with, for the person alone."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chatops.cards import digest_asking, digest_writing, macros, notice, promises, rota_writing
from chatops.cards.help import helped
from chatops.cards.home import home
from chatops.cards.macro_library import library
from chatops.cards.oncall import on_call
from chatops.cards.queue import find, late, queue, who
from chatops.cards.rulebook import rules
from chatops.cards.shops import standing
from chatops.cards.sla import sla
from chatops.cards.trying import tried
from chatops.catalog import Verb
from chatops.errors import Refused
from chatops.model import shop as shops
from chatops.model.agent import Agent
from chatops.model.shop import RoutePosture
from chatops.model.thread import Thread
from chatops.model.workspace import PlatformName, platform_of
from chatops.store.transaction import Transaction
from chatops.ui import Card

Answer = Callable[[Transaction, Agent, Thread | None, str, datetime], Card]


def _help(_tx: Transaction, agent: Agent, thread: Thread | None, words: str, _now: datetime) -> Card:
    posture = RoutePosture.TO_BUYER if thread is None else thread.posture
    return helped(words, posture, commands=platform_of(agent.workspace_id) is PlatformName.DISCORD)


def _home(tx: Transaction, agent: Agent, _thread: Thread | None, _words: str, now: datetime) -> Card:
    queues = [queue(tx, agent, None, which, now) for which in ("mine", "oldest")]
    due = late(tx, agent, now)
    if due.parts:  # what runs out matters most, and where nothing does nobody reads of it
        queues.insert(0, due)
    return home(agent, queues, shops.routes_to(tx, agent.workspace_id))


ANSWERS: Mapping[Verb, Answer] = {
    Verb.QUEUE: queue,
    Verb.FIND: find,
    Verb.WHO: who,
    Verb.SLA: sla,
    Verb.HOME: _home,
    Verb.HELP: _help,
    Verb.ONCALL: lambda tx, agent, _thread, words, now: on_call(tx, agent, words, now),
    Verb.MACRO: macros.answer,
    Verb.MACROS: lambda tx, agent, _thread, words, now: library(tx, agent, words, now),
    Verb.PROMISES: lambda tx, agent, _thread, words, now: promises.promises(tx, agent, words, now),
    Verb.CALENDARS: lambda tx, agent, _thread, words, now: promises.calendars(tx, agent, words, now),
    Verb.SHOPS: lambda tx, agent, _thread, _words, now: standing(tx, agent, now),
    Verb.ROTATIONS: lambda tx, agent, _thread, words, now: rota_writing.rotations(tx, agent, words, now),
    Verb.DIGESTS: lambda tx, agent, _thread, words, now: digest_writing.planned(tx, agent, words, now),
    Verb.DIGEST: lambda tx, agent, _thread, words, now: digest_asking.on_its_way(tx, agent, words, now),
    Verb.STATS: lambda tx, agent, _thread, words, now: digest_asking.stats(tx, agent, words, now),
    Verb.RULES: lambda tx, agent, _thread, words, now: rules(tx, agent, words, now),
    Verb.TRY: lambda tx, _agent, thread, words, _now: tried(tx, thread, words),
}


def answer(tx: Transaction, agent: Agent, thread: Thread | None, verb: Verb, words: str, now: datetime) -> Card:
    """Return what a verb that asks is answered with, or why not; the caller has entered the reader's language."""
    try:
        return ANSWERS[verb](tx, agent, thread, words, now)
    except Refused as why:
        return notice.refusal(why)
