"""A world's state that can be waited for: whoever changes it says `changed`, whoever waits says `until`."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

PATIENCE = 60.0  # real seconds to wait for something that should come at once; machines are busy


class Readable(Protocol):
    """A place whose talk can be read."""

    def transcript(self) -> str:
        """Return what was said there, a line each."""
        ...


class Watched:
    """What a chat world's state is derived from."""

    channels: Mapping[str, Readable]
    watchers: list[Callable[[], None]]

    def changed(self) -> None:
        """Wake everyone who waits for the state to become something."""
        for watcher in tuple(self.watchers):
            watcher()

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change; returns a function that ends this."""
        self.watchers.append(callback)
        return lambda: self.watchers.remove(callback)

    async def until(self, condition: Callable[[], Any], timeout: float = PATIENCE, describe: str = "") -> Any:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the condition's first true value; after `timeout` real seconds fail with all transcripts."""
        turned = asyncio.Event()
        forget = self.on_change(turned.set)
        try:
            async with asyncio.timeout(timeout):
                while not (value := condition()):
                    turned.clear()
                    await turned.wait()
                return value
        except TimeoutError:
            shown = "\n\n".join(channel.transcript() for channel in self.channels.values())
            raise AssertionError(f"waited {timeout:g} s in vain for {describe or 'a change'}\n\n{shown}") from None
        finally:
            forget()
