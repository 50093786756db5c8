"""Pictures from SVG: drawn in a process of its own, with the fonts that lie beside this file and no others.

Needs the `charts` extra. What a picture says comes from people, so it is drawn where it can neither take this process's
memory nor its time.
"""

import asyncio
import sys
from importlib.util import find_spec

from chatops.errors import Unavailable

PATIENCE = 10.0  # seconds; the largest picture takes a tenth of one


def possible() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("resvg_py") is not None


async def png(svg: str) -> bytes:
    """Return an SVG drawing as a PNG picture.

    Raises:
        Unavailable: it could not be drawn now.
    """
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatops.drawing", stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PATIENCE):
            drawn, _ = await child.communicate(svg.encode())
    except TimeoutError:
        raise Unavailable("picture_not_drawn", f"not within {PATIENCE:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not drawn:
        raise Unavailable("picture_not_drawn", f"the drawing process ended with {child.returncode}")
    return drawn
