"""Answers know which wait they ended

Why: how soon buyers are answered is counted from what is kept, without looking at every message
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ANSWERS = sa.text("answers_since IS NOT NULL")

# What a buyer said since the answer before was written waited for this one; enterings and notices ask nothing.
WHAT_HAPPENED = """
UPDATE message SET
    answers_since = (
        SELECT min(asked.said_at) FROM message AS asked
        WHERE asked.shop_id = message.shop_id AND asked.ticket_id = message.ticket_id
            AND asked.author = 'buyer' AND asked.visible AND asked.kind NOT IN (
                'BUYER_ENTER_FROM_PRODUCT', 'BUYER_ENTER_FROM_ORDER', 'BUYER_ENTER_FROM_TRANSFER',
                'ALLOCATED_SERVICE', 'NOTIFICATION'
            )
            AND asked.said_at <= message.said_at AND asked.said_at > coalesce((
                SELECT max(before.said_at) FROM message AS before
                WHERE before.shop_id = message.shop_id AND before.ticket_id = message.ticket_id
                    AND before.author IN ('agent', 'seller_center') AND before.state IN ('sent', 'received')
                    AND before.visible AND (before.said_at < message.said_at
                        OR (before.said_at = message.said_at AND before.id < message.id))
            ), -1)
    ),
    first_answer = NOT EXISTS (
        SELECT 1 FROM message AS before
        WHERE before.shop_id = message.shop_id AND before.ticket_id = message.ticket_id
            AND before.author IN ('agent', 'seller_center') AND before.state IN ('sent', 'received')
            AND before.visible AND (before.said_at < message.said_at
                OR (before.said_at = message.said_at AND before.id < message.id))
    ),
    sent_at = coalesce(sent_at, said_at)
WHERE author IN ('agent', 'seller_center') AND state IN ('sent', 'received') AND visible AND ticket_id IS NOT NULL
"""


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("first_answer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.text(WHAT_HAPPENED))
    op.execute(sa.text("UPDATE message SET first_answer = false WHERE answers_since IS NULL AND first_answer"))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "message_answers",
            ["sent_at", "shop_id", "answers_since", "first_answer", "source_workspace_id", "agent_id"],
            unique=False,
            sqlite_where=ANSWERS,
            postgresql_where=ANSWERS,
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("message_answers", sqlite_where=ANSWERS, postgresql_where=ANSWERS)
        batch_op.drop_column("first_answer")
        batch_op.drop_column("answers_since")
