"""The worlds as a process of their own."""

import asyncio
import json
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.house.tree import ROOT


@asynccontextmanager
async def worlds(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Give a process of the worlds, killed if it does not end by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatops.sandbox", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def files_in(folder: Path) -> list[Path]:
    """Return everything in the folder, hidden files too."""
    return list(folder.iterdir())


async def first_line(process: asyncio.subprocess.Process) -> str:
    """Return the first line the process prints."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


@pytest.mark.parametrize("reason", [signal.SIGTERM, signal.SIGINT])
async def test_the_state_file_is_complete_and_the_process_ends_with_a_page_open(
    tmp_path: Path, reason: signal.Signals
) -> None:
    file = tmp_path / "worlds.json"
    async with worlds("--port", "0", "--state", str(file)) as process, aiohttp.ClientSession() as session:
        page = await first_line(process)
        told = json.loads(file.read_text(encoding="utf-8"))
        assert told["page"] == page
        assert told["pid"] == process.pid
        assert told["environment"]["TIKTOK_SHOP_API_URL"] == told["tiktok"]
        assert told["environment"]["SLACK_API_URL"].startswith(told["slack"])
        assert "C0SUPPORT" in told["desk_toml"]
        assert told["authorization_code"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert files_in(tmp_path) == [file]
        async with session.get(page + "feed") as feed:
            assert await feed.content.readuntil(b"\n\n") == b"retry: 500\n\n"
            process.send_signal(reason)
            assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_the_authorization_code_opens_the_shop(tmp_path: Path) -> None:
    file = tmp_path / "worlds.json"
    async with worlds("--state", str(file)) as process, aiohttp.ClientSession() as session:
        await first_line(process)
        told = json.loads(file.read_text(encoding="utf-8"))
        query = {
            "app_key": told["environment"]["TIKTOK_SHOP_APP_KEY"],
            "app_secret": told["environment"]["TIKTOK_SHOP_APP_SECRET"],
            "auth_code": told["authorization_code"],
            "grant_type": "authorized_code",
        }
        async with session.get(told["tiktok"] + "/api/v2/token/get", params=query) as answer:
            body = await answer.json()

    assert (body["code"], bool(body["data"]["access_token"])) == (0, True)
