"""Digests on their way: counted, said, failed once, and never twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import col, select, update

from chatops.cards import digest as cards
from chatops.delivery import digests as carriers
from chatops.delivery.hand import Hand, Tools
from chatops.delivery.retry import judge
from chatops.desk import definitions, digests
from chatops.desk.definitions import Defined
from chatops.desk.digests import Said
from chatops.digest import kept
from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, TokenRevoked
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import digest as questions
from chatops.model.agent import Agent, Role
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.digest import Digest, DigestState
from chatops.outbox import Kind
from chatops.platforms.ports import ThreadRef
from chatops.rules.plan import DigestPlan, Rhythm
from chatops.store.lanes import Claimed, GiveUp, Hold, InHand
from chatops.times import SystemTime
from chatops.ui import Card
from tests.desk.scenes import NIGHT, NOON, SUPPORT, TEAM, BuyerThere, Desk, a_route

DAY = timedelta(days=1)


def begun(desk: Desk, at: datetime = NOON + DAY, author: str = "", **more: Any) -> Digest:
    """Let the digest of the day before be due."""
    spec = DigestPlan("team", SUPPORT, "UTC", sections=("volume",), **more)
    who = agents.get(desk.tx, TEAM, author) if author else None
    definitions.define(desk.tx, Defined(DefinitionKind.DIGEST, "morning", spec), who, NOON)
    assert digests.due(desk.tx, at) == 1
    return found(desk)


def found(desk: Desk) -> Digest:
    return desk.tx.all(Digest, select(Digest))[-1]


def counted(desk: Desk, digest: Digest) -> Digest:
    """Let the numbers of a digest be counted and kept."""
    scope, window = kept.scope_of(digest), kept.window_of(digest)
    numbers = {key: kept.counted(desk.tx, key, scope, window) for key in digest.sections}
    said = {key: value for key, value in numbers.items() if value is not None}
    digests.frozen(desk.tx, digest.id or 0, said, {}, desk.now + DAY)
    return found(desk)


def head_of(digest: Digest, kind: Kind, **more: Any) -> InHand:
    args = {"digest": digest.id, "workspace_id": TEAM, "channel_id": SUPPORT} | more
    return InHand(
        lane="lane", seq=1, kind=kind, args=args, not_before=NOON, attempts=0, last_error=None, created_at=NOON
    )


def fails(desk: Desk, digest: Digest, kind: Kind, error: PlatformError, **more: str) -> object:
    """Let a digest meet an error for good; return what becomes of its lane."""
    verdict = judge(head_of(digest, kind, **more), "scope", error, desk.now)
    if verdict.apply:
        verdict.apply(desk.tx)
    return verdict.outcome


def said(digest: Digest, late: timedelta = timedelta()) -> str:
    with language("en"):
        return f"{(card := cards.head(digest, digest.due_at + late)).summary}\n{card.parts}"


def test_a_shop_connected_at_noon_has_a_digest_of_its_first_day_and_of_the_next(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    digest = counted(desk, begun(desk))
    assert f"{digest.start_at:%H:%M} {digest.end_at - digest.start_at}" == "00:00 1 day, 0:00:00"
    assert "1 conversation." in said(digest)
    assert "Yesterday, Mon, May 4" in said(digest)
    [posted] = desk.waiting(Kind.DIGEST_POST)
    digests.posted(desk.tx, digest.id or 0, Said("100.1"), desk.now)
    digests.posted(desk.tx, digest.id or 0, Said("100.2"), desk.now)
    assert [one.args["head"] for one in desk.waiting(Kind.DIGEST_SECTION)] == ["100.1"], "never twice"
    assert (found(desk).state, posted.args["digest"]) == (DigestState.POSTED, digest.id)


def test_one_message_is_told_of_as_one_by_everything(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    digest = begun(desk)
    digest.sections = digests.fitting(kept.scope_of(digest))
    digest = counted(desk, digest)
    assert "1 conversation. 1 has waited for you since before today." in said(digest)
    with language("en"):
        whole = str(cards.whole(desk.tx, digest, digest.due_at).parts)
    assert "1 conversation · 1 message from buyers" in whole
    assert "1 waits for an answer" in whole
    assert set(digest.numbers) == {"volume", "waiting", "asked"}, "of the others there is nothing to say"


def test_nothing_to_say_is_one_friendly_line(desk: Desk) -> None:
    digest = counted(desk, begun(desk))
    assert "Nobody wrote." in said(digest)
    assert "Enjoy" not in said(digest), "it was not asked who waits: somebody may"
    assert "thread" not in said(digest)
    digest.sections = ["waiting", "volume"]
    assert "Nobody wrote. Nobody waits. Enjoy the quiet!" in said(digest)
    digest.sections = ["fix"]
    assert "Nothing to tell of." in said(digest)


QUIET: dict[str, Any] = {"pages": {"pages": 2, "unheard": 0, "calls": 3}}
WAITING = {"waiting": 3, "earlier": 3, "unowned": 0, "oldest": []}


@pytest.mark.parametrize(
    ("numbers", "headline"),
    [
        (QUIET, "Nobody wrote. Told of below: On call."),
        (QUIET | {"waiting": WAITING}, "Nobody wrote. 3 have waited for you since before today."),
        ({"waiting": WAITING | {"earlier": 1}}, "Nobody wrote. 3 wait for an answer, 1 of them since before today."),
        ({"waiting": WAITING | {"earlier": 0}}, "Nobody wrote. 3 wait for an answer now."),
    ],
)
def test_the_headline_says_what_there_is(desk: Desk, numbers: dict[str, Any], headline: str) -> None:
    digest = begun(desk)
    digest.sections, digest.numbers = ["waiting", "volume", "pages"], numbers
    assert headline in said(digest)


def test_only_of_a_day_that_has_just_ended_it_says_yesterday_and_before_today(desk: Desk) -> None:
    digest = begun(desk)
    digest.numbers = {"waiting": WAITING}
    assert "Yesterday, Mon, May 4" in said(digest)
    assert said(digest, DAY).startswith("Mon, May 4"), "it came a day late"
    digest.counted_at = digest.due_at + DAY
    assert "3 wait for an answer now." in said(digest)


@pytest.mark.parametrize(
    ("days", "beside"),
    [
        ("2026-05-04 2026-05-06T12:30", "2026-04-27 2026-04-29T12:30"),  # this week so far: Monday to Wednesday
        ("2026-05-04 2026-05-11", "2026-04-27 2026-05-04"),
        ("2026-05-01 2026-05-04", "2026-04-24 2026-04-27"),  # a weekend, and the one before
        ("2026-05-04 2026-05-05", "2026-05-03 2026-05-04"),
        ("2026-05-01 2026-05-06T10:00", "2026-04-01 2026-04-06T10:00"),  # this month so far
        ("2026-03-01 2026-03-30T10:00", "2026-02-01 2026-03-01"),  # which has more days than the one before
        ("2026-02-01 2026-03-01", "2026-01-01 2026-02-01"),
        ("2026-04-04 2026-05-04", "2026-03-05 2026-04-04"),
    ],
)
def test_days_stand_beside_days_like_them(desk: Desk, days: str, beside: str) -> None:
    digest = begun(desk)
    digest.start_at, digest.end_at = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days.split())
    before = kept.before_of(digest)
    assert [before.start, before.end] == [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in beside.split()]
    digest.numbers = digest.before = {"waiting": WAITING}
    assert "Beside it stands" in said(digest)
    digest.compare, digest.before = True, {}
    assert "There is nothing to compare it with: " in said(digest)
    digest.numbers = {}
    assert "compare" not in said(digest)


def test_numbers_that_are_kept_do_not_change_with_what_comes_later(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    digest = counted(desk, begun(desk))
    mia.says("Hello?")
    digests.frozen(desk.tx, digest.id or 0, {}, {}, desk.now)
    assert found(desk).numbers == digest.numbers


@pytest.mark.parametrize(("late", "told"), [(timedelta(minutes=29), False), (timedelta(hours=2), True)])
def test_a_late_one_says_so(desk: Desk, late: timedelta, told: bool) -> None:
    assert ("Late: it was due at" in said(counted(desk, begun(desk)), late)) is told


def test_a_day_of_25_hours_is_called_one(desk: Desk) -> None:
    digest = begun(desk)
    digest.timezone = "Europe/Berlin"
    digest.start_at = datetime.fromisoformat("2026-10-25T00:00+02:00")
    digest.end_at = datetime.fromisoformat("2026-10-26T00:00+01:00")
    assert "Oct 25 had 25 hours" in said(digest)
    before = kept.before_of(digest)
    assert (before.end - before.start, before.end) == (DAY, digest.start_at)


def test_a_day_of_half_an_hour_less_is_told_in_the_readers_numbers(desk: Desk) -> None:
    digest = begun(desk)
    digest.timezone = "Australia/Lord_Howe"
    digest.start_at = datetime.fromisoformat("2026-10-04T00:00+10:30")
    digest.end_at = datetime.fromisoformat("2026-10-05T00:00+11:00")
    with language("de"):
        assert "hatte 23,5 Stunden" in str(cards.head(digest, digest.due_at).parts)


def test_a_day_that_is_told_of_in_part_is_not_called_short(desk: Desk) -> None:
    digest = begun(desk)
    digest.end_at = digest.start_at + timedelta(hours=15)
    assert "clocks changed" not in said(digest)


def test_numbers_that_cannot_be_counted_are_owned_up_to_once_where_the_digest_belongs(desk: Desk) -> None:
    digest = begun(desk)
    assert isinstance(fails(desk, digest, Kind.DIGEST_COUNT, Rejected("KeyError")), GiveUp)
    fails(desk, digest, Kind.DIGEST_COUNT, Rejected("KeyError"))
    assert len(desk.waiting(Kind.DIGEST_POST)) == 1
    assert "It could not be made (KeyError)." in said(found(desk))
    digests.posted(desk.tx, digest.id or 0, Said("100.1"), desk.now)
    assert found(desk).state is DigestState.FAILED


@pytest.mark.parametrize(("author", "told"), [("", ["boss"]), ("ana", ["ana"])])
def test_of_a_channel_that_is_gone_whoever_planned_it_hears_once_and_nothing_waits(
    desk: Desk, author: str, told: list[str]
) -> None:
    desk.teammate("boss", Role.OWNER)
    desk.teammate("ana", Role.AGENT)
    digest = counted(desk, begun(desk, author=author))
    assert isinstance(fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived")), GiveUp)
    assert [one.args["agent_id"] for one in desk.waiting(Kind.DIGEST_FAILED)] == told
    assert (found(desk).state, found(desk).fault) == (DigestState.FAILED, "is_archived")
    with language("en"):
        assert "It could not be posted (is_archived)" in cards.not_posted(found(desk)).summary
    assert isinstance(fails(desk, digest, Kind.DIGEST_POST, TokenRevoked("token_revoked")), Hold)


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel", "missing_permissions"])
def test_wherever_it_may_not_stand_it_says_so_and_never_repeats(desk: Desk, code: str) -> None:
    desk.teammate("boss", Role.LEAD)
    digest = counted(desk, begun(desk))
    assert isinstance(fails(desk, digest, Kind.DIGEST_POST, TargetGone(code)), GiveUp)
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == 1
    assert digests.due(desk.tx, NOON + DAY + timedelta(hours=1)) == 0


class Reads:
    """A store whose only transaction is the desk's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def read(self, unit: Callable[..., Any], *args: Any) -> Any:
        return unit(self.desk.tx, *args)


class Channel:
    """A channel that takes every post."""

    async def post(self, _place: ThreadRef, _card: Card, _key: str) -> SimpleNamespace:
        return SimpleNamespace(external_id="100.1")


async def test_one_that_the_next_has_caught_up_with_is_posted_all_the_same_and_late(desk: Desk) -> None:
    first = counted(desk, begun(desk))
    assert digests.due(desk.tx, NOON + 2 * DAY) == 1
    assert found(desk).start_at == first.end_at, "nobody else tells of its days"
    time = SystemTime()
    head = head_of(first, Kind.DIGEST_POST)
    hand = Hand(Claimed(head.lane, "", "", [head], 0, time.now() + DAY), time)
    tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", Channel()), cast("Any", None), Path())
    result = await carriers.post(tools, hand)
    assert result.apply
    result.apply(desk.tx)
    old = questions.get(desk.tx, first.id or 0)
    assert old
    assert (old.state, old.head_id) == (DigestState.POSTED, "100.1")
    assert "Late: it was due at" in said(old, DAY)


class Thread:
    """A thread that takes little at once, and is in trouble after the second message."""

    def __init__(self) -> None:
        self.posted: dict[str, Card] = {}
        self.troubled = True

    def pieces(self, card: Card) -> list[Card]:
        return [card, card, card]

    async def post(self, _place: ThreadRef, card: Card, key: str) -> SimpleNamespace:
        if len(self.posted) == 2 and self.troubled:
            self.troubled = False
            raise RateLimited("ratelimited", timedelta(seconds=1))
        assert key not in self.posted
        self.posted[key] = card
        return SimpleNamespace(external_id=str(len(self.posted)))

    async def find(self, _place: ThreadRef, key: str, _since: datetime) -> SimpleNamespace | None:
        return SimpleNamespace(external_id="1") if key in self.posted else None


async def test_of_a_section_in_several_messages_each_is_said_once_however_often_we_are_stopped(
    desk: Desk, mia: BuyerThere
) -> None:
    mia.says("Hello")
    digest = counted(desk, begun(desk))
    head = head_of(digest, Kind.DIGEST_SECTION)
    head.args |= {"section": "volume", "head": "100.1"}
    time, there = SystemTime(), Thread()
    hand = Hand(Claimed(head.lane, "", "", [head], 0, time.now() + DAY), time)
    tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", there), cast("Any", None), Path())
    with pytest.raises(RateLimited):
        await carriers.section(tools, hand)
    await carriers.section(tools, hand)
    assert len(there.posted) == 3


def test_of_one_that_another_workspace_planned_the_leads_here_hear(desk: Desk) -> None:
    desk.teammate("boss", Role.OWNER)
    desk.teammate("ana", Role.AGENT)
    digest = counted(desk, begun(desk, author="ana"))
    desk.tx.execute(update(Definition).values(made_by_workspace="elsewhere"))
    fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived"))
    assert [one.args["agent_id"] for one in desk.waiting(Kind.DIGEST_FAILED)] == ["boss"]


def test_of_one_whose_author_has_left_the_leads_hear_and_where_there_are_none_a_channel(desk: Desk) -> None:
    desk.teammate("ana", Role.LEAD)
    desk.tx.insert(a_route(NIGHT))
    digest = counted(desk, begun(desk, author="ana"))
    desk.tx.execute(update(Agent).where(col(Agent.id) == "ana").values(has_left=True))
    fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived"))
    [told] = desk.waiting(Kind.DIGEST_FAILED)
    assert (told.args["channel_id"], told.lane) == (NIGHT, f"channel:{TEAM}/{NIGHT}")
    assert "It could not be posted (is_archived)" in str(carriers.lacking(desk.tx, told.args))
    desk.teammate("boss", Role.OWNER)
    fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived"))
    assert desk.waiting(Kind.DIGEST_FAILED)[-1].args["agent_id"] == "boss"


def test_where_no_message_reaches_the_author_the_leads_hear_and_then_a_channel(desk: Desk) -> None:
    desk.teammate("ana", Role.LEAD)
    desk.tx.insert(a_route(NIGHT))
    digest = counted(desk, begun(desk, author="ana"))
    fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived"))

    def told() -> list[str]:
        heard = (one.args for one in desk.waiting(Kind.DIGEST_FAILED))
        return sorted(one.get("agent_id") or one["channel_id"] for one in heard)

    desk.teammate("boss", Role.OWNER)
    fails(desk, digest, Kind.DIGEST_FAILED, TargetGone("cannot_dm"), agent_id="ana", lack="")
    assert told() == ["ana", "boss"]
    fails(desk, digest, Kind.DIGEST_FAILED, TargetGone("cannot_dm"), agent_id="boss", lack="")
    assert told() == ["ana", "boss"], "Ana, who leads, too, was told before"
    desk.tx.execute(update(Agent).where(col(Agent.id) == "boss").values(role=None))
    fails(desk, digest, Kind.DIGEST_FAILED, TargetGone("cannot_dm"), agent_id="ana", lack="")
    assert told() == [NIGHT, "ana", "boss"]


def test_whoever_only_took_another_plan_away_is_not_its_author(desk: Desk) -> None:
    for name in ("ana", "bob"):
        desk.teammate(name, Role.LEAD)
    first = Defined(DefinitionKind.DIGEST, "first", DigestPlan("team", SUPPORT, "UTC", every=Rhythm.MONTH))
    definitions.define(desk.tx, first, None, NOON)
    digest = counted(desk, begun(desk, author="ana"))
    left = [one for one in definitions.current(desk.tx) if one != first]
    definitions.apply(desk.tx, left, NOON + DAY, agents.get(desk.tx, TEAM, "bob"))
    fails(desk, digest, Kind.DIGEST_POST, TargetGone("is_archived"))
    assert [one.args["agent_id"] for one in desk.waiting(Kind.DIGEST_FAILED)] == ["ana"]


def test_what_a_digest_says_stands_in_one_message_for_whoever_asked(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    digest = counted(desk, begun(desk))
    with language("en"):
        whole = cards.whole(desk.tx, digest, digest.due_at)
    assert "How much was written" in str(whole.parts)
    assert "below, in the thread" not in str(whole.parts)


def test_a_plans_report_follows_its_digest_and_goes_to_people_whatever_becomes_of_that(
    desk: Desk, mia: BuyerThere
) -> None:
    mia.says("Where is my parcel?")
    digest = counted(desk, begun(desk, report_to=("here", "UOWNER", "UOWNER")))
    assert [one.args["agent_id"] for one in desk.waiting(Kind.DIGEST_FILE)] == ["UOWNER"]
    digests.posted(desk.tx, digest.id or 0, Said("1.1"), desk.now)
    handed = desk.waiting(Kind.DIGEST_FILE)
    assert {(one.args["agent_id"], one.args["form"]) for one in handed} == {("UOWNER", "report"), ("", "report")}
    again = digests.again(desk.tx, found(desk), "ULI", ("", ""), desk.now)
    digests.posted(desk.tx, again.id or 0, Said("1.2"), desk.now)
    assert len(desk.waiting(Kind.DIGEST_FILE)) == 2


def test_of_nothing_there_is_no_report(desk: Desk) -> None:
    digest = begun(desk, report_to=("here", "UOWNER"))
    digests.frozen(desk.tx, digest.id or 0, {}, {}, desk.now)
    digests.posted(desk.tx, digest.id or 0, Said("1.1"), desk.now)
    assert desk.waiting(Kind.DIGEST_FILE) == []
