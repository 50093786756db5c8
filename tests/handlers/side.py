"""A desk on either chat platform, and what Li does there by buttons and forms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from chatops.cards.forms import asks_first
from chatops.cards.verbs import button, label
from chatops.catalog import Verb, entry
from chatops.desk import outcome
from chatops.model.agent import Agent, Role
from chatops.model.message import Held, Message
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.slack.people import Person
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from tests.handlers.discord import desk as discord
from tests.handlers.slack import desk as slack


@dataclass
class Side:
    """A desk on one chat platform, and how Li writes in its thread."""

    desk: slack.Desk | discord.Desk
    says: Callable[[str], Awaitable[object]]

    async def presses(self, verb: Verb, ref: str) -> None:
        """Press a verb's button; whoever pressed is told by the platform that it was heard."""
        shown = await self.desk.shows(button(verb, ref), text=f"{verb} {ref}")
        pressed = await self.desk.li.clicks(shown, label(verb))
        assert pressed.acked
        await self.desk.said()  # waits for everything that was heard
        assert self.desk.li.ephemerals == [], f"{verb} is understood"

    async def fills_in(self, shown: str, verb: Verb, told: str = "", **values: str) -> None:
        """Press what opens a form, fill it in and send it; `told`: what is said then, with the words still there."""
        li = self.desk.li
        assert (await li.clicks(shown, label(verb))).acked
        if isinstance(li, Person):
            view = await li.expects_modal()
            answer = await li.submits(view, {name: {name: value} for name, value in values.items()})
            assert told in str((answer.body or {}).get("errors", ""))
            if told:
                await li.closes(view)
        else:
            assert (await li.submits(await li.expects_modal(), values)).acked
            await li.expects_ephemeral(told)

    async def written(self, text: str) -> Message:
        """Let Li write; return what the desk keeps of it."""
        await self.says(text)
        await self.desk.said()
        return (await self.kept(text))[-1]

    async def refused(self, text: str, fault: str = "refused") -> Message:
        """Let Li write what the marketplace then does not take."""
        message = await self.written(text)
        await self.desk.store.write(outcome.failed, message.shop_id, message.id, fault, SystemTime().now())
        return message

    async def held(self, text: str) -> Message:
        """Let Li write what the buyer then crosses."""
        return await self.refused(text, Held.BUYER_WROTE)

    async def stopped(self, text: str) -> Message:
        """Let Li, who is a lead, write what a rule stops."""
        message = await self.refused(text, Held.LINT_BLOCK)
        await self.desk.store.write(leads, self.desk.li.id)
        return message

    async def kept(self, text: str) -> list[Message]:
        """Return the messages that say something."""
        words = text.removeprefix("// ").strip()
        return [message for message in await self.desk.store.read(_messages) if message.text == words]

    async def states(self, text: str) -> list[str]:
        """Return what became of what Li wrote."""
        return sorted(message.state.value for message in await self.kept(text))

    # forms

    async def chooses(self, verb: Verb, shown: str) -> None:
        """Choose a verb in the card's menu."""
        menu = "more:0" if isinstance(self.desk, slack.Desk) else label(Verb.MORE)
        dots = "…" if asks_first(entry(verb)) else ""
        assert (await self.desk.li.clicks(shown, menu, f"{label(verb)}{dots}")).acked

    async def opens(self, verb: Verb, shown: str) -> Any:
        """Choose a verb in the card's menu; return the form that it opens."""
        await self.chooses(verb, shown)
        return await self.desk.li.expects_modal()

    async def is_told(self, verb: Verb, shown: str, text: str) -> None:
        """Choose a verb in the card's menu that says something at once."""
        await self.chooses(verb, shown)
        await self.desk.li.expects_ephemeral(text)

    async def clicks_what_says(self, text: str, wanted: str) -> None:
        """Press a button of what was said to Li alone."""
        said: Any = await self.desk.li.expects_ephemeral(text)
        assert (await self.desk.li.clicks(said, wanted)).acked

    async def submits(self, form: Any, **values: str) -> None:
        """Fill in a form and send it off."""
        if isinstance(self.desk, slack.Desk):
            await self.desk.li.submits(form, {name: {name: value} for name, value in values.items()})
        else:
            await self.desk.li.submits(form, values)
        await self.desk.said()

    async def is_refused(self, form: Any, why: str, **values: str) -> None:
        """Send a form off that is not good yet: nothing that was written is lost."""
        if isinstance(self.desk, slack.Desk):
            answer = await self.desk.li.submits(form, {name: {name: value} for name, value in values.items()})
            assert why in str(answer.body)
            assert self.desk.li.modal is form, "it stays open as it was filled in"
            return
        await self.desk.li.submits(form, values)
        told = visible(await self.desk.li.expects_ephemeral(why)).replace("\\", "")
        assert [value for value in values.values() if value not in told] == []


def _messages(tx: Transaction) -> list[Message]:
    return tx.all(Message, select(Message))


def leads(tx: Transaction, agent_id: str) -> None:
    tx.execute(update(Agent).where(col(Agent.id) == agent_id).values(role=Role.LEAD))
