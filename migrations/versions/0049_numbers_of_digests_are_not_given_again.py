"""Numbers of digests are not given again

Why: on SQLite a new digest took the number of one that was forgotten, and what still named that met another one's days
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    _made_anew(counts_on=True)


def downgrade() -> None:
    """Go back to the one before."""
    _made_anew(counts_on=False)


def _made_anew(*, counts_on: bool) -> None:
    """Make the table again on SQLite; PostgreSQL gives no number twice."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("digest", recreate="always", table_kwargs={"sqlite_autoincrement": counts_on}):
            pass
