"""How fast Discord lets us go, as data.

Discord publishes one number, fifty requests a second for a bot, and tells the others in the headers of its answers,
which `buckets` obeys to the second. The paces here are what is commonly seen; they keep a rush from running into
refusals. Windows are fixed: count and burst are chosen so that a token bucket never exceeds a window's number.
"""

from collections.abc import Mapping
from datetime import timedelta

from chatops.store.lanes import Limit

SECOND = timedelta(seconds=1)

DEFAULTS: Mapping[str, Limit] = {
    # Five in five seconds for each channel; every thread counts as a channel of its own.
    "post/channel": Limit(3, 5 * SECOND, 2),
    # Threads share a limit that nobody publishes, with refusals of minutes; people who met it opened dozens at once.
    "thread": Limit(20, 60 * SECOND, 5),
    # The rest of the published fifty is left for marks, cards and looking things up.
    "post": Limit(25, SECOND, 5),
    "update": Limit(3, 5 * SECOND, 2),
    "react": Limit(1, SECOND, 1),  # marking takes up to three calls at one in a quarter of a second
    "ephemeral": Limit(3, 5 * SECOND, 2),
    "read": Limit(10, SECOND, 5),
}
