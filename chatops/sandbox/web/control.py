"""Between the page and whoever runs the product: the visitor's wishes one way, the product's state the other."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PATIENCE = 25.0  # seconds a question for wishes stays open


class Wish(StrEnum):
    """What a visitor can want of the product."""

    KILL = "kill"
    START = "start"
    MINUTE = "minute"  # let one pass
    ALARM = "alarm"  # let time pass until somebody is called, or told something
    MORNING = "morning"  # let time pass until nine o'clock tomorrow


class ProductState(StrEnum):
    """How the product is doing, as far as its supervisor said."""

    ABSENT = "absent"  # nobody has reported yet
    STARTING = "starting"
    RUNNING = "running"
    KILLED = "killed"


@dataclass
class Control:
    """Keeps the wishes, numbered from 1, and the product's last reported state; calls `changed` after each change."""

    changed: Callable[[], None]
    state: ProductState = ProductState.ABSENT
    wishes: list[Wish] = field(default_factory=list)
    pending: Wish | None = None  # wished, and nothing reported since
    _wished: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False

    def wish(self, wish: Wish) -> int:
        """Write down a wish; returns its number."""
        self.wishes.append(wish)
        self.pending = wish
        self._ring()
        self.changed()
        return len(self.wishes)

    def report(self, state: ProductState) -> None:
        """Take note of how the product is doing."""
        self.state, self.pending = state, None
        self.changed()

    async def after(self, number: int, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Return the wishes after `number`, waiting up to `patience` seconds for the first one."""
        number = max(number, 0)
        deadline = asyncio.get_running_loop().time() + patience
        while len(self.wishes) <= number and not self._ended:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._wished.wait()
            except TimeoutError:
                break
        found = enumerate(self.wishes[number:], start=number + 1)
        return [{"number": place, "wish": wish.value} for place, wish in found]

    def stop(self) -> None:
        """Answer every open question now."""
        self._ended = True
        self._ring()

    def _ring(self) -> None:
        wished, self._wished = self._wished, asyncio.Event()
        wished.set()
