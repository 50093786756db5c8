"""Run by Alembic: carries out steps on the connection it is given, or compares that with the product's tables."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator


def plain(kind: str, found: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Spell our own column types as what the database keeps, so that steps do not depend on our code."""
    return f"sa.{found.impl!r}" if kind == "type" and isinstance(found, TypeDecorator) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("tables"),
    template_args={"reason": context.config.attributes.get("why")},
    # SQLite changes most things about a table only by building it anew; the first step changes nothing
    render_as_batch=context.get_head_revision() is not None,
    render_item=plain,
)
context.run_migrations()
if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
    raise AssertionError(f"a row of {lost[0]} refers to one of {lost[2]} that is not there")
