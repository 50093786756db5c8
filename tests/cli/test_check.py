"""`chatops check` on a healthy installation, and on each broken one: exactly its finding, and what to do about it."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import delete, update
from sqlmodel import col

import migrations
from chatops.cli import check as checking
from chatops.cli.checks.machine import sqlite_version
from chatops.cli.checks.slack import NEEDED_SCOPES
from chatops.config import read_config
from chatops.model.inbox import Inbox, InboxState
from chatops.model.shop import Authorization, Route, Shop
from chatops.sandbox.faults import Fault, Trouble
from tests.cli.installation import Installation, Shifted, check
from tests.house.tree import ROOT


async def test_a_healthy_installation_has_nothing_to_complain_about(desk: Installation) -> None:
    seen = await desk.check()
    assert seen.exit_code == 0
    assert seen.broken == seen.doubts == []
    for fact in ("bot token is good for Team", "every scope", "the bot is in #support", "app token opens sockets"):
        assert fact in seen.text
    for fact in ("maomao-gb is connected", "maomao-gb answers signed calls", "the newest", "agrees with TikTok's"):
        assert fact in seen.text


async def test_no_secret_is_ever_shown(desk: Installation) -> None:
    granted = desk.world.tiktok.authorization(desk.world.cast.shop)
    assert granted is not None
    app = desk.world.cast.slack_app
    text = (await desk.check()).text
    for secret in (app.bot_token, app.app_token, app.signing_secret, desk.world.cast.shop_app.secret):
        assert secret not in text
    for secret in (granted.newest_access_token, granted.refresh_token, desk.world.cast.shop.cipher):
        assert secret not in text


async def test_it_looks_on_while_the_product_runs(desk: Installation) -> None:
    async with desk.running() as app:
        seen = await check(desk.changed(public_url=app.address))
    assert seen.broken == []
    assert f"chatops runs and answers at {app.address}" in seen.fine
    assert f"chatops is reached at {app.address}" in seen.fine
    assert "the bot is in #support (C0SUPPORT)" in seen.fine


async def test_a_public_address_that_leads_elsewhere_is_noticed(desk: Installation) -> None:
    async with desk.running():
        seen = await check(desk.changed(public_url="https://127.0.0.1:9"))
    seen.assert_only_doubtful("nobody else can reach", "https address")
    assert not any("is reached at" in fact for fact in seen.fine)


async def test_before_anything_is_set_up_every_missing_setting_is_named(folder: Path) -> None:
    seen = await check(read_config())
    assert [fact.removesuffix(" is not set") for fact in seen.broken] == [
        "SLACK_BOT_TOKEN or DISCORD_TOKEN",
        "TIKTOK_SHOP_APP_KEY",
        "TIKTOK_SHOP_APP_SECRET",
    ]
    assert all(".env" in seen.remedies[fact] for fact in seen.broken)
    assert not (folder / "data").exists(), "looking must not make anything"


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TIKTOK_SHOP_APP_KEY", "TIKTOK_SHOP_APP_SECRET"]
)
async def test_one_missing_setting_is_one_finding(
    desk: Installation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)
    if name == "SLACK_APP_TOKEN":
        monkeypatch.delenv("SLACK_SIGNING_SECRET")
    seen = await desk.check()
    seen.assert_only_broken(name, ".env")
    assert seen.broken[0].endswith("is not set")


async def test_after_the_first_start_without_a_desk_the_next_step_is_told(fresh: Installation) -> None:
    await fresh.chatops("db", "upgrade")
    seen = await fresh.check()
    assert "no shop is named yet, so nothing can be mirrored" in seen.broken
    assert "chatops apply desk.toml" in seen.remedies["no shop is named yet, so nothing can be mirrored"]


async def test_offline_calls_nobody(desk: Installation) -> None:
    before = len(desk.world.slack.requests), len(desk.world.tiktok.requests)
    seen = await desk.check(offline=True)
    assert seen.broken == []
    assert any("maomao-gb is connected" in fact for fact in seen.fine)
    assert (len(desk.world.slack.requests), len(desk.world.tiktok.requests)) == before


async def test_it_says_whom_it_waits_for(desk: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SILENCE", 0.0)
    seen = await desk.check()
    assert "… waiting for Slack, Discord, TikTok Shop, Our address, 10 seconds at most" in seen.lines


# Here


@pytest.mark.parametrize(
    ("settings", "fact", "remedy"),
    [
        ({"slack_app_token": SecretStr("xoxb-1")}, "SLACK_APP_TOKEN does not begin with xapp-", "begins with xapp-"),
        ({"listen": "8080x"}, "CHATOPS_LISTEN is '8080x'", "HOST:PORT"),
        ({"public_url": "http://example.com"}, "CHATOPS_PUBLIC_URL does not begin with https://", "https"),
        ({"database_url": "mysql://somewhere/x"}, "CHATOPS_DATABASE_URL is no address", "postgresql://"),
        ({"secret_key": SecretStr("short")}, "CHATOPS_SECRET_KEY is missing or not a key", "chatops db new-key"),
    ],
)
async def test_a_setting_that_makes_no_sense_is_named(
    desk: Installation, settings: dict[str, Any], fact: str, remedy: str
) -> None:
    seen = await check(desk.changed(**settings), offline=True)
    found = next(line for line in seen.broken if fact in line)
    assert remedy in seen.remedies[found]


async def test_a_data_folder_that_cannot_be_made_is_named(fresh: Installation) -> None:
    (fresh.folder / "taken").write_text("a file, not a folder")
    seen = await check(fresh.changed(data_dir=fresh.folder / "taken" / "data"))
    seen.assert_only_broken("cannot be made", "CHATOPS_DATA_DIR")


async def test_a_data_folder_that_cannot_be_written_to_is_named(fresh: Installation) -> None:
    (fresh.folder / "taken").write_text("a file, not a folder")
    seen = await check(fresh.changed(data_dir=fresh.folder / "taken"))
    seen.assert_only_broken("cannot be written to", "CHATOPS_DATA_DIR")


async def test_messages_and_the_key_are_nobody_elses_business(desk: Installation) -> None:
    data = desk.config.data_dir
    assert data.stat().st_mode & 0o777 == 0o700
    data.chmod(0o755)
    (await desk.check()).assert_only_doubtful("is open to others", "chmod 700")
    data.chmod(0o700)
    (data / "secret.key").chmod(0o644)
    (await desk.check()).assert_only_broken("can be read by others", "chmod 600")


@pytest.mark.parametrize(
    ("number", "affected"),
    [
        ("3.6.23", False), ("3.7.0", True), ("3.40.1", True), ("3.44.5", True), ("3.44.6", False), ("3.45.0", True),
        ("3.50.6", True), ("3.50.7", False), ("3.51.0", True), ("3.51.2", True), ("3.51.3", False), ("3.53.0", False),
    ],
)  # fmt: skip
def test_the_versions_of_sqlite_with_the_wal_reset_bug_are_known(number: str, affected: bool) -> None:
    finding = sqlite_version(number, "sqlite3")
    assert (finding.mark == "!") is affected
    assert ("make install" in finding.remedy) is affected
    assert "module sqlite3" in finding.fact


# The database


async def test_an_old_schema_is_named_with_the_command_that_mends_it(desk: Installation) -> None:
    migrations.downgrade(desk.config.database, "base")
    (await desk.check()).assert_only_broken("is not the newest", "chatops db upgrade")


async def test_a_database_of_a_newer_version_is_named(desk: Installation) -> None:
    await desk.write(lambda tx: tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    (await desk.check()).assert_only_broken("made by a newer chatops", "Install that version")


async def test_a_database_that_is_none_is_named(desk: Installation) -> None:
    (desk.config.data_dir / "chatops.db").write_bytes(b"not a database at all" * 100)
    (await desk.check()).assert_only_broken(
        "the database cannot be read: file is not a database", "CHATOPS_DATABASE_URL"
    )


async def test_tokens_under_another_key_are_noticed(desk: Installation) -> None:
    other = desk.changed(secret_key=SecretStr("KZ8Jc4ru1U4Ew3l4pqZtVg1AnW5Mw_9Ex0dMxvL1kOQ="))
    (await check(other)).assert_only_broken("encrypted with another key", "put the former key back")


async def test_what_was_not_understood_is_counted(desk: Installation) -> None:
    assert "TikTok Shop never notified us" in (await desk.check()).facts["·"]
    at = datetime.now(UTC) - timedelta(minutes=5, seconds=30)
    heard = Inbox(source="tiktok_shop", external_id="1", received_at=at, state=InboxState.FAILED, body="{}")
    await desk.write(lambda tx: tx.insert(heard))
    seen = await desk.check()
    seen.assert_only_doubtful("not understood and are kept: 1", "chatops inbox")
    assert "TikTok Shop last notified us 5 minutes ago" in seen.facts["·"]


async def test_the_desk_on_postgresql_is_read_too(
    fresh: Installation, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATOPS_DATABASE_URL", postgres_url)
    await fresh.apply()
    await fresh.connect()
    seen = await fresh.check()
    seen.assert_only_doubtful("each machine would encrypt tokens with a key of its own", "chatops db new-key")
    assert "the bot is in #support (C0SUPPORT)" in seen.fine


async def test_a_database_out_of_reach_is_named_without_its_password(desk: Installation) -> None:
    key = (desk.config.data_dir / "secret.key").read_text()
    away = {"database_url": "postgresql://chatops:geheim@127.0.0.1:9/chatops", "secret_key": SecretStr(key)}
    seen = await check(desk.changed(**away))
    seen.assert_only_broken("the database cannot be read", "CHATOPS_DATABASE_URL")
    assert "geheim" not in seen.text


async def test_a_zone_that_this_machine_does_not_know_is_named(desk: Installation) -> None:
    await desk.write(lambda tx: tx.execute(update(Shop).values(timezone="Europe/Nowhere")))
    where_we_run = f"{sys.executable} -m pip install --upgrade tzdata"
    (await desk.check()).assert_only_broken("does not know Europe/Nowhere, the zone of shop maomao-gb", where_we_run)


async def test_a_shop_without_a_route_is_pointed_out(desk: Installation) -> None:
    await desk.write(lambda tx: tx.execute(delete(Route)))
    (await desk.check()).assert_only_doubtful("shop maomao-gb has no route", "[[routes]]")


# Slack


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == NEEDED_SCOPES


async def test_a_bot_token_that_is_none_is_named(desk: Installation) -> None:
    seen = await check(desk.changed(slack_bot_token=SecretStr("xoxb-wrong")))
    seen.assert_only_broken("Slack does not take SLACK_BOT_TOKEN (invalid_auth)", "OAuth & Permissions")
    assert "xoxb-wrong" not in seen.text


async def test_an_app_token_that_is_none_is_named(desk: Installation) -> None:
    seen = await check(desk.changed(slack_app_token=SecretStr("xapp-wrong")))
    seen.assert_only_broken("Slack does not take SLACK_APP_TOKEN (invalid_auth)", "App-Level Tokens")


@pytest.mark.parametrize("scope", sorted(NEEDED_SCOPES))
async def test_a_missing_scope_is_named(desk: Installation, scope: str) -> None:
    app = desk.world.cast.slack_app
    app.scopes = tuple(one for one in app.scopes if one != scope)
    (await desk.check()).assert_only_broken(f"missing scopes: {scope}", "manifest.yml")


async def test_a_token_of_another_workspace_is_named(desk: Installation) -> None:
    desk.world.slack.team.id = "T0OTHER"
    seen = await desk.check()
    assert len(seen.broken) == 2
    assert "does not name the workspace of the bot token, Team (T0OTHER)" in seen.broken[0]
    assert "workspace team (T0TEAM) cannot be reached" in seen.broken[1]


async def test_a_channel_without_the_bot_is_named(desk: Installation) -> None:
    desk.world.cast.support.members.remove(desk.world.cast.slack_app.bot_user_id)
    (await desk.check()).assert_only_broken("the bot is not in #support (C0SUPPORT)", "/invite @chatops")


async def test_a_private_channel_without_the_bot_looks_as_if_it_were_not_there(desk: Installation) -> None:
    desk.world.cast.support.kind = "group"
    desk.world.cast.support.members.remove(desk.world.cast.slack_app.bot_user_id)
    (await desk.check()).assert_only_broken("C0SUPPORT does not exist, or is private", "/invite @chatops")


async def test_an_archived_channel_is_named(desk: Installation) -> None:
    desk.world.cast.support.archived = True
    (await desk.check()).assert_only_broken("#support (C0SUPPORT) is archived", "Unarchive it")


async def test_slack_out_of_reach_is_told_apart_from_a_wrong_token(desk: Installation) -> None:
    seen = await check(desk.changed(slack_api_url="http://127.0.0.1:9/api/"))
    seen.assert_only_broken("Slack does not answer (unreachable)", "online")


async def test_in_http_mode_no_socket_is_tried(desk: Installation) -> None:
    settings = {"slack_app_token": SecretStr(""), "public_url": "https://127.0.0.1:9"}
    seen = await check(desk.changed(**settings))
    assert seen.broken == []
    assert "Slack app → Event Subscriptions and Interactivity: https://127.0.0.1:9/slack/events" in seen.facts["·"]
    assert "apps.connections.open" not in {request.method for request in desk.world.slack.requests}


async def test_too_many_questions_are_no_failure(desk: Installation) -> None:
    desk.world.slack.faults.plan(Fault("auth.test", Trouble.RATE_LIMITED, retry_after=30))
    (await desk.check()).assert_only_doubtful("Slack asks us to slow down", "again in a minute")


# TikTok Shop


async def test_a_shop_that_is_not_connected_is_named(fresh: Installation) -> None:
    await fresh.apply()
    (await fresh.check()).assert_only_broken("shop maomao-gb is not connected", "chatops shop connect")


@pytest.mark.parametrize(("days", "broken", "fact"), [(-0.5, 1, "expired on"), (9.5, 0, "ends in 9 days")])
async def test_the_end_of_a_permission_is_told_in_time(desk: Installation, days: float, broken: int, fact: str) -> None:
    ends = datetime.now(UTC) + timedelta(days=days)
    await desk.write(lambda tx: tx.execute(update(Authorization).values(refresh_expires_at=ends)))
    seen = await desk.check()
    (seen.assert_only_broken if broken else seen.assert_only_doubtful)(fact, "chatops shop connect")


async def test_an_old_access_token_is_left_to_the_product(desk: Installation) -> None:
    past = datetime.now(UTC) - timedelta(hours=3)
    await desk.write(lambda tx: tx.execute(update(Authorization).values(access_expires_at=past)))
    (await desk.check()).assert_only_doubtful("the access token of maomao-gb is 3 hours too old", "chatops run")
    assert desk.world.tiktok.token_refreshes == 0


async def test_a_permission_that_the_seller_withdrew_is_named(desk: Installation) -> None:
    desk.world.tiktok.revoke(desk.world.cast.shop)
    (await desk.check()).assert_only_broken(
        "does not take the permission of maomao-gb any more", "chatops shop connect"
    )


async def test_a_permission_that_we_know_has_ended_is_named(desk: Installation) -> None:
    await desk.write(lambda tx: tx.execute(update(Authorization).values(revoked_reason="refresh_refused")))
    (await desk.check()).assert_only_broken("was ended by TikTok or its seller", "chatops shop connect")


async def test_a_permission_without_messages_is_named(desk: Installation) -> None:
    scopes = "seller.authorization.info seller.order.info"
    await desk.write(
        lambda tx: tx.execute(update(Authorization).where(col(Authorization.id) != "").values(granted_scopes=scopes))
    )
    (await desk.check()).assert_only_broken("did not grant seller.customer_service", "Partner Center")


async def test_a_wrong_app_secret_is_named(desk: Installation) -> None:
    seen = await check(desk.changed(tiktok_shop_app_secret=SecretStr("mistyped")))
    seen.assert_only_broken("TikTok does not take the app key or secret (bad_signature)", "TIKTOK_SHOP_APP_SECRET")


async def test_an_owner_who_takes_no_chats_is_pointed_out(desk: Installation) -> None:
    desk.world.cast.shop.can_accept_chat = False
    (await desk.check()).assert_only_doubtful("assigns no chats to the owner", "Seller Center")


async def test_tiktok_out_of_reach_is_told(desk: Installation) -> None:
    seen = await check(desk.changed(tiktok_shop_api_url="http://127.0.0.1:9"))
    seen.assert_only_broken("TikTok Shop does not answer (unreachable)", "online")


@pytest.mark.parametrize(("seconds", "which"), [(630, "10 minutes ahead of"), (-630, "10 minutes behind")])
async def test_a_wrong_clock_is_named_and_blamed_for_nothing_else(desk: Installation, seconds: int, which: str) -> None:
    seen = await desk.check(time=Shifted(timedelta(seconds=seconds)))
    assert seen.broken == [
        f"this machine's clock is {which} {whose}, which is more than is accepted" for whose in ("Slack's", "TikTok's")
    ]
    assert all("timedatectl" in seen.remedies[fact] for fact in seen.broken)


async def test_a_clock_a_little_off_is_only_mentioned(desk: Installation) -> None:
    seen = await desk.check(time=Shifted(timedelta(seconds=25)))
    assert seen.broken == []
    assert len(seen.doubts) == 2
