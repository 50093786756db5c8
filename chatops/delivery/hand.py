"""What a carrier is given, what it gives back, and the tools it works with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from chatops.platforms.ports import ChatPlatform, Marketplace, Outlets, Translator
from chatops.store.lanes import Claimed, InHand
from chatops.store.store import Store
from chatops.store.transaction import Transaction
from chatops.times import TimeSource

CALL_LIMIT = timedelta(seconds=31)  # no single call to a platform takes longer
DRAWN_AT_ONCE = 1  # picture: each takes a processor for a while
COUNTED_AT_ONCE = 1  # digest: each reads much, and others read, too
INTRODUCTIONS_AT_ONCE = 3  # threads that wait for their buyer's name: as many as a channel takes posts at once


class LeaseTooShort(Exception):
    """What is left of the lease would not cover another call."""


class AnotherTurn(Exception):
    """The lane's next turn is one at the pace of `scopes`; `called`: this one was used."""

    def __init__(self, scopes: tuple[str, str], *, called: bool) -> None:
        super().__init__()
        self.scopes, self.called = scopes, called


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything a carrier may use."""

    store: Store
    time: TimeSource
    chat: Callable[[str], ChatPlatform]  # by workspace id
    marketplace: Marketplace
    media_dir: Path
    translator: Translator | None = None
    outlets: Outlets | None = None
    public_url: str = ""  # where others reach this installation
    introductions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(INTRODUCTIONS_AT_ONCE))
    drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DRAWN_AT_ONCE))
    pictures: dict[str, bytes] = field(default_factory=dict)  # the last few that were drawn, by what they show
    counting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(COUNTED_AT_ONCE))


@dataclass(frozen=True, slots=True)
class Hand:
    """A claimed lane's first deliveries, in order; never empty."""

    claimed: Claimed
    time: TimeSource
    turns: list[str] = field(default_factory=list)  # used for more than the post

    @property
    def first(self) -> InHand:
        """The head of the lane."""
        return self.claimed.deliveries[0]

    @property
    def in_doubt(self) -> bool:
        """Whether a former owner may have sent the head: look before sending again."""
        return self.first.seq <= self.claimed.in_doubt_through

    @property
    def lasts(self) -> bool:
        """Whether the lease covers another call."""
        return self.claimed.lease_until - self.time.now() >= CALL_LIMIT

    def key(self, delivery: InHand) -> str:
        """Return the id under which a delivery can be found on a platform."""
        return f"{delivery.lane}#{delivery.seq}"

    def takes_turn(self, scopes: tuple[str, str]) -> None:
        """Use this turn of the lane for a call at the pace of `scopes`, if it is one and was not used so yet.

        Raises:
            AnotherTurn: such a call has to wait for one.
        """
        if self.claimed.scope != scopes[0] or self.turns:
            raise AnotherTurn(scopes, called=bool(self.turns))
        self.turns.append(scopes[0])

    def before_call(self) -> None:
        """Stop when the lease may run out during the next call: somebody else might send the same.

        Raises:
            LeaseTooShort: nothing more may be sent.
        """
        if not self.lasts:
            raise LeaseTooShort


@dataclass(frozen=True, slots=True)
class Result:
    """Carried out up to number `through`; `apply` writes the receipts in the transaction that settles the lane.

    `paced=False`: no platform was called, the reserved call is given back.
    """

    through: int
    apply: Callable[[Transaction], object] | None = None
    paced: bool = True


Carrier = Callable[[Tools, Hand], Awaitable[Result]]
