"""Pictures of charts: one after the other, and one of the last few is not drawn again."""

import json
from collections.abc import Sequence

from chatops.delivery.hand import Tools
from chatops.digest import picture
from chatops.digest.section import Chart

KEPT = 4  # pictures, of half a megabyte each: the same report goes to several people, and then by a link


async def drawn(tools: Tools, charts: Sequence[Chart], *, title: str, dark: bool = False) -> bytes:
    """Return the picture of some charts in the language spoken.

    Raises:
        Unavailable: it could not be drawn now.
    """
    key = json.dumps(picture.specification(charts, title=title, dark=dark), sort_keys=True)
    async with tools.drawing:
        if key not in tools.pictures:
            fresh = await picture.drawn(charts, title=title, dark=dark)
            while len(tools.pictures) >= KEPT:
                tools.pictures.pop(next(iter(tools.pictures)))
            tools.pictures[key] = fresh
        return tools.pictures[key]
