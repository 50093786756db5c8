"""Pictures from SVG and from Vega-Lite charts: drawn in a process of its own, with the fonts beside this file alone.

Needs the `charts` extra. What a picture says comes from people, so it is drawn where it can neither take this process's
memory nor its time, and where nothing is that it could tell: no setting of ours, no network.
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chatops.errors import Unavailable

PATIENCE = 15.0  # seconds; a picture takes one, a tenth without charts
FONTS = Path(__file__).parent / "fonts"
# Thai's ำ is drawn over the letter behind it by the library, unless it comes as its two parts, below a tone mark.
_SARA_AM, _PARTS = (
    re.compile("([\N{THAI CHARACTER MAI EK}-\N{THAI CHARACTER MAI CHATTAWA}]?)\N{THAI CHARACTER SARA AM}"),
    ("\N{THAI CHARACTER NIKHAHIT}\\1\N{THAI CHARACTER SARA AA}"),
)
_NEEDED = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LD_LIBRARY_PATH")  # to start Python, and nothing else


def family(locale: str) -> str:
    """Return the font of a language's pictures: Chinese characters have other shapes in Japanese."""
    return "Noto Sans JP" if locale.startswith("ja") else "Noto Sans SC"


def possible() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("vl_convert") is not None


async def png(svg: str) -> bytes:
    """Return an SVG drawing as a PNG picture.

    Raises:
        Unavailable: it could not be drawn now.
    """
    return await _drawn("svg", svg)


async def chart(specification: Mapping[str, Any]) -> bytes:
    """Return a Vega-Lite chart that brings its data along as a PNG picture of twice its size.

    Raises:
        Unavailable: it could not be drawn now, or asks for what lies elsewhere.
    """
    return await _drawn("chart", json.dumps(specification, ensure_ascii=False))


async def _drawn(kind: str, asked: str) -> bytes:
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    settings = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    settings["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatops.drawing", kind, stdin=pipe, stdout=pipe, stderr=quiet, env=settings
    )
    try:
        async with asyncio.timeout(PATIENCE):
            drawn, _ = await child.communicate(_SARA_AM.sub(_PARTS, asked).encode())
    except TimeoutError:
        raise Unavailable("picture_not_drawn", f"not within {PATIENCE:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not drawn:
        raise Unavailable("picture_not_drawn", f"the drawing process ended with {child.returncode}")
    return drawn
