"""Products buyers write about, and what the rules found, are counted by an index

Why: what was asked most is told by product and by rule, too
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ABOUT_PRODUCT, TRIAGED = sa.text("product_id IS NOT NULL"), sa.text("what = 'triaged'")
COLUMNS = ["shop_id", "said_at", "product_id", "ticket_id"]
FILLED = """
UPDATE message SET product_id = {found}
WHERE (kind = 'BUYER_ENTER_FROM_PRODUCT' OR (author = 'buyer' AND kind = 'PRODUCT_CARD'))
AND length({found}) BETWEEN 1 AND 40 AND {found} {digits}
"""
DIALECTS = {
    "sqlite": ("CAST(json_extract(content, '$.product_id') AS VARCHAR)", "NOT GLOB '*[^0-9]*'"),
    "postgresql": ("(content ->> 'product_id')", "~ '^[0-9]+$'"),
}
INDEXES = {  # PostgreSQL keeps neither JSON nor anything long in one
    "sqlite": (
        ("history_rules", "history", ["shop_id", "at", "facts"], TRIAGED),
        ("ticket_asked", "ticket", ["shop_id", "opened_at", "tags", "level"], None),
    ),
    "postgresql": (
        ("history_triaged", "history", ["shop_id", "at"], TRIAGED),
        ("ticket_opened", "ticket", ["shop_id", "opened_at"], None),
    ),
}


def upgrade() -> None:
    """Go to this schema."""
    op.add_column("message", sa.Column("product_id", sa.String(), nullable=True))
    found, digits = DIALECTS[op.get_bind().dialect.name]
    op.execute(FILLED.format(found=found, digits=digits))
    where = ABOUT_PRODUCT
    op.create_index("message_product", "message", COLUMNS, unique=False, sqlite_where=where, postgresql_where=where)
    for name, table, columns, condition in INDEXES[op.get_bind().dialect.name]:
        op.create_index(name, table, columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Go back to the one before."""
    for name, table, _, _ in INDEXES[op.get_bind().dialect.name]:
        op.drop_index(name, table)
    op.drop_index("message_product", "message")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("product_id")
