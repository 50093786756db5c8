"""Shops that the marketplace cannot be reached for

Why: clocks stand still while it is so
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "reachrecord",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("said_by_workspace", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "number"),
    )
    with op.batch_alter_table("pollmark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failing_since", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("promised", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reach", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("promised", schema=None) as batch_op:
        batch_op.drop_column("reach")

    with op.batch_alter_table("pollmark", schema=None) as batch_op:
        batch_op.drop_column("failing_since")

    op.drop_table("reachrecord")
