"""The report that owners open by a link, in a real browser: on a phone, from the right, in the dark, on paper."""

from base64 import b64decode

import pytest
from playwright.async_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from chatops.cards.report import report
from chatops.i18n import language
from handlers.http.reports import HEADERS
from handlers.http.serving import Listener
from tests.cards.digest_samples import NUMBERS, digest

pytestmark = pytest.mark.asyncio(loop_scope="session")
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


async def shown(_request: Request) -> HTMLResponse:
    with language("ar"):
        month = digest(30, before=NUMBERS, scope={"workspace_id": "T1", "shops": []})
        return HTMLResponse(report(month, "maomao-gb", (DOT, DOT), "Most was written at nine."), headers=HEADERS)


async def test_it_fits_a_phone_and_a_sheet_of_paper_and_asks_for_nothing(window: Page) -> None:
    listener = Listener(Starlette(routes=[Route("/reports/{secret}", shown)]))
    await listener.start()
    asked: list[str] = []
    complaints: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda said: complaints.append(said.text))
    await window.set_viewport_size({"width": 390, "height": 844})
    await window.emulate_media(color_scheme="dark")
    try:
        await window.goto(f"http://127.0.0.1:{listener.port}/reports/x")
        assert await window.evaluate("document.documentElement.scrollWidth") == 390
        assert await window.evaluate("document.querySelector('img').naturalWidth") == 1
        row, name = window.locator(".two tbody tr").first, window.locator(".two tbody th").first
        assert await row.evaluate("one => getComputedStyle(one).display") == "grid"  # the style may count
        box = await name.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] > 360  # it begins on the right
        dark = await window.evaluate("getComputedStyle(document.body).backgroundColor")
        await window.emulate_media(media="print")
        assert await row.evaluate("one => getComputedStyle(one).display") == "table-row"
        assert await window.evaluate("getComputedStyle(document.body).backgroundColor") != dark
        assert [url for url in asked if not url.startswith(("data:", window.url))] == []
        assert complaints == []
    finally:
        await window.emulate_media(media="null", color_scheme="null")
        await window.goto("about:blank")
        await listener.stop()
