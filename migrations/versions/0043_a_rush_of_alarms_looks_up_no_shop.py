"""A rush of alarms looks up no shop

Why: Each row of what was said locked its shop's row, though the clock it is about had done so.
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}  # as PostgreSQL called it; SQLite gave it none
SHOP = "alarmraised_shop_id_fkey"


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("alarmraised", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(SHOP, type_="foreignkey")


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("alarmraised", naming_convention=NAMES) as batch_op:
        batch_op.create_foreign_key(SHOP, "shop", ["shop_id"], ["id"])
