"""`python -m chatops` and the `chatops` command."""

import gc
import os

from chatops.cli import commands

PRIVATE = 0o077  # takes every right from everybody else
LOOK_AFTER = 1_000_000  # more objects than loading makes; looking for garbage among them takes a sixth of the start


def main() -> None:
    """Run the command line; what it writes (conversations, pictures, keys) is for nobody else on this machine."""
    os.umask(PRIVATE)
    gc.set_threshold(LOOK_AFTER)
    commands(prog_name="chatops")


if __name__ == "__main__":
    main()
