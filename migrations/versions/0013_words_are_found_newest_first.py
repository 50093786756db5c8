"""What was said is found by when it was said

Why: whoever looks for words wants the newest messages that have them, of all conversations
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("message_said", ["said_at"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("message_said")
