"""A person at Discord's client: types, edits, reacts, uploads, presses, runs commands and fills in forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chatops.sandbox.discord import command_lines, interaction_shapes, messages, threads
from chatops.sandbox.discord.channel import FORUM, Channel, Thread
from chatops.sandbox.discord.command_checks import ON_MESSAGE, ON_PERSON, SLASH
from chatops.sandbox.discord.commands import Commands
from chatops.sandbox.discord.interaction import PRESS, RUN, SUBMIT, SUGGEST, Interaction
from chatops.sandbox.discord.interactions import Interactions
from chatops.sandbox.discord.member import App, Member
from chatops.sandbox.discord.message import REPLY, Json, Message
from chatops.sandbox.discord.modals import Modal, filled_in
from chatops.sandbox.discord.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    USE_APPLICATION_COMMANDS,
    VIEW_CHANNEL,
    permissions,
)
from chatops.sandbox.discord.pressing import BUTTON, STRING_SELECT, chosen, find
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.uploads import Uploads
from chatops.sandbox.discord.server import Server
from chatops.sandbox.discord.typing_text import typed
from chatops.sandbox.watching import PATIENCE

Which = str | Message


@dataclass(eq=False)
class Person:
    """A member of the team; what they do takes the ways a real client takes."""

    member: Member
    server: Server = field(repr=False)
    interactions: Interactions = field(repr=False)
    commands: Commands = field(repr=False)
    uploaded: Uploads = field(repr=False)

    @property
    def id(self) -> str:
        """Return the Discord user id."""
        return self.member.id

    @property
    def name(self) -> str:
        """Return the name others see."""
        return self.member.name

    @property
    def mention(self) -> str:
        """Return what others type to mention this person."""
        return f"@{self.member.name}"

    @property
    def ephemerals(self) -> list[Message]:
        """Return the messages that only this person sees, oldest first."""
        return [message for message in self.server.ephemerals if message.ephemeral_to == self.id]

    @property
    def modal(self) -> Modal | None:
        """Return the form on this person's screen."""
        return self.interactions.modals.get(self.id)

    @property
    def direct_messages(self) -> list[Message]:
        """Return what bots wrote to this person alone, oldest first."""
        mine = (place for place in self.server.channels.values() if (place.recipient or {}).get("id") == self.id)
        found = (one for place in mine for one in place.messages.values() if one.author_id != self.id)
        return sorted(found, key=lambda one: int(one.id))

    async def is_paged(self, text: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the newest direct message of a bot that shows `text`, waiting for it if need be."""

        def found() -> Message | None:
            return next((one for one in reversed(self.direct_messages) if text in visible(one)), None)

        message: Message = await self.server.until(found, timeout, f"{text!r} in a message to {self.name}")
        return message

    def dm(self) -> Channel:
        """Return the direct conversation that a bot opened with this person."""
        for place in self.server.channels.values():
            if place.recipient is not None and place.recipient["id"] == self.id:
                return place
        raise AssertionError(f"no bot has written to {self.name} yet")

    async def expects_modal(self, timeout: float = PATIENCE) -> Modal:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the form on the screen, waiting for one if need be."""
        modal: Modal = await self.server.until(lambda: self.modal, timeout, f"a form on {self.name}'s screen")
        return modal

    async def expects_ephemeral(self, text: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as above
        """Return the newest message shown to this person alone that contains `text`, waiting for it if need be."""

        def found() -> Message | None:
            return next((message for message in reversed(self.ephemerals) if text in visible(message)), None)

        message: Message = await self.server.until(found, timeout, f"{text!r} for {self.name} alone")
        return message

    # words and marks

    async def posts(self, channel: Channel, text: str, answering: Which | None = None) -> str:
        """Type a message, as an answer to another one if wished, and return its id."""
        return self._say(channel, text, answering).id

    async def replies(self, to: Which, text: str) -> str:
        """Answer in the thread of a message: there, when the message stands in one; else in the thread on it."""
        channel, message = self._seen(to)
        place = channel if isinstance(channel, Thread) else self.server.channels.get(message.id)
        if place is None:
            raise AssertionError(f"there is no thread on {message.id}\n\n{channel.transcript()}")
        return await self.posts(place, text)

    async def opens_post(self, forum: Channel, name: str, text: str) -> Thread:
        """Open a forum post."""
        self._may(forum, SEND_MESSAGES)
        if forum.type != FORUM:
            raise AssertionError(f"#{forum.name} is no forum")
        return threads.open_post(self.server, forum, self.member, name, typed(self.server, text))[0]

    async def opens_thread(self, on: Which, name: str) -> Thread:
        """Open a thread on a message."""
        channel, message = self._seen(on)
        self._may(channel, CREATE_PUBLIC_THREADS)
        return threads.open_on(self.server, channel, message, self.member, name)

    def _say(self, channel: Channel, text: str, answering: Which | None = None, **fields: Any) -> Message:
        self._may(channel, SEND_MESSAGES_IN_THREADS if isinstance(channel, Thread) else SEND_MESSAGES)
        if channel.type == FORUM:
            raise AssertionError(f"in the forum #{channel.name} one opens posts")
        if not text.strip() and not fields.get("files"):
            raise AssertionError(f"{self.name} cannot send nothing")
        if answering is not None:
            fields |= {"type": REPLY, "reference": _reference(self._seen(answering))}
        with self._as_a_person(channel):
            return messages.post(self.server, channel, self.member, typed(self.server, text), None, **fields)

    async def edits(self, which: Which, text: str) -> None:
        """Change an own message."""
        channel, message = self._own(which)
        with self._as_a_person(channel):
            messages.change(self.server, channel, message, content=typed(self.server, text))

    async def deletes(self, which: Which) -> None:
        """Delete an own message, or anybody's as those may who manage messages."""
        channel, message = self._seen(which)
        if message.author_id != self.id:
            self._may(channel, MANAGE_MESSAGES)
        messages.remove(self.server, channel, message)

    async def reacts(self, which: Which, emoji: str) -> None:
        """Add a reaction, given by the emoji itself."""
        channel, message = self._seen(which)
        self._may(channel, ADD_REACTIONS)
        with self._as_a_person(channel):
            messages.react(self.server, channel, message, self.id, emoji)

    async def unreacts(self, which: Which, emoji: str) -> None:
        """Take a reaction back."""
        channel, message = self._seen(which)
        with self._as_a_person(channel):
            messages.unreact(self.server, channel, message, self.id, emoji)

    async def uploads(self, channel: Channel, content: bytes, filename: str, mimetype: str, text: str = "") -> str:
        """Share a file, with or without words, and return the id of the message that carries it."""
        self._may(channel, ATTACH_FILES)
        return self._say(channel, text, files=[self.uploaded.store(filename, content, mimetype)]).id

    async def archives(self, thread: Thread, *, archived: bool = True) -> None:
        """Close a thread or post, or open it again, as those may who opened it or manage threads."""
        if thread.owner_id != self.id:
            self._may(thread, MANAGE_THREADS)
        threads.alter(self.server, thread, self.member, archived=archived)

    async def changes(self, *, nick: str | None = None, locale: str | None = None) -> None:
        """Take another name on this server, or switch the client to another language (of which bots hear nothing)."""
        self.member.locale = locale or self.member.locale
        if nick is not None:
            self.member.nick = nick or None
            self.server.happens("GUILD_MEMBER_UPDATE", self.member.wire() | {"guild_id": self.server.id})

    async def leaves(self) -> None:
        """Leave the server; a bot of it cannot write to them any more."""
        del self.server.members[self.id]
        self.server.happens("GUILD_MEMBER_REMOVE", {"guild_id": self.server.id, "user": self.member.user()})

    # interactions

    async def clicks(self, target: Which, wanted: str, option: Any = None) -> Interaction:
        """Press a button, or choose `option` in a menu, found by custom id or label; return how the app answered."""
        channel, message = self._seen(target)
        app, element = self._app_behind(message), find(message.components, wanted)
        data: Json = {"custom_id": element["custom_id"], "component_type": element["type"], "id": element.get("id", 1)}
        if element["type"] != BUTTON:
            data["values"] = chosen(element, option)
        if element["type"] not in {BUTTON, STRING_SELECT}:
            data["resolved"] = interaction_shapes.resolved(self.server, data["values"])
        return await self._begin(app, PRESS, channel, data, message)

    async def submits(self, modal: Modal, values: dict[str, Any] | None = None) -> Interaction:
        """Fill in a form by custom ids and send it; it stays open when the app does not answer."""
        data = {"custom_id": modal.custom_id, "components": filled_in(modal, values or {})}
        done = await self.interactions.begin(
            modal.app, SUBMIT, self.member, modal.channel, data, modal.source, modal.opened_by
        )
        if done.acked and self.modal is modal:
            del self.interactions.modals[self.id]
        return done

    async def closes(self, modal: Modal) -> None:
        """Close a form; the app never hears of it."""
        if self.modal is modal:
            del self.interactions.modals[self.id]
            self.server.changed()

    async def runs(self, channel: Channel, line: str, **options: Any) -> Interaction:
        """Run a slash command such as `/macro refund`: words are sub-commands, the rest is the first option's."""
        app, data = self._line(channel, line, options)
        return await self._begin(app, RUN, channel, data)

    async def asks_options(self, channel: Channel, line: str, option: str, text: str) -> list[Json]:
        """Type into an option that the app completes, and return the choices it offers."""
        app, data = self._line(channel, line, {option: text}, focused=option)
        return (await self._begin(app, SUGGEST, channel, data)).choices

    async def uses(self, name: str, on: "Which | Person") -> Interaction:
        """Use a command from the menu of a message or of a person."""
        if isinstance(on, Person):
            app, command = self.commands.usable(ON_PERSON, name)
            place = next(channel for channel in self.server.channels.values() if self._sees(channel))
            resolved, target = interaction_shapes.resolved(self.server, [on.id]), on.id
        else:
            app, command = self.commands.usable(ON_MESSAGE, name)
            place, message = self._seen(on)
            resolved = {"messages": {message.id: messages.shown(self.server, message, app.bot.id)}}
            target = message.id
        self._may(place, USE_APPLICATION_COMMANDS)
        data = command_lines.named(command) | {"target_id": target, "resolved": resolved}
        return await self._begin(app, RUN, place, data)

    def _line(
        self, channel: Channel, line: str, options: dict[str, Any], focused: str | None = None
    ) -> tuple[App, Json]:
        self._may(channel, USE_APPLICATION_COMMANDS)
        if isinstance(channel, Thread) and channel.archived:
            raise AssertionError(f"no commands in the archived thread {channel.name!r}")
        name, _, rest = line.removeprefix("/").partition(" ")
        app, command = self.commands.usable(SLASH, name)
        return app, command_lines.typed(command, rest.strip(), options, focused)

    async def _begin(
        self, app: App, kind: int, channel: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        return await self.interactions.begin(app, kind, self.member, channel, data, source)

    @contextmanager
    def _as_a_person(self, channel: Channel) -> Iterator[None]:
        """What an app is refused with a code, a client does not let a person try."""
        try:
            yield
        except Refusal as refusal:
            raise AssertionError(f"{self.name} cannot do that in #{channel.name}: {refusal}") from None

    # what this person sees and may do

    def _sees(self, channel: Channel) -> bool:
        return channel.recipient is None and bool(permissions(self.server, self.id, channel) & VIEW_CHANNEL)

    def _may(self, channel: Channel, permission: int) -> None:
        held = permissions(self.server, self.id, channel)
        own = channel.recipient is not None and channel.recipient["id"] == self.id
        if not own and not held & permission:
            raise AssertionError(f"{self.name} may not do that in #{channel.name}")

    def _seen(self, which: Which) -> tuple[Channel, Message]:
        found = self.server.find_message(which.id if isinstance(which, Message) else which)
        if found is None or (found[1].ephemeral_to and found[1].ephemeral_to != self.id):
            raise AssertionError(f"{self.name} sees no message {which}")
        self._may(found[0], VIEW_CHANNEL)
        return found

    def _own(self, which: Which) -> tuple[Channel, Message]:
        channel, message = self._seen(which)
        if message.author_id != self.id:
            raise AssertionError(f"{self.name} did not write {message.id}")
        return channel, message

    def _app_behind(self, message: Message) -> App:
        app = self.server.apps.get(message.application_id or "") or self.server.app_of(message.author_id)
        if app is None:
            raise AssertionError(f"no app wrote {message.id}: nothing to press")
        return app


def _reference(answered: tuple[Channel, Message]) -> Json:
    channel, message = answered
    return {"type": 0, "guild_id": channel.guild_id, "channel_id": channel.id, "message_id": message.id}
