"""An installation of its own for every test: a folder, an environment, and both platforms on loopback."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatops.sandbox.world import World
from tests.cli.installation import OURS, Installation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with no settings in the environment."""
    for name in tuple(os.environ):
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def fresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Installation]:
    """The settings are there; nothing was applied and no shop connected."""
    async with World() as world:
        await world.set_the_scene()
        for name, value in {**world.environment(), "CHATOPS_LISTEN": "127.0.0.1:0"}.items():
            monkeypatch.setenv(name, value)
        (folder / "desk.toml").write_text(world.desk_toml(), encoding="utf-8")
        yield Installation(folder, world)


@pytest.fixture
async def desk(fresh: Installation, sqlite_template: Path) -> Installation:
    """A finished installation: the desk is applied and the shop connected."""
    fresh.gets_tables(sqlite_template)
    await fresh.apply()
    await fresh.connect()
    return fresh
