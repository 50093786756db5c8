"""Facts about TikTok Shop that nobody has confirmed, each with the switch that turns it round."""

from dataclasses import dataclass, field
from typing import Literal

from chatops.sandbox.tiktok.refusals import STATUSES


@dataclass
class Assumptions:
    """What the world takes for true where the published documentation is silent; change any field at any time."""

    # HTTP status of customer-service errors (45xxxxxx): 200 and 429 were both reported.
    business_error_status: int = 200
    # HTTP status of every other code; several are community knowledge only (refusals.py).
    statuses: dict[int, int] = field(default_factory=lambda: dict(STATUSES))
    # HTTP status of a refused code or refresh token.
    token_error_status: int = 200
    # Code of a dead, rotated or unknown refresh token: published nowhere.
    bad_refresh_code: int = 36004004
    # Whether a refresh hands out a new refresh token and ends the old one.
    refresh_rotates: bool = True
    # Whether older access tokens die at a refresh, before their own end.
    refresh_ends_older_access_tokens: bool = False
    # Whether refresh also takes grant_type=authorized_code, which one SDK sends.
    refresh_tolerates_authorized_code: bool = False
    # What a page_size above the cap does.
    oversized_page: Literal["truncate", "refuse"] = "truncate"
    # Whose requests the daily quota adds up (it resets at midnight UTC here; the zone is unknown too).
    quota_counts_per: Literal["app_shop", "app", "endpoint"] = "app_shop"
    # The unit of the 2,000 characters of a text; utf16 is the stricter.
    text_unit: Literal["utf16", "code_points"] = "utf16"
    # Whether messages sent through the API come back as webhook 14.
    echoes: bool = True
    # Whether that webhook reaches the receiver before the sender gets its HTTP answer.
    echo_before_answer: bool = False
    # The role of a message sent without `sender_role`.
    default_sender_role: str = "CUSTOMER_SERVICE"
    # Whether an agent's first message makes the agent join, which webhook 13 tells.
    first_answer_joins_agent: bool = True
    # Code of unknown or missing fields, bad content and texts that are too long.
    invalid_parameter_code: int = 36009004
    # Whether a write without any body is refused; the guides send {}.
    empty_body_refused: bool = True
