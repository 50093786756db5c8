"""What fails where nobody awaits it is logged by kind and place, without what it says."""

import asyncio
import gc
from pathlib import Path

import pytest

from chatops import app, log
from chatops.config import Config
from chatops.errors import SetupError
from chatops.times import SystemTime

pytestmark = pytest.mark.usefixtures("logs_as_before")
WORDS = "I live at 12 Elm Street"


async def fails() -> None:
    raise ValueError(WORDS)


async def test_what_nobody_awaited_is_logged_without_its_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log.set_up(human=False)
    with pytest.raises(SetupError):
        await app.run(Config(data_dir=tmp_path, slack_bot_token="", _env_file=None), SystemTime())
    forgotten = asyncio.create_task(fails())
    await asyncio.wait({forgotten})
    del forgotten
    gc.collect()
    asyncio.get_running_loop().call_exception_handler({"message": WORDS})
    said = capsys.readouterr().err
    assert WORDS not in said
    assert said.count('"event": "loop_error"') == 2
    assert "ValueError" in said
    assert "test_loop_errors.py" in said
