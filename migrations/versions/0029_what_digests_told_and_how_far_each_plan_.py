"""What digests told, and how far each plan has come

Why: the numbers of a stretch of time are kept for good, and no plan tells of the same day twice
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "digest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("local_date", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("compare", sa.Boolean(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("head_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=True),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index(
            "digest_of_day",
            ["plan", "local_date"],
            unique=True,
            sqlite_where=sa.text("plan <> ''"),
            postgresql_where=sa.text("plan <> ''"),
        )
        batch_op.create_index("digest_of_workspace", ["workspace_id", "due_at"], unique=False)

    op.create_table(
        "digestwatch",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("covered_to", sa.BigInteger(), nullable=True),
        sa.Column("last_date", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("plan"),
    )
    with op.batch_alter_table("digestwatch", schema=None) as batch_op:
        batch_op.create_index(
            "digest_watch_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("digestwatch", schema=None) as batch_op:
        batch_op.drop_index(
            "digest_watch_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("digestwatch")
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index("digest_of_workspace")
        batch_op.drop_index("digest_of_day", sqlite_where=sa.text("plan <> ''"), postgresql_where=sa.text("plan <> ''"))

    op.drop_table("digest")
