"""What the product writes is for its owner only, also in a folder that others may look into."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chatops.app import keyring
from chatops.config import Config

ROOT = Path(__file__).parents[2]


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}


def test_nobody_else_on_the_machine_can_read_the_database_or_the_key(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CHATOPS_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "chatops", "export"]
    subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True)
    found = modes(tmp_path)
    assert {"chatops.db", "secret.key"} <= found.keys()
    assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}


def test_two_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    config = Config(_env_file=None, CHATOPS_DATA_DIR=str(tmp_path))
    with ThreadPoolExecutor(8) as together:
        rings = list(together.map(lambda _: keyring(config), range(8)))
    kept = rings[0].encrypt("a token")
    assert [ring.decrypt(kept) for ring in rings] == ["a token"] * 8
    assert modes(tmp_path) == {"secret.key": 0o600}
