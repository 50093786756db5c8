"""How fast Slack lets us go, as data, and the names of the scopes that are counted.

Slack counts per app, workspace and method, in windows of a minute, and about one message a second per channel. Burst
sizes are secret. `allowed` and `burst` are chosen so that a token bucket never exceeds
the published number in any minute.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Limit(NamedTuple):
    """At most `allowed` per `seconds`, of which `burst` may go at once after a quiet time."""

    allowed: int
    seconds: float
    burst: int


DEFAULTS: Mapping[str, Limit] = {
    "post/channel": Limit(1, 1.0, 3),
    # "Several hundred messages per minute" for a whole workspace: read as three hundred, four fifths of it used.
    "post": Limit(220, 60.0, 20),
    "update": Limit(45, 60.0, 5),
    # Marking reads, adds and perhaps removes. Removing (20 a minute) is the narrowest, and follows at most every
    # second mark, because a mark can only be removed after it was added.
    "react": Limit(36, 60.0, 4),
    "ephemeral": Limit(90, 60.0, 10),
    "form": Limit(90, 60.0, 10),
    "upload": Limit(90, 60.0, 10),
    "read": Limit(45, 60.0, 5),
}


def post_scope(workspace_id: str, channel_id: str) -> str:
    """Name the scope of posts into one channel; `workspace_post_scope` holds at the same time."""
    return f"slack/{workspace_id}/post/{channel_id}"


def workspace_post_scope(workspace_id: str) -> str:
    """Name the scope of all posts of a workspace."""
    return f"slack/{workspace_id}/post"


def update_scope(workspace_id: str) -> str:
    """Name the scope of redrawing (`chat.update`)."""
    return f"slack/{workspace_id}/update"


def react_scope(workspace_id: str) -> str:
    """Name the scope of marks (`reactions.*`)."""
    return f"slack/{workspace_id}/react"


def ephemeral_scope(workspace_id: str) -> str:
    """Name the scope of whispers (`chat.postEphemeral`)."""
    return f"slack/{workspace_id}/ephemeral"


def form_scope(workspace_id: str) -> str:
    """Name the scope of forms (`views.open`)."""
    return f"slack/{workspace_id}/form"


def upload_scope(workspace_id: str) -> str:
    """Name the scope of uploads (`files.*`)."""
    return f"slack/{workspace_id}/upload"


def read_scope(workspace_id: str) -> str:
    """Name the scope of reading channels and threads back (`conversations.history`, `.replies`)."""
    return f"slack/{workspace_id}/read"


def limit(scope: str, overrides: Mapping[str, Limit | None] | None = None) -> Limit | None:
    """Return the limit of a scope; None when nothing is limited there.

    `overrides` replaces entries of `DEFAULTS` by their keys (`post/channel`, `update`, …); None lifts one.
    """
    platform, _, rest = scope.partition("/")
    _, _, kind = rest.partition("/")
    if platform != "slack":
        return None
    key = "post/channel" if kind.startswith("post/") else kind
    return {**DEFAULTS, **(overrides or {})}.get(key)
