"""Files: sent in forms, shown in messages, fetched by their signed address, refused when too large."""

import io
import json
from typing import Any

import aiohttp
import discord
import pytest

from chatops.sandbox.discord.permissions import ATTACH_FILES, EMBED_LINKS, FOR_CHATOPS
from tests.sandbox.discord.conftest import Answer, Desk

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + b"\x08\x06"


async def send(desk: Desk, payload: dict[str, Any], *files: tuple[str, bytes], token: str = "") -> Answer:
    """Post raw: a form when there are files, else JSON."""
    if not files:
        return await desk.asks("POST", f"/channels/{desk.support.id}/messages", token, json=payload)
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(payload))
    for number, (name, content) in enumerate(files):
        form.add_field(f"files[{number}]", content, filename=name, content_type="application/octet-stream")
    return await desk.asks("POST", f"/channels/{desk.support.id}/messages", token, data=form)


async def test_a_picture_is_sent_and_fetched_again(desk: Desk) -> None:
    channel = await desk.text_channel()
    said = await channel.send("Look", file=discord.File(io.BytesIO(PNG), "box.png", description="A dented box"))
    picture = said.attachments[0]
    assert (picture.filename, picture.size, picture.content_type) == ("box.png", len(PNG), "image/png")
    assert (picture.width, picture.height, picture.description) == (640, 480, "A dented box")
    assert await picture.read() == PNG


async def test_an_address_without_its_signature_leads_nowhere(desk: Desk) -> None:
    said = (await send(desk, {"content": "x"}, ("a.txt", b"secret"))).body
    url = said["attachments"][0]["url"]
    async with desk.session.get(url) as whole, desk.session.get(url.partition("?")[0]) as bare:
        assert (whole.status, await whole.read(), bare.status) == (200, b"secret", 404)


async def test_an_embed_shows_the_file_that_comes_with_it(desk: Desk) -> None:
    payload = {"embeds": [{"description": "x", "image": {"url": "attachment://box.png"}}]}
    said = (await send(desk, payload, ("box.png", PNG))).body
    assert said["embeds"][0]["image"]["url"] == said["attachments"][0]["url"]


async def test_a_file_is_as_large_as_the_server_allows_and_no_larger(desk: Desk) -> None:
    desk.server.upload_limit = 100
    assert (await send(desk, {}, ("a.bin", b"x" * 100))).status == 200
    refused = await send(desk, {}, ("a.bin", b"x" * 101))
    assert (refused.status, refused.body["code"]) == (413, 40005)
    assert len(desk.support.messages) == 1


async def test_a_request_of_more_than_25_mib_is_refused_whole(desk: Desk) -> None:
    refused = await send(desk, {}, *[(f"{number}.bin", b"x" * (9 * 1024 * 1024)) for number in range(3)])
    assert (refused.status, refused.body["code"]) == (413, 40005)
    assert desk.support.messages == {}


async def test_an_edit_keeps_the_files_it_names(desk: Desk) -> None:
    said = (await send(desk, {"content": "x"}, ("a.txt", b"a"), ("b.txt", b"b"))).body
    path = f"/channels/{desk.support.id}/messages/{said['id']}"
    kept = (await desk.asks("PATCH", path, json={"content": "y"})).body
    assert [file["filename"] for file in kept["attachments"]] == ["a.txt", "b.txt"]
    one = (await desk.asks("PATCH", path, json={"attachments": [{"id": said["attachments"][1]["id"]}]})).body
    assert [file["filename"] for file in one["attachments"]] == ["b.txt"]


async def test_a_post_brings_its_picture(desk: Desk) -> None:
    form = aiohttp.FormData()
    message = {"content": "x", "attachments": [{"id": 0, "filename": "box.png"}]}
    form.add_field("payload_json", json.dumps({"name": "Mia", "message": message}))
    form.add_field("files[0]", PNG, filename="box.png", content_type="application/octet-stream")
    made = await desk.asks("POST", f"/channels/{desk.tickets.id}/threads", data=form)
    assert made.body["message"]["attachments"][0]["filename"] == "box.png"


@pytest.mark.parametrize(("missing", "files"), [(ATTACH_FILES, 1), (EMBED_LINKS, 0)])
async def test_files_and_embeds_are_rights_of_their_own(desk: Desk, missing: int, files: int) -> None:
    plain = desk.world.install_app("plain", permissions=FOR_CHATOPS & ~missing)
    payload = {} if files else {"embeds": [{"description": "x"}]}
    refused = await send(desk, payload, *[("a.txt", b"a")] * files, token=plain.token)
    assert (refused.status, refused.body["code"]) == (403, 50013)
    assert (await send(desk, {"content": "x"}, token=plain.token)).status == 200
