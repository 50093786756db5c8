"""`python -m chatops` and the `chatops` command."""

import os

from chatops.cli import commands

PRIVATE = 0o077  # takes every right from everybody else


def main() -> None:
    """Run the command line; what it writes (conversations, pictures, keys) is for nobody else on this machine."""
    os.umask(PRIVATE)
    commands(prog_name="chatops")


if __name__ == "__main__":
    main()
