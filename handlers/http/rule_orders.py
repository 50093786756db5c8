"""Orders about rulebooks: showing, comparing, applying and trying them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatops.desk import rulebooks
from chatops.errors import SetupError
from chatops.model import rulebook
from chatops.model.rulebook import RulebookName
from chatops.store.transaction import Transaction

Args = Mapping[str, Any]
Answer = dict[str, Any]


def show(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return a rulebook as it counts, its version (0: the starter), and which rules are due for a review."""
    name = RulebookName(args["name"])
    written = rulebook.newest(tx, name)
    overdue = rulebooks.overdue(tx, now) if name is RulebookName.LINT else []
    try:
        rulebooks.must_be_read(name, rulebook.text(tx, name))
        wrong = ""
    except SetupError as error:  # an older version took it
        wrong = str(error)
    version = written.version if written else 0
    return {"toml": rulebook.text(tx, name), "version": version, "overdue": overdue, "wrong": wrong}


def compare(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Return what another rulebook would change; of triage, also in last week's tickets."""
    name, text = RulebookName(args["name"]), args["toml"]
    changes = rulebooks.compare(tx, name, text)
    levels = rulebooks.last_week(tx, text, now) if name is RulebookName.TRIAGE else []
    return {"changes": changes, "levels": [list(one) for one in levels]}


def apply(tx: Transaction, args: Args, now: datetime) -> Answer:
    """Let a rulebook count from now on."""
    return {"version": rulebooks.apply(tx, RulebookName(args["name"]), args["toml"], now)}


def try_answer(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Return what the lint rules find in an answer."""
    hits = rulebooks.try_answer(tx, args["text"], args["shop"], args["language"], args["toml"])
    found = [(hit.rule.id, hit.rule.severity, args["text"][hit.span.start : hit.span.end]) for hit in hits]
    return {"hits": found}


def try_arrival(tx: Transaction, args: Args, _now: datetime) -> Answer:
    """Return what the triage rules propose for a buyer's words."""
    language, found = rulebooks.try_arrival(tx, args["text"], args["shop"], args["kind"], args["toml"])
    return {
        "language": language,
        "rules": found.rules,
        "level": found.level,
        "priority": found.priority,
        "tags": found.tags,
    }


TELLS_LANGUAGES = frozenset({"rulebook_try_lint", "rulebook_try_triage"})
ORDERS = {
    "rulebook": show,
    "rulebook_compare": compare,
    "rulebook_apply": apply,
    "rulebook_try_lint": try_answer,
    "rulebook_try_triage": try_arrival,
}
