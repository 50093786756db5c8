"""What a digest lacks for good: told once, to those who can do something about it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from chatops.cards import digest as cards
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.delivery import digest_file
from chatops.delivery import digests as carriers
from chatops.delivery.hand import Hand, Tools
from chatops.delivery.retry import judge
from chatops.desk import digest_asking, digests
from chatops.desk.digests import Said
from chatops.errors import PlatformError, Refused, Rejected, TargetGone, TokenRevoked, Unavailable
from chatops.i18n import language
from chatops.model import digest as questions
from chatops.model.agent import Agent, Role
from chatops.outbox import Kind
from chatops.platforms.ports import PersonRef, ThreadRef, Upload
from chatops.store.lanes import Claimed, Done, Hold, InHand, Later
from chatops.times import SystemTime
from chatops.ui import Card, Controls
from tests.desk.scenes import NIGHT, NOON, TEAM, BuyerThere, Desk, a_route
from tests.digest.reading import plain
from tests.digest.test_carrying import DAY, Reads, begun, counted, fails, found, head_of


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        (Kind.DIGEST_PICTURE, Rejected("missing_scope"), "install it again from manifest.yml"),
        (Kind.DIGEST_PICTURE, TargetGone("missing_permissions"), "Attach Files"),
        (Kind.DIGEST_PICTURE, TargetGone("message_not_found"), ""),
        (Kind.DIGEST_THREAD, TargetGone("missing_permissions"), "Create Public Threads"),
        (Kind.DIGEST_THREAD, TargetGone("unknown_message"), ""),
        (Kind.DIGEST_SECTION, TargetGone("missing_permissions"), "Send Messages in Threads"),
        (Kind.DIGEST_SECTION, Rejected("msg_too_long"), "Not all of it could be posted below it (msg_too_long)."),
        (Kind.DIGEST_SECTION, TargetGone("thread_not_found"), ""),
    ],
)
def test_what_a_digest_lacks_leads_hear_once_and_not_again_the_next_morning(
    desk: Desk, kind: Kind, error: PlatformError, told: str
) -> None:
    desk.teammate("boss", Role.LEAD)
    desk.teammate("ana", Role.AGENT)
    digest = counted(desk, begun(desk, author="ana"))
    for _ in range(2):
        assert isinstance(fails(desk, digest, kind, error), Done)
    heard = desk.waiting(Kind.DIGEST_FAILED)
    assert [one.args["agent_id"] for one in heard] == (["boss"] if told else [])
    if told:
        with language("en"):
            assert told in cards.not_whole(found(desk)).summary
    assert digests.due(desk.tx, NOON + 2 * DAY) == 1
    fails(desk, found(desk), kind, error)
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == len(heard)


@pytest.mark.parametrize(
    ("whom", "form", "error", "told"),
    [
        ("UOWNER", "report", TargetGone("user_disabled"), "Its report could not be handed over (user_disabled)."),
        ("UOWNER", "report", Rejected("missing_scope"), "install it again from manifest.yml"),
        ("", "report", TargetGone("missing_permissions"), "Attach Files"),
        ("", "report", TargetGone("thread_not_found"), ""),
        ("UOWNER", "csv", Rejected("missing_scope"), ""),
        ("UASKS", "report", Rejected("missing_scope"), ""),
    ],
)
def test_of_a_plans_report_that_cannot_be_handed_over_leads_hear_as_of_a_picture(
    desk: Desk, mia: BuyerThere, whom: str, form: str, error: PlatformError, told: str
) -> None:
    mia.says("Hello")
    desk.teammate("boss", Role.LEAD)
    digest = counted(desk, begun(desk, report_to=("here", "UOWNER", "UOTHER")))
    fails(desk, digest, Kind.DIGEST_PICTURE, Rejected("msg_too_long"))
    for _ in range(2):
        fails(desk, digest, Kind.DIGEST_FILE, error, agent_id=whom, form=form)
    heard = [str(carriers.lacking(desk.tx, one.args)) for one in desk.waiting(Kind.DIGEST_FAILED)]
    assert len(heard) == (2 if told else 1), "of the picture, too"
    assert "without its picture" in heard[0]
    if told:
        assert told in heard[1]
        assert (f"Mention(external_id='{whom}')" in heard[1]) == bool(whom)
    assert digests.due(desk.tx, NOON + 2 * DAY) == 1
    fails(desk, found(desk), Kind.DIGEST_FILE, error, agent_id=whom, form=form)
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == len(heard)
    fails(desk, found(desk), Kind.DIGEST_FILE, error, agent_id="UOTHER", form="report")
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == len(heard) + 1, "another person"


def test_of_two_parts_that_fail_at_once_leads_hear_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.teammate("boss", Role.LEAD)
    digest = counted(desk, begun(desk))
    read = digest.model_copy()
    monkeypatch.setattr(questions, "get", lambda *_: read.model_copy())  # as both have read it
    for _ in range(2):
        fails(desk, digest, Kind.DIGEST_SECTION, Rejected("msg_too_long"))
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == 1


@pytest.mark.parametrize("kind", [Kind.DIGEST_THREAD, Kind.DIGEST_SECTION, Kind.DIGEST_FILE])
def test_what_belongs_below_a_digest_waits_out_what_the_digest_itself_waits_out(desk: Desk, kind: Kind) -> None:
    digest = counted(desk, begun(desk))
    head = replace(head_of(digest, kind), attempts=500)  # a day and a half
    assert isinstance(judge(head, "scope", Unavailable("internal_error"), NOON).outcome, Later)
    assert isinstance(judge(head, "scope", TokenRevoked("token_revoked"), NOON).outcome, Hold)


def buttons(card: Card) -> list[object]:
    return [one for part in card.parts if isinstance(part, Controls) for one in part.controls]


def send_again(desk: Desk, ref: str, workspace_id: str = TEAM) -> None:
    """Press the button on what leads are told."""
    lead = Agent(workspace_id=workspace_id, id="boss", role=Role.LEAD)
    digest_asking.BY_VERB[Verb.DIGEST_AGAIN](desk.tx, lead, ref, {}, desk.now)


@pytest.mark.parametrize(
    ("kind", "missing", "error"),
    [
        (Kind.DIGEST_PICTURE, "picture", Rejected("missing_scope")),
        (Kind.DIGEST_SECTION, "section", TargetGone("missing_permissions")),
        (Kind.DIGEST_FILE, "report:UOWNER", TargetGone("user_disabled")),
    ],
)
def test_what_is_missing_a_lead_sends_again_once_and_hears_if_that_fails_too(
    desk: Desk, mia: BuyerThere, kind: Kind, missing: str, error: PlatformError
) -> None:
    mia.says("Hello")
    desk.teammate("boss", Role.LEAD)
    digest = counted(desk, begun(desk, report_to=("UOWNER",)))
    digests.posted(desk.tx, digest.id or 0, Said("100.1"), desk.now)
    put, whom = len(desk.waiting(kind)), {"agent_id": missing.partition(":")[2], "form": "report"}
    fails(desk, digest, kind, error, **whom)
    with language("en"):
        assert button(Verb.DIGEST_AGAIN, f"{digest.id}/{missing}") in buttons(cards.not_whole(found(desk)))
    with pytest.raises(Refused):
        send_again(desk, f"{digest.id}/{missing}", "elsewhere")
    send_again(desk, f"{digest.id}/{missing}")
    assert len(desk.waiting(kind)) == put + 1
    for ref in (f"{digest.id}/{missing}", f"{digest.id}/", "x/picture"):
        with pytest.raises(Refused):
            send_again(desk, ref)
    fails(desk, found(desk), kind, error, **whom)
    assert len(desk.waiting(Kind.DIGEST_FAILED)) == 2


def test_a_channel_that_hears_of_it_as_there_are_no_leads_calls_nobody_and_has_no_button(
    desk: Desk, mia: BuyerThere
) -> None:
    mia.says("Hello")
    desk.tx.insert(a_route(NIGHT))
    desk.teammate("UOWNER")
    digest = counted(desk, begun(desk, report_to=("UOWNER",)))
    fails(desk, digest, Kind.DIGEST_FILE, Rejected("missing_scope"), agent_id="UOWNER", form="report")
    [told] = desk.waiting(Kind.DIGEST_FAILED)
    card = carriers.lacking(desk.tx, told.args)
    assert card is not None
    assert (told.args["channel_id"], buttons(card)) == (NIGHT, [])
    assert plain(card.parts).splitlines() == [
        "Its report could not be handed over (missing_scope).",
        "It is for Uowner.",
        "The Slack app lacks a scope: install it again from manifest.yml.",
    ]


class Postbox:
    """A person's direct messages, and a thread: they keep what they get by its key."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def pieces(self, card: Card) -> list[Card]:
        return [card]

    async def find(self, _place: ThreadRef, key: str, since: datetime) -> str | None:
        return key if key in self.kept and since <= NOON + DAY else None

    find_direct = find

    async def post(self, _place: ThreadRef, _card: Card, key: str) -> None:
        self.kept.append(key)

    async def share_direct(self, _whom: PersonRef, _upload: Upload, _card: Card, key: str) -> None:
        self.kept.append(key)


async def test_what_arrived_although_it_was_given_up_is_not_said_again(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    digest, there, time = counted(desk, begun(desk, report_to=("UOWNER",))), Postbox(), SystemTime()
    digests.posted(desk.tx, digest.id or 0, Said("100.1"), desk.now)
    tools = Tools(cast("Any", Reads(desk)), time, lambda _: cast("Any", there), cast("Any", None), Path())

    async def carried() -> None:
        for kind, carry in ((Kind.DIGEST_SECTION, carriers.section), (Kind.DIGEST_FILE, digest_file.handed)):
            head = InHand(**desk.waiting(kind)[-1].model_dump())
            await carry(tools, Hand(Claimed(head.lane, "", "", [head], 0, time.now() + DAY), time))

    await carried()
    assert len(there.kept) == 2
    fails(desk, found(desk), Kind.DIGEST_SECTION, Rejected("Bug"))
    fails(desk, found(desk), Kind.DIGEST_FILE, Rejected("Bug"), agent_id="UOWNER", form="report")
    for missing in ("section", "report:UOWNER"):
        send_again(desk, f"{digest.id}/{missing}")
    await carried()
    assert len(there.kept) == 2
