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
    # Five in five seconds for each channel; every thread is a channel of its own.
    "post/channel": Limit(3, 5 * SECOND, 2),
    # The heads of a text channel stand in one channel, those of a forum each in their own.
    "update/channel": Limit(3, 5 * SECOND, 2),
    # Opening threads has a limit for the whole server that nobody publishes. What is beyond it is refused for minutes,
    # and refusals of that kind are not held against us: a rush that stays below it shall not wait for nothing.
    "thread": Limit(1, SECOND, 5),
    # Below a head that stands a thread can wait. Whatever the limit is (the sandbox takes fifty in five minutes), a
    # morning of many digests is to leave some of it to buyers, whose words have no place without one.
    "thread/below": Limit(8, 60 * SECOND, 5),
    # The rest shares the published fifty, by how many calls each takes.
    "post": Limit(20, SECOND, 4),
    "update": Limit(5, SECOND, 2),
    "react": Limit(5, SECOND, 2),
    "ephemeral": Limit(2, SECOND, 1),
    "read": Limit(5, SECOND, 2),
}
CALLS: Mapping[str, int] = {"post": 1, "update": 1, "react": 3, "ephemeral": 2, "read": 1}
