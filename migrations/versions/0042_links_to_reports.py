"""Links to reports, and reports that a plan sends

Why: Owners who are not in the chat read how a month went, for some days, until the link expires or is withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "reportlink",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("digest_id", NUMBER, nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_to", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_column("report_to")
    op.drop_table("reportlink")
