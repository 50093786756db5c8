"""Buyers who write and agents who answer, change their minds and take things back, all at random moments."""

import asyncio
from collections.abc import Sequence
from random import Random

from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from tests.crash.ledger import SAME_WORDS, Answer, Ledger, Question
from tests.stories.side import Post, Teammate

BUYER_PAUSE = 2.0  # seconds between two messages of one buyer, on average
AGENT_PAUSE = 0.7  # seconds between two answers of one agent, on average
SECOND_THOUGHTS = 0.8  # seconds until an edit or a deletion, at most: the undo window is one second


def one_of_a_kind(number: int) -> bytes:
    """Return a small picture in a colour of its own."""
    return plain_png(16, 16, (number >> 16 & 255, number >> 8 & 255, number & 255))


class Traffic:
    """Two-way talk until it is cancelled."""

    def __init__(self, ledger: Ledger, buyers: Sequence[Buyer], random: Random) -> None:
        self._ledger = ledger
        self._buyers = list(buyers)
        self._agents = (ledger.side.li, ledger.side.noor)
        self._random = random

    async def run(self) -> None:
        """Let everyone talk."""
        async with asyncio.TaskGroup() as talk:
            for number, buyer in enumerate(self._buyers):
                talk.create_task(self._ask(number, buyer))
            for agent in self._agents:
                talk.create_task(self._answer(agent, talk))

    async def _ask(self, number: int, buyer: Buyer) -> None:
        while True:
            await self._pause(BUYER_PAUSE)
            for _ in range(self._random.choice((1, 1, 1, 2, 4))):
                await self._ask_once(number, buyer)

    async def _ask_once(self, number: int, buyer: Buyer) -> None:
        count = self._ledger.number()
        name = f"Q{number}-{count}"
        if self._random.random() < 0.08:
            picture = one_of_a_kind(count)
            question = Question(name, buyer, await buyer.sends_picture(picture), picture)
        else:
            question = Question(name, buyer, await buyer.says(f"{name}: where is my parcel?"))
        self._ledger.asked(question)

    async def _answer(self, agent: Teammate, talk: asyncio.TaskGroup) -> None:
        while True:
            await self._pause(AGENT_PAUSE)
            heads = self.heads()
            if heads:
                number = self._random.choice(sorted(heads))
                for _ in range(self._random.choice((1, 1, 2))):
                    await self._answer_once(number, heads[number], agent, talk)

    def heads(self) -> dict[int, Post]:
        """Return the newest thread of each buyer who has one, by the buyer's number."""
        heads = [(head, head.text) for head in self._ledger.side.heads if head.by_product]
        return {
            number: head for number, buyer in enumerate(self._buyers) for head, text in heads if buyer.nickname in text
        }

    async def _answer_once(self, number: int, head: Post, agent: Teammate, talk: asyncio.TaskGroup) -> None:
        buyer, kind, count = self._buyers[number], self._random.random(), self._ledger.number()
        name = "" if kind < 0.1 else f"A{number}-{count}"
        text = f"{name}: it is on its way" if name else SAME_WORDS
        picture = one_of_a_kind(count) if 0.25 <= kind < 0.3 else b""
        if picture:
            message_id = await agent.uploads(head, (f"{name}.png", picture, "image/png"))
        else:
            message_id = await agent.replies(head, text)
        answer = Answer(name, buyer, agent, message_id, self._ledger.world.time.now(), [text], picture)
        self._ledger.answered(answer)
        if 0.1 <= kind < 0.25:
            talk.create_task(self._edit(answer))
        elif kind > 0.9 or kind < 0.02:
            talk.create_task(self._delete(answer))

    async def _edit(self, answer: Answer) -> None:
        for number in range(self._random.choice((1, 1, 2))):
            await self._think()
            text = f"{answer.name}: it is on its way, edition {number + 2}"
            answer.versions.append(text)
            await answer.agent.edits(answer.id, text)

    async def _delete(self, answer: Answer) -> None:
        await self._think()
        answer.deleted_at = self._ledger.world.time.now()
        await answer.agent.deletes(answer.id)

    async def _pause(self, mean: float) -> None:
        await asyncio.sleep(self._random.expovariate(1 / mean))

    async def _think(self) -> None:
        await asyncio.sleep(self._random.uniform(0, SECOND_THOUGHTS))
