"""Reactions that a workspace gave a meaning of its own."""

import pytest

from chatops.catalog import Verb
from chatops.desk import desk_toml, setup
from chatops.errors import SetupError
from chatops.model.agent import Role
from chatops.model.binding import Binding, name_of
from tests.desk.scenes import SUPPORT, TEAM, BuyerThere, Desk, Teammate, a_plan, a_route

DESK = """
[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[reactions]]
workspace = "team"
emoji = "📦"
does = "macro where-is-my-order"

[[reactions]]
workspace = "team"
emoji = ":star:"
does = "tag vip"
"""


@pytest.fixture
def bound(desk: Desk, mia: BuyerThere) -> BuyerThere:
    """A buyer whose ticket has a thread, in a workspace with reactions of its own."""
    does = {"package": "macro where-is-my-order", "star": "tag vip", "zzz": "snooze 2h", "eyes": "note", "lock": "!!"}
    for emoji, what in does.items():
        desk.tx.insert(Binding(workspace_id=TEAM, emoji=emoji, does=what))
    mia.says("Where is my parcel?")
    desk.carry_out()
    return mia


def test_a_reaction_bound_to_a_macro_asks_for_it_privately(desk: Desk, bound: BuyerThere, li: Teammate) -> None:
    assert li.reacts("package", bound)
    desk.carry_out()
    assert desk.whispers["li"] == [("asked", {"verb": Verb.MACRO, "words": "where-is-my-order"})]


def test_a_bound_verb_is_done_with_its_words_and_undone_when_the_reaction_is_taken_away(
    desk: Desk, bound: BuyerThere, li: Teammate
) -> None:
    li.reacts("star", bound)
    li.reacts("zzz", bound)
    assert desk.ticket(bound).tags == ["vip"]
    assert desk.ticket(bound).snoozed_until is not None
    li.reacts("star", bound, added=False)
    li.reacts("zzz", bound, added=False)
    assert desk.ticket(bound).tags == []
    assert desk.ticket(bound).snoozed_until is None


def test_taking_away_ones_own_reaction_wakes_nothing_that_a_teammate_let_rest(
    desk: Desk, bound: BuyerThere, li: Teammate
) -> None:
    noor = desk.teammate("noor")
    li.reacts("zzz", bound)
    noor.reacts("zzz", bound)
    li.reacts("zzz", bound, added=False)
    assert desk.ticket(bound).snoozed_until is not None


def test_an_emoji_is_known_by_each_of_its_names_and_a_tag_in_capitals_too(
    desk: Desk, bound: BuyerThere, li: Teammate
) -> None:
    desk.tx.insert(Binding(workspace_id=TEAM, emoji=name_of("👍"), does="tag VIP"))
    li.reacts("+1", bound)
    assert [tag.casefold() for tag in desk.ticket(bound).tags] == ["vip"]
    li.reacts("thumbsup", bound, added=False)
    assert desk.ticket(bound).tags == []


def test_taking_away_what_did_nothing_says_nothing(desk: Desk, bound: BuyerThere, li: Teammate) -> None:
    li.reacts("star", bound, added=False)
    li.reacts("zzz", bound, added=False)
    assert li.whispers == []


def test_whoever_may_only_look_on_does_nothing_by_it(desk: Desk, bound: BuyerThere) -> None:
    guest = desk.teammate("gus", Role.OBSERVER)
    guest.reacts("star", bound)
    assert desk.ticket(bound).tags == []
    assert guest.whispers == ["not_allowed"]


def test_the_desk_file_names_them_and_is_written_back_as_it_was(desk: Desk) -> None:
    plan = desk_toml.parse(DESK)
    assert [(one.emoji, one.does) for one in plan.bindings] == [
        ("package", "macro where-is-my-order"),
        ("star", "tag vip"),
    ]
    assert desk_toml.parse(desk_toml.write(plan)).bindings == plan.bindings
    changes = [f"{each.sign} {each.what}" for each in setup.apply(desk.tx, plan, desk.now)]
    assert {"+ reaction package of T0TEAM", "+ reaction star of T0TEAM"} <= set(changes)
    again = [f"{each.sign} {each.what}" for each in setup.compare(desk.tx, a_plan(a_route(SUPPORT)))]
    assert {"- reaction package of T0TEAM", "- reaction star of T0TEAM"} <= set(again)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('does = "dance"', "nothing is called 'dance'"),
        ('does = ""', "nothing is called ''"),
        ('does = "zone Europe/London"', "nothing is called"),
        ('workspace = "elsewhere"', "names workspace elsewhere"),
        ('emoji = "star"', "names reaction star of T0TEAM twice"),
    ],
)
def test_a_binding_that_makes_no_sense_is_refused(line: str, problem: str) -> None:
    name = line.partition(" ")[0]
    text = DESK.replace('does = "macro where-is-my-order"', line) if name == "does" else DESK
    text = text.replace('workspace = "team"', line, 1) if name == "workspace" else text
    text = text.replace('emoji = "📦"', line) if name == "emoji" else text
    with pytest.raises(SetupError, match=problem):
        desk_toml.parse(text)
