"""A team hears what runs out when it opens and closes

Why: A warning that falls into the night is read in the morning.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "recapwatch",
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("calendar"),
    )
    with op.batch_alter_table("recapwatch", schema=None) as batch_op:
        batch_op.create_index(
            "recap_watch_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
    known = "SELECT name, MAX(made_at) FROM definition WHERE kind = 'calendars' GROUP BY name"
    op.execute(sa.text(f"INSERT INTO recapwatch (calendar, next_at) {known}"))  # due, so that they are looked at


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("recapwatch", schema=None) as batch_op:
        batch_op.drop_index(
            "recap_watch_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("recapwatch")
