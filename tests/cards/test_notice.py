"""What people are told about answers, requests and connections."""

import pytest

from chatops.cards import notice
from chatops.cards.commands import called
from chatops.cards.help import helped, thread_help
from chatops.cards.verbs import label
from chatops.catalog import CATALOG, Verb
from chatops.errors import Refusal, Refused
from chatops.model import rulebook
from chatops.model.message import Held, MessageState
from chatops.model.rulebook import RulebookName
from chatops.model.shop import RoutePosture
from chatops.rules import lint
from chatops.ui import Button, Card, Controls, Mention, Moment, Paragraph, Press, Quote, Tone
from tests.cards.painter import painted
from tests.cards.samples import SHOP, answer, failed, message


def controls(card: Card) -> list[Button]:
    rows = [part.controls for part in card.parts if isinstance(part, Controls)]
    return [control for row in rows for control in row if isinstance(control, Button)]


def verbs(card: Card) -> list[str]:
    return [button.press.verb for button in controls(card)]


def test_a_failed_answer_is_quoted_explained_and_can_be_tried_again() -> None:
    card = notice.not_sent(failed("unreachable"))
    assert [part.text for part in card.parts if isinstance(part, Quote)] == ["It left today."]
    assert "could not be reached" in card.summary
    assert verbs(card) == ["retry", "copy", "drop"]
    assert all(button.confirm is None for button in controls(card))


@pytest.mark.parametrize("fault", sorted(set(Held) - {Held.LINT_BLOCK}))
def test_an_answer_that_is_held_is_quoted_and_can_be_sent_all_the_same(fault: str) -> None:
    card = notice.not_sent(failed(fault))
    assert card.tone is Tone.WARN
    assert card.summary.startswith("This answer is not sent yet.")
    assert verbs(card) == ["anyway", "reword", "copy", "drop"]


def test_what_the_rules_found_is_named_with_the_reason_and_a_lead_may_approve_it() -> None:
    words = "Just use WhatsApp, as we CAN'T tell here"
    rules = lint.read(rulebook.starter(RulebookName.LINT))
    card = notice.not_sent(answer(words, state=MessageState.FAILED, fault=Held.LINT_BLOCK), lint.check(words, rules))
    lines = [part.line[0] for part in card.parts if isinstance(part, Paragraph)]
    assert "“WhatsApp”: It leads the buyer away from TikTok Shop, which TikTok forbids." in lines
    assert "A lead must approve it first, or you edit your message." in lines
    assert verbs(card) == ["approve", "reword", "copy", "drop"]


@pytest.mark.parametrize("fault", sorted(Held))
def test_every_button_of_a_held_answer_fits_with_the_longest_ids(fault: str) -> None:
    held, snowflake = failed(fault), "9" * 19  # Discord's are the longest; the last part of what was split in many
    held.id = f"{snowflake}-{snowflake}-{snowflake}-0.02"
    assert all(button.press.encode() for button in controls(notice.not_sent(held)))


def test_the_writer_of_a_failed_answer_is_called() -> None:
    first = notice.not_sent(failed("unreachable")).parts[0]
    assert isinstance(first, Paragraph)
    assert first.line[0] == Mention("ULI")


def test_an_answer_that_may_have_arrived_is_sent_again_only_after_a_question() -> None:
    card = notice.not_sent(failed("unsure"))
    assert card.tone is Tone.WARN
    assert "may not have reached" in card.summary
    assert "Seller Center" in card.summary
    [again] = [button for button in controls(card) if button.press.verb == Verb.RETRY]
    assert again.confirm is not None


@pytest.mark.parametrize("code", ["sensitive_content", "too_long", "file_type", "file_too_large", "media_gone"])
def test_what_would_fail_again_is_not_tried_again(code: str) -> None:
    assert verbs(notice.not_sent(failed(code))) == ["copy", "drop"]


def test_an_unknown_fault_is_named() -> None:
    assert "Reason: tiktok_45109999" in notice.not_sent(failed("tiktok_45109999")).summary


def test_only_an_answer_in_the_lane_holds_the_ones_behind_it() -> None:
    assert "wait until you decide" in notice.not_sent(failed("unreachable")).summary
    assert "wait until you decide" not in notice.not_sent(answer(fault="unreachable")).summary


def test_a_picture_has_no_words_to_copy() -> None:
    assert verbs(notice.not_sent(message("IMAGE", fault="unreachable"))) == ["retry", "drop"]


def test_undo_says_when_the_answer_leaves() -> None:
    card = notice.undo_offer(answer())
    [line] = [part.line for part in card.parts if isinstance(part, Paragraph)]
    assert [part.instant for part in line if isinstance(part, Moment)] == [answer().leaves_at]
    assert verbs(card) == ["undo"]


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_is_one_short_text(reason: Refusal) -> None:
    card = notice.refusal(Refused(reason))
    assert 0 < len(card.summary) <= 120
    assert card.summary.endswith(".")


def test_too_long_says_by_how_much_and_offers_to_split() -> None:
    card = notice.refusal(Refused(Refusal.TOO_LONG, length=4001, limit=2000, parts=3), answer())
    assert "4,001" in card.summary
    assert "2,000" in card.summary
    [split] = controls(card)
    assert (split.label, split.press.verb) == ("Send as 3 messages", Verb.SPLIT)


def test_there_is_nothing_to_split_without_the_answer() -> None:
    assert controls(notice.refusal(Refused(Refusal.TOO_LONG, length=4001, limit=2000, parts=3))) == []


def test_what_asks_first_can_be_given_them_in_a_form() -> None:
    facts = {"verb": "snooze", "shop_id": "749", "ticket_id": "7.1"}
    [opens] = controls(notice.refusal(Refused(Refusal.WORDS_NEEDED, **facts)))
    assert opens.press == Press(Verb.SNOOZE, "749/7.1")


def test_a_claimed_ticket_says_by_whom() -> None:
    first = notice.refusal(Refused(Refusal.ALREADY_CLAIMED, agent_id="ULI")).parts[0]
    assert isinstance(first, Paragraph)
    assert first.line == (Mention("ULI"), " has already claimed this ticket.")


def test_a_note_can_be_sent_after_all() -> None:
    assert verbs(notice.note_kept(answer(state=MessageState.NOTE))) == ["send_note"]


def test_a_copy_is_the_answer_to_the_letter() -> None:
    card = notice.copied(answer("Line one\n<b>two</b>"))
    assert [part.text for part in card.parts if isinstance(part, Quote)] == ["Line one\n<b>two</b>"]


def test_an_incident_gives_its_code() -> None:
    assert notice.incident("k7f3").summary.endswith("k7f3")


def test_an_undelivered_message_says_whose_it_was_why_and_what_to_do() -> None:
    shown = painted(notice.undelivered("mirror", "msg_too_long", buyer="Mia", shop="Glow Shop"))
    assert all(words in shown for words in ("Mia · Glow Shop", "msg_too_long", "Seller Center"))


def test_an_answer_that_could_not_be_shown_may_be_with_the_buyer_nonetheless() -> None:
    for kind in ("spoken", "told"):
        assert "answer there" not in notice.undelivered(kind, "msg_too_long").summary
    assert "before anybody answers again" in notice.undelivered("spoken", "msg_too_long").summary


def test_a_lost_connection_says_how_to_get_it_back() -> None:
    card = notice.shop_disconnected(SHOP)
    assert card.title == "Glow Shop is disconnected"
    assert "chatops shop connect" in card.summary


def test_help_names_every_verb_and_every_way_to_say_it() -> None:
    card = thread_help(commands=True)
    assert all(label(entry.verb) in card.summary for entry in CATALOG if entry.words or entry.menu)
    assert all(word in card.summary for entry in CATALOG for word in entry.words)
    assert all(called(entry) in card.summary for entry in CATALOG if entry.command)
    assert all(mark in card.summary for mark in ("👀", "✅", "🔄"))


@pytest.mark.parametrize("asked", ["claim", "!claim", "/claim", " Claim "])
def test_help_explains_one_verb_at_length(asked: str) -> None:
    said = helped(asked, RoutePosture.TO_BUYER).summary
    assert all(words in said for words in ("so that everybody knows", "!claim", "👀", "Press the button", "Agents"))
    assert helped(f"{asked}?", RoutePosture.TO_BUYER) == helped("", RoutePosture.TO_BUYER) == thread_help()
