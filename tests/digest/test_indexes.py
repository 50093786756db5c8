"""By which indexes SQLite counts: it keeps no statistics, and a new index may lure it into reading a whole table."""

import re
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event

from chatops.digest import sections
from chatops.digest.scope import Scope
from chatops.digest.section import Section
from chatops.model import digest as digests
from chatops.store import Transaction
from tests.digest.lived import CHANGES, Lived
from tests.digest.test_recount import SCOPES

COUNTS_BY: dict[str, set[str]] = {
    "waiting": {"ticket_open"},
    "volume": {"message_asked", "ticket_told", "conversation_spoken"},
    "audit": {"message_answers", "ticket_open"},
    "targets": {"message_answers", "ticket_open"},
    "responses": {"message_answers"},
    "clocks": {"clock_kept", "clock_broken", "clock_due", "history_gone_on", "sqlite_autoindex_clock_1"},
    "platform": {"clock_kept", "clock_broken", "clock_due"},
    "asked": {"ticket_asked", "message_product", "history_rules"},
    "fix": {"ticket_asked", "message_product"},
    "pages": {"sqlite_autoindex_ticket_1"},
    "team": {
        *("message_answers", "ticket_open", "ticket_resolved", "history_said"),
        *("history_gone_on", "sqlite_autoindex_ticket_1"),
    },
    "policy": {"history_said"},
}
LARGE = ("message", "ticket", "conversation", "clock", "history")
READS = re.compile(rf"(?:SEARCH|SCAN) (?:{'|'.join(LARGE)})\b(?: USING (?:COVERING )?INDEX (\w+))?")


def indexes(engine: Engine, section: Section[Any], scope: Scope) -> set[str]:
    """Return by which indexes a section reads the tables that grow; "" where it goes through all of one."""
    asked: list[tuple[str, Any]] = []
    with engine.connect() as connection, connection.begin() as transaction:
        tx = Transaction(connection)
        Lived(Random(1), CHANGES[0]).insert(tx)  # noqa: S311 - not for secrets
        event.listen(connection, "before_cursor_execute", lambda _c, _u, said, values, *_: asked.append((said, values)))
        section.count(tx, scope, CHANGES[0])
        cursor = connection.connection.cursor()
        steps = [step for said, values in asked for step in cursor.execute(f"EXPLAIN QUERY PLAN {said}", values)]
        transaction.rollback()
    return {found[1] or "" for step in steps if (found := READS.match(step[3]))}


@pytest.mark.parametrize("scope", SCOPES[:2], ids=["every shop", "some shops"])
def test_sqlite_counts_by_the_indexes_that_were_made_for_it(engine: Engine, scope: Scope) -> None:
    found = {section.key: indexes(engine, section, scope) for section in sections.every()}
    assert not [key for key, some in found.items() if "" in some]
    assert {key: found[key] for key in COUNTS_BY} == COUNTS_BY


def test_sqlite_finds_what_a_plan_told_last_by_its_days(engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        tx = Transaction(connection)
        event.listen(connection, "before_cursor_execute", lambda _c, _u, said, values, *_: asked.append((said, values)))
        digests.last(tx, "morning", 2)
        cursor = connection.connection.cursor()
        steps = [step[3] for said, values in asked for step in cursor.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    assert len(steps) == 1, "nothing is sorted"
    assert "INDEX digest_of_day" in steps[0]
