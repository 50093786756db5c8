"""Pictures are recognised by their bytes and guarded where the market guards them."""

import struct

import pytest

from chatops.sandbox.tiktok.pictures import plain_png, sniff
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, Caller

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30, 40) + b"rest"
GIF = b"GIF89a" + struct.pack("<HH", 40, 30) + b"rest"
WEBP_LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 40, 30)
WEBP_LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 39 | 29 << 14)
WEBP_EXTENDED = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x27\0\0\x1d\0\0"


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (plain_png(40, 30), "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP_LOSSY, "image/webp"),
        (WEBP_LOSSLESS, "image/webp"),
        (WEBP_EXTENDED, "image/webp"),
    ],
)
async def test_the_four_formats_upload_with_their_size(caller: Caller, content: bytes, mime: str) -> None:
    answer = await caller.upload(content)
    assert (answer.code, answer.data["width"], answer.data["height"]) == (0, 40, 30)
    async with caller.session.get(answer.data["url"]) as fetched:
        assert (fetched.content_type, await fetched.read()) == (mime, content)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff", JPEG[:12], plain_png(1, 1)[:18], GIF[:8]])
async def test_other_and_broken_files_are_refused(caller: Caller, content: bytes) -> None:
    assert sniff(content) is None
    assert (await caller.upload(content)).code == 36009004


async def test_the_part_is_named_data(caller: Caller) -> None:
    assert (await caller.upload(plain_png(1, 1), field="image")).code == 36009023


async def test_ten_megabytes_fit_and_one_byte_more_does_not(caller: Caller) -> None:
    limit, start = 10 * 1024 * 1024, plain_png(1, 1)
    assert (await caller.upload(start.ljust(limit, b"\0"))).code == 0
    assert (await caller.upload(start.ljust(limit + 1, b"\0"))).code == 36009021


async def test_an_upload_must_be_multipart(caller: Caller) -> None:
    assert (await caller.post(f"{CS}/images/upload", {})).code == 36009022


@pytest.mark.parametrize(("seller_type", "guarded"), [("LOCAL", True), ("CROSS_BORDER", False)])
async def test_local_indonesian_pictures_need_token_and_cipher(
    world: TikTokWorld, app: App, caller: Caller, seller_type: str, guarded: bool
) -> None:
    shop = world.create_shop(app, name="Toko", region="ID", seller_type=seller_type)
    message = await world.create_buyer(shop, "Budi").sends_picture(plain_png(5, 6))
    granted = world.authorization(shop)
    assert granted is not None
    assert (message.inner["width"], message.inner["height"]) == ("5", "6")

    async def status(shop: Shop | None, token: str) -> int:
        query = {"shop_cipher": shop.cipher} if shop else {}
        headers = {"x-tts-access-token": token}
        async with caller.session.get(message.inner["url"], params=query, headers=headers) as fetched:
            return fetched.status

    refused = 403 if guarded else 200
    assert await status(None, granted.newest_access_token) == refused
    assert await status(shop, "wrong") == refused
    assert await status(shop, caller.token) == refused
    assert await status(shop, granted.newest_access_token) == 200
