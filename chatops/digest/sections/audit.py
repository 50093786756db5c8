"""Who asked in a stretch of time, such as a promotion, and how long each of them waited: also after its end.

It looks at waits, whatever they are in: a chat, a comment below a video or one in a LIVE.
"""

from array import array
from bisect import insort
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import func, select
from sqlmodel import col

from chatops.digest import naming, tables
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Figure, Reading, Section, Unit
from chatops.i18n import _, clock, length, ngettext
from chatops.model import ticket as tickets
from chatops.model.message import Message
from chatops.model.queue import IS_OPEN
from chatops.model.ticket import Ticket
from chatops.rules import figures
from chatops.rules.walltime import MINUTE
from chatops.store.transaction import Transaction
from chatops.times import from_milliseconds, to_milliseconds
from chatops.ui import Line, Paragraph, Part, Strong, Tone
from chatops.words import side_by_side

LONG = 10 * MINUTE
MANY = 0.05  # of those who asked: where more waited for long, no light is green
FIRST = 10  # that are listed


class Asker(msgspec.Struct, frozen=True, order=True):
    """A ticket whose buyer began to wait: since when, and for how long, in milliseconds; None: without an answer."""

    since: int
    shop_id: str
    ticket_id: str
    took: int | None = None


class Audit(msgspec.Struct, frozen=True):
    """Tickets by their first wait that began in a window; `over`: for longer than LONG, of the `decided` ones."""

    conversations: int
    unanswered: int
    median: int | None
    over: int
    decided: int
    first: tuple[Asker, ...]


def _count(tx: Transaction, scope: Scope, window: Window) -> Audit | None:
    took, since, first = array("q"), array("q"), list[Asker]()  # of a month there are very many
    for one in _askers(tx, scope, window):
        if one.took is None:
            since.append(one.since)
        else:
            took.append(one.took)
        if len(first) < FIRST or one < first[-1]:
            insort(first, one)
            del first[FIRST:]
    if not first:
        return None
    median, now = figures.quantile(sorted(took), 0.5), to_milliseconds(window.ahead)
    still = sum(now - each > LONG for each in since)
    return Audit(
        conversations=len(took) + len(since),
        unanswered=len(since),
        median=None if median is None else int(median),
        over=sum(each > LONG for each in took) + still,
        decided=len(took) + still,
        first=tuple(first),
    )


def _askers(tx: Transaction, scope: Scope, window: Window) -> Iterator[Asker]:
    """Yield the tickets whose buyers began to wait in a window, each once, by the first such wait."""
    waiting = {(one.shop_id, one.ticket_id): one for one in _waiting(tx, scope, window)}
    for one in _answered(tx, scope, window):
        now = waiting.pop((one.shop_id, one.ticket_id), None)
        yield now if now and now.since < one.since else one
    yield from waiting.values()


def _answered(tx: Transaction, scope: Scope, window: Window) -> Iterator[Asker]:
    """Yield the tickets whose buyers began to wait in a window and had an answer, whenever it came."""
    since, which = col(Message.answers_since), (col(Message.shop_id), col(Message.ticket_id))
    began, answered = tables.as_kept(func.min(since)), tables.as_kept(func.min(col(Message.sent_at)))
    asked = select(began, *which, answered - began).where(
        tables.of_shops(tx, tables.shops_of(tx, scope), col(Message.shop_id)),
        col(Message.ticket_id).is_not(None),
        col(Message.sent_at) >= window.start,
        tables.within(since, window),
    )
    if scope.teams or scope.agent_id:
        its_ticket = (col(Ticket.shop_id) == Message.shop_id) & (col(Ticket.id) == Message.ticket_id)
        asked = asked.join(Ticket, its_ticket).where(tables.of_part(scope))
    for found in tx.execute(tables.by(asked.group_by(*which), Message, "message_answers")):
        yield Asker(*found)


def _waiting(tx: Transaction, scope: Scope, window: Window) -> Iterator[Asker]:
    """Yield the tickets whose buyers began to wait in a window and still do."""
    since = col(Ticket.waiting_since)
    asked = select(tables.as_kept(since), col(Ticket.shop_id), col(Ticket.id)).where(
        IS_OPEN,
        tables.of_shops(tx, tables.shops_of(tx, scope), col(Ticket.shop_id)),
        tables.of_part(scope),
        tables.within(since, window),
    )
    for found in tx.execute(tables.by(asked, Ticket, "ticket_open")):
        yield Asker(*found)


def _parts(tx: Transaction, facts: Audit, before: Audit | None, reading: Reading) -> Sequence[Part]:
    parts: list[Part] = [Paragraph((_said(facts),))]
    if before is not None:
        parts.append(Paragraph((_("The time before: {numbers}", numbers=_said(before)),)))
    parts.append(Paragraph((Strong(_("Who asked first")),)))
    return parts + [Paragraph(_line(tx, one, reading)) for one in facts.first]


def _said(facts: Audit) -> str:
    return side_by_side(
        ngettext("{count} conversation", "{count} conversations", facts.conversations),
        "" if facts.median is None else _soon(facts.conversations - facts.unanswered, naming.duration(facts.median)),
        _over(facts) if facts.decided else "",
        ngettext("{count} has no answer yet", "{count} have no answer yet", facts.unanswered)
        if facts.unanswered
        else "",
    )


def _soon(answered: int, median: str) -> str:
    if answered == 1:
        return _("one answered, after {length}", length=median)
    return _("half answered within {length}", length=median)


def _over(facts: Audit) -> str:
    part = naming.portion(facts.over, facts.decided)
    return _("{share} waited for longer than {length}", share=part, length=length(LONG))


def _line(tx: Transaction, one: Asker, reading: Reading) -> Line:
    asked = clock(from_milliseconds(one.since), reading.window.zone)
    took = _("no answer yet") if one.took is None else naming.duration(one.took)
    ticket = tickets.going_on(tx, one.shop_id, one.ticket_id)
    if ticket is None or not naming.is_shown_in(tx, reading.workspace_id, ticket):
        return (asked, " · ", Strong(took))
    return (asked, " · ", Strong(took), " · ", *naming.ticket_line(tx, reading.workspace_id, ticket, waits=False))


def _headline(facts: Audit | None, _reading: Reading) -> str | None:
    if facts is None or not facts.over:
        return None
    long = length(LONG)
    return ngettext(
        "{count} waited for longer than {length}.", "{count} waited for longer than {length}.", facts.over, length=long
    )


def _tone(facts: Audit) -> Tone | None:
    """Tell that too many waited for long, also where what was promised them is decided later."""
    return Tone.WARN if facts.decided and facts.over / facts.decided > MANY else None


SECTION = Section(
    key="audit",
    place=12,
    title=lambda: _("Who asked, and how long they waited"),
    facts=Audit,
    count=_count,
    parts=_parts,
    headline=_headline,
    tone=_tone,
    figures=(
        Figure(
            "conversations",
            Unit.COUNT,
            lambda: _("Conversations that began to wait"),
            lambda: _(
                "Tickets whose buyers began to wait for an answer in this time, each once: by the first such wait, "
                "from the first message that nobody had answered. Tickets resolved without an answer are left out. All "
                "of it as it stood when this was counted."
            ),
            lambda facts: facts.conversations,
        ),
        Figure(
            "median",
            Unit.LENGTH,
            lambda: _("Half of them were answered within"),
            lambda: _(
                "How long half of those waited at most who began to wait in this time and had an answer when this was "
                "counted, be it after this time: until a person answered, here or in Seller Center."
            ),
            lambda facts: facts.median,
        ),
        Figure(
            "over",
            Unit.SHARE,
            lambda: _("Longer than {length}", length=length(LONG)),
            lambda: _(
                "Of those who began to wait in this time, the share that waited for longer than {length}. Who had no "
                "answer when this was counted, but had not waited for so long, is left out.",
                length=length(LONG),
            ),
            lambda facts: figures.share(facts.over, facts.decided),
            lambda facts: facts.decided,
        ),
        Figure(
            "unanswered",
            Unit.COUNT,
            lambda: _("Without an answer yet"),
            lambda: _("Of those who began to wait in this time, the ones who still waited when this was counted."),
            lambda facts: facts.unanswered,
        ),
    ),
    on_request=True,
    in_hours=True,
)
