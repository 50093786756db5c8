"""What a change of a digest's plan would come to, before it counts."""

from datetime import datetime
from typing import NamedTuple

from chatops.rules.plan import DigestPlan


class DigestTrial(NamedTuple):
    """What would count: `lines` that go ("- …") and come ("+ …"), and when it comes next (None: it would be gone)."""

    name: str
    lines: tuple[str, ...]
    spec: DigestPlan | None = None
    next_at: datetime | None = None
