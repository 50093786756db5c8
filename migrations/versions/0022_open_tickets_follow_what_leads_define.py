"""Open tickets follow what leads define

Why: a round over them goes on where it stopped, and replicas agree on time zones
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "recount",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("anew", sa.Boolean(), nullable=False),
        sa.Column("after_shop", sa.String(), nullable=False),
        sa.Column("after_ticket", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "runtime",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("runtime")
    op.drop_table("recount")
