"""Clocks of tickets, and what they are counted from

Why: a promise is kept or broken by what happened when, and that can be proved afterwards
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "alarmraised",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("spoke", sa.Boolean(), nullable=False),
        sa.Column("retroactive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "ticket_id", "target", "cycle", "alarm"),
    )
    op.create_table(
        "clock",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("limit", sa.BigInteger(), nullable=False),
        sa.Column("consumed", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("running_since", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("breached_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("paused_for", sa.String(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=True),
        sa.Column("heeded", sa.BigInteger(), nullable=False),
        sa.Column("next_alarm_at", sa.BigInteger(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "ticket_id", "target", "cycle"),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(
            "clock_alarm",
            ["urgent", "next_alarm_at"],
            unique=False,
            sqlite_where=sa.text("next_alarm_at IS NOT NULL"),
            postgresql_where=sa.text("next_alarm_at IS NOT NULL"),
        )
        batch_op.create_index(
            "clock_calendar",
            ["calendar"],
            unique=False,
            sqlite_where=sa.text("state IN ('running', 'paused', 'breached')"),
            postgresql_where=sa.text("state IN ('running', 'paused', 'breached')"),
        )
        batch_op.create_index(
            "clock_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('running', 'breached')"),
            postgresql_where=sa.text("state IN ('running', 'breached')"),
        )
        batch_op.create_index(
            "clock_newest",
            ["shop_id", "ticket_id"],
            unique=False,
            sqlite_where=sa.text("newest"),
            postgresql_where=sa.text("newest"),
        )

    op.create_table(
        "clockrecord",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "ticket_id", "seq"),
    )
    op.create_table(
        "promised",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("service_level", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("calendars", sa.JSON(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "ticket_id"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("promised")
    op.drop_table("clockrecord")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("clock_newest", sqlite_where=sa.text("newest"), postgresql_where=sa.text("newest"))
        batch_op.drop_index(
            "clock_due",
            sqlite_where=sa.text("state IN ('running', 'breached')"),
            postgresql_where=sa.text("state IN ('running', 'breached')"),
        )
        batch_op.drop_index(
            "clock_calendar",
            sqlite_where=sa.text("state IN ('running', 'paused', 'breached')"),
            postgresql_where=sa.text("state IN ('running', 'paused', 'breached')"),
        )
        batch_op.drop_index(
            "clock_alarm",
            sqlite_where=sa.text("next_alarm_at IS NOT NULL"),
            postgresql_where=sa.text("next_alarm_at IS NOT NULL"),
        )

    op.drop_table("clock")
    op.drop_table("alarmraised")
