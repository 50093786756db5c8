"""How much was written, when, and about what."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from sqlalchemy import Integer, Select, cast, func, select
from sqlmodel import col

from chatops.digest import naming, tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.i18n import _, hour_mark, ngettext, number, oclock
from chatops.model.conversation import Conversation
from chatops.model.message import Message
from chatops.model.ticket import Level, Ticket, TicketKind
from chatops.rules.languages import primary
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Small, Strong

HOURS = range(24)
LETTERS = "abcdefghijklmnopqrstuvwx"  # one for each hour
MOST = 9  # shops, countries or languages; the rest is one number


class Split(msgspec.Struct, frozen=True, omit_defaults=True):
    """Conversations, and messages of buyers in them, by what they are; "" where that is not known."""

    conversations: dict[str, int] = {}
    messages: dict[str, int] = {}


class Volume(msgspec.Struct, frozen=True, omit_defaults=True):
    """Numbers of a window; `hours` are messages of buyers by local hour."""

    conversations: int
    messages: int
    hours: tuple[int, ...]
    kinds: Split = Split()
    levels: Split = Split()
    languages: Split = Split()
    markets: Split = Split()
    shops: Split = Split()


def _count(tx: Transaction, scope: Scope, window: Window) -> Volume | None:
    """One shop after the other: neither database has to sort or keep more than a small part of all messages."""
    split, hours = _Counted(), Counter[str]()
    by_ticket, letters = _by_ticket(scope, window), _letters(scope, window)
    for shop_id, region in tables.regions(tx, scope).items():
        here = {tables.SHOP.key: shop_id}
        for kind, level, language, conversations, messages in tx.execute(by_ticket, here):
            keys = kind, level or "", primary(language), region, shop_id
            split.add(keys, conversations, int(messages))
        hours.update(tx.execute(letters, here).scalar() or "")
    if not split.messages:
        return None
    return Volume(split.conversations, split.messages, tuple(hours[each] for each in LETTERS), *split.splits())


def _by_ticket(scope: Scope, window: Window) -> Select[TicketKind, Level | None, str, int, int]:
    """Return the question for conversations of `SHOP`, and messages of buyers in them, by what they are."""
    written = tables.asked(window), col(Message.ticket_id).is_not(None)
    counted = select(col(Message.ticket_id), func.count().label("messages")).where(*written)
    each = tables.by(counted.group_by(col(Message.ticket_id)), Message, "message_asked").subquery()
    spoken = func.coalesce(func.nullif(col(Ticket.language), ""), col(Conversation.language), "").label("spoken")
    in_ticket = (col(Ticket.shop_id) == tables.SHOP) & (col(Ticket.id) == each.c.ticket_id)
    its_line = (col(Conversation.shop_id) == tables.SHOP) & (col(Conversation.id) == Ticket.conversation_id)
    asked = (
        select(col(Ticket.kind), col(Ticket.level), spoken, func.count(), func.sum(each.c.messages))
        .select_from(each)
        .join(Ticket, in_ticket, isouter=True)  # every message has its ticket: SQLite shall begin with the messages
        .join(Conversation, its_line, isouter=True)
        .where(tables.of_part(scope))
        .group_by(col(Ticket.kind), col(Ticket.level), spoken)
    )
    asked = tables.by(asked, Conversation, "conversation_spoken")  # by its key each row would be fetched
    if scope.teams or scope.agent_id:
        return asked
    return tables.by(asked, Ticket, "ticket_told")


def _letters(scope: Scope, window: Window) -> Select[str]:
    """Return the question for a text with a letter for each message of buyers of `SHOP`, which tells its hour."""
    hour = cast(tables.local_hour(col(Message.said_at), window), Integer)
    letters = func.aggregate_strings(func.substr(LETTERS, hour + 1, 1), "")
    asked = select(letters).where(tables.asked(window), col(Message.ticket_id).is_not(None))
    if scope.teams or scope.agent_id:
        in_ticket = (col(Ticket.shop_id) == Message.shop_id) & (col(Ticket.id) == Message.ticket_id)
        asked = asked.join(Ticket, in_ticket).where(tables.of_part(scope))
    return tables.by(asked, Message, "message_asked")


class _Counted:
    """What is counted by each of several keys."""

    def __init__(self) -> None:
        self.conversations = self.messages = 0
        self._by = [(Counter[str](), Counter[str]()) for _ in range(5)]

    def add(self, keys: Sequence[str], conversations: int, messages: int) -> None:
        """Count conversations that are all of that."""
        self.conversations += conversations
        self.messages += messages
        for key, (of_conversations, of_messages) in zip(keys, self._by, strict=True):
            of_conversations[key] += conversations
            of_messages[key] += messages

    def splits(self) -> list[Split]:
        """Return the counts by each key, the largest."""
        return [
            Split(tables.top(conversations, MOST), tables.top(messages, MOST)) for conversations, messages in self._by
        ]


def _parts(tx: Transaction, facts: Volume, before: Volume | None, _reading: Reading) -> Sequence[Part]:
    parts: list[Part] = [Paragraph((_said(facts),))]
    if before is not None:
        parts.append(Small((_("The time before: {numbers}", numbers=_said(before)),)))
    parts += [Small((_busiest(facts),))] if any(facts.hours) else []
    parts += naming.listed(facts.kinds.conversations, naming.kind)
    for title, split, name in (
        (_("By subject"), facts.levels, naming.level),
        (_("By language"), facts.languages, naming.language),
        (_("By country"), facts.markets, naming.market),
        (_("By shop"), facts.shops, lambda key: naming.shop(tx, key)),
    ):
        if some := naming.listed(split.conversations, name):
            parts += [Paragraph((Strong(title),)), *some]
    return parts


def _headline(facts: Volume | None, _reading: Reading) -> str:
    if facts is None:
        return _("Nobody wrote.")
    return ngettext("{count} conversation.", "{count} conversations.", facts.conversations)


def _said(facts: Volume) -> str:
    said = ngettext("{count} conversation", "{count} conversations", facts.conversations)
    messages = ngettext("{count} message from buyers", "{count} messages from buyers", facts.messages)
    return f"{said} · {messages}"


def _busiest(facts: Volume) -> str:
    busiest = max(HOURS, key=lambda hour: facts.hours[hour])
    return _("Most was written from {time} on.", time=oclock(busiest))


def _charts(facts: Volume, _reading: Reading) -> Sequence[Chart]:
    charts = [
        Chart(
            title=_("Messages from buyers by hour"),
            essence=_busiest(facts),
            shape=Shape.COLUMNS,
            unit=Unit.COUNT,
            points=(Points("", tuple((hour_mark(hour), float(facts.hours[hour])) for hour in HOURS)),),
        )
    ]
    subjects = [(naming.level(key), count) for key, count in facts.levels.conversations.items()]
    if len(subjects) > 1:
        first, count = subjects[0]
        charts.append(
            Chart(
                title=_("Conversations by subject"),
                essence=_("Most were about: {subject} ({number}).", subject=first, number=number(count)),
                shape=Shape.BARS,
                unit=Unit.COUNT,
                points=(Points("", tuple((name, float(count)) for name, count in subjects)),),
            )
        )
    return charts


SECTION = Section(
    key="volume",
    place=10,
    title=lambda: _("How much was written"),
    facts=Volume,
    count=_count,
    parts=_parts,
    charts=_charts,
    in_hours=True,
    headline=_headline,
    quiet=lambda: _("Nobody wrote."),
    figures=(
        Figure(
            "conversations",
            Unit.COUNT,
            lambda: _("Conversations"),
            lambda: _(
                "Tickets in which a buyer wrote at least once in this time, each once: merged ones are one, those of "
                "blocked buyers count, those in which only TikTok itself wrote do not. Their subject, language and "
                "team are those they had when this was counted."
            ),
            lambda facts: facts.conversations,
        ),
        Figure(
            "messages",
            Unit.COUNT,
            lambda: _("Messages from buyers"),
            lambda: _(
                "Everything buyers wrote in their tickets in this time, by when they wrote it: texts, pictures and "
                "stickers, each once. Not what is hidden in the conversation, and not what the shop wrote."
            ),
            lambda facts: facts.messages,
        ),
    ),
)
