"""What a digest lacks, and those that somebody asked for by their age

Why: a missing picture is told of once, not each morning; what was asked for is forgotten after a while.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lacks", sa.String(), server_default="", nullable=False))
        batch_op.create_index(
            "digest_asked",
            ["made_at"],
            unique=False,
            sqlite_where=sa.text("plan = ''"),
            postgresql_where=sa.text("plan = ''"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index("digest_asked", sqlite_where=sa.text("plan = ''"), postgresql_where=sa.text("plan = ''"))
        batch_op.drop_column("lacks")
