"""What must not reach a buyer: forwarded messages, what only the team can see, and files that were taken out again."""

import pytest

from chatops.sandbox.slack import messages as world_messages
from chatops.sandbox.slack.message import Message as Said
from tests.handlers.slack.desk import PNG, Desk


@pytest.mark.parametrize("sign", ["is_share", "is_msg_unfurl"])
async def test_a_comment_on_a_forwarded_message_is_a_note(desk: Desk, sign: str) -> None:
    world, ts = desk.world.workspace, desk.world.workspace.mint_ts()
    said = Said(desk.support.id, ts, desk.world.team.id, "he is a fraud", user=desk.li.id, thread_ts=desk.head)
    said.attachments = [{sign: True, "channel_id": "C0OTHER", "ts": "1.000001", "text": "Block this buyer?"}]
    world_messages.post(world, desk.support, said)
    assert await desk.said() == [("note", "he is a fraud")]
    assert await desk.deliveries("reply") == []


async def test_the_preview_of_a_page_changes_nothing(desk: Desk) -> None:
    world, ts = desk.world.workspace, desk.world.workspace.mint_ts()
    said = Said(
        desk.support.id, ts, desk.world.team.id, "https://tracking.example/1", user=desk.li.id, thread_ts=desk.head
    )
    said.attachments = [{"from_url": "https://tracking.example/1", "title": "Parcel 1"}]
    world_messages.post(world, desk.support, said)
    assert await desk.said() == [("waiting", "https://tracking.example/1")]


async def test_what_was_left_out_is_told_privately_while_the_answer_waits(desk: Desk) -> None:
    link = "https://acme.slack.com/archives/C1/p1731000000000100"
    ts = await desk.li.replies(desk.head, f"Shipped :parrot_party:, see {link}")
    assert await desk.whispers() == ["undo_offer", "left_out"]
    told = (await desk.deliveries("whisper"))[-1]
    assert set(told.args["facts"]["pieces"].split()) == {":parrot_party:", link}
    await desk.li.edits(ts, "Shipped today :parrot_party:")
    assert (await desk.whispers())[2:] == ["undo_offer", "left_out"]
    await desk.li.edits(ts, "Shipped today, really")
    assert (await desk.whispers())[4:] == ["undo_offer"]


async def test_a_refused_file_that_is_taken_out_lets_the_words_go(desk: Desk) -> None:
    for name, kind in (("terms.pdf", "application/pdf"), ("box.png", "image/png")):
        await desk.li.uploads(desk.support, PNG, name, kind, thread_ts=desk.head, text=name[:3])
    assert await desk.said() == [("waiting", "box"), ("waiting", "IMAGE")]
    refused = next(said for said in desk.support.all_messages.values() if said.text == "ter")
    world_messages.change(desk.world.workspace, desk.support, refused, files=[])
    assert sorted(await desk.said()) == [("waiting", "IMAGE"), ("waiting", "box"), ("waiting", "ter")]


async def test_a_ticket_is_given_to_whoever_is_mentioned_and_the_buyer_hears_nothing(desk: Desk) -> None:
    await desk.li.replies(desk.head, "!assign @Noor")
    assert (await desk.ticket()).assignee_id == desk.noor.id
    assert await desk.said() == []
