"""The contact sheet of the digest's pictures, to be looked at: `python -m tests.digest.sheet` draws docs/pictures anew.

Every language on a light and on a dark ground with the sections' own charts, then with other shapes; at last charts
as they should never be. The files are half as wide as what
is posted and have few colours, so that they weigh little.
"""

import asyncio
import struct
import zlib

import numpy as np

from chatops import drawing
from chatops.i18n import LANGUAGES, language, language_name
from tests.digest.pictures import other, specification, strange, usual
from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "pictures"
PAGE = FOLDER / "README.md"
HEAD = """# The digest's picture in every language

Drawn by `python -m tests.digest.sheet`, half as wide as it is posted. Slack gets the light one, Discord the dark one;
the third has shapes that sections may use.
[How it is made](../adr/0023-the-picture-of-a-digest.md)
"""


async def main() -> None:
    """Draw everything, and write the page that shows it."""
    FOLDER.mkdir(exist_ok=True)
    parts = [HEAD]
    for tongue in LANGUAGES:
        with language(tongue):
            shown = [
                await _drawn(f"{tongue}-light", specification(usual())),
                await _drawn(f"{tongue}-dark", specification(usual(), dark=True)),
                await _drawn(f"{tongue}-other", specification(other())),
            ]
            parts.append(f"## {language_name(tongue)}\n\n{' '.join(shown)}\n")
    with language("en"):
        odd = strange()
        shown = [await _drawn(f"strange-{at}", specification(odd[at : at + 4], dark=at > 0)) for at in (0, 4)]
    parts.append(f"## What should never be\n\n{' '.join(shown)}\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")


async def _drawn(name: str, shown: dict[str, object]) -> str:
    path = FOLDER / f"digest-{name}.png"
    path.write_bytes(lighter(await drawing.chart(shown)))
    return f'<img src="{path.name}" alt="{name}" width="270">'


def lighter(png: bytes) -> bytes:
    """Return a picture of ours half as wide and in at most 256 colours."""
    width, height, pixels = _pixels(png)
    half = pixels[: height // 2 * 2, : width // 2 * 2, :3].reshape(height // 2, 2, width // 2, 2, 3)
    coarse = np.minimum((half.mean(axis=(1, 3)).astype(np.uint32) + 4) // 8, 31)
    known, places = np.unique(coarse[..., 0] * 1024 + coarse[..., 1] * 32 + coarse[..., 2], return_inverse=True)
    most = np.argsort(-np.bincount(places.ravel()))[:256]
    tones = np.stack([known // 1024, known // 32 % 32, known % 32], axis=1).astype(np.int32)
    nearest = np.abs(tones[:, None] - tones[None, most]).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = nearest[places.reshape(coarse.shape[:2])]
    palette = (tones[most] * 255 // 31).astype(np.uint8).tobytes()
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held)) for kind, held in parts
    )


def _pixels(png: bytes) -> tuple[int, int, "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]"]:
    """Return what the library wrote: rows of red, green, blue and opacity, each as what changed since the last."""
    at, packed, width, height = 8, b"", 0, 0
    while at < len(png):
        (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        held = png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", held[:8])
        elif kind == b"IDAT":
            packed += held
        at += 12 + size
    rows = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(height, width * 4 + 1)
    if (rows[:, 0] != 1).any():
        raise ValueError("not written as these pictures are")
    told = rows[:, 1:].reshape(height, width, 4)
    return width, height, np.cumsum(told, axis=1, dtype=np.uint8)


if __name__ == "__main__":
    asyncio.run(main())
