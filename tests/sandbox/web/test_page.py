"""The page as a whole: words never become markup, a broken line loses nothing, small screens are enough."""

import pytest
from playwright.async_api import expect

from chatops.sandbox.web.control import ProductState
from tests.sandbox.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> </div> ${1+1} <b>bold?</b>'


async def test_hostile_words_stay_words_everywhere(visit: Visit) -> None:
    await visit.cast.mia.says(HOSTILE)
    root = await visit.posts_card(
        "text",
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": HOSTILE}},
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": HOSTILE}]}],
            },
            {"type": "section", "text": {"type": "mrkdwn", "text": "<javascript:window.hacked=1|press> me"}},
        ],
    )
    await visit.cast.li.replies(root, HOSTILE)

    await expect(visit.phone.locator(".bubble")).to_contain_text(HOSTILE)
    await expect(visit.thread.locator("blockquote")).to_contain_text(HOSTILE)
    await expect(visit.thread.locator(".b-header")).to_contain_text(HOSTILE)
    await expect(visit.thread.locator(".message").last).to_contain_text(HOSTILE)
    assert await visit.page.locator("img[src=x], .bubble b, .b-text > b, a[href^=javascript]").count() == 0
    assert await visit.page.evaluate("() => window.hacked") is None
    assert visit.complaints == []


async def test_words_written_from_right_to_left_stand_so(visit: Visit) -> None:
    await visit.cast.mia.says("מתי תגיע החבילה שלי?")

    body = visit.phone.locator(".bubble-body")
    await expect(body).to_contain_text("מתי")
    assert await body.evaluate("body => getComputedStyle(body).direction") == "rtl"


async def test_the_page_needs_nothing_from_outside(visit: Visit) -> None:
    await visit.phone.get_by_role("button", name="Photo", exact=True).click()
    await expect(visit.phone.get_by_role("img", name="Picture")).to_be_visible()

    assert [address for address in visit.asked if not address.startswith(visit.server.url)] == []
    assert visit.complaints == []


async def test_a_broken_line_loses_nothing(visit: Visit) -> None:
    first = await visit.posts_card("Mia writes")
    await visit.posts_card("Budi writes")
    await visit.channel.get_by_text("Mia writes").click()
    await visit.page.get_by_label("Answer as Li").fill("half an ans")
    await visit.stop_serving()
    await expect(visit.page.get_by_text("Reconnecting to the worlds")).to_be_visible()
    await visit.posts_card("while away", thread_ts=first)
    await visit.cast.mia.says("Anybody there?")

    await visit.serve_again()

    await expect(visit.thread.get_by_text("while away")).to_be_visible()
    await expect(visit.phone.get_by_text("Anybody there?")).to_be_visible()
    await expect(visit.page.get_by_label("Answer as Li")).to_have_value("half an ans")
    await expect(visit.page.get_by_text("Reconnecting to the worlds")).to_have_count(0)


async def test_an_act_during_a_broken_line_says_so_and_keeps_the_words(visit: Visit) -> None:
    await visit.stop_serving()
    await visit.page.get_by_label("Write as Mia").fill("Hello?")
    await visit.page.keyboard.press("Enter")

    await expect(visit.page.get_by_role("alert")).to_contain_text("do not answer")
    await expect(visit.page.get_by_label("Write as Mia")).to_have_value("Hello?")


async def test_the_visitor_kills_the_product_and_starts_it_again(visit: Visit) -> None:
    kill = visit.page.get_by_role("button", name="Kill the product")
    start = visit.page.get_by_role("button", name="Start it again")
    await expect(visit.page.get_by_text("not connected yet")).to_be_visible()
    await expect(kill).to_be_disabled()
    visit.server.control.report(visit.server.control.state.RUNNING)
    await kill.click()
    await expect(kill).to_be_disabled()
    assert await visit.server.control.after(0) == [{"number": 1, "wish": "kill"}]
    visit.server.control.report(visit.server.control.state.KILLED)
    await expect(visit.page.get_by_text("The product is dead")).to_be_visible()
    await start.click()

    assert await visit.server.control.after(1) == [{"number": 2, "wish": "start"}]


async def test_the_visitor_lets_time_pass(visit: Visit) -> None:
    visit.server.control.report(ProductState.RUNNING)
    row = visit.page.get_by_role("group", name="Let time pass")
    before = await row.locator("time").inner_text()
    await row.get_by_role("button", name="To tomorrow morning").click()
    await expect(row.get_by_role("button", name="1 minute")).to_be_disabled()
    assert [wish["wish"] for wish in await visit.server.control.after(0)] == ["morning"]
    await visit.world.pass_time(hours=10)
    visit.server.control.report(ProductState.RUNNING)
    await expect(row.get_by_role("button", name="1 minute")).to_be_enabled()
    await expect(row.locator("time")).not_to_have_text(before)


async def test_what_was_tried_is_ticked_off(visit: Visit) -> None:
    root = await visit.posts_card()
    await visit.cast.mia.says("Hello")
    await visit.cast.li.replies(root, "// she sounds upset")

    done = visit.page.get_by_label("Try this").locator(".done")
    await expect(done).to_have_text(["✓Write as Mia (done)", "✓// stays internal (done)"])


async def test_a_phone_shows_everything_below_one_another(visit: Visit) -> None:
    root = await visit.posts_card("A" * 300)
    await visit.cast.li.replies(root, "https://example.com/" + "long" * 60)
    await visit.page.set_viewport_size({"width": 390, "height": 844})

    await expect(visit.thread.locator(".message")).to_have_count(2)
    assert await visit.page.evaluate("() => document.documentElement.scrollWidth") == 390
    phone, thread = await visit.phone.bounding_box(), await visit.thread.bounding_box()
    assert phone is not None
    assert thread is not None
    assert phone["y"] + phone["height"] <= thread["y"]


async def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    await visit.posts_card("Mia writes")
    second = await visit.posts_card("Budi writes")
    open_thread = visit.channel.get_by_role("button", name="Open thread")
    await expect(open_thread).to_have_count(2)
    await open_thread.last.focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.message(second)).to_be_visible()
    await visit.message(second).get_by_role("button", name="React with eyes").focus()
    await visit.page.keyboard.press("Enter")

    await expect(visit.message(second).locator(".reaction")).to_have_text(["👀 1"])
