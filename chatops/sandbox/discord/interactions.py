"""Interactions: what people press, type and send off to an app, and what the app does with its right to answer."""

import asyncio
from datetime import timedelta
from typing import Any

from chatops.sandbox.discord import interaction_shapes, messages
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.interaction import RUN, Answer, Interaction
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.message import COMMAND, CONTEXT_COMMAND, EPHEMERAL, LOADING, NORMAL, Json, Message
from chatops.sandbox.discord.modals import Modal, modal_of
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.server import Server

MOST_CHOICES = 25
ONLY_PEOPLE: Json = {"parse": ["users"]}  # whom an answer may notify unless it says otherwise


class Interactions:
    """All interactions of one world; times are the story's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ack_seconds = 3.0
        self.token_seconds = 900.0
        self.begun: dict[str, Interaction] = {}
        self.modals: dict[str, Modal] = {}  # open on a person's screen, by person
        self.waiting_for: set[str] = set()  # ids of those that may still be answered in time, and are not

    async def begin(
        self,
        app: App,
        kind: int,
        who: Member,
        channel: Channel,
        data: Json,
        source: Message | None = None,
        opened_by: Json | None = None,
    ) -> Interaction:
        """Tell the app what a person did and return once it answered or the time to answer is over."""
        new = Interaction(
            self.server.ids.next(), app, kind, who, channel, data, self.server.time.now(), source, opened_by
        )
        self.begun[new.id] = new
        told = interaction_shapes.created(self.server, new)
        self.server.happens("INTERACTION_CREATE", told, channel.id, app)
        self.waiting_for.add(new.id)
        try:
            await self._answered(new)
        finally:
            self.waiting_for.discard(new.id)
            self.server.changed()
        return new

    async def _answered(self, interaction: Interaction) -> None:
        deadline = interaction.created + timedelta(seconds=self.ack_seconds)
        answer = asyncio.ensure_future(interaction.answered.wait())
        clock = asyncio.ensure_future(self.server.time.wait_until(deadline))
        try:
            await asyncio.wait({answer, clock}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer.cancel()
            clock.cancel()

    # the first answer

    def awaiting(self, interaction_id: str, token: str) -> Interaction:
        """Return the interaction that may still be answered; Refusal 10062 too late, 40060 the second time."""
        found = self.begun.get(interaction_id)
        if found is None or found.token != token:
            raise Refusal(10062)
        if found.acked:
            raise Refusal(40060)
        if self.server.time.now() > found.created + timedelta(seconds=self.ack_seconds):
            raise Refusal(10062)
        return found

    def take(self, interaction: Interaction, kind: Any, data: Json, fields: Json) -> None:
        """Carry out the first answer; `fields` are the checked fields of `Message` that `data` asks for."""
        if kind not in interaction.fitting:
            fitting = ", ".join(str(int(one)) for one in sorted(interaction.fitting))
            raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{fitting}}}.")
        match kind:
            case Answer.SAY:
                interaction.original = self.say(interaction, data, fields)
            case Answer.LATER:
                flags = LOADING | int(data.get("flags") or 0) & EPHEMERAL
                interaction.original = self.say(interaction, {}, {"flags": flags})
            case Answer.LATER_CHANGE:
                interaction.original = interaction.source
            case Answer.CHANGE:
                interaction.original = self.change(interaction, self.source(interaction), data, fields)
            case Answer.CHOICES:
                interaction.choices = _checked_choices(data.get("choices"))
            case Answer.FORM:
                before = interaction_shapes.metadata(interaction)
                interaction.modal = modal_of(interaction.app, interaction.channel, before, interaction.source, data)
                self.modals[interaction.who.id] = interaction.modal
        interaction.answer = Answer(kind)
        interaction.answered.set()
        self.server.changed()

    # everything after

    def open(self, app_id: str, token: str) -> Interaction:
        """Return the interaction whose token is still good; Refusal 50027 afterwards, 10015 before the first answer."""
        found = next((one for one in self.begun.values() if one.token == token and one.app.id == app_id), None)
        if found is None or self.server.time.now() > found.created + timedelta(seconds=self.token_seconds):
            raise Refusal(50027)
        if not found.acked:
            raise Refusal(10015)
        return found

    def say(self, interaction: Interaction, data: Json, fields: Json) -> Message:
        """Post an answer, for one person alone when it is flagged so."""
        command = {1: COMMAND}.get(interaction.data.get("type", 1), CONTEXT_COMMAND)
        fields = fields | {
            "type": command if interaction.kind == RUN else NORMAL, "webhook_id": interaction.app.id,
            "application_id": interaction.app.id, "interaction_metadata": interaction_shapes.metadata(interaction),
        }  # fmt: skip
        allowed = data.get("allowed_mentions", ONLY_PEOPLE)
        arguments = (self.server, interaction.channel, interaction.app.bot, fields.pop("content", ""), allowed)
        if fields.get("flags", 0) & EPHEMERAL:
            message = messages.compose(*arguments, ephemeral_to=interaction.who.id, **fields)
            self.server.ephemerals.append(message)
            self.server.changed()
        else:
            message = messages.post(*arguments, **fields)
        interaction.said.append(message.id)
        return message

    def waiting(self, interaction: Interaction) -> Message | None:
        """Return the message that shows that the app is thinking, as long as it does."""
        original = interaction.original
        return original if original is not None and original.flags & LOADING else None

    def change(self, interaction: Interaction, message: Message, data: Json, fields: Json) -> Message:
        """Change an answer, or the message that was pressed."""
        fields = fields | {"flags": fields.get("flags", message.flags) & ~LOADING | message.flags & EPHEMERAL}
        allowed = data.get("allowed_mentions", ONLY_PEOPLE)
        return messages.change(self.server, interaction.channel, message, allowed, **fields)

    def shown(self, interaction: Interaction, message_id: str) -> Message:
        """Return one of the messages that answer an interaction; Refusal 10008 when it is none or is gone."""
        if message_id == "@original":
            message_id = interaction.original.id if interaction.original else ""
        own = {*interaction.said, interaction.original.id if interaction.original else ""}
        found = self.server.find_message(message_id) if message_id in own else None
        if found is None:
            raise Refusal(10008)
        return found[1]

    def source(self, interaction: Interaction) -> Message:
        """Return the message that was pressed; Refusal 10008 when there is none or it is gone."""
        found = self.server.find_message(interaction.source.id) if interaction.source else None
        if found is None:
            raise Refusal(10008)
        return found[1]

    def remove(self, interaction: Interaction, message: Message) -> None:
        """Delete an answer."""
        messages.remove(self.server, interaction.channel, message)


def _checked_choices(choices: Any) -> list[Json]:
    if not isinstance(choices, list) or len(choices) > MOST_CHOICES:
        raise invalid("data.choices", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
    for number, choice in enumerate(choices):
        if not 1 <= len(str(choice.get("name", ""))) <= 100:
            raise invalid(f"data.choices.{number}.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        if not 0 < len(str(choice.get("value", ""))) <= 100:
            raise invalid(
                f"data.choices.{number}.value", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
            )
    return choices
