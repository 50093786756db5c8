"""The team in Discord."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.channel import FORUM, Channel, Thread
from chatops.sandbox.discord.member import Role
from chatops.sandbox.discord.message import COMMAND, CONTEXT_COMMAND, NORMAL, REPLY, SUPPRESS_NOTIFICATIONS, Message
from chatops.sandbox.discord.people import Person
from chatops.sandbox.discord.permissions import ATTACH_FILES, FOR_CHATOPS
from chatops.sandbox.discord.pressing import every
from chatops.sandbox.discord.reading import visible
from chatops.sandbox.faults import Faults
from chatops.sandbox.world import DISCORD, World
from tests.stories.side import Call, File, Post, Side, Teammate

CALLS = {
    Call.OPEN: "threads.create",  # in a forum; in a text channel a message comes first
    Call.SAY: "messages.create",
    Call.LOOK: "messages.list",
    Call.REDRAW: "messages.edit",
    Call.WHISPER: "messages.create",  # when nobody pressed anything before
    Call.LOOK_AT_MARKS: "messages.get",
    Call.MARK: "reactions.put",
    Call.UNMARK: "reactions.delete",
    Call.PROFILE: "members.get",
    Call.READ_FILE: "attachments.get",
    Call.SHARE: "messages.create",
    Call.WHO_WE_ARE: "users.me",
    Call.CATCH_UP: "threads.a*",
}
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")  # the backslash is not shown
SAID = {NORMAL, REPLY, COMMAND, CONTEXT_COMMAND}


@dataclass(frozen=True)
class DiscordTeammate:
    """A member of the team at Discord's client."""

    person: Person
    side: "DiscordSide"

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def mention(self) -> str:
        return self.person.mention

    @property
    def on_card(self) -> str:
        return f"<@{self.person.id}>"

    @property
    def told(self) -> list[str]:
        return [self.side.text(message) for message in self._private()]

    async def talks(self, text: str) -> Post:
        channel = self.side.channel
        if channel.type == FORUM:
            opened = await self.person.opens_post(channel, text, text)
            return self.side.post(opened.id)
        said = self.side.post(await self.person.posts(channel, text))
        await self.person.opens_thread(said.id, text)
        return said

    async def replies(self, head: Post, text: str) -> str:
        return await self.person.posts(self.side.thread(head), text)

    async def uploads(self, head: Post, *files: File, text: str = "") -> str:
        stored = [self.person.uploaded.store(*file) for file in files]
        return self.person._say(self.side.thread(head), text, files=stored).id

    async def edits(self, message_id: str, text: str) -> None:
        await self.person.edits(message_id, text)

    async def deletes(self, message_id: str) -> None:
        await self.person.deletes(message_id)

    async def clicks(self, post: Post, label: str) -> None:
        await self.person.clicks(post.message, label)

    async def chooses(self, post: Post, menu: str, option: str) -> None:
        await self.person.clicks(post.message, menu, option)

    async def reads_form(self, text: str) -> None:
        modal = await self.person.expects_modal()
        assert text in json.dumps([modal.title, modal.components], ensure_ascii=False)

    async def fills_in(self, **values: str) -> None:
        done = await self.person.submits(await self.person.expects_modal(), values)
        assert done.acked, done.reason

    async def is_refused(self, told: str, **values: str) -> None:
        await self.fills_in(**values)
        await self.clicks(await self.is_told(told), "Your draft")
        await self.reads_form(json.dumps(next(iter(values.values())), ensure_ascii=False)[1:20])

    async def reacts(self, post: Post, emoji: str) -> None:
        self._opens(post)
        await self.person.reacts(post.message, emoji)

    async def unreacts(self, post: Post, emoji: str) -> None:
        self._opens(post)
        await self.person.unreacts(post.message, emoji)

    async def is_told(self, text: str) -> Post:
        def found() -> Message | None:
            return next((message for message in reversed(self._private()) if text in self.side.text(message)), None)

        told: Message = await self.side.until(found, f"{text!r} for {self.person.name} alone")
        return Post(self.side, told.id, told)

    async def is_paged(self, text: str) -> Post:
        def found() -> Post | None:
            return next((one for one in reversed(self.direct_messages) if text in one.text), None)

        paged: Post = await self.side.until(found, f"{text!r} in a message to {self.person.name}")
        return paged

    @property
    def direct_messages(self) -> list[Post]:
        return [Post(self.side, one.id, one) for one in self.person.direct_messages]

    async def leaves(self) -> None:
        await self.person.leaves()

    def _opens(self, post: Post) -> None:
        """Open a thread that was put away, as everybody may who writes there: only then one can react."""
        thread = self.side.server.channels.get(post.id) or self.side.server.channels[post.message.channel_id]
        if isinstance(thread, Thread) and thread.archived:
            threads.alter(self.side.server, thread, self.person.member, archived=False)

    def _private(self) -> list[Message]:
        """Return what this person alone sees, and the quiet messages that are meant for them, oldest first."""
        quiet = [one for one in self.side.everything if is_quiet(one) and self.on_card in one.content]
        return sorted((*self.person.ephemerals, *quiet), key=lambda message: int(message.id))


class DiscordSide(Side):
    """The team on a Discord server, in the forum or text channel that the shop is routed to."""

    platform = DISCORD

    def __init__(self, world: World, channel: Channel | None = None) -> None:
        self.world = world
        self.discord = world.discord
        self.server = world.discord.server
        self.app = world.cast.discord.app
        self.channel: Channel = channel or world.cast.discord.support
        self.li: Teammate = DiscordTeammate(world.cast.discord.li, self)
        self.noor: Teammate = DiscordTeammate(world.cast.discord.noor, self)

    def new_group(self, name: str) -> str:
        return self.discord.create_role(name).id

    def group(self, group_id: str) -> set[str]:
        return {who.id for who in self.server.members.values() if group_id in who.roles}

    def product_listens_at(self, address: str) -> None:
        """Discord is called, and calls nobody."""

    def breaks_off(self) -> None:
        self.discord.gateway.drop()

    async def settled(self) -> None:
        await self.discord.gateway.settled()

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        try:
            return await self.discord.until(condition, describe=what)
        except AssertionError as vain:
            raise AssertionError(f"{vain}\n\n{self.transcript()}") from None

    def transcript(self) -> str:
        said = [place.transcript() for place in (self.channel, *self.threads)]
        private = [f"(for one alone) {self.text(message)}" for message in self.everything if is_quiet(message)]
        return "\n".join((*said, *private))

    @property
    def faults(self) -> Faults:
        return self.discord.faults

    def pattern(self, call: Call) -> str:
        if call is Call.OPEN and self.channel.type != FORUM:
            return CALLS[Call.SAY]
        return CALLS[call]

    @property
    def threads(self) -> list[Thread]:
        """Return the threads in the team's channel, oldest first."""
        return [thread for thread in self.server.threads if thread.parent_id == self.channel.id]

    @property
    def everything(self) -> list[Message]:
        """Return all messages of the team's channel and its threads."""
        return [message for place in (self.channel, *self.threads) for message in place.messages.values()]

    @property
    def heads(self) -> list[Post]:
        if self.channel.type == FORUM:
            begun = [thread.messages[thread.id] for thread in self.threads if thread.id in thread.messages]
        else:
            begun = [message for message in self.channel.messages.values() if message.type == NORMAL]
        return [Post(self, message.id, message) for message in begun]

    def thread(self, head: Post) -> Thread:
        """Return the thread whose head a post is, or in which it stands."""
        thread = self.server.channels.get(head.id) or self.server.channels[head.message.channel_id]
        assert isinstance(thread, Thread)
        return thread

    def below(self, head: Post) -> list[Post]:
        thread = self.server.channels.get(head.id)
        said = [] if thread is None else list(thread.messages.values())
        return [
            Post(self, message.id, message)
            for message in said
            if message.type in SAID and message.id != head.id and not is_quiet(message)
        ]

    def marks(self, message_id: str) -> list[str]:
        reactions = self.post(message_id).message.reactions
        return [emoji for emoji, who in reactions.items() if self.app.bot.id in who]

    def has(self, message_id: str) -> bool:
        return self.server.find_message(message_id) is not None

    def post(self, message_id: str) -> Post:
        """Return the message with this id."""
        found = self.server.find_message(message_id)
        assert found is not None, f"there is no message {message_id}"
        return Post(self, message_id, found[1])

    def text(self, message: Message) -> str:
        return ESCAPED.sub(r"\1", visible(message))

    def pictures(self, message: Message) -> list[bytes]:
        shown = [embed["image"]["url"] for embed in message.embeds if embed.get("image")]
        held = {file.url: file.content for file in message.files}
        held |= {f"attachment://{file.filename}": file.content for file in message.files}
        return [held[url] for url in shown]

    def by_product(self, message: Message) -> bool:
        return message.author_id == self.app.bot.id or message.webhook_id is not None

    @property
    def pinged(self) -> set[str]:
        return {ping.target for ping in self.server.pings}

    @property
    def secrets(self) -> list[str]:
        return [self.app.token]

    @property
    def our_mention(self) -> str:
        return f"@{self.app.name}"

    @property
    def link_inside(self) -> str:
        return f"https://discord.com/channels/{self.server.id}/{self.channel.id}"

    def age_buttons(self, head: Post) -> None:
        for component in every(head.message.components):
            if "custom_id" in component:
                component["custom_id"] = f"teleport:{component['custom_id']}"

    def delete(self, post: Post) -> None:
        place, message = self.server.channels[post.message.channel_id], post.message
        messages.remove(self.server, place, message)

    def throw_out(self) -> None:
        self.discord.kick(self.app)

    async def let_in(self) -> None:
        role = Role(self.server.ids.next(), self.app.name, FOR_CHATOPS, managed=True, position=10)
        self.server.roles[role.id], self.server.members[self.app.bot.id] = role, self.app.bot
        self.app.bot.roles = [role.id]
        self.discord.gateway.come_back()

    def shut(self) -> None:
        self.discord.hide(self.channel, self.app)

    def forbid_files(self) -> None:
        for role in self.app.bot.roles:
            self.server.roles[role].permissions &= ~ATTACH_FILES

    def allow_files(self) -> None:
        for role in self.app.bot.roles:
            self.server.roles[role].permissions |= ATTACH_FILES

    def elsewhere(self, name: str) -> "DiscordSide":
        there = DiscordSide(self.world, self.discord.create_channel(name))
        there.noor = DiscordTeammate(self.discord.create_person("Zoe"), there)
        return there

    def reopen(self) -> None:
        self.discord.hide(self.channel, self.app, hidden=False)

    def revoke(self) -> None:
        self.app.revoked = True
        self.discord.gateway.throw_out(self.app)

    def trust_again(self) -> None:
        self.app.revoked = False

    def lose(self, count: int = 1) -> None:
        self.discord.carrier.lose_next(count)

    def double(self, count: int) -> None:
        self.discord.carrier.duplicate_next(count)

    def hold(self) -> None:
        self.discord.carrier.hold()

    def release_shuffled(self) -> None:
        self.discord.carrier.release(shuffled=True)


def is_quiet(message: Message) -> bool:
    """Tell whether a message notifies nobody: Discord hides nothing without a press, so this one goes by itself."""
    return bool(message.flags & SUPPRESS_NOTIFICATIONS)
