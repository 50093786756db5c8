"""Scenes at the desk: buyers who write, a team that answers, and a worker who carries out what waits.

Everything between the platforms is real, the platforms are a few lines here: a channel is a list of posts, a buyer a
list of what they heard. `desk.carry_out()` lets the worker do whatever is due at `desk.now`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from chatops import outbox
from chatops.catalog import Verb
from chatops.desk import gestures, hearing, intake, outcome, paging, setup, shown
from chatops.desk.gestures import Pressed, Reacted
from chatops.desk.hearing import Said
from chatops.desk.setup import OpenedShop, Plan
from chatops.model import message as messages
from chatops.model import page as pages
from chatops.model import thread as threads
from chatops.model import ticket as tickets
from chatops.model.agent import Agent, Role
from chatops.model.facts import ChatFile, MarketMessage, SenderRole
from chatops.model.history import History
from chatops.model.message import Message
from chatops.model.page import UNANSWERED
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.shop import Authorization, Route, RoutePosture, Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Ticket, TicketKind
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Kind
from chatops.refs import choice_ref, message_ref, ticket_ref
from chatops.store import Transaction, lanes
from chatops.store.lanes import Delivery, Limit
from chatops.times import from_milliseconds, to_milliseconds

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
UNDO = timedelta(seconds=5)
SHOP, TEAM, SUPPORT, NIGHT = "7495540735365777507", "T0TEAM", "C0SUPPORT", "C0NIGHT"


def no_limit(_scope: str) -> Limit | None:
    """Every scope may be called at any speed."""
    return None


def a_shop() -> Shop:
    """Return the shop of every scene, as `desk.toml` has it."""
    return Shop(id=SHOP, name="maomao-gb", timezone="Europe/London", locale="en")


def a_workspace() -> Workspace:
    """Return the workspace of every scene."""
    return Workspace(id=TEAM, name="team", platform=PlatformName.SLACK, locale="en")


def a_route(
    channel: str = SUPPORT, posture: RoutePosture = RoutePosture.TO_BUYER, kind: TicketKind = TicketKind.CHAT
) -> Route:
    """Return a route of the shop's chats to a channel."""
    return Route(shop_id=SHOP, kind=kind, workspace_id=TEAM, channel_id=channel, locale="en", posture=posture)


def a_plan(*routes: Route, **settings: int) -> Plan:
    """Return a desk with one shop, one workspace and these routes."""
    return Plan(settings=settings, shops=(a_shop(),), workspaces=(a_workspace(),), routes=routes)


def a_permission(now: datetime = NOON, version: int = 1) -> Authorization:
    """Return the seller's permission for the shop."""
    return Authorization(
        id="seller",
        seller_name="Maomao",
        access_token="access-1",
        access_expires_at=now + timedelta(days=7),
        refresh_token="refresh-1",
        refresh_expires_at=now + timedelta(days=90),
        granted_scopes="seller.customer_service",
        version=version,
    )


def a_desk(tx: Transaction) -> None:
    """Make a desk with two agents."""
    setup.apply(tx, a_plan(a_route()), NOON)
    setup.shops_connected(tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])
    for name in ("li", "noor"):
        tx.insert(Agent(workspace_id=TEAM, id=name, name=name.title(), learned_at=NOON))


def heard_from(
    role: SenderRole, text: str, number: int, conversation: str, at: datetime, **facts: Any
) -> MarketMessage:
    """Return a message of the marketplace as the client reads it; its id and its place follow from `number`."""
    told: dict[str, Any] = {
        "external_id": f"m{number}",
        "conversation_id": conversation,
        "index": number,
        "kind": "TEXT",
        "content": {"content": text},
        "sender_id": f"im-{conversation}" if role is SenderRole.BUYER else SHOP,
        "role": role,
        "visible": True,
        "at": at,
    }
    return MarketMessage(**{**told, **facts})


class Desk:
    """One shop, one workspace, and whoever comes in."""

    def __init__(self, tx: Transaction, *routes: Route) -> None:
        self.tx = tx
        self.now = NOON + timedelta(microseconds=123)  # as a machine's clock goes; rows keep whole milliseconds
        self.numbers = count(1)
        self.channels: dict[str, list[str]] = defaultdict(list)
        self.redrawn: list[str] = []
        self.marked: list[str] = []
        self.whispers: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        self.told: list[tuple[str, str]] = []  # in threads: what about, and whom or why
        self.learned: list[str] = []
        self.rung: list[tuple[str, str]] = []  # who was rung up, and about which tickets; "!" in front: edited only
        self.deaf: set[str] = set()  # whom no direct message reaches
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.trouble: str | None = None  # the marketplace's code for refusing answers
        self.sent_ids: list[str] = []
        setup.apply(tx, a_plan(*routes or [a_route()]), self.now)
        tx.insert(Rulebook(name=RulebookName.TRIAGE, version=1, text="rules = []", applied_at=NOON))
        setup.shops_connected(tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher")])

    @property
    def kept(self) -> datetime:
        """This instant as rows keep it."""
        return from_milliseconds(to_milliseconds(self.now))

    def passes(self, **time: float) -> None:
        """Let time pass, and the worker with it."""
        self.now += timedelta(**time)
        self.carry_out()

    def buyer(self, name: str) -> "BuyerThere":
        """Let somebody new come to the shop."""
        return BuyerThere(self, f"conversation-{name}")

    def teammate(self, name: str, role: Role = Role.AGENT) -> "Teammate":
        """Let somebody join the team."""
        self.tx.insert(Agent(workspace_id=TEAM, id=name, name=name.title(), role=role, learned_at=self.now))
        return Teammate(self, name)

    def knows(self, teammate: "Teammate", **facts: str) -> None:
        """Learn something about a teammate."""
        self.tx.execute(update(Agent).where(col(Agent.id) == teammate.name).values(**facts))

    def thread(self, buyer: "BuyerThere", channel: str = SUPPORT, ticket: Ticket | None = None) -> Thread:
        """Return a ticket's thread in a channel, of the newest one if none is named."""
        found = threads.of_ticket(self.tx, SHOP, (ticket or self.ticket(buyer)).id)
        return next(thread for thread in found if thread.channel_id == channel)

    def ticket(self, buyer: "BuyerThere") -> Ticket:
        """Return the buyer's newest ticket."""
        found = self.tickets(buyer)
        return found[-1]

    def tickets(self, buyer: "BuyerThere") -> list[Ticket]:
        """Return all tickets of a buyer, oldest first."""
        mine = select(Ticket).where(Ticket.conversation_id == buyer.conversation).order_by(col(Ticket.opened_at))
        return self.tx.all(Ticket, mine)

    def message(self, text: str) -> Message:
        """Return the newest message with these words."""
        found = [each for each in self.tx.all(Message, select(Message)) if each.text == text]
        return max(found, key=lambda each: each.said_at)

    def written(self, source_id: str) -> list[tuple[str, str]]:
        """Return what a teammate's chat message became: words (or kind) and state of each part."""
        found = messages.from_source(self.tx, TEAM, SUPPORT, source_id)
        return [(part.text or part.kind, part.state.value) for part in found]

    def history(self, buyer: "BuyerThere") -> list[str]:
        """Return what happened to a buyer's tickets."""
        mine = [ticket.id for ticket in self.tickets(buyer)]
        lines = self.tx.all(History, select(History).where(col(History.ticket_id).in_(mine)).order_by(col(History.id)))
        return [line.what for line in lines]

    def waiting(self, kind: Kind) -> list[Delivery]:
        """Return the deliveries of one kind that wait, in the order of their lanes."""
        return self.tx.all(
            Delivery, select(Delivery).where(Delivery.kind == kind).order_by(Delivery.lane, col(Delivery.seq))
        )

    def carry_out(self) -> None:
        """Do whatever is due, lane by lane."""
        while hands := lanes.claim(
            self.tx, owner="worker", now=self.now, lease=timedelta(minutes=2), lanes=100, per_lane=1, limits=no_limit
        ):
            for hand in hands:
                outcome = self._carry(hand.deliveries[0])
                lanes.settle(self.tx, [outcome], owner="worker", now=self.now, limits=no_limit)

    def _carry(self, delivery: lanes.InHand) -> lanes.Outcome:
        args, done = delivery.args, lanes.Done(delivery.lane, delivery.seq)
        match delivery.kind:
            case Kind.OPEN_THREAD | Kind.MIRROR | Kind.NOTICE | Kind.SPOKEN | Kind.REDRAW:
                self._show(delivery)
            case Kind.TOLD:
                who = (
                    args.get(name, "") for name in ("agent_id", "leads", "words", "team", "mention", "rung", "named")
                )
                self.told.append((args["about"], " ".join(filter(None, who))))
            case Kind.MARK:
                self.marked.append(args["source_id"])
            case Kind.WHISPER:
                self.whispers[args["agent_id"]].append((args["about"], args["facts"]))
            case Kind.SUMMON:
                self._ring_up(args["agent_id"], args["number"])
            case Kind.PAGE_CHANNEL:
                self.channels[args["channel_id"]].append(f"({args['cause']})")
            case Kind.CHANNEL_NOTICE:
                self.channels[args["channel_id"]].append(f"({args['about']})")
            case Kind.LEARN_BUYER | Kind.LEARN_AGENT:
                self.learned.append(args.get("conversation_id") or args["agent_id"])
            case Kind.REPLY:
                return self._send(delivery) or done
        return done

    def _ring_up(self, agent_id: str, number: int) -> None:
        one = pages.summons(self.tx, TEAM, agent_id, number)
        assert one is not None
        listed = pages.listed(self.tx, one)
        about = " ".join(page.ticket_id for page in listed)
        if one.message_id:
            self.rung.append((agent_id, f"!{about}"))
        elif not any(page.state in UNANSWERED for page in listed):
            return
        elif agent_id in self.deaf:
            paging.unreachable(self.tx, TEAM, agent_id, number, "user_disabled", self.now)
        else:
            self.rung.append((agent_id, about))
            paging.told(self.tx, one, {page.key for page in listed}, f"D{agent_id}", self._stamp(), self.now)

    def _show(self, delivery: lanes.InHand) -> None:
        args = delivery.args
        thread = threads.get(self.tx, args["workspace_id"], args["thread_id"])
        assert thread is not None
        post = self._stamp()
        if delivery.kind == Kind.OPEN_THREAD:
            self.channels[thread.channel_id].append("(card)")
            ticket = tickets.get(self.tx, thread.shop_id, thread.ticket_id)
            assert ticket is not None
            shown.thread_opened(self.tx, thread, post, ticket.version, self.now)
        elif delivery.kind == Kind.REDRAW:
            self.redrawn.append(thread.channel_id)
        else:
            message = messages.get(self.tx, args["shop_id"], args["message_id"])
            assert message is not None
            words = message.text or message.kind
            self.channels[thread.channel_id].append(f"! {words}" if delivery.kind == Kind.NOTICE else words)
            if delivery.kind == Kind.MIRROR:
                shown.messages_mirrored(self.tx, thread, [message.id], post)
            elif delivery.kind == Kind.SPOKEN:
                shown.spoken(self.tx, thread, message, post, self.now)

    def _send(self, delivery: lanes.InHand) -> lanes.Outcome | None:
        """Hand an answer to the marketplace, unless it is moot."""
        message = messages.get(self.tx, delivery.args["shop_id"], delivery.args["message_id"])
        assert message is not None
        if message.state != messages.MessageState.WAITING:
            return None
        if self.trouble:
            outcome.failed(self.tx, message.shop_id, message.id, self.trouble, self.now)
            return lanes.Hold(delivery.lane, self.trouble)
        self.heard[message.conversation_id].append(message.text or message.kind)
        self.sent_ids.append(f"m{next(self.numbers)}")
        outcome.sent(self.tx, message.shop_id, message.id, self.sent_ids[-1], self.now)
        return None

    def _stamp(self) -> str:
        """Return a new id of a chat message, sorting by time as Slack's do."""
        return f"{self.now.timestamp():.0f}.{next(self.numbers):06}"


@dataclass(frozen=True, slots=True)
class BuyerThere:
    """Somebody who writes to the shop."""

    desk: Desk
    conversation: str

    def says(self, text: str, **facts: Any) -> MarketMessage:
        """Write to the shop; the desk hears it at once."""
        message = self.writes(text, **facts)
        self.is_heard(message)
        return message

    def writes(self, text: str, role: SenderRole = SenderRole.BUYER, **facts: Any) -> MarketMessage:
        """Write to the shop; nobody has heard it yet."""
        at = facts.pop("at", self.desk.now)
        return heard_from(role, text, next(self.desk.numbers), self.conversation, at, **facts)

    def is_heard(self, message: MarketMessage) -> bool:
        """Let the desk hear a message; False when it knew it."""
        return intake.message_arrived(self.desk.tx, SHOP, self.desk.now, message)

    def is_told(self, text: str, role: SenderRole = SenderRole.CUSTOMER_SERVICE, **facts: Any) -> MarketMessage:
        """Let somebody else answer the buyer, not through us; the desk hears it at once."""
        return self.says(text, role=role, **facts)

    @property
    def heard(self) -> list[str]:
        """What reached the buyer through us."""
        return self.desk.heard[self.conversation]


@dataclass(frozen=True, slots=True)
class Teammate:
    """A member of the team."""

    desk: Desk
    name: str
    channel: str = SUPPORT
    workspace: str = TEAM

    def says(
        self,
        text: str,
        to: BuyerThere,
        files: Sequence[ChatFile] = (),
        *,
        to_team: bool = False,
        mentions: tuple[str, ...] = (),
        source: str = "",
        about: Ticket | None = None,
    ) -> str:
        """Write in the thread of a buyer's ticket (the newest, or what it is about); return the id of what was written.

        Whoever is mentioned is left out of the text.
        """
        source = source or self.desk._stamp()
        said = self._said(source, text, to, tuple(files), to_team=to_team or bool(mentions))
        if about is not None:
            said = replace(said, thread_id=self.desk.thread(to, self.channel, about).external_id)
        hearing.said(self.desk.tx, replace(said, mentions=mentions), self.desk.now)
        return source

    def edits(self, source: str, text: str, to: BuyerThere, *, to_team: bool = False, edit_id: str = "") -> None:
        """Change what was written."""
        heard = replace(self._said(source, text, to, (), to_team=to_team), edit_id=edit_id)
        hearing.edited(self.desk.tx, heard, self.desk.now)

    def deletes(self, source: str) -> None:
        """Remove what was written."""
        hearing.deleted(self.desk.tx, self.workspace, self.channel, source, self.desk.now)

    def presses(self, verb: Verb, about: Ticket | Message) -> bool:
        """Press a button of a card about a ticket or a message."""
        ref = (ticket_ref if isinstance(about, Ticket) else message_ref)(about.shop_id, about.id)
        if isinstance(about, Message) and verb in gestures.WITH_WORDS:
            ref = choice_ref(ref, about.reading)
        pressed = Pressed(self.workspace, self.channel, self.name, verb, ref)
        return gestures.pressed(self.desk.tx, pressed, self.desk.now)

    def reacts(self, name: str, to: BuyerThere, *, added: bool = True, post: str = "") -> bool:
        """Add a reaction to the ticket's card (or to another `post`), or take it away."""
        where = post or self._thread(to).external_id
        heard = Reacted(self.workspace, self.channel, where, self.name, name, added)
        return gestures.reacted(self.desk.tx, heard, self.desk.now)

    @property
    def whispers(self) -> list[str]:
        """What was said to this person alone: the reason of a refusal, else what it was about."""
        self.desk.carry_out()
        told = self.desk.whispers[self.name]
        return [facts["reason"] if about == outbox.Whisper.REFUSAL else str(about) for about, facts in told]

    def _thread(self, to: BuyerThere) -> Thread:
        return self.desk.thread(to, self.channel)

    def _said(self, source: str, text: str, to: BuyerThere, files: tuple[ChatFile, ...], *, to_team: bool) -> Said:
        head = self._thread(to).external_id
        return Said(self.workspace, self.channel, head, source, self.name, text, files, to_team)


def a_picture(name: str = "parcel.jpg", content_type: str = "image/jpeg", size: int = 20_000) -> ChatFile:
    """Return a picture that somebody posted in the thread."""
    return ChatFile(f"F-{name}", name, content_type, size, f"https://files.example/{name}")
