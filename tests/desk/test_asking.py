"""Looking things up: what waits, what somebody looks for, who a buyer is; nothing changes by it."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from chatops.cards import asked as answers
from chatops.cards.queue import FEW
from chatops.catalog import Verb
from chatops.i18n import LANGUAGES, language
from chatops.model import agent as agents
from chatops.model import queue as queues
from chatops.model.agent import Role
from chatops.model.conversation import Buyer, Conversation
from chatops.model.team import Team
from chatops.model.ticket import Ticket
from chatops.model.workspace import PlatformName, Workspace
from chatops.outbox import Whisper
from chatops.ui import Card, Link, Paragraph
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate


def answer(desk: Desk, verb: Verb, words: str = "", about: BuyerThere | None = None, to: str = "li") -> Card:
    agent = agents.get(desk.tx, TEAM, to)
    assert agent is not None
    thread = None if about is None else desk.thread(about)
    return answers.answer(desk.tx, agent, thread, verb, words, desk.now)


def called(desk: Desk, buyer: BuyerThere, name: str) -> None:
    """Let the marketplace tell a buyer's name."""
    desk.tx.execute(update(Buyer).where(col(Buyer.id) == f"im-{buyer.conversation}").values(nickname=name))


@pytest.fixture
def busy(desk: Desk, li: Teammate, noor: Teammate) -> dict[str, BuyerThere]:
    """Four buyers, one after the other: Ana's ticket is Li's, Bo's is Noor's, Cy's nobody's, Di's rests."""
    there = {}
    for name in ("ana", "bo", "cy", "di"):
        buyer = there[name] = desk.buyer(name)
        buyer.says(f"{name} asks about order")
        called(desk, buyer, name.title())
        desk.passes(minutes=1)
    li.says("!claim", there["ana"])
    noor.says("!claim", there["bo"])
    li.says("!snooze 2h", there["di"])
    desk.carry_out()
    return there


def test_the_queue_tells_what_is_mine_and_what_is_nobodys(desk: Desk, busy: dict[str, BuyerThere]) -> None:
    said = answer(desk, Verb.QUEUE).summary.splitlines()
    assert [line.partition(" · ")[0] for line in said] == [
        "Yours: 1",
        "Ana",
        "Nobody's: 1",
        "Cy",
        "1 ticket is snoozed.",
    ]
    assert "maomao-gb" in said[1]


@pytest.mark.parametrize("words", ["oldest", "all", "最久", "terlama", "más antiguos"])
def test_everybodys_queue_begins_with_who_waits_longest(desk: Desk, busy: dict[str, BuyerThere], words: str) -> None:
    busy["ana"].is_told("We are on it")
    said = answer(desk, Verb.QUEUE, words).summary.splitlines()
    assert [line.partition(" · ")[0] for line in said] == ["Open, the longest wait first: 3", "Bo", "Cy", "Ana"]


def test_a_queue_that_there_is_not_is_told_with_those_there_are(desk: Desk, busy: dict[str, BuyerThere]) -> None:
    assert "mine, unassigned, oldest" in answer(desk, Verb.QUEUE, "foo").summary


def test_a_teams_queue_holds_its_tickets_claimed_or_not_however_it_is_written(
    desk: Desk, busy: dict[str, BuyerThere], li: Teammate
) -> None:
    for name in ("ana", "cy", "di"):
        li.says("!assign team night-shift" if name == "cy" else "!assign #Night shift", busy[name])
    li.says("!claim", busy["cy"])
    for words in ("team night shift", "#night_shift", "Night Shift"):
        said = answer(desk, Verb.QUEUE, words).summary.splitlines()
        assert [line.partition(" · ")[0] for line in said] == ["Night shift: 2", "Ana", "Cy"], words
    assert answer(desk, Verb.QUEUE, "team day").summary == "day: 0"


def test_where_teams_are_named_the_queue_of_another_is_refused_unless_open_tickets_have_it(
    desk: Desk, busy: dict[str, BuyerThere], li: Teammate
) -> None:
    li.says("!assign team night-shift", busy["ana"])
    desk.tx.insert(Team(workspace_id=TEAM, name="Returns"))
    assert answer(desk, Verb.QUEUE, "team returns").summary == "Returns: 0"
    assert answer(desk, Verb.QUEUE, "team night shift").summary.startswith("night-shift: 1")
    assert "Returns" in answer(desk, Verb.QUEUE, "team nope").summary
    assert "nope: 0" not in answer(desk, Verb.QUEUE, "team nope").summary


def test_tickets_in_languages_one_answers_come_first(desk: Desk, busy: dict[str, BuyerThere], li: Teammate) -> None:
    def order(words: str) -> list[str]:
        return [line.partition(" · ")[0] for line in answer(desk, Verb.QUEUE, words).summary.splitlines()[1:]]

    li.says("!snooze off", busy["di"])
    for name, heard, chosen in (("ana", "", ""), ("bo", "th", ""), ("cy", "th", "vi"), ("di", "", "th")):
        about = busy[name].conversation
        desk.tx.execute(update(Conversation).where(col(Conversation.id) == about).values(language=heard))
        desk.tx.execute(update(Ticket).where(col(Ticket.conversation_id) == about).values(language=chosen))
    assert order("oldest") == ["Ana", "Bo", "Cy", "Di"], "nobody said what they answer"
    for languages, shown in ((["th"], "Bo Di Ana Cy"), (["vi", "de"], "Cy Ana Bo Di"), (["en"], "Ana Bo Cy Di")):
        desk.tx.execute(update(agents.Agent).where(col(agents.Agent.id) == "li").values(languages=languages))
        assert order("oldest") == shown.split(), languages
    desk.tx.execute(update(agents.Agent).where(col(agents.Agent.id) == "li").values(languages=["th"]))
    assert order("unassigned") == ["Di", "Cy"]
    assert "Bo" in answer(desk, Verb.HOME).summary.partition("Open, the longest wait first")[2].splitlines()[1]


def test_a_long_queue_is_counted(desk: Desk, li: Teammate) -> None:
    for number in range(FEW + 3):
        desk.buyer(f"b{number}").says("Hello")
    assert answer(desk, Verb.QUEUE).summary.splitlines()[-1] == "and 3 more"
    assert answer(desk, Verb.QUEUE, "mine").summary == "Yours: 0"


def test_one_finds_by_name_number_and_words(desk: Desk, busy: dict[str, BuyerThere], li: Teammate) -> None:
    busy["cy"].says("Mein Päckchen 包裹 ist 100% weg")
    li.says("// refund agreed", busy["bo"])
    for words, found in (
        ("an", ["Ana"]),
        (busy["bo"].conversation, ["Bo"]),
        ("päckchen", ["Cy"]),
        ("包裹", ["Cy"]),
        ("100%", ["Cy"]),
        ("%", ["Cy"]),
        ("Refund", ["Bo"]),
        ("asks about", ["Di", "Cy", "Bo", "Ana"]),
        ("content", []),
        ("nothing like it", []),
        ("\u05d0\u05d1", []),
    ):
        said = answer(desk, Verb.FIND, words).summary.splitlines()
        assert [line.partition(" · ")[0] for line in said[1:] if " · maomao" in line] == found, words
        assert said[0] in (f"Found for {words}: {len(found)}", f"Found for \u2068{words}\u2069: {len(found)}")
    assert answer(desk, Verb.FIND, "long " * 20_000).summary.endswith(": 0")
    assert "refund agreed" in answer(desk, Verb.FIND, "refund").summary
    assert answer(desk, Verb.FIND, " ").summary.startswith("Nothing to look for")


def test_what_was_taken_back_is_not_found_and_what_no_buyer_read_is_marked(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    li.deletes(li.says("the blue parcel, I think", asked))
    li.says("// the green parcel", asked)
    li.says("the red parcel", asked)
    said = [message for _, message in queues.saying(desk.tx, TEAM, "the", desk.now, 10)]
    assert sorted(message.text for message in said) == ["the green parcel", "the red parcel"]
    assert "Note: the green parcel" in answer(desk, Verb.FIND, "green").summary
    assert "Not sent: the red parcel" in answer(desk, Verb.FIND, "red").summary
    desk.passes(seconds=30)
    assert "Not sent" not in answer(desk, Verb.FIND, "red").summary


def test_the_newest_words_are_found_without_reading_all_that_was_ever_said(desk: Desk) -> None:
    database = desk.tx.connection.connection.driver_connection
    assert database is not None
    ran: list[str] = []
    database.set_trace_callback(ran.append)
    queues.saying(desk.tx, TEAM, "parcel", desk.now, 10)
    database.set_trace_callback(None)
    plan = database.execute(f"EXPLAIN QUERY PLAN {ran[0]}").fetchall()
    assert "USING INDEX message_said" in str(plan)


def test_who_only_looks_on_does_not_search_what_was_said(desk: Desk, asked: BuyerThere) -> None:
    eve = desk.teammate("eve", Role.OBSERVER)
    for words in ("!find parcel", "!who", "!queue"):
        eve.says(words, asked)
    assert eve.whispers == ["not_allowed", "not_allowed", "asked"]


def test_who_a_buyer_is_tells_all_their_tickets(desk: Desk, busy: dict[str, BuyerThere], li: Teammate) -> None:
    li.says("!level quality", busy["ana"])
    li.says("!resolve", busy["ana"])
    desk.passes(days=8)
    busy["ana"].says("Me again")
    desk.carry_out()
    said = answer(desk, Verb.WHO, about=busy["ana"]).summary.splitlines()
    assert said[0] == "Ana: 2 tickets"
    assert said[1].startswith("#2 · May 12, 2026 · Open · maomao-gb")
    assert said[2].startswith("#1 · May 4, 2026 · Resolved · maomao-gb · Quality")
    assert answer(desk, Verb.WHO).summary == "Nobody knows yet who this buyer is."


def test_nobody_sees_what_is_not_mirrored_into_their_workspace(desk: Desk, busy: dict[str, BuyerThere]) -> None:
    desk.tx.insert(Workspace(id="T0OTHER", name="other", platform=PlatformName.SLACK, locale="en"))
    desk.tx.insert(agents.Agent(workspace_id="T0OTHER", id="eve", name="Eve"))
    eve = agents.get(desk.tx, "T0OTHER", "eve")
    assert eve is not None
    for verb, words in ((Verb.QUEUE, "oldest"), (Verb.FIND, "asks")):
        assert answers.answer(desk.tx, eve, None, verb, words, desk.now).summary.endswith(": 0")


def test_it_is_answered_to_whoever_asks_alone(desk: Desk, asked: BuyerThere, li: Teammate) -> None:
    before = list(desk.channels[SUPPORT])
    for words in ("!queue", "!find Mia", "!who"):
        li.says(words, asked)
    assert li.whispers == [Whisper.ASKED] * 3
    assert desk.channels[SUPPORT] == before
    assert [facts["verb"] for _, facts in desk.whispers["li"]] == ["queue", "find", "who"]


def test_lists_speak_the_readers_language(desk: Desk, busy: dict[str, BuyerThere]) -> None:
    said = set()
    for tongue in LANGUAGES:
        with language(tongue):
            said |= {answer(desk, Verb.QUEUE).summary, answer(desk, Verb.FIND, "Cy").summary}
            said.add(answer(desk, Verb.WHO, about=busy["cy"]).summary)
    assert len(said) == 3 * len(LANGUAGES)


def test_the_own_page_leads_into_the_channels_that_tickets_come_to(desk: Desk) -> None:
    desk.teammate("li")
    links = {
        piece
        for part in answer(desk, Verb.HOME).parts
        if isinstance(part, Paragraph)
        for piece in part.line
        if isinstance(piece, Link)
    }
    assert links == {Link(f"https://app.slack.com/client/{TEAM}/{SUPPORT}", "maomao-gb · Chat")}
