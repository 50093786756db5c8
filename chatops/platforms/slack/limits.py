"""How fast Slack lets us go, as data.

Slack counts per app, workspace and method, in windows of a minute, and about one message a second per channel. Burst
sizes are secret. Count and burst are chosen so that a token bucket never exceeds the published number in any minute.
"""

from collections.abc import Mapping
from datetime import timedelta

from chatops.store.lanes import Limit

MINUTE = timedelta(minutes=1)

DEFAULTS: Mapping[str, Limit] = {
    "post/channel": Limit(1, timedelta(seconds=1), 3),
    # "Several hundred messages per minute" for a whole workspace: read as three hundred, four fifths of it used.
    "post": Limit(220, MINUTE, 20),
    "update": Limit(45, MINUTE, 5),
    # Asking where to put a file, and telling that it is there, are counted by themselves, a hundred of each a minute.
    "file": Limit(80, MINUTE, 10),
    # Marking reads, adds and perhaps removes. Removing (20 a minute) is the narrowest, and follows at most every
    # second mark, because a mark can only be removed after it was added.
    "react": Limit(36, MINUTE, 4),
    "ephemeral": Limit(90, MINUTE, 10),
    "read": Limit(45, MINUTE, 5),
}
