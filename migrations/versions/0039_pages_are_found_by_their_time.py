"""Pages are found by their time

Why: Digests count those of a day.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index("page_acknowledged", ["workspace_id", "acknowledged_at"], unique=False)
        batch_op.create_index("page_opened", ["workspace_id", "opened_at"], unique=False)

    with op.batch_alter_table("pagenotice", schema=None) as batch_op:
        batch_op.create_index("page_notice_called", ["workspace_id", "called_at"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("pagenotice", schema=None) as batch_op:
        batch_op.drop_index("page_notice_called")

    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index("page_opened")
        batch_op.drop_index("page_acknowledged")
