"""The left half: what a visitor does as the buyer reaches TikTok Shop, and the shop's answers reach the phone."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.sandbox.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_the_visitor_writes_as_mia_reaches_tiktok_shop(visit: Visit) -> None:
    await visit.page.get_by_label("Write as Mia").fill("Where is my parcel?")
    await visit.page.keyboard.press("Enter")

    await expect(visit.phone.get_by_text("Where is my parcel?", exact=True)).to_be_visible()
    await expect(visit.page.get_by_label("Write as Mia")).to_have_value("")
    assert [message.text for message in visit.cast.mia.conversation.messages] == ["Where is my parcel?"]


async def test_the_shops_answer_appears_by_itself(visit: Visit) -> None:
    await visit.cast.mia.says("Hello?")
    await visit.world.tiktok.seller_center_replies(visit.cast.mia, "On its way")

    await expect(visit.phone.locator(".bubble.in")).to_contain_text("On its way")


async def test_each_buyer_has_a_phone_of_their_own(visit: Visit) -> None:
    await visit.cast.mia.says("Only Mia says this")
    await expect(visit.phone.get_by_text("Only Mia says this")).to_be_visible()

    await visit.phone.get_by_role("button", name="Budi", exact=True).click()
    await expect(visit.phone.get_by_text("Only Mia says this")).to_have_count(0)
    await visit.phone.get_by_role("button", name="Kapan pesanan saya dikirim?").click()

    await expect(visit.phone.locator(".bubble.out")).to_contain_text("Kapan pesanan saya dikirim?")
    assert [message.text for message in visit.cast.budi.conversation.messages] == ["Kapan pesanan saya dikirim?"]


async def test_a_buyer_sends_cards_and_pictures(visit: Visit) -> None:
    for kind in ("Product", "Order", "Photo"):
        await visit.phone.get_by_role("button", name=kind, exact=True).click()
        await expect(visit.phone.locator(".bubble")).to_have_count(["Product", "Order", "Photo"].index(kind) + 1)

    await expect(visit.phone.get_by_text("Velvet lipstick, rosewood")).to_be_visible()
    picture = visit.phone.get_by_role("img", name="Picture")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480
    sent = [(message.type, message.inner) for message in visit.cast.mia.conversation.messages]
    assert sent[:2] == [
        ("PRODUCT_CARD", {"product_id": visit.cast.lipstick.id}),
        ("ORDER_CARD", {"order_id": visit.cast.order.id}),
    ]
    assert (sent[2][0], sent[2][1]["width"]) == ("IMAGE", "480")


async def test_a_file_that_is_no_picture_is_refused_with_the_reason(visit: Visit) -> None:
    await visit.phone.get_by_label("Upload…").set_input_files(
        {"name": "virus.png", "mimeType": "image/png", "buffer": b"MZ, not a picture"}
    )

    await expect(visit.page.get_by_role("alert")).to_contain_text("not a jpg, png, gif or webp")
    assert visit.cast.mia.conversation.messages == []


async def test_a_picture_that_is_too_large_is_refused_with_the_limit(visit: Visit, tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    huge.write_bytes(bytes(11 * 1024 * 1024))
    await visit.phone.get_by_label("Upload…").set_input_files(huge)

    await expect(visit.page.get_by_role("alert")).to_contain_text("at most 10 MB")
