"""The product as the crash test starts it: with a budget that lasts, and perhaps a short lease.

A day's budget for comparisons does not last for 200 starts in a few minutes. With several replicas (`short-lease`) the
lease is short too, so that nobody waits a minute for what a killed replica had in hand; the limit of a call shrinks
with it, since the worlds answer within a second. Everything else is the product as it ships.
"""

import sys
from datetime import timedelta

from chatops.__main__ import main
from chatops.delivery import hand, worker
from handlers.tiktok.poll import Poller

SHORT_LEASE = "short-lease"
LEASE = timedelta(seconds=8)
CALL_LIMIT = timedelta(seconds=4)


def live(*args: str) -> None:
    """Run a command of the product's command line to its end."""
    Poller.daily_budget = 1_000_000
    if SHORT_LEASE in args:
        worker.LEASE = LEASE
        hand.CALL_LIMIT = CALL_LIMIT
    sys.argv = ["chatops", *(given for given in args if given != SHORT_LEASE)]
    main()
