"""The desk takes the shape of `desk.toml`, shops are connected, and catch-up readers remember where they are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from chatops.desk import connections, desk_toml, intake, marks, setup
from chatops.desk.setup import OpenedShop
from chatops.errors import SetupError, TokenRevoked
from chatops.model import shop as shops
from chatops.model.agent import Agent, Role
from chatops.model.setting import DEFAULTS
from chatops.model.shop import RoutePosture, Shop
from chatops.model.workspace import Workspace
from chatops.outbox import Kind
from chatops.store import Transaction
from chatops.store.lanes import Delivery
from tests.desk.scenes import (
    NIGHT,
    NOON,
    SHOP,
    SUPPORT,
    TEAM,
    BuyerThere,
    Desk,
    Teammate,
    a_permission,
    a_plan,
    a_route,
    a_shop,
    a_workspace,
)


def signs(tx: Transaction, plan: setup.Plan) -> list[str]:
    return [f"{change.sign} {change.what}" for change in setup.compare(tx, plan)]


def test_an_empty_desk_is_told_everything_that_is_new(tx: Transaction) -> None:
    plan = a_plan(a_route(), undo_seconds=8)
    assert signs(tx, plan) == [
        "~ setting undo_seconds: 5 → 8",
        f"+ workspace team ({TEAM})",
        f"+ shop maomao-gb ({SHOP})",
        f"+ route chat of {SHOP} → {TEAM} {SUPPORT}",
    ]
    assert [f"{change.sign} {change.what}" for change in setup.apply(tx, plan, NOON)] != []
    assert signs(tx, plan) == []


def test_applying_twice_changes_nothing(desk: Desk, mia: BuyerThere) -> None:
    mia.says("Hello")
    desk.carry_out()
    for _ in range(2):
        assert setup.apply(desk.tx, a_plan(a_route()), desk.now) == []
        desk.carry_out()
    assert desk.channels == {SUPPORT: ["(card)", "Hello"]}


def test_what_is_different_is_named_and_changed(desk: Desk) -> None:
    plan = setup.Plan(
        {},
        (Shop(id=SHOP, name="maomao-uk", timezone="Europe/London", locale="en"),),
        (Workspace(id=TEAM, name="team", platform=a_workspace().platform, locale="th"),),
        (a_route(posture=RoutePosture.INTERNAL),),
    )
    assert signs(desk.tx, plan) == [
        f"~ workspace team ({TEAM}) (locale: en → th)",
        f"~ shop maomao-uk ({SHOP}) (name: maomao-gb → maomao-uk)",
        f"~ route chat of {SHOP} → {TEAM} {SUPPORT} (posture: to_buyer → internal)",
    ]
    setup.apply(desk.tx, plan, desk.now)
    held = setup.current(desk.tx)
    assert (held.shops[0].name, held.workspaces[0].locale, held.routes[0].posture) == (
        "maomao-uk",
        "th",
        RoutePosture.INTERNAL,
    )
    assert held.shops[0].authorization_id == "seller", "a shop stays connected"
    assert held.shops[0].cipher == "cipher"


def test_routes_that_are_gone_are_named_and_taken_away_but_shops_stay(desk: Desk, mia: BuyerThere) -> None:
    assert signs(desk.tx, setup.Plan({}, (), (), ())) == [f"- route chat of {SHOP} → {TEAM} {SUPPORT}"]
    setup.apply(desk.tx, setup.Plan({}, (), (), ()), desk.now)
    assert [shop.name for shop in setup.current(desk.tx).shops] == ["maomao-gb"]
    mia.says("Hello")
    desk.carry_out()
    assert desk.channels == {}


def test_a_route_that_comes_later_opens_threads_for_open_tickets_with_all_that_was_said(
    desk: Desk, mia: BuyerThere, li: Teammate
) -> None:
    mia.says("Where is my parcel?")
    desk.passes(seconds=1)
    li.says("On its way", mia)
    li.says("// she is angry", mia)
    desk.passes(seconds=5)
    mia.says("hidden", visible=False)
    li.says("Anything else?", mia)
    done = desk.buyer("ana")
    done.says("Thanks")
    desk.carry_out()
    li.says("!resolve", done)

    setup.apply(desk.tx, a_plan(a_route(SUPPORT), a_route(NIGHT)), desk.now)
    desk.carry_out()
    assert desk.channels[NIGHT] == ["(card)", "Where is my parcel?", "On its way"]
    desk.passes(seconds=5)
    assert desk.channels[NIGHT][-1] == "Anything else?"

    desk.channels.clear()
    done.says("One more thing")
    desk.carry_out()
    assert desk.channels == {NIGHT: ["(card)", "Thanks", "One more thing"], SUPPORT: ["One more thing"]}


def test_a_name_that_another_id_has_is_refused(desk: Desk) -> None:
    other = Shop(id="111", name="maomao-gb", timezone="Europe/London", locale="en")
    with pytest.raises(SetupError, match="maomao-gb belongs to another id than 111"):
        setup.apply(desk.tx, replace(a_plan(), shops=(other,)), desk.now)


# Connections


def test_a_permission_opens_the_shops_that_the_desk_names(tx: Transaction) -> None:
    setup.apply(tx, a_plan(), NOON)
    with pytest.raises(TokenRevoked):
        connections.access(tx, SHOP)
    opened = [OpenedShop(SHOP, "GB", "cipher-1"), OpenedShop("999", "US", "cipher-2")]
    assert setup.shops_connected(tx, a_permission(), opened) == [SHOP]
    shop, granted = connections.access(tx, SHOP)
    assert (shop.region, shop.cipher, granted.access_token) == ("GB", "cipher-1", "access-1")


def test_a_permission_for_nothing_we_know_is_not_kept(tx: Transaction) -> None:
    setup.apply(tx, a_plan(), NOON)
    assert setup.shops_connected(tx, a_permission(), [OpenedShop("999", "US", "cipher-2")]) == []
    assert shops.authorization(tx, "seller") is None


def test_connecting_again_heals_a_permission_that_ended(desk: Desk) -> None:
    intake.shop_disconnected(desk.tx, SHOP, desk.now, "seller")
    with pytest.raises(TokenRevoked):
        connections.access(desk.tx, SHOP)
    setup.shops_connected(desk.tx, a_permission(), [OpenedShop(SHOP, "GB", "cipher-3")])
    shop, granted = connections.access(desk.tx, SHOP)
    assert (shop.cipher, granted.revoked_reason, granted.version) == ("cipher-3", None, 2)


def test_only_the_first_of_two_refreshes_counts(desk: Desk) -> None:
    def refresh(version: int, number: int) -> bool:
        later = NOON + timedelta(days=number)
        return connections.replace(
            desk.tx, "seller", version, (f"access-{number}", later), (f"refresh-{number}", later)
        )

    assert refresh(1, 2)
    assert not refresh(1, 3)
    _, granted = connections.access(desk.tx, SHOP)
    assert (granted.access_token, granted.refresh_token, granted.version) == ("access-2", "refresh-2", 2)
    assert granted.access_expires_at == NOON + timedelta(days=2)


def test_a_revoked_permission_opens_nothing(desk: Desk) -> None:
    intake.permission_ended(desk.tx, "seller", "refresh_token_expired", NOON)
    with pytest.raises(TokenRevoked):
        connections.access(desk.tx, SHOP)


def test_secrets_are_not_readable_in_the_database(desk: Desk) -> None:
    raw = desk.tx.connection.exec_driver_sql('SELECT access_token, refresh_token FROM "authorization"').one()
    assert len(raw) == 2
    assert not any(word in token for token in raw for word in ("access", "refresh"))


# How far the catch-up reader is


def test_the_first_comparison_looks_a_day_back_and_the_next_goes_on(desk: Desk) -> None:
    mark = marks.begin(desk.tx, SHOP, NOON)
    assert (mark.newest_at, mark.spent) == (NOON - timedelta(days=1), 0)
    marks.finish(desk.tx, SHOP, NOON - timedelta(minutes=1), 12, NOON)
    mark = marks.begin(desk.tx, SHOP, NOON + timedelta(minutes=5))
    assert (mark.newest_at, mark.compared_at, mark.spent) == (NOON - timedelta(minutes=1), NOON, 12)


def test_spending_starts_anew_each_day(desk: Desk) -> None:
    marks.begin(desk.tx, SHOP, NOON)
    marks.finish(desk.tx, SHOP, NOON, 400, NOON)
    assert marks.begin(desk.tx, SHOP, NOON + timedelta(hours=11, minutes=59)).spent == 400
    assert marks.begin(desk.tx, SHOP, NOON + timedelta(hours=12)).spent == 0
    assert marks.begin(desk.tx, SHOP, NOON + timedelta(hours=12)).newest_at == NOON


def test_the_desk_is_written_down_as_it_stands(desk: Desk) -> None:
    held = setup.current(desk.tx)
    said = {name: value for name, value in held.settings.items() if value}
    seconds = {"undo_seconds": 5, "reconcile_seconds": 300, "crossing_seconds": 30}
    assert said == {**seconds, "rate_left_percent": 25, "rate_least_count": 20, "report_link_days": 7}
    assert held.settings.keys() == DEFAULTS.keys()
    assert [shop.name for shop in held.shops] == [a_shop().name]
    assert desk.tx.all(Workspace, select(Workspace))[0].name == held.workspaces[0].name


LETS_BUYERS_SPEAK = """
[[shops]]
id = "7495540735365777507"
name = "maomao-gb"
timezone = "Europe/London"
locale = "en"

[[workspaces]]
name = "team"
platform = "discord"
id = "1573989970283069441"
locale = "en"

[[routes]]
shop = "maomao-gb"
kinds = ["chat"]
workspace = "team"
channel = "1573989970283069442"
buyer_identity = true
"""


def test_a_route_to_discord_may_let_buyers_speak_under_their_names(tx: Transaction) -> None:
    plan = desk_toml.parse(LETS_BUYERS_SPEAK)
    assert [route.buyer_identity for route in plan.routes] == [True]
    setup.apply(tx, plan, NOON)
    assert "buyer_identity = true" in desk_toml.write(setup.current(tx))
    silent = desk_toml.parse(LETS_BUYERS_SPEAK.replace("buyer_identity = true", ""))
    [change] = signs(tx, silent)
    assert "buyer_identity: True → False" in change
    assert "buyer_identity" not in desk_toml.write(silent)


def test_no_route_to_slack_lets_buyers_speak() -> None:
    slack = LETS_BUYERS_SPEAK.replace("discord", "slack")
    slack = slack.replace("1573989970283069441", TEAM).replace("1573989970283069442", SUPPORT)
    with pytest.raises(SetupError, match="in Slack buyers cannot speak"):
        desk_toml.parse(slack)


def test_whoever_the_desk_names_is_known_before_they_ever_act(desk: Desk, tx: Transaction) -> None:
    plan = replace(setup.current(tx), agents=(Agent(workspace_id=TEAM, id="U0BOSS", role=Role.LEAD),))
    setup.apply(tx, plan, NOON)
    asked = tx.all(Delivery, select(Delivery).where(col(Delivery.kind) == Kind.LEARN_AGENT))
    assert [one.args["agent_id"] for one in asked] == ["U0BOSS"]
