"""Who may import whom, and what stays unloaded until it is needed."""

import subprocess
import sys

from tests.house.tree import ROOT

LAZY = {"slack_bolt", "slack_sdk", "discord", "sqlalchemy", "sqlmodel", "aiohttp", "alembic", "starlette", "uvicorn"}
SHOW_HELP = """
import runpy, sys
sys.argv = ["chatops", "--help"]
try:
    runpy.run_module("chatops", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", *sorted(name for name in sys.modules if "." not in name))
"""


def test_every_import_keeps_to_the_layers() -> None:
    lint_imports = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"
    checked = subprocess.run(
        [sys.executable, "-c", lint_imports], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_asking_for_help_loads_no_library_of_the_outside_world() -> None:
    asked = subprocess.run([sys.executable, "-c", SHOW_HELP], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    said, _, loaded = asked.stdout.rpartition("LOADED")
    assert "Usage" in said
    assert LAZY & set(loaded.split()) == set()
