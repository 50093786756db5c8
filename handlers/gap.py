"""Which threads may hold something that nobody told us, because it was written before this session began."""

import asyncio

Place = tuple[str, str]  # a channel, and the id of a thread's head in it


class Gap:
    """Open at the start and whenever a session begins; closed thread by thread as they are compared, then altogether.

    Whoever compares says for which session: what was read before a newer one began says nothing about the newer one.
    """

    def __init__(self) -> None:
        self.session = 0
        self.closed = False
        self._compared: set[Place] = set()
        self._turns: dict[Place, asyncio.Lock] = {}

    def open_anew(self) -> None:
        """Begin a session."""
        self.session += 1
        self.closed = False
        self._compared, self._turns = set(), {}

    def is_open(self, place: Place) -> bool:
        """Tell whether a thread is still to be compared in this session."""
        return not self.closed and place not in self._compared

    def turn(self, place: Place) -> asyncio.Lock:
        """Return what those who compare one thread hold, one at a time."""
        return self._turns.setdefault(place, asyncio.Lock())

    def close(self, session: int, place: Place) -> None:
        """Remember that a thread was compared."""
        self._turns.pop(place, None)  # who holds it or waits for it has it in hand
        if session == self.session and not self.closed:
            self._compared.add(place)

    def close_all(self, session: int) -> None:
        """Remember that every thread was compared."""
        if session == self.session:
            self.closed = True
            self._compared, self._turns = set(), {}
