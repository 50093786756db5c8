"""Where people are written to

Why: a page that first asks the platform for somebody's direct messages comes a call later; their channel lasts
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

PAGED_THERE = """
UPDATE agent SET direct_channel_id = coalesce((
    SELECT channel_id FROM summons
    WHERE summons.workspace_id = agent.workspace_id AND summons.agent_id = agent.id AND channel_id <> ''
    ORDER BY number DESC LIMIT 1
), '')
"""


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("direct_channel_id", sa.String(), nullable=False, server_default=""))
    op.execute(PAGED_THERE)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("direct_channel_id")
