"""The team in Slack."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatops.sandbox.faults import Faults
from chatops.sandbox.slack import messages
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.emoji_names import SHORT_NAMES
from chatops.sandbox.slack.message import Message
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.reading import texts, visible
from chatops.sandbox.world import SLACK, World
from tests.stories.side import Call, File, Post, Side, Teammate

CALLS = {
    Call.OPEN: "chat.postMessage",
    Call.SAY: "chat.postMessage",
    Call.LOOK: "conversations.replies",
    Call.REDRAW: "chat.update",
    Call.WHISPER: "chat.postEphemeral",
    Call.LOOK_AT_MARKS: "reactions.get",
    Call.MARK: "reactions.add",
    Call.UNMARK: "reactions.remove",
    Call.PROFILE: "users.info",
    Call.READ_FILE: "download",
    Call.SHARE: "files.completeUploadExternal",
    Call.WHO_WE_ARE: "auth.test",
    Call.CATCH_UP: "conversations.history",
}
SHORT = {**SHORT_NAMES, "🔄": "arrows_counterclockwise"}
EMOJI = {short: emoji for emoji, short in SHORT.items()}


@dataclass(frozen=True)
class SlackTeammate:
    """A member of the team at Slack's client."""

    person: Person
    side: "SlackSide"

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
        return [visible(message) for message in self.person.ephemerals]

    async def talks(self, text: str) -> Post:
        return self.side.post(await self.person.posts(self.side.channel, text))

    async def replies(self, head: Post, text: str) -> str:
        return await self.person.replies(head.id, text)

    async def uploads(self, head: Post, *files: File, text: str = "") -> str:
        said = self.person._said(self.side.channel, text, head.id)
        stored = [self.person.uploaded.store(name, content, kind, self.id) for name, content, kind in files]
        said.subtype, said.files = "file_share", stored
        return messages.post(self.person.workspace, self.side.channel, said).ts

    async def edits(self, message_id: str, text: str) -> None:
        await self.person.edits(message_id, text)

    async def deletes(self, message_id: str) -> None:
        await self.person.deletes(message_id)

    async def clicks(self, post: Post, label: str) -> None:
        await self.person.clicks(post.message, label)

    async def chooses(self, post: Post, menu: str, option: str) -> None:
        await self.person.clicks(post.message, menu, option)

    async def reads_form(self, text: str) -> None:
        view = await self.person.expects_modal()
        assert text in "\n".join(texts(view.wire))

    async def fills_in(self, **values: str) -> None:
        view = await self.person.expects_modal()
        ack = await self.person.submits(view, {name: {name: value} for name, value in values.items()})
        assert ack.acked, ack.reason
        assert not (ack.body or {}).get("errors"), ack.body

    async def is_refused(self, told: str, **values: str) -> None:
        view = await self.person.expects_modal()
        ack = await self.person.submits(view, {name: {name: value} for name, value in values.items()})
        assert told in str((ack.body or {}).get("errors")), ack.body
        assert self.person.modal is view

    async def reacts(self, post: Post, emoji: str) -> None:
        await self.person.reacts(post.message, SHORT[emoji])

    async def unreacts(self, post: Post, emoji: str) -> None:
        await self.person.unreacts(post.message, SHORT[emoji])

    async def is_told(self, text: str) -> Post:
        told = await self.person.expects_ephemeral(text)
        return Post(self.side, told.ts, told)

    async def is_paged(self, text: str) -> Post:
        paged = await self.person.is_paged(text)
        return Post(self.side, paged.ts, paged)

    @property
    def direct_messages(self) -> list[Post]:
        return [Post(self.side, one.ts, one) for one in self.person.direct_messages]

    async def leaves(self) -> None:
        await self.person.leaves()


class SlackSide(Side):
    """The team in Slack, in the channel that the shop is routed to."""

    platform = SLACK

    def __init__(self, world: World) -> None:
        self.world = world
        self.slack = world.slack
        self.app = world.cast.slack_app
        self.channel: Channel = world.cast.support
        self.li: Teammate = SlackTeammate(world.cast.li, self)
        self.noor: Teammate = SlackTeammate(world.cast.noor, self)

    def new_group(self, name: str) -> str:
        return self.slack.create_group(name).id

    def group(self, group_id: str) -> set[str]:
        return set(self.slack.workspace.groups[group_id].users)

    def product_listens_at(self, address: str) -> None:
        self.app.request_url = f"{address}/slack/events"

    def breaks_off(self) -> None:
        if self.app.socket_mode:
            self.slack.disconnect_sockets("abrupt")

    async def settled(self) -> None:
        await self.slack.settled()

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        return await self.slack.until(condition, describe=what)

    def transcript(self) -> str:
        return self.channel.transcript()

    @property
    def faults(self) -> Faults:
        return self.slack.faults

    def pattern(self, call: Call) -> str:
        return CALLS[call]

    @property
    def heads(self) -> list[Post]:
        return [Post(self, message.ts, message) for message in self.channel.roots]

    def below(self, head: Post) -> list[Post]:
        return [Post(self, message.ts, message) for message in self.channel.replies(head.id)]

    def marks(self, message_id: str) -> list[str]:
        reactions = self.channel.all_messages[message_id].reactions
        return [EMOJI[name] for name, who in reactions.items() if self.app.bot_user_id in who]

    def has(self, message_id: str) -> bool:
        return message_id in self.channel.all_messages

    def post(self, message_id: str) -> Post:
        """Return the message with this id."""
        return Post(self, message_id, self.channel.all_messages[message_id])

    def text(self, message: Message) -> str:
        return visible(message)

    def pictures(self, message: Message) -> list[bytes]:
        shown = [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]
        return [self.slack.workspace.files[file_id].content for file_id in shown]

    def by_product(self, message: Message) -> bool:
        return message.by_app

    @property
    def pinged(self) -> set[str]:
        return {alive.target for alive in self.slack.mention_audit}

    @property
    def secrets(self) -> list[str]:
        return [self.app.bot_token, self.app.app_token, self.app.signing_secret]

    @property
    def our_mention(self) -> str:
        return self.app.mention

    @property
    def link_inside(self) -> str:
        return f"https://team.slack.com/archives/{self.channel.id}/p1"

    def age_buttons(self, head: Post) -> None:
        for block in head.message.blocks:
            for element in block.get("elements", []):
                element["value"] = "teleport:somewhere"

    def delete(self, post: Post) -> None:
        messages.remove(self.slack.workspace, self.channel, post.message)

    def throw_out(self) -> None:
        self.slack.kick(self.app, self.channel)

    async def let_in(self) -> None:
        await self.world.cast.li.invites(self.app, self.channel)

    def shut(self) -> None:
        self.slack.archive(self.channel)

    def forbid_files(self) -> None:
        self.app.scopes = tuple(scope for scope in self.app.scopes if scope != "files:write")

    def allow_files(self) -> None:
        self.app.scopes = (*self.app.scopes, "files:write")

    def elsewhere(self, name: str) -> "SlackSide":
        there, somebody = SlackSide(self.world), self.slack.create_person("Zoe")
        there.channel = self.slack.create_channel(name, members=(somebody, self.app))
        there.noor = SlackTeammate(somebody, there)
        return there

    def reopen(self) -> None:
        self.slack.unarchive(self.channel)

    def revoke(self) -> None:
        self.slack.revoke_token(self.app)

    def trust_again(self) -> None:
        self.app.revoked = False

    def lose(self, count: int = 1) -> None:
        self.slack.delivery.drop_next(count)

    def double(self, count: int) -> None:
        self.slack.delivery.duplicate_next(count)

    def hold(self) -> None:
        self.slack.delivery.hold()

    def release_shuffled(self) -> None:
        self.slack.delivery.release(shuffled=True)
