"""The desk's own settings, moved in and out with `desk.toml`."""

from sqlmodel import Field, SQLModel

from chatops.store.transaction import Transaction

TARGETS = {  # the team's own in the place of what targets.toml says; 0: what it says
    "target_first_answer_seconds": 0,
    "target_effective_percent": 0,
    "target_replied_percent": 0,
    "target_official_percent": 0,
    "target_satisfied_percent": 0,
}
RATES = {  # when a lead is told that TikTok's answer rate is about to fall below its line; see `rules.budget.danger`
    "rate_left_percent": 25,
    "rate_least_count": 20,
}
SECONDS = {"undo_seconds": 5, "reconcile_seconds": 300, "crossing_seconds": 30, "outage_seconds": 0}
DEFAULTS = {**SECONDS, **TARGETS, **RATES, "report_link_days": 7}
MAY_BE_NONE = frozenset(
    {"crossing_seconds", "outage_seconds", "rate_left_percent", "report_link_days", *TARGETS}
)  # 0 switches off what it is about


class Setting(SQLModel, table=True):
    """One number that the team chose."""

    name: str = Field(primary_key=True)
    value: int


def value(tx: Transaction, name: str) -> int:
    """Return a setting, or its default."""
    row = tx.get(Setting, name)
    return DEFAULTS[name] if row is None else row.value
