"""On which machine the figures were found."""

import os
import platform
import re
from pathlib import Path

import psycopg

from chatops.store import sqlite
from tests.postgres import running_server


def described() -> list[str]:
    """Return the machine's properties, one a line."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return [
        f"{cpu[1] if cpu else platform.processor()}, {os.cpu_count()} cores, "
        f"{int(memory[1]) / 2**20 if memory else 0:.0f} GiB of memory",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"SQLite {sqlite.VERSION} ({sqlite.DRIVER.__name__.partition('.')[0]}), PostgreSQL {_postgres_version()}",
    ]


def _postgres_version() -> str:
    with running_server() as url, psycopg.connect(url) as connection:
        return str(connection.info.parameter_status("server_version"))
