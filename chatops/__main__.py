"""`python -m chatops` and the `chatops` command."""

from chatops.cli import commands


def main() -> None:
    """Run the command line."""
    commands()


if __name__ == "__main__":
    main()
