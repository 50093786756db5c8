"""The people of a story: buyers write, listen and wait on their side of the chat."""

from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.chat import Chat
from chatops.sandbox.tiktok.media import Media
from chatops.sandbox.tiktok.state import Conversation, Json, Message, Profile, Shop, State
from chatops.sandbox.watching import PATIENCE

# What the platform itself says in a conversation; everything else a buyer can send comes from the buyer.
SPOKEN_BY_SYSTEM = frozenset({"ALLOCATED_SERVICE", "NOTIFICATION", "BUYER_ENTER_FROM_TRANSFER", "OTHER"})


class Buyer:
    """A buyer of one shop with a phone in hand."""

    def __init__(self, profile: Profile, state: State, chat: Chat, media: Media, changes: Changes) -> None:
        self.profile = profile
        self._state = state
        self._chat = chat
        self._media = media
        self._changes = changes

    @property
    def nickname(self) -> str:
        """The name the shop sees."""
        return self.profile.nickname

    @property
    def user_id(self) -> str:
        """The id that orders know this buyer by."""
        return self.profile.user_id

    @property
    def shop(self) -> Shop:
        """The shop this buyer writes to."""
        return self.profile.shop

    @property
    def conversation(self) -> Conversation:
        """The conversation with the shop, opened when there was none."""
        return self._chat.open(self.profile)

    async def says(self, text: str) -> Message:
        """Write a text; returns the stored message while its webhook is on the way."""
        return await self.sends("TEXT", {"content": text})

    async def sends(self, kind: str, content: Json, *, role: str | None = None, visible: bool = True) -> Message:
        """Put a message of any type, also an unknown one, into the conversation (system types speak as SYSTEM)."""
        speaker = role or ("SYSTEM" if kind in SPOKEN_BY_SYSTEM else "BUYER")
        return self._chat.post(self.conversation, kind, content, speaker, visible=visible)[0]

    async def sends_picture(self, content: bytes) -> Message:
        """Send a picture (jpg, png, gif or webp), hosted at an address of this world."""
        hosted = self._media.host(content, self.profile.shop)
        size = {"height": str(hosted.height), "url": hosted.url, "width": str(hosted.width)}
        return await self.sends("IMAGE", size)

    @property
    def received(self) -> list[Message]:
        """Everything that reached this buyer, in order."""
        found = self._state.conversation_of(self.profile)
        return [message for message in found.messages if message.role != "BUYER"] if found else []

    @property
    def heard(self) -> list[str]:
        """The texts that reached this buyer, in order."""
        return [text for message in self.received if (text := message.text) is not None]

    async def hears(self, text: str, *, times: int = 1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - the limit is part of the promise
        """Wait until `text` arrived `times` times; after `timeout` seconds AssertionError with what was heard."""
        if not await self._changes.until(lambda: self.heard.count(text) >= times, timeout):
            raise AssertionError(
                f"{self.nickname} waited {timeout} s for {text!r} ({times}×), but heard {self.heard!r}"
            )

    async def hears_messages(self, count: int, *, timeout: float = PATIENCE) -> list[Message]:  # noqa: ASYNC109 - the limit is part of the promise
        """Wait until at least `count` messages of any type arrived and return them all."""
        if not await self._changes.until(lambda: len(self.received) >= count, timeout):
            got = [(message.type, message.content) for message in self.received]
            raise AssertionError(f"{self.nickname} waited {timeout} s for {count} messages, but got {got!r}")
        return self.received
