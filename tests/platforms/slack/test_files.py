"""Files over the wire: shown to the thread, read from it, and never our token to a stranger."""

from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from chatops.errors import Rejected, TargetGone, Unavailable, Unsure
from chatops.platforms.ports import ChatFile, Upload
from chatops.platforms.slack.files import SlackFiles
from chatops.sandbox.faults import Trouble
from chatops.ui import Card, Picture
from tests.platforms.hosting import host
from tests.platforms.slack.desk import HELLO, PNG, Desk


async def test_a_picture_is_kept_and_shown_by_a_card(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(PNG)
    thread = await desk.opened()
    file_id = await desk.slack.upload(thread, Upload(tmp_path / "p", "parcel.png", "A torn parcel"))
    assert desk.support.replies(thread.thread_id) == []
    await desk.slack.post(thread, Card(summary="A picture", parts=(Picture(file_id, "A torn parcel"),)), "d-2")
    [shown] = desk.support.replies(thread.thread_id)
    assert shown.blocks[0]["slack_file"] == {"id": file_id}
    assert desk.world.workspace.files[file_id].content == PNG


async def test_a_video_is_shared_into_the_thread_and_found_again(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"film")
    thread, before = await desk.opened(), desk.world.time.now()
    upload = Upload(tmp_path / "v", "parcel.mp4", "")
    desk.trouble("files.completeUploadExternal", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.slack.share(thread, upload, Card(summary="A video of Mia's"), "d-2")
    found = await desk.slack.find(thread, "d-2", before)
    [shared] = desk.support.replies(thread.thread_id)
    assert found
    assert found.external_id == shared.ts
    assert [file.name for file in shared.files] == ["parcel.mp4"]


async def test_an_upload_that_breaks_may_be_tried_again(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(PNG)
    thread, upload = await desk.opened(), Upload(tmp_path / "p", "parcel.png", "")
    for method in ("files.getUploadURLExternal", "files.completeUploadExternal"):
        desk.trouble(method, Trouble.DROP_AFTER)
        with pytest.raises(Unavailable):
            await desk.slack.upload(thread, upload)
    with pytest.raises(Rejected, match="file_unreadable"):
        await desk.slack.upload(thread, Upload(tmp_path / "missing", "x.png", ""))


async def posted_file(desk: Desk, content: bytes = PNG) -> ChatFile:
    """Let Li post a picture below the head, and read it as the product does."""
    thread = await desk.opened()
    await desk.li.uploads(desk.support, content, "label.png", "image/png", thread.thread_id)
    [message] = [message async for message in desk.slack.messages_after(thread, thread.thread_id)]
    [file] = message.files
    return file


async def test_a_file_of_an_agents_is_read_up_to_the_limit(desk: Desk) -> None:
    file = await posted_file(desk)
    assert (file.name, file.content_type, file.size) == ("label.png", "image/png", len(PNG))
    assert await desk.slack.download(file, len(PNG)) == PNG
    with pytest.raises(Rejected, match="file_too_large"):
        await desk.slack.download(file, len(PNG) - 1)
    liar = ChatFile(file.external_id, file.name, file.content_type, 1, file.url)
    with pytest.raises(Rejected, match="file_too_large"):
        await desk.slack.download(liar, len(PNG) - 1)


async def test_a_page_to_sign_in_is_not_a_picture(desk: Desk) -> None:
    file = await posted_file(desk)
    desk.app.scopes = tuple(scope for scope in desk.app.scopes if scope != "files:read")
    with pytest.raises(Rejected, match="file_login_page"):
        await desk.slack.download(file, 10_000)


async def test_a_deleted_file_is_gone(desk: Desk) -> None:
    file = await posted_file(desk)
    desk.world.workspace.files[file.external_id].deleted = True
    with pytest.raises(TargetGone):
        await desk.slack.download(file, 10_000)


async def test_our_token_is_shown_to_no_other_host(desk: Desk) -> None:
    seen: list[str] = []

    async def stranger(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=PNG, content_type="image/png")

    async with host(stranger) as elsewhere:
        file = ChatFile("F1", "a.png", "image/png", 10, f"{elsewhere}/a.png")
        with pytest.raises(Rejected, match="foreign_file_host"):
            await desk.slack.download(file, 10_000)

        async def onward(_: web.Request) -> web.Response:
            raise web.HTTPFound(f"{elsewhere}/a.png")

        async with host(onward) as slack_itself, aiohttp.ClientSession() as session:
            files = SlackFiles(session, AsyncWebClient(), f"{slack_itself}/api/")
            with pytest.raises(Rejected, match="file_login_page"):
                await files.download("xoxb-1", ChatFile("F1", "a.png", "image/png", 10, f"{slack_itself}/a"), 10_000)
    assert seen == []


async def test_a_file_and_words_without_a_thread_stand_in_the_channel_itself(desk: Desk, tmp_path: Path) -> None:
    before, place = desk.world.time.now(), desk.thread("")
    kept = tmp_path / "on-call.png"
    kept.write_bytes(PNG)
    await desk.slack.share(place, Upload(kept, kept.name, "Nobody is on call on Sunday."), HELLO, "d-1")
    await desk.slack.post(place, HELLO, "d-2")
    assert [message.is_reply for message in desk.support.messages] == [False, False]
    assert await desk.slack.find(place, "d-1", before)
    assert await desk.slack.find(place, "d-2", before)
