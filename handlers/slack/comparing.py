"""How Slack's threads are read, to be compared; and first is heard what came first."""

from collections.abc import AsyncIterator

from chatops.desk import hearing
from chatops.model.thread import Thread
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.stamps import order
from handlers import comparing
from handlers.slack import messages as events
from handlers.slack.context import Context, Payload

FIRST_WITHIN = 1.8  # seconds; Slack waits three for the acknowledgement, and what is heard must be kept before that


async def message(context: Context, event: Payload, body: Payload) -> None:
    """Hear a message event, but first what was written in its thread before this session began.

    What is acknowledged too late would come again. A deletion is never kept waiting.
    """
    said = event.get("message") or {} if event.get("subtype") == "message_changed" else event
    place = event.get("channel") or "", said.get("thread_ts") or ""
    in_thread = place[1] and said.get("ts") != place[1]
    if in_thread and context.gap.is_open(place) and context.is_colleague(said, body):
        await comparing.first(SlackReader(context), context.workspace_id, place, body, FIRST_WITHIN)
    await events.message(context, event, body)


class SlackReader:
    """Reads the threads of our workspace; `channel` is what the outer part of an event tells."""

    def __init__(self, context: Context) -> None:
        self.context = context

    async def standing(self, place: ThreadRef, since: str) -> AsyncIterator[Payload]:
        """Read what stands in a thread; a deleted head leaves a tombstone, which is nothing anybody said."""
        async for said in self.context.slack.payloads_after(place, since):
            if said.get("subtype") != "tombstone":
                yield said

    def read(self, said: Payload, thread: Thread, channel: Payload) -> hearing.Said | None:
        """Return what a member of the team wrote."""
        return events.read(self.context, said, thread.channel_id, channel)

    def id_of(self, said: Payload) -> str:
        """Return a message's ts."""
        return str(said["ts"])

    def order(self, message_id: str) -> tuple[int, int]:
        """Return what a ts is sorted by."""
        return order(message_id)

    def before(self, message_id: str) -> str:
        """Return the largest ts below this one."""
        seconds, micros = order(message_id)
        whole = seconds * 1_000_000 + micros - 1
        return f"{whole // 1_000_000}.{whole % 1_000_000:06d}"
