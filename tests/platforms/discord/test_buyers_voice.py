"""Buyers' words under the buyers' own names: by a webhook where that works, else under the product's name."""

import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from chatops.desk import intake
from chatops.errors import TargetGone, Unsure
from chatops.model.facts import MarketConversation, SenderRole
from chatops.model.shop import Route
from chatops.platforms.discord.webhooks import TRY_AGAIN_AFTER, called
from chatops.platforms.ports import ThreadRef
from chatops.sandbox.discord import permissions, threads
from chatops.sandbox.discord.message import Message
from chatops.sandbox.faults import Trouble
from chatops.store import Store, Transaction
from chatops.ui import Card, Picture, Quote, Speaker
from tests.desk.scenes import SHOP
from tests.platforms.discord.carrying import all_there, mia_writes, says, working
from tests.platforms.discord.desk import PNG, Desk, connect

MIA = Speaker("Mia", "Buyer", "https://pictures.example/mia.png")
SAID = Card(summary="Mia: where is it?", parts=(Quote("@everyone where is it?"),))
PLACES = pytest.mark.parametrize("place", ["channel", "forum"])


def allow(desk: Desk) -> None:
    """Let the bot make webhooks."""
    for role_id in desk.app.bot.roles:
        desk.world.server.roles[role_id].permissions |= permissions.MANAGE_WEBHOOKS


async def spoken(desk: Desk, thread: ThreadRef, delivery: str, card: Card = SAID) -> Message:
    """Let Mia say something and return the message."""
    said = await desk.discord.post(thread, card, delivery, MIA)
    return desk.below(thread).messages[said.external_id]


@PLACES
async def test_a_buyer_speaks_under_their_own_name_and_pings_nobody(desk: Desk, place: str) -> None:
    allow(desk)
    thread = await desk.opened(getattr(desk, place))
    first, second = [await spoken(desk, thread, delivery) for delivery in ("d-1", "d-2")]
    assert first.author["username"] == second.author["username"] == "Mia · Buyer"
    assert first.webhook_id == second.webhook_id
    assert len(desk.world.server.webhooks) == 1
    assert desk.world.server.pings == []


@PLACES
async def test_what_a_buyer_said_is_found_again_and_is_ours(desk: Desk, place: str) -> None:
    allow(desk)
    thread, began = await desk.opened(getattr(desk, place)), desk.world.time.now()
    said = await spoken(desk, thread, "d-1")
    found = await desk.discord.find(thread, "d-1", began)
    assert found
    assert found.external_id == said.id
    read = [one async for one in desk.discord.messages_after(thread, thread.thread_id)]
    assert [(one.external_id, one.is_ours, one.delivery) for one in read] == [(said.id, True, "d-1")]


async def test_a_webhook_is_used_again_after_a_restart(desk: Desk) -> None:
    allow(desk)
    thread = await desk.opened()
    before = await spoken(desk, thread, "d-1")
    desk.discord = connect(desk.world, desk.app.token)
    assert (await spoken(desk, thread, "d-2")).webhook_id == before.webhook_id


async def test_without_the_right_to_it_the_bot_speaks_and_looks_again_later(desk: Desk) -> None:
    thread = await desk.opened(desk.forum)
    for delivery in ("d-1", "d-2"):
        assert (await spoken(desk, thread, delivery)).author["id"] == desk.app.bot.id
    assert desk.asked("webhooks.list") == 1
    allow(desk)
    desk.world.time.skip(TRY_AGAIN_AFTER)
    assert (await spoken(desk, thread, "d-3")).webhook_id


async def test_a_webhook_that_somebody_removed_is_made_anew(desk: Desk) -> None:
    allow(desk)
    thread = await desk.opened(desk.forum)
    await spoken(desk, thread, "d-1")
    desk.world.server.webhooks.clear()
    assert (await spoken(desk, thread, "d-2")).author["id"] == desk.app.bot.id
    assert (await spoken(desk, thread, "d-3")).webhook_id


async def test_a_webhook_that_is_too_fast_lets_the_bot_speak(desk: Desk) -> None:
    allow(desk)
    thread = await desk.opened(desk.forum)
    await spoken(desk, thread, "d-1")
    desk.trouble("webhooks.execute", Trouble.RATE_LIMITED, retry_after=40)
    assert (await spoken(desk, thread, "d-2")).author["id"] == desk.app.bot.id
    assert (await spoken(desk, thread, "d-3")).author["id"] == desk.app.bot.id
    desk.world.time.skip(timedelta(seconds=41))
    assert (await spoken(desk, thread, "d-4")).webhook_id


@pytest.mark.parametrize("code", ["50035", "200000"])
async def test_one_message_that_is_refused_takes_nobody_elses_name_away(desk: Desk, code: str) -> None:
    allow(desk)
    thread = await desk.opened(desk.forum)
    await spoken(desk, thread, "d-1")
    desk.trouble("webhooks.execute", Trouble.ERROR, code=code)
    assert (await spoken(desk, thread, "d-2")).author["id"] == desk.app.bot.id
    assert (await spoken(desk, thread, "d-3")).webhook_id
    assert desk.asked("webhooks.list") == 1


async def test_a_channel_that_can_have_no_more_webhooks_is_left_alone_for_a_while(desk: Desk) -> None:
    allow(desk)
    thread = await desk.opened(desk.forum)
    desk.trouble("webhooks.create", Trouble.ERROR, code="30007")
    for delivery in ("d-1", "d-2"):
        assert (await spoken(desk, thread, delivery)).author["id"] == desk.app.bot.id
    assert desk.asked("webhooks.create") == 1
    desk.world.time.skip(TRY_AGAIN_AFTER)
    assert (await spoken(desk, thread, "d-3")).webhook_id


async def test_a_picture_that_is_too_large_is_told_in_words_under_the_buyers_name(desk: Desk, tmp_path: Path) -> None:
    allow(desk)
    (tmp_path / "p.png").write_bytes(PNG)
    thread = await desk.opened(desk.forum)
    desk.trouble("webhooks.execute", Trouble.ERROR, code="40005")
    card = Card(summary="A picture", parts=(Picture(str(tmp_path / "p.png"), "a torn box"),))
    shown = await spoken(desk, thread, "d-1", card)
    assert shown.webhook_id
    assert not shown.files
    assert "a torn box" in str(shown.embeds)


async def test_a_webhook_without_a_clear_answer_leaves_the_words_in_doubt_and_they_are_found(desk: Desk) -> None:
    allow(desk)
    thread, began = await desk.opened(desk.forum), desk.world.time.now()
    desk.trouble("webhooks.execute", Trouble.DROP_AFTER)
    with pytest.raises(Unsure):
        await spoken(desk, thread, "d-1")
    assert await desk.discord.find(thread, "d-1", began)


async def test_a_buyers_picture_leaves_with_their_words(desk: Desk, tmp_path: Path) -> None:
    allow(desk)
    (tmp_path / "p.png").write_bytes(PNG)
    thread = await desk.opened(desk.forum)
    shown = await spoken(desk, thread, "d-1", Card(summary="A picture", parts=(Picture(str(tmp_path / "p.png"), "p"),)))
    assert shown.webhook_id
    assert [file.content for file in shown.files] == [PNG]


async def test_a_deleted_thread_is_told_as_such(desk: Desk) -> None:
    allow(desk)
    thread = await desk.opened(desk.forum)
    threads.remove(desk.world.server, desk.below(thread))
    with pytest.raises(TargetGone, match="thread_not_found"):
        await desk.discord.post(thread, SAID, "d-1", MIA)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mia", "Mia · Buyer"),
        ("Li Wei · Support", "Li Wei · Support · Buyer"),
        ("Discord Clyde", "… · Buyer"),
        ("disCLYDEcord", "dis cord · Buyer"),
        ("@everyone", "everyone · Buyer"),
        ("Mia\n# Boss", "Mia Boss · Buyer"),
        ("ｄｉｓｃｏｒｄ 𝗖𝗹𝘆𝗱𝗲", "… · Buyer"),
        ("Mia＠Leeds", "Mia Leeds · Buyer"),
        ("\u3164\u2800", "… · Buyer"),
        ("น้ำ ②…", "น้ำ ②… · Buyer"),
        ("M" * 200, "M" * 71 + "… · Buyer"),
    ],
)
def test_a_name_is_one_that_discord_takes_and_says_what_they_are(name: str, shown: str) -> None:
    assert called(Speaker(name, "Buyer")) == shown


@given(st.text(), st.sampled_from(["Buyer", "买家", "ผู้ซื้อ"]))
def test_no_name_is_refused(name: str, role: str) -> None:
    shown = called(Speaker(name, role))
    assert shown.endswith(f" · {role}")
    assert len(shown) <= 80
    for spelled in (shown, unicodedata.normalize("NFKC", shown)):
        assert not any(word in spelled.lower() for word in ("discord", "clyde", "@", "#", "```"))


async def test_a_route_may_let_buyers_speak_and_others_words_stay_ours(desk: Desk, store: Store) -> None:
    allow(desk)

    def mia_is_known(tx: Transaction) -> None:
        mia_writes(tx, desk, desk.forum)
        tx.execute(update(Route).values(buyer_identity=True))
        facts = MarketConversation("c1", "im-c1", "", "Mia", "", can_send=True, unread=0, latest=None)
        intake.buyer_learned(tx, SHOP, facts, None, desk.world.time.now())

    await store.write(mia_is_known)
    async with working(desk, store):
        await desk.world.until(lambda: all_there(desk), timeout=30, describe="Mia's words")
        await store.write(says, desk, "Hello from the shop", 3, "c1", "TEXT", SenderRole.CUSTOMER_SERVICE)
        [thread] = desk.world.server.threads
        shop = await thread.expects("Hello from the shop")
    assert {message.author["username"] for message in desk.said(desk.thread(thread.id))} == {
        "Mia · Buyer",
        desk.app.name,
    }
    assert shop.author["id"] == desk.app.bot.id
