"""The worlds together: one clock, a cast, and all the product must be told."""

import asyncio
import hashlib
import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from chatops.config import Config
from chatops.sandbox.world import COMMANDS, EVENTS, SCOPES, SHORTCUTS, World
from tests.house.tree import ROOT

VENDOR = Path(ROOT) / "chatops" / "sandbox" / "web" / "vendor"


async def test_the_product_finds_both_worlds_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with World() as world:
        await world.set_the_scene()
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        config = Config(_env_file=None)

        assert config.socket_mode
        assert config.slack_api_url == world.slack.api_url
        assert {config.tiktok_shop_api_url, config.tiktok_shop_auth_url, config.tiktok_shop_authorize_url} == {
            world.tiktok.url
        }
        assert set(world.environment()) <= {str(field.validation_alias) for field in Config.model_fields.values()}


async def test_the_desk_routes_the_shop_to_the_teams_channel() -> None:
    async with World() as world:
        cast = await world.set_the_scene()
        desk = tomllib.loads(world.desk_toml(undo_seconds=1))

    assert desk["settings"] == {"undo_seconds": 1, "reconcile_seconds": 300, "crossing_seconds": 30}
    assert desk["shops"][0]["id"] == cast.shop.id
    assert desk["workspaces"][0]["id"] == "T0TEAM"
    assert desk["routes"] == [
        {"shop": desk["shops"][0]["name"], "kinds": ["chat"], "workspace": "team", "channel": "C0SUPPORT"}
    ]


async def test_the_app_is_installed_as_the_manifest_says() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    assert sorted(SCOPES) == sorted(manifest["oauth_config"]["scopes"]["bot"])
    assert sorted(EVENTS) == sorted(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert sorted(COMMANDS) == sorted(one["command"] for one in manifest["features"]["slash_commands"])
    assert {one["callback_id"]: one["name"] for one in manifest["features"]["shortcuts"]} == SHORTCUTS


async def test_in_http_mode_there_is_no_app_token() -> None:
    async with World() as world:
        await world.set_the_scene(socket_mode=False)
        assert world.environment()["SLACK_APP_TOKEN"] == ""


async def test_time_passes_in_both_worlds_at_once() -> None:
    async with World() as world:
        waiting = asyncio.create_task(world.slack.time.wait_until(world.tiktok.time.now() + timedelta(minutes=5)))
        await asyncio.sleep(0)
        await world.pass_time(minutes=5)
        await asyncio.wait_for(waiting, 5)


def test_what_others_wrote_is_what_they_published() -> None:
    listed = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    assert {path.name for path in VENDOR.glob("*.js")} == set(listed)
    for name, entry in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]
        assert (VENDOR / entry["licence"].split()[-1]).exists()
