"""Pictures: what they are, how large they are, and a small one for those who have none."""

import struct
import zlib
from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n"
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Kind:
    """What the bytes of a picture say about it."""

    mime: str
    suffix: str
    width: int
    height: int


def sniff(content: bytes) -> Kind | None:
    """Return kind and size of a jpg, png, gif or webp, None for anything else."""
    try:
        if content.startswith(PNG) and content[12:16] == b"IHDR":
            return Kind("image/png", "png", *struct.unpack(">II", content[16:24]))
        if content[:6] in {b"GIF87a", b"GIF89a"}:
            return Kind("image/gif", "gif", *struct.unpack("<HH", content[6:10]))
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return None
    return None


def plain_png(width: int, height: int, colour: tuple[int, int, int] = (120, 120, 160)) -> bytes:
    """Return a one-coloured PNG."""
    rows = zlib.compress((b"\0" + bytes(colour) * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _jpeg(content: bytes) -> Kind | None:
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Kind("image/jpeg", "jpg", width, height)
        at += 2 + length
    return None


def _webp(content: bytes) -> Kind | None:
    match content[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        case b"VP8L":
            bits = struct.unpack("<I", content[21:25])[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = (size & 0x3FFF for size in struct.unpack("<HH", content[26:30]))
        case _:
            return None
    return Kind("image/webp", "webp", width, height)
