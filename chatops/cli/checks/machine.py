"""This machine: the data folder, the key in it, room on the disk, time-zone data, SQLite."""

import os
import shutil
import stat
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH

from chatops.cli.findings import Finding, broken, doubt, fine, note
from chatops.config import Config
from chatops.errors import SetupError
from chatops.store import sqlite
from chatops.store.secrets import Keyring

MEGABYTE = 1024 * 1024
LITTLE_ROOM = 1024 * MEGABYTE
NO_ROOM = 100 * MEGABYTE
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look(config: Config) -> list[Finding]:
    """Look at everything that needs no connection and no database."""
    found = _folder(config.data_dir)
    if config.data_dir.is_dir():
        found += [*_key_file(config), _room(config.data_dir)]
    if config.database.startswith("sqlite"):
        found.append(sqlite_version(sqlite.VERSION, sqlite.DRIVER.__name__.partition(".")[0]))
    system = " (the system's own is asked first)" if any(Path(place).is_dir() for place in TZPATH) else ""
    return [*found, fine(f"time zones: tzdata {version('tzdata')}{system}")]


def _folder(folder: Path) -> list[Finding]:
    if not folder.exists():
        above = next(parent for parent in folder.resolve().parents if parent.exists())
        if above.is_dir() and os.access(above, os.W_OK):
            return [note(f"the data folder {folder} is made at the first start")]
        return [broken(f"the data folder {folder} cannot be made in {above}", CHOOSE_FOLDER)]
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return [broken(f"the data folder {folder} cannot be written to: {error.strerror}", CHOOSE_FOLDER)]
    if _open_to_others(folder):
        fact = f"the data folder {folder} is open to others on this machine; messages and pictures are in it"
        return [doubt(fact, f"chmod 700 {folder}")]
    return [fine(f"the data folder {folder} can be written to and is private")]


CHOOSE_FOLDER = "Give it to the account chatops runs as, or choose another with CHATOPS_DATA_DIR."


def _open_to_others(path: Path) -> bool:
    return sys.platform != "win32" and bool(path.stat().st_mode & OTHERS)


def _key_file(config: Config) -> list[Finding]:
    file = config.data_dir / "secret.key"
    if config.secret_key.get_secret_value():
        return [fine("stored tokens are encrypted with CHATOPS_SECRET_KEY")]
    if not file.exists():
        return [note(f"the key that encrypts stored tokens is made in {file} at the first start")]
    if _open_to_others(file):
        return [broken(f"the key {file} can be read by others on this machine", f"chmod 600 {file}")]
    try:
        Keyring(file.read_text(encoding="utf-8").split(","))
    except (OSError, UnicodeDecodeError, SetupError):
        remedy = "Put the file back from your backup; without it the shops have to be connected again."
        return [broken(f"the key in {file} cannot be used", remedy)]
    return [fine(f"stored tokens are encrypted with the key in {file}, which is private; keep a copy of it")]


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    fact = f"{free // MEGABYTE:,} MB are free for the data folder"
    if free < NO_ROOM:
        return broken(fact, "Make room: with a full disk nothing new can be taken in.")
    return (
        doubt(fact, "Make room soon; pictures and videos of buyers are kept there.")
        if free < LITTLE_ROOM
        else fine(fact)
    )


def sqlite_version(number: str, module: str) -> Finding:
    """Judge a version of SQLite by https://sqlite.org/wal.html#walresetbug and say which module brings it."""
    fact = f"SQLite {number} (module {module})"
    if not _has_the_bug(tuple(int(part) for part in number.split("."))):
        return fine(fact)
    remedy = "Run `make install`: it brings a newer one."
    return doubt(f"{fact} has the WAL-reset bug; only one connection of ours writes, which avoids it", remedy)


def _has_the_bug(version: tuple[int, ...]) -> bool:
    repaired = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return (3, 7, 0) <= version <= (3, 51, 2) and not repaired
