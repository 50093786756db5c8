"""Anybody asks how days went: whose work, of which days, where it comes, and what is told again."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlmodel import col, select

from chatops.cards import counted as said_once
from chatops.cards import digest as cards
from chatops.cards.asked import answer
from chatops.cards.digest_asking import explained, told_of
from chatops.cards.refusals import why_refused
from chatops.cards.report import report
from chatops.catalog import Verb
from chatops.desk import digests
from chatops.desk.commands import Setting, settled
from chatops.digest import asking, export, kept, sections
from chatops.errors import Refusal, Refused
from chatops.i18n import LANGUAGES, language
from chatops.model.agent import Agent, Role
from chatops.model.digest import Digest, DigestState
from chatops.model.team import Team
from chatops.outbox import Kind
from chatops.ui import Controls, Menu
from tests.desk.scenes import SHOP, SUPPORT, TEAM, BuyerThere, Desk, Teammate


def asks(desk: Desk, words: str, who: Teammate, channel: str = SUPPORT) -> Digest:
    """Let somebody ask, and return the newest digest."""
    settled(desk.tx, Setting(TEAM, who.name, Verb.DIGEST, words, f"{words}{desk.now}", channel_id=channel), desk.now)
    return desk.tx.all(Digest, select(Digest).order_by(col(Digest.id).desc()))[0]


def shown(desk: Desk, words: str, who: Teammate) -> str:
    """Return what /stats answers."""
    agent = desk.tx.get(Agent, TEAM, who.name) or Agent(workspace_id=TEAM, id=who.name)
    with language("en"):
        return str(answer(desk.tx, agent, None, Verb.STATS, words, desk.now))


def counted(desk: Desk, digest: Digest) -> Digest:
    """Count a digest as its carrier does, and return it."""
    found = {key: kept.counted(desk.tx, key, kept.scope_of(digest), kept.window_of(digest)) for key in digest.sections}
    form = desk.waiting(Kind.DIGEST_COUNT)[-1].args["form"]
    numbers = {key: one for key, one in found.items() if one}
    digests.frozen(desk.tx, digest.id or 0, numbers, {}, desk.now, form)
    return desk.tx.all(Digest, select(Digest).where(Digest.id == digest.id))[0]


def test_without_words_it_is_the_day_so_far_of_the_teams_shops(desk: Desk, li: Teammate) -> None:
    found = asks(desk, "", li)
    window = kept.window_of(found)
    assert (window.zone.key, window.start.hour, window.end) == ("Europe/London", 23, desk.kept)
    assert kept.scope_of(found).shops == (SHOP,)
    assert (found.channel_id, found.asked_by, found.state) == ("", li.name, DigestState.PLANNED)
    before = kept.before_of(found)
    assert (before.start, before.end) == (window.start - timedelta(days=1), window.end - timedelta(days=1))


def test_shops_countries_teams_and_oneself_can_be_named(desk: Desk, li: Teammate) -> None:
    scope = kept.scope_of(asks(desk, "yesterday maomao-gb team logistics me", li))
    assert (scope.shops, scope.teams, scope.agent_id) == ((SHOP,), ("logistics",), li.name)
    for words in ("tomorrow", "yesterday maomao-xx", "2026-02-31"):
        with pytest.raises(Refused) as refused:
            asks(desk, words, li)
        assert refused.value.reason is Refusal.DIGEST_UNCLEAR


def test_a_team_is_called_as_the_desk_does_and_another_one_is_refused(desk: Desk, li: Teammate) -> None:
    desk.tx.insert(Team(workspace_id=TEAM, name="Night shift"))
    assert kept.scope_of(asks(desk, "yesterday team night-shift", li)).teams == ("Night shift",)
    with pytest.raises(Refused) as refused:
        asks(desk, "yesterday team nobody", li)
    assert refused.value.reason is Refusal.NO_SUCH_TEAM


def test_single_sections_can_be_named_and_what_to_fix_comes_only_so(desk: Desk, li: Teammate) -> None:
    assert asks(desk, "last week fix", li).sections == ["fix"]
    assert asks(desk, "What to fix last week volume", li).sections == ["volume", "fix"]
    assert "fix" not in asks(desk, "last week", li).sections
    found = asks(desk, "yesterday team logistics fix", li)
    assert (found.sections, kept.scope_of(found).teams) == (["fix"], ("logistics",))
    told = counted(desk, asks(desk, "yesterday", li))
    desk.tx.update(told, plan="every morning", local_date="2026-05-04", state=DigestState.POSTED)
    again = asks(desk, "yesterday waiting", li)
    assert (again.state, again.sections) == (DigestState.COUNTED, ["waiting"])


def test_quiet_is_enjoyed_only_where_nobody_wrote_and_nobody_waits_in_all_there_is(
    desk: Desk, li: Teammate, mia: BuyerThere
) -> None:
    def says(words: str) -> str:
        with language("en"):
            return cards.headline(counted(desk, asks(desk, words, li)))

    assert says("today") == "Nobody wrote. Nobody waits. Enjoy the quiet!"
    assert says("today waiting") == "Nobody waits."
    mia.says("Hello")
    desk.passes(hours=1)
    assert says("today team logistics") == "Nothing to tell of: logistics."
    assert says("today fix") == says("today me") == says("today me audit") == "Nothing to tell of."
    assert says("yesterday audit") == "Nothing to tell of."
    assert says("yesterday volume") == "Nobody wrote."


def test_who_answered_in_anothers_ticket_is_not_told_that_nobody_wrote(
    desk: Desk, li: Teammate, mia: BuyerThere
) -> None:
    mia.says("Hello")
    desk.carry_out()
    li.says("On its way!", mia)
    desk.passes(seconds=5)
    desk.passes(minutes=1)
    with language("en"):
        assert cards.headline(counted(desk, asks(desk, "today me", li))).startswith("Told of below: ")


def test_days_of_another_year_stand_with_it_and_those_of_this_year_do_not(desk: Desk, li: Teammate) -> None:
    def titled(words: str) -> list[str]:
        digest = asks(desk, words, li)
        with language("en"):
            wish = asking.wished(desk.tx, Agent(workspace_id=TEAM, id=li.name), words, desk.now)
            return [cards.titled(digest, desk.now), told_of(wish, desk.now), cards.titled(digest)]

    year, of_2025 = titled("366 days"), titled("2025-03-01")
    assert year == ["May 3, 2025 – May 3, 2026"] * 3
    assert of_2025 == ["Sat, Mar 1, 2025"] * 3
    assert titled("2026-03-01") == ["Sun, Mar 1", "Sun, Mar 1", "Sun, Mar 1, 2026"], "a file is kept for years"
    assert titled("2025-03-01 20:00..22:00")[0].startswith("Sat, Mar 1, 2025 · 8:00")
    assert "Sat, Mar 1, 2025" in shown(desk, "clocks.open 2025-03-01", li)
    new_year = asks(desk, "2025-12-31", li)
    new_year.plan = "every morning"
    with language("en"):
        first = new_year.end_at + timedelta(hours=9)
        assert cards.titled(new_year, first) == "Yesterday, Wed, Dec 31, 2025"


def test_what_there_is_not_of_one_person_team_or_country_is_refused(desk: Desk, li: Teammate) -> None:
    with pytest.raises(Refused) as refused:
        asks(desk, "yesterday me targets", li)
    with language("en"):
        assert "“Targets” is not counted for one person" in why_refused(refused.value)
    assert asks(desk, "yesterday team logistics targets", li).sections == ["targets"]
    assert "targets" not in asks(desk, "yesterday me", li).sections
    for words, part in (
        ("targets.first_answer yesterday me", "First answer on average” is not counted for one person"),
        ("targets.official team logistics", "Answered, as TikTok says” is not counted for one team"),
        ("platform.left me", "Late answers that are still allowed” is not counted for one person"),
        ("pages.holes GB", "Holes in the coming week” is not counted for one country"),
    ):
        assert part in shown(desk, words, li)
    assert "Nothing to count." in shown(desk, "targets.first_answer team logistics", li)


def test_in_the_channel_and_with_people_in_order_it_is_for_leads(desk: Desk, li: Teammate) -> None:
    for words in ("yesterday here", "yesterday ranked"):
        with pytest.raises(Refused) as refused:
            asks(desk, words, li)
        assert refused.value.reason is Refusal.NOT_ALLOWED
    found = asks(desk, "yesterday here ranked", desk.teammate("noor", Role.LEAD))
    assert (found.channel_id, found.ranked) == (SUPPORT, True)


def test_what_a_plan_told_is_told_again_and_not_counted_anew(desk: Desk, li: Teammate, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.passes(hours=24)
    told = counted(desk, asks(desk, "yesterday", li))
    desk.tx.update(told, plan="every morning", local_date="2026-05-05", state=DigestState.POSTED)
    mia.says("Hello?")
    desk.passes(hours=1)
    again = asks(desk, "yesterday", li)
    assert (again.id != told.id, again.state, again.numbers) == (True, DigestState.COUNTED, told.numbers)
    with language("en"):
        assert "As it was counted" in str(cards.head(again, desk.now))
    asks(desk, "yesterday csv", li)
    assert desk.waiting(Kind.DIGEST_FILE)[-1].args["digest"] == told.id
    assert asks(desk, "yesterday compare", li).state is DigestState.PLANNED
    assert asks(desk, "yesterday me", li).state is DigestState.PLANNED


def test_a_number_stands_with_its_time_its_work_and_how_it_is_counted(
    desk: Desk, li: Teammate, mia: BuyerThere
) -> None:
    mia.says("Hello")
    mia.says("Anybody?")
    desk.passes(minutes=1)
    said = shown(desk, "volume.messages", li)
    assert "'2'" in said
    assert "maomao-gb" in said
    assert "Everything buyers wrote" in said
    assert "Nothing to count." in shown(desk, "volume.messages yesterday", li)
    assert "volume.messages · Messages from buyers" in shown(desk, "", li)
    assert "Tickets in which a buyer wrote" in shown(desk, "volume", li)
    assert "no number called volume.nonsense" in shown(desk, "volume.nonsense", li)


def test_below_a_digest_every_number_is_told_with_how_it_is_counted(desk: Desk, li: Teammate, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.passes(minutes=1)
    digest = counted(desk, asks(desk, "today", li))
    with language("en"):
        [menu] = [
            one
            for part in cards.whole(desk.tx, digest, desk.now).parts
            if isinstance(part, Controls)
            for one in part.controls
            if isinstance(one, Menu)
        ]
    ways = {option.label: option.value for option in menu.options}
    assert (menu.verb, ways["How much was written"]) == (Verb.STATS, f"{digest.id}/volume")

    def told(who: str, ref: str) -> str:
        with language("en"):
            return str(explained(desk.tx, Agent(workspace_id=TEAM, id=who), ref))

    assert "1 · volume.messages" in told(li.name, ways["How much was written"])
    assert "'volume.messages'" in told("eve", ways["How much was written"]), "it was written to Li alone"
    assert "'volume.messages'" in told("eve", "volume")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_numbers_have_in_common_is_said_once(spoken: str) -> None:
    with language(spoken):
        for section in sections.every():
            common = ""
            for figure, how, more in reversed(list(said_once.each(section.figures))):
                common = more.removeprefix("… ") or common
                whole = f"{how.removesuffix(' …')}{common}" if how.endswith(" …") else how
                assert whole.replace(" ", "") == figure.counted().replace(" ", "")


def test_a_digests_numbers_are_a_sheet_and_a_json_file(desk: Desk, li: Teammate, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.passes(minutes=1)
    digest = counted(desk, asks(desk, "today", li))
    sheet = list(csv.DictReader(io.StringIO(export.as_csv(digest).removeprefix("\ufeff"))))
    assert [row["value"] for row in sheet if (row["section"], row["what"]) == ("volume", "messages")] == ["1", "1"]
    assert {row["timezone"] for row in sheet} == {"Europe/London"}
    said = json.loads(export.as_json(digest))
    messages = said["sections"]["volume"]["figures"]["messages"]
    assert (messages["value"], messages["unit"], messages["name"]) == (1, "count", "Messages from buyers")
    assert messages["counted"].startswith("Everything buyers wrote in their tickets")
    [row] = [row for row in sheet if (row["kind"], row["what"]) == ("figure", "messages")]
    assert (row["name"], row["counted"]) == (messages["name"], messages["counted"])
    assert said["sections"]["volume"]["numbers"] == digest.numbers["volume"]


def test_nothing_in_a_sheet_is_computed(desk: Desk, li: Teammate, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.passes(minutes=1)
    digest = counted(desk, asks(desk, "today", li))
    volume = {**digest.numbers["volume"], "kinds": {"=1+1": 1, "@x": 2}}
    desk.tx.update(digest, numbers={"volume": volume})
    cells = [cell for row in csv.reader(io.StringIO(export.as_csv(digest))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_the_page_for_owners_needs_nothing_else_and_escapes_names(desk: Desk, mia: BuyerThere) -> None:
    mia.says("<b>Where?</b>")
    desk.passes(minutes=1)
    digest = counted(desk, asks(desk, "today report", desk.teammate("noor", Role.LEAD)))
    assert desk.waiting(Kind.DIGEST_FILE)[-1].args["form"] == "report"
    with language("ar"):
        assert 'lang="ar" dir="rtl"' in report(digest, "shop", None, "")
    with language("en"):
        page = report(digest, "<script>shop</script>", (b"light", b"dark"), "Most was written at noon.")
    assert "<script>" not in page
    assert "Where?" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert '<a href="#volume.messages">Messages from buyers</a></th><td>1</td>' in page
    assert '<dt id="volume.messages">Messages from buyers</dt><dd>Everything buyers wrote' in page


def test_the_page_for_owners_is_for_leads(desk: Desk, li: Teammate) -> None:
    with pytest.raises(Refused) as refused:
        asks(desk, "last month report", li)
    assert refused.value.reason is Refusal.NOT_ALLOWED


def test_where_questions_of_buyers_stand_is_in_no_file(desk: Desk, li: Teammate) -> None:
    digest = asks(desk, "last week fix", li)
    point = {"source": "tag", "name": "size", "count": 6, "asked": [{"shop_id": SHOP, "message_id": "7361"}]}
    numbers = {"fix": {"tickets": 30, "before": 0, "points": [point]}}
    desk.tx.update(digest, numbers=numbers, before=numbers)
    for written in (export.as_csv, export.as_json):
        assert ("size" in written(digest), "7361" in written(digest)) == (True, False)


def test_numbers_of_single_people_are_in_a_file_for_leads_only(desk: Desk, li: Teammate, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.carry_out()
    li.says("!claim", mia)
    digest = counted(desk, asks(desk, "today", li))
    assert digest.numbers["team"]["people"]
    for written in (export.as_csv, export.as_json):
        assert ("people" in written(digest), "people" in written(digest, people=True)) == (False, True)
