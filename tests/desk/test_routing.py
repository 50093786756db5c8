"""Tickets go to the channels whose routes fit them best."""

import re
from datetime import timedelta

import pytest

from chatops.desk import desk_toml, routing, setup, tickets
from chatops.errors import SetupError
from chatops.model.shop import Route
from chatops.model.ticket import Level
from chatops.store import Transaction
from tests.desk.scenes import SUPPORT, TEAM, Desk, a_plan, a_route

THAI, ANGRY = "C0THAI", "C0ANGRY"


def a_route_for(channel: str, *, languages: tuple[str, ...] = (), levels: tuple[str, ...] = ()) -> Route:
    """Return a route that takes only some of the shop's chats."""
    route = a_route(channel)
    route.languages, route.levels = list(languages), list(levels)
    return route


SPLIT = (a_route(), a_route_for(THAI, languages=("th",)), a_route_for(ANGRY, levels=("complaint",)))


@pytest.fixture
def split(tx: Transaction) -> Desk:
    """A desk whose Thai buyers and complaints go to channels of their own."""
    return Desk(tx, *(route.model_copy() for route in SPLIT))


def test_a_buyer_s_language_decides_on_the_channel(split: Desk) -> None:
    split.buyer("mia").says("Where is my parcel?")
    split.buyer("mali").says("พัสดุของฉันอยู่ที่ไหน")
    split.carry_out()
    assert split.channels == {
        SUPPORT: ["(card)", "Where is my parcel?"],
        THAI: ["(card)", "พัสดุของฉันอยู่ที่ไหน"],
    }


def test_a_language_that_shows_later_brings_a_thread_where_it_is_spoken(split: Desk) -> None:
    mali = split.buyer("mali")
    mali.says("👋")
    split.carry_out()
    mali.says("พัสดุของฉันอยู่ที่ไหน")
    mali.says("ขอบคุณค่ะ")
    split.carry_out()
    said = ["(card)", "👋", "พัสดุของฉันอยู่ที่ไหน", "ขอบคุณค่ะ"]
    assert split.channels == {SUPPORT: said, THAI: said}


def test_a_ticket_that_becomes_a_complaint_gets_a_thread_where_complaints_go_and_keeps_its_own(split: Desk) -> None:
    mia = split.buyer("mia")
    mia.says("It is broken, I want my money back!")
    split.carry_out()
    ticket = split.ticket(mia)
    ticket.level = Level.COMPLAINT
    tickets.open_threads(split.tx, ticket, split.now)
    mia.says("Now!")
    split.carry_out()
    assert split.channels[ANGRY] == ["(card)", "It is broken, I want my money back!", "Now!"]
    assert split.channels[SUPPORT][-1] == "Now!"


def test_the_plan_tells_where_last_weeks_tickets_would_have_gone(desk: Desk) -> None:
    desk.buyer("old").says("สวัสดี ขอถามหน่อย")
    desk.passes(days=8)
    for name, text in (("mia", "Hello there, how are you?"), ("mali", "สวัสดีค่ะ"), ("noi", "ราคาเท่าไหร่คะ")):
        desk.buyer(name).says(text)
    assert routing.last_week(desk.tx, SPLIT, desk.now) == [((TEAM, SUPPORT), 3, 1), ((TEAM, THAI), 0, 2)]


def test_routes_that_come_later_give_open_tickets_the_threads_that_fit(desk: Desk) -> None:
    desk.buyer("mali").says("สวัสดีค่ะ")
    desk.passes(seconds=1)
    setup.apply(desk.tx, a_plan(*(route.model_copy() for route in SPLIT)), desk.now + timedelta(seconds=1))
    desk.passes(seconds=1)
    assert {channel: len(posts) for channel, posts in desk.channels.items()} == {SUPPORT: 2, THAI: 2}


FILE = """
[[shops]]
id = "7495540735365777507"
name = "maomao-gb"
timezone = "Europe/London"
locale = "en"

[[shops]]
id = "7495540735365777508"
name = "maomao-th"
timezone = "Asia/Bangkok"
locale = "th"

[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[routes]]
shop = "*"
kinds = ["chat"]
workspace = "team"
channel = "C0SUPPORT"

[[routes]]
shop = "maomao-th"
kinds = ["chat"]
workspace = "team"
channel = "C0ANGRY"
markets = ["TH"]
languages = ["th", "en"]
levels = ["complaint"]
"""


def test_a_route_of_every_shop_and_conditions_are_read_and_written() -> None:
    plan = desk_toml.parse(FILE)
    assert [(route.shop_id[-1], route.channel_id, route.has_conditions) for route in plan.routes] == [
        ("7", "C0SUPPORT", False),
        ("8", "C0SUPPORT", False),
        ("8", "C0ANGRY", True),
    ]
    assert desk_toml.parse(desk_toml.write(plan)).routes == plan.routes


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ('shop = "*"', 'shop = "maomao-gb"', "chat of maomao-th: what fits no route's conditions"),
        ('languages = ["th", "en"]', 'languages = ["tlh"]', "'tlh' is no language"),
        ('markets = ["TH"]', 'markets = ["Thailand"]', "'Thailand' is no country"),
        ('levels = ["complaint"]', 'levels = ["angry"]', "Invalid enum value 'angry'"),
        ('channel = "C0ANGRY"', 'channel = "C0SUPPORT"', "route chat of maomao-th to C0SUPPORT twice"),
    ],
)
def test_routes_that_would_lose_tickets_or_mean_nothing_are_refused(written: str, instead: str, problem: str) -> None:
    with pytest.raises(SetupError, match=re.escape(problem)):
        desk_toml.parse(FILE.replace(written, instead))
