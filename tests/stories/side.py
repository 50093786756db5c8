"""What a story may say of the team's side, wherever the team sits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from chatops.sandbox.faults import Fault, Faults, Trouble

WAITING, ACCEPTED, FAILED = "⏳", "✅", "❌"
EYES, TICK, AGAIN = "👀", "✅", "🔄"


class Call(StrEnum):
    """What the product asks of a chat platform, by what it is for."""

    OPEN = "open"  # a thread's head
    SAY = "say"  # a message in a thread
    LOOK = "look"  # whether a message stands in a thread
    REDRAW = "redraw"
    WHISPER = "whisper"
    LOOK_AT_MARKS = "look_at_marks"
    MARK = "mark"
    UNMARK = "unmark"
    PROFILE = "profile"
    READ_FILE = "read_file"
    SHARE = "share"  # a file
    WHO_WE_ARE = "who_we_are"
    CATCH_UP = "catch_up"  # which threads have something new


@dataclass(frozen=True)
class Post:
    """One message where the team sits: the head of a thread, or what stands below one."""

    side: "Side"
    id: str
    message: Any  # as the platform's world has it

    @property
    def text(self) -> str:
        """Return every word a person reads in it now."""
        return self.side.text(self.message)

    @property
    def pictures(self) -> list[bytes]:
        """Return the pictures it shows."""
        return self.side.pictures(self.message)

    @property
    def by_product(self) -> bool:
        """Tell whether the product wrote it."""
        return self.side.by_product(self.message)


File = tuple[str, bytes, str]  # name, content, type


class Teammate(Protocol):
    """A member of the team at the platform's client."""

    @property
    def id(self) -> str:
        """Return the platform's id."""
        ...

    @property
    def mention(self) -> str:
        """Return what others type to mention this person."""
        ...

    @property
    def on_card(self) -> str:
        """Return how a card names this person."""
        ...

    @property
    def told(self) -> list[str]:
        """Return what the product said to this person privately and is still to be read."""
        ...

    async def talks(self, text: str) -> Post:
        """Begin a talk that is none of the product's threads."""
        ...

    async def replies(self, head: Post, text: str) -> str:
        """Write in a thread; return the message's id."""
        ...

    async def uploads(self, head: Post, *files: File, text: str = "") -> str:
        """Share files in a thread, in one message; return its id."""
        ...

    async def edits(self, message_id: str, text: str) -> None:
        """Change an own message."""
        ...

    async def deletes(self, message_id: str) -> None:
        """Delete an own message."""
        ...

    async def clicks(self, post: Post, label: str) -> None:
        """Press a button."""
        ...

    async def chooses(self, post: Post, menu: str, option: str) -> None:
        """Choose something in a menu, both by what they are called."""
        ...

    async def reads_form(self, text: str) -> None:
        """Return once a form that shows a text is open."""
        ...

    async def fills_in(self, **values: str) -> None:
        """Fill in the open form, by the inputs' names, and send it; what is to be chosen by how it is called."""
        ...

    async def is_refused(self, told: str, **values: str) -> None:
        """Send the open form in vain, read why, and have it open again with what was typed."""
        ...

    async def reacts(self, post: Post, emoji: str) -> None:
        """Add a reaction."""
        ...

    async def unreacts(self, post: Post, emoji: str) -> None:
        """Take a reaction back."""
        ...

    async def is_told(self, text: str) -> Post:
        """Return the newest private answer that shows a text, once it is there."""
        ...

    async def is_paged(self, text: str) -> Post:
        """Return the newest direct message of the product that shows a text, once it is there."""
        ...

    @property
    def direct_messages(self) -> list[Post]:
        """Return every direct message of the product to this person, oldest first."""
        ...

    async def leaves(self) -> None:
        """Leave the team for good: nothing reaches this person any more."""
        ...


class Side(Protocol):
    """The team in Slack or in Discord."""

    platform: str
    channel: Any  # as the platform's world has it, with an `id`
    li: Teammate
    noor: Teammate

    def new_group(self, name: str) -> str:
        """Make a user group or role; return its id."""
        ...

    def group(self, group_id: str) -> set[str]:
        """Return who is in a user group, or has a role."""
        ...

    # Life

    def product_listens_at(self, address: str) -> None:
        """Tell the platform where the product can be reached."""
        ...

    def breaks_off(self) -> None:
        """Cut every connection that the product holds open, as when its process is gone."""
        ...

    async def settled(self) -> None:
        """Return once nothing is on its way to the product."""
        ...

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Return the condition's first true value."""
        ...

    def transcript(self) -> str:
        """Return what stands in the channel."""
        ...

    # Trouble

    @property
    def faults(self) -> Faults:
        """Return the planned troubles."""
        ...

    def pattern(self, call: Call) -> str:
        """Return by which name a call is known to the faults."""
        ...

    def fails(self, call: Call | str, trouble: Trouble, **more: Any) -> None:
        """Let the next calls of a kind, or of a name that only this platform has, meet a trouble."""
        self.faults.plan(Fault(self.pattern(call) if isinstance(call, Call) else call, trouble, **more))

    # What people see

    @property
    def heads(self) -> Sequence[Post]:
        """Return what stands in the channel itself, oldest first."""
        ...

    def below(self, head: Post) -> Sequence[Post]:
        """Return what stands in a thread below its head for everybody to see, oldest first."""
        ...

    def marks(self, message_id: str) -> list[str]:
        """Return the product's reactions on a message."""
        ...

    def has(self, message_id: str) -> bool:
        """Tell whether a message stands on this side."""
        ...

    def text(self, message: Any) -> str:
        """Return every word a person reads in a message."""
        ...

    def pictures(self, message: Any) -> list[bytes]:
        """Return the pictures a message shows."""
        ...

    def by_product(self, message: Any) -> bool:
        """Tell whether the product wrote a message."""
        ...

    @property
    def pinged(self) -> set[str]:
        """Return whom and what the product's messages ever notified or made clickable."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Return what only the product and the platform may know."""
        ...

    @property
    def our_mention(self) -> str:
        """Return what people type to mention the product."""
        ...

    @property
    def link_inside(self) -> str:
        """Return an address that leads to where the team talks."""
        ...

    def age_buttons(self, head: Post) -> None:
        """Let a post's buttons carry what no product of today knows."""
        ...

    # What others do there

    def delete(self, post: Post) -> None:
        """Delete one of the product's messages, as a moderator does."""
        ...

    def throw_out(self) -> None:
        """Take the product out of the team's channel, or of everything."""
        ...

    async def let_in(self) -> None:
        """Invite it again."""
        ...

    def shut(self) -> None:
        """Let the product neither read nor write in the team's channel."""
        ...

    def forbid_files(self) -> None:
        """Let the product put no files into the chat."""
        ...

    def allow_files(self) -> None:
        """End that."""
        ...

    def elsewhere(self, name: str) -> "Side":
        """Bring in a channel of another team; its Noor is somebody else, who sits in no other."""
        ...

    def reopen(self) -> None:
        """End that."""
        ...

    def revoke(self) -> None:
        """Let the platform not know the product's token any more."""
        ...

    def trust_again(self) -> None:
        """Let the token be good again."""
        ...

    def lose(self, count: int = 1) -> None:
        """Tell the product nothing of the next so many things that people do."""
        ...

    def double(self, count: int) -> None:
        """Tell the product the next so many things twice."""
        ...

    def hold(self) -> None:
        """Keep back what people do from now on."""
        ...

    def release_shuffled(self) -> None:
        """Tell what was kept back, in another order."""
        ...
