"""The product with a short lease, so that a test need not wait two minutes for what a killed replica had in hand.

Everything else is the product as it ships. The call limit shrinks with the lease: the worlds answer within a second.
"""

from datetime import timedelta

from chatops.cli import commands
from chatops.delivery import hand, worker

LEASE = timedelta(seconds=8)
CALL_LIMIT = timedelta(seconds=4)

if __name__ == "__main__":
    worker.LEASE = LEASE
    hand.CALL_LIMIT = CALL_LIMIT
    commands()
