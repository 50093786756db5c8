"""The nonces of the last minutes: what was posted under one is answered again instead of posted again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.message import Message
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.server import Server


@dataclass
class Nonces:
    """Remembers nonces per author for `window`, which Discord calls a few minutes and does not publish."""

    server: Server
    window: timedelta = timedelta(minutes=5)
    _seen: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    def recall(self, author_id: str, nonce: str | int) -> tuple[Channel, Message] | None:
        """Return what this author posted under the nonce lately; Refusal 10008 when it was deleted since."""
        message_id, at = self._seen.get((author_id, str(nonce)), ("", None))
        if at is None or self.server.time.now() - at >= self.window:
            return None
        found = self.server.find_message(message_id)
        if found is None:
            raise Refusal(10008)
        return found

    def keep(self, message: Message) -> None:
        """Remember the nonce of a new message."""
        self._seen[message.author_id, str(message.nonce)] = (message.id, self.server.time.now())
