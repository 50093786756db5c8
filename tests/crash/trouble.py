"""Bad days on both sides, drawn at random: refusals, lost answers, slow answers, events doubled, shuffled, cut off."""

import asyncio
from random import Random

from chatops.sandbox.faults import Fault, Faults, Trouble
from chatops.sandbox.world import DISCORD, SLACK, World
from tests.crash.ledger import Ledger
from tests.stories.side import Call

PAUSE = 0.25  # seconds between two troubles, on average
SLOW = 0.7  # seconds
MOST_PLANNED = 4  # of one world: what waits for a rare request must not pile up
CHAT_CALLS = (
    *(Call.SAY,) * 8, Call.OPEN, Call.REDRAW, Call.WHISPER, Call.LOOK, Call.LOOK, Call.CATCH_UP, Call.MARK, Call.UNMARK,
    Call.LOOK_AT_MARKS, Call.PROFILE, Call.WHO_WE_ARE,
)  # fmt: skip
ALONE = {  # calls that only one platform knows
    SLACK: ("upload", "files.*", "apps.connections.open"),
    DISCORD: ("channels.get", "channels.edit", "messages.delete", "gateway.bot", "commands.*"),
}
TIKTOK_CALLS = (
    *("send_message",) * 6, "get_messages", "get_messages", "get_conversations", "get_conversation", "picture",
    "search_orders",
)  # fmt: skip
CALLS_GO_WRONG = (
    Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.SERVER_ERROR, Trouble.DROP_BEFORE, Trouble.DROP_AFTER,
    Trouble.DROP_AFTER, Trouble.DROP_AFTER, Trouble.SLOW, Trouble.GARBAGE,
)  # fmt: skip
WEBHOOKS_GO_WRONG = (Trouble.DROP_AFTER, Trouble.DROP_BEFORE, Trouble.SLOW, Trouble.GARBAGE)
ENVELOPES_GO_WRONG = (Trouble.DROP_AFTER, Trouble.DROP_BEFORE)


class BadDays:
    """Plans trouble until it is cancelled; `end` lets everything work again and releases what was kept back."""

    def __init__(self, ledger: Ledger, random: Random) -> None:
        self._ledger = ledger
        self._side = ledger.side
        self._random = random

    @property
    def _world(self) -> World:
        return self._ledger.world

    async def run(self) -> None:
        """Plan one trouble after the other."""
        kinds = (self._chat_call,) * 6 + (self._tiktok_call,) * 6 + (self._webhooks,) * 3 + (self._events,) * 3
        while True:
            await asyncio.sleep(self._random.expovariate(1 / PAUSE))
            self._random.choice(kinds)()
            self._ledger.faults += 1

    def end(self) -> None:
        """Let everything work again."""
        self._side.faults.clear()
        self._world.tiktok.faults.clear()
        self._world.tiktok.webhook_policy.copies = 1
        self._world.tiktok.webhook_policy.hold = 0
        self._world.tiktok.release_webhooks()
        self._world.slack.delivery.release()
        self._world.discord.carrier.release()

    def _chat_call(self) -> None:
        names = [self._side.pattern(call) for call in CHAT_CALLS] + list(ALONE[self._side.platform])
        self._plan(self._side.faults, self._random.choice(names), self._random.choice(CALLS_GO_WRONG))

    def _tiktok_call(self) -> None:
        name, trouble = self._random.choice(TIKTOK_CALLS), self._random.choice(CALLS_GO_WRONG)
        if name == "picture" and trouble is Trouble.GARBAGE:
            return  # half a picture that calls itself whole is another picture: nobody could tell
        self._plan(self._world.tiktok.faults, name, trouble)

    def _plan(self, faults: Faults, name: str, trouble: Trouble) -> None:
        if len(faults.planned) < MOST_PLANNED:
            faults.plan(Fault(name, trouble, times=self._random.choice((1, 1, 2)), retry_after=1, seconds=SLOW))

    def _webhooks(self) -> None:
        policy = self._world.tiktok.webhook_policy
        match self._random.choice(("copies", "hold", "release", "fault", "fault")):
            case "copies":
                policy.copies = 3 - policy.copies
            case "hold":
                policy.hold = 3
            case "release":
                policy.hold = 0
                self._world.tiktok.release_webhooks()
            case _:
                self._plan(self._world.tiktok.faults, "webhook", self._random.choice(WEBHOOKS_GO_WRONG))

    def _events(self) -> None:
        match self._random.choice(("twice", "hold", "shuffle", "cut", "fault", "leave")):
            case "twice":
                self._side.double(2)
            case "hold":
                self._side.hold()
            case "shuffle":
                self._side.release_shuffled()
            case "cut":
                self._side.breaks_off()
            case "leave":
                self._must_leave()
            case _:
                name = "socket.envelope" if self._side.platform == SLACK else "gateway.handshake"
                self._plan(self._side.faults, name, self._random.choice(ENVELOPES_GO_WRONG))

    def _must_leave(self) -> None:
        """Let the platform ask the product to connect anew."""
        if self._side.platform == SLACK:
            self._world.slack.disconnect_sockets("refresh_requested")
        elif self._random.random() < 0.5:
            self._world.discord.gateway.ask_to_reconnect()
        else:
            self._world.discord.gateway.invalidate()
