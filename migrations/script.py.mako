<%!
    def steps(rendered):
        """Leave out Alembic's own remarks."""
        return "\n".join(line for line in rendered.splitlines() if "# ###" not in line).strip() or "pass"
%>\
"""${message}

Why: ${reason}
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Go to this schema."""
    ${steps(upgrades)}


def downgrade() -> None:
    """Go back to the one before."""
    ${steps(downgrades)}
