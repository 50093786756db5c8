"""Who is on call, and what is said about it besides the turns

Why: the past must stay as it was, and a change must be noticed by one read of an index
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "oncall",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("rotation", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("oncall", schema=None) as batch_op:
        batch_op.create_index(
            "on_call_now",
            ["rotation", "agent_id"],
            unique=True,
            sqlite_where=sa.text("end_at IS NULL"),
            postgresql_where=sa.text("end_at IS NULL"),
        )
        batch_op.create_index("on_call_of_rotation", ["workspace_id", "rotation", "start_at"], unique=False)

    op.create_table(
        "override",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("rotation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("override", schema=None) as batch_op:
        batch_op.create_index("override_of_workspace", ["workspace_id", "end_at"], unique=False)

    op.create_table(
        "rotationwatch",
        sa.Column("rotation", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", sa.BigInteger(), nullable=True),
        sa.Column("prove_at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("rotation"),
    )
    with op.batch_alter_table("rotationwatch", schema=None) as batch_op:
        batch_op.create_index("rotation_watch_next", ["next_at"], unique=False)

    op.create_table(
        "shiftswap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("rotation", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("shiftswap", schema=None) as batch_op:
        batch_op.create_index(
            "shift_swap_open",
            ["rotation", "expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("shiftswap", schema=None) as batch_op:
        batch_op.drop_index(
            "shift_swap_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("shiftswap")
    with op.batch_alter_table("rotationwatch", schema=None) as batch_op:
        batch_op.drop_index("rotation_watch_next")

    op.drop_table("rotationwatch")
    with op.batch_alter_table("override", schema=None) as batch_op:
        batch_op.drop_index("override_of_workspace")

    op.drop_table("override")
    with op.batch_alter_table("oncall", schema=None) as batch_op:
        batch_op.drop_index("on_call_of_rotation")
        batch_op.drop_index(
            "on_call_now", sqlite_where=sa.text("end_at IS NULL"), postgresql_where=sa.text("end_at IS NULL")
        )

    op.drop_table("oncall")
