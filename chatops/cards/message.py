"""A conversation's messages as they stand in the thread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatops.cards.commands import said_by
from chatops.cards.content import essence, shown
from chatops.catalog import Verb
from chatops.i18n import _, clock
from chatops.model.agent import Agent
from chatops.model.conversation import Buyer
from chatops.model.message import Author, Message, MessageState
from chatops.ui import Card, Moment, MomentStyle, Paragraph, Part, Quote, Speaker, Strong
from chatops.words import one_line, side_by_side


@dataclass(frozen=True, slots=True)
class Post:
    """One message and what is needed to show it.

    `speaker` is the buyer's nickname or the agent's name (empty: not known), `picture` the chat platform's file id of a
    picture (for a video: of its cover), `media_fault` the code of why there is none.
    """

    message: Message
    speaker: str = ""
    picture: str | None = None
    media_fault: str = ""


def mirrored(posts: Sequence[Post]) -> Card:
    """Return one message, or several joined ones in their order, each under the name of who said it."""
    return Card(
        summary="\n".join(_("{speaker}: {words}", speaker=who(post), words=_essence(post)) for post in posts),
        parts=tuple(part for post in posts for part in _parts(post)),
    )


def spoken(message: Message, agent: Agent | None) -> Card:
    """Return what a member of the team says in the thread through us: who, what the words are for, and the words."""
    name = one_line(agent.name) if agent else ""
    head = said_by(name or _("A teammate"), Verb.NOTE if message.state is MessageState.NOTE else Verb.REPLY)
    summary = _("{speaker}: {words}", speaker=head, words=message.text)
    return Card(summary=summary, parts=(Paragraph((Strong(head),)), Quote(message.text)))


def speaker(buyer: Buyer) -> Speaker | None:
    """Return under whose name a buyer's words may stand, marked as a buyer's; None while the name is not known."""
    name = one_line(buyer.nickname)
    return Speaker(name, _("Buyer"), buyer.avatar_url) if name else None


def who(post: Post) -> str:
    """Return who said a message; a buyer is always called one, so that no name reads like what the shop said."""
    speaker = one_line(post.speaker)
    match post.message.author:
        case Author.BUYER:
            return side_by_side(speaker, _("Buyer"))
        case Author.SELLER_CENTER:
            return _("Answered in Seller Center")
        case Author.AUTOMATIC:
            return _("Automatic message")
        case Author.AGENT if post.message.state is MessageState.NOTE:
            return _("{agent}, note in another channel", agent=speaker or _("A teammate"))
        case Author.AGENT:
            return _("{agent}, answer in another channel", agent=speaker or _("A teammate"))


def _parts(post: Post) -> Iterator[Part]:
    at = post.message.said_at
    yield Paragraph((Strong(who(post)), "  ", Moment(at, MomentStyle.TIME, clock(at))))
    yield from shown(post.message, post.picture, post.media_fault)


def _essence(post: Post) -> str:
    return essence(post.message)
