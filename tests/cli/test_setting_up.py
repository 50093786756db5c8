"""Setting up by hand, command by command: the desk file, the shop, the database and its key."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import migrations
from chatops.desk import connections
from chatops.store.store import Store
from tests.cli.installation import Installation, lines
from tests.house.tree import ROOT

HEAVY = ("sqlalchemy", "slack_sdk", "slack_bolt", "aiohttp", "alembic", "starlette", "uvicorn", "babel", "msgspec")


def test_help_is_quick_because_nothing_heavy_is_loaded(folder: Path) -> None:
    program = (
        "import sys\nfrom chatops.cli import commands\n"
        "try:\n    commands(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert "apply" in run.stdout
    assert "deliveries" in run.stdout
    assert run.stdout.splitlines()[-1] == "[]"


async def test_check_ends_with_one_when_something_is_broken(folder: Path, desk: Installation) -> None:
    assert "Everything works; 1 to look at." in lines(await desk.chatops("check"))
    desk.world.cast.support.archived = True
    assert "1 broken, 1 to look at." in lines(await desk.chatops("check"), 1)


async def test_a_setting_that_cannot_be_read_is_told_and_not_traced(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://example.com/api/")
    for command in ("check", "export"):
        output = "\n".join(lines(await desk.chatops(command), 1))
        assert "SLACK_API_URL must start with https://" in output
        assert "→ Correct the value in the environment or in .env" in output


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CHATOPS_DATABASE_URL", "mysql://somewhere/x", "CHATOPS_DATABASE_URL is no address of a database"),
        ("CHATOPS_DATABASE_URL", "sqlite:///desk.toml", "the database cannot be opened: file is not a database"),
        ("CHATOPS_DATA_DIR", "desk.toml", "the data folder desk.toml cannot be made: File exists"),
    ],
)
@pytest.mark.parametrize("command", [("export",), ("db", "upgrade")], ids=" ".join)
async def test_a_place_that_cannot_be_is_told_and_not_traced(
    command: tuple[str, ...], name: str, value: str, told: str, fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    output = lines(await fresh.chatops(*command), 1)
    assert output[0] == told
    assert output[1].startswith("→ ")


async def test_a_key_that_is_none_is_told_with_its_file(fresh: Installation, folder: Path) -> None:
    lines(await fresh.chatops("export"))
    key = folder / "data" / "secret.key"
    key.write_text("words", encoding="utf-8")
    output = lines(await fresh.chatops("export"), 1)
    assert output[0].endswith("secret.key cannot be used")


async def test_a_desk_file_that_is_no_text_is_told(fresh: Installation, folder: Path) -> None:
    (folder / "desk.toml").write_bytes(b"\xff\xfe")
    output = "\n".join(lines(await fresh.chatops("apply"), 1))
    assert "desk.toml cannot be read" in output
    assert "UTF-8" in output


@pytest.mark.parametrize("place", ["8080x", "127.0.0.1:99999"])
def test_the_product_does_not_start_at_a_place_that_is_none(folder: Path, place: str) -> None:
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TIKTOK_SHOP_APP_KEY", "TIKTOK_SHOP_APP_SECRET")
    settings = {**dict.fromkeys(names, "x"), "CHATOPS_LISTEN": place}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chatops", "run"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"CHATOPS_LISTEN is {place!r}",
        '→ Write it as HOST:PORT, like "127.0.0.1:8080".',
    ]


def test_the_product_does_not_start_without_its_settings(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chatops", "run"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == "SLACK_BOT_TOKEN or DISCORD_TOKEN is not set"
    assert run.stderr.splitlines()[1].startswith("→ Set it in .env")


# The desk file


async def test_the_plan_is_shown_and_nothing_happens_without_a_yes(fresh: Installation) -> None:
    shown = lines(await fresh.chatops("apply", "desk.toml", typed="n\n"), 1)
    assert "+ workspace team (T0TEAM)" in shown
    assert "+ shop maomao-gb (7495540735365777507)" in shown
    assert "+ route chat of 7495540735365777507 → T0TEAM C0SUPPORT" in shown
    assert "Nothing was changed." in shown
    assert "+ workspace team (T0TEAM)" in lines(await fresh.chatops("apply", "desk.toml", typed="n\n"), 1)


async def test_applying_twice_changes_nothing(fresh: Installation) -> None:
    assert "Applied." in lines(await fresh.chatops("apply", "desk.toml", "--yes"))
    assert lines(await fresh.chatops("apply", "desk.toml", "--yes")) == ["Nothing to change."]


async def test_what_is_exported_applies_to_no_change(desk: Installation) -> None:
    exported = (await desk.chatops("export")).stdout
    (desk.folder / "exported.toml").write_text(exported, encoding="utf-8")
    assert lines(await desk.chatops("apply", "exported.toml")) == ["Nothing to change."]


async def test_a_change_is_shown_with_before_and_after_and_applies_while_the_product_runs(desk: Installation) -> None:
    changed = (desk.folder / "desk.toml").read_text().replace("undo_seconds = 5", "undo_seconds = 9")
    (desk.folder / "desk.toml").write_text(changed)
    async with desk.running():
        shown = lines(await desk.chatops("apply", "--yes"))
        exported = (await desk.chatops("export")).stdout
    assert shown == ["~ setting undo_seconds: 5 → 9", "Applied."]
    assert "undo_seconds = 9" in exported


@pytest.mark.parametrize(
    ("before", "after", "problem", "remedy"),
    [
        ("[[shops]]", "[[shops", "desk.toml is not TOML", "Correct the line it names."),
        ('timezone = "Europe/London"', 'zone = "x"', "unknown field `zone`", "desk-toml.md"),
        ("Europe/London", "Europe/Nowhere", "there is no time zone Europe/Nowhere", "Europe/London"),
        ('channel = "C0SUPPORT"', 'channel = "#support"', "is no slack channel id", "Use the id, not the name"),
        ('shop = "maomao-gb"', 'shop = "other"', "a route names shop other", "Add it under [[shops]]"),
        ("undo_seconds = 5", "undo_seconds = 0", "undo_seconds is 0", "from 1 to 86,400"),
        ("undo_seconds = 5", "undo_seconds = 86401", "undo_seconds is 86401", "from 1 to 86,400"),
        ('platform = "slack"', 'platform = "discord"', "is no discord workspace id", "Copy ID"),
    ],
)
async def test_a_mistake_in_the_desk_file_is_told_where_it_is(
    fresh: Installation, before: str, after: str, problem: str, remedy: str
) -> None:
    text = (fresh.folder / "desk.toml").read_text()
    assert before in text
    (fresh.folder / "desk.toml").write_text(text.replace(before, after))
    output = "\n".join(lines(await fresh.chatops("apply", "desk.toml", "--yes"), 1))
    assert problem in output
    assert remedy in output


async def test_a_missing_desk_file_is_told(fresh: Installation) -> None:
    assert "there is no other.toml" in lines(await fresh.chatops("apply", "other.toml"), 1)


# The shop


async def test_a_shop_is_connected_with_the_code(fresh: Installation) -> None:
    await fresh.apply()
    done = await fresh.chatops("shop", "connect", "--code", fresh.world.authorization_code())
    assert lines(done) == ["Connected: 7495540735365777507"]


async def test_a_shop_is_connected_with_the_whole_address_pasted(fresh: Installation) -> None:
    await fresh.apply()
    cast = fresh.world.cast
    cast.shop_app.redirect_url = "https://shop.example.com/tiktok/shop/callback"
    back = fresh.world.tiktok.redirect(cast.shop_app, cast.shop)
    shown = lines(await fresh.chatops("shop", "connect", typed=f"{back}\n"))
    assert any(re.search(r"/open/authorize\?service_id=\d+&state=", line) for line in shown)
    assert "Connected: 7495540735365777507" in shown[-1]


async def test_a_code_works_once(fresh: Installation) -> None:
    await fresh.apply()
    code = fresh.world.authorization_code()
    assert lines(await fresh.chatops("shop", "connect", "--code", code))
    again = "\n".join(lines(await fresh.chatops("shop", "connect", "--code", code), 1))
    assert "TikTok does not take this code" in again
    assert "A code works once and for 30 minutes" in again


async def test_a_shop_the_desk_does_not_name_is_not_connected(fresh: Installation) -> None:
    shown = "\n".join(lines(await fresh.chatops("shop", "connect", "--code", fresh.world.authorization_code()), 1))
    assert "opens 7495540735365777507, and desk.toml names none of them" in shown
    assert "[[shops]]" in shown


async def test_a_shop_is_connected_while_the_product_runs(fresh: Installation) -> None:
    await fresh.apply()
    async with fresh.running() as app:
        done = await fresh.chatops("shop", "connect", "--code", fresh.world.authorization_code())
        assert lines(done) == ["Connected: 7495540735365777507"]
        shop, granted = await app.store.read(connections.access, fresh.world.cast.shop.id)
    assert shop.authorization_id == granted.id


async def test_what_connecting_needs_is_named(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIKTOK_SHOP_SERVICE_ID")
    assert "TIKTOK_SHOP_SERVICE_ID is not set" in "\n".join(lines(await fresh.chatops("shop", "connect"), 1))
    monkeypatch.delenv("TIKTOK_SHOP_APP_SECRET")
    assert "TIKTOK_SHOP_APP_SECRET is not set" in "\n".join(lines(await fresh.chatops("shop", "connect"), 1))


# The database


async def test_the_schema_is_brought_up_once(folder: Path, fresh: Installation) -> None:
    head = migrations.head()
    assert lines(await fresh.chatops("db", "upgrade")) == [f"The schema was empty and is {head} now."]
    assert lines(await fresh.chatops("db", "upgrade")) == [f"It is {head} already."]


async def test_a_key_is_rotated_and_the_old_one_taken_away(desk: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (desk.config.data_dir / "secret.key").read_text()
    (new,) = lines(await desk.chatops("db", "new-key"))
    monkeypatch.setenv("CHATOPS_SECRET_KEY", f"{new},{old}")
    (said,) = lines(await desk.chatops("db", "rotate-key"))
    assert said.startswith("3 secrets are encrypted with the first key now.")
    monkeypatch.setenv("CHATOPS_SECRET_KEY", new)
    assert (await desk.check()).broken == []


async def test_a_key_is_not_rotated_under_a_running_product(desk: Installation) -> None:
    async with desk.order_socket() as store:
        assert isinstance(store, Store)
        shown = "\n".join(lines(await desk.chatops("db", "rotate-key"), 1))
    assert f"is in use by process {os.getpid()}" in shown
    assert "stop that process first" in shown
