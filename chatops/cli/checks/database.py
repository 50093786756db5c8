"""The database, read beside a running process: its schema, the desk in it, and what is stuck there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

import migrations
from chatops.app import keyring
from chatops.cli.findings import Finding, broken, doubt, fine, note
from chatops.config import Config
from chatops.desk.intake import SOURCE
from chatops.errors import ChatopsError, SetupError
from chatops.model import definition as definitions
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.definition import DefinitionKind
from chatops.model.inbox import Inbox, InboxState
from chatops.model.shop import Authorization, Route, Shop
from chatops.model.workspace import Workspace
from chatops.rules.rotation import Rotation
from chatops.store import lanes, sqlite
from chatops.store.lanes import Undelivered
from chatops.store.store import look as ask
from chatops.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Facts:
    """The desk as the database has it; `permissions` by their ids. It holds secrets: never print it."""

    shops: Sequence[Shop]
    permissions: Mapping[str, Authorization]
    workspaces: Sequence[Workspace]
    routes: Sequence[Route]
    groups: Sequence[tuple[str, str, str]]  # the workspace's name, the rotation, the role or user group it keeps
    held: int
    failing: int
    given_up: int
    not_understood: int
    notified_at: datetime | None  # when TikTok Shop last told us something by itself


def read(config: Config) -> tuple[list[Finding], Facts | None]:
    """Look at the database and return the desk in it, None when there is none to be read; blocks."""
    try:
        if make_url(config.database).get_backend_name() == "sqlite":
            file = sqlite.file_of(make_url(config.database))
            if file is None or not file.exists():
                return [
                    note("the database is made at the first start, or by the first `chatops apply desk.toml`")
                ], None
        schema = ask(config.database, _schema)
        if schema != migrations.head():
            return [_wrong_schema(schema)], None
        facts = ask(config.database, _facts, keys=keyring(config) if _has_key(config) else None)
    except SetupError as error:
        return [broken(str(error), error.remedy)], None
    except (ChatopsError, SQLAlchemyError) as error:
        # the database's own words, which name no password; SQLAlchemy's would quote statements
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return [broken(f"the database cannot be read: {reason}", "Does it run? Is CHATOPS_DATABASE_URL right?")], None
    return [
        fine(f"the database can be read; its schema ({schema}) is the newest"),
        *_desk(facts),
        *_stuck(facts),
    ], facts


def _has_key(config: Config) -> bool:
    """Whether a key is there already: looking must not make one."""
    return bool(config.secret_key.get_secret_value()) or (config.data_dir / "secret.key").exists()


def _schema(tx: Transaction) -> str | None:
    return MigrationContext.configure(tx.connection).get_current_revision()


def _wrong_schema(schema: str | None) -> Finding:
    if schema is not None and schema > (migrations.head() or ""):
        return broken(f"the database's schema ({schema}) was made by a newer chatops", "Install that version.")
    fact = f"the database's schema ({schema or 'empty'}) is not the newest ({migrations.head()})"
    return broken(fact, "Stop `chatops run`, then `chatops db upgrade`.")


def _facts(tx: Transaction) -> Facts:
    held = shops.every(tx)
    ids = {shop.authorization_id for shop in held if shop.authorization_id}
    permissions = [shops.authorization(tx, one) for one in sorted(ids)]
    return Facts(
        shops=held,
        permissions={one.id: one for one in permissions if one is not None},
        workspaces=workspaces.every(tx),
        routes=shops.every_route(tx),
        groups=_groups(tx),
        held=len(lanes.held_lanes(tx)),
        failing=len(lanes.failing_heads(tx)),
        given_up=tx.scalar(select(func.count()).select_from(Undelivered)),
        notified_at=tx.scalar(select(func.max(Inbox.received_at)).where(Inbox.source == SOURCE)),
        not_understood=tx.scalar(select(func.count()).where(col(Inbox.state) == InboxState.FAILED)),
    )


def _groups(tx: Transaction) -> list[tuple[str, str, str]]:
    rotations = [(one.name, one.read(Rotation)) for one in definitions.current(tx, DefinitionKind.ROTATION)]
    return [(spec.workspace, name, spec.group) for name, spec in rotations if spec.group]


def _desk(facts: Facts) -> list[Finding]:
    if not facts.shops:
        remedy = "Write desk.toml (docs/start.md has an example), then `chatops apply desk.toml`."
        return [broken("no shop is named yet, so nothing can be mirrored", remedy)]
    routed = {route.shop_id for route in facts.routes}
    return [
        doubt(f"shop {shop.name} has no route: no channel shows its messages", "Add one under [[routes]] in desk.toml.")
        for shop in facts.shops
        if shop.id not in routed
    ]


def _stuck(facts: Facts) -> list[Finding]:
    found = []
    if facts.held or facts.given_up:
        fact = f"lanes that wait for a person: {facts.held}; deliveries that were given up: {facts.given_up}"
        found.append(doubt(fact, "`chatops deliveries` lists them and says how to try them again."))
    if facts.failing:
        fact = f"deliveries that failed and are tried again by themselves: {facts.failing}"
        found.append(note(fact, "`chatops deliveries` lists them."))
    if facts.not_understood:
        fact = f"notifications that were not understood and are kept: {facts.not_understood}"
        found.append(doubt(fact, "`chatops inbox` lists them; after an update, `chatops inbox retry`."))
    return found or [fine("nothing is stuck")]
