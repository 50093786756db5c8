"""A slower disk: a library that adds time to every fsync, compiled on the spot."""

import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("slow_disk.c")


def compiled(folder: Path) -> Path | None:
    """Return the compiled library, None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    library = folder / "slow_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
    return library


def settings(library: Path, microseconds: int) -> dict[str, str]:
    """Return the environment of a process whose every fsync takes that much longer."""
    return {"LD_PRELOAD": str(library), "BENCH_SYNC_MICROSECONDS": str(microseconds)}
