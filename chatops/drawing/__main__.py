"""The process that draws: an SVG comes in, a PNG goes out, and that is its whole life."""

import sys
from pathlib import Path

MEMORY = 1 << 30  # bytes of address space; an ordinary picture takes a fortieth
SECONDS = 8  # of the processor


def main() -> None:
    """Draw what standard input holds to standard output."""
    _limit()
    import resvg_py  # noqa: PLC0415 - an extra, and under the limits

    fonts = sorted(str(path) for path in (Path(__file__).parent / "fonts").glob("*.ttf"))
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(), font_files=fonts, skip_system_fonts=True, font_family="Noto Sans"
    )
    sys.stdout.buffer.write(bytes(drawn))


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    main()
