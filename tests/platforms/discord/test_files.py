"""Files over the wire: shown to the thread, read from it, and never from a stranger."""

from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from chatops.errors import Rejected, TargetGone, Unavailable, Unsure
from chatops.platforms.discord.files import LARGEST
from chatops.platforms.ports import ChatFile, ThreadRef, Upload
from chatops.sandbox.discord.permissions import ATTACH_FILES
from chatops.sandbox.faults import Trouble
from chatops.ui import Card, Paragraph, Picture
from tests.platforms.discord.desk import HELLO, PNG, Desk
from tests.platforms.hosting import host


async def test_a_picture_travels_with_the_card_that_shows_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    thread = await desk.opened()
    asked = len(desk.world.requests)
    file_id = await desk.discord.upload(thread, Upload(tmp_path / "p.png", "parcel.png", "A torn parcel"))
    assert len(desk.world.requests) == asked
    card = Card(summary="A picture", parts=(Picture(file_id, "A torn parcel"), Picture(file_id, "Again")))
    await desk.discord.post(thread, card, "d-2")
    shown = desk.said(thread)[-1]
    assert [(file.filename, file.description, file.content) for file in shown.files] == [
        ("picture-1.png", "A torn parcel", PNG),
        ("picture-2.png", "Again", PNG),
    ]
    assert [embed["image"]["url"] for embed in shown.embeds] == [file.url for file in shown.files]


async def test_a_redrawn_message_shows_the_pictures_of_its_new_card_only(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    thread = await desk.opened(desk.forum)
    head = desk.head(thread)
    await desk.discord.redraw(head, Card(summary="s", parts=(Picture(str(tmp_path / "p.png"), "one"),)))
    assert len(desk.below(thread).messages[thread.thread_id].files) == 1
    await desk.discord.redraw(head, Card(summary="s"))
    assert desk.below(thread).messages[thread.thread_id].files == []


async def test_a_forums_post_may_begin_with_a_picture(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    card = Card(summary="s", title="Mia", parts=(Picture(str(tmp_path / "p.png"), "one"),))
    head = await desk.discord.open_thread(desk.forum, card, "d-1")
    found = desk.world.server.find_message(head.external_id)
    assert found
    assert [file.content for file in found[1].files] == [PNG]


async def test_a_picture_that_another_replica_keeps_is_waited_for(desk: Desk, tmp_path: Path) -> None:
    thread = await desk.opened()
    with pytest.raises(Unavailable, match="picture_unavailable"):
        await desk.discord.post(thread, Card(summary="s", parts=(Picture(str(tmp_path / "gone.png"), ""),)), "d-2")
    with pytest.raises(Rejected, match="file_unreadable"):
        await desk.discord.upload(thread, Upload(tmp_path / "gone.png", "x.png", ""))


async def test_a_video_is_shared_into_the_thread_and_found_again(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"film")
    thread, before = await desk.opened(), desk.world.time.now()
    upload = Upload(tmp_path / "v", "my parcel \u202e.mp4", "")
    desk.trouble("messages.create", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.discord.share(thread, upload, Card(summary="A video of Mia's"), "d-2")
    found = await desk.discord.find(thread, "d-2", before)
    shared = desk.said(thread)[-1]
    assert found
    assert found.external_id == shared.id
    assert [(file.filename, file.content) for file in shared.files] == [("my_parcel_.mp4", b"film")]
    with pytest.raises(Rejected, match="file_unreadable"):
        await desk.discord.share(thread, Upload(tmp_path / "gone", "x.mp4", ""), Card(summary="s"), "d-3")


async def test_a_forum_gets_what_is_meant_for_itself_as_a_post_of_its_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    forum, before = ThreadRef(desk.world.server.id, desk.forum.channel_id, ""), desk.world.time.now()
    upload, card = Upload(tmp_path / "p.png", "on-call.png", "The coming weeks"), Card(summary="Weeks", title="Weeks")
    desk.trouble("threads.create", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await desk.discord.share(forum, upload, card, "d-2")
    found = await desk.discord.find(forum, "d-2", before)
    assert found
    [head] = desk.below(replace(forum, thread_id=found.external_id)).messages.values()
    assert [(file.filename, file.content) for file in head.files] == [("on-call.png", PNG)]
    said = await desk.discord.post(forum, card, "d-3")  # without a picture
    assert len(desk.below(replace(forum, thread_id=said.external_id)).messages) == 1
    assert await desk.discord.find(forum, "d-4", before) is None


async def test_a_file_too_large_for_the_server_is_refused_for_good(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"film" * 100)
    desk.world.server.upload_limit = 100
    thread = await desk.opened()
    with pytest.raises(Rejected, match="file_too_large"):
        await desk.discord.share(thread, Upload(tmp_path / "v", "v.mp4", ""), Card(summary="s"), "d-2")


async def test_words_arrive_although_their_pictures_are_too_much(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    desk.world.server.upload_limit = 100
    thread = await desk.opened()
    card = Card(summary="s", parts=(Paragraph(("Look",)), Picture(str(tmp_path / "p.png"), "A torn parcel")))
    receipt = await desk.discord.post(thread, card, "d-2")
    shown = desk.said(thread)[-1]
    assert (shown.id, shown.files) == (receipt.external_id, [])
    assert shown.embeds[0]["description"] == "Look\n-# 🖼️ A torn parcel"


async def test_words_arrive_although_we_may_not_attach_their_pictures(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    thread = await desk.opened()
    [held] = (desk.world.server.roles[role] for role in desk.app.bot.roles)
    held.permissions &= ~ATTACH_FILES
    card = Card(summary="s", parts=(Paragraph(("Look",)), Picture(str(tmp_path / "p.png"), "A torn parcel")))
    await desk.discord.post(thread, card, "d-2")
    assert desk.said(thread)[-1].embeds[0]["description"] == "Look\n-# 🖼️ A torn parcel"


async def test_a_picture_larger_than_any_server_must_take_is_refused_at_once(desk: Desk, tmp_path: Path) -> None:
    with (tmp_path / "p.png").open("wb") as large:
        large.truncate(LARGEST + 1)
    with pytest.raises(Rejected, match="file_too_large"):
        await desk.discord.upload(desk.thread("1"), Upload(tmp_path / "p.png", "p.png", ""))


async def posted_file(desk: Desk) -> ChatFile:
    """Let Li post a picture below the head, and read it as the product does."""
    thread = await desk.opened()
    await desk.li.uploads(desk.below(thread), PNG, "label.png", "image/png")
    [message] = [message async for message in desk.discord.messages_after(thread, thread.thread_id)]
    [file] = message.files
    return file


async def test_a_file_of_an_agents_is_read_up_to_the_limit(desk: Desk) -> None:
    file = await posted_file(desk)
    assert (file.name, file.content_type, file.size) == ("label.png", "image/png", len(PNG))
    assert await desk.discord.download(file, len(PNG)) == PNG
    for claimed in (len(PNG), 1):
        with pytest.raises(Rejected, match="file_too_large"):
            await desk.discord.download(replace(file, size=claimed), len(PNG) - 1)


async def test_a_file_that_is_gone_and_one_that_cannot_be_had_now(desk: Desk) -> None:
    file = await posted_file(desk)
    with pytest.raises(TargetGone, match="file_not_found"):
        await desk.discord.download(replace(file, url=file.url + "x"), 10_000)
    desk.trouble("attachments.get", Trouble.SERVER_ERROR)
    with pytest.raises(Unavailable):
        await desk.discord.download(file, 10_000)
    desk.trouble("attachments.get", Trouble.DROP_BEFORE, times=2)  # aiohttp itself repeats a read on a stale line
    with pytest.raises(Unavailable):
        await desk.discord.download(file, 10_000)


async def test_files_are_read_from_discord_only_and_no_host_sees_our_token(desk: Desk) -> None:
    file = await posted_file(desk)
    seen: list[str] = []

    async def stranger(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(status=302, headers={"Location": file.url})

    async with host(stranger) as elsewhere:
        with pytest.raises(Rejected, match="foreign_file_host"):
            await desk.discord.download(replace(file, url=f"{elsewhere}/a.png"), 10_000)
    assert seen == []


async def test_a_file_and_words_without_a_thread_stand_in_the_channel_itself(desk: Desk, tmp_path: Path) -> None:
    before, place = desk.world.time.now(), desk.thread("")
    kept = tmp_path / "on-call.png"
    kept.write_bytes(PNG)
    shared = await desk.discord.share(place, Upload(kept, kept.name, "Nobody is on call on Sunday."), HELLO, "d-1")
    posted = await desk.discord.post(place, HELLO, "d-2")
    assert list(desk.support.messages) == [shared.external_id, posted.external_id]
    assert await desk.discord.find(place, "d-1", before) == shared
    assert desk.world.server.threads == []
