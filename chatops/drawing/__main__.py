"""The process that draws: an SVG or a chart comes in, a PNG goes out, and that is its whole life."""

import json
import sys
from typing import Any

MEMORY = 1 << 30  # bytes that may be written to; a chart takes a tenth, but V8 asks for half of it before it begins
SECONDS = 12  # of the processor
FILES = 64
GRAMMAR = "6.4"  # of Vega-Lite
LARGER = 2  # pixels for each unit of a chart
ELSEWHERE = {"url", "href"}


def main() -> None:
    """Draw what standard input holds to standard output; the first argument says what it is."""
    _limit()
    import vl_convert  # noqa: PLC0415 - an extra, and under the limits

    asked = sys.stdin.buffer.read().decode()
    if sys.argv[1] == "chart":
        _stay(json.loads(asked))
        drawn = vl_convert.vegalite_to_png(asked, vl_version=GRAMMAR, scale=LARGER, allowed_base_urls=[])
    else:
        drawn = vl_convert.svg_to_png(asked)
    sys.stdout.buffer.write(drawn)


def _stay(asked: Any) -> None:
    """Refuse a chart that names anything outside itself: the list of allowed addresses does not hold for files."""
    if isinstance(asked, dict):
        if ELSEWHERE & asked.keys():
            raise ValueError("a chart brings its data along")
        for each in asked.values():
            _stay(each)
    elif isinstance(asked, list):
        for each in asked:
            _stay(each)


def _limit() -> None:
    """Limit memory, time and files. The address space stays free: V8 reserves 64 GiB of it and uses next to none."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written anywhere but to the pipe


if __name__ == "__main__":
    main()
