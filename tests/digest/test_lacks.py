"""What a digest lacks for good: told once, to those who can do something about it."""

import pytest

from chatops.cards import digest as cards
from chatops.delivery import digests as carriers
from chatops.desk import digests
from chatops.errors import PlatformError, Rejected, TargetGone
from chatops.i18n import language
from chatops.model import digest as questions
from chatops.model.agent import Role
from chatops.outbox import Kind
from chatops.store.lanes import Done
from tests.desk.scenes import NOON, BuyerThere, Desk
from tests.digest.test_carrying import DAY, begun, counted, fails, found


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        (Kind.DIGEST_PICTURE, Rejected("missing_scope"), "install it again from manifest.yml"),
        (Kind.DIGEST_PICTURE, TargetGone("missing_permissions"), "Attach Files"),
        (Kind.DIGEST_PICTURE, TargetGone("message_not_found"), ""),
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
